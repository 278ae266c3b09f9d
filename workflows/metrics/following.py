"""What follows a decision: plans late, decisions in force taken up again, dialogues held, look back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from workflows.metrics.periods import Period
from workflows.metrics.series import flow, stock
from workflows.metrics.types import Member, Series
from workflows.wording import day

LATE = "Treatments with a milestone of the plan in force past its date and not verified by the CISO."
MOVED = "Plans that were changed, by a recorded act that says why; the dates before stay on record."
ACTIVE = "Decisions in force that were challenged: taken up again on new facts, before their time was over."
HELD = "Weekly dialogues that at least one of the two leaders says were held."
SKIPPED = "Weeks without a dialogue, with a reason or without."
TESTED = "Incidents linked to the decision that they put to the test."
FORESEEN = "Of these, incidents that the CISO's advice foresaw and the CIO's position did not."


@dataclass(frozen=True, slots=True)
class MilestoneFact:
    """A milestone of a plan, with when it came, went and was verified."""

    treatment: str
    risk_id: str
    case_id: str
    text: str
    due_on: date
    since: datetime
    """When its plan was set."""
    until: datetime | None
    """When a later plan took its place, or the treatment ended; None while it stands."""
    verified_at: datetime | None

    def late_at(self, at: datetime) -> datetime | None:
        """Since when it is late at a moment; None where it is not."""
        over = datetime.combine(self.due_on + timedelta(days=1), time(), UTC)
        stands = self.since <= at and (self.until is None or at < self.until)
        done = self.verified_at is not None and self.verified_at <= at
        return over if stands and not done and over <= at else None


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened in a case."""

    at: datetime
    risk_id: str
    """Empty for what is about no risk."""
    case_id: str
    note: str


@dataclass(frozen=True, slots=True)
class Following:
    """What follows decisions, up to a moment."""

    milestones: tuple[MilestoneFact, ...] = ()
    changes: tuple[Happened, ...] = ()
    taken_up: tuple[Happened, ...] = ()
    held: tuple[Happened, ...] = ()
    skipped: tuple[Happened, ...] = ()
    tested: tuple[Happened, ...] = ()
    foreseen: tuple[Happened, ...] = ()


def series(found: Following, as_of: datetime, periods: Sequence[Period]) -> list[Series]:
    """Every measure of what follows a decision."""

    def late(at: datetime) -> Iterator[Member]:
        worst: dict[str, Member] = {}
        for one in found.milestones:
            since = one.late_at(at)
            if since is not None and (one.treatment not in worst or since < worst[one.treatment].at):
                note = f"{one.treatment}: {one.text}, due {day(one.due_on)}"
                worst[one.treatment] = Member(one.risk_id, since, one.case_id, note, at - since)
        yield from worst.values()

    return [
        stock("treatment-late", "Treatment plans late", LATE, periods, as_of, late),
        flow("plans-changed", "Plans changed", MOVED, periods, _members(found.changes)),
        flow(
            "challenged-active", "Challenges on active decisions", ACTIVE, periods, _members(found.taken_up)
        ),
        flow("dialogues-held", "Dialogues held", HELD, periods, _members(found.held)),
        flow("dialogues-skipped", "Weeks without a dialogue", SKIPPED, periods, _members(found.skipped)),
        flow("tested", "Look back", TESTED, periods, _members(found.tested)),
        flow("foreseen-by-ciso", "Foreseen by the CISO alone", FORESEEN, periods, _members(found.foreseen)),
    ]


def _members(found: Sequence[Happened]) -> list[Member]:
    return [Member(one.risk_id, one.at, one.case_id, one.note) for one in found]
