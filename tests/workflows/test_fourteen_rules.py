"""The rules that keep the tension constructive, one by one: what the software refuses, and what it does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine.errors import AnswersRefused, NotEntitled
from engine.types import Actor
from tests.workflows.world import CHALLENGE, CIO_POSITION, CISO_POSITION, EXEMPT, MITIGATE, STAND, World
from workflows.committee.rules import why_barred
from workflows.dialogue.models import dialogue_notes
from workflows.dialogue.types import NoteKind
from workflows.errors import RuleBroken
from workflows.identity.types import SYSTEM_PERSON
from workflows.types import RiskStatus

LOW = {"likelihood": "low", "impact": "low"}
SETTLED = {RiskStatus.ACCEPTED, RiskStatus.EXEMPTED, RiskStatus.CLOSED}


def seen(world: World, case_id: str, reader: str) -> str:
    """Everything that the page of a case shows to a reader."""
    case = world.case(case_id, reader)
    return f"{case.positions} {case.timeline} {case.submissions}"


def waits_at(world: World, case_id: str) -> set[str]:
    return {one.element_id for one in world.case(case_id).waiting}


def within_appetite(world: World) -> tuple[str, str]:
    """A low risk that both would accept, and its case, before it is decided."""
    risk, case_id = world.raise_risk(**LOW)
    world.act(case_id, "cio_position", "cio", CIO_POSITION | LOW | {"treatment": "accept"})
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION | LOW | {"treatment": "accept"})
    return risk.id, case_id


def acceptance(world: World, days: int) -> dict[str, str]:
    on = (world.now + timedelta(days=days)).date().isoformat()
    return {"decision": "accept", "review_date": on, "reason": "The loss is small."}


def test_rule_1_blind_positions(world: World) -> None:
    _, case_id = world.raise_risk()
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION)
    for reader in ("cio", "auditor", "cro"):
        assert CISO_POSITION["evidence"] not in seen(world, case_id, reader), "sealed to everybody else"
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    for reader in ("cio", "ciso", "auditor"):
        shown = seen(world, case_id, reader)
        assert CISO_POSITION["evidence"] in shown, "revealed together"
        assert CIO_POSITION["reason"] in shown
    assert world.audit_faults() == []


def test_rule_1_a_later_change_is_appended_with_at_whose_request(world: World) -> None:
    risk, case_id = world.raise_risk(**LOW)
    change = world.parley.cases.change_position
    high = {"likelihood": "very_high", "impact": "very_high", "treatment": "mitigate"}
    changed = {"element": "ciso_position", **high, "at_request_of": "ceo", "reason": "I was asked to."}
    low = LOW | {"treatment": "accept"}
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION | low)
    with pytest.raises(NotEntitled):
        change(world.people["ciso"], case_id, changed)  # still sealed
    world.act(case_id, "cio_position", "cio", CIO_POSITION | low)
    with pytest.raises(NotEntitled):
        change(world.people["cio"], case_id, changed)  # not the own one
    with pytest.raises(AnswersRefused) as refused:
        change(world.people["ciso"], case_id, changed | {"at_request_of": ""})
    assert list(refused.value.errors) == ["at_request_of"]
    assert world.case(case_id, "ciso").may_change == {"ciso_position"}
    change(world.people["ciso"], case_id, changed)
    [shown] = [one for one in world.case(case_id).positions if one.element_id == "ciso_position"]
    assert ("Low" in str(shown.answers), shown.changes[0].at_request_of) == (True, "Ceo"), "side by side"
    # It rates higher, above appetite: the two cannot settle it alone any more.
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED
    assert world.audit_faults() == []


def test_rule_1_a_lower_rating_later_on_lowers_nothing(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.positions(case_id)
    given = {"element": "ciso_position", **LOW, "treatment": "accept", "reason": "It was wished."}
    world.parley.cases.change_position(world.people["ciso"], case_id, given | {"at_request_of": "cio"})
    world.act(case_id, "decide", "cio", MITIGATE)
    assert waits_at(world, case_id) == {"respond"}


def test_rule_2_each_rates_for_himself_the_higher_rating_routes(world: World) -> None:
    _, case_id = world.raise_risk(**LOW)
    high = {"likelihood": "very_high", "impact": "very_high"}
    world.act(case_id, "cio_position", "cio", CIO_POSITION | LOW)
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION | high)
    # Two levels apart: a challenge on the ground "rating" is open before anybody decides.
    assert waits_at(world, case_id) == {"answer_challenge"}
    world.act(case_id, "answer_challenge", "cio", STAND)
    [entry] = world.parley.committee.docket(world.people["auditor"], case_id)
    assert entry.matter == "rating", "the committee may rule on the rating alone"


def test_rule_2_and_the_higher_one_counts(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk()
    moderate = {"likelihood": "moderate", "impact": "moderate"}
    world.act(case_id, "cio_position", "cio", CIO_POSITION | moderate)
    world.act(case_id, "ciso_position", "ciso", CISO_POSITION | {"likelihood": "high", "impact": "high"})
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    assert str(world.risk(risk.id).level) == "high"


def test_rule_3_while_disputed_nothing_is_in_force(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    for element, key, answers in (("respond", "ciso", CHALLENGE), ("answer_challenge", "cio", STAND)):
        world.act(case_id, element, key, answers)
        page = world.parley.risks.risk(world.people["auditor"], risk.id)
        assert page.risk.status is RiskStatus.UNDECIDED
        assert (page.decisions, page.exemptions) == ((), ())


def test_rule_4_a_cisos_silence_is_no_veto(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk(**LOW)
    world.act(case_id, "cio_position", "cio", CIO_POSITION | LOW | {"treatment": "accept"})
    world.pass_time(days=11)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    assert world.risk(risk.id).status is RiskStatus.ACCEPTED
    passed = world.case(case_id).path.completed
    assert passed.get("without_advice"), "the record says that it was decided without advice"


def test_rule_4_and_no_consent(small_world: World) -> None:
    world = small_world
    risk, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio", CIO_POSITION)
    world.pass_time(days=11)
    assert waits_at(world, case_id) == {"deputy_advice"}
    world.pass_time(days=5)
    assert waits_at(world, case_id) == {"cro_advice"}
    assert world.asked(case_id, "cro_advice") == ["cro"]
    assert world.risk(risk.id).status is RiskStatus.UNDECIDED


def test_rule_6_a_committee_stays_a_committee(world: World) -> None:
    with world.parley.database.reading() as connection:
        organisation = world.parley.context.directory.organisation(connection, world.now)
    for key in ("cio", "ciso", "cio_deputy", "ciso_deputy", "architect", "cro"):
        assert why_barred(organisation, key), f"{key} does not vote"
    risk, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="recuse", retail="recuse", hr="recuse", operations="uphold")
    assert world.risk(risk.id).status not in SETTLED, "two voters are no committee"
    assert world.asked(case_id, "arbitrate") == ["cro"]


def test_rule_7_after_a_ruling_the_cio_still_owns_the_risk(world: World) -> None:
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    world.vote(case_id, cfo="uphold", legal="uphold", retail="uphold", hr="uphold", operations="overturn")
    assert world.asked(case_id, "acknowledge_ruling") == ["cio"]
    world.carry_out(case_id)
    assert "acknowledge_ruling" not in waits_at(world, case_id)


def test_rule_8_assurance_closes_the_loop(world: World) -> None:
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", MITIGATE)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    due = (world.now + timedelta(days=10)).date().isoformat()
    milestone = {"milestone_1": "All are updated", "owner_1": "architect", "due_1": due}
    world.act(
        case_id, "draw_up_plan", "cio", {"summary": "Update.", "owner": "cio", "count": "1", **milestone}
    )
    world.act(case_id, "report_milestone", "architect", {"status": "done", "evidence": "The scan."})
    assert world.risk(risk.id).status is RiskStatus.IN_TREATMENT, "a report alone closes nothing"
    assert world.asked(case_id, "verify_milestone") == ["ciso"]
    found = {"verdict": "verified", "reason": "The scan shows it.", **LOW}
    world.act(case_id, "verify_milestone", "ciso", found)
    assert world.risk(risk.id).status is RiskStatus.CLOSED


def test_rule_8_an_accepted_risk_has_a_review_date_within_twelve_months_also_within_appetite(
    small_world: World,
) -> None:
    world = small_world
    risk_id, case_id = within_appetite(world)
    with pytest.raises(AnswersRefused):
        world.act(case_id, "decide", "cio", acceptance(world, 400))
    world.act(case_id, "decide", "cio", acceptance(world, 365))
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED
    [review] = world.parley.treatment.reviews(world.people["auditor"]).due
    assert review.due_on == (world.now + timedelta(days=365)).date()
    world.pass_time(days=367)
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED, "it does not go on by itself"


def test_rule_9_deputies_are_named_with_dates_and_never_of_the_other_side(small_world: World) -> None:
    world = small_world
    until = world.now + timedelta(days=90)
    for deputy, post, principal in (
        ("ciso", "cio", "cio"),
        ("ciso_deputy", "cio", "cio"),
        ("cio", "ciso", "ciso"),
    ):
        with pytest.raises(RuleBroken):
            world.appoint(deputy, post, deputy_for=principal, valid_until=until)
    world.appoint("cio_deputy", "cio", deputy_for="cio", valid_until=until)
    _, case_id = world.raise_risk()
    world.act(case_id, "cio_position", "cio_deputy", CIO_POSITION)
    told = "\n".join(world.told(case_id))
    assert "Cio Deputy for Cio" in told, "on whose behalf is on record"


def test_rule_10_a_vacant_post_is_said_to_be_vacant_and_its_tasks_go_up(small_world: World) -> None:
    world = small_world
    identity, admin = world.parley.identity, world.people["admin"]
    [post] = [one for one in identity.page(admin, "ciso").appointments if one.role == "ciso"]
    identity.end_appointment(admin, post.id, ends_at=world.now, basis="Left the bank")
    world.clock.time += timedelta(minutes=1)
    _, case_id = world.raise_risk()
    receipt = world.act(case_id, "ciso_position", "cro", CISO_POSITION)
    with world.parley.database.reading() as connection:
        every = world.parley.engine.instances.submissions(connection, case_id, reader="cro")
    [given] = [one for one in every if one.id == receipt.submission_id]
    assert "The post of CISO is vacant; its tasks go to the chief risk officer" in given.authority


def test_rule_10_who_would_hold_both_posts_needs_an_independent_adviser(small_world: World) -> None:
    with pytest.raises(RuleBroken, match="independent adviser"):
        small_world.appoint("cio", "ciso")


def test_rule_11_legal_obligations_cannot_be_exempted(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk(category="legal_obligation")
    world.positions(case_id)
    for decision in (EXEMPT, acceptance(world, 100)):
        with pytest.raises(AnswersRefused):
            world.act(case_id, "decide", "cio", decision)
    world.act(case_id, "decide", "cio", MITIGATE)


def test_rule_11_no_party_cancels_a_case(world: World) -> None:
    world.appoint("architect", "governance")
    world.appoint("ciso_deputy", "governance")
    world.appoint("ciso_deputy", "ciso", deputy_for="ciso", valid_until=world.now + timedelta(days=90))
    world.clock.time += timedelta(minutes=1)
    risk_id, case_id = exempted(world)
    cancel = world.parley.cases.cancel
    # The CISO's deputy has the permission, and is a party all the same.
    for key, sentence in (("cio", "do not let you cancel"), ("ciso_deputy", "no party to a case cancels it")):
        assert not world.case(case_id, key).may_cancel
        with pytest.raises(NotEntitled, match=sentence):
            cancel(world.people[key], case_id, "I would rather not.")
    with pytest.raises(AnswersRefused):
        cancel(world.people["admin"], case_id, " ")
    assert world.risk(risk_id).status is RiskStatus.EXEMPTED
    assert world.case(case_id, "architect").may_cancel
    cancel(world.people["architect"], case_id, "It was started for the wrong asset.")
    risk = world.risk(risk_id)
    assert (risk.status, risk.exemption) == (RiskStatus.UNDECIDED, None)
    assert "wrong asset" in "\n".join(world.told(case_id))
    [newest, *_] = world.parley.risks.risk(world.people["auditor"], risk_id).history
    assert (newest.case_id, newest.by) == (case_id, "architect")
    assert world.audit_faults() == []


def test_rule_11_what_was_challenged_stays_challenged(small_world: World) -> None:
    world = small_world
    world.appoint("hr", "governance")
    world.clock.time += timedelta(minutes=1)
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    case = world.parley.risks.challenge(
        world.people["ciso"], risk_id, "rating", "It is worse.", containment="It is switched off."
    )
    world.parley.cases.cancel(world.people["hr"], case.id, "Started twice.")
    dispute = world.risk(risk_id).dispute
    assert dispute is not None, "cancelling settles nothing"
    assert dispute.containment == "It is switched off."
    again = world.parley.register.ask_for_decision(world.people["hr"], risk_id, "The challenge is open.")
    world.act(again.id, "cio_position", "cio", CIO_POSITION | LOW | {"treatment": "accept"})
    world.act(again.id, "ciso_position", "ciso", CISO_POSITION | LOW | {"treatment": "accept"})
    world.act(again.id, "decide", "cio", acceptance(world, 100))
    assert waits_at(world, again.id) == {"respond"}
    figures = world.parley.metrics.figures(world.people["auditor"])
    assert len(figures.series["challenged-active"].whole.members) == 1, "counted once"


def test_rule_12_light_where_it_may_be_light(world: World) -> None:
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    assert "respond" not in waits_at(world, case_id), "no challenge step where positions agree"
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED


def test_rule_13_candour(small_world: World) -> None:
    world = small_world
    dialogue = world.parley.dialogue
    dialogue.open_missing()
    dialogue.put_down(world.people["cio"], None, NoteKind.CHALLENGE, "The vendor may fail.")
    [note] = dialogue.page(world.people["ciso"]).items
    dialogue.take_back(world.people["cio"], None, note.id)
    with world.parley.database.reading() as connection:
        assert connection.execute(select(dialogue_notes)).all() == []
        entries = world.parley.engine.audit.entries(connection, "dialogues")
    assert not any("vendor" in str(entry.payload) for entry in entries), "candour leaves no trace"
    current = dialogue.page(world.people["cio"]).current
    assert current is not None
    world.act(current.case_id, "cio_account", "cio", {"held": "held", "agreed": "agreed"})
    world.pass_time(days=7)
    [past, *_] = dialogue.page(world.people["cio"]).past
    assert "did not confirm" in past.sentence, "noted, and it blocks nothing"


def test_rule_14_incidents_are_linked_to_the_decisions_they_put_to_the_test(world: World) -> None:
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    world.clock.time += timedelta(days=20)
    told = {
        "title": "The side system was down for a day",
        "what": "Somebody guessed the password of an old account.",
        "happened_on": world.now.date().isoformat(),
        "foreseen": "neither",
        "lesson": "Old accounts count.",
    }
    link = world.parley.treatment.link_incident
    with pytest.raises(NotEntitled):
        link(world.people["auditor"], risk_id, case_id, told)
    with pytest.raises(AnswersRefused):
        link(world.people["ciso"], risk_id, case_id, told | {"happened_on": "2026-01-01"})
    assert link(world.people["ciso"], risk_id, case_id, told) == "S-0001"
    [back] = world.parley.treatment.look_back(world.people["auditor"])
    assert (back.advised, back.decided) == ("Accept, at low", "accept")
    assert back.incident.what == told["what"]
    figures = world.parley.metrics.figures(world.people["auditor"])
    assert [one.case_id for one in figures.series["tested"].whole.members] == [case_id]
    assert world.audit_faults() == []


def test_nobody_acts_for_a_post_not_held(small_world: World) -> None:
    """What all fourteen rest on: authority is in tables, never in what was sent."""
    world = small_world
    _, case_id = world.raise_risk()
    task_id = world.task_id(case_id, "ciso_position", "ciso")
    with world.parley.database.reading() as connection:
        task = world.parley.engine.tasks.get(connection, task_id)
    for key in ("cio", "cro", "admin", "auditor", "raiser", SYSTEM_PERSON.id):
        with pytest.raises(NotEntitled):
            world.parley.engine.tasks.complete(
                Actor(key), task_id, revision=task.revision, token=f"a-token-of-{key}", answers=CISO_POSITION
            )


def exempted(world: World) -> tuple[str, str]:
    """A risk that is exempted, and its case."""
    risk, case_id = world.raise_risk()
    world.positions(case_id)
    world.act(case_id, "decide", "cio", EXEMPT)
    world.act(case_id, "respond", "ciso", {"response": "concur"})
    world.approve(case_id)
    return risk.id, case_id


def test_rule_5_the_ciso_challenges_a_decision_in_force(world: World) -> None:
    risk_id, case_id = exempted(world)
    world.clock.time += timedelta(days=10)
    ciso, auditor = world.people["ciso"], world.people["auditor"]
    challenge = world.parley.risks.challenge
    with pytest.raises(NotEntitled):
        challenge(world.people["cio"], risk_id, "not_defensible", "It is exploited.")
    with pytest.raises(AnswersRefused):
        challenge(ciso, risk_id, "no ground at all", "It is exploited.")
    case = challenge(
        ciso, risk_id, "not_defensible", "It is exploited now.", containment="The servers are switched off."
    )
    page = world.parley.risks.risk(auditor, risk_id)
    assert page.risk.status is RiskStatus.UNDECIDED
    assert page.risk.exemption is None, "the exemption has no effect meanwhile"
    assert world.parley.exemptions.active(auditor) == []
    dispute = page.risk.dispute
    assert dispute is not None
    assert (dispute.containment, dispute.challenged_case) == ("The servers are switched off.", case_id)
    assert [one.instance_id for one in world.case(case.id).linked] == [case_id]
    world.parley.engine.worker.run_until_idle()
    assert world.case(case_id).instance.ended_at is not None, "the case of the suspended exemption is over"
    figures = world.parley.metrics.figures(auditor)
    assert [one.case_id for one in figures.series["challenged-active"].whole.members] == [case.id]
    # Decided anew: the CISO is asked, whatever the two propose.
    world.positions(case.id)
    world.act(case.id, "decide", "cio", MITIGATE)
    assert waits_at(world, case.id) == {"respond"}
    world.act(case.id, "respond", "ciso", {"response": "concur"})
    after = world.risk(risk_id)
    assert (after.status, after.dispute) == (RiskStatus.IN_TREATMENT, None)
    assert world.audit_faults() == []


def test_rule_5_the_same_ground_again_needs_new_evidence(world: World) -> None:
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    ciso = world.people["ciso"]
    challenge = world.parley.risks.challenge
    case = challenge(ciso, risk_id, "rating", "It is worse than we thought.")
    with pytest.raises(RuleBroken, match="no decision on it is in force"):
        challenge(ciso, risk_id, "rating", "And again.")
    world.act(case.id, "cio_position", "cio", CIO_POSITION | LOW | {"treatment": "accept"})
    world.act(case.id, "ciso_position", "ciso", CISO_POSITION | LOW | {"treatment": "accept"})
    world.act(case.id, "decide", "cio", acceptance(world, 100))
    assert waits_at(world, case.id) == {"respond"}, "within appetite too: what was challenged is answered"
    world.act(case.id, "respond", "ciso", {"response": "concur"})
    assert world.risk(risk_id).status is RiskStatus.ACCEPTED
    for said in ("", "It is worse than we thought."):
        with pytest.raises(AnswersRefused) as refused:
            challenge(ciso, risk_id, "rating", "It is worse.", said)
        assert "needs evidence that was not there then" in str(refused.value.errors)
    challenge(ciso, risk_id, "rating", "It is worse.", "The scan of Friday.")
    assert world.risk(risk_id).status is RiskStatus.UNDECIDED


@pytest.mark.parametrize(("to", "element"), [("cro", "arbitrate"), ("sponsor", "sponsor_arbitrate")])
def test_rule_5_the_ciso_may_go_directly_to_the_top(small_world: World, to: str, element: str) -> None:
    world = small_world
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    case = world.parley.risks.challenge(
        world.people["ciso"], risk_id, "not_defensible", "It is exploited now.", to=to
    )
    world.positions(case.id)
    world.parley.engine.worker.run_until_idle()
    assert waits_at(world, case.id) == {element}
    assert world.asked(case.id, element) == [to]
    world.act(case.id, element, to, {"ruling": "overturn", "reason": "It is exploited."})
    world.carry_out(case.id)
    assert world.risk(risk_id).status is RiskStatus.NOT_ACCEPTED


def test_rule_5_silence_settles_no_challenge(small_world: World) -> None:
    world = small_world
    risk_id, case_id = within_appetite(world)
    world.act(case_id, "decide", "cio", acceptance(world, 100))
    case = world.parley.risks.challenge(world.people["ciso"], risk_id, "rating", "It is worse.")
    world.act(case.id, "cio_position", "cio", CIO_POSITION | LOW | {"treatment": "accept"})
    world.pass_time(days=11)
    world.act(case.id, "decide", "cio", acceptance(world, 100))
    world.pass_time(days=60)
    assert world.risk(risk_id).status is not RiskStatus.ACCEPTED
