"""The Directory over the tables: desks of units, deputies' dates, seats, and what a page remembers."""

from __future__ import annotations

from datetime import timedelta

from tests.workflows.world import CIO_POSITION, World
from workflows.identity.directory import remembering
from workflows.identity.queries import organisation_at
from workflows.types import SYSTEM_PERSON


def with_retail(world: World) -> None:
    """A unit with a CIO and assets of its own."""
    system = SYSTEM_PERSON
    world.parley.identity.add_unit(system, id="retail_bank", name="Retail banking", parent_id="group")
    world.appoint("retail", "cio", unit="retail_bank")
    world.parley.risks.add_asset(
        system, id="shop", name="Branch system", owner_unit="retail_bank", criticality="high"
    )


def test_a_risk_of_a_unit_lies_on_its_own_leaders_desk(world: World) -> None:
    with_retail(world)
    risk, case_id = world.raise_risk(assets=["shop"])
    waiting = {w.element_id: w for w in world.case(case_id).waiting}
    assert (
        waiting["cio_position"].sentence
        == "Waits for Retail (CIO of Retail banking) to state business position."
    )
    assert waiting["ciso_position"].candidates == ("Ciso",)
    assert world.parley.cases.inbox(world.people["cio"]) == []
    world.act(case_id, "cio_position", "retail", CIO_POSITION)
    assert risk.assets[0].owner_unit_name == "Retail banking"


def test_a_risk_of_shared_assets_lies_on_the_organisations_desk(small_world: World) -> None:
    with_retail(small_world)
    _, case_id = small_world.raise_risk(assets=["shop", "builds"])
    assert [row.instance_id for row in small_world.parley.cases.inbox(small_world.people["cio"])] == [case_id]
    assert small_world.parley.cases.inbox(small_world.people["retail"]) == []


def test_a_units_task_goes_up_when_its_post_falls_vacant(small_world: World) -> None:
    world, identity, admin = small_world, small_world.parley.identity, small_world.people["admin"]
    with_retail(world)
    _, case_id = world.raise_risk(assets=["shop"])
    [held] = identity.page(admin, "retail").appointments
    identity.end_appointment(admin, held.id, ends_at=world.now + timedelta(days=1), basis="Moves on")
    world.clock.advance(days=1)
    [row] = world.parley.cases.inbox(world.people["cio"])
    assert row.instance_id == case_id
    assert row.why_me.endswith("in place of the vacant post of CIO of Retail banking.")


def test_a_deputy_acts_within_the_dates_alone(small_world: World) -> None:
    world = small_world
    begins, ends = world.now + timedelta(days=1), world.now + timedelta(days=3)
    world.appoint("cio_deputy", "cio", deputy_for="cio", valid_from=begins, valid_until=ends)
    _, case_id = world.raise_risk()
    inbox = []
    for _ in range(4):
        inbox.append(len(world.parley.cases.inbox(world.people["cio_deputy"])))
        world.clock.advance(days=1)
    assert inbox == [0, 1, 1, 0]
    assert world.case(case_id).waiting[0].candidates == ("Cio",)


def test_a_seat_is_its_persons_alone(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    directory = world.parley.context.directory
    seats = world.parley.committee.seats(world.people["auditor"], case_id)
    with world.parley.database.reading() as connection:
        for seat in seats:
            desk = f"seat:{seat.id}"
            assert [a.person_id for a in directory.candidates(connection, desk, world.now)] == [
                seat.person_id
            ]
            assert desk in directory.desks(connection, seat.person_id, world.now)
        assert directory.candidates(connection, "seat:none", world.now) == []
        assert directory.candidates(connection, "seat:", world.now) == []
        assert directory.candidates(connection, "committee", world.now) != []
        assert directory.desk(connection, "janitor", "R-0001", world.now) == "janitor"
        assert directory.candidates(connection, "janitor", world.now) == []


def test_what_is_remembered_holds_for_its_connection_and_moment_alone(small_world: World) -> None:
    world, directory = small_world, small_world.parley.context.directory
    with world.parley.database.reading() as connection, world.parley.database.reading() as other:
        then = world.now
        with remembering(connection, organisation_at(connection, then)):
            world.appoint("coo", "process_owner", valid_from=then)
            assert directory.candidates(connection, "process_owner", then) == []
            assert len(directory.candidates(other, "process_owner", then)) == 1
            assert len(directory.candidates(connection, "process_owner", then + timedelta(days=1))) == 1
        assert len(directory.candidates(connection, "process_owner", then)) == 1
