"""Appending to audit chains, within the caller's unit of work."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from engine.audit.chain import GENESIS, link
from engine.audit.models import audit_chains, audit_entries
from engine.db.types import dump_tagged
from engine.db.uow import UnitOfWork
from engine.errors import Collision

Entry = tuple[str, str, Mapping[str, Any]]
"""Event, actor, payload."""


_HEAD = select(audit_chains.c.seq, audit_chains.c.hash).where(audit_chains.c.chain == bindparam("of"))
_BEGIN = insert(audit_chains)
_MOVE = (
    update(audit_chains)
    .where(audit_chains.c.chain == bindparam("of"), audit_chains.c.seq == bindparam("old"))
    .values(seq=bindparam("new"), hash=bindparam("digest"))
)
_ADD = insert(audit_entries)


def append(
    uow: UnitOfWork,
    chain: str,
    at: datetime,
    entries: Sequence[Entry],
    head: tuple[int, str] | None = None,
) -> None:
    """Add entries to a chain, in order.

    Args:
        head: number and hash of the chain's last entry, where the caller has read them.

    Raises:
        Collision: where somebody else added to the chain at the same moment.
    """
    if not entries:
        return
    connection = uow.connection
    seq, previous = head or _head(connection, chain)
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
    connection.execute(_ADD, rows)


def _head(connection: Connection, chain: str) -> tuple[int, str]:
    row = connection.execute(_HEAD, {"of": chain}).one_or_none()
    return (0, GENESIS) if row is None else (row.seq, row.hash)


def _move_head(connection: Connection, chain: str, old: int, new: int, digest: str) -> None:
    if old == 0:
        connection.execute(_BEGIN, {"chain": chain, "seq": new, "hash": digest})
        return
    moved = connection.execute(_MOVE, {"of": chain, "old": old, "new": new, "digest": digest})
    if moved.rowcount != 1:
        raise Collision()
