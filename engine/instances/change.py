"""What a command read of an instance, and what it does to it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from engine.events import Event
from engine.types import Authority


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was read of an instance before computing."""

    id: str
    key: str
    version_hash: str
    subject: str | None
    started_by: str
    revision: int
    incidents: int
    state: bytes
    audit_head: tuple[int, str]
    """Number and hash of the last entry of its audit chain."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A submission to be kept."""

    element_id: str
    task_id: str | None
    round: int
    seat: str | None
    authority: Authority
    form: str | None
    blind: str | None
    answers: Mapping[str, Any]
    token: str | None
    id: str = field(default_factory=lambda: uuid4().hex)
    salt: str = field(default_factory=lambda: secrets.token_hex(16))


@dataclass(frozen=True, slots=True)
class Change:
    """What was done: for the journal and the audit chain."""

    kind: str
    """`start`, `complete`, `timer`, `retry`, `cancel`."""
    event: Event
    actor: str
    now: datetime
    element_id: str | None = None
    submitted: Submitted | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
