"""Reads of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, func, or_, select

from workflows.errors import NotFound
from workflows.exemptions.models import exemptions as exemption_rows
from workflows.exemptions.queries import exemptions_where
from workflows.exemptions.types import Exemption, is_active
from workflows.identity.models import units
from workflows.identity.queries import people_by_id
from workflows.risks.models import assessments, assets, decisions, risk_assets, risk_statuses, risks
from workflows.risks.scales import Level
from workflows.risks.types import (
    Assessment,
    AssessmentKind,
    Asset,
    Decision,
    Risk,
    RiskFilters,
    RiskStatus,
    StatusChange,
)

PAGE = 50
"""Rows of a page of the register."""

_ASSETS = select(assets, units.c.name.label("owner_unit_name")).select_from(
    assets.join(units, units.c.id == assets.c.owner_unit)
)


def _asset(row: Row[Any]) -> Asset:
    return Asset(
        row.id,
        row.name,
        row.owner_unit,
        row.owner_unit_name,
        Level(row.criticality),
        row.is_shared,
        row.description,
    )


def all_assets(connection: Connection) -> list[Asset]:
    """All assets, by name."""
    return [_asset(row) for row in connection.execute(_ASSETS.order_by(assets.c.name, assets.c.id))]


def assets_of(connection: Connection, risk_ids: Iterable[str]) -> Mapping[str, tuple[Asset, ...]]:
    """Assets by risk."""
    rows = connection.execute(
        _ASSETS.add_columns(risk_assets.c.risk_id)
        .join(risk_assets, risk_assets.c.asset_id == assets.c.id)
        .where(risk_assets.c.risk_id.in_(list(risk_ids)))
        .order_by(assets.c.name, assets.c.id)
    )
    found: dict[str, list[Asset]] = defaultdict(list)
    for row in rows:
        found[row.risk_id].append(_asset(row))
    return {risk_id: tuple(of_risk) for risk_id, of_risk in found.items()}


def assessments_of(connection: Connection, risk_ids: Iterable[str]) -> Mapping[str, list[Assessment]]:
    """All assessments by risk, newest first."""
    rows = connection.execute(
        select(assessments)
        .where(assessments.c.risk_id.in_(list(risk_ids)))
        .order_by(assessments.c.risk_id, assessments.c.seq.desc())
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    found: dict[str, list[Assessment]] = defaultdict(list)
    for row in rows:
        found[row.risk_id].append(
            Assessment(
                AssessmentKind(row.kind),
                Level(row.likelihood),
                Level(row.impact),
                Level(row.level),
                row.by,
                people[row.by].name,
                row.at,
                row.rationale,
                row.case_id,
            )
        )
    return found


def risk(connection: Connection, risk_id: str, now: datetime) -> Risk:
    """One risk. Raises `NotFound`."""
    found = risks_by_id(connection, [risk_id], now)
    if risk_id not in found:
        raise NotFound("risk", risk_id)
    return found[risk_id]


def risks_by_id(connection: Connection, risk_ids: Sequence[str], now: datetime) -> dict[str, Risk]:
    """Risks by id; those that are not there are left out."""
    rows = connection.execute(select(risks).where(risks.c.id.in_(list(set(risk_ids))))).all()
    return {risk.id: risk for risk in _views(connection, rows, now)}


def risk_by_token(connection: Connection, token: str) -> tuple[str, str] | None:
    """Id and raiser of the risk raised with a submission token."""
    row = connection.execute(
        select(risks.c.id, risks.c.raised_by).where(risks.c.token == token)
    ).one_or_none()
    return (row.id, row.raised_by) if row else None


def page_of(
    connection: Connection, filters: RiskFilters, only_by: str | None, page: int, now: datetime
) -> tuple[list[Risk], int]:
    """A page of the register and the number of all that the filters let through. `only_by` limits to a
    raiser."""
    condition = and_(*_conditions(filters, only_by))
    total = connection.execute(select(func.count()).select_from(risks).where(condition)).scalar_one()
    rows = connection.execute(
        select(risks)
        .where(condition)
        .order_by(risks.c.level_rank.desc(), risks.c.raised_at.desc(), risks.c.id.desc())
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    return _views(connection, rows, now), total


def counts(connection: Connection, only_by: str | None) -> dict[RiskStatus, int]:
    """Number of risks by status, all statuses named."""
    query = select(risks.c.status, func.count()).group_by(risks.c.status)
    if only_by is not None:
        query = query.where(risks.c.raised_by == only_by)
    found = {row[0]: row[1] for row in connection.execute(query)}
    return {status: found.get(status.value, 0) for status in RiskStatus}


def categories(connection: Connection, only_by: str | None) -> tuple[str, ...]:
    """Categories in use, alphabetical."""
    query = select(risks.c.category).distinct().order_by(risks.c.category)
    if only_by is not None:
        query = query.where(risks.c.raised_by == only_by)
    return tuple(connection.execute(query).scalars())


def history_of(connection: Connection, risk_id: str) -> tuple[StatusChange, ...]:
    """All status changes, newest first."""
    rows = connection.execute(
        select(risk_statuses).where(risk_statuses.c.risk_id == risk_id).order_by(risk_statuses.c.seq.desc())
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    return tuple(
        StatusChange(
            RiskStatus(row.source) if row.source else None,
            RiskStatus(row.target),
            row.at,
            row.by,
            people[row.by].name,
            row.reason,
            row.case_id,
        )
        for row in rows
    )


def decisions_of(connection: Connection, risk_id: str) -> tuple[Decision, ...]:
    """All decisions, newest first."""
    rows = connection.execute(
        select(decisions)
        .where(decisions.c.risk_id == risk_id)
        .order_by(decisions.c.decided_at.desc(), decisions.c.id)
    ).all()
    people = people_by_id(connection, (row.decided_by for row in rows))
    return tuple(
        Decision(
            row.case_id,
            row.response,
            row.reason,
            row.decided_by,
            people[row.decided_by].name,
            row.on_behalf_of,
            row.tier,
            row.decided_at,
            row.review_date,
            row.plan,
        )
        for row in rows
    )


def ids_by_cve(
    connection: Connection, cve_ids: Iterable[str], only_by: str | None = None
) -> Mapping[str, tuple[str, ...]]:
    """Ids of the risks about a weakness, by CVE id; with `only_by`, of those that this person raised."""
    statement = select(risks.c.cve_id, risks.c.id).where(risks.c.cve_id.in_(list(cve_ids)))
    if only_by is not None:
        statement = statement.where(risks.c.raised_by == only_by)
    rows = connection.execute(statement.order_by(risks.c.id))
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.cve_id].append(row.id)
    return {cve_id: tuple(ids) for cve_id, ids in found.items()}


def _conditions(filters: RiskFilters, only_by: str | None) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [risks.c.id.is_not(None)]
    if only_by is not None:
        conditions.append(risks.c.raised_by == only_by)
    for word in filters.text.split()[:8]:
        conditions.append(
            or_(
                *(
                    column.icontains(word, autoescape=True)
                    for column in (risks.c.id, risks.c.title, risks.c.description, risks.c.cve_id)
                )
            )
        )
    if filters.status is not None:
        conditions.append(risks.c.status == filters.status.value)
    if filters.level is not None:
        conditions.append(risks.c.level_rank == filters.level.rank)
    if filters.category:
        conditions.append(risks.c.category == filters.category)
    if filters.raised_by:
        conditions.append(risks.c.raised_by == filters.raised_by)
    if filters.kev_only:
        conditions.append(risks.c.cve_id.is_not(None))
    if filters.asset_id or filters.unit_id:
        concerned = select(risk_assets.c.risk_id).join(assets, assets.c.id == risk_assets.c.asset_id)
        if filters.asset_id:
            concerned = concerned.where(assets.c.id == filters.asset_id)
        if filters.unit_id:
            concerned = concerned.where(assets.c.owner_unit == filters.unit_id)
        conditions.append(risks.c.id.in_(concerned))
    return conditions


def _in_force(connection: Connection, risk_ids: list[str], now: datetime) -> dict[str, Exemption]:
    found = exemptions_where(connection, exemption_rows.c.risk_id.in_(risk_ids), now)
    return {one.risk_id: one for one in found if is_active(one, now)}


def _views(connection: Connection, rows: Sequence[Row[Any]], now: datetime) -> list[Risk]:
    ids = [row.id for row in rows]
    if not ids:
        return []
    concerned, rated = assets_of(connection, ids), assessments_of(connection, ids)
    people = people_by_id(connection, (row.raised_by for row in rows))
    in_force = _in_force(connection, ids, now)

    def newest(risk_id: str, kind: AssessmentKind) -> Assessment | None:
        return next((one for one in rated.get(risk_id, ()) if one.kind is kind), None)

    return [
        Risk(
            id=row.id,
            title=row.title,
            description=row.description,
            category=row.category,
            assets=concerned.get(row.id, ()),
            raised_by=people[row.raised_by],
            raised_at=row.raised_at,
            status=RiskStatus(row.status),
            status_since=row.status_since,
            inherent=newest(row.id, AssessmentKind.INHERENT),
            current=newest(row.id, AssessmentKind.CURRENT),
            residual=newest(row.id, AssessmentKind.RESIDUAL),
            cve_id=row.cve_id,
            due_date=row.due_date,
            exemption=in_force.get(row.id),
        )
        for row in rows
    ]
