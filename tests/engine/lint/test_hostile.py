"""Everything a diagram alone can do to the library is refused within five seconds, by its rule's name."""

from __future__ import annotations

import time
from collections.abc import Callable
from xml.sax.saxutils import escape

import pytest

from engine.lint import Report, Severity, lint
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

SECONDS = 5.0
PRE_SCRIPT = '<x:preScript xmlns:x="urn:x">1</x:preScript>'


def branches(count: int) -> bytes:
    """So many parallel splits and joins in series."""
    body, last, flows = node("startEvent", "start"), "start", ""
    for n in range(count):
        body += node("parallelGateway", f"s{n}") + node("parallelGateway", f"j{n}")
        body += node("intermediateThrowEvent", f"a{n}") + node("intermediateThrowEvent", f"b{n}")
        flows += path(last, f"s{n}", f"a{n}", f"j{n}") + path(f"s{n}", f"b{n}", f"j{n}")
        last = f"j{n}"
    return diagram(body + node("endEvent", "end") + flows + flow(last, "end"))


def row(count: int) -> bytes:
    keys = [f"t{n}" for n in range(count)]
    return straight(*(user(key) for key in keys))


def fan(count: int) -> bytes:
    flows = "".join(f'<bpmn:sequenceFlow id="f{n}" sourceRef="g" targetRef="end"/>' for n in range(count))
    nodes = node("startEvent", "start") + node("exclusiveGateway", "g") + node("endEvent", "end")
    return diagram(nodes + path("start", "g") + flows)


def looping(cardinality: str) -> bytes:
    count = f"<bpmn:loopCardinality>{escape(cardinality)}</bpmn:loopCardinality>"
    inner = f"<bpmn:multiInstanceLoopCharacteristics>{count}</bpmn:multiInstanceLoopCharacteristics>"
    return straight(user("t", inner))


def waiting(text: str, tag: str = "timeDuration") -> bytes:
    return straight(node("intermediateCatchEvent", "wait", timer(text, tag)))


def reminding(text: str) -> bytes:
    body = node("startEvent", "start") + user("work") + node("endEvent", "end") + node("endEvent", "late_end")
    late = node(
        "boundaryEvent", "late", timer(text, "timeCycle"), attachedToRef="work", cancelActivity="false"
    )
    return diagram(body + late + path("start", "work", "end") + path("late", "late_end"))


def choosing(condition: str) -> bytes:
    return diagram(
        node("startEvent", "start")
        + user("ask")
        + node("exclusiveGateway", "g", default="g_to_no")
        + node("endEvent", "yes")
        + node("endEvent", "no")
        + path("start", "ask", "g", "no")
        + flow("g", "yes", condition)
    )


def calling_itself() -> bytes:
    inner = (
        node("startEvent", "s2") + node("callActivity", "again", calledElement="q") + node("endEvent", "e2")
    )
    called = process(inner + path("s2", "again", "e2"), "q", "")
    outer = (
        node("startEvent", "start")
        + node("callActivity", "call", calledElement="q")
        + node("endEvent", "end")
    )
    return definitions(process(outer + path("start", "call", "end")) + called)


def dangling_data() -> bytes:
    reference = '<bpmn:dataObjectReference id="record" dataObjectRef="missing"/>'
    reads = node("dataInputAssociation", "a", "<bpmn:sourceRef>record</bpmn:sourceRef>")
    inside = node("startEvent", "s2") + reference + user("look", reads) + node("endEvent", "e2")
    return straight(node("subProcess", "check", inside + path("s2", "look", "e2")))


def spinning() -> bytes:
    return diagram(
        node("startEvent", "start")
        + node("exclusiveGateway", "merge")
        + service("ask")
        + node("exclusiveGateway", "g", default="g_to_merge")
        + node("endEvent", "end")
        + path("start", "merge", "ask", "g", "merge")
        + flow("g", "end", "1 = 2")
    )


def bomb() -> bytes:
    entities = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(12))
    return f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "aaaaaaaaaa">{entities}]><d>&a12;</d>'.encode()


