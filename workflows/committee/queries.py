"""Reads of committees, members and seats."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from workflows.committee.models import committee_members, committees, member_endings, seats
from workflows.committee.types import Committee, Member, Seat
from workflows.errors import NotFound
from workflows.identity.models import persons

NOTICE, CHAIR, VOTE = "notice", "chair", "vote"
"""What a seat is for."""


def all_committees(connection: Connection) -> list[Committee]:
    """All committees, the oldest first."""
    rows = connection.execute(select(committees).order_by(committees.c.recorded_at, committees.c.id))
    return [Committee(row.id, row.name, row.owner) for row in rows]


def committee(connection: Connection, committee_id: str) -> Committee:
    """One committee. Raises `NotFound`."""
    row = connection.execute(select(committees).where(committees.c.id == committee_id)).one_or_none()
    if row is None:
        raise NotFound("committee", committee_id)
    return Committee(row.id, row.name, row.owner)


_MEMBERS = select(
    committee_members,
    persons.c.name.label("person_name"),
    member_endings.c.ends_at,
).select_from(
    committee_members.join(persons, persons.c.id == committee_members.c.person_id).outerjoin(
        member_endings, member_endings.c.member_id == committee_members.c.id
    )
)


def _member(row: Row[Any]) -> Member:
    ends = [end for end in (row.valid_until, row.ends_at) if end is not None]
    return Member(
        id=row.id,
        committee_id=row.committee_id,
        person_id=row.person_id,
        person_name=row.person_name,
        function=row.function,
        is_chair=row.is_chair,
        alternate_for=row.alternate_for,
        valid_from=row.valid_from,
        valid_until=min(ends) if ends else None,
        basis=row.basis,
        ended=row.ends_at is not None,
    )


def members(connection: Connection, committee_id: str) -> list[Member]:
    """All members ever, chairs first, then in the order in which they joined."""
    rows = connection.execute(
        _MEMBERS.where(committee_members.c.committee_id == committee_id).order_by(
            committee_members.c.is_chair.desc(), committee_members.c.valid_from, committee_members.c.id
        )
    )
    return [_member(row) for row in rows]


def member(connection: Connection, member_id: str) -> Member:
    """One membership. Raises `NotFound`."""
    row = connection.execute(_MEMBERS.where(committee_members.c.id == member_id)).one_or_none()
    if row is None:
        raise NotFound("member", member_id)
    return _member(row)


def holds_at(member: Member, at: datetime) -> bool:
    """Whether a membership holds at a moment."""
    return member.valid_from <= at and (member.valid_until is None or at < member.valid_until)


_SEATS = select(seats, persons.c.name.label("person_name")).select_from(
    seats.join(persons, persons.c.id == seats.c.person_id)
)


def _seat(row: Row[Any]) -> Seat:
    return Seat(
        row.id,
        row.committee_id,
        row.case_id,
        row.person_id,
        row.person_name,
        row.function,
        row.is_chair,
        row.alternate_for,
        row.seated_at,
        row.purpose,
        row.docket_id,
        row.sitting,
    )


def every_seat_of(connection: Connection, case_id: str) -> list[Seat]:
    """Every place anybody had in the committee's work on a case, whatever for, the oldest first."""
    rows = connection.execute(
        _SEATS.where(seats.c.case_id == case_id).order_by(seats.c.sitting, seats.c.position)
    )
    return [_seat(row) for row in rows]


def all_seats_of(connection: Connection, case_id: str) -> list[Seat]:
    """Every seat of every vote of a case, the oldest roster first, in the order of its seats."""
    return [seat for seat in every_seat_of(connection, case_id) if seat.purpose == VOTE]


def seats_of(connection: Connection, case_id: str) -> list[Seat]:
    """The roster of a case's latest vote, in the order of its seats."""
    return latest_roster(every_seat_of(connection, case_id))


def latest_roster(every: Iterable[Seat]) -> list[Seat]:
    """The roster of the latest vote among these seats, in their order."""
    votes = [seat for seat in every if seat.purpose == VOTE]
    last = max((seat.sitting for seat in votes), default=0)
    return [seat for seat in votes if seat.sitting == last]


def next_sitting(connection: Connection, case_id: str) -> int:
    """The number of the next time places are given in a case, from 1."""
    found = connection.execute(select(func.max(seats.c.sitting)).where(seats.c.case_id == case_id)).scalar()
    return (found or 0) + 1


def seats_on(connection: Connection, docket_id: str) -> list[Seat]:
    """Every place in the work on one matter, the oldest first."""
    rows = connection.execute(
        _SEATS.where(seats.c.docket_id == docket_id).order_by(seats.c.sitting, seats.c.position)
    )
    return [_seat(row) for row in rows]
