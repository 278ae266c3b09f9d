"""What the soak runs on: a process with everything that can race, its operations, its clock, its people."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, Text, insert

from engine import Engine
from engine.db import Database, UnitOfWork
from engine.errors import Collision
from engine.ports import Effect, OperationContext, OperationResult
from engine.testing import START, FakeDirectory, FakeForms
from engine.types import SYSTEM, Actor
from tests.engine.drawing import Drawing, seated_vote

T = TypeVar("T")

KEY = "soaked"
SEATS = 5
WORKERS = [f"c{number}" for number in range(12)]
"""People who may do the cases' tasks."""
MESSAGE = "vendor answers"
DAYS_PER_SECOND = 4.0
"""How fast the soak's clock runs, so that timers of a day are due all the time."""

metadata = MetaData()
effects = Table(
    "soak_effects",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("instance_id", String(32), nullable=False),
    Column("element_id", Text, nullable=False),
)
"""A row for every time a service task had its effect."""


def diagram(*, name: str = "Work on it") -> bytes:
    """Work that goes round, a timer, a vote, a message and a task with a deadline, in one process.

    Args:
        name: of the task `work`, so that there are versions to move cases between.
    """
    drawing = Drawing("soaked").start().end().parallel("split", "all_in").exclusive("again", "before", "done")
    drawing.user("work").service("book", times="1").path("split before work book again")
    drawing.when("again", "before", "work.more = true").default("again", "all_in")
    drawing.timer("tick", "Duration", "P1D").service("ring").path("split tick ring all_in")
    drawing.service("seat", "seat").user("vote", parley_performer="seat", inner=seated_vote(over="seat"))
    drawing.path("split seat vote all_in")
    waits = '<bpmn:messageEventDefinition id="answered_m" messageRef="m"/>'
    drawing.node("intermediateCatchEvent", "answered", waits, parley_correlation="start.key")
    drawing.user("close").boundary("closes", "close", "Duration", "P1D").service("lapse")
    drawing.path("all_in answered close done end", "closes lapse done").path("start split")
    text = drawing.bpmn().decode().replace('name="work"', f'name="{name}"')
    message = f'<bpmn:message id="m" name="{MESSAGE}"/></bpmn:definitions>'
    return text.replace("</bpmn:definitions>", message).encode()


class SoakClock:
    """The machine's clock, much faster; every process of a run shares where it began."""

    def __init__(self, began: float, days_per_second: float = DAYS_PER_SECOND) -> None:
        self.began, self.days_per_second = began, days_per_second
        self.ahead = timedelta(0)

    def now(self, connection: Connection) -> datetime:
        """So many days since the start as seconds went by, times `days_per_second`."""
        return START + timedelta(days=(time.time() - self.began) * self.days_per_second) + self.ahead


class SoakOperations:
    """Operations whose effect is a row, written in the command's own transaction."""

    def names(self) -> frozenset[str]:
        """What service tasks of the diagram call."""
        return frozenset({"do", "seat"})

    def call(
        self, connection: Connection, name: str, parameters: Mapping[str, Any], context: OperationContext
    ) -> OperationResult:
        """Seats for the vote, nothing else; an effect each time."""
        value = [f"s{number}" for number in range(SEATS)] if name == "seat" else None
        return OperationResult(value, [Effect("done", {})])

    def apply(self, uow: UnitOfWork, effect: Effect, context: OperationContext) -> None:
        """Write the row."""
        uow.connection.execute(
            insert(effects), {"instance_id": context.instance_id, "element_id": context.element_id}
        )


class CountingDatabase(Database):
    """Counts how often commands were tried."""

    commands = 0
    collisions = 0
    most = 0
    """Collisions of the unluckiest command."""

    def retrying(self, command: Callable[[], T], under_lock: Callable[[], T] | None = None) -> T:
        """As ever, counting."""
        met = 0

        def counted(way: Callable[[], T]) -> T:
            nonlocal met
            try:
                return way()
            except Collision:
                met += 1
                raise

        locked = None if under_lock is None else lambda: counted(under_lock)
        try:
            return super().retrying(lambda: counted(command), locked)
        finally:
            self.commands += 1
            self.collisions += met
            self.most = max(self.most, met)


@dataclass
class SoakWorld:
    """An engine as one process of a run has it."""

    url: str
    began: float
    seed: int
    shared: SoakWorld | None = None
    """Another thread's of the same process, whose engine and connections this one uses."""

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        if self.shared is not None:
            other = self.shared
            self.database, self.clock, self.engine = other.database, other.clock, other.engine
            return
        self.database = CountingDatabase(self.url)
        self.clock = SoakClock(self.began)
        people = {"cio": WORKERS, "raiser": ["ray"]}
        self.engine = Engine(
            self.database,
            clock=self.clock,
            directory=FakeDirectory(people, {f"s{n}": f"m{n}" for n in range(SEATS)}),
            forms=FakeForms(),
            operations=SoakOperations(),
        )

    def release(self, name: str = "Work on it") -> str:
        """Release the diagram; the version's hash."""
        files = {f"{KEY}.bpmn": diagram(name=name), "any.form": b"{}"}
        with self.database.unit_of_work() as uow:
            return self.engine.definitions.release(
                uow, key=KEY, title="Soaked", files=files, by=Actor("governor"), note="soak"
            ).hash

    def prepare(self, cases: int) -> list[str]:
        """Make what the run needs besides the engine's tables; ids of so many cases."""
        metadata.create_all(self.database.engine)
        self.release()
        return [self.start(f"key-{self.seed}-{number}") for number in range(cases)]

    def start(self, key: str) -> str:
        """A new case under a correlation key."""
        with self.database.unit_of_work() as uow:
            return self.engine.instances.start(
                uow, key=KEY, actor=Actor("ray"), subject=key, answers={"key": key}, authority="raiser"
            ).id

    def waiting(self, connection: Connection, case: str) -> list[str]:
        """Ids of the tasks that a running case's stored state waits for."""
        commands = self.engine.instances._commands
        loaded = commands.load(connection, case)
        running = commands.restore(connection, loaded, SYSTEM, self.clock.now(connection))
        return list(running._before.tasks)

    def close(self) -> None:
        """Close the database connections."""
        self.database.dispose()
