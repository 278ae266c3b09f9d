"""Linting files and bundles from outside: what the command line and a release see."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from engine.lint import Known, Severity, check_release, exit_status, known_of, lint, lint_bundle, lint_file
from engine.testing import FakeForms, FakeOperations
from engine.types import Bundle
from tests.engine.lint.drawn import (
    definitions,
    diagram,
    flow,
    node,
    path,
    process,
    service,
    straight,
    timer,
    user,
)


def shipped(root: Path) -> dict[str, bytes]:
    folder = root / "bpmn" / "risk-decision"
    return {
        each.name: each.read_bytes() for each in folder.iterdir() if each.suffix in (".bpmn", ".form", ".dmn")
    }


def test_the_shipped_policy_is_clean(root: Path) -> None:
    report = lint_file(root / "bpmn" / "risk-decision" / "risk-decision.bpmn")
    assert report.findings == ()
    assert report.releasable
    assert [each.id for each in report.processes] == ["risk_decision"]


def test_the_shipped_policy_is_analysed_in_less_than_a_second(root: Path) -> None:
    files = shipped(root)
    lint(straight(user("warm")))
    took = []
    for _ in range(3):  # the quickest: this machine may have other things to do
        before = time.monotonic()
        lint_bundle("risk-decision", {**files, "note.form": str(before).encode()})  # never seen before
        took.append(time.monotonic() - before)
    assert min(took) < 1.0


def test_real_files_of_many_tools_are_linted(shared_data: Path) -> None:
    for file in sorted((shared_data / "bpmn-miwg").rglob("*.bpmn")):
        report = lint_file(file)
        assert report.readable, file.name
        assert report.elements > 5, file.name
        assert report.processes, file.name
        assert report.findings, file.name
        for finding in report.findings:
            assert finding.rule != "within-limits", file.name
            assert finding.sentence
        json.dumps(report.as_dict())
        assert exit_status([report]) == 1, file.name


def test_exit_status_is_the_worst_of_all(tmp_path: Path) -> None:
    files = {"good": straight(user("a")), "refused": straight(node("userTask", "a")), "broken": b"<a>"}
    for name, data in files.items():
        (tmp_path / f"{name}.bpmn").write_bytes(data)
    reports = {name: lint_file(tmp_path / f"{name}.bpmn") for name in files}
    assert exit_status([reports["good"]]) == 0
    assert exit_status([reports["good"], reports["refused"]]) == 1
    assert exit_status(reports.values()) == 2
    assert exit_status([]) == 0


def test_a_file_that_is_not_there_is_a_report(tmp_path: Path) -> None:
    report = lint_file(tmp_path / "missing.bpmn")
    assert not report.readable
    assert exit_status([report]) == 2
    assert "cannot be opened" in report.findings[0].sentence
    assert lint_file(tmp_path).readable is False


def test_a_policys_file_is_linted_with_the_files_of_its_folder(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    called = process(
        node("startEvent", "s2") + user("look") + node("endEvent", "e2") + path("s2", "look", "e2"), "q"
    )
    (folder / "policy.bpmn").write_bytes(straight(node("callActivity", "call", calledElement="q")))
    (folder / "called.bpmn").write_bytes(definitions(called))
    assert lint_file(folder / "policy.bpmn").findings == ()
    assert lint_file(folder / "called.bpmn").findings == ()
    (folder / "called.bpmn").unlink()
    assert [each.rule for each in lint_file(folder / "policy.bpmn").findings] == ["called-process"]


def test_a_file_by_itself_takes_the_forms_it_names_along(tmp_path: Path) -> None:
    file = tmp_path / "drawn.bpmn"
    file.write_bytes(straight(user("a", parley_form="a.form")))
    assert [each.rule for each in lint_file(file).findings] == ["form-present"]
    (tmp_path / "a.form").write_bytes(b"{}")
    assert lint_file(file).findings == ()


def test_what_ports_know_reaches_the_rules() -> None:
    files = {
        "p.bpmn": straight(user("a", parley_form="a.form"), service("s", "risks.recrod")),
        "a.form": b"{}",
    }
    operations = FakeOperations({"risks.record": lambda p, c: None})  # type: ignore[arg-type,return-value]
    findings = check_release("p", files, FakeForms(), operations, roles=["ciso"])
    assert sorted(each.rule for each in findings) == ["operation-known", "role-known"]
    assert lint_bundle("p", files)[0].findings == ()


def test_a_form_that_cannot_be_used_is_named() -> None:
    class Strict(FakeForms):
        def fields(self, bundle: Bundle, form: str) -> list[str]:
            from engine.errors import EngineError

            raise EngineError("It holds an iframe.")

    files = {"p.bpmn": straight(user("a", parley_form="a.form")), "a.form": b"{}"}
    [finding] = check_release("p", files, Strict(), FakeOperations({}))
    assert finding.rule == "form-readable"
    assert "iframe" in finding.sentence


def test_a_file_is_linted_with_what_the_ports_know(tmp_path: Path) -> None:
    file = tmp_path / "drawn.bpmn"
    file.write_bytes(straight(user("a"), service("s", "risks.recrod")))
    operations = FakeOperations({})
    found = lint_file(file, forms=FakeForms(), operations=operations, roles=["ciso"]).findings
    assert sorted(each.rule for each in found) == ["operation-known", "role-known"]
    assert {each.path for each in found} == {str(file)}


def test_another_verdict_for_other_content_or_other_facts() -> None:
    files = {"p.bpmn": straight(service("s", "do"))}
    assert lint_bundle("p", files, Known(operations=frozenset({"do"})))[0].releasable
    assert not lint_bundle("p", files, Known(operations=frozenset()))[0].releasable
    assert lint_bundle("p", files, Known())[0].releasable


def test_tables_alone_may_be_released(root: Path) -> None:
    table = (root / "tests/engine/lint/rules/business-rule/appetite.dmn").read_bytes()
    assert check_release("appetite", {"appetite.dmn": table}, FakeForms(), FakeOperations({})) == []
    assert check_release("appetite", {"appetite.dmn": b"<a/>"}, FakeForms(), FakeOperations({}))[0].rule == (
        "decision-sound"
    )


def test_known_of_reads_each_form_once_by_its_content(root: Path) -> None:
    known = known_of({"a.form": b"{}", "p.bpmn": b""}, FakeForms({"a.form": ["x"]}))
    assert known.form_fields == {"a.form": ["x"]}
    assert known.operations is None


def test_a_partners_process_may_hold_anything() -> None:
    """It is drawn for its messages, and is not run."""
    script = node("scriptTask", "t", "<bpmn:script>x</bpmn:script>")
    partner = process(node("startEvent", "s2") + script + path("s2", "t"), "partner", 'isExecutable="false"')
    own = process(
        node("startEvent", "start") + user("a") + node("endEvent", "end") + path("start", "a", "end")
    )
    assert lint(definitions(partner + own)).findings == ()


@pytest.mark.parametrize(
    ("condition", "feel"),
    [
        ("${ask.choice == 'yes'}", 'ask.choice = "yes"'),
        ("#{ask.amount >= 10 && !ask.urgent}", "ask.amount >= 10 and not(ask.urgent)"),
        ("ask.choice == 'yes' and ask.amount > 3", 'ask.choice = "yes" and ask.amount > 3'),
    ],
)
def test_juel_and_python_are_offered_in_feel(condition: str, feel: str) -> None:
    drawing = diagram(
        node("startEvent", "start")
        + user("ask")
        + node("exclusiveGateway", "g", default="g_to_no")
        + node("endEvent", "yes")
        + node("endEvent", "no")
        + path("start", "ask", "g", "no")
        + flow("g", "yes", condition)
    )
    [finding] = lint(drawing).findings
    assert finding.rule == "expression-valid"
    assert f"In FEEL it would be: {feel}" in finding.sentence


def test_findings_of_a_rule_are_counted_beyond_a_hundred() -> None:
    report = lint(straight(*(node("userTask", f"t{n}") for n in range(150))))
    found = [each for each in report.findings if each.rule == "performer-known"]
    assert len(found) == 101
    assert "50 more places" in found[-1].sentence
    assert all(each.severity == Severity.ERROR for each in found)


def test_a_boundary_timer_that_repeats_may_not_interrupt() -> None:
    def repeating(interrupting: str) -> list[str]:
        late = node(
            "boundaryEvent",
            "late",
            timer("R/P1D", "timeCycle"),
            attachedToRef="a",
            cancelActivity=interrupting,
        )
        body = (
            node("startEvent", "start")
            + user("a")
            + late
            + node("endEvent", "end")
            + node("endEvent", "gone")
        )
        return [
            each.rule
            for each in lint(diagram(body + path("start", "a", "end") + path("late", "gone"))).findings
        ]

    assert repeating("false") == []
    assert repeating("true") == ["timer-valid"]
