"""Reads of acceptance reviews: which are due, and how the past ones went."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from workflows.identity.queries import people_by_id
from workflows.risks.models import decisions, risks
from workflows.risks.types import RiskStatus
from workflows.treatment.models import acceptance_reviews, acceptance_schedules
from workflows.treatment.types import Review, ReviewDue


def reviews_due(connection: Connection, now: datetime) -> list[ReviewDue]:
    """The next review of each risk that is accepted, the soonest first.

    A risk accepted before it had a review of its own is listed with the date that its decision names.
    """
    rows = connection.execute(
        select(risks.c.id, risks.c.title).where(risks.c.status == RiskStatus.ACCEPTED.value)
    ).all()
    scheduled = _newest_schedules(connection)
    confirmed = _confirmed(connection)
    found = []
    for row in rows:
        dates = scheduled.get(row.id) or _as_decided(connection, row.id)
        if dates is None:
            continue
        case_id, due_on, asked_at = dates
        found.append(
            ReviewDue(
                risk_id=row.id,
                risk_title=row.title,
                case_id=case_id,
                due_on=due_on,
                asked_at=asked_at,
                is_asked=asked_at <= now,
                times_confirmed=confirmed.get(case_id, 0),
            )
        )
    return sorted(found, key=lambda one: (one.due_on, one.risk_id))


def _newest_schedules(connection: Connection) -> dict[str, tuple[str, Any, datetime]]:
    rows = connection.execute(
        select(acceptance_schedules).order_by(acceptance_schedules.c.at, acceptance_schedules.c.due_on)
    ).all()
    return {row.risk_id: (row.case_id, row.due_on, row.asked_at) for row in rows}


def _as_decided(connection: Connection, risk_id: str) -> tuple[str, Any, datetime] | None:
    row = connection.execute(
        select(decisions.c.case_id, decisions.c.review_date, decisions.c.decided_at)
        .where(decisions.c.risk_id == risk_id, decisions.c.response == "accept")
        .order_by(decisions.c.decided_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row.case_id, row.review_date, row.decided_at)


def _confirmed(connection: Connection) -> Mapping[str, int]:
    rows = connection.execute(
        select(acceptance_reviews.c.case_id, func.count().label("number"))
        .where(acceptance_reviews.c.outcome == "confirmed")
        .group_by(acceptance_reviews.c.case_id)
    ).all()
    return {row.case_id: int(row.number) for row in rows}


def past_reviews(connection: Connection, condition: ColumnElement[bool] | None = None) -> list[Review]:
    """Reviews that took place, or that nobody answered, newest first."""
    rows = connection.execute(
        select(acceptance_reviews, risks.c.title)
        .select_from(acceptance_reviews.join(risks))
        .where(true() if condition is None else condition)
        .order_by(acceptance_reviews.c.at.desc(), acceptance_reviews.c.id)
    ).all()
    people = people_by_id(
        connection, {who for row in rows for who in (row.answered_by, row.advised_by) if who}
    )
    return [
        Review(
            risk_id=row.risk_id,
            risk_title=row.title,
            case_id=row.case_id,
            due_on=row.due_on,
            outcome=row.outcome,
            reason=row.reason,
            by_name=people[row.answered_by].name if row.answered_by else "",
            advice=row.advice,
            advised_by_name=people[row.advised_by].name if row.advised_by else "",
            next_on=row.next_on,
            next_case_id=row.next_case_id,
            at=row.at,
        )
        for row in rows
    ]
