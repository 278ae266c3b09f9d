"""The sweep: does what is due. One bad case never stops it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from engine.db.uow import Database
from engine.errors import EngineError
from engine.messages.commands import MessageCommands
from engine.ports import Clock
from engine.tasks.reminders import Reminders
from engine.timers.commands import TimerCommands
from engine.timers.queries import due, next_due

log = logging.getLogger("parley.worker")


class Worker:
    """Fires due timers, delivers what cases sent, reminds. Any number of workers may sweep one database."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        timers: TimerCommands,
        messages: MessageCommands,
        reminders: Reminders,
    ) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers
        self._messages = messages
        self._reminders = reminders

    def sweep(self, limit: int = 100) -> int:
        """Do what is due now, at most `limit` of each kind.

        Returns:
            How many timers fired, messages went out and reminders were given.
        """
        done = self._fire_timers(limit)
        with self._database.reading() as connection:
            sent = self._messages.pending(connection, limit)
        for message_id in sent:
            done += self._guarded(f"message {message_id}", self._deliver, message_id)
        return done + self._guarded("reminders", self._reminders.sweep, limit)

    def run_until_idle(self, most: int = 10_000) -> int:
        """Sweep until nothing is due any more, `most` things at the most. Returns how many were done."""
        done = 0
        while done < most:
            count = self.sweep()
            if not count:
                break
            done += count
        return done

    def next_due(self, connection: Connection) -> datetime | None:
        """When something is next to be done because of the time: a timer, a reminder, a note that a task is
        overdue. What was sent and is not delivered yet waits for no time. None where nothing waits.
        """
        found = (next_due(connection), self._reminders.next_due(connection))
        return min((each for each in found if each is not None), default=None)

    def _fire_timers(self, limit: int) -> int:
        """Fire due timers until so many did. Those that cannot are passed by: they keep nobody waiting."""
        done, last = 0, None
        while done < limit:
            with self._database.reading() as connection:
                page = due(connection, self._clock.now(connection), limit=limit - done, after=last)
            for timer in page:
                last = (timer.due_at, timer.id)
                done += self._guarded(
                    f"timer {timer.id} of case {timer.instance_id}", self._timers.fire, timer.id
                )
            if not page:
                break
        return done

    def _deliver(self, message_id: str) -> int:
        return int(self._messages.deliver(message_id).state != "pending")

    def _guarded(self, what: str, step: Callable[..., int], *arguments: Any) -> int:
        try:
            return int(step(*arguments))
        except EngineError as error:
            log.warning("%s: %s", what, error)
        except Exception:  # whatever one case does, the others must still go on
            log.exception("%s failed", what)
        return 0
