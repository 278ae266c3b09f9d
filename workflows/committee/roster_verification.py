"""Whether members and seats are those that were recorded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from engine.audit.types import AuditFault
from workflows.committee.models import committee_members, member_endings, seats
from workflows.comparing import Comparison, Entry, Written, column_values, faults
from workflows.events import DomainEvent


def _added(entry: Entry) -> Iterator[Written]:
    values = column_values(committee_members, entry.payload)
    yield Written((entry.payload["member"],), values | {"recorded_at": entry.at, "recorded_by": entry.actor})


def _ended(entry: Entry) -> Iterator[Written]:
    values = column_values(member_endings, entry.payload)
    yield Written((entry.payload["member"],), values | {"recorded_at": entry.at, "recorded_by": entry.actor})


def _seated(entry: Entry) -> Iterator[Written]:
    together = {
        "case_id": entry.payload["case_id"],
        "committee_id": entry.payload["committee"],
        "seated_at": entry.at,
    }
    for place, seat in enumerate(entry.payload["seats"], start=1):
        yield Written((seat["id"],), {**seat, **together, "position": place})


COMPARISONS = (
    Comparison(committee_members, ("id",), (DomainEvent.MEMBER_ADDED,), _added, "Member"),
    Comparison(member_endings, ("member_id",), (DomainEvent.MEMBER_ENDED,), _ended, "End of membership"),
    Comparison(
        seats,
        ("id",),
        (DomainEvent.COMMITTEE_NOTIFIED, DomainEvent.CHAIR_CALLED, DomainEvent.COMMITTEE_SEATED),
        _seated,
        "Seat",
    ),
)


def roster_faults(connection: Connection) -> list[AuditFault]:
    """Where the committee's tables and the chains differ."""
    return [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
