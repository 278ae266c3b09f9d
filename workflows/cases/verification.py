"""Whether blind positions were revealed when the record says so, and only then."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, select

from engine.audit.types import AuditFault
from engine.events import Event
from engine.instances.models import journal, reveals
from workflows.comparing import Comparison, Entry, Written, faults


def _revealed(entry: Entry) -> Iterator[Written]:
    yield Written((entry.chain, entry.payload["group"], entry.at), {})


COMPARISON = Comparison(
    reveals, ("instance_id", "blind", "at"), (Event.POSITIONS_REVEALED,), _revealed, "Reveal"
)


def reveal_faults(connection: Connection) -> list[AuditFault]:
    """Where reveals differ from the chains, or name another journal row than the one written then."""
    found = faults(connection, COMPARISON)
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
