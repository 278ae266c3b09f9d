"""Whether a pooled connection to PostgreSQL still leads anywhere, asked of it only where that is in doubt.

To ask at every use is one more way to the server and back, for each page. A server that goes down, or over to
another, says so and closes: what was used a moment ago and has received nothing since is as good as asked.
"""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

TRUSTED_SECONDS = 1.0
"""How long after its last use a connection that received nothing is not asked."""

_USED = "parley_used"


def watch(engine: Engine) -> None:
    """Let connections of an engine's pool be looked at before each use; those that are dead are replaced."""

    def check(connection: Any, record: Any, proxy: Any) -> None:
        idle = time.monotonic() - record.info.get(_USED, float("-inf"))
        if idle < TRUSTED_SECONDS and not _has_received(connection):
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError() from error
        if not alive:
            raise InvalidatePoolError()

    def note(connection: Any, record: Any) -> None:
        record.info[_USED] = time.monotonic()

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)
    event.listen(engine, "checkin", note)


def _has_received(connection: Any) -> bool:
    """Whether something came that nobody asked for: a notice, a farewell, or the end of the connection."""
    if connection.closed or not hasattr(select, "poll"):
        return True
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
