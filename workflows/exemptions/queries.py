"""Reads of exemptions. Whether one is in force is asked of `is_active` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, bindparam, or_, select, true

from workflows.errors import NotFound
from workflows.exemptions.models import exemption_endings, exemption_requests, exemptions
from workflows.exemptions.types import Exemption, ExemptionState, end_of, is_active, state_at
from workflows.identity.queries import people_by_id
from workflows.risks.models import risk_assets, risks

_EXEMPTIONS = (
    select(
        exemptions,
        risks.c.title.label("risk_title"),
        exemption_endings.c.at.label("ended_at"),
        exemption_endings.c.kind.label("ending"),
        exemption_endings.c.reason.label("ending_reason"),
        exemption_requests.c.renews,
    )
    .select_from(
        exemptions.join(risks, risks.c.id == exemptions.c.risk_id)
        .outerjoin(exemption_endings, exemption_endings.c.exemption_id == exemptions.c.id)
        .outerjoin(exemption_requests, exemption_requests.c.id == exemptions.c.id)
    )
    .order_by(exemptions.c.granted_at.desc(), exemptions.c.id.desc())
)


_RISK: BindParameter[str] = bindparam("risk")
_OWN, _ITS = risks.alias("own"), risk_assets.alias("its")
_OF_SAME_WEAKNESS = (
    select(risks.c.id)
    .select_from(risks.join(risk_assets, risk_assets.c.risk_id == risks.c.id))
    .where(
        risks.c.cve_id == select(_OWN.c.cve_id).where(_OWN.c.id == _RISK).scalar_subquery(),
        risk_assets.c.asset_id.in_(select(_ITS.c.asset_id).where(_ITS.c.risk_id == _RISK)),
    )
    .correlate(None)
)
"""Risks that a CVE id tells to be of the same weakness; none where the risk has no such id."""
_EXEMPTIONS_OF_SAME = _EXEMPTIONS.where(
    or_(exemptions.c.risk_id == _RISK, exemptions.c.risk_id.in_(_OF_SAME_WEAKNESS))
)


def exemptions_where(
    connection: Connection, condition: ColumnElement[bool], now: datetime
) -> list[Exemption]:
    """Exemptions that meet a condition, newest first, with their state at `now`."""
    return _read(connection, _EXEMPTIONS.where(condition), {}, now)


def _read(
    connection: Connection, statement: Select[Any], values: Mapping[str, Any], now: datetime
) -> list[Exemption]:
    rows = connection.execute(statement, values).all()
    people = people_by_id(connection, (row.decided_by for row in rows))
    return [_view(row, people[row.decided_by].name, now) for row in rows]


def _view(row: Any, decided_by_name: str, now: datetime) -> Exemption:
    # What is recorded as ended later than `now` had not ended then.
    ended = row.ended_at is not None and row.ended_at <= now
    found = Exemption(
        id=row.id,
        risk_id=row.risk_id,
        risk_title=row.risk_title,
        case_id=row.case_id,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        days=row.days,
        conditions=row.conditions,
        compensating_controls=row.compensating_controls,
        decided_by=row.decided_by,
        decided_by_name=decided_by_name,
        decided_on_behalf_of=row.decided_on_behalf_of,
        decided_tier=row.decided_tier,
        basis=row.basis,
        state=ExemptionState.EXPIRED,
        policy_number=row.policy_number,
        policy_hash=row.policy_hash,
        record=row.record,
        ended_at=row.ended_at if ended else None,
        ending=row.ending if ended else None,
        ending_reason=row.ending_reason if ended else "",
        renews=row.renews,
        element_id=row.element_id,
    )
    return replace(found, state=state_at(found, now), days_left=max(0, (end_of(found) - now).days))


def every(connection: Connection, now: datetime) -> list[Exemption]:
    """All ever granted, newest first."""
    return exemptions_where(connection, true(), now)


def active(connection: Connection, now: datetime) -> list[Exemption]:
    """Those in force, the soonest to expire first."""
    candidates = exemptions_where(connection, exemptions.c.expires_at >= now, now)
    return sorted(
        (one for one in candidates if is_active(one, now)), key=lambda one: (one.expires_at, one.id)
    )


def of_risk(connection: Connection, risk_id: str, now: datetime) -> list[Exemption]:
    """All of a risk, newest first."""
    return exemptions_where(connection, exemptions.c.risk_id == risk_id, now)


def of_case(connection: Connection, case_id: str, now: datetime) -> list[Exemption]:
    """All that a case granted, newest first."""
    return exemptions_where(connection, exemptions.c.case_id == case_id, now)


def exemption(connection: Connection, exemption_id: str, now: datetime) -> Exemption:
    """One exemption. Raises `NotFound`."""
    found = exemptions_where(connection, exemptions.c.id == exemption_id, now)
    if not found:
        raise NotFound("exemption", exemption_id)
    return found[0]


def of_same_weakness(connection: Connection, risk_id: str, now: datetime) -> list[Exemption]:
    """Every exemption ever granted for the weakness of this risk on any of its assets, oldest first."""
    return _read(connection, _EXEMPTIONS_OF_SAME, {"risk": risk_id}, now)[::-1]


def risks_of_same_weakness(connection: Connection, risk_id: str) -> set[str]:
    """Risks with the same weakness on at least one of the same assets, this one among them.

    By asset and weakness and not by case, so that a new case of the same matter starts no new count. A
    weakness is told by its CVE id; a risk without one is a weakness of its own.
    """
    return {risk_id, *connection.execute(_OF_SAME_WEAKNESS, {"risk": risk_id}).scalars()}
