"""More of the rules that keep the tension constructive: where somebody is silent, or tries twice."""

from __future__ import annotations

from datetime import timedelta
from secrets import token_urlsafe

import pytest

from engine.errors import AnswersRefused, NotEntitled
from tests.workflows.world import CIO_POSITION, CISO_POSITION, CONTROLS, EXEMPT, MITIGATE, WORKS, World
from workflows.errors import RuleBroken
from workflows.studio.staying import in_dispute
from workflows.types import RiskStatus

EMERGENCY = {
    "what": "The gateway goes live without the patch.",
    "reason": "Salaries are paid tonight.",
    "containment": "Access from two addresses only.",
    "conditions": "The watch holds through the night.",
    "days": "5",
    "roll_back": "The old gateway takes over in an hour.",
}


def waits_at(world: World, case_id: str) -> set[str]:
    return {one.element_id for one in world.case(case_id).waiting}


def concurred(world: World, decision: dict[str, str]) -> tuple[str, str]:
    """A risk that both leaders have decided, and its case."""
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", decision)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    return risk.id, case_id


def test_rule_1_only_who_was_asked_has_a_position(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    assert {one.element_id for one in world.case(case_id).positions} == {"cio_position", "ciso_position"}


def test_rule_2_the_higher_one_counts_by_the_organisations_own_table(small_world: World) -> None:
    world = small_world
    impact_alone = [["very low", "low", "moderate", "high", "very high"]] * 5
    world.parley.register.set_matrix(world.people["sponsor"], impact_alone, basis="Resolution of the board")
    world.clock.time += timedelta(minutes=1)
    risk, case_id = world.raise_risk()
    rare = {"likelihood": "very_low", "impact": "high"}  # low by SP 800-30r1, high here
    world.act(case_id, "cio_position", "cio", CIO_POSITION | rare)
    often = {"likelihood": "very_high", "impact": "moderate"}
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION | often)
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    assert str(world.risk(risk.id).level) == "high"


