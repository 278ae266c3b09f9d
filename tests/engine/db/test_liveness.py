"""A connection that the server has closed is replaced before anybody notices; one just used is not asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from engine.db import Database, liveness

pytestmark = pytest.mark.postgresql


@pytest.fixture
def database(postgres_url: str) -> Iterator[Database]:
    opened = Database(postgres_url)
    yield opened
    opened.dispose()


def pid(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(text("SELECT pg_backend_pid()")).scalar_one())


def test_a_connection_that_was_closed_a_moment_ago_is_replaced(database: Database, postgres_url: str) -> None:
    first = pid(database)
    other = Database(postgres_url)
    with other.unit_of_work() as uow:
        uow.connection.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": first})
    other.dispose()
    assert pid(database) != first


def test_the_server_is_asked_where_a_connection_was_not_used_for_a_while(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    ping = database.engine.dialect.do_ping
    monkeypatch.setattr(database.engine.dialect, "do_ping", lambda c: (asked.append(c), ping(c))[1])
    first = pid(database)
    assert (pid(database), len(asked)) == (first, 0)
    monkeypatch.setattr(liveness, "TRUSTED_SECONDS", -1.0)
    assert (pid(database), len(asked)) == (first, 1)


def write_and_fail(connection: Connection) -> None:
    connection.execute(text("INSERT INTO kept VALUES (1)"))
    connection.execute(text("SELECT 1 / 0"))


def test_what_is_written_is_undone_whole_whoever_had_the_connection_before(database: Database) -> None:
    with database.unit_of_work() as uow:
        uow.connection.execute(text("CREATE TABLE kept (n int)"))
    with database.engine.connect() as connection:
        connection.connection.driver_connection.autocommit = True
    with pytest.raises(DBAPIError), database.unit_of_work() as uow:
        write_and_fail(uow.connection)
    with database.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM kept")).scalar_one() == 0
