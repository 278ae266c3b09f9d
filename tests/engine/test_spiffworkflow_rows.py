"""Every row of the table of what SpiffWorkflow gets wrong: what a rule refuses is drawn as the row has it.

The table is in docs/rules/README.md. A row that is mended names the tests that show it, which
tests/engine/lint/test_rules.py looks up; a row that is refused has its constructs here, each refused in time.
"""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from engine.lint import Known, lint, lint_bundle
from tests.engine.lint.drawn import diagram, flow, node, path, straight, timer, user
from tests.engine.lint.test_hostile import HOSTILE, choosing, waiting

SECONDS = 5.0
TABLE = Path(__file__).parents[2] / "docs" / "rules" / "README.md"
START, END = node("startEvent", "start"), node("endEvent", "end")
EVENT = "<bpmn:{}EventDefinition/>"


def called(inner: str, call: str = "") -> dict[str, bytes]:
    """A process that lies in a lane of the CISO's as a whole calls another one, of these nodes."""
    lane = '<bpmn:laneSet id="set"><bpmn:lane id="lane" name="CISO" parley:role="ciso">'
    lane += "<bpmn:flowNodeRef>call</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    caller = node("callActivity", "call", call, calledElement="q")
    body = lane + START + caller + END + path("start", "call", "end")
    return {
        "p.bpmn": diagram(body),
        "q.bpmn": diagram(inner).replace(b'<bpmn:process id="p"', b'<bpmn:process id="q"'),
    }


def attached(inner: str, host: str | None = None) -> bytes:
    """A task with a boundary event."""
    event = node("boundaryEvent", "event", inner, **({"attachedToRef": host} if host else {}))
    return diagram(
        START
        + user("a")
        + event
        + END
        + node("endEvent", "gone")
        + path("start", "a", "end")
        + path("event", "gone")
    )


def several(out: str = "") -> bytes:
    """Two flows straight from a task; `out` is a condition on one of them."""
    return diagram(
        START
        + user("a")
        + END
        + node("endEvent", "other")
        + path("start", "a", "end")
        + flow("a", "other", out)
    )


def inside(tag: str, start: str = "", **attributes: str) -> bytes:
    """A subprocess of some kind with a task in it."""
    part = node("startEvent", "s2", start) + user("b") + node("endEvent", "e2") + path("s2", "b", "e2")
    return straight(user("a"), node(tag, "part", part, **attributes))


def table(cells: list[str]) -> dict[str, bytes]:
    """A business rule task over a table that must have one answer, with these conditions."""
    rules = "".join(
        f'<rule id="r{n}"><inputEntry id="i{n}"><text><![CDATA[{cell}]]></text></inputEntry>'
        f'<outputEntry id="o{n}"><text>"{n}"</text></outputEntry></rule>'
        for n, cell in enumerate(cells)
    )
    text = (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">'
        '<inputData id="in" name="score"><variable name="score" typeRef="number"/></inputData>'
        '<decision id="level" name="Level"><informationRequirement><requiredInput href="#in"/>'
        '</informationRequirement><decisionTable id="t" hitPolicy="UNIQUE"><input id="c">'
        '<inputExpression id="x" typeRef="number"><text>score</text></inputExpression></input>'
        f'<output id="o" typeRef="string"/>{rules}</decisionTable></decision></definitions>'
    )
    rule = node("businessRuleTask", "b", parley_decision="t.dmn#level")
    return {"p.bpmn": straight(rule), "t.dmn": text.encode()}


def message(inner: str = "", **attributes: str) -> bytes:
    """A case that waits for a message."""
    definition = '<bpmn:messageEventDefinition messageRef="m"/>'
    body = START + node("intermediateCatchEvent", "wait", definition + inner, **attributes) + END
    return diagram(body + path("start", "wait", "end"), around='<bpmn:message id="m" name="paid"/>')


GOOD = straight(user("a"))
LONE = diagram(START + user("a") + END + path("start", "a", "end") + user("never"))
PRE_SCRIPT = (
    '<bpmn:extensionElements><x:preScript xmlns:x="urn:x">x = 1</x:preScript></bpmn:extensionElements>'
)
OWNER = "<bpmn:potentialOwner><bpmn:resourceRef>carla</bpmn:resourceRef></bpmn:potentialOwner>"

