"""Frozen views of drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Draft:
    """A version in the making."""

    id: str
    key: str
    title: str
    based_on: str | None
    """Hash of the version it was taken from."""
    state: str
    """`draft`, `in review`, `released` or `withdrawn`."""
    revision: int
    """Counts the changes; a change is taken only against the one that was read."""
    note: str
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    hash: str | None
    """Content hash, from the moment it went into review."""


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said of a draft, or of an element of it."""

    id: str
    at: datetime
    person_id: str
    path: str | None
    element_id: str | None
    words: str
