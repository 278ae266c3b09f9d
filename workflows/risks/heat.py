"""The register as a heat map: how many risks at each likelihood and impact, before and after treatment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, select

from workflows.risks.models import assessments, risks
from workflows.risks.queries import conditions
from workflows.risks.scales import Level, Matrix
from workflows.risks.types import AssessmentKind, RiskFilters, RiskStatus

Spot = tuple[Level, Level]
"""Likelihood and impact."""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """Counts by likelihood and impact. Closed risks are not in it."""

    before: Mapping[Spot, int]
    """As rated with today's controls, else as raised."""
    after: Mapping[Spot, int]
    """As rated for after the treatment; those not rated so stay where they are."""
    rated_after: int
    """How many have a rating for after the treatment."""
    total: int
    matrix: Matrix
    """The level of each spot."""


def heat_map(
    connection: Connection, filters: RiskFilters, allowed: ColumnElement[bool], matrix: Matrix
) -> HeatMap:
    """The heat map of the risks that the filters let through; `allowed` as `access.readable` has it."""
    wanted = and_(allowed, *conditions(filters), risks.c.status != RiskStatus.CLOSED.value)
    rows = connection.execute(
        select(assessments.c.risk_id, assessments.c.kind, assessments.c.likelihood, assessments.c.impact)
        .join(risks, risks.c.id == assessments.c.risk_id)
        .where(wanted)
        .order_by(assessments.c.risk_id, assessments.c.seq)
    )
    newest: dict[str, dict[str, Spot]] = {}
    for row in rows:
        newest.setdefault(row.risk_id, {})[row.kind] = (Level(row.likelihood), Level(row.impact))
    before: Counter[Spot] = Counter()
    after: Counter[Spot] = Counter()
    for rated in newest.values():
        today = rated.get(AssessmentKind.CURRENT.value) or rated.get(AssessmentKind.INHERENT.value)
        planned = rated.get(AssessmentKind.RESIDUAL.value)
        if today is not None:  # every risk is rated when it is raised
            before[today] += 1
            after[planned or today] += 1
    rated_after = sum(AssessmentKind.RESIDUAL.value in rated for rated in newest.values())
    return HeatMap(before, after, rated_after, before.total(), matrix)
