"""Firing timers that are due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import bindparam, literal_column, select

from engine.db.uow import Database
from engine.events import Event
from engine.instances.change import Change
from engine.instances.commands import InstanceCommands, insist
from engine.instances.models import instances
from engine.instances.writing import write
from engine.timers.models import timers
from engine.types import SYSTEM

_WAITS = timers.c.state == literal_column("'waiting'")
_READ = select(timers).where(timers.c.id == bindparam("timer"), _WAITS)
_CLAIM = (
    select(instances.c.id)
    .where(
        instances.c.id.in_(select(timers.c.instance_id).where(timers.c.id == bindparam("timer"))),
        instances.c.state == literal_column("'running'"),
    )
    .with_for_update(skip_locked=True)
)
"""Locks the timer's instance, as every command that locks does first; nobody waits for it, a worker least."""


class TimerCommands:
    """What the worker does with timers."""

    def __init__(self, database: Database, instances: InstanceCommands) -> None:
        self._database = database
        self._instances = instances

    def fire(self, timer_id: str) -> bool:
        """Fire a timer if it still waits and is due, in one transaction that has its instance locked.

        Returns:
            Whether it fired: False where somebody else was faster or is at work on the instance, or it is not
            due.

        Raises:
            Collision: where others kept changing the instance.
        """

        def attempt(forced: Mapping[str, str]) -> bool:
            with self._database.unit_of_work() as uow:
                connection = uow.connection
                if connection.execute(_CLAIM, {"timer": timer_id}).one_or_none() is None:
                    return False
                # Read once more, under the lock: what was found before may be over.
                row = connection.execute(_READ, {"timer": timer_id}).one_or_none()
                now = self._instances.clock.now(connection)
                if row is None or row.due_at > now:
                    return False
                loaded = self._instances.load(connection, row.instance_id)
                change = Change(
                    kind="timer",
                    event=Event.TIMER_FIRED,
                    actor=SYSTEM.person_id,
                    now=now,
                    element_id=row.element_id,
                    payload={"timer": timer_id, "due_at": row.due_at},
                )
                outcome = self._instances.restore(connection, loaded, SYSTEM, now, forced).fire(timer_id)
                write(uow, loaded, outcome, change, self._instances.directory, self._instances.operations)
            return True

        return self._database.retrying(lambda: insist(attempt))
