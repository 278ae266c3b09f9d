"""Views of the weekly dialogue. Times are aware datetimes in UTC."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum


class NoteKind(StrEnum):
    """What a note is: two kinds are for the agenda, two are drafts of what was agreed."""

    INITIATIVE = "initiative"
    CHALLENGE = "challenge"
    """An operational challenge; a challenge to a decision is made in its case."""
    OUTCOME = "outcome"
    ACTION = "action"

    @property
    def is_draft(self) -> bool:
        """Whether it becomes permanent once both leaders agree."""
        return self in (NoteKind.OUTCOME, NoteKind.ACTION)


@dataclass(frozen=True, slots=True)
class Pair:
    """A CIO and a CISO who talk every week."""

    unit: str | None
    """Id of the unit; None for the whole organisation."""
    title: str
    cio: str
    """Name of who holds the post, or that it is vacant."""
    ciso: str


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One line that the software put on the agenda, as it was when the dialogue was opened."""

    kind: str
    """`raised`, `decided`, `challenged`, `overdue`, `expiring` or `action`."""
    ref: str
    """Id of the risk, exemption or action."""
    risk_id: str | None
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something put down, or a draft of something agreed. Not permanent."""

    id: str
    kind: NoteKind
    text: str
    owner_name: str
    due_on: date | None
    put_by: str
    put_by_name: str
    put_at: datetime


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """Something somebody does by a day, agreed by both leaders."""

    id: str
    case_id: str
    text: str
    owner: str
    owner_name: str
    due_on: date
    agreed_at: datetime
    ended_at: datetime | None
    how: str
    """`done` or `dropped`; empty while it is open."""
    is_late: bool


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One week of a pair."""

    case_id: str
    unit: str | None
    since: datetime
    opened_at: datetime
    next_at: datetime
    agenda: tuple[AgendaItem, ...]
    closed_at: datetime | None
    result: str
    """`held`, `skipped`, `lapsed`; empty while it is open."""
    sentence: str
    """How the week ended, in words; empty while it is open."""
    outcomes: tuple[str, ...] = ()
    actions: tuple[AgreedAction, ...] = ()

    def without(self, risk_ids: Collection[str]) -> Dialogue:
        """The same week without the agenda's lines about these risks."""
        return replace(self, agenda=tuple(line for line in self.agenda if line.risk_id not in risk_ids))


@dataclass(frozen=True, slots=True)
class DialoguePage:
    """Everything the page of a pair's dialogue shows."""

    pair: Pair
    pairs: tuple[Pair, ...]
    """All that the reader may read."""
    is_mine: bool
    """Whether the reader is one of the two leaders, or stands in for one."""
    current: Dialogue | None
    task_id: str | None
    """The reader's own open task of this week."""
    waits: str
    """What this week still waits for, in one sentence."""
    is_frozen: bool
    """True once a leader has answered: what is written then stays as it is until the week is recorded."""
    items: tuple[Note, ...]
    drafts: tuple[Note, ...]
    open_actions: tuple[AgreedAction, ...]
    past: tuple[Dialogue, ...]
    """Ended ones, newest first."""
    held: int
    counted: int
    """Of the past ones shown."""
    now: datetime
