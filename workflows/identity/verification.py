"""Whether the appointments are those that were recorded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from engine.audit.types import AuditFault
from workflows.comparing import Comparison, Entry, Written, column_values, faults
from workflows.events import DomainEvent
from workflows.identity.models import appointment_endings, appointments


def _made(entry: Entry) -> Iterator[Written]:
    values = column_values(appointments, entry.payload)
    yield Written(
        (entry.payload["appointment"],), values | {"recorded_at": entry.at, "recorded_by": entry.actor}
    )


def _ended(entry: Entry) -> Iterator[Written]:
    values = column_values(appointment_endings, entry.payload)
    yield Written(
        (entry.payload["appointment"],), values | {"recorded_at": entry.at, "recorded_by": entry.actor}
    )


COMPARISONS = (
    Comparison(appointments, ("id",), (DomainEvent.APPOINTMENT_MADE,), _made, "Appointment"),
    Comparison(
        appointment_endings,
        ("appointment_id",),
        (DomainEvent.APPOINTMENT_ENDED,),
        _ended,
        "End of appointment",
    ),
)


def appointment_faults(connection: Connection) -> list[AuditFault]:
    """Where the posts and the chain of the organisation differ."""
    return [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
