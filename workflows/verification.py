"""Every comparison of the domain's tables with the audit chains, in one place."""

from __future__ import annotations

from sqlalchemy import Connection

from engine.audit.types import AuditFault
from workflows.cases.verification import reveal_faults
from workflows.committee.roster_verification import roster_faults
from workflows.committee.verification import faults as committee_faults
from workflows.exemptions.verification import faults as exemption_faults
from workflows.identity.verification import appointment_faults
from workflows.risks.verification import register_faults
from workflows.treatment.verification import treatment_faults


def domain_faults(connection: Connection) -> list[AuditFault]:
    """Where a table of the domain is not what was recorded."""
    return [
        *register_faults(connection),
        *exemption_faults(connection),
        *appointment_faults(connection),
        *committee_faults(connection),
        *roster_faults(connection),
        *reveal_faults(connection),
        *treatment_faults(connection),
    ]
