"""Reads of emergencies."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select, true

from workflows.emergencies.models import emergencies, emergency_steps
from workflows.emergencies.types import AGAIN_WITHIN, Emergency, EmergencyStep
from workflows.errors import NotFound
from workflows.exemptions.models import exemptions
from workflows.exemptions.queries import exemptions_where, risks_of_same_weakness
from workflows.identity.queries import people_by_id
from workflows.risks.models import risks


def emergencies_where(
    connection: Connection, condition: ColumnElement[bool], now: datetime
) -> list[Emergency]:
    """Emergencies that meet a condition, newest first."""
    rows = connection.execute(
        select(emergencies, risks.c.title.label("risk_title"))
        .select_from(emergencies.join(risks, risks.c.id == emergencies.c.risk_id))
        .where(condition)
        .order_by(emergencies.c.declared_at.desc(), emergencies.c.id.desc())
    ).all()
    steps = connection.execute(
        select(emergency_steps)
        .where(emergency_steps.c.emergency_id.in_([row.id for row in rows]))
        .order_by(emergency_steps.c.emergency_id, emergency_steps.c.seq)
    ).all()
    by_id = {key: list(group) for key, group in groupby(steps, key=lambda row: str(row.emergency_id))}
    people = people_by_id(connection, {row.declared_by for row in rows} | {step.by for step in steps})
    names = {key: person.name for key, person in people.items()}
    found = exemptions_where(
        connection, exemptions.c.id.in_([step.exemption_id for step in steps if step.exemption_id]), now
    )
    carried = {one.id: one for one in found}
    return [_view(row, by_id.get(row.id, []), names, carried) for row in rows]


def _view(row: Any, steps: Sequence[Any], names: dict[str, str], carried: dict[str, Any]) -> Emergency:
    ids = [step.exemption_id for step in steps if step.exemption_id]
    return Emergency(
        id=row.id,
        risk_id=row.risk_id,
        risk_title=row.risk_title,
        case_id=row.case_id,
        declared_at=row.declared_at,
        declared_by=row.declared_by,
        declared_by_name=names[row.declared_by],
        what=row.what,
        reason=row.reason,
        containment=row.containment,
        conditions=row.conditions,
        days=row.days,
        roll_back=row.roll_back,
        why_above=row.why_above,
        steps=tuple(
            EmergencyStep(step.kind, step.at, step.by, names.get(step.by, "Parley"), step.reason)
            for step in steps
        ),
        exemption=carried.get(ids[-1]) if ids else None,
    )


def every(connection: Connection, now: datetime) -> list[Emergency]:
    """All ever declared, newest first."""
    return emergencies_where(connection, true(), now)


def emergency(connection: Connection, emergency_id: str, now: datetime) -> Emergency:
    """One emergency. Raises `NotFound`."""
    found = emergencies_where(connection, emergencies.c.id == emergency_id, now)
    if not found:
        raise NotFound("emergency", emergency_id)
    return found[0]


def row_of_case(connection: Connection, case_id: str) -> Row[Any] | None:
    """The row of a case's emergency; None where it has none."""
    return connection.execute(select(emergencies).where(emergencies.c.case_id == case_id)).one_or_none()


def earlier(connection: Connection, risk_id: str, at: datetime) -> str | None:
    """The latest emergency of the same weakness on the same assets that went ahead in the 90 days before."""
    same = risks_of_same_weakness(connection, risk_id)
    went_ahead = select(emergency_steps.c.emergency_id).where(emergency_steps.c.kind == "begun")
    return connection.execute(
        select(emergencies.c.id)
        .where(
            emergencies.c.risk_id.in_(sorted(same)),
            emergencies.c.declared_at > at - timedelta(days=AGAIN_WITHIN),
            emergencies.c.declared_at <= at,
            emergencies.c.id.in_(went_ahead),
        )
        .order_by(emergencies.c.declared_at.desc())
        .limit(1)
    ).scalar_one_or_none()


def last_seq(connection: Connection, emergency_id: str) -> int:
    """Number of the last step; 0 where there is none."""
    return int(
        connection.execute(
            select(func.coalesce(func.max(emergency_steps.c.seq), 0)).where(
                emergency_steps.c.emergency_id == emergency_id
            )
        ).scalar_one()
    )
