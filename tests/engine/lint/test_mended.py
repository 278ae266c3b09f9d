"""What SpiffWorkflow 3.2.0 gets wrong, and runs as drawn here. docs/rules/README.md names these tests."""

from __future__ import annotations

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from engine.db.types import dump_tagged, load_tagged
from engine.errors import DefinitionRefused, ElementFailed, StateUnreadable
from engine.spiff import run
from engine.spiff.compile import compile_bundle
from engine.spiff.environment import FeelEnvironment
from engine.testing import START
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
from tests.engine.lint.walking import Walk

BOTH = (
    node("startEvent", "start")
    + node("parallelGateway", "split")
    + user("left")
    + user("right")
    + node("parallelGateway", "join")
    + user("after")
    + node("endEvent", "end")
    + path("start", "split", "left", "join", "after", "end")
    + path("split", "right", "join")
)
LIST = "<bpmn:multiInstanceLoopCharacteristics{}>{}</bpmn:multiInstanceLoopCharacteristics>"


def rounds(inner: str, back: str = 'again.answer = "yes"') -> bytes:
    """Start, a step that may come again, a question whether it does, end."""
    return diagram(
        node("startEvent", "start")
        + node("exclusiveGateway", "merge")
        + inner
        + user("again")
        + node("exclusiveGateway", "more", default="more_to_end")
        + node("endEvent", "end")
        + path("start", "merge", "step", "again", "more", "end")
        + flow("more", "merge", back)
    )


def test_a_join_overwrites_nobodys_answers() -> None:
    walk = Walk(diagram(BOTH)).do("left", view="for").do("right", view="against")
    assert walk.open == ["after"]
    assert walk.data() == {"left": {"view": "for"}, "right": {"view": "against"}}


def test_a_completion_condition_sees_the_answers_so_far() -> None:
    two_of_three = LIST.format(
        "",
        "<bpmn:loopCardinality>3</bpmn:loopCardinality>"
        "<bpmn:completionCondition>count(step) = 2</bpmn:completionCondition>",
    )
    walk = Walk(straight(user("step", two_of_three)))
    assert walk.open == ["step", "step", "step"]
    walk.do("step", vote=1).do("step", vote=2)
    assert walk.ended
    assert walk.causes == []


@pytest.mark.parametrize("sequential", ["", ' isSequential="true"'])
def test_a_task_for_several_begins_each_round_anew(sequential: str) -> None:
    walk = Walk(
        rounds(user("step", LIST.format(sequential, "<bpmn:loopCardinality>2</bpmn:loopCardinality>")))
    )
    for number in range(3):
        walk.do("step", vote=number).do("step", vote=number)
        assert walk.data()["step"] == [{"vote": number}, {"vote": number}]
        walk.do("again", answer="yes" if number < 2 else "no")
    assert walk.ended
    assert walk.causes == []


@pytest.mark.parametrize(
    ("tag", "text", "after"),
    [
        ("timeDuration", "PT1H", timedelta(hours=1)),
        ("timeDuration", "P7D", timedelta(days=7)),
        ("timeDuration", 'duration("PT1H")', timedelta(hours=1)),
        ("timeDate", "2026-03-09T09:00:00Z", timedelta(days=7)),
    ],
)
def test_a_timer_is_due_by_the_clock_and_takes_bare_text(tag: str, text: str, after: timedelta) -> None:
    walk = Walk(straight(node("intermediateCatchEvent", "wait", timer(text, tag)), user("then")))
    assert [each.due_at - START for each in walk.timers] == [after]
    assert walk.fire("wait").open == ["then"]


