"""What differs between two versions, told in sentences: the sentences were written before the code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

import pytest

from workflows.shipped import shipped_policies
from workflows.studio.diagram_files import same_diagram
from workflows.studio.difference import LAYOUT_ONLY, SAME, compare

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:parley="urn:parley:bpmn:1" id="d">'
)


@dataclass(frozen=True)
class Drawn:
    """A small diagram: nodes as `id: (tag, name, attributes, inside)`, lanes, flows, places."""

    nodes: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    lanes: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    flows: tuple[tuple[str, str, str], ...] = ()
    x: int = 100

    def bytes(self) -> bytes:
        lanes = "".join(
            f'<bpmn:lane id="{key}" name="{name}" parley:role="{role}">'
            + "".join(f"<bpmn:flowNodeRef>{each}</bpmn:flowNodeRef>" for each in inside.split())
            + "</bpmn:lane>"
            for key, (name, role, inside) in self.lanes.items()
        )
        nodes = "".join(
            f'<bpmn:{tag} id="{key}" name="{name}" {more}>{inside}</bpmn:{tag}>'
            for key, (tag, name, more, inside) in self.nodes.items()
        )
        flows = "".join(
            f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
            + (f"<bpmn:conditionExpression>{when}</bpmn:conditionExpression>" if when else "")
            + "</bpmn:sequenceFlow>"
            for source, target, when in self.flows
        )
        shapes = "".join(
            f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}">'
            f'<dc:Bounds x="{self.x + 150 * at}" y="80" width="100" height="80"/></bpmndi:BPMNShape>'
            for at, key in enumerate(sorted(self.nodes))
        )
        return (
            f'{HEAD}<bpmn:process id="p" isExecutable="true"><bpmn:laneSet id="l">{lanes}</bpmn:laneSet>'
            f'{nodes}{flows}</bpmn:process><bpmndi:BPMNDiagram id="x"><bpmndi:BPMNPlane id="y" '
            f'bpmnElement="p">{shapes}</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>'
        ).encode()

    def node(self, key: str, *, tag: str = "", name: str = "", more: str = "", inside: str = "") -> Drawn:
        was = self.nodes[key]
        now = (tag or was[0], name or was[1], more or was[2], inside or was[3])
        return replace(self, nodes=self.nodes | {key: now})

    def path(self, *ways: str) -> Drawn:
        """Flows along each way: `"a b c"`; a condition after a flow's target: `"a b:x=1"`."""
        flows = []
        for way in ways:
            keys = [each.partition(":") for each in way.split()]
            flows += [(source[0], target[0], target[2]) for source, target in pairwise(keys)]
        return replace(self, flows=tuple(flows))


BASE = Drawn(
    nodes={
        "start": ("startEvent", "Raised", "", ""),
        "decide": ("userTask", "Decide", 'parley:form="decide.form" parley:due="P3D"', ""),
        "review": ("userTask", "Review", 'parley:separateFrom="decide"', ""),
        "gate": ("exclusiveGateway", "Fine?", 'default="gate_review"', ""),
        "record": ("serviceTask", "Record", 'parley:operation="risks.record_decision"', ""),
        "end": ("endEvent", "Done", "", ""),
    },
    lanes={
        "one": ("CIO", "cio", "start decide gate record end"),
        "two": ("CISO", "ciso", "review"),
    },
).path("start decide gate record:decision=1 end", "gate review record")

VOTE = (
    '<bpmn:extensionElements><parley:vote field="choice" quorum="{}" majority="{}"/></bpmn:extensionElements>'
)
LINE = replace(BASE, nodes={k: v for k, v in BASE.nodes.items() if k != "gate"}).path(
    "start decide review record end"
)
LEGAL = replace(
    LINE,
    nodes=LINE.nodes | {"legal": ("userTask", "Consult legal", "", "")},
    lanes=LINE.lanes | {"three": ("Legal", "legal", "legal")},
).path("start decide legal review record end")
TIMED = replace(
    LINE,
    nodes=LINE.nodes
    | {
        "late": (
            "boundaryEvent",
            "Too late",
            'attachedToRef="decide"',
            "<bpmn:timerEventDefinition><bpmn:timeDuration>P7D</bpmn:timeDuration>"
            "</bpmn:timerEventDefinition>",
        )
    },
).path("start decide review record end", "late end")