REFUSED: dict[str, list[tuple[bytes | dict[str, bytes], str] | str]] = {
    "link events": [
        (straight(node("intermediateThrowEvent", "t", EVENT.format("link"))), "link-event"),
        (straight(node("intermediateCatchEvent", "t", EVENT.format("link"))), "link-event"),
    ],
    "compensation": [
        (straight(node("intermediateThrowEvent", "t", EVENT.format("compensate"))), "compensation"),
        (attached(EVENT.format("compensate"), "a"), "compensation"),
    ],
    "event subprocess": [
        (inside("subProcess", timer("P1D"), triggeredByEvent="true"), "event-subprocess"),
        (inside("subProcess", EVENT.format("message"), triggeredByEvent="true"), "event-subprocess"),
    ],
    "complex gateway": [(straight(node("complexGateway", "g")), "complex-gateway")],
    "several flows straight from a task": [(several(), "one-flow-out")],
    "conditional flow straight from a task": [(several("1 = 1"), "condition-at-gateway")],
    "no start event, several start events": [
        (diagram(user("a") + END + path("a", "end")), "start-event"),
        (
            diagram(
                START
                + node("startEvent", "s2")
                + user("a")
                + END
                + path("start", "a", "end")
                + flow("s2", "a")
            ),
            "start-event",
        ),
    ],
    "unreachable tasks": [(LONE, "reachable")],
    "ad-hoc subprocess": [(straight(node("adHocSubProcess", "part", user("b"))), "ad-hoc-subprocess")],
    "standard loop": [(straight(user("a", "<bpmn:standardLoopCharacteristics/>")), "standard-loop")],
    "messages without correlation": [(message(), "message-correlated")],
    "`potentialOwner`": [(straight(user("a", OWNER)), "potential-owner")],
    "a call activity's lane": [
        (
            called(
                node("startEvent", "s2")
                + node("userTask", "hear")
                + node("endEvent", "e2")
                + path("s2", "hear", "e2")
            ),
            "performer-known",
        )
    ],
    "expressions and scripts": [
        (straight(node("scriptTask", "t", "<bpmn:script>import os</bpmn:script>")), "script"),
        (straight(user("t", PRE_SCRIPT)), "script"),
    ],
    "timers: cron": ["a cron pattern"],
    "`str()` of an error over a bad timer": [(waiting(""), "timer-valid")],
    "DMN: hit policies": [(table(["< 10", "> 5"]), "decision-overlap")],
    "deep nesting, many tasks": ["5,000 tasks in a row"],
    "duplicate node ids": [
        (diagram(START + user("a") + user("a") + END + path("start", "a", "end")), "id-unique"),
        ({"p.bpmn": GOOD, "q.bpmn": GOOD.replace(b'id="p"', b'id="q"')}, "id-unique"),
    ],
    "a condition on a flow that leaves a task": [
        (
            diagram(START + user("a") + END + path("start", "a") + flow("a", "end", "1 = 2")),
            "condition-at-gateway",
        ),
    ],
    "a missing `isExecutable`": [(GOOD.replace(b' isExecutable="true"', b""), "executable-marked")],
    "HTML, a wrong namespace or another root": [
        (b"<!doctype html><html><p>Sign in</p></html>", "no-doctype"),
        (b"<html><p>Sign in</p></html>", "bpmn-file"),
        (GOOD.replace(b"20100524/MODEL", b"20090501/MODEL"), "bpmn-file"),
        (b'<collaboration xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "bpmn-file"),
        (b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "has-process"),
    ],
    "ad-hoc `ordering`": [
        (straight(node("adHocSubProcess", "part", user("b"), ordering="Sequential")), "ad-hoc-subprocess")
    ],
    "an error that nobody catches": [
        (
            diagram(
                START
                + user("a")
                + node("endEvent", "end", '<bpmn:errorEventDefinition errorRef="e"/>')
                + path("start", "a", "end"),
                around='<bpmn:error id="e" name="Broken" errorCode="x"/>',
            ),
            "error-caught",
        )
    ],
    "of two flows between the same nodes": [
        (
            choosing("1 = 1").replace(
                b"</bpmn:process>", flow("g", "yes", "1 = 2", "again").encode() + b"</bpmn:process>"
            ),
            "double-flow",
        )
    ],
    "a gateway's flow without a condition": [
        (choosing("1 = 1").replace(b' default="g_to_no"', b""), "gateway-decides")
    ],
    "no start event (1,083)": [(diagram(user("a") + END + path("a", "end")), "start-event")],
    "a timer without a time": [
        (straight(node("intermediateCatchEvent", "t", "<bpmn:timerEventDefinition/>")), "timer-valid"),
        (attached("<bpmn:timerEventDefinition/>", "a"), "timer-valid"),
    ],
    "several flows out of a task": [(several(), "one-flow-out")],
    "data stores": [
        (GOOD.replace(b"</bpmn:process>", b'<bpmn:dataStoreReference id="d"/></bpmn:process>'), "data-store")
    ],
    "a flow without a target": [(GOOD.replace(b' targetRef="end"', b""), "flow-connected")],
    "boundary events it lacks": [
        (attached(EVENT.format("conditional"), "a"), "supported-event"),
        (attached(EVENT.format("cancel"), "a"), "supported-event"),
        (attached(timer("P1D")), "boundary-event"),
    ],
    "conditions in JUEL": [(choosing("${ask.choice == 'yes'}"), "expression-valid")],
    "malformed XML": [(GOOD[:-9], "well-formed"), (b"", "well-formed"), (b"PK\x03\x04", "well-formed")],
    "`TypeError` about": [
        (straight(node("endEvent", "t", '<bpmn:errorEventDefinition errorRef="no"/>')), "reference-known")
    ],
    "a business rule task without a reference": [(straight(node("businessRuleTask", "t")), "business-rule")],
    "internal entities": ["internal entity", "external entity", "reference to a DTD", "entity bomb"],
    "depth over 256": ["300 levels deep", "a text of 11 MB"],
    "a dangling dataObjectReference": ["dangling data in a subprocess"],
    "parallel splits and joins in series": ["13 splits and joins", "60 splits and joins"],
    "about 485 tasks in a row": ["485 tasks in a row"],
    "a process that calls itself": ["a process that calls itself"],
    "`loopCardinality 10**6`": ["a million instances"],
    "`R/PT0S`, `P9999999999Y`": ["a cycle that takes no time", "ten thousand million years"],
    "200,000 flows out of one gateway": ["200,000 flows out of one gateway"],
    "a circle without anybody acting": ["a circle of automatic steps", "a circle without a way out"],
    "`raise SystemExit`": ["a script that ends the process"],
    "its sandbox of scripts": ["a JavaScript that is Python", "a script before a task"],
}
"""What a row of the table begins with, to constructs of it and the rule that refuses each. Those that are
only named are hostile, and are refused in tests/engine/lint/test_hostile.py."""


def rows() -> dict[str, set[str]]:
    """Each row's words to the rules that it says refuse it."""
    text = TABLE.read_text(encoding="utf-8").partition("## What SpiffWorkflow gets wrong")[2]
    lines = (line.strip("| ").rpartition("|") for line in text.splitlines() if line.startswith("| "))
    return {
        words.strip(): set(re.findall(r"\[([a-z-]+)\]\(", verdict))
        for words, _, verdict in lines
        if words.strip() != "What"
    }


def rule_of(construct: tuple[bytes | dict[str, bytes], str] | str) -> str:
    """The rule that refuses a construct."""
    return HOSTILE[construct][1] if isinstance(construct, str) else construct[1]


def test_every_row_that_says_refused_has_its_constructs_here() -> None:
    refused = {words: rules for words, rules in rows().items() if rules}
    matched: set[str] = set()
    for words, rules in refused.items():
        key = max((key for key in REFUSED if words.startswith(key)), key=len, default="")
        assert key, f"nothing is drawn for the row “{words}”"
        matched.add(key)
        assert {rule_of(each) for each in REFUSED[key]} >= rules, words
    assert matched == set(REFUSED)


CASES = {
    f"{words} {number}": each
    for words, constructs in REFUSED.items()
    for number, each in enumerate(constructs, start=1)
    if not isinstance(each, str)
}


@pytest.mark.parametrize(("files", "rule"), CASES.values(), ids=CASES)
def test_it_is_refused_in_time_by_its_rule(files: bytes | dict[str, bytes], rule: str) -> None:
    bundle = files if isinstance(files, dict) else {"p.bpmn": files}
    lint(GOOD)  # the helper process is there: its start is not what is measured
    before = time.monotonic()
    reports = lint_bundle("p", bundle, Known())
    assert time.monotonic() - before < SECONDS
    errors = {each.rule for report in reports for each in report.findings if each.severity == "error"}
    assert rule in errors
    assert not all(report.releasable for report in reports)


def test_what_is_hostile_has_a_rule_that_the_table_knows() -> None:
    known = set().union(*rows().values()) | {"name-known"}
    assert {rule for _, rule in HOSTILE.values()} <= known
