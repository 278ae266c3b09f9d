"""Views of exemptions, and the one answer to whether one is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ExemptionState(StrEnum):
    """State at a moment; computed, never stored. Only an active exemption has effect."""

    ACTIVE = "active"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Exemption:
    """A risk left as it is, under conditions and for a time, by a named decision."""

    id: str
    """A human key: `E-0001`."""
    risk_id: str
    risk_title: str
    case_id: str
    granted_at: datetime
    expires_at: datetime
    days: int
    """1 to 365."""
    conditions: str
    compensating_controls: str
    decided_by: str
    """Id of the person whose act grants it; of a committee, the person who cast the deciding vote."""
    decided_by_name: str
    decided_on_behalf_of: str | None
    decided_tier: str
    """`cio`, `committee` or `cro`."""
    basis: str
    """Where the authority comes from, as a sentence for the record."""
    state: ExemptionState
    """At the time the view was read."""
    policy_number: int
    policy_hash: str
    days_left: int = 0
    """Whole days until it expires; 0 on the last day and after."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The deciding submissions' ids and, for a committee, its tally."""


def is_active(exemption: Exemption, now: datetime) -> bool:
    """Whether the exemption has effect at `now`: from the moment it is granted until just before it expires.

    The one place that decides this; two readers of expiry that disagree would be two truths.
    """
    return exemption.granted_at <= now < exemption.expires_at


def state_at(granted_at: datetime, expires_at: datetime, now: datetime) -> ExemptionState:
    """The state at `now`; before the grant there is no exemption, so that does not occur."""
    return ExemptionState.ACTIVE if granted_at <= now < expires_at else ExemptionState.EXPIRED
