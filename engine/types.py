"""Frozen views that the engine hands out. Times are aware datetimes in UTC; ids are strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person's id, or the software itself."""

    person_id: str


SYSTEM = Actor("system")
"""The software acting by itself: a timer that fires, a set-up step."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Why a person may act from a desk, as the Directory answers it."""

    person_id: str
    basis: str
    """Where the authority comes from, as a sentence for the record: "CIO, appointed 1 March 2026"."""
    on_behalf_of: str | None = None
    """The person stood in for, where the authority is a deputy's."""


class VersionState(StrEnum):
    """Life of a version: only drafts and reviews ever change; released and retired ones are immutable."""

    DRAFT = "draft"
    IN_REVIEW = "in review"
    RELEASED = "released"
    RETIRED = "retired"


class InstanceState(StrEnum):
    """Life of an instance."""

    RUNNING = "running"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class TaskState(StrEnum):
    """Life of a user task: open until somebody completes it, or the flow withdraws it."""

    OPEN = "open"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of one version: path within the bundle to bytes."""

    hash: str
    files: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a definition. `hash` is the SHA-256 over its sorted files."""

    key: str
    title: str
    number: int
    hash: str
    state: VersionState
    recorded_at: datetime
    recorded_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Parameter:
    """A typed parameter of a service task's operation: a name and a FEEL expression."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class VoteRule:
    """How a multi-instance user task over a roster is decided (attributes of `parley:vote`)."""

    field: str
    """The form field that holds the choice."""
    quorum: int
    """Votes needed, abstentions counted, recusals not."""
    majority: str = "half"
    """`half`: more than half; `two thirds`: at least two thirds; each of the seated less the recused."""
    close: str = "all"
    """`all` votes in, outcome `certain`, or `due`."""
    abstain: str = "abstain"
    recuse: str = "recuse"


@dataclass(frozen=True, slots=True)
class Element:
    """A node or flow of a diagram, with our own attributes, as lxml reads it."""

    id: str
    kind: str
    """BPMN's tag: `userTask`, `exclusiveGateway`, `sequenceFlow`, …"""
    name: str
    process: str
    lane: str | None = None
    role: str | None = None
    form: str | None = None
    due: str | None = None
    performer: str | None = None
    separate_from: tuple[str, ...] = ()
    blind: str | None = None
    milestone: str | None = None
    operation: str | None = None
    parameters: tuple[Parameter, ...] = ()
    vote: VoteRule | None = None
    decision: str | None = None
    """A business rule task's decision: file and id, as in `appetite.dmn#level`."""
    correlation: str | None = None
    """FEEL for the key by which a message finds its case."""
    remind: str | None = None
    """ISO 8601 duration before the due time at which a reminder goes out."""
    source: str | None = None
    target: str | None = None
    condition: str | None = None
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Instance:
    """A running or ended case of a definition."""

    id: str
    key: str
    version_hash: str
    version_number: int
    title: str
    subject: str | None
    state: InstanceState
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    outcome: str | None
    """Name of the end event reached, where the case has ended."""
    linked_from: str | None
    revision: int
    incidents: int
    """Open incidents."""


@dataclass(frozen=True, slots=True)
class Task:
    """A user task waiting for somebody, or done."""

    id: str
    instance_id: str
    key: str
    version_hash: str
    subject: str | None
    element_id: str
    name: str
    role: str | None
    desk: str
    """The desk it lies on: what the Directory resolved the role, starter or seat to when it opened."""
    seat: str | None
    form: str | None
    state: TaskState
    round: int
    """1 the first time the case comes to this element, then 2, …"""
    opened_at: datetime
    due_at: datetime | None
    assignee: str | None
    revision: int
    closed_at: datetime | None
    closed_by: str | None


@dataclass(frozen=True, slots=True)
class Submission:
    """What somebody submitted at a task or start event; a row for good."""

    id: str
    instance_id: str
    task_id: str | None
    element_id: str
    round: int
    person_id: str
    on_behalf_of: str | None
    authority: str
    at: datetime
    form: str | None
    version_hash: str
    answers: Mapping[str, Any]
    """Empty where `sealed`."""
    sealed: bool
    """True while the answers are blind and the reader is not their author."""
    seat: str | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to a submission."""

    submission_id: str
    instance_id: str
    task_id: str
    repeated: bool
    """True where this very submission had been taken before: nothing was done twice."""


@dataclass(frozen=True, slots=True)
class JournalRow:
    """One command on an instance: what came in, and what was taken on the diagram."""

    seq: int
    at: datetime
    actor: str
    kind: str
    """`start`, `complete`, `timer`, `message`, `retry`, `cancel`, `migrate`."""
    element_id: str | None
    elements: tuple[str, ...]
    """Elements completed by the command, in order."""
    flows: tuple[str, ...]
    """Sequence flows taken by the command, in order."""
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Timer:
    """A due row: a timer event that waits."""

    id: str
    instance_id: str
    element_id: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Incident:
    """Why an instance could not go on."""

    id: str
    instance_id: str
    element_id: str | None
    cause: str
    names: tuple[str, ...]
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Path:
    """What the diagram of a case shows."""

    completed: Mapping[str, int]
    """Element id to the number of times it was completed."""
    flows: Mapping[str, int]
    """Sequence flow id to the number of times it was taken."""
    waiting: tuple[str, ...]
    """Elements at which the case waits now."""
    failed: tuple[str, ...] = ()
    """Elements before which it waits with an incident."""
