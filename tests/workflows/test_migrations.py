"""Migrations: both branches from nothing to what the code expects, again, at once, and protected for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from engine.db import Database
from workflows.bootstrap import Settings, open_parley, upgrade
from workflows.migrations import config
from workflows.migrations.append_only import TABLES
from workflows.models import metadata


def test_both_branches_are_there() -> None:
    script = ScriptDirectory.from_config(config())
    assert {script.get_revision(head).branch_labels.pop() for head in script.get_heads()} == {
        "engine",
        "workflows",
    }


def test_a_migrated_database_is_what_the_tables_in_the_code_say(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    upgrade(empty_database_url)
    database = Database(empty_database_url)

    def ours(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:
        return kind != "table" or name in metadata.tables

    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": ours, "compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert "instances" in inspect(connection).get_table_names()
    database.dispose()


def test_processes_that_start_together_migrate_once(empty_database_url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(upgrade, [empty_database_url] * 3))
    parley = open_parley(Settings(empty_database_url))
    assert parley.installation() is None
    parley.close()


def test_a_database_without_tables_is_not_set_up(empty_database_url: str) -> None:
    parley = open_parley(Settings(empty_database_url))
    assert parley.installation() is None
    parley.close()


@pytest.mark.parametrize("event", ["UPDATE", "DELETE"])
def test_what_is_only_added_to_is_protected_by_triggers(database_url: str, event: str) -> None:
    database = Database(database_url)
    with database.reading() as connection:
        if database.is_sqlite:
            rows = connection.execute(
                text("SELECT tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            ).all()
            guarded = {row.tbl_name for row in rows if f"BEFORE {event}" in row.sql}
        else:
            rows = connection.execute(
                text(
                    "SELECT event_object_table AS tbl_name, event_manipulation AS sql "
                    "FROM information_schema.triggers WHERE action_timing = 'BEFORE'"
                )
            ).all()
            guarded = {row.tbl_name for row in rows if row.sql == event}
    database.dispose()
    assert set(TABLES) <= guarded


def test_no_real_database_can_hold_a_clocks_offset(database_url: str) -> None:
    database = Database(database_url)
    with database.unit_of_work() as uow:
        uow.connection.execute(
            text(
                "INSERT INTO installation (id, kind, organisation, notice, created_at) "
                "VALUES (1, 'real', 'Bank', '', '2026-03-02 09:00:00')"
            )
        )
    for kind in ("real", "demonstration"):
        with pytest.raises(DBAPIError), database.unit_of_work() as uow:
            uow.connection.execute(
                text("INSERT INTO clock_offset (id, kind, microseconds) VALUES (1, :kind, 0)"), {"kind": kind}
            )
    database.dispose()
