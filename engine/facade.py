"""The engine's parts behind one door: what the domain and the pages may ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, ScalarSelect

from engine.audit import queries as audit_queries
from engine.audit.commands import append
from engine.audit.types import AuditEntry, AuditReport
from engine.db.uow import Database, UnitOfWork
from engine.definitions.drafts import Drafts
from engine.definitions.store import DefinitionStore
from engine.incidents.commands import IncidentCommands
from engine.instances import queries as instance_queries
from engine.instances.cancelling import Cancelling
from engine.instances.commands import InstanceCommands
from engine.messages.commands import MessageCommands
from engine.moving.commands import MoveCommands
from engine.ports import Clock, Directory, Forms, Operations
from engine.tasks import queries as task_queries
from engine.tasks.assignment import Assignment
from engine.tasks.commands import TaskCommands
from engine.tasks.reminders import Reminders
from engine.timers import queries as timer_queries
from engine.timers.commands import TimerCommands
from engine.types import SYSTEM
from engine.worker import Worker


class Instances:
    """Starting and reading instances."""

    get = staticmethod(instance_queries.get)
    journal = staticmethod(instance_queries.journal_of)
    linked_from = staticmethod(instance_queries.linked_from)
    list = staticmethod(instance_queries.listing)
    of_subject = staticmethod(instance_queries.of_subject)
    path = staticmethod(instance_queries.path)
    submissions = staticmethod(instance_queries.submissions_of)

    def __init__(self, commands: InstanceCommands, cancelling: Cancelling) -> None:
        self._commands = commands
        self.start = commands.start
        self.cancel = cancelling.cancel

    def data(self, connection: Connection, instance_id: str) -> Mapping[str, Any]:
        """The running instance's data, blind answers left out. Raises `NotFound`, `Conflict` where it has
        ended.
        """
        now = self._commands.clock.now(connection)
        return self._commands.restore(
            connection, self._commands.load(connection, instance_id), SYSTEM, now
        ).data()


class Tasks:
    """Inboxes, and completing tasks."""

    get = staticmethod(task_queries.get)
    inbox = staticmethod(task_queries.inbox)
    of_instance = staticmethod(task_queries.of_instance)

    def __init__(self, commands: TaskCommands, assignment: Assignment) -> None:
        self.assign = assignment.assign
        self.release = assignment.release
        self.authority = commands.authority
        self.complete = commands.complete
        self.data = commands.data


class Timers:
    """Due rows."""

    due = staticmethod(timer_queries.due)
    next_due = staticmethod(timer_queries.next_due)
    of_instance = staticmethod(timer_queries.of_instance)

    def __init__(self, commands: TimerCommands) -> None:
        self.fire = commands.fire


class Audit:
    """Hash chains: a case's under its id, others under names of the caller's."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def append(self, uow: UnitOfWork, chain: str, event: str, actor: str, payload: Mapping[str, Any]) -> None:
        """Add an entry to a chain, at the command's time."""
        append(uow, chain, self._clock.now(uow.connection), [(event, actor, payload)])

    def entries(self, connection: Connection, chain: str) -> list[AuditEntry]:
        """All entries of a chain, oldest first."""
        return audit_queries.entries(connection, chain)

    def verify(self, connection: Connection) -> AuditReport:
        """Check every chain and what it vouches for."""
        return audit_queries.verify(connection)


class Engine:
    """Runs versioned diagrams for people. Knows nothing of risks."""

    def __init__(
        self,
        database: Database,
        *,
        clock: Clock,
        directory: Directory,
        forms: Forms,
        operations: Operations,
        roles: frozenset[str] | None = None,
        alongside: Mapping[str, ScalarSelect[Any]] | None = None,
    ) -> None:
        """Put the parts together.

        Args:
            roles: those that a lane may name; where None, any.
            alongside: what ports want to know at every command on a task: it is read in the same statement
                as the task, and left under its name in the reading's memo (`memo_of`).
        """
        self.database = database
        self.clock = clock
        self.definitions = DefinitionStore(clock, forms, operations, roles)
        self.drafts = Drafts(clock, self.definitions)
        commands = InstanceCommands(self.definitions, clock, directory, forms, operations, alongside)
        timers = TimerCommands(database, commands)
        self.instances = Instances(commands, Cancelling(database, commands))
        self.tasks = Tasks(TaskCommands(database, commands), Assignment(database, clock, directory))
        self.timers = Timers(timers)
        self.incidents = IncidentCommands(database, commands)
        self.audit = Audit(clock)
        self.moving = MoveCommands(database, commands)
        self.messages = MessageCommands(database, commands)
        self.worker = Worker(database, clock, timers, self.messages, Reminders(database, clock))
