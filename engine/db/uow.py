"""Databases and the unit of work: the only place that commits."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.pool import QueuePool

from engine.db.liveness import watch
from engine.db.statements import statements_of
from engine.errors import Collision

T = TypeVar("T")

ATTEMPTS = 25
"""How often a command is tried when others commit on the same instance first."""

PATIENCE = 4
"""How often a command is tried before it locks its instance first."""

SQLITE_BUSY_SECONDS = 15
"""How long a writer waits for SQLite's single write lock."""


class UnitOfWork:
    """One transaction. Lower layers write through `connection` and never commit."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is written inside is undone when it raises; the transaction goes on."""
        with self.connection.begin_nested():
            yield


class Database:
    """A SQLite file or a PostgreSQL database.

    Args:
        url: an SQLAlchemy URL: `sqlite:///path` or `postgresql+psycopg://…`.
        pool_size: connections kept open per process.
        durable: False for a SQLite file that is thrown away: a power cut may then damage it.
    """

    def __init__(self, url: str, *, pool_size: int = 5, max_overflow: int = 10, durable: bool = True) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        options: dict[str, Any] = {
            "poolclass": QueuePool,
            "pool_size": pool_size,
            "max_overflow": max_overflow,
            "execution_options": {"compiled_cache": statements_of(url)},
        }
        if self.is_sqlite:
            options["connect_args"] = {"timeout": SQLITE_BUSY_SECONDS, "check_same_thread": False}
        else:
            options["isolation_level"] = "READ COMMITTED"
        self.engine = create_engine(url, **options)
        if self.is_sqlite:
            event.listen(self.engine, "connect", partial(_prepare_sqlite, durable))
        else:
            watch(self.engine)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection to read with: one consistent view on PostgreSQL's default level per statement."""
        with self.engine.connect() as connection:
            connection.execution_options(parley_memo={})
            # No transaction around what only reads: each statement sees what is committed either way.
            self._autocommit(connection, True)
            try:
                yield connection
            finally:
                try:
                    connection.rollback()
                finally:
                    self._autocommit(connection, False)

    @contextmanager
    def unit_of_work(self, on: Connection | None = None) -> Iterator[UnitOfWork]:
        """A transaction that is committed where the block ends well, and undone where it raises.

        Args:
            on: a connection that `reading` gave, and that has been read to the end; a fresh one where None.

        Raises:
            Collision: where the database itself says that another transaction came first.
        """
        with self.engine.connect() if on is None else nullcontext(on) as connection:
            if on is not None:
                self._let_write(connection)
            # Whoever had the connection before: what is written here is written whole or not at all.
            self._autocommit(connection, False)
            try:
                if self.is_sqlite:
                    # Taking the write lock at once: a read lock that must grow later can only fail.
                    connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield UnitOfWork(connection)
                connection.commit()
            except DBAPIError as error:
                connection.rollback()
                if is_collision(error):
                    raise Collision() from error
                raise
            except BaseException:
                connection.rollback()
                raise

    def _let_write(self, connection: Connection) -> None:
        """End a connection's reading: what was remembered for its sake may change from now on."""
        connection.rollback()
        connection.execution_options(parley_memo=None)

    def _autocommit(self, connection: Connection, wanted: bool) -> None:
        """Whether PostgreSQL's driver begins no transaction by itself. Set at the driver: by SQLAlchemy's own
        option it costs as much as a statement. SQLite's never begins one (`_prepare_sqlite`).
        """
        if self.is_sqlite or connection.closed or connection.invalidated:
            return
        driver: Any = connection.connection.driver_connection
        if not driver.closed and driver.autocommit is not wanted:
            driver.autocommit = wanted

    def retrying(self, command: Callable[[], T], under_lock: Callable[[], T] | None = None) -> T:
        """Run a command again while others commit on its instance first, `ATTEMPTS` times at the most.

        Args:
            command: computes outside its transaction, and loses to whoever is faster.
            under_lock: the same, computed while its instance is locked: asked once the command has lost
                `PATIENCE` times, so that it comes through however many others there are.

        Raises:
            Collision: when it never came through.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return command() if under_lock is None or attempt <= PATIENCE else under_lock()
            except Collision:
                if attempt == ATTEMPTS:
                    raise
                # Those who collided must not meet again at once.
                time.sleep(secrets.randbelow(1_000 * attempt) / 1e6)
        raise AssertionError("unreachable")

    def dispose(self) -> None:
        """Close all pooled connections."""
        self.engine.dispose()


def memo_of(connection: Connection) -> dict[Any, Any] | None:
    """What may be remembered for as long as a reading lasts; None on a connection that writes."""
    memo: dict[Any, Any] | None = connection.get_execution_options().get("parley_memo")
    return memo


def is_collision(error: DBAPIError) -> bool:
    """Whether the database refused because another transaction came first, not for the data's sake."""
    state = getattr(error.orig, "sqlstate", None)
    if isinstance(error, IntegrityError):
        # Primary keys too: two who begin the same chain or release the same number are a race, no fault.
        return state == "23505" or "UNIQUE constraint" in str(error.orig)
    if isinstance(error, OperationalError):
        text = str(error.orig)
        return "database is locked" in text or state in ("40001", "40P01", "55P03")
    return False


def _prepare_sqlite(durable: bool, connection: Any, _record: Any) -> None:
    # Autocommit at the driver: transactions begin where the unit of work says so.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA synchronous=FULL" if durable else "PRAGMA synchronous=OFF")
    # INSERT OR REPLACE deletes without asking the triggers that keep the record, unless this is on.
    cursor.execute("PRAGMA recursive_triggers=ON")
    cursor.close()
