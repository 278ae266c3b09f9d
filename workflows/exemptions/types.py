"""Views of exemptions, and the one answer to whether one is in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class ExemptionState(StrEnum):
    """State at a moment; computed from the record, never stored. Only an active exemption has effect."""

    PROPOSED = "proposed"
    """Asked for; its controls are not named yet."""
    UNDER_REVIEW = "under review"
    """Its controls are named, and somebody who does not operate them checks them."""
    ACTIVE = "active"
    """Approved and in force: between the two there is no time."""
    EXPIRED = "expired"
    REVOKED = "revoked"
    RENEWED = "renewed"
    """Ended because a new review granted another in its place."""
    REJECTED = "rejected"


class CheckResult(StrEnum):
    """What came of a check of the compensating controls."""

    PASSED = "passed"
    FAILED = "failed"
    MISSED = "missed"
    """Nobody checked in time."""
    NOT_INDEPENDENT = "not independent"
    """Checked by somebody who operates one of them: it does not count."""


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
    """`cio`, `committee`, `cro` or `sponsor`."""
    basis: str
    """Where the authority comes from, as a sentence for the record."""
    state: ExemptionState
    """At the time the view was read."""
    policy_number: int
    policy_hash: str
    days_left: int = 0
    """Whole days until it ends; 0 on the last day and after."""
    record: Mapping[str, Any] = field(default_factory=dict)
    """The deciding submissions' ids and, for a committee, its tally."""
    ended_at: datetime | None = None
    """When it ended otherwise than by its date, or was recorded as expired."""
    ending: str | None = None
    """`expired`, `revoked` or `renewed`, once it is recorded."""
    ending_reason: str = ""
    renews: str | None = None
    """The exemption it was granted in place of."""
    element_id: str = ""
    """The step that granted it."""


@dataclass(frozen=True, slots=True)
class ExemptionRequest:
    """An exemption that was asked for, whether or not it was granted."""

    id: str
    """The key the exemption has if it is granted."""
    risk_id: str
    risk_title: str
    case_id: str
    requested_at: datetime
    requested_by: str
    requested_by_name: str
    days: int
    conditions: str
    compensating_controls: str
    justification: str
    tier: str
    longest_days: int
    """The most the policy allowed."""
    renewals_at_most: int
    renews: str | None
    state: ExemptionState
    granted_at: datetime | None
    ended_at: datetime | None
    ending_reason: str = ""


@dataclass(frozen=True, slots=True)
class Control:
    """A compensating control, with who operates it."""

    number: int
    description: str
    operator: str
    operator_name: str
    evidence: str
    named_by_name: str
    named_at: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """A check of all controls of an exemption."""

    occasion: str
    """`before approval` or `in force`."""
    at: datetime
    checked_by: str | None
    checked_by_name: str
    result: CheckResult
    findings: tuple[Mapping[str, Any], ...]
    """One a control: `number`, `control`, `works` and `evidence`."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken condition, as it was reported."""

    at: datetime
    reported_by_name: str
    what: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Reminder:
    """The CIO was told that the end is near."""

    at: datetime
    told: tuple[str, ...]
    """Names."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """A new review that was asked for in place of an exemption."""

    case_id: str
    at: datetime
    asked_by_name: str
    reason: str
    is_open: bool
    """Its case has not ended."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step in the life of an exemption, for its page."""

    at: datetime
    state: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ExemptionPage:
    """One exemption, or the request for one, with everything that the record knows of it."""

    id: str
    risk_id: str
    risk_title: str
    exemption: Exemption | None
    """None where it was not granted, or not yet."""
    request: ExemptionRequest | None
    """None for what was granted by a release that knew no requests."""
    controls: tuple[Control, ...]
    checks: tuple[Check, ...]
    """Newest first."""
    breaches: tuple[Breach, ...]
    reminders: tuple[Reminder, ...]
    renewals: tuple[Renewal, ...]
    chain: tuple[Exemption, ...]
    """Every exemption of this weakness on these assets, oldest first: what counts against the cap."""
    steps: tuple[Step, ...]
    """Its life so far, oldest first."""
    may_report: bool
    """The reader may report a breach."""
    may_renew: bool
    """The reader may ask for a renewal, as far as the post goes."""
    why_no_renewal: str
    """Why none can be asked for now; empty where one can."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What the list of exemptions says of itself at a moment."""

    awaiting: int
    """Asked for and neither granted nor rejected."""
    longest_waiting_days: int | None
    mean_days_to_decision: float | None
    """From request to grant or rejection; None where none was decided yet."""
    active: int
    expiring_soon: int
    """In force, with 30 days or fewer to go."""
    expired_undecided: int
    """Ended, and the risk is not decided again."""
    never_expires: int
    """In force without an end. The database holds none."""


def is_active(exemption: Exemption, now: datetime) -> bool:
    """Whether the exemption has effect at `now`: from the moment it is granted until just before it ends.

    The one place that decides this; two readers of expiry that disagree would be two truths.
    """
    return exemption.granted_at <= now < end_of(exemption)


def end_of(exemption: Exemption) -> datetime:
    """When it ends, or ended: at its date, or before that where it was revoked or renewed."""
    ended, expires = exemption.ended_at, exemption.expires_at
    return expires if ended is None else min(ended, expires)


def state_at(exemption: Exemption, now: datetime) -> ExemptionState:
    """The state of a granted exemption at `now`, by the same rule."""
    if is_active(exemption, now):
        return ExemptionState.ACTIVE
    is_early = exemption.ended_at is not None and exemption.ended_at < exemption.expires_at
    return ExemptionState(exemption.ending) if is_early and exemption.ending else ExemptionState.EXPIRED
