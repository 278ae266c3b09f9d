"""Fakes that honour the engine's ports, for tests of the engine and of whatever stands on it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.db.uow import UnitOfWork
from engine.errors import NotFound, OperationFailed
from engine.ports import CheckedAnswers, Effect, OperationContext, OperationResult
from engine.types import Authority, Bundle

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.time = now

    def now(self, connection: Connection) -> datetime:
        """The time it was set to."""
        return self.time

    def advance(self, **duration: float) -> None:
        """Move forward by a `timedelta`'s arguments."""
        self.time += timedelta(**duration)


class FakeDirectory:
    """Desks are roles; people hold roles; a seat's holder is written in `seats`."""

    def __init__(self, holders: Mapping[str, Sequence[str]], seats: Mapping[str, str] | None = None) -> None:
        self.holders = {role: list(people) for role, people in holders.items()}
        self.seats = dict(seats or {})

    def desk(self, connection: Connection, role: str, subject: str | None, at: datetime) -> str:
        """The role itself."""
        return role

    def authority(self, connection: Connection, person_id: str, desk: str, at: datetime) -> Authority | None:
        """Whether the person is among the desk's candidates."""
        return next((a for a in self.candidates(connection, desk, at) if a.person_id == person_id), None)

    def candidates(self, connection: Connection, desk: str, at: datetime) -> Sequence[Authority]:
        """Holders of the role, the seat's holder, or the person."""
        kind, _, key = desk.partition(":")
        if kind == "seat":
            people = [self.seats[key]] if key in self.seats else []
        elif kind == "person":
            people = [key]
        else:
            people = self.holders.get(desk, [])
        return [Authority(person, f"holds {desk}") for person in people]

    def desks(self, connection: Connection, person_id: str, at: datetime) -> Sequence[str]:
        """Roles, seats and the person's own desk."""
        roles = [role for role, people in self.holders.items() if person_id in people]
        seats = [f"seat:{seat}" for seat, person in self.seats.items() if person == person_id]
        return [*roles, *seats, f"person:{person_id}"]


class FakeForms:
    """Takes the fields named for a form, all of them required; a form without an entry takes anything.

    Tasks need none unless it is said: most tests are about what comes after an answer.
    """

    def __init__(self, fields: Mapping[str, Sequence[str]] | None = None, *, needed: bool = False) -> None:
        self._fields = dict(fields or {})
        self.needed = needed

    def check(
        self, bundle: Bundle, form: str, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> CheckedAnswers:
        """Errors for fields that are missing or not declared."""
        fields = self._fields.get(form)
        if fields is None:
            return CheckedAnswers(dict(answers))
        errors = {name: ["Please fill this in."] for name in fields if answers.get(name) in (None, "")}
        errors |= {name: ["The form has no such field."] for name in answers if name not in fields}
        return CheckedAnswers({n: v for n, v in answers.items() if n in fields}, errors)

    def fields(self, bundle: Bundle, form: str) -> Sequence[str]:
        """The fields named for the form."""
        return self._fields.get(form, ())

    def required(self, bundle: Bundle, form: str) -> Sequence[str]:
        """All of them."""
        return self.fields(bundle, form)


class FakeOperations:
    """Operations given as functions of (parameters, context); effects are collected in `applied`."""

    def __init__(
        self, operations: Mapping[str, Callable[[Mapping[str, Any], OperationContext], OperationResult]]
    ) -> None:
        self._operations = dict(operations)
        self.applied: list[Effect] = []
        self.refused: dict[str, str] = {}
        """Effect name to the cause it is refused for."""

    def names(self) -> frozenset[str]:
        """Names of the operations given."""
        return frozenset(self._operations)

    def call(
        self, connection: Connection, name: str, parameters: Mapping[str, Any], context: OperationContext
    ) -> OperationResult:
        """Call the function. Raises `NotFound` where there is none."""
        if name not in self._operations:
            raise NotFound("operation", name)
        return self._operations[name](parameters, context)

    def apply(self, uow: UnitOfWork, effect: Effect, context: OperationContext) -> None:
        """Collect the effect, unless it is to be refused."""
        if effect.name in self.refused:
            raise OperationFailed(self.refused[effect.name])
        self.applied.append(effect)
