"""Whether meetings, dockets, rulings and minutes say what was recorded when each row was written."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from engine.audit.models import audit_entries
from engine.audit.types import AuditFault
from engine.db.types import dump_tagged, load_tagged
from workflows.committee.models import (
    committee_meetings,
    committee_minutes,
    committee_rulings,
    docket_entries,
    minutes_confirmations,
)
from workflows.events import DomainEvent, committee_chain, risk_chain

Values = RowMapping

COMPARED = frozenset(
    table.name
    for table in (
        committee_meetings,
        docket_entries,
        committee_rulings,
        minutes_confirmations,
        committee_minutes,
    )
)
"""Names of the tables that `faults` compares."""


def faults(connection: Connection) -> list[AuditFault]:
    """Where the committee's tables and the audit chains differ: written without a record, or altered since.

    The chains themselves are checked by the engine; here they are taken to hold. What the law had erased
    can no longer be compared.
    """
    risk_of: dict[str, str] = {
        row.id: row.risk_id
        for row in connection.execute(select(docket_entries.c.id, docket_entries.c.risk_id))
    }

    def of_matter(row: Values) -> str:
        return risk_chain(risk_of.get(row["docket_id"], ""))

    found = _compare(
        connection,
        committee_meetings,
        DomainEvent.MEETING_PLANNED,
        ("id", "meeting"),
        lambda row: committee_chain(row["committee_id"]),
        "meeting",
    )
    found += _compare(
        connection,
        docket_entries,
        DomainEvent.MATTER_DOCKETED,
        ("id", "id"),
        lambda row: risk_chain(row["risk_id"]),
        "matter",
    )
    of_docket = ("docket_id", "docket_id")
    found += _compare(connection, committee_rulings, DomainEvent.MATTER_RULED, of_docket, of_matter, "ruling")
    found += _compare(
        connection,
        minutes_confirmations,
        DomainEvent.MINUTES_CONFIRMED,
        of_docket,
        of_matter,
        "confirmation of minutes",
    )
    found += _compare(
        connection,
        committee_minutes,
        DomainEvent.MINUTES_DRAWN_UP,
        ("docket_id", "docket"),
        of_matter,
        "record of minutes",
    )
    return found + _minutes(connection, of_matter)


def _compare(
    connection: Connection,
    table: Table,
    event: DomainEvent,
    key: tuple[str, str],
    chain_of: Callable[[Values], str],
    what: str,
) -> list[AuditFault]:
    """Each row against the entry of its making; `key`: the column, and the name it has in the payload."""
    column, name = key
    recorded, erased = _recorded(connection, event, name)
    found = []
    for row in connection.execute(select(table).order_by(table.c[column])).mappings():
        chain = chain_of(row)
        entry = recorded.pop(row[column], None)
        if entry is None:
            if chain not in erased:
                found.append(AuditFault(chain, 1, f"A {what} has no record of having been made."))
            continue
        changed = [part for part, value in entry.items() if part in row and row[part] != value]
        if changed:
            found.append(AuditFault(chain, 1, f"A {what} is not as it was made: {', '.join(changed)}."))
    return found + [
        AuditFault(str(one["chain"]), 1, f"The {what} it records is gone.") for one in recorded.values()
    ]


def _recorded(
    connection: Connection, event: DomainEvent, name: str
) -> tuple[dict[str, dict[str, Any]], set[str]]:
    """What was recorded, by the row's key and with its `chain`; and chains of which something is erased."""
    rows = connection.execute(
        select(audit_entries.c.chain, audit_entries.c.payload).where(audit_entries.c.event == event.value)
    )
    found: dict[str, dict[str, Any]] = {}
    erased = set()
    for row in rows:
        if row.payload is None:
            erased.add(row.chain)
            continue
        payload = load_tagged(row.payload)
        found[payload[name]] = {**payload, "chain": row.chain}
    return found, erased


def _minutes(connection: Connection, chain_of: Callable[[Values], str]) -> list[AuditFault]:
    """Minutes whose content is not what their hash says."""
    return [
        AuditFault(chain_of(row), 1, "Minutes are not as they were drawn up.")
        for row in connection.execute(select(committee_minutes)).mappings()
        if sha256(dump_tagged(row["content"])).hexdigest() != row["hash"]
    ]
