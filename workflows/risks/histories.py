"""Reads of a risk's past: its statuses, decisions and links."""

from __future__ import annotations

from sqlalchemy import Connection, or_, select

from workflows.identity.queries import people_by_id
from workflows.policies.endorsements import endorsed
from workflows.risks.disputes import unadvised_cases
from workflows.risks.models import (
    decision_snapshots,
    decisions,
    risk_link_endings,
    risk_links,
    risk_statuses,
    risks,
)
from workflows.risks.snapshots import outdated
from workflows.risks.types import Decision, Link, RiskStatus, StatusChange

LINKS = {
    "related": ("related to", "related to"),
    "causes": ("causes", "caused by"),
    "part": ("part of", "has as a part"),
    "duplicate": ("the same as", "the same as"),
    "case": ("touched by the case", "touched by the case"),
}
"""Kinds of links, as they read from either end."""


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
    pinned: dict[str, str] = {
        row.decision_id: row.sha256
        for row in connection.execute(
            select(decision_snapshots.c.decision_id, decision_snapshots.c.sha256).where(
                decision_snapshots.c.decision_id.in_([row.id for row in rows])
            )
        )
    }
    unadvised = unadvised_cases(connection, [row.case_id for row in rows])
    changed = outdated(connection, [row.id for row in rows])
    given = endorsed(connection, [row.policy_hash for row in rows])
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
            row.id,
            pinned.get(row.id, ""),
            tuple(one for one in changed if one.decision_id == row.id),
            row.case_id in unadvised,
            # One that came after the decision does not count for it.
            one.sentence if (one := given.get(row.policy_hash)) and one.at <= row.decided_at else "",
        )
        for row in rows
    )


def links_of(connection: Connection, risk_id: str, unseen: frozenset[str] = frozenset()) -> tuple[Link, ...]:
    """Links that stand, from and to a risk, oldest first; those to a risk in `unseen` are left out."""
    rows = connection.execute(
        select(risk_links)
        .outerjoin(risk_link_endings, risk_link_endings.c.link_id == risk_links.c.id)
        .where(
            or_(risk_links.c.risk_id == risk_id, risk_links.c.other_id == risk_id),
            risk_link_endings.c.link_id.is_(None),
        )
        .order_by(risk_links.c.at, risk_links.c.id)
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    ends = {row.id: row.other_id if row.risk_id == risk_id else row.risk_id for row in rows}
    titles = {
        row.id: row.title
        for row in connection.execute(
            select(risks.c.id, risks.c.title).where(risks.c.id.in_([end for end in ends.values() if end]))
        )
    }
    return tuple(
        Link(
            id=row.id,
            kind=LINKS[row.kind][0 if row.risk_id == risk_id else 1],
            risk_id=ends[row.id],
            title=titles.get(ends[row.id] or "", ""),
            case_id=row.case_id,
            note=row.note,
            by_name=people[row.by].name,
            at=row.at,
        )
        for row in rows
        if ends[row.id] not in unseen
    )
