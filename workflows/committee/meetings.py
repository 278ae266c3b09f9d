"""Meetings of a committee and the matters on their dockets: planning, and reading them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from workflows.committee import queries
from workflows.committee.models import committee_meetings, docket_entries
from workflows.committee.types import DocketEntry, Meeting
from workflows.context import Writing
from workflows.errors import NotFound, RuleBroken
from workflows.events import DomainEvent, committee_chain
from workflows.keys import new_id


def plan_meeting(writing: Writing, committee_id: str, begins_at: datetime, place: str) -> Meeting:
    """Plan a meeting ahead. Raises `NotFound`, `RuleBroken`: not in the past, and not twice at one time."""
    queries.committee(writing.connection, committee_id)
    if begins_at <= writing.now:
        raise RuleBroken("A meeting is planned ahead. Nothing was changed; look at the date.", rule="past")
    writing.alone(committee_chain(committee_id))
    if any(one.begins_at == begins_at for one in meetings_of(writing.connection, committee_id)):
        raise RuleBroken("There is a meeting at that time already. Nothing was changed.", rule="twice")
    made = Meeting(new_id(), committee_id, begins_at, place, False)
    writing.connection.execute(
        insert(committee_meetings).values(
            id=made.id,
            committee_id=committee_id,
            begins_at=begins_at,
            place=place,
            is_extraordinary=False,
            recorded_at=writing.now,
            recorded_by=writing.actor.id,
        )
    )
    writing.record(
        committee_chain(committee_id),
        DomainEvent.MEETING_PLANNED,
        {"meeting": made.id, "begins_at": begins_at, "place": place, "is_extraordinary": False},
    )
    return made


def _meeting(row: Row[Any]) -> Meeting:
    return Meeting(row.id, row.committee_id, row.begins_at, row.place, row.is_extraordinary)


def next_meeting(connection: Connection, committee_id: str, earliest: datetime) -> Meeting | None:
    """The first meeting from a moment on; None where none is planned."""
    row = connection.execute(
        select(committee_meetings)
        .where(committee_meetings.c.committee_id == committee_id, committee_meetings.c.begins_at >= earliest)
        .order_by(committee_meetings.c.begins_at, committee_meetings.c.id)
        .limit(1)
    ).one_or_none()
    return None if row is None else _meeting(row)


def meetings_of(connection: Connection, committee_id: str) -> list[Meeting]:
    """All meetings of a committee, the latest first."""
    rows = connection.execute(
        select(committee_meetings)
        .where(committee_meetings.c.committee_id == committee_id)
        .order_by(committee_meetings.c.begins_at.desc(), committee_meetings.c.id)
    )
    return [_meeting(row) for row in rows]


def meeting(connection: Connection, meeting_id: str) -> Meeting:
    """One meeting. Raises `NotFound`."""
    row = connection.execute(
        select(committee_meetings).where(committee_meetings.c.id == meeting_id)
    ).one_or_none()
    if row is None:
        raise NotFound("meeting", meeting_id)
    return _meeting(row)


def _entry(row: Row[Any]) -> DocketEntry:
    return DocketEntry(
        id=row.id,
        committee_id=row.committee_id,
        meeting_id=row.meeting_id,
        case_id=row.case_id,
        risk_id=row.risk_id,
        matter=row.matter,
        question=row.question,
        referral=row.referral,
        brief=tuple(row.brief),
        parties=tuple(row.parties),
        meets_at=row.meets_at,
        postponed_from=row.postponed_from,
        put_at=row.put_at,
    )


def docket(connection: Connection, meeting_id: str) -> list[DocketEntry]:
    """The matters on a meeting's docket, in the order in which they came."""
    rows = connection.execute(
        select(docket_entries)
        .where(docket_entries.c.meeting_id == meeting_id)
        .order_by(docket_entries.c.put_at, docket_entries.c.id)
    )
    return [_entry(row) for row in rows]


def entry(connection: Connection, docket_id: str) -> DocketEntry:
    """One matter. Raises `NotFound`."""
    row = connection.execute(select(docket_entries).where(docket_entries.c.id == docket_id)).one_or_none()
    if row is None:
        raise NotFound("matter", docket_id)
    return _entry(row)


def entries_of(connection: Connection, case_id: str) -> list[DocketEntry]:
    """Every docket a case was on, the oldest first."""
    rows = connection.execute(
        select(docket_entries)
        .where(docket_entries.c.case_id == case_id)
        .order_by(docket_entries.c.put_at, docket_entries.c.id)
    )
    return [_entry(row) for row in rows]


def moved_to(connection: Connection, docket_id: str) -> str | None:
    """The docket that a postponed matter went on to; None where it was not postponed."""
    found: str | None = connection.execute(
        select(docket_entries.c.id).where(docket_entries.c.postponed_from == docket_id)
    ).scalar_one_or_none()
    return found
