"""Views of committees, members and seats."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Committee:
    """A cross-functional forum that arbitrates; owned by neither CIO nor CISO."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """A person on a committee, for a time."""

    id: str
    committee_id: str
    person_id: str
    person_name: str
    function: str
    """The function or department the member speaks for: finance, legal, operations, …"""
    is_chair: bool
    alternate_for: str | None
    """Id of the person whose seat this one takes where that person cannot sit."""
    valid_from: datetime
    valid_until: datetime | None
    basis: str
    ended: bool = False
    """True where it was ended early."""
    barred: str = ""
    """Why the person cannot vote today, as a sentence; empty where nothing stands in the way."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One voter's place in one vote: a row of the roster."""

    id: str
    committee_id: str
    case_id: str
    person_id: str
    person_name: str
    function: str
    is_chair: bool
    alternate_for: str | None
    seated_at: datetime


@dataclass(frozen=True, slots=True)
class CommitteePage:
    """A committee and whether it could be seated today."""

    committee: Committee
    members: tuple[Member, ...]
    can_sit: bool
    why_not: str = ""
    """Why it could not be seated, as a sentence."""
