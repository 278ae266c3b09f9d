"""Reviews of accepted risks: an acceptance goes on by a named person's act alone, never by silence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.errors import AnswersRefused
from engine.types import Actor
from tests.workflows.world import World
from workflows.types import RiskStatus

LOW = {"likelihood": "low", "impact": "low"}
VALID = {"still": "valid", "reason": "Nothing has changed."}
NOT_VALID = {"still": "not_valid", "reason": "It is exploited by now."}


def accept(world: World, *, days: int = 300, level: str = "low") -> tuple[str, str]:
    """A risk accepted until a review date, and the case in which it is reviewed."""
    rating = {"likelihood": level, "impact": level}
    risk, case_id = world.raise_risk(**rating)
    position = {"treatment": "accept", "reason": "The loss is small.", "business_value": "A side system."}
    world.act(case_id, "cio_position", "cio", rating | position)
    advice = {"treatment": "accept", "confidence": "high", "evidence": "Seen."}
    world.act(case_id, "ciso_position", "ciso", rating | advice)
    review = (world.now + timedelta(days=days)).date()
    decision = {"decision": "accept", "review_date": review.isoformat(), "reason": "The loss is small."}
    world.act(case_id, "decide", "cio", decision)
    case = world.case(case_id)
    if any(task.element_id == "respond" for task in case.waiting):
        world.act(case_id, "respond", "ciso", {"response": "concur"})
    if world.case(case_id).instance.ended_at is None:
        return risk.id, case_id
    with world.parley.database.unit_of_work() as uow:
        started = world.parley.engine.instances.start(
            uow,
            key="acceptance-review",
            actor=Actor("cio"),
            subject=risk.id,
            answers={"review_date": review, "reason": "The loss is small."},
            authority="As decided",
        )
    return risk.id, started.id


def confirm(world: World, case_id: str, days: int = 365) -> None:
    on = (world.now + timedelta(days=days)).date().isoformat()
    world.act(case_id, "review_answer", "cio", VALID | {"review_date": on})


def test_both_are_asked_before_the_review_and_the_cios_act_confirms(world: World) -> None:
    risk_id, case_id = accept(world)
    [due] = world.parley.treatment.reviews(world.people["auditor"]).due
    assert (due.risk_id, due.due_on, due.is_asked) == (risk_id, date(2026, 12, 27), False)
    assert world.parley.cases.inbox(world.people["ciso"]) == []
    world.pass_time(days=274)
    world.act(case_id, "review_advice", "ciso", VALID)
    confirm(world, case_id)
    page = world.parley.treatment.reviews(world.people["auditor"])
    [review] = page.past
    assert (review.outcome, review.by_name, review.advised_by_name) == ("confirmed", "Cio", "Ciso")
    assert [(one.due_on, one.times_confirmed) for one in page.due] == [(review.next_on, 1)]
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED
    assert world.audit_faults() == []


def test_silence_ends_an_acceptance(world: World) -> None:
    risk_id, case_id = accept(world)
    world.pass_time(days=274)
    world.act(case_id, "review_advice", "ciso", VALID)
    world.pass_time(days=30)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    [review] = world.parley.treatment.reviews(world.people["auditor"]).past
    assert (review.outcome, review.by_name) == ("lapsed", "")
    again = world.case(str(review.next_case_id))
    assert again.instance.linked_from == case_id
    assert world.audit_faults() == []


def test_within_appetite_a_silent_ciso_is_no_veto_and_no_consent(small_world: World) -> None:
    world = small_world
    risk_id, case_id = accept(world)
    world.pass_time(days=290)
    assert world.parley.cases.inbox(world.people["ciso"]) == []
    confirm(world, case_id)
    [review] = world.parley.treatment.reviews(world.people["auditor"]).past
    assert (review.outcome, review.advised_by_name, review.advice) == ("confirmed", "", "")
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED


def test_where_the_ciso_sees_it_otherwise_the_risk_is_decided_again(world: World) -> None:
    risk_id, case_id = accept(world)
    world.pass_time(days=274)
    world.act(case_id, "review_advice", "ciso", NOT_VALID)
    confirm(world, case_id)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    [review] = world.parley.treatment.reviews(world.people["auditor"]).past
    assert (review.outcome, review.advice) == ("not confirmed", "It is exploited by now.")


def test_advice_of_last_year_does_not_count_for_this_year(small_world: World) -> None:
    world = small_world
    risk_id, case_id = accept(world)
    world.pass_time(days=274)
    world.act(case_id, "review_advice", "ciso", VALID)
    confirm(world, case_id)
    world.pass_time(days=356)
    confirm(world, case_id)
    reviews = world.parley.treatment.reviews(world.people["auditor"]).past
    assert [(one.outcome, one.advised_by_name) for one in reviews] == [
        ("confirmed", ""),
        ("confirmed", "Ciso"),
    ]
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED


def test_above_appetite_nothing_is_confirmed_without_an_independent_voice(world: World) -> None:
    risk_id, case_id = accept(world, level="high")
    world.pass_time(days=290)
    world.act(case_id, "advise_instead", "cro", VALID)
    confirm(world, case_id)
    [review] = world.parley.treatment.reviews(world.people["auditor"]).past
    assert (review.outcome, review.advised_by_name) == ("confirmed", "Cro")
    world.pass_time(days=358)
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED
    world.pass_time(days=3)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED, "nobody was heard"


def test_the_next_review_is_within_twelve_months(small_world: World) -> None:
    world = small_world
    _, case_id = accept(world)
    world.pass_time(days=274)
    world.act(case_id, "review_advice", "ciso", VALID)
    with pytest.raises(AnswersRefused):
        confirm(world, case_id, days=370)
    confirm(world, case_id, days=365)