def test_missed_cycles_of_a_timer_happen_once() -> None:
    drawing = diagram(
        node("startEvent", "start")
        + user("work")
        + node(
            "boundaryEvent", "late", timer("R/P1D", "timeCycle"), attachedToRef="work", cancelActivity="false"
        )
        + service("remind")
        + node("endEvent", "end")
        + node("endEvent", "reminded")
        + path("start", "work", "end")
        + path("late", "remind", "reminded")
    )
    walk = Walk(drawing)
    walk.around = run.Surroundings(START + timedelta(days=10, hours=1), walk._call, lambda _: ())
    walk.fire("late")
    assert walk.elements.count("remind") == 1
    assert [each.due_at - START for each in walk.timers] == [timedelta(days=11)]
    assert walk.open == ["work"]


def test_flows_without_ids_are_followed() -> None:
    body = node("startEvent", "start") + user("approve") + node("endEvent", "end")
    drawing = diagram(body + flow("start", "approve", key="") + flow("approve", "end", key=""))
    walk = Walk(drawing)
    assert walk.open == ["approve"]
    assert walk.do("approve").ended
    assert walk.flows == ["flow_1", "flow_2"]


def test_hundreds_of_rounds_do_not_end_a_case() -> None:
    walk = Walk(rounds(user("step")))
    sizes = []
    for number in range(270):  # four tasks each: 1,080 deep, where the library stops at 1,000
        walk.do("step", n=number).do("again", answer="yes")
        sizes.append(len(walk.state))
    assert not walk.ended
    assert walk.open == ["step"]
    assert max(sizes[10:]) <= sizes[10] * 1.05
    assert walk.do("step").do("again", answer="no").ended


def test_answers_cannot_change_what_a_condition_means() -> None:
    drawing = diagram(
        node("startEvent", "start")
        + user("approve")
        + node("exclusiveGateway", "enough", default="enough_to_refused")
        + node("endEvent", "granted")
        + node("endEvent", "refused")
        + path("start", "approve", "enough", "refused")
        + flow("enough", "granted", "count(approve.approvals) >= min([2, 3])")
    )
    hostile = {"approvals": [], "count": 9, "min": 0, "true": True, "not": False, "enough": True}
    walk = Walk(drawing).do("approve", **hostile)
    assert walk.elements[-1] == "refused"


@pytest.mark.parametrize(
    "text",
    [
        "__import__('os').system('true')",
        "().__class__.__base__.__subclasses__()",
        "open('/etc/passwd').read()",
        "[x for x in ().__class__.__mro__]",
        "9**9**9**9**9**9",
        "approve.__class__",
        'eval("1")',
    ],
)
def test_no_expression_is_code(text: str) -> None:
    drawing = diagram(
        node("startEvent", "start")
        + user("approve")
        + node("exclusiveGateway", "choice", default="choice_to_refused")
        + node("endEvent", "granted")
        + node("endEvent", "refused")
        + path("start", "approve", "choice", "refused")
        + flow("choice", "granted", text)
    )
    walk = Walk(drawing).do("approve", x=1)
    assert "granted" not in walk.elements
    assert walk.causes != []


def test_scripts_and_services_of_the_library_are_never_run() -> None:
    environment = FeelEnvironment(None)  # type: ignore[arg-type]  # neither looks at the case
    with pytest.raises(ElementFailed, match="Scripts are never run"):
        environment.execute("x = 1", {})
    with pytest.raises(ElementFailed, match="no registered operation"):
        environment.call_service({})


def test_every_place_that_evaluates_goes_through_one_door() -> None:
    """The library's own evaluation of Python is replaced as a whole: engine and environment."""
    from engine.spiff.environment import CaseScriptEngine

    for name in ("evaluate", "execute", "call_service"):
        assert name in vars(CaseScriptEngine)
        assert name in vars(FeelEnvironment)
    assert "validate" in vars(CaseScriptEngine)


def test_numbers_and_dates_come_back_as_they_were() -> None:
    walk = Walk(straight(user("one"), user("two")))
    walk.do("one", amount=Decimal("0.10"), until=date(2026, 5, 1), list=[Decimal(1), None])
    assert walk.data()["one"] == {
        "amount": Decimal("0.10"),
        "until": date(2026, 5, 1),
        "list": [Decimal(1), None],
    }


