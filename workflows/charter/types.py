"""Views of the charter. Times are aware, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.types import Authority


@dataclass(frozen=True, slots=True)
class Charter:
    """One charter that was proposed."""

    number: int
    content: Mapping[str, Any]
    content_hash: str
    reason: str
    case_id: str
    proposed_at: datetime
    proposed_by: str
    """A person's name."""
    endorsed_at: datetime | None = None
    endorsed_by: str = ""
    """A person's name."""
    review_due: datetime | None = None
    gaps: tuple[str, ...] = ()
    """What was missing when it was endorsed."""
    is_open: bool = False
    """True while its case waits for an endorsement."""


@dataclass(frozen=True, slots=True)
class Tier:
    """Who can act at one tier now."""

    title: str
    candidates: tuple[Authority, ...]
    names: tuple[str, ...]
    """Their names, in the same order."""
    vacancy: str
    """Where its tasks go, where the post is vacant; else empty."""


@dataclass(frozen=True, slots=True)
class CharterPage:
    """Everything the page of the charter shows."""

    in_force: Charter | None
    proposed: Charter | None
    """The one that waits for its endorsement."""
    charters: tuple[Charter, ...]
    """All of them, newest first."""
    is_out_of_date: bool
    tiers: tuple[Tier, ...]
    gaps: tuple[str, ...]
    """Now."""
    differences: tuple[str, ...]
    """Between the charter in force and the organisation as it is."""
    may_propose: bool
    now: datetime


@dataclass(frozen=True, slots=True)
class UnendorsedDecision:
    """A decision that was taken under a version nobody had endorsed then."""

    risk_id: str
    risk_title: str
    at: datetime
    case_id: str
    policy: str
    """ "Risk decision, version 1"."""
