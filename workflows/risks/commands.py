"""Writes of the register. Statuses change by transitions alone, and each change is a row and "
"an audit entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, insert, select, update

from engine.errors import OperationFailed
from workflows.context import Writing
from workflows.errors import RuleBroken
from workflows.events import REGISTER, DomainEvent, risk_chain
from workflows.identity.queries import all_units
from workflows.keys import new_id, next_key
from workflows.policies.endorsements import endorsed
from workflows.risks.appetite import matrix_at
from workflows.risks.details import RiskDetails, plain
from workflows.risks.models import (
    assessments,
    assets,
    decisions,
    risk_assets,
    risk_statuses,
    risk_versions,
    risks,
)
from workflows.risks.scales import Level, level_of_risk
from workflows.risks.snapshots import mark_outdated, pin
from workflows.risks.transitions import Transition
from workflows.risks.types import AssessmentKind, Asset, RiskStatus

_RISK: BindParameter[str] = bindparam("risk")
_LAST_ASSESSMENT = select(func.coalesce(func.max(assessments.c.seq), 0)).where(assessments.c.risk_id == _RISK)
_ADD_ASSESSMENT = insert(assessments)
_RANK = update(risks).where(risks.c.id == _RISK).values(level_rank=bindparam("rank"))
_LAST_STATUS = select(func.coalesce(func.max(risk_statuses.c.seq), 0)).where(risk_statuses.c.risk_id == _RISK)
_ADD_STATUS = insert(risk_statuses)


@dataclass(frozen=True, slots=True)
class NewRisk:
    """What the register is told when a risk is raised."""

    title: str
    description: str
    category: str
    likelihood: Level
    impact: Level
    asset_ids: tuple[str, ...]
    cve_id: str | None
    due_date: date | None
    token: str


def add_asset(writing: Writing, asset: Asset) -> Asset:
    """Add an asset; where the id is empty, one is made. Raises `RuleBroken`."""
    unit_names = {unit.id: unit.name for unit in all_units(writing.connection)}
    if asset.owner_unit not in unit_names:
        raise RuleBroken(f"There is no unit {asset.owner_unit!r}. Nothing was changed.", rule="owner")
    if not asset.name.strip():
        raise RuleBroken("An asset needs a name. Nothing was changed.", rule="name")
    asset_id = asset.id or next_key(writing.connection, "A")
    taken = writing.connection.execute(select(assets.c.id).where(assets.c.id == asset_id)).one_or_none()
    if taken is not None:
        raise RuleBroken(f"There is an asset {asset_id!r} already. Nothing was changed.", rule="unique")
    values = {
        "id": asset_id,
        "name": asset.name.strip(),
        "owner_unit": asset.owner_unit,
        "criticality": asset.criticality.value,
        "is_shared": asset.is_shared,
        "description": asset.description,
    }
    writing.connection.execute(insert(assets).values(recorded_at=writing.now, **values))
    writing.record(REGISTER, DomainEvent.ASSET_ADDED, values)
    return Asset(
        asset_id,
        asset.name.strip(),
        asset.owner_unit,
        unit_names[asset.owner_unit],
        asset.criticality,
        asset.is_shared,
        asset.description,
    )


def add_risk(
    writing: Writing, new: NewRisk, more: RiskDetails | None = None, reason: str = "As raised"
) -> str:
    """Put a risk in the register, undecided, rated by the raiser as if there were no controls; its id.

    Args:
        more: its details, where more is known than what is raised.
        reason: why it is in the register.
    """
    risk_id = next_key(writing.connection, "R")
    level = level_of_risk(new.likelihood, new.impact, matrix_at(writing.connection, writing.now))
    values: dict[str, Any] = {
        "title": new.title,
        "description": new.description,
        "category": new.category,
        "raised_by": writing.actor.id,
        "status": RiskStatus.UNDECIDED.value,
        "cve_id": new.cve_id,
        "due_date": new.due_date,
    }
    writing.connection.execute(
        insert(risks).values(
            id=risk_id,
            raised_at=writing.now,
            status_since=writing.now,
            level_rank=level.rank,
            token=new.token,
            priority=more.priority if more else None,
            **values,
        )
    )
    if new.asset_ids:
        writing.connection.execute(
            insert(risk_assets),
            [{"risk_id": risk_id, "asset_id": asset_id} for asset_id in dict.fromkeys(new.asset_ids)],
        )
    details = plain(more or RiskDetails(new.title, new.description, new.category, new.due_date))
    add_version(writing, risk_id, details, reason)
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_RAISED,
        {**values, "assets": list(new.asset_ids), "details": details},
    )
    _add_status(writing, risk_id, None, RiskStatus.UNDECIDED, "Raised" if more is None else reason, None)
    assess(writing, risk_id, AssessmentKind.INHERENT, new.likelihood, new.impact, reason, None)
    return risk_id


def assess(
    writing: Writing,
    risk_id: str,
    kind: AssessmentKind,
    likelihood: Level,
    impact: Level,
    rationale: str,
    case_id: str | None,
    by: str | None = None,
) -> Level:
    """Add a rating, by the actor where nobody else is named; the level of risk by the table that holds.
    The register's level follows the newest one."""
    level = level_of_risk(likelihood, impact, matrix_at(writing.connection, writing.now))
    values = {
        "kind": kind.value,
        "likelihood": likelihood.value,
        "impact": impact.value,
        "level": level.value,
        "rationale": rationale,
        "by": by or writing.actor.id,
        "case_id": case_id,
    }
    seq = writing.connection.execute(_LAST_ASSESSMENT, {"risk": risk_id}).scalar_one() + 1
    added = {"id": new_id(), "risk_id": risk_id, "seq": seq, "at": writing.now, **values}
    writing.connection.execute(_ADD_ASSESSMENT, added)
    if kind is not AssessmentKind.RESIDUAL:
        writing.connection.execute(_RANK, {"risk": risk_id, "rank": level.rank})
    writing.record(risk_chain(risk_id), DomainEvent.RISK_ASSESSED, {**values, "seq": seq})
    mark_outdated(writing, [risk_id])
    return level


