"""What a case leaves open when it ends from outside its diagram: its treatment is over, and an exemption that
it asked for is not granted any more. And why it ended so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.audit.types import AuditEntry
from engine.events import Event
from engine.types import SYSTEM
from workflows.context import Writing
from workflows.events import DomainEvent, risk_chain
from workflows.exemptions.models import exemption_endings, exemption_requests, exemptions
from workflows.exemptions.requesting import end_in
from workflows.treatment.models import treatment_ends
from workflows.treatment.queries import treatment_of_case


def why_cancelled(audit: Sequence[AuditEntry]) -> tuple[str, bool]:
    """The reason for which a case ended from outside its diagram, and whether a person cancelled it; else its
    decision was taken up again in another case."""
    found = [one for one in audit if one.event == Event.INSTANCE_CANCELLED.value]
    if not found:
        return "", True
    return str((found[-1].payload or {}).get("reason") or ""), found[-1].actor != SYSTEM.person_id


def _open_requests(connection: Connection, case_id: str) -> list[str]:
    """Exemptions that a case asked for, and that are neither granted nor refused."""
    settled = (exemptions.c.id, exemption_endings.c.exemption_id)
    return list(
        connection.execute(
            select(exemption_requests.c.id)
            .where(
                exemption_requests.c.case_id == case_id,
                *(exemption_requests.c.id.not_in(select(column)) for column in settled),
            )
            .order_by(exemption_requests.c.id)
        ).scalars()
    )


def close(writing: Writing, case_id: str, risk_id: str, reason: str, next_case_id: str | None = None) -> None:
    """Write down that what the case was carrying out is over, and why; `next_case_id` decides anew."""
    connection = writing.connection
    for request in _open_requests(connection, case_id):
        end_in(writing, request, "rejected", reason)
    treatment = treatment_of_case(connection, case_id)
    ended = select(treatment_ends.c.treatment_id).where(treatment_ends.c.treatment_id == treatment)
    if treatment is None or connection.execute(ended).one_or_none() is not None:
        return
    values: dict[str, Any] = {
        "treatment_id": treatment,
        "at": writing.now,
        "outcome": "stopped",
        "reason": reason,
        "residual": None,
        "next_case_id": next_case_id,
    }
    connection.execute(insert(treatment_ends).values(**values))
    writing.record(risk_chain(risk_id), DomainEvent.TREATMENT_ENDED, values)
