"""A decision that is taken up again ends what carries it out: its tasks end with a reason, and nothing is
accepted, treated or exempted by it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.types import InstanceState
from tests.workflows.treatment.test_treatment import plan, treat
from tests.workflows.world import EXEMPT, World
from workflows.errors import AnswersRefused, EngineError
from workflows.exemptions.models import exemption_endings
from workflows.types import RiskStatus
from workflows.verification import domain_faults


def holds(world: World) -> None:
    assert world.audit_faults() == []
    with world.parley.database.reading() as connection:
        assert domain_faults(connection) == []


def test_a_challenge_ends_the_treatment_and_tells_whoever_worked_on_it(world: World) -> None:
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    task_id = world.task_id(case_id, "report_milestone", "architect")
    before = world.parley.cases.task_page(world.people["architect"], task_id)
    challenge = world.parley.risks.challenge
    with pytest.raises(AnswersRefused):
        challenge(world.people["ciso"], risk_id, "rating", "")
    assert world.case(case_id).instance.state is InstanceState.RUNNING, "both or neither"

    case = challenge(world.people["ciso"], risk_id, "rating", "It is exploited by now.")
    old = world.case(case_id)
    assert (old.instance.state, old.waiting) == (InstanceState.CANCELLED, ())
    why = "The decision was challenged on the ground “rating”."
    assert old.sentence.endswith(why)
    assert old.timeline[-1].sentence == f"The case ended on 2 March 2026: {why}"
    assert case.id in [one.instance_id for one in old.linked]
    assert world.parley.cases.inbox(world.people["architect"]) == []
    page = world.parley.cases.task_page(world.people["architect"], task_id)
    assert why in page.why_me
    assert page.presentation is None
    with pytest.raises(EngineError):
        world.parley.cases.submit(
            world.people["architect"],
            task_id,
            revision=before.revision,
            token=before.token,
            answers={"status": "done", "evidence": "Ticket 4711."},
        )
    plans = world.parley.treatment.plans(world.people["auditor"])
    assert plans.open == ()
    [ended] = plans.ended
    assert (ended.outcome, ended.next_case_id) == ("stopped", case.id)
    world.pass_time(hours=1)
    world.parley.dialogue.open_missing()
    week = world.parley.dialogue.page(world.people["cio"]).current
    assert week is not None
    assert ("challenged", risk_id) in [(line.kind, line.risk_id) for line in week.agenda]
    world.pass_time(days=100)
    assert world.risk(risk_id).status is not RiskStatus.CLOSED
    holds(world)


def test_a_new_decision_ends_the_review_of_an_acceptance(small_world: World) -> None:
    world = small_world
    world.appoint("hr", "governance")
    risk, case_id = world.raise_risk()
    risk_id = risk.id
    world.positions(case_id)
    review = (world.now + timedelta(days=40)).date().isoformat()
    answer = {"decision": "accept", "reason": "It is small.", "review_date": review}
    world.act(case_id, "decide", "cio", answer)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.pass_time(days=20)
    [waits] = world.case(case_id).waiting
    assert waits.element_id == "review_advice"
    world.parley.register.amend(world.people["cio"], risk_id, {"description": "Far worse."}, "News")
    case = world.parley.register.ask_for_decision(world.people["hr"], risk_id, "It is far worse.")
    assert world.case(case_id).sentence.endswith("A new decision was asked for: It is far worse.")
    assert [one.risk_id for one in world.parley.cases.inbox(world.people["ciso"])] == [risk_id]
    world.pass_time(days=60)
    assert world.risk(risk_id).status is not RiskStatus.ACCEPTED
    assert world.case(case.id).instance.linked_from == case_id
    holds(world)


def test_an_exemption_that_was_only_asked_for_is_refused_with_its_cancelled_case(small_world: World) -> None:
    world = small_world
    world.appoint("hr", "governance")
    _, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    assert [one.element_id for one in world.case(case_id).waiting] == ["name_controls"]
    world.parley.cases.cancel(world.people["hr"], case_id, "The asset is another one.")
    with world.parley.database.reading() as connection:
        [(kind, reason)] = connection.execute(select(exemption_endings.c.kind, exemption_endings.c.reason))
    assert (kind, reason.endswith("The asset is another one.")) == ("rejected", True)
    assert world.case(case_id).sentence == "Cancelled on 2 March 2026: The asset is another one."
    holds(world)
