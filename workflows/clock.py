"""The installation's clock: real time, unless the database was made as a demonstration.

A demonstration keeps an offset in a row and may move it forward. No other database can hold such a row: a
foreign key ties it to an installation of that kind, see `workflows.models`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import Connection, select, update

from engine.audit.commands import append
from engine.db import Database, UnitOfWork
from engine.db.uow import memo_of
from workflows.errors import Collision, DemonstrationOnly, RuleBroken
from workflows.events import INSTALLATION, DomainEvent
from workflows.identity.types import Person
from workflows.models import clock_offset, installation
from workflows.wording import moment

_REAL = "real"
CLOCK_ALONGSIDE = {
    "clock_offset": select(clock_offset.c.microseconds).scalar_subquery(),
    "installation_kind": select(installation.c.kind).scalar_subquery(),
}
"""What the time depends on: a command reads it together with its task, and leaves it in the memo."""
_OFFSET = select(*CLOCK_ALONGSIDE.values())

Step = Callable[[datetime], timedelta]
"""From the time now to how far the clock moves."""

LONGEST_STEP = timedelta(days=366)
"""Furthest a demonstration's clock moves at once."""


class BaseClock(Protocol):
    """Where the time comes from before any offset."""

    def now(self, connection: Connection) -> datetime:
        """The time in UTC, aware."""
        ...


class SystemClock:
    """The machine's clock, in UTC."""

    def now(self, connection: Connection) -> datetime:
        """The time now."""
        return datetime.now(UTC)


class InstallationClock:
    """The machine's clock plus the offset of a demonstration database. Implements the engine's Clock port."""

    def __init__(self, database: Database, base: BaseClock | None = None) -> None:
        self._database = database
        self._base = base or SystemClock()
        self._is_real = False

    def now(self, connection: Connection) -> datetime:
        """The time now, in UTC."""
        if self._is_real:
            return self._base.now(connection)
        memo = memo_of(connection)
        offset, kind = self._read(connection) if memo is None else self._remembered(connection, memo)
        # What a database is, it stays; and no real one can hold an offset.
        self._is_real = kind == _REAL and memo is not None
        return self._base.now(connection) + timedelta(microseconds=offset or 0)

    @staticmethod
    def _read(connection: Connection) -> tuple[int | None, str | None]:
        offset, kind = connection.execute(_OFFSET).one()
        return offset, kind

    def _remembered(self, connection: Connection, memo: dict[Any, Any]) -> tuple[int | None, str | None]:
        """As `_read`, once a reading at the most."""
        if not memo.keys() >= CLOCK_ALONGSIDE.keys():
            memo.update(zip(CLOCK_ALONGSIDE, self._read(connection), strict=True))
        return memo["clock_offset"], memo["installation_kind"]

    def advance(self, actor: Person, by: timedelta) -> datetime:
        """Move a demonstration's clock forward; the new time. Due timers fire at the next sweep.

        Raises `DemonstrationOnly` in any other database, `RuleBroken` for a step back or of more than a year.
        """
        return self._move(actor, lambda now: by)

    def move_to(self, actor: Person, at: datetime) -> datetime:
        """Move a demonstration's clock forward to a moment. Raises as `advance`."""
        return self._move(actor, lambda now: at - now)

    def _move(self, actor: Person, step: Step) -> datetime:
        def command() -> datetime:
            with self._database.unit_of_work() as uow:
                return self._moved(uow, actor, step)

        return self._database.retrying(command)

    def _moved(self, uow: UnitOfWork, actor: Person, step: Step) -> datetime:
        held = uow.connection.execute(select(clock_offset.c.microseconds)).scalar_one_or_none()
        if held is None:
            raise DemonstrationOnly()
        before = self.now(uow.connection)
        by = step(before)
        if by < timedelta(0):
            raise RuleBroken(
                f"The clock stands at {moment(before)} and only moves forward. Nothing was changed.",
                rule="forward",
            )
        if by > LONGEST_STEP:
            raise RuleBroken("The clock moves a year at the most at once. Nothing was changed.", rule="step")
        moved = held + by // timedelta(microseconds=1)
        written = uow.connection.execute(
            update(clock_offset).where(clock_offset.c.microseconds == held).values(microseconds=moved)
        )
        if written.rowcount != 1:
            raise Collision()
        after = before + by
        payload = {"from": before, "to": after}
        append(uow, INSTALLATION, after, [(DomainEvent.CLOCK_MOVED.value, actor.id, payload)])
        return after
