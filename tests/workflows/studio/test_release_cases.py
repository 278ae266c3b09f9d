"""A release is a case, told from the inbox or the page of the draft; silence is never consent."""

from __future__ import annotations

from typing import Any

import pytest

from engine.types import Authority
from tests.workflows.studio.test_drafts_of_policies import KEY, Office
from tests.workflows.world import World
from workflows.errors import Conflict, NotEntitled
from workflows.guards import deputy_refusal
from workflows.policies.endorsements import endorsed
from workflows.types import SYSTEM_PERSON, Role

AGREE, ENDORSE = {"answer": "agree"}, {"answer": "endorse"}


@pytest.fixture
def office(small_world: World) -> Office:
    return Office(small_world)


def proposed(office: Office) -> str:
    """The case of a changed draft that was sent to review."""
    office.change()
    office.submit()
    case_id = office.studio.draft(office.world.people["coo"], office.id).case_id
    assert case_id is not None
    return case_id


def state(office: Office) -> str:
    return office.studio.draft(office.world.people["auditor"], office.id).state


def versions(office: Office) -> int:
    return len(office.world.parley.policies.versions(SYSTEM_PERSON, KEY))


def test_from_the_inbox_alone(office: Office) -> None:
    world, case_id = office.world, proposed(office)
    world.act(case_id, "ciso_review", "ciso", AGREE | {"remark": "As we said."})
    world.act(case_id, "cio_review", "cio", AGREE)
    world.act(case_id, "endorse_policy", "sponsor", ENDORSE)
    page = office.studio.draft(world.people["coo"], office.id)
    assert [each.words for each in page.agreements] == ["", "As we said.", ""]
    assert page.allowed.release
    world.act(case_id, "release_policy", "coo", {})
    assert (state(office), versions(office)) == ("released", 2)
    with world.parley.database.reading() as connection:
        [latest] = [each for each in world.parley.policies.versions(SYSTEM_PERSON, KEY) if each.number == 2]
        given = endorsed(connection, [latest.hash])[latest.hash]
    assert (given.person_name, given.role, given.at) == ("Sponsor", Role.EXECUTIVE, world.now)
    assert world.audit_faults() == []


def test_a_silent_leader_is_answered_for_and_a_silent_executive_by_the_chair(office: Office) -> None:
    world, case_id = office.world, proposed(office)
    world.act(case_id, "ciso_review", "ciso", AGREE)
    world.pass_time(days=14)
    with pytest.raises(Conflict, match="time of the CIO to answer is over"):
        office.agree("cio", Role.CIO)
    world.act(case_id, "review_in_place", "cro", AGREE | {"remark": "Fine."})
    world.pass_time(days=14)
    resolution = ENDORSE | {"resolution": "Resolution 7"}
    with pytest.raises(NotEntitled, match="Only the chair"):
        world.act(case_id, "endorse_by_committee", "legal", resolution)
    world.act(case_id, "endorse_by_committee", "cfo", resolution)
    agreements = office.studio.draft(world.people["coo"], office.id).agreements
    assert [(each.person_name, each.words) for each in agreements] == [
        ("Cro", "In place of the CIO, who was silent. Fine."),
        ("Ciso", ""),
        ("Cfo", "By resolution of the committee: Resolution 7."),
    ]
    office.studio.release(world.people["coo"], office.id)
    assert versions(office) == 2


@pytest.mark.parametrize("days", [(14, 14), (14, 14, 21)])
def test_silence_never_releases(office: Office, days: tuple[int, ...]) -> None:
    world, case_id = office.world, proposed(office)
    if len(days) == 3:
        world.act(case_id, "cio_review", "cio", AGREE)
        world.act(case_id, "ciso_review", "ciso", AGREE)
    for each in days:
        world.pass_time(days=each)
    assert (state(office), versions(office)) == ("draft", 1)
    assert world.case(case_id).instance.outcome == "Draft returned"


def test_neither_authors_nor_administrators_answer_in_the_inbox(office: Office) -> None:
    """The rule is the same, whichever way somebody comes in."""
    world = office.world
    world.appoint("hr", "executive")
    office.change("hr")
    office.submit()
    case_id = office.studio.draft(world.people["coo"], office.id).case_id
    assert case_id is not None
    world.act(case_id, "cio_review", "cio", AGREE)
    world.act(case_id, "ciso_review", "ciso", AGREE)
    with pytest.raises(NotEntitled, match="changed this draft yourself"):
        world.act(case_id, "endorse_policy", "hr", ENDORSE)
    world.appoint("sponsor", "administrator", valid_from=world.now)
    with pytest.raises(NotEntitled, match="administers"):
        world.act(case_id, "endorse_policy", "sponsor", ENDORSE)
    assert versions(office) == 1


def test_what_is_sent_back_goes_back_once_both_are_heard(office: Office) -> None:
    world, people = office.world, office.world.people
    case_id = proposed(office)
    first = office.studio.send_back(people["cio"], office.id, reason="Too long.")
    assert first.state == "in review", "the authors hear both leaders at once"
    office.studio.send_back(people["ciso"], office.id, reason="Too short.")
    assert state(office) == "draft"
    assert world.case(case_id).instance.outcome == "Draft returned"
    with world.parley.database.reading() as connection:
        entries = world.parley.engine.audit.entries(connection, f"policy:{KEY}")
    [back] = [each for each in entries if each.event == "draft:sent back"]
    assert back.payload is not None
    assert back.payload["reason"] == "Too long.\nToo short."


@pytest.mark.parametrize("act", ["send_back", "withdraw"])
def test_authors_take_their_draft_back_and_its_case_ends(office: Office, act: str) -> None:
    world, case_id = office.world, proposed(office)
    getattr(office.studio, act)(world.people["hr"], office.id, reason="Another idea.")
    assert state(office) == ("draft" if act == "send_back" else "withdrawn")
    assert world.case(case_id).instance.state == "cancelled"
    assert world.parley.cases.inbox(world.people["cio"]) == []


def test_a_vacant_post_does_not_stop_a_release(office: Office) -> None:
    world = office.world
    [held] = world.parley.identity.page(world.people["admin"], "ciso").appointments
    world.parley.identity.end_appointment(
        world.people["admin"], held.id, ends_at=world.now.replace(hour=23), basis="Left"
    )
    world.clock.advance(days=1)
    proposed(office)
    office.agree("cio", Role.CIO)
    office.agree("cro", Role.CISO)
    office.agree("sponsor", Role.EXECUTIVE)
    assert office.studio.release(world.people["coo"], office.id).number == 2


def test_an_endorsement_left_lying_is_out_of_date(office: Office) -> None:
    world = office.world
    proposed(office)
    office.agree_all()
    world.pass_time(days=60)
    assert (state(office), versions(office)) == ("draft", 1)


@pytest.mark.parametrize(
    ("deputy", "data", "refused"),
    [
        (True, {"rate": {"within_appetite": False}}, True),
        (True, {"rate": {"within_appetite": None}}, True),
        (True, {"rate": {"within_appetite": True}}, False),
        (True, {}, False),
        (False, {"rate": {"within_appetite": False}}, False),
        (True, {"schedule_review": {"above": True}}, True),
        (True, {"schedule_review": {"above": False}}, False),
    ],
)
def test_a_deputy_decides_within_appetite_only(deputy: bool, data: dict[str, Any], refused: bool) -> None:
    authority = Authority("dan", "Deputy of Ann (CIO)", "ann" if deputy else None)
    assert (deputy_refusal(authority, data, "Ann") is not None) == refused
