"""Views of a dry run, and of what scenarios say of a draft. Times are aware, in UTC."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.types import Path
from forms import Presentation
from workflows.cases.types import CaseView


@dataclass(frozen=True, slots=True)
class Act:
    """What was done in a dry run: a step of the scenario that it can become."""

    element_id: str
    """Empty where time passed."""
    person_name: str
    advance: str
    """ISO 8601 duration; empty for an act."""


@dataclass(frozen=True, slots=True)
class Actable:
    """An open task, and somebody of the stage who may do it."""

    task_id: str
    name: str
    person_id: str
    person_name: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A form before somebody of the stage: the very fields a leader sees."""

    title: str
    instructions: str
    why_me: str
    presentation: Presentation | None
    """None where the step asks nothing, or may not be done by this person."""
    task_id: str
    """Empty for the start of the case."""
    person_id: str


@dataclass(frozen=True, slots=True)
class PlayPage:
    """A dry run with all that its page shows."""

    draft_id: str
    revision: int
    is_behind: bool
    """True where the draft was changed since the dry run began."""
    began_at: datetime
    now: datetime
    """By the dry run's own clock."""
    next_due: datetime | None
    """When the next timer goes off."""
    acts: tuple[Act, ...]
    case: CaseView | None
    """None until the case is begun."""
    tasks: tuple[Actable, ...]
    asked: Asked | None
    people: tuple[tuple[str, str], ...]
    """Ids and names of everybody on the stage."""

    @property
    def path(self) -> Path:
        """Where the tokens are, and were."""
        return self.case.path if self.case else Path({}, {}, ())


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of telling a scenario."""

    faults: tuple[str, ...]
    names: Mapping[str, str]
    """Ids of the steps, events and gateways completed, with their names."""
    record: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """A scenario of a draft, and what it says."""

    name: str
    title: str
    origin: str
    """`version` or `draft`: where it was kept."""
    outcome: Outcome | None
    """On the draft; None where it was not told yet."""
    changes: tuple[str, ...]
    """What comes out otherwise than under the version that the draft was made from, in sentences."""
    is_compared: bool
    """False where there is no such version."""


@dataclass(frozen=True, slots=True)
class TakenOut:
    """A scenario of the version that was taken out of a draft."""

    title: str
    by: str
    """A person's name."""
    at: datetime


@dataclass(frozen=True, slots=True)
class ScenarioPage:
    """All scenarios of a draft."""

    rows: tuple[ScenarioRow, ...]
    taken_out: tuple[TakenOut, ...]
    may_change: bool
    """True where it is still a draft: scenarios may be taken out of it."""
    base: int | None
    """Number of the version that the draft was made from."""
    may_run: bool
    """False where the draft cannot run as it is drawn."""

    @property
    def untold(self) -> int:
        """How many were not told on the draft as it is now."""
        return sum(row.outcome is None for row in self.rows)
