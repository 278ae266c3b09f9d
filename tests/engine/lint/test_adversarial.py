"""What somebody could put into a bundle to stop, fool or flood the gate: a sentence, never a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from engine.diagrams.xml import DiagramUnreadable, read_text
from engine.lint import Finding, Known, lint, lint_bundle, lint_file, lint_folder
from engine.lint.subject import LONGEST_SENTENCE
from tests.engine.lint.drawn import definitions, node, path, process, service, straight, user

SECONDS = 5.0
GOOD = straight(user("a"))


def encoded(name: str, codec: str | None = None) -> bytes:
    """The good diagram in another encoding, which it declares."""
    return GOOD.decode().replace("UTF-8", name).encode(codec or name)


READ = {
    "UTF-16 with its mark": encoded("UTF-16"),
    "UTF-16 without": encoded("UTF-16", "utf-16-le"),
    "UTF-32": encoded("UTF-32"),
    "UTF-8 with a mark": b"\xef\xbb\xbf" + GOOD,
    "UTF-8 that says UTF-16": encoded("UTF-16", "utf-8"),
    "Windows": encoded("windows-1252"),
}
NOT_READ = (
    "UTF-7",
    "unicode_escape",
    "raw-unicode-escape",
    "undefined",
    "idna",
    "punycode",
    "rot13",
    "zlib_codec",
)


@pytest.mark.parametrize("data", READ.values(), ids=READ)
def test_any_encoding_of_documents_is_read(data: bytes) -> None:
    assert lint(data).findings == ()


@pytest.mark.parametrize("name", NOT_READ)
def test_what_hides_text_is_no_encoding(name: str) -> None:
    data = encoded(name, "utf-8")
    report = lint(data)
    assert [each.rule for each in report.findings] == ["well-formed"]
    assert not report.readable
    with pytest.raises(DiagramUnreadable):
        read_text(data)


def decisions(body: str) -> bytes:
    """A file of decisions."""
    space = "https://www.omg.org/spec/DMN/20191111/MODEL/"
    return f'<definitions xmlns="{space}" id="d" name="d" namespace="n">{body}</definitions>'.encode()


def table(rows: int, columns: int = 1, cell: str = "[{n}..{n}]") -> bytes:
    """A decision table over numbers."""
    data = "".join(
        f'<inputData id="in{k}" name="x{k}"><variable name="x{k}" typeRef="number"/></inputData>'
        for k in range(columns)
    )
    needs = "".join(
        f'<informationRequirement><requiredInput href="#in{k}"/></informationRequirement>'
        for k in range(columns)
    )
    inputs = "".join(
        f'<input id="i{k}"><inputExpression id="x{k}_" typeRef="number"><text>x{k}</text></inputExpression>'
        "</input>"
        for k in range(columns)
    )
    rules = "".join(
        f'<rule id="r{n}">'
        + "".join(
            f'<inputEntry id="e{n}_{k}"><text>{escape(cell.format(n=n) if n % columns == k else "-")}</text>'
            "</inputEntry>"
            for k in range(columns)
        )
        + f'<outputEntry id="o{n}"><text>"yes"</text></outputEntry></rule>'
        for n in range(rows)
    )
    return decisions(
        f'{data}<decision id="dec" name="Level">{needs}<decisionTable id="t" hitPolicy="COLLECT">{inputs}'
        f'<output id="o" typeRef="string"/>{rules}</decisionTable></decision>'
    )


def chain(last: int, back: int | None) -> bytes:
    """Decisions of which each requires the next; the last one leads back, or not."""
    body = ""
    for n in range(last + 1):
        below = n + 1 if n < last else back
        needs = "" if below is None else f'<requiredDecision href="#d{below}"/>'
        needs = f"<informationRequirement>{needs}</informationRequirement>" if needs else ""
        text = "1" if below is None else f"d{below}"
        body += f'<decision id="d{n}" name="d{n}">{needs}<literalExpression><text>{text}</text>'
        body += "</literalExpression></decision>"
    return decisions(body)


def deciding(data: bytes, decision: str = "dec") -> dict[str, bytes]:
    """A bundle that asks the decision."""
    return {
        "p.bpmn": straight(node("businessRuleTask", "b", parley_decision=f"t.dmn#{decision}")),
        "t.dmn": data,
    }


LARGE = "N" * 9_000_000
FLOODS: dict[str, tuple[Callable[[], dict[str, bytes]], str, str]] = {
    "a name of 9 MB": (
        lambda: {"p.bpmn": straight(node("userTask", "a", name=LARGE))},
        "performer-known",
        "“N",
    ),
    "an id of 5 MB": (
        lambda: {"p.bpmn": GOOD.replace(b'"a"', b'"%s"' % (b"N" * 5_000_000))},
        "id-readable",
        "5,000,000 characters",
    ),
    "a form's name of 9 MB": (
        lambda: {"p.bpmn": straight(user("a", parley_form=LARGE))},
        "form-present",
        "which is not in the bundle",
    ),
    "an operation of 9 MB": (
        lambda: {"p.bpmn": straight(service("s", LARGE))},
        "operation-known",
        "which does not exist",
    ),
    "a called process of 9 MB": (
        lambda: {"p.bpmn": straight(node("callActivity", "c", calledElement=LARGE))},
        "called-process",
        "which is not in the bundle",
    ),
    "kept apart from 100,000 tasks": (
        lambda: {
            "p.bpmn": straight(user("a", parley_separateFrom=" ".join(f"x{n}" for n in range(100_000))))
        },
        "separation-known",
        "99,900 more places",
    ),
    "a table of 3,000 rules": (
        lambda: deciding(table(3_000)),
        "decision-sound",
        "has 3,000 rules; at most 1,000",
    ),
    "a table whose columns cannot be combined": (
        lambda: deciding(table(120, 4)),
        "decision-gap",
        "so many combinations of inputs",
    ),
    "decisions that require each other": (
        lambda: deciding(chain(2, 0), "d0"),
        "decision-sound",
        "requires itself",
    ),
    "1,000 decisions in a circle": (
        lambda: deciding(chain(999, 0), "d0"),
        "decision-sound",
        "requires itself",
    ),
    "300 decisions deep": (lambda: deciding(chain(299, None), "d0"), "decision-sound", "60 levels deep"),
    "a table with a DOCTYPE": (
        lambda: deciding(b'<!DOCTYPE d [<!ENTITY x "y">]>' + table(1)),
        "decision-sound",
        "DOCTYPE",
    ),
    "a table 500 elements deep": (lambda: deciding(b"<a>" * 500), "decision-sound", "not well-formed"),
}
KNOWN = Known(operations=frozenset({"do"}))


def found_in_time(files: dict[str, bytes]) -> list[Finding]:
    lint(GOOD)  # the helper process is there: its start is not what is measured
    before = time.monotonic()
    reports = lint_bundle("p", files, KNOWN)
    assert time.monotonic() - before < SECONDS
    return [each for report in reports for each in report.findings]


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_is_refused_in_time_by_a_sentence_one_can_read(name: str) -> None:
    make, rule, said = FLOODS[name]
    findings = found_in_time(make())
    assert any(each.rule == rule and said in each.sentence for each in findings), findings[:3]
    assert "within-limits" not in {each.rule for each in findings}, "it was found, and not only too slow"
    assert all(len(each.sentence) <= LONGEST_SENTENCE + 10 for each in findings)
    assert all(each.sentence.endswith((".", "?")) for each in findings)


def test_calls_that_double_at_each_of_thirty_levels_are_looked_through_once_each() -> None:
    files = {"p.bpmn": straight(node("callActivity", "c", calledElement="q0"))}
    for n in range(30):
        calls = [node("callActivity", f"{side}{n}", calledElement=f"q{n + 1}") for side in "xy"]
        row = path(f"s{n}", f"x{n}", f"y{n}", f"e{n}")
        body = node("startEvent", f"s{n}") + "".join(calls) + node("endEvent", f"e{n}") + row
        files[f"q{n}.bpmn"] = definitions(process(body, f"q{n}"))
    last = node("startEvent", "s") + user("u") + node("endEvent", "e") + path("s", "u", "e")
    files["q30.bpmn"] = definitions(process(last, "q30"))
    assert found_in_time(files) == []


def test_names_that_are_no_text_and_what_is_no_file_are_said(tmp_path: Path) -> None:
    folder = tmp_path / "policy"
    folder.mkdir()
    with open(os.fsencode(folder) + b"/\xff\xfe.bpmn", "wb") as file:
        file.write(GOOD)
    (folder / "loop.bpmn").symlink_to("loop.bpmn")
    (folder / "zero.form").symlink_to("/dev/zero")
    [named] = [each for each in folder.iterdir() if each.name.startswith("\udcff")]
    assert lint_file(named).findings == ()
    assert [each.findings for each in lint_folder(folder)] == [()]
    assert "cannot be opened" in lint_file(folder / "loop.bpmn").findings[0].sentence
    assert "no file but a device" in lint_file(folder / "zero.form").findings[0].sentence
    assert "No file can have this name" in lint_file("a\0b.bpmn").findings[0].sentence
    (folder / "zero.bpmn").symlink_to("/dev/zero")
    outside = straight(user("a", parley_form="../../etc/passwd"), user("b", parley_form="zero.form"))
    (folder / "names.bpmn").write_bytes(outside)
    rules = [each.rule for each in lint_file(folder / "names.bpmn").findings]
    assert rules == ["form-present", "form-present"], "nothing outside the folder, and no device, is read"
