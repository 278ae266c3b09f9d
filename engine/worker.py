"""The sweep: fires what is due. One bad case never stops it."""

from __future__ import annotations

import logging

from engine.db.uow import Database
from engine.errors import EngineError
from engine.ports import Clock
from engine.timers.commands import TimerCommands
from engine.timers.queries import due

log = logging.getLogger("parley.worker")


class Worker:
    """Fires due timers. Any number of workers may sweep one database."""

    def __init__(self, database: Database, clock: Clock, timers: TimerCommands) -> None:
        self._database = database
        self._clock = clock
        self._timers = timers

    def sweep(self, limit: int = 100) -> int:
        """Fire what is due now, at most `limit` timers.

        Returns:
            How many fired.
        """
        with self._database.reading() as connection:
            waiting = due(connection, self._clock.now(connection), limit=limit)
        fired = 0
        for timer in waiting:
            try:
                fired += self._timers.fire(timer.id)
            except EngineError as error:
                log.warning("timer %s of case %s did not fire: %s", timer.id, timer.instance_id, error)
            except Exception:  # whatever one case does, the others' timers must still fire
                log.exception("timer %s of case %s failed", timer.id, timer.instance_id)
        return fired

    def run_until_idle(self, most: int = 10_000) -> int:
        """Sweep until nothing is due any more, `most` timers at the most. Returns how many fired."""
        fired = 0
        while fired < most:
            count = self.sweep()
            if not count:
                break
            fired += count
        return fired
