"""Treatment plans from the decision to the register: who may do what, what leads up, what is on record."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from engine.errors import NotEntitled
from engine.types import Actor
from tests.workflows.world import MITIGATE, World
from workflows.types import RiskStatus

LOW = {"likelihood": "low", "impact": "moderate"}
HIGH = {"likelihood": "high", "impact": "high"}


def treat(world: World) -> tuple[str, str]:
    """A risk decided to be mitigated, and the case in which it is treated."""
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    return risk.id, treating(world, case_id, risk.id)


def treating(world: World, case_id: str, risk_id: str) -> str:
    """The case itself where it goes on with the treatment; a case of the treatment's policy otherwise."""
    if world.case(case_id).instance.ended_at is None:
        return case_id
    with world.parley.database.unit_of_work() as uow:
        return world.parley.engine.instances.start(
            uow,
            key="risk-treatment",
            actor=Actor("cio"),
            subject=risk_id,
            answers={"response": "mitigate", "plan": MITIGATE["plan"]},
            authority="As decided",
        ).id


def plan(world: World, *days: int, owner: str = "architect", **more: Any) -> dict[str, Any]:
    """A plan with a milestone after so many days each."""
    answers: dict[str, Any] = {"summary": "All servers are patched.", "owner": "cio", "count": str(len(days))}
    for place, number in enumerate(days, 1):
        due = (world.now + timedelta(days=number)).date().isoformat()
        answers |= {f"milestone_{place}": f"Step {place}", f"owner_{place}": owner, f"due_{place}": due}
    return answers | more


def report(world: World, case_id: str, key: str = "architect") -> None:
    world.act(case_id, "report_milestone", key, {"status": "done", "evidence": "Ticket 4711 and the scan."})


def verify(world: World, case_id: str, key: str = "ciso", **more: str) -> None:
    answers = {"verdict": "verified", "reason": "The scan shows it.", **more}
    world.act(case_id, "verify_milestone", key, answers)


def test_a_plan_is_worked_off_verified_and_closes_the_risk(world: World) -> None:
    risk_id, case_id = treat(world)
    assert world.risk(risk_id).status is RiskStatus.IN_TREATMENT
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20, 10))
    waits = world.case(case_id).waiting[0].sentence
    assert waits == "Waits for Architect (owner of the milestone) to reach milestone."
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).open
    assert treatment.plan is not None
    assert [one.due_on for one in treatment.plan.milestones] == [date(2026, 3, 12), date(2026, 3, 22)]
    report(world, case_id)
    verify(world, case_id)
    report(world, case_id)
    assert world.risk(risk_id).status is RiskStatus.IN_TREATMENT, "one milestone is open"
    verify(world, case_id, **LOW)
    risk = world.risk(risk_id)
    assert risk.status is RiskStatus.CLOSED
    assert risk.residual is not None
    assert (risk.residual.by, risk.residual.level) == ("ciso", "low")
    done = world.parley.treatment.treatment(world.people["auditor"], treatment.id)
    assert (done.outcome, done.verified, done.total) == ("verified", 2, 2)
    assert world.audit_faults() == []


def test_what_was_returned_is_worked_on_again(small_world: World) -> None:
    world = small_world
    _, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    world.act(
        case_id, "verify_milestone", "ciso", {"verdict": "returned", "reason": "Two servers are missing."}
    )
    page = world.parley.cases.task_page(
        world.people["architect"], world.task_id(case_id, "report_milestone", "architect")
    )
    assert page.presentation is not None
    shown = str(page.presentation)
    assert "Returned by the CISO: Two servers are missing." in shown
    report(world, case_id)
    verify(world, case_id, **LOW)
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).ended
    [milestone] = treatment.plans[0].milestones
    assert [one.verdict for one in milestone.verifications] == ["returned", "verified"]
    assert len(milestone.reports) == 2


def test_only_the_ciso_verifies_and_never_who_did_the_work(small_world: World) -> None:
    world = small_world
    _, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    task = world.parley.engine.tasks
    with world.parley.database.reading() as connection:
        [waiting] = [one for one in task.of_instance(connection, case_id) if one.state == "open"]
        who = {key for key in world.people if task.authority(connection, key, waiting, world.now) is not None}
    assert waiting.element_id == "verify_milestone"
    assert who == {"ciso"}
    with pytest.raises(NotEntitled):
        world.parley.engine.tasks.complete(
            Actor("cio"),
            waiting.id,
            revision=waiting.revision,
            token="a-token-of-the-cio",
            answers={"verdict": "verified", "reason": "It is done."},
        )


