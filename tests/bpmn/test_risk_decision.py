"""The risk decision keeps its promises: who acts, what is blind, and that nothing is accepted in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from engine.feel import compile_expression, evaluate
from forms import Kind, check, parse
from tests.bpmn.diagrams import BPMN, PARLEY, local
from workflows.risks.routing import what_stands

FOLDER = Path(__file__).parents[2] / "bpmn" / "risk-decision"
ROOT = etree.parse(FOLDER / "risk-decision.bpmn").getroot()
POSITIONS = etree.parse(FOLDER / "blind-positions.bpmn").getroot()
PROCESS = next(ROOT.iter(f"{BPMN}process"))
NODES = {
    node.get("id", ""): node
    for root in (ROOT, POSITIONS)
    for node in next(root.iter(f"{BPMN}process"))
    if node.get("id")
}
FLOWS = {key: node for key, node in NODES.items() if local(node) == "sequenceFlow"}
ROLES = {
    (reference.text or ""): lane.get(f"{PARLEY}role", "")
    for root in (ROOT, POSITIONS)
    for lane in root.iter(f"{BPMN}lane")
    for reference in lane.iter(f"{BPMN}flowNodeRef")
}

# The vocabulary of urn:parley:bpmn:1: what may stand where.
VOCABULARY = {
    "lane": {"role"},
    "startEvent": {"form", "milestone"},
    "userTask": {"form", "due", "remind", "separateFrom", "blind", "milestone"},
    "businessRuleTask": {"decision"},
    "callActivity": {"milestone"},
    "serviceTask": {"operation", "milestone"},
    "parallelGateway": {"milestone"},
    "exclusiveGateway": {"milestone"},
    "intermediateCatchEvent": {"milestone"},
    "boundaryEvent": {"milestone"},
    "endEvent": {"milestone"},
}
ELEMENTS = {"parameters", "parameter"}


def of_kind(*kinds: str) -> Iterator[tuple[str, etree._Element]]:
    return ((key, node) for key, node in NODES.items() if local(node) in kinds)


def own(key: str, name: str) -> str:
    return NODES[key].get(f"{PARLEY}{name}") or ""


def leaving(key: str) -> dict[str, etree._Element]:
    return {name: flow for name, flow in FLOWS.items() if flow.get("sourceRef") == key}


def condition(flow: etree._Element) -> str:
    return (flow.findtext(f"{BPMN}conditionExpression") or "").strip()


@pytest.mark.parametrize(
    ("lane", "steps"),
    [
        ("raiser", {"raise"}),
        ("cio", {"cio_position", "decide", "answer_challenge", "acknowledge_ruling", "positions_asked"}),
        ("ciso", {"ciso_position", "deputy_advice", "respond"}),
        ("committee", set()),
        ("cro", {"cro_advice"}),
    ],
)
def test_people_act_from_their_own_lane(lane: str, steps: set[str]) -> None:
    asked = {key for key, _ in of_kind("startEvent", "userTask")}
    assert {key for key, role in ROLES.items() if role == lane and key in asked} == steps


def test_ids_are_unique() -> None:
    ids = [node.get("id") for node in ROOT.iter() if node.get("id")]
    assert len(ids) == len(set(ids))


def test_parleys_own_attributes_are_of_the_vocabulary() -> None:
    for node in ROOT.iter():
        names = {etree.QName(name).localname for name in node.attrib if str(name).startswith(PARLEY)}
        if etree.QName(node).namespace == PARLEY.strip("{}"):
            assert local(node) in ELEMENTS
        else:
            assert names <= VOCABULARY.get(local(node), set()), node.get("id")


def test_every_step_and_flow_is_named_or_plain() -> None:
    """Tasks and events have names; a gateway that decides asks, and each way out of it answers in words."""
    for key, node in of_kind("startEvent", "userTask", "serviceTask", "endEvent", "boundaryEvent"):
        assert len(node.get("name", "").split()) >= 2, key
    for key, node in of_kind("exclusiveGateway"):
        if len(leaving(key)) > 1:
            assert node.get("name", "").endswith("?"), key
            assert all(flow.get("name") for flow in leaving(key).values()), key


def test_every_step_says_in_plain_words_what_it_is() -> None:
    for key, node in NODES.items():
        if local(node) in ("laneSet", "sequenceFlow", "textAnnotation", "association"):
            continue
        words = node.findtext(f"{BPMN}documentation") or ""
        assert words.endswith("."), key
        assert len(words.split()) >= 7, key


def test_only_gateways_split_and_only_they_join() -> None:
    for key, node in NODES.items():
        if local(node) not in ("exclusiveGateway", "parallelGateway", "sequenceFlow"):
            assert len(leaving(key)) <= 1, key
            assert sum(flow.get("targetRef") == key for flow in FLOWS.values()) <= 1, key


def test_every_way_out_of_a_decision_has_a_condition_but_the_default() -> None:
    for key, node in of_kind("exclusiveGateway"):
        ways = leaving(key)
        default = node.get("default")
        if len(ways) == 1:
            continue
        assert default is None or default in ways
        for name, flow in ways.items():
            assert bool(condition(flow)) == (name != default), name
            if condition(flow):
                compile_expression(condition(flow))


def test_no_default_leads_to_a_decision_in_force() -> None:
    """A default never leads to a grant or a record of the decision without a person acting in between."""
    takes_effect = {"record_decision", "grant_exemption"}
    for _, node in of_kind("exclusiveGateway"):
        default = node.get("default")
        if default is None:
            continue
        reached, todo = set(), [FLOWS[default].get("targetRef", "")]
        while todo:
            key = todo.pop()
            if key in reached or local(NODES[key]) == "userTask":
                continue
            reached.add(key)
            todo += [flow.get("targetRef", "") for flow in leaving(key).values() if not condition(flow)]
        assert not reached & takes_effect, default


def test_no_timer_decides() -> None:
    """A timer leads to another person, to what is recorded as missing, or to the look at what stands."""
    goes = {
        key: [flow.get("targetRef") for flow in leaving(key).values()] for key, _ in of_kind("boundaryEvent")
    }
    assert goes == {
        "cio_silent": ["cio_missing"],
        "ciso_silent": ["advice_needed"],
        "deputy_silent": ["cro_advice"],
        "cro_advises_not": ["no_advice"],
        "cio_undecided": ["before_undecided"],
        "ciso_unanswered": ["before_undecided"],
        "challenge_unanswered": ["before_settle"],
        # A ruling was made by people entitled to it; only its acknowledgement is missing.
        "not_acknowledged": ["ruled"],
    }


SETTLED = {"decide": {"decision": "accept"}, "rate": {"decisions": 0, "within_appetite": True}}


@pytest.mark.parametrize(
    ("changed", "stands"),
    [
        ({"respond": {"response": "concur"}}, True),
        ({"respond": {"response": "concur"}, "rate": {"decisions": 0, "within_appetite": False}}, True),
        ({}, True),
        ({"rate": {"decisions": 0, "within_appetite": False}}, False),
        ({"rate": {"decisions": 1, "within_appetite": True}}, False),
        ({"decide": None}, False),
        ({"respond": {"response": "challenge"}}, False),
        ({"raise": {"category": "legal_obligation"}}, False),
    ],
)
def test_what_stands_between_the_two(changed: dict[str, object], stands: bool) -> None:
    """Nothing challenged, stale, or unanswered above appetite; no legal obligation accepted."""
    assert what_stands({**SETTLED, **changed}, 1)["stands"] is stands


@pytest.mark.parametrize("response", ["challenge", "", None, "yes"])
def test_only_an_express_concurrence_lets_a_decision_pass(response: str | None) -> None:
    passing = [condition(flow) for flow in leaving("challenged").values() if condition(flow)]
    assert [evaluate(text, {"respond": {"response": response}}) for text in passing] == [False]


@pytest.mark.parametrize("response", ["concur", "concur_with_conditions"])
def test_a_concurrence_lets_a_decision_pass(response: str) -> None:
    passing = [condition(flow) for flow in leaving("challenged").values() if condition(flow)]
    assert [evaluate(text, {"respond": {"response": response}}) for text in passing] == [True]


def test_every_decision_the_form_offers_goes_one_way() -> None:
    form = parse((FOLDER / own("decide", "form")).read_bytes())
    choices = next(field.choices for field in form.fields if field.key == "decision")
    assert choices is not None
    assert choices.source is not None
    offered = choices.source.evaluate({"raise": {"category": "data"}})
    assert isinstance(offered, list)
    obliged = choices.source.evaluate({"raise": {"category": "legal_obligation"}})
    assert isinstance(obliged, list)
    assert {each["value"] for each in offered} - {each["value"] for each in obliged} == {"accept", "exempt"}
    for option in offered:
        data = {"record_decision": {"response": option["value"]}}
        taken = [name for name, flow in leaving("outcome").items() if evaluate(condition(flow), data)]
        assert len(taken) == 1, option["value"]


def test_both_positions_are_blind_to_each_other() -> None:
    assert {key for key, _ in of_kind("userTask") if own(key, "blind") == "positions"} == {
        "cio_position",
        "ciso_position",
        "deputy_advice",
        "cro_advice",
    }
    assert {flow.get("targetRef") for flow in leaving("ask_both").values()} == {
        "cio_position",
        "ciso_position",
    }


def test_nobody_judges_their_own_work() -> None:
    """Whoever decides does not advise or respond, and neither of the two votes or arbitrates."""
    pairs = {(key, other) for key, _ in of_kind("userTask") for other in own(key, "separateFrom").split()}
    for key, other in pairs:
        assert other in NODES, key
    for one in ("cio_position", "decide", "answer_challenge"):
        for other in ("ciso_position", "deputy_advice", "cro_advice", "respond"):
            if (one, other) != ("cio_position", "respond"):
                assert (one, other) in pairs or (other, one) in pairs, (one, other)


def test_every_user_task_has_a_form_a_due_time_a_reminder_and_an_overdue_path() -> None:
    used = {own(key, "form") for key, _ in of_kind("startEvent", "userTask")} - {""}
    assert used == {path.name for path in FOLDER.glob("*.form")}
    for name in used:
        parse((FOLDER / name).read_bytes())
    for key, _ in of_kind("userTask"):
        assert re.fullmatch(r"P[1-9]\d*D|duration\(\"P1D\"\) \* route\.\w+_days", own(key, "due")), key
        assert own(key, "remind"), key
        assert any(node.get("attachedToRef") == key for _, node in of_kind("boundaryEvent")), key


def test_forms_are_short_and_their_choices_explain_themselves() -> None:
    for path in FOLDER.glob("*.form"):
        form = parse(path.read_bytes())
        assert form.title, path.name
        assert len([field for field in form.fields if field.condition is None]) <= 10, path.name
        for field in form.fields:
            if field.kind is Kind.RADIO and field.choices is not None:
                assert all(len(option.label.split()) >= 3 for option in field.choices.fixed), field.key


def test_a_position_is_light_within_appetite() -> None:
    for name in ("cio-position.form", "ciso-position.form"):
        form = parse((FOLDER / name).read_bytes())
        light = check(form, {}, {"triage": {"within_appetite": True}}, datetime(2026, 3, 2, tzinfo=UTC))
        full = check(form, {}, {"triage": {"within_appetite": False}}, datetime(2026, 3, 2, tzinfo=UTC))
        assert len({*light.values, *light.errors}) <= 5
        assert len({*full.values, *full.errors}) >= 6


def test_expressions_are_all_readable() -> None:
    for parameter in PROCESS.iter(f"{PARLEY}parameter"):
        compile_expression(parameter.get("value", ""))
    for time in PROCESS.iter(f"{BPMN}timeDuration"):
        assert re.fullmatch(r"P\d+D", time.text or "") or compile_expression(time.text or "")


def test_the_page_about_the_policy_tells_what_is_drawn() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    told = set(re.findall(r"`([a-z_]+)`", page))
    told_of = ("userTask", "serviceTask", "businessRuleTask", "boundaryEvent", "callActivity")
    assert {key for key, _ in of_kind(*told_of)} <= told
    asking = {key for key, node in of_kind("exclusiveGateway") if node.get("name")}
    assert asking <= told
    for key, _ in of_kind("userTask", "serviceTask"):
        assert f"| {NODES[key].get('name')} | `{key}` |" in page, key
    for key, _ in of_kind("userTask"):
        row = next(line for line in page.splitlines() if f"| `{key}` |" in line)
        assert f"[{own(key, 'form')}]({own(key, 'form')})" in row
        due = own(key, "due")
        assert (f"| {due[1:-1]} days |" if due.startswith("P") else "| by the route |") in row


@pytest.mark.parametrize(("name", "root"), [("risk-decision", ROOT), ("blind-positions", POSITIONS)])
def test_the_picture_shows_the_diagram_as_it_is(name: str, root: etree._Element) -> None:
    """The committed picture has every name, and every task and event where the diagram has it."""
    picture = etree.parse(FOLDER / f"{name}.svg").getroot()
    texts = {"".join("".join(map(str, text.itertext())).split()) for text in picture.iter("{*}text")}
    names = {"".join((node.get("name") or "").split()) for node in root.iter(f"{BPMN}*")} - {""}
    notes = {"".join((node.text or "").split()) for node in root.iter(f"{BPMN}text")}
    assert texts == names | notes
    places = {node.get("transform") for node in picture.iter("{*}g", "{*}circle", "{*}path")}
    for shape in root.iter("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNShape"):
        bounds = shape.find("{http://www.omg.org/spec/DD/20100524/DC}Bounds")
        assert bounds is not None
        assert f"translate({bounds.get('x')} {bounds.get('y')})" in places, shape.get("bpmnElement")
