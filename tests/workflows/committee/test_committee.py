"""The committee through the commands."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.workflows.world import World
from workflows.errors import NotEntitled, NotFound, RuleBroken


@pytest.mark.parametrize(
    ("key", "more", "rule"),
    [
        ("cio", {}, "barred"),
        ("ciso", {"is_chair": False}, "barred"),
        ("architect", {}, "barred"),
        ("cro", {}, "barred"),
        ("coo", {"is_chair": True}, "chair"),
        ("cfo", {}, "twice"),
        ("coo", {"alternate_for": "sponsor"}, "alternate"),
        ("coo", {"function": " "}, "function"),
        ("coo", {"basis": ""}, "basis"),
    ],
)
def test_who_does_not_become_a_member(small_world: World, key: str, more: dict[str, Any], rule: str) -> None:
    world = small_world
    given = {"function": "change", "valid_from": world.now, "basis": "Charter"} | more
    with pytest.raises(RuleBroken, match="Nothing was changed") as refused:
        world.parley.committee.add_member(world.people["admin"], "steering", key, **given)
    assert refused.value.rule == rule


def test_members_are_added_by_administrators(small_world: World) -> None:
    world = small_world
    given = {"function": "change", "valid_from": world.now, "basis": "Charter"}
    with pytest.raises(NotEntitled):
        world.parley.committee.add_member(world.people["cio"], "steering", "coo", **given)
    with pytest.raises(NotFound):
        world.parley.committee.add_member(world.people["admin"], "council", "coo", **given)


def test_the_page_says_who_cannot_vote_and_whether_it_can_sit(small_world: World) -> None:
    world, admin = small_world, small_world.people["admin"]
    [page] = world.parley.committee.committees(admin)
    assert page.can_sit
    assert page.members[0].is_chair
    for key in ("hr", "legal", "retail"):
        world.parley.identity.change_person(admin, key, reports_to="ciso")
    [page] = world.parley.committee.committees(admin)
    assert not page.can_sit
    assert page.why_not.startswith("The committee cannot sit: it has 2 eligible voters")
    barred = {member.person_id: member.barred for member in page.members}
    assert barred["hr"] == "Hr reports to Ciso (CISO), and no direct report of a leader votes."
    assert barred["cfo"] == ""


def test_a_membership_ends_and_an_alternate_steps_in(small_world: World) -> None:
    world, committee, admin = small_world, small_world.parley.committee, small_world.people["admin"]
    world.member("coo", "change", alternate_for="legal")
    world.parley.identity.change_person(admin, "legal", reports_to="cio")
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    seats = committee.seats(world.people["auditor"], case_id)
    assert [(seat.person_id, seat.alternate_for) for seat in seats if seat.alternate_for] == [
        ("coo", "legal")
    ]
    [page] = committee.committees(admin)
    hr = next(member for member in page.members if member.person_id == "hr")
    ended = committee.end_membership(admin, hr.id, ends_at=world.now + timedelta(days=1), basis="Moves on")
    assert ended.ended
    with pytest.raises(RuleBroken):
        committee.end_membership(admin, hr.id, ends_at=world.now + timedelta(days=2), basis="Again")
    world.clock.advance(days=1)
    [page] = committee.committees(admin)
    assert "hr" not in [member.person_id for member in page.members]


def test_who_raised_the_risk_does_not_vote_on_it(small_world: World) -> None:
    world = small_world
    risk, case = world.parley.risks.raise_risk(
        world.people["hr"],
        {
            "title": "One",
            "description": "Two",
            "category": "other",
            "assets": ["builds"],
            "likelihood": "high",
            "impact": "high",
        },
        "token-of-hr-1",
    )
    world.escalate(case.id)
    seats = world.parley.committee.seats(world.people["auditor"], case.id)
    assert "hr" not in [seat.person_id for seat in seats]
    assert len(seats) == 4
    with world.parley.database.reading() as connection:
        entries = world.parley.engine.audit.entries(connection, f"risk:{risk.id}")
    seated = next(entry for entry in entries if entry.event == "committee:seated")
    assert seated.payload is not None
    assert seated.payload["passed_over"] == ["Hr is a party to this case."]
