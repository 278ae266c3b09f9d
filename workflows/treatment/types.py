"""Views of treatment plans, reviews and the look-back. Times are aware datetimes in UTC, dates UTC days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workflows.risks.scales import Level


@dataclass(frozen=True, slots=True)
class NewMilestone:
    """A milestone as a form gives it."""

    text: str
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Ended:
    """How a treatment ends."""

    outcome: str
    """`verified`, `not enough` (what is left is above appetite), or `stopped`."""
    reason: str
    residual: Level | None
    next_case_id: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What an owner said of a milestone, and what the CISO found."""

    at: datetime
    by_name: str
    status: str
    """`done` or `cannot`."""
    text: str
    """The evidence, or why it cannot be done by then."""


@dataclass(frozen=True, slots=True)
class Verification:
    """What the CISO found of a milestone that was reported done."""

    at: datetime
    by_name: str
    verdict: str
    """`verified` or `returned`."""
    reason: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a plan."""

    id: str
    number: int
    text: str
    owner: str
    owner_name: str
    due_on: date
    state: str
    """`verified`, `late`, `open`; `replaced` where a later plan took its place before it was verified."""
    reports: tuple[Report, ...] = ()
    verifications: tuple[Verification, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan as one recorded act set it."""

    number: int
    owner: str
    owner_name: str
    summary: str
    reason: str
    """Why it was changed; empty for the first."""
    drawn_by_name: str
    at: datetime
    milestones: tuple[Milestone, ...]
    """By date."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """A risk that is being treated, or was."""

    id: str
    """A human key: `T-0001`."""
    risk_id: str
    risk_title: str
    case_id: str
    response: str
    decided_plan: str
    began_at: datetime
    plans: tuple[Plan, ...]
    """Newest first; the first of them is in force."""
    ended_at: datetime | None
    outcome: str
    end_reason: str
    residual: Level | None
    next_case_id: str | None

    @property
    def plan(self) -> Plan | None:
        """The plan in force; None before the first is drawn up."""
        return self.plans[0] if self.plans else None

    @property
    def late(self) -> tuple[Milestone, ...]:
        """Milestones past their date and not verified."""
        if self.plan is None or self.ended_at is not None:
            return ()
        return tuple(one for one in self.plan.milestones if one.state == "late")

    @property
    def next(self) -> Milestone | None:
        """The milestone that is being worked off."""
        if self.plan is None or self.ended_at is not None:
            return None
        return next((one for one in self.plan.milestones if one.state != "verified"), None)

    @property
    def verified(self) -> int:
        """Milestones of the plan in force that the CISO verified, with those of earlier plans."""
        return sum(one.state == "verified" for plan in self.plans for one in plan.milestones)

    @property
    def total(self) -> int:
        """Milestones that count: of the plan in force, and those verified before it."""
        open_now = sum(one.state != "verified" for one in self.plan.milestones) if self.plan else 0
        return self.verified + open_now


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """When the acceptance of a risk is reviewed next."""

    risk_id: str
    risk_title: str
    case_id: str
    due_on: date
    asked_at: datetime
    """When both leaders are asked, unless they were already."""
    is_asked: bool
    times_confirmed: int


@dataclass(frozen=True, slots=True)
class Review:
    """How an acceptance was reviewed."""

    risk_id: str
    risk_title: str
    case_id: str
    due_on: date
    outcome: str
    """`confirmed`, `not confirmed`, `lapsed`."""
    reason: str
    by_name: str
    """Empty where nobody answered."""
    advice: str
    advised_by_name: str
    """Empty where nobody was heard."""
    next_on: date | None
    next_case_id: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class SecurityIncident:
    """Something that happened, and the decision that it puts to the test."""

    id: str
    """A human key: `S-0001`."""
    risk_id: str
    risk_title: str
    case_id: str
    happened_on: date
    title: str
    what: str
    foreseen: str
    """Whose position foresaw it: `both`, `cio`, `ciso`, `neither`."""
    lesson: str
    recorded_by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LookBack:
    """A decision put to the test: what was advised, what was decided, what happened."""

    incident: SecurityIncident
    advised: str
    """The CISO's advice: treatment and level; empty where the record holds none."""
    proposed: str
    """The CIO's position."""
    decided: str
    decided_by: str
    decided_at: datetime | None