def external(kind: str) -> bytes:
    text = straight(user("t")).decode()
    return text.replace("?>", f"?><!DOCTYPE x {kind}>", 1).encode()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "entity bomb": (bomb, "no-doctype"),
    "external entity": (lambda: external('[<!ENTITY x SYSTEM "file:///etc/passwd">]'), "no-doctype"),
    "reference to a DTD": (lambda: external('SYSTEM "http://127.0.0.1:9/x.dtd"'), "no-doctype"),
    "internal entity": (lambda: external('[<!ENTITY x "y">]'), "no-doctype"),
    "300 levels deep": (lambda: b"<a>" * 300 + b"</a>" * 300, "well-formed"),
    "a text of 11 MB": (lambda: b"<a>" + b"x" * 11_000_000 + b"</a>", "well-formed"),
    "21 MB": (lambda: b"<a>" + b"<b/>" * 5_250_000 + b"</a>", "well-formed"),
    "13 splits and joins": (lambda: branches(13), "parallel-growth"),
    "60 splits and joins": (lambda: branches(60), "parallel-growth"),
    "485 tasks in a row": (lambda: row(485), "long-row"),
    "5,000 tasks in a row": (lambda: row(5_000), "diagram-size"),
    "200,000 flows out of one gateway": (lambda: fan(200_000), "diagram-size"),
    "1,500 flows out of one gateway": (lambda: fan(1_500), "diagram-size"),
    "a process that calls itself": (calling_itself, "call-circle"),
    "a million instances": (lambda: looping("1000000"), "multi-instance"),
    "10**6 instances in Python": (lambda: looping("int(10e5)"), "name-known"),
    "a cycle that takes no time": (lambda: reminding("R/PT0S"), "timer-valid"),
    "ten thousand million years": (lambda: waiting("P9999999999Y"), "timer-valid"),
    "a cron pattern": (lambda: reminding("0 0 * * *"), "timer-valid"),
    "a repeated timer in the flow": (lambda: waiting("R/PT1H", "timeCycle"), "timer-valid"),
    "dangling data in a subprocess": (dangling_data, "data-reference"),
    "a script that ends the process": (
        lambda: straight(node("scriptTask", "t", "<bpmn:script>raise SystemExit</bpmn:script>")),
        "script",
    ),
    "a JavaScript that is Python": (
        lambda: straight(
            node("scriptTask", "t", "<bpmn:script>import os</bpmn:script>", scriptFormat="text/javascript")
        ),
        "script",
    ),
    "a script before a task": (
        lambda: straight(user("t", f"<bpmn:extensionElements>{PRE_SCRIPT}</bpmn:extensionElements>")),
        "script",
    ),
    "an import in a condition": (lambda: choosing("__import__('os').system('true')"), "expression-valid"),
    "a lambda in a condition": (lambda: choosing("(lambda: 9**9**9)()"), "expression-valid"),
    "JUEL in a condition": (lambda: choosing("${runtime.exec('true')}"), "expression-valid"),
    "Python in a timer": (lambda: waiting("__import__('time').sleep(99)"), "expression-valid"),
    "an expression of a megabyte": (lambda: choosing("1+" * 500_000 + "1"), "expression-valid"),
    "an expression 10,000 brackets deep": (
        lambda: choosing("(" * 10_000 + "1" + ")" * 10_000),
        "expression-valid",
    ),
    "a circle of automatic steps": (spinning, "within-limits"),
    "a circle without a way out": (
        lambda: diagram(node("startEvent", "start") + user("a") + user("b") + path("start", "a", "b", "a")),
        "way-out",
    ),
}


def errors(report: Report) -> list[str]:
    return [each.rule for each in report.findings if each.severity == Severity.ERROR]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_diagrams_are_refused_in_time_by_their_rule(name: str) -> None:
    make, rule = HOSTILE[name]
    data = make()
    lint(straight(user("warm")))  # the helper process is there: its start is not what is measured
    before = time.monotonic()
    report = lint(data)
    took = time.monotonic() - before
    assert rule in errors(report)
    assert took < SECONDS
    assert not report.releasable


def test_expressions_of_any_size_are_harmless_where_they_are_no_error() -> None:
    """`9**9**9` is FEEL for a number within its 34 digits, or for nothing."""
    assert errors(lint(choosing("9**9**9 > 1"))) == []
