"""Earlier decisions on like risks: they bind nobody, and whoever decides otherwise should know why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from workflows.identity.queries import people_by_id
from workflows.risks.models import decisions, outdated_decisions, risk_assets, risks
from workflows.risks.scales import Level
from workflows.risks.types import RiskStatus

SHOWN = 5
LOOKED_AT = 300
"""Newest decisions on risks of the same category, weakness or asset that are compared."""

_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decision on a like risk."""

    risk_id: str
    title: str
    level: Level
    response: str
    reason: str
    tier: str
    decided_by_name: str
    decided_at: datetime
    status: RiskStatus
    """Where that risk stands today."""
    is_outdated: bool
    likeness: tuple[str, ...]
    """Why it is like this one, the strongest reason first."""


def precedents(
    connection: Connection, risk_id: str, allowed: ColumnElement[bool], limit: int = SHOWN
) -> tuple[Precedent, ...]:
    """Decisions on the risks most like this one, of those that `allowed` lets through; the likest first,
    then the newest."""
    this = connection.execute(
        select(risks.c.title, risks.c.category, risks.c.cve_id, risks.c.level_rank).where(
            risks.c.id == risk_id
        )
    ).one_or_none()
    if this is None:
        return ()
    own = select(risk_assets.c.asset_id).where(risk_assets.c.risk_id == risk_id)
    with_asset = select(risk_assets.c.risk_id).where(risk_assets.c.asset_id.in_(own))
    like = [risks.c.category == this.category, risks.c.id.in_(with_asset)]
    if this.cve_id is not None:
        like.append(risks.c.cve_id == this.cve_id)
    rows = connection.execute(
        select(decisions, risks.c.title, risks.c.category, risks.c.cve_id, risks.c.level_rank, risks.c.status)
        .join(risks, risks.c.id == decisions.c.risk_id)
        .where(risks.c.id != risk_id, allowed, or_(*like))
        .order_by(decisions.c.decided_at.desc(), decisions.c.id)
        .limit(LOOKED_AT)
    ).all()
    sharing = set(connection.execute(with_asset).scalars())
    scored = [(*_likeness(this, row, row.risk_id in sharing), at) for at, row in enumerate(rows)]
    best = sorted(scored, key=lambda one: (-one[0], one[2]))[:limit]
    chosen = [(rows[at], likeness) for score, likeness, at in best if score > 2]
    people = people_by_id(connection, (row.decided_by for row, _ in chosen))
    stale = _outdated(connection, [row.id for row, _ in chosen])
    return tuple(
        Precedent(
            row.risk_id,
            row.title,
            tuple(Level)[row.level_rank],
            row.response,
            row.reason,
            row.tier,
            people[row.decided_by].name,
            row.decided_at,
            RiskStatus(row.status),
            row.id in stale,
            likeness,
        )
        for row, likeness in chosen
    )


def _likeness(this: Any, other: Any, shares_asset: bool) -> tuple[int, tuple[str, ...]]:
    """How like two risks are, and why, the strongest reason first."""
    why: list[tuple[int, str]] = []
    if this.cve_id is not None and other.cve_id == this.cve_id:
        why.append((8, "the same weakness"))
    if shares_asset:
        why.append((4, "the same asset"))
    common = _words(this.title) & _words(other.title)
    if common:
        why.append((min(len(common), 3), f"the words {', '.join(sorted(common)[:3])}"))
    if other.category == this.category:
        why.append((2, "the same category"))
    if other.level_rank == this.level_rank:
        why.append((1, "the same level"))
    why.sort(key=lambda one: -one[0])
    return sum(weight for weight, _ in why), tuple(text for _, text in why)


def _outdated(connection: Connection, ids: Sequence[str]) -> set[str]:
    return set(
        connection.execute(
            select(outdated_decisions.c.decision_id).where(outdated_decisions.c.decision_id.in_(ids))
        ).scalars()
    )


def _words(title: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(title)}
