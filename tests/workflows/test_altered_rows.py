"""Seats, reveals, treatments, reviews and linked incidents that were changed past the software are found and
named, however the row was changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Table, text

from engine.instances.models import reveals
from tests.workflows.treatment.test_treatment import LOW, plan, report, treat, verify
from tests.workflows.world import World
from workflows.committee.models import seats
from workflows.treatment.models import (
    acceptance_reviews,
    acceptance_schedules,
    milestones,
    security_incidents,
    treatment_ends,
    treatment_plans,
    treatments,
    verifications,
)
from workflows.verification import domain_faults

ALTERED: tuple[tuple[Table, dict[str, Any], str], ...] = (
    (seats, {"person_id": "auditor"}, "is not as it was recorded: person_id"),
    (seats, {"position": 9}, "is not as it was recorded: position"),
    (reveals, {"seq": 1}, "names a step that was not taken then"),
    (reveals, {"blind": "another"}, "has no record of how it came"),
    (treatments, {"decided_plan": "Nothing at all."}, "is not as it was recorded: decided_plan"),
    (treatment_plans, {"owner": "auditor"}, "is not as it was recorded: owner"),
    (milestones, {"text": "Something easier"}, "is not as it was recorded: text"),
    (verifications, {"verdict": "returned"}, "is not as it was recorded: verdict"),
    (verifications, {"by": "cio"}, "is not as it was recorded: by"),
    (treatment_ends, {"outcome": "stopped"}, "is not as it was recorded: outcome"),
    (acceptance_schedules, {"case_id": "another"}, "is not as it was recorded: case_id"),
    (acceptance_reviews, {"outcome": "not confirmed"}, "is not as it was recorded: outcome"),
    (security_incidents, {"foreseen": "neither"}, "is not as it was recorded: foreseen"),
)


class _Undone(Exception):
    """Raised to take back what a test has altered."""


def _filled(world: World) -> World:
    """A treatment that ended, an acceptance whose review lapsed, an incident, a seated committee."""
    risk_id, case_id = treat(world)
    world.act(case_id, "draw_up_plan", "cio", plan(world, 20))
    report(world, case_id)
    verify(world, case_id, **LOW)
    world.parley.treatment.link_incident(
        world.people["ciso"],
        risk_id,
        case_id,
        {
            "title": "Misuse of the build servers",
            "what": "Somebody ran their own code on them.",
            "happened_on": world.now.date().isoformat(),
            "foreseen": "ciso",
        },
    )
    _, accepted = world.raise_risk(title="A second risk")
    world.positions(accepted)
    review = (world.now + timedelta(days=40)).date().isoformat()
    world.act(
        accepted, "decide", "cio", {"decision": "accept", "reason": "It is small.", "review_date": review}
    )
    world.act(accepted, "respond", "ciso", {"response": "concur"})
    world.pass_time(days=50)
    _, disputed = world.raise_risk(title="A third risk")
    world.pass_time(hours=1)
    world.escalate(disputed)
    return world


@contextmanager
def _without_triggers(world: World, table: Table) -> Iterator[Connection]:
    """What is done in the block is undone after it, the triggers' removal too."""
    with suppress(_Undone), world.parley.database.unit_of_work() as uow:
        uow.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for event in ("update", "delete"):
            uow.connection.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_no_{event}"))
        yield uow.connection
        raise _Undone


@pytest.fixture
def filled(small_world: World) -> World:
    return _filled(small_world)


def test_every_altered_row_is_found_and_named(filled: World) -> None:
    with filled.parley.database.reading() as connection:
        assert domain_faults(connection) == []
    for table, change, said in ALTERED:
        with _without_triggers(filled, table) as connection:
            assert connection.execute(table.update().values(**change)).rowcount > 0, table.name
            found = [fault.sentence for fault in domain_faults(connection)]
            assert any(said in sentence for sentence in found), (table.name, change, found)
    for table in (treatment_ends, verifications, acceptance_schedules, security_incidents):
        with _without_triggers(filled, table) as connection:
            assert connection.execute(table.delete()).rowcount > 0, table.name
            found = [fault.sentence for fault in domain_faults(connection)]
            assert any("was recorded, and is gone" in sentence for sentence in found), table.name
    with filled.parley.database.reading() as connection:
        assert domain_faults(connection) == []
