"""The organisation is kept in memory, and never answers for one that has changed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from engine.testing import START
from tests.workflows.world import World
from workflows.identity.directory import OrganisationDirectory
from workflows.identity.queries import organisation_at
from workflows.types import SYSTEM_PERSON


def same_as_read(world: World, directory: OrganisationDirectory) -> bool:
    """Whether what is remembered is what the tables say now."""
    with world.parley.database.reading() as connection:
        return directory.organisation(connection, world.now) == organisation_at(connection, world.now)


class _Undone(Exception):
    """What was written is rolled back."""


def change_title(world: World) -> None:
    world.parley.identity.change_person(SYSTEM_PERSON, "cio", title="Head of technology")


def leave(world: World) -> None:
    world.parley.identity.change_person(SYSTEM_PERSON, "cio_deputy", active=False)


def add_unit(world: World) -> None:
    world.parley.identity.add_unit(SYSTEM_PERSON, id="cards", name="Cards")


def appoint(world: World) -> None:
    world.appoint("cio_deputy", "cio", deputy_for="cio")


def add_member(world: World) -> None:
    world.member("raiser", "architecture")


@pytest.mark.parametrize("change", [change_title, leave, add_unit, appoint, add_member])
def test_whatever_changes_is_seen_by_the_next_reading(world: World, change: Callable[[World], Any]) -> None:
    directory = OrganisationDirectory()
    assert same_as_read(world, directory)
    change(world)
    assert same_as_read(world, directory)


def test_a_post_begins_and_ends_at_its_time_though_nothing_is_recorded(world: World) -> None:
    world.appoint("raiser", "ciso", deputy_for="ciso", valid_from=START + timedelta(days=2),
                  valid_until=START + timedelta(days=4))  # fmt: skip
    directory = OrganisationDirectory()
    seen = []
    for _ in range(6):
        assert same_as_read(world, directory)
        with world.parley.database.reading() as connection:
            organisation = directory.organisation(connection, world.now)
            seen.append(any(held.person_id == "raiser" for held in organisation.held))
        world.clock.advance(days=1)
    assert seen == [False, False, True, True, False, False]
    world.clock.time = START
    assert same_as_read(world, directory)


def test_what_is_not_committed_is_seen_by_nobody_else(world: World) -> None:
    directory = OrganisationDirectory()
    assert same_as_read(world, directory)

    with world.parley.database.unit_of_work() as uow:
        with contextlib.suppress(_Undone), uow.savepoint():
            uow.connection.exec_driver_sql("UPDATE persons SET name = 'Somebody else' WHERE id = 'cio'")
            assert directory.organisation(uow.connection, world.now).name("cio") == "Somebody else"
            raise _Undone
        assert directory.organisation(uow.connection, world.now).name("cio") != "Somebody else"
    assert same_as_read(world, directory)


def test_an_unchanged_organisation_costs_one_row(world: World) -> None:
    directory, sent = OrganisationDirectory(), []
    assert same_as_read(world, directory)
    event.listen(world.parley.database.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    with world.parley.database.reading() as connection:
        for _ in range(3):
            directory.organisation(connection, world.now)
    assert len(sent) == 1
    assert "audit_chains" in sent[0]
