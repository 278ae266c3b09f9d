"""What a database is, said once when it is made: a demonstration, whose clock may be moved, or a real
organisation."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from workflows.context import Writing
from workflows.errors import AlreadyInstalled, RuleBroken
from workflows.events import INSTALLATION, DomainEvent
from workflows.identity.types import Installation
from workflows.models import clock_offset, installation

DEMONSTRATION = "demonstration"
REAL = "real"


def find(connection: Connection) -> Installation | None:
    """What this database is; None where it has not been said yet, or has no tables yet."""
    try:
        row = connection.execute(select(installation)).one_or_none()
    except DBAPIError:
        connection.rollback()
        if inspect(connection).has_table(installation.name):
            raise
        return None
    return Installation(row.kind, row.organisation, row.created_at, row.notice) if row else None


def make(
    writing: Writing, kind: str, organisation: str, notice: str, starts_at: datetime | None
) -> Installation:
    """Say what this database is. Raises `AlreadyInstalled`, `RuleBroken`."""
    writing.alone(INSTALLATION)
    if find(writing.connection) is not None:
        raise AlreadyInstalled()
    if kind not in (DEMONSTRATION, REAL):
        raise RuleBroken(
            f"A database is a demonstration or real, not {kind!r}. Nothing was changed.", rule="kind"
        )
    if kind == REAL and starts_at is not None:
        raise RuleBroken(
            "Only a demonstration's clock can begin at another time. Nothing was changed.", rule="kind"
        )
    if not organisation.strip():
        raise RuleBroken("The organisation needs a name. Nothing was changed.", rule="name")
    created_at = starts_at or writing.now
    values = {"kind": kind, "organisation": organisation.strip(), "notice": notice, "created_at": created_at}
    writing.connection.execute(insert(installation).values(id=1, **values))
    if kind == DEMONSTRATION:
        offset = created_at - writing.now
        writing.connection.execute(
            insert(clock_offset).values(id=1, kind=kind, microseconds=microseconds(offset.total_seconds()))
        )
    writing.record(INSTALLATION, DomainEvent.INSTALLATION_MADE, values)
    return Installation(kind, organisation.strip(), created_at, notice)


def microseconds(seconds: float) -> int:
    """Seconds as whole microseconds."""
    return round(seconds * 1_000_000)