def change_status(
    writing: Writing, risk_id: str, change: Transition, reason: str, case_id: str | None
) -> RiskStatus:
    """Move a risk on by a transition; its former status.

    The UPDATE itself checks the source again, so that of two changes at the same moment one fails.
    Raises `OperationFailed` where the risk is not in a status the transition starts from.
    """
    held = writing.connection.execute(
        select(risks.c.status).where(risks.c.id == risk_id)
    ).scalar_one_or_none()
    if held is None:
        raise OperationFailed(f"There is no risk {risk_id!r} in the register, so nothing was recorded.")
    source = RiskStatus(held)
    changed = writing.connection.execute(
        update(risks)
        .where(
            risks.c.id == risk_id,
            risks.c.status == held,
            risks.c.status.in_([status.value for status in change.sources]),
        )
        .values(status=change.target.value, status_since=writing.now)
    )
    if changed.rowcount != 1:
        allowed = ", ".join(sorted(status.value for status in change.sources))
        raise OperationFailed(
            f"{risk_id} is {source.value} and cannot become {change.target.value} from there; "
            "it would have to be "
            f"{allowed}. Its status was left as it is."
        )
    _add_status(writing, risk_id, source, change.target, reason, case_id)
    return source


def add_decision(
    writing: Writing,
    risk_id: str,
    *,
    case_id: str,
    response: str,
    reason: str,
    decided_by: str,
    on_behalf_of: str | None,
    tier: str,
    decided_at: datetime,
    submission_id: str,
    policy_hash: str,
    review_date: date | None = None,
    plan: str = "",
    others: Sequence[str] = (),
) -> None:
    """Record how a risk was decided and by whose act; `others` are the further submissions it rests on."""
    values = {
        "case_id": case_id,
        "response": response,
        "reason": reason,
        "decided_by": decided_by,
        "on_behalf_of": on_behalf_of,
        "tier": tier,
        "decided_at": decided_at,
        "review_date": review_date,
        "plan": plan,
        "submission_id": submission_id,
        "policy_hash": policy_hash,
    }
    decision_id = new_id()
    writing.connection.execute(insert(decisions).values(id=decision_id, risk_id=risk_id, **values))
    pinned = pin(writing, decision_id, risk_id, case_id)
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_DECIDED,
        {
            **values,
            "decision": decision_id,
            "rests_on": list(others),
            "snapshot": pinned,
            "policy_endorsed": bool(endorsed(writing.connection, [policy_hash], decided_at)),
        },
    )


def add_version(writing: Writing, risk_id: str, details: dict[str, Any], reason: str) -> int:
    """Add a version of a risk's details (`workflows.risks.details.plain`); its number."""
    last = select(func.coalesce(func.max(risk_versions.c.seq), 0)).where(risk_versions.c.risk_id == risk_id)
    seq = int(writing.connection.execute(last).scalar_one()) + 1
    writing.connection.execute(
        insert(risk_versions).values(
            risk_id=risk_id, seq=seq, details=details, reason=reason, by=writing.actor.id, at=writing.now
        )
    )
    return seq


def _add_status(
    writing: Writing,
    risk_id: str,
    source: RiskStatus | None,
    target: RiskStatus,
    reason: str,
    case_id: str | None,
) -> None:
    values = {
        "seq": writing.connection.execute(_LAST_STATUS, {"risk": risk_id}).scalar_one() + 1,
        "source": source.value if source else None,
        "target": target.value,
        "reason": reason,
        "case_id": case_id,
    }
    added = {"risk_id": risk_id, "at": writing.now, "by": writing.actor.id, **values}
    writing.connection.execute(_ADD_STATUS, added)
    writing.record(risk_chain(risk_id), DomainEvent.RISK_STATUS, values)
