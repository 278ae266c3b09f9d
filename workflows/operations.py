"""What service tasks may call: the one register of operations and of the effects they have.

An operation reads and answers a value with effects; an effect is applied in the write phase of the same
command, with its audit entry. Each area keeps its own in `operations.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from engine.db import UnitOfWork
from engine.errors import OperationFailed
from engine.ports import Effect, OperationContext, OperationResult
from workflows.context import Writing, writing
from workflows.errors import WorkflowsError
from workflows.identity.queries import people_by_id
from workflows.identity.types import SYSTEM_PERSON

if TYPE_CHECKING:
    from engine import Engine


@dataclass(frozen=True, slots=True)
class Call:
    """What an operation is given: a connection to read with, its parameters, the case, and the engine to read
    from."""

    connection: Connection
    parameters: Mapping[str, Any]
    context: OperationContext
    engine: Engine

    @property
    def risk_id(self) -> str:
        """The risk the case is about. Raises `OperationFailed` where there is none."""
        return subject(self.context)


@dataclass(frozen=True, slots=True)
class Application:
    """What an effect is given: the command's unit of work, its payload, the case, and the engine."""

    writing: Writing
    payload: Mapping[str, Any]
    context: OperationContext
    engine: Engine

    @property
    def risk_id(self) -> str:
        """The risk the case is about. Raises `OperationFailed` where there is none."""
        return subject(self.context)


Operation = Callable[[Call], OperationResult]
Apply = Callable[[Application], None]


def subject(context: OperationContext) -> str:
    """The case's subject. Raises `OperationFailed` where it has none."""
    if context.subject is None:
        raise OperationFailed("This case is about no risk, so there is nothing to record.")
    return context.subject


class DomainOperations:
    """Implements `engine.ports.Operations` over two tables: operations by name, effects by name."""

    def __init__(self, operations: Mapping[str, Operation], effects: Mapping[str, Apply]) -> None:
        self._operations = dict(operations)
        self._effects = dict(effects)
        self._engine: Engine | None = None

    def bind(self, engine: Engine) -> None:
        """Name the engine that calls: operations read cases through it. Done once, in bootstrap."""
        self._engine = engine

    def names(self) -> frozenset[str]:
        """Names of all operations."""
        return frozenset(self._operations)

    def call(
        self, connection: Connection, name: str, parameters: Mapping[str, Any], context: OperationContext
    ) -> OperationResult:
        """Run an operation. Raises `OperationFailed` with a sentence where it cannot."""
        operation = self._operations.get(name)
        if operation is None:
            raise OperationFailed(
                f"There is no operation {name!r}. The case waits; release a policy without it."
            )
        try:
            return operation(Call(connection, parameters, context, self._bound()))
        except WorkflowsError as error:
            raise OperationFailed(str(error)) from error

    def apply(self, uow: UnitOfWork, effect: Effect, context: OperationContext) -> None:
        """Carry out an effect within a savepoint. Raises `OperationFailed` where it cannot."""
        apply = self._effects.get(effect.name)
        if apply is None:
            raise OperationFailed(
                f"There is no effect {effect.name!r}. The case waits; nothing of it was recorded."
            )
        actor = people_by_id(uow.connection, [context.actor]).get(context.actor, SYSTEM_PERSON)
        try:
            apply(Application(writing(uow, context.now, actor), effect.payload, context, self._bound()))
        except WorkflowsError as error:
            raise OperationFailed(str(error)) from error

    def _bound(self) -> Engine:
        if self._engine is None:
            raise AssertionError("operations are bound to their engine in bootstrap")
        return self._engine