def test_rule_6_a_silent_chief_risk_officer_and_then_a_silent_sponsor(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    votes = dict.fromkeys(("cfo", "legal", "retail", "hr", "operations"), "abstain")
    world.vote(case_id, **votes)
    assert world.asked(case_id, "arbitrate") == ["cro"]
    world.pass_time(days=11)
    assert world.asked(case_id, "sponsor_arbitrate") == ["sponsor"]
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    world.pass_time(days=11)
    world.pass_time(days=11)
    assert world.risk(risk.id).status is RiskStatus.NOT_ACCEPTED, "contained, and never accepted by silence"


def test_rule_6_a_conflicted_chief_risk_officer_is_passed_over(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    world.pass_time(days=11)
    world.pass_time(days=5)
    advice = {"likelihood": "very_high", "impact": "high", "treatment": "mitigate"}
    advice |= {"confidence": "high", "evidence": "The test."}
    world.act(case_id, "cro_advice", "cro", advice)
    world.act(case_id, "decide", "cio", EXEMPT)
    challenge = {"response": "challenge", "ground": "not_defensible", "argument": "No."}
    world.act(case_id, "respond", "ciso", challenge | {"would_change_mind": "A patch."})
    world.act(case_id, "answer_challenge", "cio", {"answer": "stand", "reason": "It is worth it."})
    for key in world.asked(case_id, "declare_interest"):
        world.act(case_id, "declare_interest", key, {"interest": "none"})
    world.meet(case_id)
    world.vote(case_id, **dict.fromkeys(("cfo", "legal", "retail", "hr", "operations"), "abstain"))
    assert world.asked(case_id, "sponsor_arbitrate") == ["sponsor"], "who advised does not rule"


def test_rule_8_who_operates_a_control_does_not_check_it(world: World) -> None:
    risk_id, case_id = concurred(world, EXEMPT)
    with pytest.raises(AnswersRefused):
        world.act(case_id, "name_controls", "cio", CONTROLS | {"operator_1": "ciso"})
    world.act(case_id, "name_controls", "cio", CONTROLS)
    assert "architect" not in world.asked(case_id, "verify_controls")
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED, "nothing is granted before the check"
    world.act(case_id, "verify_controls", "ciso", WORKS)
    assert world.risk(risk_id).status is RiskStatus.EXEMPTED


def test_rule_9_a_deputy_confirms_no_acceptance_above_appetite(small_world: World) -> None:
    world = small_world
    world.appoint("cio_deputy", "cio", deputy_for="cio", valid_until=world.now + timedelta(days=300))
    on = (world.now + timedelta(days=60)).date().isoformat()
    risk_id, case_id = concurred(world, {"decision": "accept", "review_date": on, "reason": "It pays."})
    assert str(world.risk(risk_id).level) == "high"
    world.pass_time(days=35)
    world.act(case_id, "review_advice", "ciso", {"still": "valid", "reason": "The loss is as it was."})
    again = (world.now + timedelta(days=90)).date().isoformat()
    valid = {"still": "valid", "review_date": again, "reason": "It pays."}
    with pytest.raises(NotEntitled, match="within appetite only"):
        world.act(case_id, "review_answer", "cio_deputy", valid)
    world.act(case_id, "review_answer", "cio", valid)
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED


def test_rule_11_what_is_before_the_committee_stays_under_its_version(small_world: World) -> None:
    world = small_world
    _, challenged = world.raise_risk()
    world.escalate(challenged)
    urgent, _ = world.raise_risk(title="It cannot wait")
    denied = world.parley.emergencies.declare(world.people["cio"], urgent.id, EMERGENCY, token_urlsafe(16))
    stays, engine = in_dispute(world.parley.engine), world.parley.engine
    with world.parley.database.reading() as connection:
        assert stays(connection, engine.instances.get(connection, denied)) is None
        why = stays(connection, engine.instances.get(connection, challenged))
        assert why is not None
        assert "before the committee" in why
    no = {"verdict": "deny", "ground": "not_defensible", "reason": "It can wait."}
    world.act(denied, "review_emergency", "ciso", no)
    with world.parley.database.reading() as connection:
        assert stays(connection, engine.instances.get(connection, denied)) == why


def test_rule_11_a_second_emergency_is_counted_by_weakness_and_asset(world: World) -> None:
    emergencies, cio = world.parley.emergencies, world.people["cio"]
    first, _ = world.raise_risk()
    emergencies.declare(cio, first.id, EMERGENCY, token_urlsafe(16))
    assert world.risk(first.id).status is RiskStatus.EXEMPTED
    world.pass_time(days=30)
    # Another risk and another case, of the same weakness on the same asset.
    again, _ = world.raise_risk(title="The same, raised anew")
    case_id = emergencies.declare(cio, again.id, EMERGENCY, token_urlsafe(16))
    assert world.risk(again.id).status is RiskStatus.UNDECIDED, "it does not go ahead by itself"
    assert waits_at(world, case_id) == {"rule_on_emergency"}
    assert world.asked(case_id, "rule_on_emergency") == ["cro"]


def test_rule_14_precedents_stand_beside_the_form(small_world: World) -> None:
    world = small_world
    earlier, _ = concurred(world, MITIGATE)
    like, _ = world.raise_risk(title="The same parser, elsewhere")
    found = world.parley.register.precedents(world.people["cio"], like.id)
    assert [(one.risk_id, one.response) for one in found] == [(earlier, "mitigate")]
    assert world.parley.register.precedents(world.people["raiser"], like.id) == ()


def test_rule_12_a_class_decision_covers_only_what_was_signed_for(world: World) -> None:
    low = {"likelihood": "low", "impact": "low"}
    known = {"kind": "class", "class_scope": "Old parsers", "envelope": "They are cut off.", "cve_id": ""}
    of_class, case_id = world.raise_risk(**known, **low)
    one, _ = world.raise_risk(**low)
    other, _ = world.raise_risk(category="resilience", **low)
    sign = world.parley.risks.sign_envelope
    with pytest.raises(RuleBroken, match="in force"):
        sign(world.people["cio"], of_class.id, "builds", accepts=True)
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    page = world.parley.risks.risk(world.people["auditor"], of_class.id)
    assert page.envelope is not None
    assert page.envelope.conditions == "They are cut off."
    assert world.risk(one.id).covered_by == "", "nothing without a signature"
    with pytest.raises(NotEntitled):
        sign(world.people["raiser"], of_class.id, "builds", accepts=True)
    with pytest.raises(RuleBroken, match="accepted"):
        sign(world.people["cio"], of_class.id, "builds", accepts=False)
    sign(world.people["cio"], of_class.id, "builds", accepts=True)
    with pytest.raises(RuleBroken, match="already"):
        sign(world.people["cio"], of_class.id, "builds", accepts=True)
    assert world.risk(one.id).covered_by == of_class.id
    assert world.risk(other.id).covered_by == "", "of another category"
    world.parley.risks.challenge(world.people["ciso"], of_class.id, "rating", "It is worse.")
    assert world.risk(one.id).covered_by == "", "coverage ends with the decision"
    assert world.audit_faults() == []
