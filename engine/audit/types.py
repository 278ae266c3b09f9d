"""Frozen views of audit chains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of a case's hash chain."""

    chain: str
    seq: int
    at: datetime
    actor: str
    event: str
    payload: Mapping[str, Any] | None
    """None where the law wanted the payload erased; the chain still holds."""
    commitment: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditFault:
    """A place where a chain does not hold."""

    chain: str
    seq: int
    sentence: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Result of a verification."""

    chains: int
    entries: int
    faults: tuple[AuditFault, ...] = field(default_factory=tuple)
