"""Alters rows past the software, as somebody with the database's password could, and takes it back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, UniqueConstraint, and_, insert, select, text

from engine.db import Database
from workflows.comparing import Comparison, faults


class _Undone(Exception):
    """Raised to take back what a test has altered."""


@contextmanager
def without_triggers(database: Database, table: Table) -> Iterator[Connection]:
    """What is done in the block is undone after it, the triggers' removal too."""
    with suppress(_Undone), database.unit_of_work() as uow:
        uow.connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        for event in ("update", "delete"):
            uow.connection.execute(text(f"DROP TRIGGER IF EXISTS {table.name}_no_{event}"))
        yield uow.connection
        raise _Undone


def check_removed_and_added(database: Database, comparison: Comparison) -> bool:
    """Assert that a row taken away, and one added, is named; False where the table has no row."""
    table = comparison.table
    with without_triggers(database, table) as connection:
        row = connection.execute(select(table)).mappings().first()
        if row is None:
            return False
        connection.execute(
            table.delete().where(and_(*(column == row[column] for column in table.primary_key)))
        )
        said = [fault.sentence for fault in faults(connection, comparison)]
        assert any(one.startswith(comparison.called) and one.endswith("is gone.") for one in said), (
            table,
            said,
        )
    with without_triggers(database, table) as connection:
        connection.execute(insert(table).values(**_another(comparison, dict(row))))
        said = [fault.sentence for fault in faults(connection, comparison)]
        assert any(
            one.startswith(comparison.called) and one.endswith("has no record of how it came.")
            for one in said
        ), (table, said)
    return True


def _another(comparison: Comparison, row: Mapping[str, Any]) -> dict[str, Any]:
    """A copy of a row under another key."""
    keys = {comparison.key[-1], *(column.name for column in comparison.table.primary_key.columns)}
    table = comparison.table
    together = [list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
    together += [list(one.columns) for one in table.indexes if one.unique]
    unique = {columns[-1].name for columns in together}
    return {name: _other(value) if name in keys | unique else value for name, value in row.items()}


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return value[:18] + "~x"
    if isinstance(value, datetime | date):
        return value - timedelta(days=1)
    return value if value is None else value + 1000
