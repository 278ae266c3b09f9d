"""Reads the record up to a moment into facts: a fixed number of queries, however many cases there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, select

from workflows.exemptions.models import exemption_endings, exemptions
from workflows.metrics.facts import ExemptionFact, RatingFact, Record, RiskFact, Settlement, StatusFact
from workflows.metrics.record_of_cases import cases
from workflows.metrics.record_of_following import following
from workflows.risks.appetite import all_appetites
from workflows.risks.models import assessments, decisions, risk_assets, risk_statuses, risk_versions, risks
from workflows.risks.scales import Level
from workflows.risks.types import AssessmentKind, RiskStatus
from workflows.treatment.models import acceptance_reviews


def read(connection: Connection, as_of: datetime, policy: str) -> Record:
    """Everything recorded up to and at a moment.

    Args:
        policy: key of the policy that decides risks. Cases of other policies that followed from a case of it
            are part of that case.
    """
    roots, found = cases(connection, as_of, policy)
    known = _risks(connection, as_of)
    return Record(
        as_of=as_of,
        risks=known,
        cases={case.id: case for case in found if case.risk_id in known},
        exemptions=_exemptions(connection, as_of, roots),
        settlements=_settlements(connection, known, roots, as_of),
        appetites=all_appetites(connection),
        following=following(connection, as_of),
    )


def _risks(connection: Connection, as_of: datetime) -> dict[str, RiskFact]:
    statuses, ratings = _statuses(connection, as_of), _ratings(connection, as_of)
    versions = _categories(connection, as_of)
    concerned: dict[str, list[str]] = defaultdict(list)
    for row in connection.execute(select(risk_assets).order_by(risk_assets.c.asset_id)):
        concerned[row.risk_id].append(row.asset_id)
    rows = connection.execute(
        select(risks.c.id, risks.c.raised_at, risks.c.due_date, risks.c.cve_id, risks.c.category)
        .where(risks.c.raised_at <= as_of)
        .order_by(risks.c.id)
    )
    return {
        row.id: RiskFact(
            row.id,
            row.raised_at,
            row.due_date,
            _keys(row.id, row.cve_id, concerned.get(row.id, [])),
            tuple(statuses.get(row.id, ())),
            tuple(ratings.get(row.id, ())),
            tuple(versions.get(row.id, ())) or ((row.raised_at, row.category),),
        )
        for row in rows
    }


def _categories(connection: Connection, as_of: datetime) -> dict[str, list[tuple[datetime, str]]]:
    found: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for row in connection.execute(
        select(risk_versions.c.risk_id, risk_versions.c.at, risk_versions.c.details)
        .where(risk_versions.c.at <= as_of)
        .order_by(risk_versions.c.risk_id, risk_versions.c.seq)
    ).all():
        category = str(row.details["category"])
        if not found[row.risk_id] or found[row.risk_id][-1][1] != category:
            found[row.risk_id].append((row.at, category))
    return found


def _statuses(connection: Connection, as_of: datetime) -> dict[str, list[StatusFact]]:
    found: dict[str, list[StatusFact]] = defaultdict(list)
    for row in connection.execute(
        select(
            risk_statuses.c.risk_id,
            risk_statuses.c.source,
            risk_statuses.c.target,
            risk_statuses.c.at,
            risk_statuses.c.case_id,
        )
        .where(risk_statuses.c.at <= as_of)
        .order_by(risk_statuses.c.risk_id, risk_statuses.c.seq)
    ).all():
        source = RiskStatus(row.source) if row.source else None
        found[row.risk_id].append(StatusFact(row.at, source, RiskStatus(row.target), row.case_id))
    return found


def _ratings(connection: Connection, as_of: datetime) -> dict[str, list[RatingFact]]:
    found: dict[str, list[RatingFact]] = defaultdict(list)
    for row in connection.execute(
        select(assessments.c.risk_id, assessments.c.level, assessments.c.at)
        .where(assessments.c.at <= as_of, assessments.c.kind != AssessmentKind.RESIDUAL.value)
        .order_by(assessments.c.risk_id, assessments.c.seq)
    ).all():
        found[row.risk_id].append(RatingFact(row.at, Level(row.level)))
    return found


def _keys(risk_id: str, weakness: str | None, concerned: list[str]) -> tuple[str, ...]:
    if weakness is None:
        return (risk_id,)
    return tuple(f"{weakness} {asset}" for asset in concerned) or (weakness,)


def _exemptions(
    connection: Connection, as_of: datetime, roots: Mapping[str, str]
) -> tuple[ExemptionFact, ...]:
    rows = connection.execute(
        select(
            exemptions.c.id,
            exemptions.c.risk_id,
            exemptions.c.case_id,
            exemptions.c.granted_at,
            exemptions.c.expires_at,
            exemptions.c.days,
            exemption_endings.c.at.label("ended_at"),
        )
        .select_from(
            exemptions.outerjoin(
                exemption_endings,
                # What had not ended by then is as open as it was: a figure of the past never changes.
                and_(exemption_endings.c.exemption_id == exemptions.c.id, exemption_endings.c.at <= as_of),
            )
        )
        .where(exemptions.c.granted_at <= as_of)
        .order_by(exemptions.c.granted_at, exemptions.c.id)
    )
    return tuple(
        ExemptionFact(
            row.id,
            row.risk_id,
            roots.get(row.case_id, row.case_id),
            row.granted_at,
            row.expires_at,
            row.days,
            row.ended_at,
        )
        for row in rows
    )


_STATUS_OF = {
    "mitigate": RiskStatus.IN_TREATMENT,
    "avoid": RiskStatus.IN_TREATMENT,
    "transfer": RiskStatus.IN_TREATMENT,
    "accept": RiskStatus.ACCEPTED,
    "exempt": RiskStatus.EXEMPTED,
    "refused": RiskStatus.NOT_ACCEPTED,
}


def _settlements(
    connection: Connection, known: Mapping[str, RiskFact], roots: Mapping[str, str], as_of: datetime
) -> tuple[Settlement, ...]:
    """A decision keeps the time of the deciding act; it counts from when it took effect, with the status."""
    waiting: dict[str, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in connection.execute(
        select(
            decisions.c.risk_id,
            decisions.c.case_id,
            decisions.c.response,
            decisions.c.decided_at,
            decisions.c.review_date,
        ).order_by(decisions.c.decided_at, decisions.c.id)
    ):
        waiting[row.risk_id].append(row)
    reviews = _reviews(connection, as_of)
    found = []
    for risk in known.values():
        for status, until in zip(risk.statuses, [*(one.at for one in risk.statuses[1:]), as_of], strict=True):
            if status.source is not RiskStatus.UNDECIDED:
                continue
            decided = next((one for one in waiting[risk.id] if _put(one, status)), None)
            if decided is not None:
                waiting[risk.id].remove(decided)
            found.append(
                Settlement(
                    status.at,
                    risk.id,
                    roots.get(status.case_id or "", status.case_id),
                    status.target,
                    decided.response if decided is not None else None,
                    decided.review_date if decided is not None else None,
                    tuple(one for one in reviews[risk.id] if status.at <= one[0] <= until),
                )
            )
    return tuple(sorted(found, key=lambda one: (one.at, one.risk_id)))


def _reviews(connection: Connection, as_of: datetime) -> dict[str, list[tuple[datetime, date]]]:
    """By risk: when its acceptance was confirmed anew, and until which date."""
    found: dict[str, list[tuple[datetime, date]]] = defaultdict(list)
    for row in connection.execute(
        select(acceptance_reviews.c.risk_id, acceptance_reviews.c.at, acceptance_reviews.c.next_on)
        .where(acceptance_reviews.c.next_on.is_not(None), acceptance_reviews.c.at <= as_of)
        .order_by(acceptance_reviews.c.at, acceptance_reviews.c.id)
    ):
        found[row.risk_id].append((row.at, row.next_on))
    return found


def _put(decided: Row[*tuple[Any, ...]], status: StatusFact) -> bool:
    """Whether a decision put a risk in this status."""
    return (
        decided.case_id == status.case_id
        and decided.decided_at <= status.at
        and _STATUS_OF.get(decided.response) is status.target
    )