PAIRS: dict[str, tuple[Drawn, Drawn, list[str]]] = {
    "nothing": (BASE, BASE, [SAME]),
    "layout alone": (BASE, replace(BASE, x=300), [LAYOUT_ONLY]),
    "a step is added in a new lane": (
        LINE,
        LEGAL,
        [
            "New lane “Legal”, for the role legal.",
            "New: “Consult legal”, done by legal, after “Decide”.",
        ],
    ),
    "a step is removed with its lane": (
        LEGAL,
        LINE,
        ["The lane “Legal” was removed.", "“Consult legal” was removed."],
    ),
    "a step is renamed": (
        BASE,
        BASE.node("decide", name="Decide the risk"),
        ["“Decide” is now called “Decide the risk”."],
    ),
    "a step moves to another lane": (
        BASE,
        replace(
            BASE,
            lanes={
                "one": ("CIO", "cio", "start gate record end"),
                "two": ("CISO", "ciso", "review decide"),
            },
        ),
        ["“Decide” is now done by CISO instead of CIO."],
    ),
    "a lane's role changes": (
        BASE,
        replace(BASE, lanes=BASE.lanes | {"two": ("CISO", "cro", "review")}),
        ["What lies in the lane “CISO” is now done by Chief risk officer instead of CISO."],
    ),
    "a lane is renamed": (
        BASE,
        replace(BASE, lanes=BASE.lanes | {"two": ("Security", "ciso", "review")}),
        ["The lane “CISO” is now called “Security”."],
    ),
    "a due time changes": (
        BASE,
        BASE.node("decide", more='parley:form="decide.form" parley:due="P5D"'),
        ["“Decide” is now due after 5 days instead of 3 days."],
    ),
    "a due time is taken away": (
        BASE,
        BASE.node("decide", more='parley:form="decide.form"'),
        ["“Decide” has no due time any more (before: 3 days)."],
    ),
    "a form changes": (
        BASE,
        BASE.node("decide", more='parley:form="other.form" parley:due="P3D"'),
        ["“Decide”: the form is now other.form instead of decide.form."],
    ),
    "a condition changes": (
        BASE,
        replace(
            BASE,
            flows=tuple((s, t, "decision=2" if when else "") for s, t, when in BASE.flows),
        ),
        ["The way from “Fine?” to “Record” is now taken when decision=2; before, when decision=1."],
    ),
    "a condition goes": (
        BASE,
        replace(BASE, flows=tuple((s, t, "") for s, t, _ in BASE.flows)),
        ["The way from “Fine?” to “Record” has no condition any more (before: decision=1)."],
    ),
    "the way by default changes": (
        BASE,
        BASE.node("gate", more='default="gate_record"'),
        ["At “Fine?”, where no condition holds, the way now leads to “Record”."],
    ),
    "two steps change places": (
        LINE,
        LINE.path("start review decide record end"),
        ["“Decide” now comes after “Review”."],
    ),
    "the last step comes first": (
        LINE,
        LINE.path("start record decide review end"),
        ["“Record” now comes before “Decide”."],
    ),
    "the first step comes last": (
        LINE,
        LINE.path("start review record decide end"),
        ["“Decide” now comes after “Record”."],
    ),
    "a step waits no more": (
        LINE,
        LINE.path("start decide record end", "start review record"),
        ["“Review” no longer comes after “Decide”."],
    ),
    "a way back is added": (
        BASE,
        BASE.path("start decide gate record:decision=1 end", "gate review record", "gate decide:x=2"),
        ["After “Fine?”, a way now leads to “Decide”."],
    ),
    "a way is taken away": (
        BASE,
        BASE.path("start decide gate review record end"),
        [
            "After “Fine?”, no way leads to “Record” any more.",
        ],
    ),
    "a vote's rule changes": (
        LINE.node("review", inside=VOTE.format(3, "half")),
        LINE.node("review", inside=VOTE.format(4, "two thirds")),
        [
            "“Review”: the rule of the vote is now 4 must vote, two thirds decides, it closes when all have "
            "voted instead of 3 must vote, more than half decides, it closes when all have voted."
        ],
    ),
    "who may not do it changes": (
        BASE,
        BASE.node("review", more=' parley:separateFrom="decide record"'),
        [
            "“Review”: the list of steps whose performers may not do it is now decide record "
            "instead of decide."
        ],
    ),
    "what the software does changes": (
        BASE,
        BASE.node("record", more='parley:operation="exemptions.grant"'),
        ["“Record”: what the software does is now exemptions.grant instead of risks.record_decision."],
    ),
    "a step becomes another kind": (
        BASE,
        BASE.node("review", tag="manualTask"),
        ["“Review” is now a step outside the software instead of a step done by a person."],
    ),
    "a timer changes": (
        TIMED,
        TIMED.node("late", inside=TIMED.nodes["late"][3].replace("P7D", "P1M")),
        ["“Too late” waits 1 month instead of 7 days."],
    ),
    "an event is attached to another step": (
        TIMED,
        TIMED.node("late", more='attachedToRef="review"'),
        ["“Too late” now belongs to “Review”."],
    ),
    "something that has no words of its own": (
        BASE,
        BASE.node("review", more='parley:separateFrom="decide" completionQuantity="2"'),
        ["“Review”: settings that are not told here changed."],
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_diagrams_in_sentences(name: str) -> None:
    old, new, expected = PAIRS[name]
    found = compare("p", {"p.bpmn": old.bytes()}, {"p.bpmn": new.bytes()})
    assert list(found.sentences) == expected


def _form(**changes: object) -> dict[str, Any]:
    days = {
        "key": "days", "type": "number", "label": "Days", "validate": {"required": True, "max": 90},
    }  # fmt: skip
    choice = {
        "key": "choice", "type": "radio", "label": "Decision",
        "values": [{"value": "a", "label": "Accept"}, {"value": "b", "label": "Avoid"}],
    }  # fmt: skip
    text = {"type": "text", "text": "Read first."}
    form = {"title": "Decide on risk", "components": [text, days, choice]}
    copied: dict[str, Any] = json.loads(json.dumps(form | changes))
    return copied


def _with(index: int, **changes: object) -> dict[str, Any]:
    form = _form()
    form["components"][index].update(changes)
    return form


FORMS = {
    "a limit": (
        _with(1, validate={"required": True, "max": 180}), ["“Days” may now be at most 180 instead of 90."],
    ),
    "no longer required": (_with(1, validate={"max": 90}), ["“Days” may now be left open."]),
    "a label": (_with(1, label="Number of days"), ["“Days” now reads “Number of days”."]),
    "a kind": (_with(1, type="textfield"), ["“Days” is now answered by textfield instead of number."]),
    "an option more": (
        _with(2, values=[*_form()["components"][2]["values"], {"value": "c", "label": "Share"}]),
        ["“Decision” can now be answered “Share”."],
    ),
    "an option less": (
        _with(2, values=[{"value": "a", "label": "Accept"}]),
        ["“Decision” can no longer be answered “Avoid”."],
    ),
    "a condition": (
        _with(1, conditional={"hide": '=choice = "a"'}), ['“Days” is now hidden when choice = "a".'],
    ),
    "a field more": (
        _form(components=[*_form()["components"], {"key": "why", "type": "textarea", "label": "Reason"}]),
        ["New question: “Reason”."],
    ),
    "a field less": (_form(components=_form()["components"][:2]), ["The question “Decision” was removed."]),
    "the order": (
        _form(components=_form()["components"][::-1]),
        ["Its questions come in another order."],
    ),
    "a text": (_with(0, text="Read this."), ["A text between its questions changed."]),
    "a title": (_form(title="Decide"), ["It is now titled “Decide”."]),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_forms_field_by_field(name: str) -> None:
    after, expected = FORMS[name]
    files = [{"decide.form": json.dumps(each).encode()} for each in (_form(), after)]
    found = compare("p", *files)
    title = after["title"]
    assert list(found.sentences) == [f"Form “{title}”: {sentence}" for sentence in expected]


TABLE = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="t">
<decision id="route" name="Route"><decisionTable id="dt" hitPolicy="{policy}">
<input id="i" label="Level"><inputExpression id="ie"><text>level</text></inputExpression></input>
<output id="o" label="Goes to"/>
<rule id="r1"><inputEntry id="a"><text>"high"</text></inputEntry>
<outputEntry id="b"><text>"{to}"</text></outputEntry></rule>
{more}</decisionTable></decision></definitions>"""
RULE = (
    '<rule id="r2"><inputEntry id="c"><text>-</text></inputEntry><outputEntry id="d"><text>"cio"</text>'
    "</outputEntry></rule>"
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"to": "cro"}, ['Table “Route”, rule 1: “Goes to” is now "cro" instead of "committee".']),
        ({"more": RULE}, ['Table “Route”: new rule 2: “Level” anything, “Goes to” "cio".']),
        (
            {"policy": "FIRST"},
            ["Table “Route”: where several rules match, FIRST now holds instead of UNIQUE."],
        ),
    ],
)
def test_tables_cell_by_cell(change: dict[str, str], expected: list[str]) -> None:
    before = {"to": "committee", "more": "", "policy": "UNIQUE"}
    files = [{"r.dmn": TABLE.format(**each).encode()} for each in (before, before | change)]
    assert list(compare("p", *files).sentences) == expected


def test_files_that_come_and_go_and_that_cannot_be_read() -> None:
    found = compare("p", {"a.form": b"{}", "p.bpmn": BASE.bytes()}, {"b.dmn": b"<x/>", "p.bpmn": b"<no"})
    assert found.sentences == (
        "The form a.form was removed.",
        "New table: b.dmn.",
        "The diagram p.bpmn changed; it cannot be read, so what changed in it is not told.",
    )


def test_marks_tell_changes_from_mere_layout() -> None:
    found = compare("p", {"p.bpmn": LINE.bytes()}, {"p.bpmn": LEGAL.node("decide", name="Choose").bytes()})
    assert found.new_marks["legal"] == "added"
    assert "legal" not in found.old_marks
    assert (found.old_marks["decide"], found.new_marks["decide"]) == ("changed", "changed")
    assert found.new_marks["record"] == "layout"
    turned = compare("p", {"p.bpmn": LINE.bytes()}, {"p.bpmn": PAIRS["two steps change places"][1].bytes()})
    assert turned.new_marks["decide"] == "moved"


def test_the_same_diagram_written_by_another_tool_is_the_same() -> None:
    original = (shipped_policies() / "risk-decision" / "risk-decision.bpmn").read_bytes()
    other = original
    for was, now in (
        (b"<bpmn:", b"<b:"),
        (b"</bpmn:", b"</b:"),
        (b'"bpmn:', b'"b:'),
        (b"xmlns:bpmn=", b"xmlns:b="),
    ):
        other = other.replace(was, now)
    assert same_diagram(original, other)
    assert not same_diagram(original, original.replace(b"P5D", b"P4D", 1))
    assert not same_diagram(original, b"<no")
