"""Reads of the register."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
)

from workflows.errors import NotFound
from workflows.exemptions.models import exemptions as exemption_rows
from workflows.exemptions.queries import exemptions_where
from workflows.exemptions.types import Exemption, is_active
from workflows.identity.models import units
from workflows.identity.queries import people_by_id
from workflows.risks.disputes import disputes, without_advice
from workflows.risks.envelopes import covered_by
from workflows.risks.models import (
    assessments,
    assets,
    risk_assets,
    risks,
)
from workflows.risks.scales import Level
from workflows.risks.types import (
    Assessment,
    AssessmentKind,
    Asset,
    Risk,
    RiskFilters,
    RiskStatus,
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


# Built once: with a risk's page, the building took as long as the asking.
_IDS: BindParameter[str] = bindparam("ids", expanding=True)
_BY_ID = select(risks).where(risks.c.id.in_(_IDS))
_CONCERNED = (
    _ASSETS.add_columns(risk_assets.c.risk_id)
    .join(risk_assets, risk_assets.c.asset_id == assets.c.id)
    .where(risk_assets.c.risk_id.in_(_IDS))
    .order_by(assets.c.name, assets.c.id)
)
_RATED = (
    select(assessments)
    .where(assessments.c.risk_id.in_(_IDS))
    .order_by(assessments.c.risk_id, assessments.c.seq.desc())
)


def assets_of(connection: Connection, risk_ids: Iterable[str]) -> Mapping[str, tuple[Asset, ...]]:
    """Assets by risk."""
    rows = connection.execute(_CONCERNED, {"ids": list(risk_ids)})
    found: dict[str, list[Asset]] = defaultdict(list)
    for row in rows:
        found[row.risk_id].append(_asset(row))
    return {risk_id: tuple(of_risk) for risk_id, of_risk in found.items()}


def assessments_of(connection: Connection, risk_ids: Iterable[str]) -> Mapping[str, list[Assessment]]:
    """All assessments by risk, newest first."""
    rows = connection.execute(_RATED, {"ids": list(risk_ids)}).all()
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
    rows = connection.execute(_BY_ID, {"ids": list(set(risk_ids))}).all()
    return {risk.id: risk for risk in _views(connection, rows, now)}


def risk_by_token(connection: Connection, token: str) -> tuple[str, str] | None:
    """Id and raiser of the risk raised with a submission token."""
    row = connection.execute(
        select(risks.c.id, risks.c.raised_by).where(risks.c.token == token)
    ).one_or_none()
    return (row.id, row.raised_by) if row else None


def page_of(
    connection: Connection, filters: RiskFilters, allowed: ColumnElement[bool], page: int, now: datetime
) -> tuple[list[Risk], int]:
    """A page of the register and the number of all that the filters let through. `allowed` is the condition
    of `workflows.risks.access.readable`."""
    condition = and_(allowed, *conditions(filters))
    total = connection.execute(select(func.count()).select_from(risks).where(condition)).scalar_one()
    rows = connection.execute(
        select(risks)
        .where(condition)
        .order_by(
            risks.c.level_rank.desc(),
            risks.c.priority.asc().nulls_last(),
            risks.c.raised_at.desc(),
            risks.c.id.desc(),
        )
        .limit(PAGE)
        .offset((max(page, 1) - 1) * PAGE)
    ).all()
    return _views(connection, rows, now), total


def tallies(connection: Connection, allowed: ColumnElement[bool]) -> list[tuple[RiskStatus, str, Level, int]]:
    """Numbers of risks by status, category and level."""
    keys = (risks.c.status, risks.c.category, risks.c.level_rank)
    rows = connection.execute(select(*keys, func.count()).where(allowed).group_by(*keys))
    return [(RiskStatus(row[0]), row[1], tuple(Level)[row[2]], row[3]) for row in rows]


def categories(connection: Connection, allowed: ColumnElement[bool]) -> tuple[str, ...]:
    """Categories in use, alphabetical."""
    query = select(risks.c.category).where(allowed).distinct().order_by(risks.c.category)
    return tuple(connection.execute(query).scalars())


def ids_by_cve(
    connection: Connection, cve_ids: Iterable[str], allowed: ColumnElement[bool]
) -> Mapping[str, tuple[str, ...]]:
    """Ids of the risks about a weakness that one may read, by CVE id."""
    rows = connection.execute(
        select(risks.c.cve_id, risks.c.id)
        .where(risks.c.cve_id.in_(list(cve_ids)), allowed)
        .order_by(risks.c.id)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        found[row.cve_id].append(row.id)
    return {cve_id: tuple(ids) for cve_id, ids in found.items()}


def conditions(filters: RiskFilters) -> list[ColumnElement[bool]]:
    """What the filters ask of a risk."""
    found: list[ColumnElement[bool]] = []
    for word in filters.text.split()[:8]:
        found.append(
            or_(
                *(
                    column.icontains(word, autoescape=True)
                    for column in (risks.c.id, risks.c.title, risks.c.description, risks.c.cve_id)
                )
            )
        )
    if filters.status is not None:
        found.append(risks.c.status == filters.status.value)
    if filters.likelihood is not None or filters.impact is not None:
        found.append(risks.c.id.in_(_at_spot(filters)))
    if filters.level is not None:
        found.append(risks.c.level_rank == filters.level.rank)
    if filters.category:
        found.append(risks.c.category == filters.category)
    if filters.raised_by:
        found.append(risks.c.raised_by == filters.raised_by)
    if filters.kev_only:
        found.append(risks.c.cve_id.is_not(None))
    if filters.asset_id or filters.unit_id:
        concerned = select(risk_assets.c.risk_id).join(assets, assets.c.id == risk_assets.c.asset_id)
        if filters.asset_id:
            concerned = concerned.where(assets.c.id == filters.asset_id)
        if filters.unit_id:
            concerned = concerned.where(assets.c.owner_unit == filters.unit_id)
        found.append(risks.c.id.in_(concerned))
    return found


def _at_spot(filters: RiskFilters) -> Select[tuple[str]]:
    """Risks whose rating of today, else as raised, has this likelihood and impact."""
    newer = assessments.alias()
    kinds = [AssessmentKind.INHERENT.value, AssessmentKind.CURRENT.value]
    # What is rated as of today always comes after what was rated as raised.
    newest = (
        select(func.max(newer.c.seq))
        .where(newer.c.risk_id == assessments.c.risk_id, newer.c.kind.in_(kinds))
        .scalar_subquery()
    )
    query = select(assessments.c.risk_id).where(assessments.c.seq == newest)
    if filters.likelihood is not None:
        query = query.where(assessments.c.likelihood == filters.likelihood.value)
    if filters.impact is not None:
        query = query.where(assessments.c.impact == filters.impact.value)
    return query


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
    covered = covered_by(connection, ids)
    disputed, unadvised = disputes(connection, ids), without_advice(connection, ids)

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
            priority=row.priority,
            is_confidential=row.is_confidential,
            exemption=in_force.get(row.id),
            dispute=disputed.get(row.id),
            covered_by=covered.get(row.id, ""),
            without_advice=row.id in unadvised,
        )
        for row in rows
    ]
