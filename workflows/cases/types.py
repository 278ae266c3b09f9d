"""Views of cases and tasks for the pages. Every sentence a page shows is made here, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.audit.types import AuditEntry
from engine.types import Incident, Instance, Path, Submission, Task
from workflows.committee.types import DocketEntry
from workflows.exemptions.types import Exemption
from workflows.risks.types import Risk

if TYPE_CHECKING:
    from forms import Presentation
    from workflows.cases.changing import PositionChange


@dataclass(frozen=True, slots=True)
class PolicyRef:
    """The policy version a case runs under."""

    key: str
    title: str
    number: int
    hash: str
    endorsement: str = ""
    """Since when and by whom the version is endorsed, or that it was not while the case ran."""

    @property
    def label(self) -> str:
        """As a page names it: "Risk decision, version 3"."""
        return f"{self.title}, version {self.number}"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A task that waits for the reader."""

    task_id: str
    instance_id: str
    name: str
    """What is asked: "Decide on risk"."""
    risk_id: str | None
    risk_title: str
    """Of a case without a risk, what the case is called."""
    level: str | None
    """Level of the risk as a page names it."""
    why_me: str
    opened_at: datetime
    due_at: datetime | None
    is_overdue: bool
    due: str
    """When it is due, in words: "due in 3 days", "2 days late"; empty where nothing is due."""
    round: int = 1


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer as a page shows it."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class PositionView:
    """A leader's position. Empty `answers` where it is sealed or not yet in."""

    element_id: str
    role: str
    role_label: str
    person_name: str
    """Who filed it; empty where nobody has yet."""
    at: datetime | None
    is_in: bool
    is_sealed: bool
    sentence: str
    """What there is to say: "Filed, and sealed until both positions are in."."""
    answers: tuple[Answer, ...] = ()
    authority: str = ""
    changes: tuple[PositionChange, ...] = ()
    """What its author changed later, oldest first; the answers stay as they were."""


@dataclass(frozen=True, slots=True)
class VoteView:
    """One member's vote."""

    seat_id: str
    person_name: str
    function: str
    is_in: bool
    is_sealed: bool
    choice: str
    choice_label: str
    days: str
    reason: str
    at: datetime | None
    is_dissent: bool = False
    """True where the committee ruled otherwise."""


@dataclass(frozen=True, slots=True)
class BallotView:
    """A committee's vote in one case."""

    element_id: str
    votes: tuple[VoteView, ...]
    is_closed: bool
    outcome: str | None
    sentence: str
    """The tally in words: "3 of 5 voted to exempt"; before the close, how many have voted."""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened, in plain words."""

    at: datetime
    sentence: str
    actor: str
    """Name of who did it; empty for the software itself."""
    kind: str
    """`start`, `task`, `vote`, `operation`, `timer`, `revealed`, `incident`, `end`."""
    element_id: str | None = None
    answers: tuple[Answer, ...] = ()
    is_sealed: bool = False
    authority: str = ""


@dataclass(frozen=True, slots=True)
class WaitingFor:
    """What the case waits for, and whom."""

    element_id: str
    name: str
    sentence: str
    """ "Waits for Dana Reyes (CISO) to concur or challenge." or "The post of CISO is vacant."."""
    candidates: tuple[str, ...]
    """Names of those who may act."""
    is_vacant: bool
    due_at: datetime | None
    is_overdue: bool
    task_id: str | None
    """The reader's way to the task, where the reader may act on it; None otherwise."""


@dataclass(frozen=True, slots=True)
class CaseDiagram:
    """A diagram that a case goes through."""

    path: str
    """Name of its file in the version."""
    title: str
    is_own: bool
    """False for that of a process which the policy calls."""
    state: str
    """`waiting` (the case waits in it), `done` (it has been in it) or `not reached`."""
    processes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the diagram, for those who read a list rather than the drawing."""

    element_id: str
    name: str
    kind: str
    """What it is, in words: "task", "decision", "timer", "end", …"""
    lane: str
    state: str
    """`done`, `waiting`, `failed` or `not reached`."""
    times: int
    process: str = ""
    """Id of the process it belongs to."""


@dataclass(frozen=True, slots=True)
class LinkedCase:
    """A case that led to this one, or that came of it."""

    instance_id: str
    title: str
    sentence: str
    started_at: datetime
    outcome: str | None


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case in a list."""

    instance_id: str
    title: str
    risk_id: str | None
    risk_title: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    waiting: str
    """Whom it waits for, as a sentence."""
    policy: str
    incidents: int


@dataclass(frozen=True, slots=True)
class CaseView:
    """Everything the page of a case shows. Nothing sealed is in it."""

    instance: Instance
    policy: PolicyRef
    risk: Risk | None
    sentence: str
    """Where the case stands, in one sentence."""
    timeline: tuple[TimelineEntry, ...]
    """Oldest first."""
    positions: tuple[PositionView, ...]
    ballot: BallotView | None
    waiting: tuple[WaitingFor, ...]
    path: Path
    diagrams: tuple[CaseDiagram, ...]
    """The policy's own first, then those of the processes it calls."""
    shown: CaseDiagram | None
    """The one that the page shows."""
    steps: tuple[Step, ...]
    """Those of the diagram shown."""
    dockets: tuple[DocketEntry, ...]
    """Every docket of the committee that the case was on, the oldest first."""
    linked: tuple[LinkedCase, ...]
    exemptions: tuple[Exemption, ...]
    submissions: tuple[Submission, ...]
    incidents: tuple[Incident, ...]
    audit: tuple[AuditEntry, ...] = ()
    """Empty where the reader may not read the audit trail."""
    is_without_advice: bool = False
    """The CIO has decided, and neither the CISO nor anybody asked instead was heard."""
    may_change: frozenset[str] = frozenset()
    """Steps at which the reader may change the own position: it is revealed, and nothing is decided yet."""
    may_cancel: bool = False
    """The reader may cancel it: entitled, and no party to it."""


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything the page of a task shows. Nothing sealed is in it."""

    task: Task
    instance: Instance
    policy: PolicyRef
    risk: Risk | None
    title: str
    """What is asked: the task's name."""
    instructions: str
    """The element's documentation in the diagram."""
    may_act: bool
    why_me: str
    """Why the reader may act, or why not, as a sentence."""
    due: str
    presentation: Presentation | None
    """What the form renders; None where the reader may not act or the task is done."""
    revision: int
    token: str
    """A fresh submission token: the same one sent twice is taken once."""
    positions: tuple[PositionView, ...]
    ballot: BallotView | None
    timeline: tuple[TimelineEntry, ...]
    waiting: tuple[WaitingFor, ...]
    now: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    """The case's data as the task sees it, for the form's conditions; blind answers left out."""


@dataclass(frozen=True, slots=True)
class RaisePage:
    """Everything the page for raising a risk shows."""

    policy: PolicyRef
    presentation: Presentation
    token: str
    cve_id: str | None = None
    cve_name: str = ""
    asset_ids: tuple[str, ...] = ()
