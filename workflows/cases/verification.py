"""Whether blind positions were revealed when the record says so, and only then; whether later changes of them
and cancelled cases are those that were recorded."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from engine.audit.types import AuditFault
from engine.events import Event
from engine.instances.models import journal, reveals
from workflows.cases.models import case_cancellations, position_changes
from workflows.comparing import Comparison, Entry, Written, as_recorded, faults
from workflows.events import DomainEvent, risk_chain


def _revealed(entry: Entry) -> Iterator[Written]:
    yield Written((entry.chain, entry.payload["group"], entry.at), {})


_CHANGE = ("case_id", "element_id", "seq")
_cancelled_row = as_recorded(case_cancellations, ("case_id",))


def _cancelled(entry: Entry) -> Iterator[Written]:
    for one in _cancelled_row(entry):
        yield Written(one.key, {**one.values, "risk_id": entry.chain.removeprefix(risk_chain(""))})


COMPARISONS = (
    Comparison(reveals, ("instance_id", "blind", "at"), (Event.POSITIONS_REVEALED,), _revealed, "Reveal"),
    Comparison(
        case_cancellations, ("case_id",), (DomainEvent.CASE_CANCELLED,), _cancelled, "Cancellation of case"
    ),
    Comparison(
        position_changes,
        _CHANGE,
        (DomainEvent.POSITION_CHANGED,),
        as_recorded(position_changes, _CHANGE),
        "Change of position",
    ),
)


def case_faults(connection: Connection) -> list[AuditFault]:
    """Where cancellations, changed positions and reveals differ from the chains, or a reveal names another
    journal row than the one written then."""
    found = [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
    rows = connection.execute(
        select(
            reveals.c.instance_id, reveals.c.blind, reveals.c.seq, reveals.c.at, journal.c.at.label("then")
        )
        .outerjoin(
            journal,
            (journal.c.instance_id == reveals.c.instance_id) & (journal.c.seq == reveals.c.seq),
        )
        .order_by(reveals.c.instance_id, reveals.c.seq)
    )
    for row in rows:
        if row.then != row.at:
            sentence = f"Reveal {row.blind} names a step that was not taken then."
            found.append(AuditFault(row.instance_id, row.seq, sentence))
    return found
