"""Every comparison of the domain's tables with the audit chains, in one place."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection

from engine.audit.types import AuditFault
from workflows.cases import verification as cases
from workflows.charter import verification as charter
from workflows.committee import roster_verification as roster
from workflows.committee import verification as committee
from workflows.comparing import Comparison, as_recorded, faults
from workflows.dialogue import verification as dialogue
from workflows.events import DomainEvent
from workflows.exemptions import verification as exemptions
from workflows.identity import verification as identity
from workflows.imports import verification as imports
from workflows.models import installation
from workflows.risks import verification as risks
from workflows.treatment import verification as treatment

_INSTALLATION = Comparison(
    installation,
    ("kind",),
    (DomainEvent.INSTALLATION_MADE,),
    as_recorded(installation, ("kind",), at=None, by=None),
    "Installation",
)

COMPARISONS: tuple[Comparison, ...] = (
    _INSTALLATION,
    *risks.COMPARISONS,
    *identity.COMPARISONS,
    *roster.COMPARISONS,
    *cases.COMPARISONS,
    *treatment.COMPARISONS,
    *charter.COMPARISONS,
    *dialogue.COMPARISONS,
    *imports.COMPARISONS,
)

NOT_COMPARED: Mapping[str, str] = {
    "version_scenarios": "Stories to test a policy with: they decide nothing, and are told again to see "
    "whether they are true.",
}
"""Tables that are only ever added to and whose rows no chain vouches for, with the reason."""


def compared() -> frozenset[str]:
    """Names of the domain's tables that are compared with the chains."""
    return frozenset(one.table.name for one in COMPARISONS) | exemptions.COMPARED | committee.COMPARED


def domain_faults(connection: Connection) -> list[AuditFault]:
    """Where a table of the domain is not what was recorded."""
    return [
        *faults(connection, _INSTALLATION),
        *risks.register_faults(connection),
        *exemptions.faults(connection),
        *identity.appointment_faults(connection),
        *committee.faults(connection),
        *roster.roster_faults(connection),
        *cases.case_faults(connection),
        *treatment.treatment_faults(connection),
        *charter.endorsement_faults(connection),
        *dialogue.dialogue_faults(connection),
        *imports.import_faults(connection),
    ]