def test_states_of_another_format_are_never_restored() -> None:
    walk = Walk(straight(user("one")))
    document = load_tagged(walk.state)
    for other in (dump_tagged({**document, "format": 0}), b'{"serializer_version": "1.0"}'):
        with pytest.raises(StateUnreadable):
            run.Running(walk.version, other, walk.around)


def test_moving_a_shape_does_not_change_a_decision() -> None:
    """The library takes a gateway's conditions in the order of their targets' height on the page."""

    def shape(key: str, y: int) -> str:
        bounds = f'<dc:Bounds x="0" y="{y}" width="36" height="36"/>'
        return f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}">{bounds}</bpmndi:BPMNShape>'

    def outcome(first: int, second: int) -> str:
        body = (
            node("startEvent", "start")
            + user("rate")
            + node("exclusiveGateway", "high", default="high_to_low")
            + node("endEvent", "critical")
            + node("endEvent", "important")
            + node("endEvent", "low")
            + path("start", "rate", "high", "low")
            + flow("high", "critical", "rate.score > 90")
            + flow("high", "important", "rate.score > 50")
        )
        drawn = shape("critical", first) + shape("important", second)
        plane = f'<bpmndi:BPMNPlane id="plane" bpmnElement="p">{drawn}</bpmndi:BPMNPlane>'
        page = f'<bpmndi:BPMNDiagram id="page">{plane}</bpmndi:BPMNDiagram>'
        return Walk(definitions(process(body) + page)).do("rate", score=Decimal(95)).elements[-1]

    assert outcome(100, 200) == outcome(200, 100) == "critical"


def test_extensions_of_other_tools_hide_no_task() -> None:
    inner = '<bpmn:extensionElements><x:field xmlns:x="urn:other" id="review"/></bpmn:extensionElements>'
    walk = Walk(straight(user("approve", inner), user("review")))
    assert walk.do("approve").open == ["review"]


def test_what_the_parser_stumbles_over_is_a_sentence() -> None:
    """The library raises what it meets: KeyError, TypeError about itself, an error whose text fails."""
    broken = straight(user("approve")).replace(b'targetRef="end"', b'targetRef="nowhere"')
    timeless = straight(node("intermediateCatchEvent", "wait", "<bpmn:timerEventDefinition/>"))
    unknown = straight(node("endEvent", "x", '<bpmn:errorEventDefinition errorRef="missing"/>'))
    for data in (broken, timeless, unknown):
        with pytest.raises(DefinitionRefused) as refused:
            compile_bundle(Bundle("x", {"p.bpmn": data}), "p")
        assert "Nothing was released." in str(refused.value)


def test_a_failing_service_call_is_an_incident_with_its_cause() -> None:
    parameter = '<parley:parameters><parley:parameter name="n" value="1 +* 2"/></parley:parameters>'
    broken = f"<bpmn:extensionElements>{parameter}</bpmn:extensionElements>"
    walk = Walk(straight(service("compute", inner=broken), user("after")))
    assert walk.open == []
    assert len(walk.causes) == 1
    assert "1 +* 2" in walk.causes[0]


def test_a_cardinality_too_large_is_an_incident() -> None:
    loop = LIST.format("", "<bpmn:loopCardinality>ask.people</bpmn:loopCardinality>")
    walk = Walk(straight(user("ask"), user("approve", loop))).do("ask", people=Decimal(10**6))
    assert walk.open == []
    assert "whole number up to" in walk.causes[0]


def test_a_timer_too_far_ahead_is_an_incident() -> None:
    walk = Walk(straight(user("ask"), node("intermediateCatchEvent", "wait", timer("duration(ask.wait)"))))
    walk.do("ask", wait="P9999999Y")
    assert walk.timers == []
    assert all("cannot be worked out" in cause for cause in walk.causes)
    assert walk.causes != []


