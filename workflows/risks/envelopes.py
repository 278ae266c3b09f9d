"""Class decisions with a pre-agreed envelope: a team signs its conditions once for an asset, and is covered
by the class decision until that ends (docs/constructive-tension.md, rule 12). Nothing is covered without a
signature."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select

from engine.instances.models import submissions
from workflows.context import Writing
from workflows.errors import NotEntitled, NotFound, RuleBroken
from workflows.events import DomainEvent, risk_chain
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at, people_by_id
from workflows.identity.types import Role
from workflows.keys import new_id
from workflows.risks.models import assets, decisions, envelope_signatures, risk_assets, risks
from workflows.risks.standing import Envelope, Signature
from workflows.risks.transitions import IN_FORCE

_IN_FORCE = sorted(status.value for status in IN_FORCE)
_CLASSES = (
    select(risks.c.id, risks.c.category, risks.c.cve_id, risks.c.level_rank)
    .where(risks.c.id.in_(select(envelope_signatures.c.risk_id)), risks.c.status.in_(_IN_FORCE))
    .order_by(risks.c.id)
)


def envelope_of(connection: Connection, risk_id: str) -> Envelope | None:
    """The envelope of a class whose decision is in force; None where there is none."""
    row = connection.execute(
        select(decisions.c.id, decisions.c.case_id)
        .join(risks, risks.c.id == decisions.c.risk_id)
        .where(decisions.c.risk_id == risk_id, risks.c.status.in_(_IN_FORCE))
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    raised = connection.execute(
        select(submissions.c.answers).where(
            submissions.c.instance_id == row.case_id, submissions.c.task_id.is_(None)
        )
    ).scalars()
    answers: dict[str, Any] = next(iter(raised), {})
    conditions = str(answers.get("envelope") or "").strip()
    if answers.get("kind") != "class" or not conditions:
        return None
    return Envelope(row.id, str(answers.get("class_scope") or ""), conditions)


def sign(writing: Writing, risk_id: str, asset_id: str, accepts: bool) -> None:
    """Accept the conditions of a class decision for an asset, in the own name.

    Raises `NotFound`, `NotEntitled`, `RuleBroken` (no envelope in force, not accepted, signed already).
    """
    connection = writing.connection
    writing.alone(f"envelope:{risk_id}")
    unit = connection.execute(select(assets.c.owner_unit).where(assets.c.id == asset_id)).scalar_one_or_none()
    if unit is None:
        raise NotFound("asset", asset_id)
    envelope = envelope_of(connection, risk_id)
    if envelope is None:
        raise RuleBroken(
            f"No decision on a class is in force for {risk_id} that could be signed for. Nothing was stored.",
            rule="envelope",
        )
    authority = who_signs(organisation_at(connection, writing.now), unit, writing.actor.id)
    if authority is None:
        raise NotEntitled(
            "Whoever holds a post in the unit that owns the asset, or answers for it as CIO, signs for it. "
            "Nothing was stored.",
            person_id=writing.actor.id,
        )
    if not accepts:
        raise RuleBroken("Nothing is covered unless the conditions are accepted.", rule="conditions")
    if any(one.asset_id == asset_id for one in signatures(connection, envelope.decision_id)):
        raise RuleBroken("This asset is signed for already. Nothing was stored.", rule="once")
    values = {
        "id": new_id(),
        "risk_id": risk_id,
        "decision_id": envelope.decision_id,
        "asset_id": asset_id,
        "conditions": envelope.conditions,
        "authority": authority,
        "by": writing.actor.id,
    }
    connection.execute(insert(envelope_signatures).values(**values, at=writing.now))
    writing.record(risk_chain(risk_id), DomainEvent.ENVELOPE_SIGNED, values)


def who_signs(organisation: Organisation, unit: str, person_id: str) -> str | None:
    """Why a person may sign for an asset of a unit; None where not."""
    leader = organisation.authority(person_id, organisation.desk(Role.CIO, [unit]))
    if leader is not None:
        return leader.basis
    own = next((one for one in organisation.held if one.person_id == person_id and one.unit == unit), None)
    return f"{own.role.label} of the unit that owns the asset" if own else None


def signatures(connection: Connection, decision_id: str) -> tuple[Signature, ...]:
    """Who has signed under a decision, oldest first."""
    rows = connection.execute(
        select(envelope_signatures, assets.c.name)
        .join(assets, assets.c.id == envelope_signatures.c.asset_id)
        .where(envelope_signatures.c.decision_id == decision_id)
        .order_by(envelope_signatures.c.at, envelope_signatures.c.id)
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    return tuple(
        Signature(row.asset_id, row.name, row.conditions, row.authority, people[row.by].name, row.at)
        for row in rows
    )


def covered_by(connection: Connection, risk_ids: Iterable[str]) -> dict[str, str]:
    """By risk, the class whose decision covers it: every asset of it is signed for, of the same category, of
    the same weakness where the class names one, and no higher than the class was rated."""
    ids = list(risk_ids)
    classes = connection.execute(_CLASSES).all()
    if not classes:
        return {}
    concerned: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(select(risk_assets).where(risk_assets.c.risk_id.in_(ids))):
        concerned[row.risk_id].add(row.asset_id)
    asked = connection.execute(
        select(risks.c.id, risks.c.category, risks.c.cve_id, risks.c.level_rank).where(risks.c.id.in_(ids))
    ).all()
    found: dict[str, str] = {}
    for each in classes:
        envelope = envelope_of(connection, each.id)
        signed = {one.asset_id for one in signatures(connection, envelope.decision_id)} if envelope else set()
        for row in asked:
            if (
                row.id != each.id
                and concerned[row.id]
                and concerned[row.id] <= signed
                and row.category == each.category
                and each.cve_id in (None, row.cve_id)
                and row.level_rank <= each.level_rank
            ):
                found.setdefault(row.id, each.id)
    return found
