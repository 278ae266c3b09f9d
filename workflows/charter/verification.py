"""Whether charters, what was endorsed and who agreed to a draft are what was recorded."""

from __future__ import annotations

from sqlalchemy import Connection, select

from engine.audit.types import AuditFault
from workflows.charter.content import digest
from workflows.charter.models import charter_endorsements, charters
from workflows.comparing import Comparison, as_recorded, faults
from workflows.events import CHARTER, DomainEvent
from workflows.policies.models import version_endorsements
from workflows.studio.models import draft_agreements

_VERSION = ("key", "version_hash")

COMPARISONS = (
    Comparison(
        charters,
        ("number",),
        (DomainEvent.CHARTER_PROPOSED,),
        as_recorded(charters, ("number",), at="proposed_at", by="proposed_by"),
        "Charter",
    ),
    Comparison(
        charter_endorsements,
        ("number",),
        (DomainEvent.CHARTER_ENDORSED,),
        as_recorded(charter_endorsements, ("number",), by=None),
        "Endorsement of charter",
    ),
    Comparison(
        version_endorsements,
        _VERSION,
        (DomainEvent.POLICY_ENDORSED,),
        as_recorded(version_endorsements, _VERSION, by=None),
        "Endorsement of policy",
    ),
    Comparison(
        draft_agreements,
        ("id",),
        (DomainEvent.DRAFT_AGREED,),
        as_recorded(draft_agreements, ("id",), at=None, by=None),
        "Agreement",
    ),
)


def endorsement_faults(connection: Connection) -> list[AuditFault]:
    """Where charters, endorsements and agreements differ from the chains, or a charter from its hash."""
    found = [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
    for row in connection.execute(select(charters).order_by(charters.c.number)):
        if digest(row.content) != row.content_hash:
            found.append(AuditFault(CHARTER, 0, f"The content of charter {row.number} was altered."))
    return found
