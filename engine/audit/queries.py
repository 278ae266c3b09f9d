"""Reading and verifying audit chains."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, bindparam, select

from engine.audit.chain import Link, faults
from engine.audit.models import audit_chains, audit_entries
from engine.audit.records import record_faults, without_chain
from engine.audit.types import AuditEntry, AuditFault, AuditReport
from engine.db.types import load_tagged


def entries(connection: Connection, chain: str) -> list[AuditEntry]:
    """All entries of a chain, oldest first."""
    return [
        AuditEntry(
            chain=row.chain,
            seq=row.seq,
            at=row.at,
            actor=row.actor,
            event=row.event,
            payload=None if row.payload is None else load_tagged(row.payload),
            commitment=row.commitment,
            hash=row.hash,
        )
        for row in _rows(connection, chain)
    ]


def verify(connection: Connection) -> AuditReport:
    """Check every chain, and that submissions and journal rows are those the chains speak of."""
    found: list[AuditFault] = []
    count = chains = 0
    heads = connection.execute(select(audit_chains).order_by(audit_chains.c.chain)).all()
    for head in heads:
        chains += 1
        try:
            links = [Link(*row) for row in _rows(connection, head.chain)]
        except ValueError:
            found.append(_unreadable(connection, head.chain, head.seq))
            continue
        count += len(links)
        found.extend(
            AuditFault(head.chain, seq, sentence) for seq, sentence in faults(links, head.seq, head.hash)
        )
        found.extend(record_faults(connection, head.chain, links))
    found.extend(without_chain(connection))
    return AuditReport(chains=chains, entries=count, faults=tuple(found))


_ENTRIES = (
    select(audit_entries).where(audit_entries.c.chain == bindparam("chain")).order_by(audit_entries.c.seq)
)


def _rows(connection: Connection, chain: str) -> Any:
    return connection.execute(_ENTRIES, {"chain": chain}).all()


def _unreadable(connection: Connection, chain: str, last: int) -> AuditFault:
    """Which entry of a chain cannot even be read any more, such as one whose time is no time."""
    for seq in range(1, last + 1):
        try:
            connection.execute(
                select(audit_entries).where(audit_entries.c.chain == chain, audit_entries.c.seq == seq)
            ).all()
        except ValueError:
            return AuditFault(chain, seq, f"Entry {seq}: its fields are not those that were recorded.")
    return AuditFault(chain, last, "The chain cannot be read.")
