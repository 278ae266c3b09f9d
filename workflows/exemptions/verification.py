"""Whether the register of exemptions says what was recorded when each was granted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from engine.audit.models import audit_entries
from engine.audit.types import AuditFault
from engine.db.types import load_tagged
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.models import exemptions

_RECORDED = [column.name for column in exemptions.c if column.name not in ("id", "policy_number")]
"""Columns that the entry of a grant holds too; a version's number follows from its hash."""


def faults(connection: Connection) -> list[AuditFault]:
    """Where the table and the audit chains differ: granted without a record, altered since, or taken away.

    The chains themselves are checked by the engine; here they are taken to hold. What the law had erased can
    no longer be compared.
    """
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
