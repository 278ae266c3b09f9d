"""The databases of the tests are migrated, and each test has its own."""

from __future__ import annotations

from sqlalchemy import create_engine, inspect

from tests.support import databases


def test_a_fresh_database_has_the_tables_of_engine_and_domain(database_url: str) -> None:
    engine = create_engine(database_url)
    tables = set(inspect(engine).get_table_names())
    engine.dispose()
    assert len(tables) > 10
    assert any("version" in table for table in tables)


def test_migrating_again_changes_nothing(database_url: str) -> None:
    engine = create_engine(database_url)
    before = sorted(inspect(engine).get_table_names())
    databases.migrate(database_url)
    assert sorted(inspect(engine).get_table_names()) == before
    engine.dispose()
