"""The two stories the software is for, and the ways they may go wrong, through the real engine and policy.

Each step is a command of its own, so each loads the case from the database and saves it again.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.workflows.world import CHALLENGE, CIO_POSITION, CISO_POSITION, EXEMPT, MITIGATE, World
from workflows.errors import AnswersRefused, Conflict, NotEntitled, NotFound
from workflows.types import Level, RiskStatus, is_active


def test_the_cio_revises_and_the_ciso_concurs(world: World) -> None:
    risk, case_id = world.raise_risk()
    assert risk.status is RiskStatus.UNDECIDED
    assert risk.level is Level.HIGH
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", CHALLENGE)
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED, "while disputed nothing is in force"
    world.act(case_id, "answer_challenge", "cio", {"answer": "revise", "reason": "Convinced."})
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})

    page = world.parley.risks.risk(world.people["auditor"], risk.id)
    assert page.risk.status is RiskStatus.IN_TREATMENT
    assert [(d.response, d.decided_by, d.tier) for d in page.decisions] == [("mitigate", "cio", "cio")]
    assert page.exemptions == ()
    case = world.case(case_id)
    assert {one.element_id for one in case.waiting} == {"draw_up_plan"}, "in force, and to be carried out"
    assert "Ciso (CISO) challenged the decision: not defensible. It is exploited already." in world.told(
        case_id
    )
    assert world.audit_faults() == []


def test_escalated_exempted_by_vote_expired_and_back_on_the_cios_desk(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="amend", legal="overturn", retail="amend", hr="overturn", operations="amend")
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED, "ruled, and not carried out yet"
    world.carry_out(case_id)
    assert world.parley.exemptions.active(world.people["auditor"]) == [], "its controls are not checked yet"
    world.approve(case_id)

    [exemption] = world.parley.exemptions.active(world.people["auditor"])
    assert (exemption.id, exemption.risk_id, exemption.days) == ("E-0001", risk.id, 90)
    assert exemption.decided_tier == "committee"
    assert exemption.expires_at == world.now + timedelta(days=90)
    assert exemption.conditions.startswith("No new repositories")
    assert exemption.compensating_controls == EXEMPT["compensating_controls"]
    assert exemption.record["tally"]["counts"] == {"amend": 3, "overturn": 2}
    assert world.risk(risk.id).status is RiskStatus.EXEMPTED
    assert world.risk(risk.id).exemption == exemption
    ballot = world.case(case_id).ballot
    assert ballot is not None
    assert ballot.sentence == "3 of 5 voted to amend."
    assert sorted(vote.person_name for vote in ballot.votes if vote.is_dissent) == ["Hr", "Legal"]

    world.pass_time(days=60)
    world.pass_time(days=29, hours=23)
    assert world.risk(risk.id).status is RiskStatus.EXEMPTED
    world.pass_time(hours=1)
    ended = world.parley.exemptions.exemption(world.people["auditor"], "E-0001")
    assert not is_active(ended, world.now)
    assert world.parley.exemptions.active(world.people["auditor"]) == []
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    [linked] = world.case(case_id).linked
    again = world.case(linked.instance_id)
    assert again.instance.linked_from == case_id
    assert "It is back on the CIO's desk." in again.timeline[0].sentence
    assert [row.instance_id for row in world.parley.cases.inbox(world.people["cio"])] == [linked.instance_id]
    assert world.audit_faults() == []


def test_a_changed_byte_of_an_entry_is_found_and_named(small_world: World) -> None:
    risk, case_id = small_world.raise_risk()
    small_world.positions(case_id)
    assert small_world.audit_faults() == []
    with small_world.parley.database.unit_of_work() as uow:
        uow.connection.execute(text("DROP TRIGGER IF EXISTS audit_entries_no_update"))
        triggers = uow.connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entries'")
        ).scalars()
        for trigger in triggers.all():
            uow.connection.execute(text(f"DROP TRIGGER {trigger}"))
        uow.connection.execute(
            text(
                "UPDATE audit_entries SET payload = replace(payload, 'vulnerability', 'vulnerabilitY') "
                "WHERE chain = :c"
            ),
            {"c": f"risk:{risk.id}"},
        )
    faults = small_world.audit_faults()
    assert len(faults) == 1
    assert faults[0].startswith("Entry 1:")


def test_a_concurred_exemption_is_granted_at_the_cios_tier(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT | {"days": "30"})
    world.act(
        case_id,
        "respond",
        "ciso",
        {"response": "concur_with_conditions", "conditions": "Logs are read daily."},
    )
    world.approve(case_id)
    [exemption] = world.parley.exemptions.of_risk(world.people["auditor"], risk.id)
    assert (exemption.days, exemption.decided_tier, exemption.decided_by) == (30, "cio", "cio")
    assert "Logs are read daily." in exemption.conditions
    assert world.parley.exemptions.expiring(world.people["auditor"], timedelta(days=30)) == [exemption]
    assert world.parley.exemptions.expiring(world.people["auditor"], timedelta(days=29)) == []


def test_a_tie_goes_to_the_chief_risk_officer_who_refuses(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="overturn", retail="uphold", hr="overturn", operations="abstain")
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED, "a tie accepts nothing"
    assert "The vote was tied, 2 to 2. Nothing is accepted by that: the dispute goes up." in world.told(
        case_id
    )
    world.act(case_id, "arbitrate", "cro", {"ruling": "overturn", "reason": "Too much is at stake."})
    world.carry_out(case_id)
    page = world.parley.risks.risk(world.people["auditor"], risk.id)
    assert page.risk.status is RiskStatus.NOT_ACCEPTED
    assert [(d.response, d.decided_by, d.tier) for d in page.decisions] == [("refused", "cro", "cro")]
    assert world.case(case_id).instance.outcome == "Risk not accepted"


def test_the_chief_risk_officer_may_exempt(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="overturn", retail="uphold", hr="overturn", operations="abstain")
    world.act(
        case_id,
        "arbitrate",
        "cro",
        {"ruling": "amend", "days": "14", "conditions": "Nightly scans.", "reason": "Two weeks, no more."},
    )
    world.carry_out(case_id)
    world.approve(case_id)
    [exemption] = world.parley.exemptions.active(world.people["auditor"])
    assert (exemption.days, exemption.decided_tier, exemption.decided_by) == (14, "cro", "cro")


def test_a_vote_that_runs_out_of_time_goes_up(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="uphold")
    assert world.pass_time(days=3) == 1
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED, "silence accepts nothing"
    assert [w.element_id for w in world.case(case_id).waiting] == ["arbitrate"]
    assert world.parley.exemptions.all(world.people["auditor"]) == []


def test_a_committee_that_cannot_sit_is_passed_over(world: World) -> None:
    for key in ("hr", "legal", "retail"):
        world.parley.identity.change_person(world.people["admin"], key, reports_to="ciso")
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    case = world.case(case_id)
    assert [w.element_id for w in case.waiting] == ["arbitrate"]
    assert any(sentence.startswith("The committee could not be seated") for sentence in world.told(case_id))
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED


def test_a_refusing_committee_leaves_the_risk_not_accepted(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="overturn", legal="overturn", retail="overturn", hr="recuse", operations="uphold")
    world.carry_out(case_id)
    assert world.risk(risk.id).status is RiskStatus.NOT_ACCEPTED
    assert "3 of 4 voted to overturn, 1 member having stepped aside." in world.told(case_id)


def test_an_accepted_risk_has_a_review_date(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(
        case_id,
        "decide",
        "cio",
        {"decision": "accept", "review_date": "2026-09-01", "reason": "It is small."},
    )
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    page = world.parley.risks.risk(world.people["auditor"], risk.id)
    assert page.risk.status is RiskStatus.ACCEPTED
    assert str(page.decisions[0].review_date) == "2026-09-01"


def test_positions_are_blind_on_every_way_to_them(world: World) -> None:
    """What one leader filed is nowhere to be found for anybody else before the other one filed too."""
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    secret = CIO_POSITION["reason"]
    for key in ("ciso", "auditor", "cro", "cfo", "raiser"):
        case = world.case(case_id, key)
        assert secret not in repr(case), key
        [position] = [one for one in case.positions if one.role == "cio"]
        assert position.is_in
        assert position.is_sealed
        assert position.answers == ()
    page = world.parley.cases.task_page(world.people["ciso"], world.task_id(case_id, "ciso_position", "ciso"))
    assert secret not in repr(page)
    assert secret in repr(world.case(case_id, "cio")), "the author may read the own"
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION)
    for key in ("ciso", "cio", "auditor"):
        shown = repr(world.case(case_id, key))
        assert secret in shown
        assert CISO_POSITION["evidence"] in shown


def test_the_leaders_ratings_are_kept_each_under_the_own_name(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk(likelihood="low", impact="low")
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    page = world.parley.risks.risk(world.people["auditor"], risk.id)
    assert [(a.by, a.kind, a.level) for a in page.assessments] == [
        ("ciso", "current", Level.HIGH),
        ("cio", "current", Level.MODERATE),
        ("raiser", "inherent", Level.LOW),
    ]
    assert page.risk.level is Level.HIGH, "the higher rating counts"


def test_refusals_change_nothing(world: World) -> None:
    """Wrong person, missing field, unknown field, late submit, unknown id: each has its error."""
    _, case_id = world.raise_risk()
    cases, people = world.parley.cases, world.people
    task_id = world.task_id(case_id, "cio_position", "cio")
    before = world.case(case_id)
    with pytest.raises(NotEntitled):
        cases.submit(people["ciso"], task_id, revision=1, token="token-of-ciso", answers=CIO_POSITION)
    with pytest.raises(AnswersRefused) as missing:
        cases.submit(people["cio"], task_id, revision=1, token="token-of-cio-1", answers={})
    assert "reason" in missing.value.errors
    with pytest.raises(AnswersRefused) as unknown:
        cases.submit(
            people["cio"], task_id, revision=1, token="token-of-cio-2", answers=CIO_POSITION | {"x": "1"}
        )
    assert "x" in unknown.value.errors
    with pytest.raises(NotFound):
        cases.submit(people["cio"], "no-such-task", revision=1, token="token-of-cio-3", answers=CIO_POSITION)
    assert world.case(case_id) == before
    first = cases.submit(people["cio"], task_id, revision=1, token="token-of-cio-4", answers=CIO_POSITION)
    again = cases.submit(people["cio"], task_id, revision=1, token="token-of-cio-4", answers=CIO_POSITION)
    assert again.submission_id == first.submission_id
    assert again.repeated
    with pytest.raises(Conflict):
        cases.submit(people["cio"], task_id, revision=1, token="token-of-cio-5", answers=CIO_POSITION)


def test_nobody_but_the_seated_votes_and_nobody_twice(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    task_id = world.task_id(case_id, "vote", "cfo")
    ballot = {"choice": "overturn", "reason": "No."}
    for key in ("cio", "ciso", "cro", "legal", "admin"):
        with pytest.raises(NotEntitled):
            world.parley.cases.submit(
                world.people[key], task_id, revision=1, token=f"token-of-{key}", answers=ballot
            )
    world.act(case_id, "vote", "cfo", ballot)
    assert case_id not in [row.instance_id for row in world.parley.cases.inbox(world.people["cfo"])]


def test_a_voter_who_comes_under_a_leader_votes_no_more(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    task_id = world.task_id(case_id, "vote", "hr")
    world.parley.identity.change_person(world.people["admin"], "hr", reports_to="cio")
    with pytest.raises(NotEntitled):
        world.parley.cases.submit(
            world.people["hr"], task_id, revision=1, token="token-of-hr", answers={"choice": "uphold"}
        )


def test_a_vacant_post_is_said_to_be_vacant(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    [held] = world.parley.identity.page(world.people["admin"], "ciso").appointments
    world.parley.identity.end_appointment(
        world.people["admin"], held.id, ends_at=world.now + timedelta(hours=1), basis="Left the bank"
    )
    world.clock.advance(hours=1)
    [waiting] = [w for w in world.case(case_id).waiting if w.element_id == "ciso_position"]
    assert waiting.is_vacant
    assert waiting.candidates == ("Cro",)
    assert waiting.sentence == (
        "The post of CISO is vacant; its tasks go to the chief risk officer. Waits for Cro to advise on risk."
    )
    page = world.parley.cases.task_page(world.people["cro"], world.task_id(case_id, "ciso_position", "cro"))
    assert "The post of CISO is vacant; its tasks go to the chief risk officer" in page.why_me


def test_a_deputy_acts_on_behalf_and_not_on_both_sides(small_world: World) -> None:
    world = small_world
    world.appoint("ciso_deputy", "ciso", deputy_for="ciso")
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    world.act(case_id, "ciso_position", "ciso_deputy", CISO_POSITION)
    told = world.told(case_id)
    assert any(sentence.startswith("Ciso Deputy for Ciso (CISO) advised") for sentence in told)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.approve(case_id)
    assert len(world.parley.exemptions.active(world.people["auditor"])) == 1


def test_who_may_read_a_case(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    for key in ("cio", "ciso", "cro", "auditor", "sponsor", "cfo", "raiser"):
        assert world.case(case_id, key).instance.id == case_id
    for key in ("admin", "architect", "coo"):
        with pytest.raises(NotEntitled):
            world.case(case_id, key)
    assert world.case(case_id, "auditor").audit != ()
    assert world.case(case_id, "cio").audit == ()
    with pytest.raises(NotFound):
        world.case("no-such-case")


def test_whoever_stands_by_is_shown_what_it_waits_for(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    task_id = world.task_id(case_id, "decide", "cio")
    page = world.parley.cases.task_page(world.people["auditor"], task_id)
    assert not page.may_act
    assert page.presentation is None
    assert page.why_me == "This task is not yours. Waits for Cio (CIO) to decide on risk."
    mine = world.parley.cases.task_page(world.people["cio"], task_id)
    assert mine.why_me == "CIO, appointed 2 March 2026."
    assert mine.due == "due in 3 days"
    assert mine.presentation is not None
    assert [position.is_sealed for position in mine.positions] == [False, False]
    assert mine.policy.label == "Risk decision, version 1"


def test_one_token_raises_one_risk(small_world: World) -> None:
    world = small_world
    raiser = world.people["raiser"]
    other = world.raise_risk()[0]
    page = world.parley.risks.raise_page(raiser)
    sent = {
        "title": "One",
        "description": "Two",
        "category": "other",
        "assets": ["builds"],
        "likelihood": "low",
        "impact": "low",
    }
    first = world.parley.risks.raise_risk(raiser, sent, page.token)
    second = world.parley.risks.raise_risk(raiser, sent, page.token)
    assert first[0].id == second[0].id != other.id
    assert first[1].id == second[1].id
    with pytest.raises(Conflict):
        world.parley.risks.raise_risk(world.people["cio"], sent, page.token)
