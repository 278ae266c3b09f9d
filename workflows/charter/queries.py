"""Reads of charters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select

from engine import Engine
from engine.types import InstanceState
from workflows.charter.models import charter_endorsements, charters
from workflows.charter.types import Charter
from workflows.errors import NotFound
from workflows.identity.queries import people_by_id

_ALL = (
    select(
        charters,
        charter_endorsements.c.at.label("endorsed_at"),
        charter_endorsements.c.person_id.label("endorsed_by"),
        charter_endorsements.c.review_due,
        charter_endorsements.c.gaps,
    )
    .select_from(charters.outerjoin(charter_endorsements, charter_endorsements.c.number == charters.c.number))
    .order_by(charters.c.number.desc())
)


def all_charters(engine: Engine, connection: Connection) -> list[Charter]:
    """Every charter, newest first."""
    rows = connection.execute(_ALL).all()
    people = people_by_id(connection, [each for row in rows for each in (row.proposed_by, row.endorsed_by)])

    def name(person_id: str | None) -> str:
        return people[person_id].name if person_id and person_id in people else person_id or ""

    def view(row: Row[Any]) -> Charter:
        waits = row.endorsed_at is None and (
            engine.instances.get(connection, row.case_id).state is InstanceState.RUNNING
        )
        return Charter(
            number=row.number,
            content=row.content,
            content_hash=row.content_hash,
            reason=row.reason,
            case_id=row.case_id,
            proposed_at=row.proposed_at,
            proposed_by=name(row.proposed_by),
            endorsed_at=row.endorsed_at,
            endorsed_by=name(row.endorsed_by),
            review_due=row.review_due,
            gaps=tuple(row.gaps or ()),
            is_open=waits,
        )

    return [view(row) for row in rows]


def charter(engine: Engine, connection: Connection, number: int) -> Charter:
    """One charter. Raises `NotFound`."""
    for each in all_charters(engine, connection):
        if each.number == number:
            return each
    raise NotFound("charter", str(number))


def in_force(connection: Connection) -> tuple[int, datetime] | None:
    """Number of the charter endorsed last, and when its review is due; None where none ever was."""
    row = connection.execute(
        select(charter_endorsements.c.number, charter_endorsements.c.review_due)
        .order_by(charter_endorsements.c.at.desc(), charter_endorsements.c.number.desc())
        .limit(1)
    ).one_or_none()
    return (row.number, row.review_due) if row else None


def next_number(connection: Connection) -> int:
    """The number of the next charter."""
    return int(connection.execute(select(func.coalesce(func.max(charters.c.number), 0))).scalar_one()) + 1
