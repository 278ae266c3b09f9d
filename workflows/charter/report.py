"""The report for the management body: roles, measures, exemptions, escalations, and decisions that were taken
under a policy nobody had endorsed.

NIS2 article 20 and DORA article 5(2) have management bodies approve and oversee; this is what they can ask
for at any time, computed from the record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from engine.instances.models import instances
from workflows.charter.content import gaps
from workflows.charter.types import Charter, Tier, UnendorsedDecision
from workflows.context import Context, Reading
from workflows.exemptions.queries import active
from workflows.exemptions.types import Exemption
from workflows.installation import find
from workflows.metrics.measures import figures
from workflows.metrics.periods import Step
from workflows.metrics.record import read
from workflows.metrics.types import Figures
from workflows.policies.endorsements import Endorsement, endorsed
from workflows.risks.models import decisions, risks

MONTHS = 12


@dataclass(frozen=True, slots=True)
class PolicyStanding:
    """A policy in its newest version, and who endorsed that."""

    key: str
    title: str
    number: int
    endorsement: Endorsement | None


@dataclass(frozen=True, slots=True)
class ManagementReport:
    """Everything the report shows, as of a moment."""

    at: datetime
    organisation: str
    charter: Charter | None
    is_out_of_date: bool
    tiers: tuple[Tier, ...]
    gaps: tuple[str, ...]
    differences: tuple[str, ...]
    figures: Figures
    exemptions: tuple[Exemption, ...]
    policies: tuple[PolicyStanding, ...]
    unendorsed: tuple[UnendorsedDecision, ...]


def draw_up(
    context: Context,
    reading: Reading,
    charter: Charter | None,
    is_out_of_date: bool,
    tiers: tuple[Tier, ...],
    differences: tuple[str, ...],
) -> ManagementReport:
    """The report as of now."""
    connection = reading.connection
    installation = find(connection)
    record = read(connection, reading.now, context.settings.risk_policy)
    return ManagementReport(
        at=reading.now,
        organisation=installation.organisation if installation else "",
        charter=charter,
        is_out_of_date=is_out_of_date,
        tiers=tiers,
        gaps=tuple(gaps(reading.organisation)),
        differences=differences,
        figures=figures(record, Step.MONTH, MONTHS),
        exemptions=tuple(active(connection, reading.now)),
        policies=_policies(context, reading),
        unendorsed=tuple(unendorsed(context, reading)),
    )


def _policies(context: Context, reading: Reading) -> tuple[PolicyStanding, ...]:
    definitions, connection = context.engine.definitions, reading.connection
    latest = [definitions.latest(connection, key) for key in definitions.keys(connection)]
    given = endorsed(connection, [each.hash for each in latest], reading.now)
    found = (PolicyStanding(each.key, each.title, each.number, given.get(each.hash)) for each in latest)
    return tuple(sorted(found, key=lambda each: each.title))


def unendorsed(context: Context, reading: Reading) -> list[UnendorsedDecision]:
    """Decisions under a version that nobody had endorsed when they were taken, newest first."""
    connection = reading.connection
    rows = connection.execute(
        select(
            decisions.c.risk_id,
            decisions.c.decided_at,
            decisions.c.case_id,
            risks.c.title,
            instances.c.key,
            instances.c.version_hash,
        )
        .select_from(
            decisions.join(risks, risks.c.id == decisions.c.risk_id).join(
                instances, instances.c.id == decisions.c.case_id
            )
        )
        .order_by(decisions.c.decided_at.desc(), decisions.c.id)
    ).all()
    given = endorsed(connection, {row.version_hash for row in rows})
    versions = {
        (row.key, row.version_hash): context.engine.definitions.version(
            connection, row.version_hash, key=row.key
        )
        for row in rows
    }
    found = []
    for row in rows:
        endorsement = given.get(row.version_hash)
        if endorsement is not None and endorsement.at <= row.decided_at:
            continue
        version = versions[row.key, row.version_hash]
        policy = f"{version.title}, version {version.number}"
        found.append(UnendorsedDecision(row.risk_id, row.title, row.decided_at, row.case_id, policy))
    return found
