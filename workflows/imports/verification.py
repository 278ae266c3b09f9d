"""Whether imports of a register, what they stored and their undoing are what was recorded. What was read of a
file and never started is in no record, and had no effect."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.audit.types import AuditFault
from workflows.comparing import Comparison, Entry, Written, faults
from workflows.events import DomainEvent, risk_chain
from workflows.imports.models import import_starts, import_undos, imported_risks, register_imports

_FROM = re.compile(r"Imported: (?P<id>.+), row (?P<row>[0-9]+)")
"""What the register says of a risk that an import stored (`workflows.imports.commands`)."""


def _read(entry: Entry) -> Iterator[Written]:
    payload = entry.payload
    yield Written((payload["import"],), {"source": payload["source"], "sha256": payload["sha256"]})


def _started(entry: Entry) -> Iterator[Written]:
    payload = entry.payload
    values = {"wanted": payload["rows"], "faults": payload["faults"], "by": entry.actor, "at": entry.at}
    yield Written((payload["import"],), values)


def _stored(entry: Entry) -> Iterator[Written]:
    found = _FROM.fullmatch(str(entry.payload.get("reason")))
    if found is not None and entry.payload.get("source") is None:
        risk_id = entry.chain.removeprefix(risk_chain(""))
        yield Written((found["id"], int(found["row"])), {"risk_id": risk_id, "at": entry.at})


def _undone(entry: Entry) -> Iterator[Written]:
    values = {"reason": entry.payload["reason"], "by": entry.actor, "at": entry.at}
    yield Written((entry.payload["import"],), values)


def _comparisons(started: frozenset[str]) -> tuple[Comparison, ...]:
    def has_started(row: Mapping[str, Any]) -> bool:
        return row["id"] in started

    started_by, ended_by = (DomainEvent.IMPORT_STARTED,), (DomainEvent.IMPORT_UNDONE,)
    return (
        Comparison(register_imports, ("id",), started_by, _read, "Import", has_started),
        Comparison(import_starts, ("import_id",), started_by, _started, "Start of import"),
        Comparison(imported_risks, ("import_id", "row"), (DomainEvent.RISK_STATUS,), _stored, "Imported row"),
        Comparison(import_undos, ("import_id",), ended_by, _undone, "Undoing of import"),
    )


COMPARISONS = _comparisons(frozenset())


def import_faults(connection: Connection) -> list[AuditFault]:
    """Where the tables and the chains differ."""
    started = frozenset(connection.execute(select(import_starts.c.import_id)).scalars())
    return [fault for comparison in _comparisons(started) for fault in faults(connection, comparison)]
