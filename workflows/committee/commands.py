"""Writes of committees. Each adds its audit entry on the organisation's chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import insert

from workflows.committee import queries
from workflows.committee.models import committee_members, committees, member_endings
from workflows.committee.rules import why_barred, why_no_owner
from workflows.committee.types import Committee, Member
from workflows.context import Writing
from workflows.errors import RuleBroken
from workflows.events import ORGANISATION, DomainEvent
from workflows.identity.organisation import overlap
from workflows.identity.queries import organisation_at, person
from workflows.identity.rules import check_ending
from workflows.keys import new_id


def add_committee(writing: Writing, committee: Committee) -> Committee:
    """Add a committee. Raises `RuleBroken`."""
    writing.alone(ORGANISATION)
    if committee.id in {each.id for each in queries.all_committees(writing.connection)}:
        raise RuleBroken(
            f"There is a committee {committee.id!r} already. Nothing was changed.", rule="unique"
        )
    if not committee.id or not committee.name.strip():
        raise RuleBroken("A committee needs an id and a name. Nothing was changed.", rule="name")
    if committee.owner is not None:
        person(writing.connection, committee.owner)
        against = why_no_owner(organisation_at(writing.connection, writing.now), committee.owner)
        if against:
            raise RuleBroken(f"{against} Nothing was changed.", rule="owner")
    values = {"id": committee.id, "name": committee.name, "owner": committee.owner}
    writing.connection.execute(insert(committees).values(recorded_at=writing.now, **values))
    writing.record(ORGANISATION, DomainEvent.COMMITTEE_ADDED, values)
    return committee


def add_member(writing: Writing, member: Member) -> Member:
    """Put a person on a committee. The id and name of the view given are filled in.

    Raises `NotFound`, `RuleBroken`: a leader, a leader's deputy or direct report, or the chief risk officer.
    """
    writing.alone(ORGANISATION)
    connection = writing.connection
    queries.committee(connection, member.committee_id)
    found = person(connection, member.person_id)
    others = queries.members(connection, member.committee_id)
    _check(member, found.name, others)
    # Where the membership begins later the rules are asked for then: posts may be filled by that time.
    organisation = organisation_at(connection, max(writing.now, member.valid_from))
    against = why_barred(organisation, member.person_id)
    if against:
        raise RuleBroken(f"{against} Nothing was changed.", rule="barred")
    made = replace(member, id=new_id(), person_name=found.name)
    values = {
        "committee_id": made.committee_id,
        "person_id": made.person_id,
        "function": made.function,
        "is_chair": made.is_chair,
        "alternate_for": made.alternate_for,
        "valid_from": made.valid_from,
        "valid_until": made.valid_until,
        "basis": made.basis,
    }
    connection.execute(
        insert(committee_members).values(
            id=made.id, recorded_at=writing.now, recorded_by=writing.actor.id, **values
        )
    )
    writing.record(ORGANISATION, DomainEvent.MEMBER_ADDED, {"member": made.id, **values})
    return made


def _check(member: Member, name: str, others: list[Member]) -> None:
    if not member.function.strip():
        raise RuleBroken(
            "A member speaks for a function: finance, legal, … Nothing was changed.", rule="function"
        )
    if not member.basis.strip():
        raise RuleBroken("A membership names what it rests on. Nothing was changed.", rule="basis")
    if member.valid_until is not None and member.valid_until <= member.valid_from:
        raise RuleBroken(
            "A membership ends after it begins. Nothing was changed; look at the dates.", rule="dates"
        )
    at_once = [
        other
        for other in others
        if overlap((other.valid_from, other.valid_until), (member.valid_from, member.valid_until))
    ]
    if any(
        other.person_id == member.person_id and other.alternate_for == member.alternate_for
        for other in at_once
    ):
        raise RuleBroken(f"{name} is on this committee already. Nothing was changed.", rule="twice")
    if member.is_chair:
        if member.alternate_for is not None:
            raise RuleBroken("An alternate does not chair. Nothing was changed.", rule="chair")
        chair = next((other for other in at_once if other.is_chair), None)
        if chair is not None:
            raise RuleBroken(
                f"{chair.person_name} chairs this committee already. Nothing was changed.", rule="chair"
            )
    if member.alternate_for is not None and not any(
        other.person_id == member.alternate_for and other.alternate_for is None for other in at_once
    ):
        raise RuleBroken(
            "An alternate stands in for a member of the committee, and there is no such "
            "member. Nothing was changed.",
            rule="alternate",
        )


def end_membership(writing: Writing, member_id: str, ends_at: datetime, basis: str) -> Member:
    """End a membership early. Raises `NotFound`, `RuleBroken`."""
    writing.alone(ORGANISATION)
    before = queries.member(writing.connection, member_id)
    ended_by = "ended" if before.ended else None
    check_ending(before.valid_from, before.valid_until, ended_by, ends_at, writing.now, basis)
    writing.connection.execute(
        insert(member_endings).values(
            member_id=member_id,
            ends_at=ends_at,
            basis=basis,
            recorded_at=writing.now,
            recorded_by=writing.actor.id,
        )
    )
    writing.record(
        ORGANISATION,
        DomainEvent.MEMBER_ENDED,
        {"member": member_id, "person_id": before.person_id, "ends_at": ends_at, "basis": basis},
    )
    return queries.member(writing.connection, member_id)
