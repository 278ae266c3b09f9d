"""Appending to audit chains, within the caller's unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from engine.audit.chain import GENESIS, link
from engine.audit.models import audit_chains, audit_entries
from engine.db.types import dump_tagged
from engine.db.uow import UnitOfWork
from engine.errors import Collision

Entry = tuple[str, str, Mapping[str, Any]]
"""Event, actor, payload."""


def append(uow: UnitOfWork, chain: str, at: datetime, entries: Sequence[Entry]) -> None:
    """Add entries to a chain, in order.

    Raises:
        Collision: where somebody else added to the chain at the same moment.
    """
    if not entries:
        return
    connection = uow.connection
    head = connection.execute(
        select(audit_chains.c.seq, audit_chains.c.hash).where(audit_chains.c.chain == chain)
    ).one_or_none()
    seq, previous = (head.seq, head.hash) if head is not None else (0, GENESIS)
    rows = []
    for number, (event, actor, payload) in enumerate(entries, start=seq + 1):
        made = link(
            previous, chain, number, at, actor, event, dump_tagged(payload).decode(), secrets.token_hex(16)
        )
        previous = made.hash
        rows.append(
            {
                "chain": chain,
                "seq": number,
                "at": at,
                "actor": actor,
                "event": event,
                "payload": made.payload,
                "salt": made.salt,
                "commitment": made.commitment,
                "hash": made.hash,
            }
        )
    _move_head(connection, chain, seq, seq + len(rows), previous)
    connection.execute(insert(audit_entries), rows)


def _move_head(connection: Connection, chain: str, old: int, new: int, digest: str) -> None:
    if old == 0:
        connection.execute(insert(audit_chains).values(chain=chain, seq=new, hash=digest))
        return
    moved = connection.execute(
        update(audit_chains)
        .where(audit_chains.c.chain == chain, audit_chains.c.seq == old)
        .values(seq=new, hash=digest)
    )
    if moved.rowcount != 1:
        raise Collision()
