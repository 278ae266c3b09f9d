"""Appointments, through the commands: the rules, the record, and that nothing is ever rewritten."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.workflows.world import World
from workflows.errors import NotEntitled, NotFound, RuleBroken
from workflows.types import Role


def appoint(world: World, key: str, role: str, **more: Any) -> None:
    world.parley.identity.appoint(
        world.people["admin"], key, role, **({"valid_from": world.now, "basis": "Resolution 2"} | more)
    )


@pytest.mark.parametrize(
    ("key", "role", "more", "rule"),
    [
        ("ciso", "cio", {}, "one leader"),
        ("cio", "ciso", {}, "one leader"),
        ("ciso", "cio", {"unit": "group"}, "one leader"),
        ("ciso", "cio", {"deputy_for": "cio"}, "one leader"),
        ("ciso_deputy", "cio", {"deputy_for": "cio"}, "deputy line"),
        ("cio_deputy", "ciso", {"deputy_for": "ciso"}, "deputy line"),
        ("coo", "cio", {"deputy_for": "cfo"}, "deputy"),
        ("cio", "cio", {}, "twice"),
        ("coo", "raiser", {}, "appointed"),
        ("coo", "committee", {}, "appointed"),
        ("coo", "cro", {"unit": "group"}, "unit"),
        ("coo", "auditor", {"basis": "  "}, "basis"),
        ("coo", "king", {}, "role"),
    ],
)
def test_what_the_rules_refuse(
    small_world: World, key: str, role: str, more: dict[str, Any], rule: str
) -> None:
    before = small_world.parley.identity.posts(small_world.people["admin"])
    with pytest.raises(RuleBroken, match="Nothing was changed") as refused:
        appoint(small_world, key, role, **more)
    assert refused.value.rule == rule
    assert small_world.parley.identity.posts(small_world.people["admin"]) == before


def test_one_person_may_hold_both_posts_beside_an_independent_adviser(world: World) -> None:
    """The CISO's tasks then lie on the adviser's desk, and every record says why."""
    admin, identity = world.people["admin"], world.parley.identity
    [held] = identity.page(admin, "ciso").appointments
    leaves = world.now + timedelta(days=1)
    identity.end_appointment(admin, held.id, ends_at=leaves, basis="Retires")
    appoint(world, "legal", "adviser", valid_from=leaves)
    appoint(world, "cio", "ciso", valid_from=leaves)
    world.clock.advance(days=2)
    _, case_id = world.raise_risk()
    task_id = world.task_id(case_id, "ciso_position", "legal")
    page = world.parley.cases.task_page(world.people["legal"], task_id)
    assert "because Cio holds the posts of CIO and CISO" in page.why_me
    mine = [row.task_id for row in world.parley.cases.inbox(world.people["cio"])]
    assert mine == [world.task_id(case_id, "cio_position", "cio")]


@pytest.mark.parametrize(
    ("adviser", "more", "rule"),
    [
        ("architect", {}, "independent"),
        ("cio", {}, "independent"),
        ("legal", {"valid_until": "soon"}, "one leader"),
        ("ceo", {"then": "leader"}, "independent"),
    ],
)
def test_an_adviser_is_independent_and_there_for_the_whole_time(
    small_world: World, adviser: str, more: dict[str, str], rule: str
) -> None:
    world, identity = small_world, small_world.parley.identity
    [held] = identity.page(world.people["admin"], "ciso").appointments
    leaves = world.now + timedelta(days=1)
    identity.end_appointment(world.people["admin"], held.id, ends_at=leaves, basis="Retires")
    until = leaves + timedelta(days=30) if "valid_until" in more else None

    def set_up() -> None:
        appoint(world, adviser, "adviser", valid_from=leaves, valid_until=until)
        appoint(world, adviser if "then" in more else "cio", "ciso", valid_from=leaves)

    with pytest.raises(RuleBroken) as refused:
        set_up()
    assert refused.value.rule == rule


def test_an_end_before_the_beginning_is_refused(small_world: World) -> None:
    with pytest.raises(RuleBroken):
        appoint(small_world, "coo", "auditor", valid_until=small_world.now)


def test_a_leader_is_not_appointed_over_the_other_sides_deputy(small_world: World) -> None:
    """Else the deputy of the CIO would stand in the new CISO's line."""
    world = small_world
    appoint(world, "operations", "cio", deputy_for="cio")
    [held] = world.parley.identity.page(world.people["admin"], "ciso").appointments
    world.parley.identity.end_appointment(
        world.people["admin"], held.id, ends_at=world.now + timedelta(days=1), basis="Left"
    )
    with pytest.raises(RuleBroken) as refused:
        appoint(world, "coo", "ciso", valid_from=world.now + timedelta(days=2))
    assert refused.value.rule == "deputy line"


def test_a_new_line_is_refused_where_it_ties_a_deputy_to_the_other_leader(small_world: World) -> None:
    world, admin = small_world, small_world.people["admin"]
    appoint(world, "ciso_deputy", "ciso", deputy_for="ciso")
    with pytest.raises(RuleBroken) as refused:
        world.parley.identity.change_person(admin, "ciso_deputy", reports_to="architect")
    assert refused.value.rule == "deputy line"
    with pytest.raises(RuleBroken) as circle:
        world.parley.identity.change_person(admin, "coo", reports_to="retail")
    assert circle.value.rule == "circle"


