"""Reading and verifying audit chains."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import Connection, select

from engine.audit.chain import Link, faults
from engine.audit.models import audit_chains, audit_entries
from engine.db.types import dump_tagged, load_tagged
from engine.instances.models import journal, submissions
from engine.types import AuditEntry, AuditFault, AuditReport


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
        for entry in links:
            found.extend(AuditFault(head.chain, entry.seq, s) for s in _record_faults(connection, entry))
    return AuditReport(chains=chains, entries=count, faults=tuple(found))


def submission_digest(salt: str, answers: Any) -> str:
    """What an audit entry says of a submission's answers, without giving them away."""
    return hashlib.sha256(salt.encode() + dump_tagged(answers)).hexdigest()


def journal_digest(fields: dict[str, Any]) -> str:
    """What an audit entry says of a journal row."""
    return hashlib.sha256(dump_tagged(fields)).hexdigest()


def _rows(connection: Connection, chain: str) -> Any:
    return connection.execute(
        select(audit_entries).where(audit_entries.c.chain == chain).order_by(audit_entries.c.seq)
    ).all()


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


def _record_faults(connection: Connection, entry: Link) -> list[str]:
    """Whether the rows an entry vouches for still are what they were."""
    if entry.payload is None:
        return []
    try:
        payload = load_tagged(entry.payload)
    except ValueError:
        return []  # the commitment has told already
    if not isinstance(payload, dict):
        return []
    sentences = []
    if "submission" in payload and "answers_digest" in payload:
        row = connection.execute(
            select(submissions.c.salt, submissions.c.answers).where(submissions.c.id == payload["submission"])
        ).one_or_none()
        if row is None or submission_digest(row.salt, row.answers) != payload["answers_digest"]:
            sentences.append(
                f"Entry {entry.seq}: the answers of its submission are not those that were recorded."
            )
    if "journal" in payload and "journal_digest" in payload:
        row = connection.execute(
            select(journal).where(journal.c.instance_id == entry.chain, journal.c.seq == payload["journal"])
        ).one_or_none()
        kept = None if row is None else {str(name): value for name, value in row._mapping.items()}
        if kept is None or journal_digest(kept) != payload["journal_digest"]:
            sentences.append(f"Entry {entry.seq}: its journal row is not the one that was recorded.")
    return sentences