def test_nobody_of_the_cisos_side_can_own_a_milestone(small_world: World) -> None:
    world = small_world
    _, case_id = treat(world)
    page = world.parley.cases.task_page(world.people["cio"], world.task_id(case_id, "draw_up_plan", "cio"))
    people = {one["value"] for one in page.data["begin_treatment"]["people"]}
    assert people == {"cio", "cio_deputy", "architect"}


def test_a_late_milestone_goes_to_the_cio_and_then_to_the_chief_risk_officer(world: World) -> None:
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 10))
    world.pass_time(days=11)
    assert [row.instance_id for row in world.parley.cases.inbox(world.people["architect"])] == []
    page = world.parley.treatment.plans(world.people["auditor"])
    assert [one.id for one in page.late] == ["T-0001"]
    world.pass_time(days=10)
    world.act(case_id, "order_treatment", "cro", {"order": "plan", "reason": "Set dates you can keep."})
    world.act(case_id, "draw_up_plan", "cio", plan(world, 30, reason="The vendor was late with the release."))
    treatment = world.parley.treatment.treatment(world.people["auditor"], "T-0001")
    assert [(one.number, one.reason) for one in treatment.plans] == [
        (2, "The vendor was late with the release."),
        (1, ""),
    ]
    assert [one.state for one in treatment.plans[1].milestones] == ["replaced"]
    assert treatment.late == ()
    report(world, case_id)
    verify(world, case_id, **LOW)
    assert world.risk(risk_id).status is RiskStatus.CLOSED
    assert world.audit_faults() == []


def test_an_owner_says_early_that_a_milestone_cannot_be_reached(small_world: World) -> None:
    world = small_world
    _, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 10))
    world.act(
        case_id, "report_milestone", "architect", {"status": "cannot", "obstacle": "No licence before May."}
    )
    page = world.parley.cases.task_page(world.people["cio"], world.task_id(case_id, "draw_up_plan", "cio"))
    assert page.presentation is not None
    assert "Why does the plan have to change?" in str(page.presentation)


def test_what_nobody_answers_for_is_decided_again(world: World) -> None:
    risk_id, case_id = treat(world)
    world.pass_time(days=21)
    world.pass_time(days=11)
    risk = world.risk(risk_id)
    assert risk.status is RiskStatus.UNDECIDED
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).ended
    assert treatment.outcome == "stopped"
    again = world.case(str(treatment.next_case_id))
    assert again.instance.linked_from == case_id
    assert again.instance.key == "risk-decision"
    assert world.audit_faults() == []


def test_the_chief_risk_officer_stops_a_treatment(small_world: World) -> None:
    world = small_world
    risk_id, case_id = treat(world)
    world.pass_time(days=21)
    world.act(case_id, "order_treatment", "cro", {"order": "stop", "reason": "It was never meant."})
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).ended
    assert "It was never meant." in treatment.end_reason


def test_what_is_left_above_appetite_is_decided_again(world: World) -> None:
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    verify(world, case_id, **HIGH)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).ended
    assert (treatment.outcome, treatment.residual) == ("not enough", "high")


def test_what_is_left_is_rated_by_the_organisations_own_table(small_world: World) -> None:
    world = small_world
    own = [
        ["very low", "very low", "low", "moderate", "high"],
        ["very low", "low", "low", "moderate", "high"],
        ["very low", "low", "moderate", "high", "very high"],
        ["low", "low", "moderate", "high", "very high"],
        ["low", "moderate", "high", "very high", "very high"],
    ]
    world.parley.register.set_matrix(world.people["sponsor"], own, basis="Resolution of the board")
    world.clock.time += timedelta(minutes=1)
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    verify(world, case_id, likelihood="low", impact="high")  # low by SP 800-30r1, moderate here
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED
    [treatment] = world.parley.treatment.plans(world.people["auditor"]).ended
    assert (treatment.outcome, treatment.residual) == ("not enough", "moderate")


def test_a_late_verification_is_the_chief_risk_officers_to_see_to(small_world: World) -> None:
    world = small_world
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 60))
    report(world, case_id)
    world.pass_time(days=11)
    assert world.task_id(case_id, "see_to_verification", "cro")
    verify(world, case_id, **LOW)
    assert world.risk(risk_id).status is RiskStatus.CLOSED, "the officer's open task keeps nothing waiting"


def test_a_milestone_whose_owner_has_left_falls_to_the_cio(world: World) -> None:
    _, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    world.parley.identity.change_person(world.people["admin"], "architect", active=False)
    report(world, case_id, "cio")
    assert world.case(case_id).waiting[0].candidates == ("Ciso",)
