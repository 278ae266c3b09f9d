"""Weaknesses seen in other tools, row by row: this one refuses each, or does what they leave undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from engine.errors import NotEntitled, OperationFailed
from engine.types import Actor
from tests.workflows.world import CIO_POSITION, CISO_POSITION, EXEMPT, World
from workflows.errors import RuleBroken
from workflows.risks.commands import change_status
from workflows.risks.transitions import TRANSITIONS
from workflows.types import SYSTEM_PERSON, RiskStatus

SETTLED = {RiskStatus.ACCEPTED, RiskStatus.EXEMPTED, RiskStatus.CLOSED}


def exempted(world: World) -> tuple[str, str]:
    """A risk exempted for 30 days with the CISO's agreement, and its case."""
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT | {"days": "30"})
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.approve(case_id)
    return risk.id, case_id


def refused(world: World, statement: str) -> None:
    """The database itself refuses, whoever connects to it."""
    with pytest.raises(DatabaseError), world.parley.database.unit_of_work() as uow:
        uow.connection.execute(text(statement))


def test_one_person_is_both_requester_and_approver(world: World) -> None:
    risk, case_id = world.raise_risk()
    assert risk.raised_by.id == "raiser", "who asked is on record"
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    tasks = world.parley.engine.tasks
    with world.parley.database.reading() as connection:
        [answer] = [one for one in tasks.of_instance(connection, case_id) if one.state == "open"]
    assert answer.element_id == "respond"
    for key in ("cio", "cio_deputy", "raiser"):
        with pytest.raises(NotEntitled):
            tasks.complete(
                Actor(key),
                answer.id,
                revision=answer.revision,
                token=f"a-token-of-{key}",
                answers={"response": "concur"},
            )
    with pytest.raises(RuleBroken, match="nobody is both CIO and CISO"):
        world.appoint("cio", "ciso")


def test_a_status_is_a_plain_writable_field_reset_without_a_trace_and_undone_by_deleting(
    world: World,
) -> None:
    risk_id, _ = exempted(world)
    change = next(one for one in TRANSITIONS if one.target is RiskStatus.ACCEPTED)
    with pytest.raises(OperationFailed, match="cannot become accepted from there"):
        world.parley.context.write(
            SYSTEM_PERSON, None, lambda writing: change_status(writing, risk_id, change, "Wanted", None)
        )
    refused(world, f"DELETE FROM risk_statuses WHERE risk_id = '{risk_id}'")
    refused(world, f"UPDATE risk_statuses SET target = 'accepted' WHERE risk_id = '{risk_id}'")
    refused(world, f"DELETE FROM decisions WHERE risk_id = '{risk_id}'")
    history = world.parley.risks.risk(world.people["auditor"], risk_id).history
    assert [one.target for one in history] == [RiskStatus.EXEMPTED, RiskStatus.UNDECIDED]
    assert all(one.reason and one.by_name for one in history)


def test_expiry_may_be_empty_or_is_stored_and_nothing_acts_on_it(world: World) -> None:
    risk_id, case_id = exempted(world)
    columns = "id, risk_id, case_id, element_id, granted_at, expires_at, days"
    refused(
        world,
        f"INSERT INTO exemptions ({columns}) SELECT 'E-9999', risk_id, case_id, element_id, granted_at, "
        "NULL, days FROM exemptions",
    )
    world.pass_time(days=31)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED, "expiry acts by itself"
    assert world.parley.exemptions.active(world.people["auditor"]) == []
    [again] = world.case(case_id).linked
    assert world.parley.cases.inbox(world.people["cio"])[0].instance_id == again.instance_id


def test_recommendation_and_decision_are_two_text_fields_with_no_author_or_time(world: World) -> None:
    risk_id, case_id = exempted(world)
    with world.parley.database.reading() as connection:
        acts = {
            one.element_id: one
            for one in world.parley.engine.instances.submissions(connection, case_id, reader="auditor")
        }
    assert (acts["ciso_position"].person_id, acts["decide"].person_id) == ("ciso", "cio")
    assert all(one.at and one.authority and one.version_hash for one in acts.values())
    assert acts["ciso_position"].answers["treatment"] == "mitigate", "the advice stays as it was given"
    [decision] = world.parley.risks.risk(world.people["auditor"], risk_id).decisions
    assert (decision.decided_by, decision.decided_at) == ("cio", acts["decide"].at)


def test_the_audit_log_is_flushed_after_90_days_and_history_can_be_purged(world: World) -> None:
    risk_id, case_id = exempted(world)
    before = len(world.told(case_id))
    world.pass_time(days=400)
    assert world.audit_faults() == []
    assert len(world.told(case_id)) >= before, "nothing of it has gone"
    for table in ("audit_entries", "submissions", "journal"):
        refused(world, f"DELETE FROM {table}")
    refused(world, f"UPDATE decisions SET reason = 'another' WHERE risk_id = '{risk_id}'")


def test_a_tie_or_silence_takes_a_default_outcome(world: World) -> None:
    tied, case_id = world.raise_risk()
    silent, _ = world.raise_risk(title="Nobody says a word")
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="overturn", retail="uphold", hr="overturn", operations="abstain")
    assert world.risk(tied.id).status is RiskStatus.UNDECIDED, "a tie accepts nothing"
    for _ in range(30):
        world.pass_time(days=10)
        for risk_id in (tied.id, silent.id):
            assert world.risk(risk_id).status not in SETTLED, "nor does silence, for however long"
    assert world.parley.exemptions.all(world.people["auditor"]) == []
    assert world.audit_faults() == []


def test_no_committee_voting_on_risks_recusal_recorded_dissent_or_escalation_between_leaders(
    world: World,
) -> None:
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="overturn", legal="uphold", retail="overturn", hr="recuse", operations="overturn")
    ballot = world.case(case_id).ballot
    assert ballot is not None
    dissent = [one for one in ballot.votes if one.is_dissent]
    assert [(one.person_name, one.reason) for one in dissent] == [("Legal", "The view of legal.")]
    assert [one.person_name for one in ballot.votes if one.choice == "recuse"] == ["Hr"]
    assert world.risk(risk.id).status not in SETTLED
    assert world.audit_faults() == []


def test_days_of_an_exemption_are_counted_by_one_clock(small_world: World) -> None:
    """One `is_active(now)` everywhere: kyverno #17473 shows two readers of expiry that disagree."""
    risk_id, _ = exempted(small_world)
    auditor = small_world.people["auditor"]
    for moment, alive in ((timedelta(days=29, hours=23), True), (timedelta(hours=2), False)):
        small_world.clock.time += moment
        listed = bool(small_world.parley.exemptions.active(auditor))
        shown = small_world.parley.exemptions.of_risk(auditor, risk_id)[0].state == "active"
        pinned = small_world.parley.risks.risk(auditor, risk_id).risk.exemption is not None
        assert (listed, shown, pinned) == (alive,) * 3


def test_positions_differ_and_neither_is_lost(small_world: World) -> None:
    """Both ratings stand in the register, each under the own name."""
    risk_id, _ = exempted(small_world)
    rated = {
        (one.by, one.likelihood.value)
        for one in small_world.parley.risks.risk(small_world.people["auditor"], risk_id).assessments
    }
    said = {
        (key, answers["likelihood"].replace("_", " "))
        for key, answers in (("cio", CIO_POSITION), ("ciso", CISO_POSITION))
    }
    assert said <= rated
