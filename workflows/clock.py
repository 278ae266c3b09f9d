"""The installation's clock. Real time, unless the database was made as a demonstration: that one keeps an offset in a
row and may move it forward. No other database can hold such a row, see `workflows.installation`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from engine.db import Database
    from workflows.identity.types import Person


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self, connection: Connection) -> datetime:
        """The time now."""
        return datetime.now(UTC)


class InstallationClock:
    """The machine's clock plus the offset of a demonstration database. Implements the engine's Clock port."""

    def __init__(self, database: Database, base: SystemClock | None = None) -> None:
        self._database = database
        self._base = base or SystemClock()

    def now(self, connection: Connection) -> datetime:
        """The time now, in UTC."""
        raise NotImplementedError

    def advance(self, actor: Person, by: timedelta) -> datetime:
        """Move a demonstration's clock forward; the new time. Due timers fire at the next sweep.

        Raises `DemonstrationOnly` in any other database, `RuleBroken` for a step backward or beyond ten years.
        """
        raise NotImplementedError

    def move_to(self, actor: Person, at: datetime) -> datetime:
        """Move a demonstration's clock forward to a moment. Raises as `advance`."""
        raise NotImplementedError