def test_posts_change_hands_without_a_gap_or_an_overlap(small_world: World) -> None:
    world, identity, admin = small_world, small_world.parley.identity, small_world.people["admin"]
    [held] = identity.page(admin, "cio").appointments
    change = world.now + timedelta(days=10)
    ended = identity.end_appointment(admin, held.id, ends_at=change, basis="Retires")
    assert (ended.valid_until, ended.ended_by) == (change, "admin")
    appoint(world, "coo", "cio", valid_from=change)
    assert Role.CIO in identity.roles("cio", change - timedelta(seconds=1))
    assert Role.CIO not in identity.roles("cio", change)
    assert Role.CIO in identity.roles("coo", change)
    assert Role.CIO not in identity.roles("coo")
    with pytest.raises(RuleBroken):
        identity.end_appointment(admin, held.id, ends_at=change, basis="Again")


def test_the_past_is_not_rewritten(small_world: World) -> None:
    world, identity, admin = small_world, small_world.parley.identity, small_world.people["admin"]
    [held] = identity.page(admin, "cio").appointments
    world.clock.advance(days=5)
    with pytest.raises(RuleBroken) as refused:
        identity.end_appointment(admin, held.id, ends_at=world.now - timedelta(days=1), basis="Backdated")
    assert refused.value.rule == "past"


def test_the_last_administrator_stays(small_world: World) -> None:
    world, identity = small_world, small_world.parley.identity
    appointed_by = world.people["admin"]
    [held] = identity.page(appointed_by, "admin").appointments
    with pytest.raises(RuleBroken) as refused:
        identity.end_appointment(appointed_by, held.id, ends_at=world.now + timedelta(days=1), basis="Leaves")
    assert refused.value.rule == "administrator"


def test_nobody_appoints_the_own_person_and_only_administrators_appoint(small_world: World) -> None:
    world = small_world
    with pytest.raises(NotEntitled):
        appoint(world, "admin", "cro")
    for key in ("cio", "ciso", "cro", "auditor"):
        with pytest.raises(NotEntitled):
            world.parley.identity.appoint(
                world.people[key], "coo", "auditor", valid_from=world.now, basis="Mine"
            )
    with pytest.raises(NotFound):
        appoint(world, "nobody", "auditor")


def test_each_change_of_the_organisation_is_an_entry(small_world: World) -> None:
    world = small_world
    with world.parley.database.reading() as connection:
        before = world.parley.engine.audit.entries(connection, "organisation")
    appoint(world, "coo", "process_owner")
    world.parley.identity.change_person(world.people["admin"], "coo", title="Chief operating officer")
    with world.parley.database.reading() as connection:
        after = world.parley.engine.audit.entries(connection, "organisation")
    assert [(entry.event, entry.actor) for entry in after[len(before) :]] == [
        ("appointment:made", "admin"),
        ("person:changed", "admin"),
    ]
    assert after[-1].payload == {
        "person": "coo",
        "changes": {"title": {"from": "", "to": "Chief operating officer"}},
    }


def test_posts_say_who_holds_them_and_which_are_vacant(small_world: World) -> None:
    posts = {post.role: post for post in small_world.parley.identity.posts(small_world.people["raiser"])}
    assert [person.id for person in posts[Role.CIO].holders] == ["cio"]
    assert posts[Role.GOVERNANCE].is_vacant
    assert Role.RAISER not in posts


@pytest.mark.parametrize("statement", ["UPDATE appointments SET role = 'cro'", "DELETE FROM appointments"])
def test_not_even_the_database_lets_appointments_be_rewritten(world: World, statement: str) -> None:
    with (
        pytest.raises(DBAPIError, match="appointments are never changed or deleted"),
        world.parley.database.unit_of_work() as uow,
    ):
        uow.connection.execute(text(statement))
    assert Role.CIO in world.parley.identity.roles("cio")


def test_people_are_told_apart(small_world: World) -> None:
    identity, admin = small_world.parley.identity, small_world.people["admin"]
    made = identity.add_person(admin, name="  Ada   Lovelace ", email="Ada@Bank.Example")
    assert (made.id, made.name, made.email) == ("P-0001", "Ada Lovelace", "ada@bank.example")
    assert identity.find_by_email(" ADA@bank.example") == made
    for wrong in (
        {"email": "ada@bank.example"},
        {"email": "nobody"},
        {"name": " "},
        {"id": "system"},
        {"id": "a b"},
    ):
        with pytest.raises(RuleBroken):
            identity.add_person(admin, **({"name": "Other", "email": "other@bank.example"} | wrong))
    identity.change_person(admin, made.id, active=False)
    assert identity.find_by_email("ada@bank.example") is None
    assert identity.roles(made.id) == frozenset()
    assert made.id in [person.id for person in identity.people(include_inactive=True)]
