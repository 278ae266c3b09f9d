"""Tables of the audit chains."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Text

from engine.db.base import metadata
from engine.db.types import UtcDateTime

audit_chains = Table(
    "audit_chains",
    metadata,
    Column("chain", String(80), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Head of every chain, so that entries missing at the end are noticed."""

audit_entries = Table(
    "audit_entries",
    metadata,
    Column("chain", ForeignKey("audit_chains.chain"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", String(64), nullable=False),
    Column("event", String(60), nullable=False),
    Column("payload", Text, nullable=True),
    Column("salt", String(64), nullable=True),
    Column("commitment", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
"""Never changed, never deleted. Only payload and salt may be erased, together, where the law wants it."""
