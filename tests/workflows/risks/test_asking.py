"""A new decision is asked for: a new linked case decides, and the old one changes nothing any more. An asset
goes to another owner while a case is open: the next task is the new owner's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.workflows.world import CISO_POSITION, MITIGATE, World
from workflows.errors import NotEntitled, RuleBroken
from workflows.events import REGISTER
from workflows.types import SYSTEM_PERSON, RiskStatus

NEW_OWNER = {"owner_unit": "branches", "is_shared": False}


def accepted(world: World, days: int = 60) -> tuple[str, str]:
    """A risk accepted until a review, and the case that now waits for the review."""
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    review = (world.now + timedelta(days=days)).date().isoformat()
    world.act(
        case_id, "decide", "cio", {"decision": "accept", "reason": "It is small.", "review_date": review}
    )
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    assert world.risk(risk.id).status is RiskStatus.ACCEPTED
    return risk.id, case_id


def asked(world: World, risk_id: str) -> str:
    """What the decision rests on changes, and the CISO asks again; the new case."""
    world.pass_time(days=1)
    world.parley.register.amend(
        world.people["ciso"], risk_id, {"description": "It is exploited everywhere now."}, "New reports"
    )
    return world.parley.register.ask_for_decision(
        world.people["ciso"], risk_id, "It was accepted before it was exploited"
    ).id


def test_a_new_linked_case_asks_for_both_positions_again(world: World) -> None:
    risk_id, old = accepted(world)
    new = asked(world, risk_id)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    case = world.case(new)
    assert [one.instance_id for one in case.linked] == [old]
    assert [one.instance_id for one in world.case(old).linked] == [new]
    assert {one.element_id for one in case.waiting} == {"cio_position", "ciso_position"}
    assert "Asked for by Ciso: It was accepted before it was exploited" in case.timeline[0].authority
    with pytest.raises(RuleBroken, match="deciding"):
        world.parley.register.ask_for_decision(world.people["ciso"], risk_id, "Again")
    with pytest.raises(NotEntitled):
        world.parley.register.ask_for_decision(world.people["raiser"], risk_id, "I want it")
    world.positions(new)
    world.act(new, "decide", "cio", MITIGATE)
    world.act(new, "respond", "ciso", {"response": "concur"})
    assert world.risk(risk_id).status is RiskStatus.IN_TREATMENT
    decisions = world.parley.risks.risk(world.people["auditor"], risk_id).decisions
    assert {(one.case_id, one.response) for one in decisions} == {(old, "accept"), (new, "mitigate")}
    assert world.audit_faults() == []


def test_the_old_case_goes_on_in_the_record_and_changes_nothing_of_the_risk(world: World) -> None:
    risk_id, old = accepted(world)
    new = asked(world, risk_id)
    world.positions(new)
    world.act(new, "decide", "cio", MITIGATE)
    world.act(new, "respond", "ciso", {"response": "concur"})
    # The review that the old case still waits for passes without an answer.
    world.pass_time(days=70)
    assert world.risk(risk_id).status is RiskStatus.IN_TREATMENT
    assert not [one for one in world.case(old).waiting if one.element_id == "review_answer"]
    cases = {one.instance_id for one in world.parley.cases.cases(world.people["auditor"])}
    assert cases == {old, new}
    with world.parley.database.reading() as connection:
        assert world.parley.engine.incidents.open(connection) == []
    assert world.audit_faults() == []


def test_an_asset_that_moves_takes_the_next_task_to_its_new_owner(world: World) -> None:
    identity, register = world.parley.identity, world.parley.register
    identity.add_unit(SYSTEM_PERSON, id="branches", name="Branches", parent_id="group")
    world.appoint("coo", "cio", unit="branches")
    world.appoint("admin", "governance")
    risk, case_id = world.raise_risk()
    world.act(
        case_id,
        "cio_position",
        "cio",
        {
            "likelihood": "moderate",
            "impact": "high",
            "business_value": "Every release is built there.",
            "treatment": "mitigate",
            "reason": "It can be done.",
        },
    )
    register.change_asset(world.people["admin"], "builds", NEW_OWNER, "Reorganised")
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION)
    assert world.asked(case_id, "decide") == ["coo"]
    assert [row.element_id for row in world.case(case_id).waiting] == ["decide"]
    assert case_id not in {row.instance_id for row in world.parley.cases.inbox(world.people["cio"])}
    world.act(case_id, "decide", "coo", MITIGATE)
    decided = next(one for one in world.case(case_id).timeline if one.element_id == "decide")
    assert "Coo" in decided.sentence
    assert "Branches" in decided.authority
    history = world.parley.risks.risk(world.people["auditor"], risk.id)
    assert history.owner.startswith("Coo ")
    with world.parley.database.reading() as connection:
        entries = world.parley.engine.audit.entries(connection, REGISTER)
    moved = next(one for one in entries if one.event == "asset:changed")
    assert moved.payload is not None
    assert moved.payload["risks"] == [risk.id]
    assert moved.payload["reason"] == "Reorganised"
    assert moved.payload["from"] == {"owner_unit": "group", "is_shared": True}
    assert moved.payload["to"] == NEW_OWNER
    assert world.audit_faults() == []
