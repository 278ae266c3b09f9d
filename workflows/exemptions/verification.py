"""Whether the register of exemptions and emergencies says what was recorded when each row was written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, select

from engine.audit.models import audit_entries
from engine.audit.types import AuditFault
from engine.db.types import load_tagged
from workflows.emergencies.models import emergencies, emergency_steps
from workflows.events import DomainEvent, emergency_chain, exemption_chain
from workflows.exemptions.models import (
    exemption_breaches,
    exemption_checks,
    exemption_controls,
    exemption_endings,
    exemption_reminders,
    exemption_renewals,
    exemption_requests,
    exemptions,
)

_RECORDED = [column.name for column in exemptions.c if column.name not in ("id", "policy_number")]
"""Columns that the entry of a grant holds too; a version's number follows from its hash."""

_E = DomainEvent
_ROWS: tuple[tuple[Table, str, frozenset[DomainEvent], str], ...] = (
    (emergencies, "id", frozenset({_E.EMERGENCY_DECLARED}), "emergency"),
    (emergency_steps, "emergency_id", frozenset({_E.EMERGENCY_STEP}), "step of the emergency"),
    (exemption_breaches, "exemption_id", frozenset({_E.EXEMPTION_BREACHED}), "breach"),
    (exemption_checks, "exemption_id", frozenset({_E.EXEMPTION_CHECKED}), "check"),
    (exemption_controls, "exemption_id", frozenset({_E.EXEMPTION_CONTROL_NAMED}), "control"),
    (exemption_endings, "exemption_id", frozenset({_E.EXEMPTION_ENDED, _E.EXEMPTION_REJECTED}), "end"),
    (exemption_reminders, "exemption_id", frozenset({_E.EXEMPTION_REMINDED}), "reminder"),
    (exemption_renewals, "exemption_id", frozenset({_E.EXEMPTION_RENEWAL_ASKED}), "renewal"),
    (exemption_requests, "id", frozenset({_E.EXEMPTION_REQUESTED}), "request"),
)
"""Tables whose every row stands in an audit chain too: the column that names the chain, and the events."""
COMPARED = frozenset({exemptions.name, *(table.name for table, *_ in _ROWS)})
"""Names of the tables that `faults` compares."""


def faults(connection: Connection) -> list[AuditFault]:
    """Where the tables and the audit chains differ: written without a record, altered since, or taken away.

    The chains themselves are checked by the engine; here they are taken to hold. What the law had erased can
    no longer be compared.
    """
    return _grants(connection) + _rows(connection)


def _grants(connection: Connection) -> list[AuditFault]:
    granted = _granted(connection)
    found = []
    for row in connection.execute(select(exemptions).order_by(exemptions.c.id)).mappings():
        chain = exemption_chain(row["id"])
        if chain not in granted:
            found.append(AuditFault(chain, 1, f"Exemption {row['id']} has no record of having been granted."))
            continue
        recorded = granted.pop(chain)
        if recorded is None:
            continue
        changed = [name for name in _RECORDED if row[name] != recorded.get(name)]
        if changed:
            sentence = f"Exemption {row['id']} is not as it was granted: {', '.join(changed)}."
            found.append(AuditFault(chain, 1, sentence))
    return found + [AuditFault(chain, 1, "The exemption it records is gone.") for chain in sorted(granted)]


def _granted(connection: Connection) -> dict[str, Mapping[str, Any] | None]:
    rows = connection.execute(
        select(audit_entries.c.chain, audit_entries.c.payload)
        .where(audit_entries.c.event == DomainEvent.EXEMPTION_GRANTED.value)
        .where(audit_entries.c.chain.startswith(exemption_chain("")))
    )
    return {row.chain: None if row.payload is None else load_tagged(row.payload) for row in rows}


def _rows(connection: Connection) -> list[AuditFault]:
    found = []
    for table, column, events, what in _ROWS:
        recorded = _recorded(connection, events)
        chain_of = emergency_chain if table in (emergencies, emergency_steps) else exemption_chain
        for row in connection.execute(select(table).order_by(*table.primary_key)).mappings():
            chain = chain_of(row[column])
            entry = next((one for one in recorded[chain] if _agrees(dict(row), one)), None)
            if entry is not None:
                recorded[chain].remove(entry)
            elif None in recorded[chain]:
                # Erased by law: one row of this chain can no longer be compared.
                recorded[chain].remove(None)
            else:
                found.append(AuditFault(chain, 1, f"A {what} of {row[column]} is not as it was recorded."))
        found += [
            AuditFault(chain, 1, f"A {what} that it records is gone.")
            for chain, left in sorted(recorded.items())
            for _ in left
        ]
    return found


def _recorded(
    connection: Connection, events: frozenset[DomainEvent]
) -> dict[str, list[Mapping[str, Any] | None]]:
    rows = connection.execute(
        select(audit_entries.c.chain, audit_entries.c.payload)
        .where(audit_entries.c.event.in_(sorted(event.value for event in events)))
        .order_by(audit_entries.c.chain, audit_entries.c.seq)
    )
    found: dict[str, list[Mapping[str, Any] | None]] = defaultdict(list)
    for row in rows:
        found[row.chain].append(None if row.payload is None else load_tagged(row.payload))
    return found


def _agrees(row: Mapping[str, Any], entry: Mapping[str, Any] | None) -> bool:
    """Whether a row holds what an entry says of it; the entry may leave out what names the row."""
    return entry is not None and all(row[name] == value for name, value in entry.items() if name in row)
