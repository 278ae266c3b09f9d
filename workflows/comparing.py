"""Compares a table with what the audit chains say was written to it: a row that was changed, added or taken
away past the software is found and named. The chains themselves are checked by the engine; here they are
taken to hold. What the law had erased can no longer be compared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.audit.models import audit_entries
from engine.audit.types import AuditFault
from engine.db.types import load_tagged

Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a chain."""

    chain: str
    seq: int
    at: datetime
    actor: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """A row as an entry says it was written: its key, and its values as far as the entry holds them."""

    key: Key
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A table, the events that wrote to it, and how an entry of theirs reads as rows."""

    table: Table
    key: tuple[str, ...]
    events: tuple[str, ...]
    rows: Callable[[Entry], Iterable[Written]]
    called: str
    """What a row is called in a sentence: `Decision`."""
    only: Callable[[Mapping[str, Any]], bool] = lambda row: True
    """Which rows are compared: those written since their events are."""


def faults(connection: Connection, comparison: Comparison) -> list[AuditFault]:
    """Where the table and the chains differ."""
    told: dict[Key, tuple[Entry, Mapping[str, Any]]] = {}
    erased = False
    for entry in entries(connection, comparison.events):
        if entry is None:
            erased = True
            continue
        for written in comparison.rows(entry):
            told[written.key] = (entry, written.values)
    found = []
    for row in connection.execute(select(comparison.table)).mappings():
        key = tuple(row[name] for name in comparison.key)
        name = f"{comparison.called} {' '.join(str(part) for part in key)}"
        held = told.pop(key, None)
        if held is None:
            if comparison.only(dict(row)) and not erased:
                found.append(AuditFault(comparison.table.name, 0, f"{name} has no record of how it came."))
            continue
        entry, values = held
        changed = sorted(column for column, value in values.items() if row[column] != value)
        if changed:
            sentence = f"{name} is not as it was recorded: {', '.join(changed)}."
            found.append(AuditFault(entry.chain, entry.seq, sentence))
    for key, (entry, _) in sorted(told.items(), key=lambda one: str(one[0])):
        name = f"{comparison.called} {' '.join(str(part) for part in key)}"
        found.append(AuditFault(entry.chain, entry.seq, f"{name} was recorded, and is gone."))
    return sorted(found, key=lambda one: (one.chain, one.seq, one.sentence))


def entries(connection: Connection, events: Iterable[str]) -> Iterable[Entry | None]:
    """The entries of some events, chain by chain; None for each whose payload was erased."""
    rows = connection.execute(
        select(audit_entries)
        .where(audit_entries.c.event.in_(list(events)))
        .order_by(audit_entries.c.chain, audit_entries.c.seq)
    )
    for row in rows.all():
        yield (
            None
            if row.payload is None
            else Entry(row.chain, row.seq, row.at, row.actor, load_tagged(row.payload))
        )


def column_values(table: Table, payload: Mapping[str, Any], *without: str) -> dict[str, Any]:
    """The values of a payload that are columns of a table."""
    return {
        column.name: payload[column.name]
        for column in table.c
        if column.name in payload and column.name not in without
    }


def as_recorded(
    table: Table, key: tuple[str, ...], at: str | None = "at", by: str | None = "by", **named: str
) -> Callable[[Entry], Iterable[Written]]:
    """Reads an entry that holds a row under the names of its columns. `at` and `by` are the columns that hold
    when and by whom the entry was written; `named`: columns whose name in the entry is another one."""

    def read(entry: Entry) -> Iterable[Written]:
        values = column_values(table, entry.payload)
        values |= {column: entry.payload[name] for column, name in named.items() if name in entry.payload}
        values |= {name: value for name, value in ((at, entry.at), (by, entry.actor)) if name is not None}
        return [Written(tuple(values[name] for name in key), values)]

    return read
