"""The gate refuses a task that people do and that has no form: in every policy, in every place of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.lint import Finding, Known, Limits, check_release, known_of
from engine.lint.rules import rule
from engine.lint.subject import read_subject
from engine.testing import FakeForms, FakeOperations
from tests.engine.lint.drawn import definitions, node, path, process, straight, user

PEOPLE = re.compile(rb"<bpmn:(?:userTask|manualTask|task)\b[^>]*>")
FORM = re.compile(rb'\s+parley:form="[^"]*"')


def without(files: dict[str, bytes]) -> list[str]:
    """Ids of the tasks that are found, in files of which nothing else is looked at."""
    subject = read_subject("p", files, Known(forms_needed=True), Limits())
    return [fault.at.id for fault in rule("form-given").check(subject)]  # type: ignore[union-attr]  # a form is missed at a node, never at a whole


def test_each_task_of_each_shipped_policy_is_missed_when_its_form_is_taken(root: Path) -> None:
    taken = 0
    for file in sorted((root / "bpmn").glob("*/*.bpmn")):
        data = file.read_bytes()
        assert without({"p.bpmn": data}) == []
        for match in PEOPLE.finditer(data):
            bare = FORM.sub(b"", match[0])
            assert bare != match[0], file.name
            [key] = re.findall(rb'\bid="([^"]+)"', bare)
            changed = data[: match.start()] + bare + data[match.end() :]
            assert without({"p.bpmn": changed}) == [key.decode()]
            taken += 1
    assert taken > 40


@pytest.mark.parametrize("kind", ["userTask", "manualTask", "task"])
def test_every_kind_of_task_that_people_do_is_meant(kind: str) -> None:
    def refused(forms: FakeForms, **more: str) -> list[Finding]:
        files = {"p.bpmn": straight(node(kind, "a", name="Weigh it", parley_role="cio", **more))}
        return check_release("p", files, forms, FakeOperations({}))

    [finding] = refused(FakeForms(needed=True))
    assert (finding.rule, finding.element_id) == ("form-given", "a")
    assert finding.sentence.startswith("“Weigh it” has no form")
    assert refused(FakeForms()) == [], "an engine whose people need no forms asks for none"
    assert [each.rule for each in refused(FakeForms(needed=True), parley_form="a.form")] == ["form-present"]


def test_called_processes_and_subprocesses_are_meant_and_partners_are_not() -> None:
    inner = node("startEvent", "s1") + user("deep") + node("endEvent", "e1") + path("s1", "deep", "e1")
    called = node("startEvent", "s2") + user("hear") + node("endEvent", "e2") + path("s2", "hear", "e2")
    partner = node("startEvent", "s3") + user("theirs") + node("endEvent", "e3") + path("s3", "theirs", "e3")
    files = {
        "p.bpmn": straight(
            node("subProcess", "part", inner), node("callActivity", "call", calledElement="q")
        ),
        "q.bpmn": definitions(process(called, "q") + process(partner, "r", 'isExecutable="false"')),
    }
    assert sorted(without(files)) == ["deep", "hear"]


def test_the_verdict_of_forms_that_are_needed_is_not_that_of_forms_that_are_not() -> None:
    files = {"p.bpmn": straight(user("a"))}
    assert known_of(files, FakeForms(needed=True)).forms_needed
    assert not known_of(files, FakeForms()).forms_needed
    assert not known_of(files).forms_needed
