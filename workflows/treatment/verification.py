"""Whether treatments, their plans and milestones, reviews of acceptances and linked incidents are those that
were recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Table

from engine.audit.types import AuditFault
from workflows.comparing import Comparison, Entry, Written, column_values, faults
from workflows.events import DomainEvent
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


def _whole(table: Table, key: str = "id") -> Callable[[Entry], Iterator[Written]]:
    """Reads an entry that holds all of a row."""

    def read(entry: Entry) -> Iterator[Written]:
        yield Written((entry.payload[key],), column_values(table, entry.payload))

    return read


def _milestones(entry: Entry) -> Iterator[Written]:
    for one in entry.payload["milestones"]:
        yield Written((one["id"],), column_values(milestones, one))


_E = DomainEvent
COMPARISONS = (
    Comparison(treatments, ("id",), (_E.TREATMENT_BEGAN,), _whole(treatments), "Treatment"),
    Comparison(treatment_plans, ("id",), (_E.TREATMENT_PLANNED,), _whole(treatment_plans), "Plan"),
    Comparison(milestones, ("id",), (_E.TREATMENT_PLANNED,), _milestones, "Milestone"),
    Comparison(verifications, ("id",), (_E.TREATMENT_VERIFIED,), _whole(verifications), "Verification"),
    Comparison(
        treatment_ends,
        ("treatment_id",),
        (_E.TREATMENT_ENDED,),
        _whole(treatment_ends, "treatment_id"),
        "End of treatment",
    ),
    Comparison(
        acceptance_schedules,
        ("id",),
        (_E.ACCEPTANCE_SCHEDULED,),
        _whole(acceptance_schedules),
        "Review date",
    ),
    Comparison(acceptance_reviews, ("id",), (_E.ACCEPTANCE_REVIEWED,), _whole(acceptance_reviews), "Review"),
    Comparison(
        security_incidents,
        ("id",),
        (_E.SECURITY_INCIDENT_LINKED,),
        _whole(security_incidents),
        "Linked incident",
    ),
)


def treatment_faults(connection: Connection) -> list[AuditFault]:
    """Where the tables and the chains differ."""
    return [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
