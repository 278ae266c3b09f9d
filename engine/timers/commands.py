"""Firing timers that are due."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from engine.db.uow import Database
from engine.events import Event
from engine.instances.change import Change
from engine.instances.commands import InstanceCommands, insist
from engine.instances.writing import write
from engine.timers.models import timers
from engine.types import SYSTEM


class TimerCommands:
    """What the worker does with timers."""

    def __init__(self, database: Database, instances: InstanceCommands) -> None:
        self._database = database
        self._instances = instances

    def fire(self, timer_id: str) -> bool:
        """Fire a timer if it still waits and is due, in one transaction.

        Returns:
            Whether it fired: False where somebody else was faster, or it is not due.

        Raises:
            Collision: where others kept changing the instance.
        """

        def attempt(forced: Mapping[str, str]) -> bool:
            with self._database.reading() as connection:
                row = connection.execute(select(timers).where(timers.c.id == timer_id)).one_or_none()
                now = self._instances.clock.now(connection)
                if row is None or row.state != "waiting" or row.due_at > now:
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
            with self._database.unit_of_work() as uow:
                write(uow, loaded, outcome, change, self._instances.directory, self._instances.operations)
            return True

        return self._database.retrying(lambda: insist(attempt))
