"""What the engine asks of others. Fakes that honour the same interfaces are in `engine.testing`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from engine.types import Authority, Bundle, Task

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.db.uow import UnitOfWork


class Guard(Protocol):
    """What else must hold before a person's answers are taken: asked within the command, of what it read."""

    def __call__(
        self,
        connection: Connection,
        task: Task,
        authority: Authority,
        now: datetime,
        data: Callable[[], Mapping[str, Any]],
    ) -> None:
        """Refuse by raising `NotEntitled`. `data` are the case's, as the task sees them."""
        ...


class Clock(Protocol):
    """Where the engine takes the time from."""

    def now(self, connection: Connection) -> datetime:
        """The time in UTC, aware. Asked once per command; the connection is the command's, for a stored
        offset.
        """
        ...


class Directory(Protocol):
    """Who may act. Answers come from tables, never from process data.

    A *desk* is the place where a task lies: a role narrowed to the part of the organisation that a subject
    belongs to (`cio`, `cio@retail`), a seat of a committee (`seat:<id>`), or a person (`person:<id>`).
    """

    def desk(self, connection: Connection, role: str, subject: str | None, at: datetime) -> str:
        """The desk that a role's tasks about this subject lie on at this time."""
        ...

    def authority(self, connection: Connection, person_id: str, desk: str, at: datetime) -> Authority | None:
        """Why this person may act from this desk at this time; None where the person may not."""
        ...

    def candidates(self, connection: Connection, desk: str, at: datetime) -> Sequence[Authority]:
        """Everybody who may act from this desk at this time; empty where a post is vacant."""
        ...

    def desks(self, connection: Connection, person_id: str, at: datetime) -> Sequence[str]:
        """Every desk this person may act from at this time."""
        ...


@dataclass(frozen=True, slots=True)
class CheckedAnswers:
    """Answers after the form's check: coerced values of declared, visible fields; or errors by field."""

    values: Mapping[str, Any]
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)


class Forms(Protocol):
    """What the engine needs to know of forms."""

    @property
    def needed(self) -> bool:
        """Whether a version is released only where each task that people do has a form."""
        ...

    def check(
        self, bundle: Bundle, form: str, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> CheckedAnswers:
        """Check and coerce what was submitted, with the case's data at hand for conditions."""
        ...

    def fields(self, bundle: Bundle, form: str) -> Sequence[str]:
        """Keys of the fields a form declares."""
        ...

    def required(self, bundle: Bundle, form: str) -> Sequence[str]:
        """Keys of the fields that must be answered in every case."""
        ...


@dataclass(frozen=True, slots=True)
class Effect:
    """Something an operation wants done in the write phase: a name the operations know, and plain data."""

    name: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OperationContext:
    """What an operation may know of the case that calls it."""

    instance_id: str
    key: str
    version_hash: str
    subject: str | None
    element_id: str
    now: datetime
    actor: str
    data: Mapping[str, Any]
    """The case's data at the service task. Read only."""


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What an operation answers: a value stored under the service task's id, and effects."""

    value: Any = None
    effects: Sequence[Effect] = ()


class Operations(Protocol):
    """What service tasks may call. Operations read; effects write, within the command's transaction."""

    def names(self) -> frozenset[str]:
        """Names of all registered operations; a release that names another is refused."""
        ...

    def call(
        self, connection: Connection, name: str, parameters: Mapping[str, Any], context: OperationContext
    ) -> OperationResult:
        """Run an operation. Raises `OperationFailed` with a sentence where it cannot."""
        ...

    def apply(self, uow: UnitOfWork, effect: Effect, context: OperationContext) -> None:
        """Carry out an effect; called within a savepoint. Raises `OperationFailed` where it cannot."""
        ...
