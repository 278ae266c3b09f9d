"""What the record holds, as the measures need it: frozen facts, each with the time it was recorded.

Nothing here was recorded after `Record.as_of`, so that whatever is worked out from a record of the past is
what would have been worked out then. Blind positions are in it from their reveal on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from workflows.metrics.following import Following
from workflows.risks.appetite import Appetites
from workflows.risks.scales import Level
from workflows.risks.types import RiskStatus


@dataclass(frozen=True, slots=True)
class StatusFact:
    """A risk's status from a moment on."""

    at: datetime
    source: RiskStatus | None
    target: RiskStatus
    case_id: str | None


@dataclass(frozen=True, slots=True)
class RatingFact:
    """A level of risk from a moment on."""

    at: datetime
    level: Level


@dataclass(frozen=True, slots=True)
class RiskFact:
    """A risk in the register."""

    id: str
    raised_at: datetime
    due_date: date | None
    keys: tuple[str, ...]
    """What renewals are counted by: the weakness on each asset; the risk itself where neither is known."""
    statuses: tuple[StatusFact, ...]
    """Oldest first."""
    ratings: tuple[RatingFact, ...]
    """Oldest first, those for after a treatment left out."""
    categories: tuple[tuple[datetime, str], ...] = ()
    """Each category with the moment from which on the register had it, oldest first."""

    def category_at(self, at: datetime) -> str:
        """The category at a moment; empty before there was one."""
        found = [category for since, category in self.categories if since <= at]
        return found[-1] if found else ""

    def status_at(self, at: datetime) -> RiskStatus | None:
        """The status at a moment; None before the risk was raised."""
        found = [one.target for one in self.statuses if one.at <= at]
        return found[-1] if found else None

    def level_at(self, at: datetime) -> Level | None:
        """The level at a moment; None while nobody has rated it."""
        found = [one.level for one in self.ratings if one.at <= at]
        return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Position:
    """A leader's position, as it was revealed."""

    at: datetime
    level: Level
    treatment: str
    words: tuple[str, ...]
    """What was said in the leader's own words."""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody submitted at a step that decides, answers or challenges."""

    at: datetime
    element: str
    choice: str
    days: int | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DeskTime:
    """A task that lay on a desk: from when to when, and by when it was due."""

    role: str
    element: str
    opened_at: datetime
    closed_at: datetime | None
    due_at: datetime | None

    def late_from(self) -> datetime | None:
        """The moment from which it was late; None where it was done in time or has no due time."""
        if self.due_at is None or (self.closed_at is not None and self.closed_at <= self.due_at):
            return None
        return self.due_at


@dataclass(frozen=True, slots=True)
class CaseFact:
    """A case that decides a risk, with the cases that only carry it on, a committee's session say."""

    id: str
    risk_id: str
    started_at: datetime
    ended_at: datetime | None
    is_decision: bool
    """True where it runs the policy that decides risks."""
    revealed_at: datetime | None
    """When both positions were shown to both; None as long as they are blind."""
    cio: tuple[Position, ...]
    """Oldest first; empty as long as they are blind."""
    ciso: tuple[Position, ...]
    acts: tuple[Act, ...]
    """Oldest first."""
    desks: tuple[DeskTime, ...]
    """Oldest first."""


@dataclass(frozen=True, slots=True)
class ExemptionFact:
    """An exemption granted."""

    id: str
    risk_id: str
    case_id: str
    granted_at: datetime
    expires_at: datetime
    days: int
    ended_at: datetime | None = None
    """When it was revoked, renewed or noticed to have expired; None as long as none of these is recorded."""

    @property
    def ends_at(self) -> datetime:
        """When it ends, or ended: at its date, or before that where it was revoked or renewed."""
        return self.expires_at if self.ended_at is None else min(self.ended_at, self.expires_at)

    @property
    def has_run_out(self) -> bool:
        """Whether it lasts, or lasted, until its date."""
        return self.ends_at == self.expires_at

    def active_at(self, at: datetime) -> bool:
        """As `workflows.exemptions.types.is_active` has it."""
        return self.granted_at <= at < self.ends_at


@dataclass(frozen=True, slots=True)
class Settlement:
    """The moment a risk was undecided no more: a decision took effect, or the risk was refused."""

    at: datetime
    """When it took effect on the record; the deciding act may be days older."""
    risk_id: str
    case_id: str | None
    status: RiskStatus
    response: str | None
    """None where nobody ruled, and the risk is not accepted for that."""
    review_date: date | None
    confirmed: tuple[tuple[datetime, date], ...] = ()
    """Of an acceptance: when a named act confirmed it anew, and until which date, the earliest first."""


@dataclass(frozen=True, slots=True)
class Record:
    """Everything recorded up to a moment."""

    as_of: datetime
    risks: Mapping[str, RiskFact]
    cases: Mapping[str, CaseFact]
    exemptions: tuple[ExemptionFact, ...]
    """By time of the grant."""
    settlements: tuple[Settlement, ...]
    """By time."""
    appetites: Appetites = field(default_factory=Appetites)
    """As they were set up to then."""
    following: Following = field(default_factory=Following)
    """What follows decisions."""

    def began(self) -> datetime:
        """When the record begins: the first risk raised."""
        return min((risk.raised_at for risk in self.risks.values()), default=self.as_of)


DAY = timedelta(days=1)
