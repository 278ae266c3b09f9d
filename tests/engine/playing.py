"""Plays cases on a real database: every act with an engine of its own, so that nothing is kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Table, func, select

from engine import Engine
from engine.db import Database
from engine.db.base import metadata
from engine.ports import OperationContext, OperationResult
from engine.testing import START, FakeClock, FakeDirectory, FakeForms, FakeOperations
from engine.types import Actor, Incident, Instance, Path, Receipt, Task, Timer
from tests.engine.drawing import Drawing

T = TypeVar("T")
Operation = Callable[[Mapping[str, Any], OperationContext], OperationResult]

PEOPLE = {
    "raiser": ["ray"],
    "cio": ["carla"],
    "ciso": ["igor"],
    "cro": ["rolf"],
    "committee": [],
}


def done(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
    """An operation that answers with its parameters."""
    return OperationResult(dict(parameters))


@dataclass
class Stage:
    """A database with fakes around it."""

    url: str
    clock: FakeClock = field(default_factory=lambda: FakeClock(START))
    directory: FakeDirectory = field(default_factory=lambda: FakeDirectory(PEOPLE))
    forms: FakeForms = field(default_factory=FakeForms)
    operations: FakeOperations = field(default_factory=lambda: FakeOperations({"do": done}))
    keep: bool = True
    """One engine for everything; otherwise one for each act, that knows nothing of what came before."""

    def __post_init__(self) -> None:
        self.database = Database(self.url)
        self._kept: Engine | None = None
        self._ports: dict[str, Any] = {}
        self._tokens = 0
        self.instance_id = ""
        self.key = ""

    @property
    def engine(self) -> Engine:
        """An engine with the ports as they are now."""
        ports = {
            "clock": self.clock,
            "directory": self.directory,
            "forms": self.forms,
            "operations": self.operations,
        }
        if not self.keep or self._kept is None or ports != self._ports:
            self._ports, self._kept = ports, Engine(self.database, **ports)
        return self._kept

    def close(self) -> None:
        """Close what is open."""
        self.database.dispose()

    def release(self, drawing: Drawing | Mapping[str, bytes], key: str | None = None) -> None:
        """Release a diagram; without a key, under one that no other test uses."""
        files = drawing.files() if isinstance(drawing, Drawing) else drawing
        self.key = key = key or f"p-{uuid4().hex[:12]}"
        with self.database.unit_of_work() as uow:
            self.engine.definitions.release(
                uow, key=key, title=key, files=files, by=Actor("governor"), note="drawn"
            )

    def start(self, *, by: str = "ray", subject: str | None = "R-1", **answers: Any) -> str:
        """Start a case of what was released last; later acts are about it. Returns its id."""
        with self.database.unit_of_work() as uow:
            started = self.engine.instances.start(
                uow, key=self.key, actor=Actor(by), subject=subject, answers=answers, authority="raiser"
            )
        self.instance_id = started.id
        return started.id

    def token(self) -> str:
        """A submission's token, never given out before."""
        self._tokens += 1
        return f"token-{self._tokens}-{uuid4().hex}"

    def do(self, element: str, by: str, *, seat: str | None = None, **answers: Any) -> Receipt:
        """Complete an open task as somebody."""
        task = self.task(element, seat=seat)
        return self.engine.tasks.complete(
            Actor(by), task.id, revision=task.revision, token=self.token(), answers=answers
        )

    def task(self, element: str, *, seat: str | None = None) -> Task:
        """The open task at an element (of a seat)."""
        found = [t for t in self.open_tasks() if t.element_id == element and (seat is None or t.seat == seat)]
        assert found, f"{element} is not open; open are {self.open}"
        return found[0]

    def open_tasks(self) -> list[Task]:
        """Tasks of the case that wait for somebody."""
        with self.database.reading() as connection:
            tasks = self.engine.tasks.of_instance(connection, self.instance_id)
        return [task for task in tasks if task.state == "open"]

    @property
    def open(self) -> list[str]:
        """Elements with open tasks, each as often as there are."""
        return sorted(task.element_id for task in self.open_tasks())

    @property
    def instance(self) -> Instance:
        """The case."""
        return self.read(lambda connection: self.engine.instances.get(connection, self.instance_id))

    @property
    def path(self) -> Path:
        """What was taken on the diagram."""
        return self.read(lambda connection: self.engine.instances.path(connection, self.instance_id))

    @property
    def timers(self) -> list[Timer]:
        """Timers of the case that wait."""
        return self.read(lambda connection: self.engine.timers.of_instance(connection, self.instance_id))

    @property
    def incidents(self) -> list[Incident]:
        """Open incidents of the case."""
        return self.read(lambda connection: self.engine.incidents.open(connection, self.instance_id))

    @property
    def data(self) -> Mapping[str, Any]:
        """The case's data."""
        return self.read(lambda connection: self.engine.instances.data(connection, self.instance_id))

    def answers(self, element: str) -> list[dict[str, Any]]:
        """All answers given at an element, oldest first."""
        found = self.read(lambda c: self.engine.instances.submissions(c, self.instance_id, reader=None))
        return [dict(s.answers) for s in found if s.element_id == element]

    def read(self, query: Callable[[Connection], T]) -> T:
        """Ask the database."""
        with self.database.reading() as connection:
            return query(connection)

    def sweep(self) -> int:
        """Fire what is due."""
        return self.engine.worker.sweep()

    def retry(self) -> bool:
        """Retry the case's oldest incident."""
        return self.engine.incidents.retry(Actor("admin"), self.incidents[0].id, "mended")

    def faults(self) -> list[tuple[str, int, str]]:
        """What the audit's verification finds."""
        report = self.read(lambda connection: self.engine.audit.verify(connection))
        return [(fault.chain, fault.seq, fault.sentence) for fault in report.faults]

    def counts(self) -> dict[str, int]:
        """How many rows every table of the engine has."""

        def count(connection: Connection) -> dict[str, int]:
            return {
                table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            }

        return self.read(count)

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """All rows of a table."""
        return self.read(
            lambda connection: [dict(row) for row in connection.execute(select(table)).mappings()]
        )
