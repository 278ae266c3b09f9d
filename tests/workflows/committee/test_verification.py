"""An altered meeting, docket, ruling or record of minutes is found and named, whoever altered it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.workflows.committee.sitting import MEMBERS, Sitting
from tests.workflows.world import World
from workflows.committee.verification import faults


def _ruled(world: World) -> Sitting:
    sitting = Sitting(world)
    sitting.declare()
    sitting.meet()
    sitting.vote(**dict.fromkeys(MEMBERS, "uphold"))
    world.parley.committee.confirm_minutes(world.people["cfo"], sitting.docket, procedure_kept=True)
    return sitting


def _without_triggers(connection: Connection, table: str) -> None:
    for event in ("update", "delete"):
        connection.execute(text(f"DROP TRIGGER {table}_no_{event}"))


def test_nothing_is_found_where_nothing_was_altered(world: World) -> None:
    _ruled(world)
    with world.parley.database.reading() as connection:
        assert faults(connection) == []


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("committee_meetings", {"begins_at": "2030-01-01 10:00:00"}, "meeting is not as it was made"),
        ("docket_entries", {"question": "Another?"}, "matter is not as it was made: question"),
        ("committee_rulings", {"ruling": "overturn"}, "ruling is not as it was made: ruling"),
        ("committee_minutes", {"content": '{"votes":[]}'}, "Minutes are not as they were drawn up"),
        ("minutes_confirmations", {"procedure_kept": False}, "not as it was made: procedure_kept"),
    ],
)
def test_what_was_altered_is_named(small_world: World, table: str, change: dict[str, Any], said: str) -> None:
    _ruled(small_world)
    ((column, value),) = change.items()
    with small_world.parley.database.unit_of_work() as uow:
        _without_triggers(uow.connection, table)
        uow.connection.execute(text(f"UPDATE {table} SET {column} = :value"), {"value": value})
    with small_world.parley.database.reading() as connection:
        (fault,) = faults(connection)
    assert said in fault.sentence


def test_minutes_that_were_taken_away_are_missed(small_world: World) -> None:
    _ruled(small_world)
    with small_world.parley.database.unit_of_work() as uow:
        _without_triggers(uow.connection, "minutes_confirmations")
        uow.connection.execute(text("DELETE FROM minutes_confirmations"))
    with small_world.parley.database.reading() as connection:
        (fault,) = faults(connection)
    assert fault.sentence == "The confirmation of minutes it records is gone."