def test_a_circle_without_anybody_acting_is_stopped() -> None:
    walk = Walk(
        rounds(service("step"))
        .replace(b"bpmn:userTask", b"bpmn:intermediateThrowEvent")
        .replace(b"again.answer = &quot;yes&quot;", b"1 = 1")
        .replace(b'again.answer = "yes"', b"1 = 1")
    )
    assert not walk.ended
    assert "automatic steps without waiting" in walk.causes[0]


def test_data_that_is_drawn_at_a_task_does_not_hang() -> None:
    """A dangling reference inside a subprocess makes the library's parser loop for ever."""
    inside = (
        node("startEvent", "begun")
        + '<bpmn:dataObjectReference id="record" dataObjectRef="missing"/>'
        + user("look", node("dataInputAssociation", "a", "<bpmn:sourceRef>record</bpmn:sourceRef>"))
        + node("endEvent", "looked")
        + path("begun", "look", "looked")
    )
    assert Walk(straight(node("subProcess", "check", inside))).open == ["look"]


def test_a_case_keeps_its_version_whatever_is_released(root: Path) -> None:
    """Specs are shared by content: a state is only ever restored around the version it began with."""
    one, two = straight(user("approve")), straight(user("approve"), user("review"))
    walk = Walk(one)
    assert Walk(two).do("approve").open == ["review"]
    assert walk.do("approve").ended


def test_conditions_must_be_true_or_false() -> None:
    drawing = diagram(
        node("startEvent", "start")
        + user("approve")
        + node("exclusiveGateway", "choice", default="choice_to_granted")
        + node("endEvent", "granted")
        + node("endEvent", "refused")
        + path("start", "approve", "choice", "granted")
        + flow("choice", "refused", "approve.refused")
    )
    walk = Walk(drawing).do("approve", refused="no")
    assert not walk.ended
    assert "neither true nor false" in walk.causes[0]


def test_a_business_rule_task_decides_by_our_own_tables(root: Path) -> None:
    folder = root / "tests" / "engine" / "lint" / "rules" / "business-rule"
    walk = Walk((folder / "good.bpmn").read_bytes(), appetite_dmn=(folder / "appetite.dmn").read_bytes())
    walk.do("approve", score=Decimal(12))
    assert walk.data()["step"] == "high"
    assert walk.ended


def test_rules_in_conflict_are_an_incident_not_a_guess(root: Path) -> None:
    rules = root / "tests" / "engine" / "lint" / "rules"
    table = (rules / "decision-overlap" / "bad.appetite.dmn").read_bytes()
    walk = Walk((rules / "business-rule" / "good.bpmn").read_bytes(), appetite_dmn=table)
    walk.do("approve", score=Decimal("9.5"))
    assert not walk.ended
    assert len(walk.causes) == 1


def test_an_error_inside_a_subprocess_leads_to_its_boundary_event(root: Path) -> None:
    folder = root / "tests" / "engine" / "lint" / "rules" / "error-caught"
    walk = Walk((folder / "good.bpmn").read_bytes())
    assert walk.do("look").open == ["decide"]
    assert walk.do("decide").outcome == "Decided"


def test_terminate_ends_all_branches() -> None:
    stop = BOTH.replace('<bpmn:endEvent id="end"></bpmn:endEvent>', "")
    drawing = diagram(
        stop.replace(path("join", "after", "end"), path("join", "after"))
        .replace(flow("left", "join"), flow("left", "stop"))
        .replace(flow("after", "end"), flow("after", "done"))
        + node("endEvent", "stop", "<bpmn:terminateEventDefinition/>")
        + node("endEvent", "done")
    )
    walk = Walk(drawing).do("left")
    assert walk.ended
    assert walk.open == []


def test_json_of_the_state_holds_no_spec() -> None:
    """Half of the library's dump is the specification; ours holds what belongs to the case alone."""
    walk = Walk(diagram(BOTH))
    document = json.loads(walk.state)
    assert set(document) <= {"format", "scopes", "entries", "tree", "subprocesses"}
    assert len(walk.state) < 2_000
