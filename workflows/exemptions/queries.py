"""Reads of exemptions. Whether one is in force is asked of `is_active` alone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, true

from workflows.errors import NotFound
from workflows.exemptions.models import exemptions
from workflows.exemptions.types import Exemption, is_active, state_at
from workflows.identity.queries import people_by_id
from workflows.risks.models import risks


def exemptions_where(
    connection: Connection, condition: ColumnElement[bool], now: datetime
) -> list[Exemption]:
    """Exemptions that meet a condition, newest first, with their state at `now`."""
    rows = connection.execute(
        select(exemptions, risks.c.title.label("risk_title"))
        .select_from(exemptions.join(risks, risks.c.id == exemptions.c.risk_id))
        .where(condition)
        .order_by(exemptions.c.granted_at.desc(), exemptions.c.id.desc())
    ).all()
    people = people_by_id(connection, (row.decided_by for row in rows))
    return [_view(row, people[row.decided_by].name, now) for row in rows]


def _view(row: Any, decided_by_name: str, now: datetime) -> Exemption:
    return Exemption(
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
        state=state_at(row.granted_at, row.expires_at, now),
        policy_number=row.policy_number,
        policy_hash=row.policy_hash,
        days_left=max(0, (row.expires_at - now).days),
        record=row.record,
    )


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
