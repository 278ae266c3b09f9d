"""The PostgreSQL of the tests is a real one, reached by its socket only."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

from tests.support.postgresql import PostgreSQL

pytestmark = pytest.mark.postgresql


def test_the_server_answers_on_its_socket_and_listens_on_no_network(postgres_server: PostgreSQL) -> None:
    engine = create_engine(postgres_server.url("postgres"))
    with engine.connect() as connection:
        assert connection.scalar(text("show listen_addresses")) == ""
        assert connection.scalar(text("select version()")).startswith("PostgreSQL ")
    engine.dispose()


def test_an_empty_database_is_empty_on_both_kinds(empty_database_url: str) -> None:
    from sqlalchemy import inspect

    engine = create_engine(empty_database_url)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
