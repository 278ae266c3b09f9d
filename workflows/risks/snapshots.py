"""What a decision rests on, pinned when it is made; and what has changed since so that it rests on it no
longer. A decision that is out of date stays on record and in force: a person asks for a new one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from engine.db.types import dump_tagged
from engine.instances.models import submissions
from workflows.context import Writing
from workflows.events import DomainEvent, risk_chain
from workflows.identity.queries import people_by_id
from workflows.risks.appetite import all_appetites
from workflows.risks.details import details_of, plain
from workflows.risks.models import (
    assessments,
    assets,
    decision_snapshots,
    decisions,
    kev_entries,
    matrices,
    outdated_decisions,
    risk_assets,
    risk_statuses,
    risks,
)
from workflows.risks.scales import Level
from workflows.risks.types import AssessmentKind, Outdated, RiskStatus

Content = Mapping[str, Any]

POSITIONS = ("cio_position", "ciso_position")
"""As `workflows.record` has them, which reads decisions and cannot be imported here."""

MATERIAL = {
    "title": "title",
    "description": "description",
    "category": "category",
    "due_date": "due date",
    "loss": "loss range",
    "controls": "list of controls",
}
"""Fields whose change makes a decision rest on something else, and how a sentence names them."""

_RATINGS = {
    AssessmentKind.INHERENT.value: "level before controls",
    AssessmentKind.CURRENT.value: "level with today's controls",
}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What a decision rests on."""

    sha256: str
    content: Content


def gather(connection: Connection, risk_id: str, case_id: str | None, at: datetime) -> dict[str, Any]:
    """Everything that a decision on a risk rests on, as it stands at a moment; positions are those of the
    case."""
    seq, details = details_of(connection, risk_id)
    held = all_appetites(connection)
    row = connection.execute(select(risks.c.cve_id, risks.c.raised_by).where(risks.c.id == risk_id)).one()
    set_by = held.held(details.category, at)
    return {
        "risk": {"id": risk_id, "version": seq, "raised_by": row.raised_by, "cve_id": row.cve_id}
        | plain(details),
        "assessments": _ratings(connection, risk_id),
        "positions": _positions(connection, case_id),
        "appetite": {
            "appetite": held.appetite(details.category, at).value,
            "tolerance": held.tolerance(details.category, at).value,
            "set": set_by.seq if set_by else None,
        },
        "matrix": connection.execute(
            select(matrices.c.seq)
            .where(matrices.c.valid_from <= at)
            .order_by(matrices.c.valid_from.desc(), matrices.c.seq.desc())
            .limit(1)
        ).scalar_one_or_none(),
        "assets": _assets(connection, risk_id),
        "exploited": _exploited(connection, row.cve_id),
    }


def digest(content: Content) -> str:
    """SHA-256 of the canonical JSON of a snapshot."""
    return sha256(dump_tagged(dict(content))).hexdigest()


def pin(writing: Writing, decision_id: str, risk_id: str, case_id: str) -> str:
    """Keep what a decision rests on, as it stands now; its digest, for the record of the decision."""
    content = gather(writing.connection, risk_id, case_id, writing.now)
    found = digest(content)
    writing.connection.execute(
        insert(decision_snapshots).values(decision_id=decision_id, sha256=found, content=content)
    )
    return found


def mark_outdated(writing: Writing, risk_ids: Iterable[str]) -> None:
    """Mark the decisions in force on these risks out of date, where what they rest on has changed. What was
    said of a decision before is not said again."""
    for risk_id in risk_ids:
        held = _in_force(writing.connection, risk_id)
        if held is None:
            continue
        decision_id, pinned = held
        now = gather(writing.connection, risk_id, None, writing.now)
        told = set(
            writing.connection.execute(
                select(outdated_decisions.c.reason).where(outdated_decisions.c.decision_id == decision_id)
            ).scalars()
        )
        for reason in differences(pinned, now):
            if reason not in told:
                _mark(writing, risk_id, decision_id, reason, digest(now))


def differences(pinned: Content, now: Content) -> list[str]:
    """What has changed in a way that matters, a sentence each. A level that falls, or an appetite that
    grows, makes no decision wrong."""
    return [*_fields(pinned, now), *_levels(pinned, now), *_concerned(pinned, now), *_threat(pinned, now)]


def outdated(connection: Connection, decision_ids: Iterable[str]) -> list[Outdated]:
    """Why decisions are out of date, oldest first."""
    rows = connection.execute(
        select(outdated_decisions)
        .where(outdated_decisions.c.decision_id.in_(list(decision_ids)))
        .order_by(outdated_decisions.c.decision_id, outdated_decisions.c.seq)
    ).all()
    people = people_by_id(connection, (row.by for row in rows))
    return [Outdated(row.decision_id, row.reason, people[row.by].name, row.at) for row in rows]


def outdated_now(connection: Connection, risk_id: str) -> list[Outdated]:
    """Why the decision in force on a risk is out of date; empty where it is not, or where there is none."""
    held = _in_force(connection, risk_id)
    return outdated(connection, [held[0]]) if held else []


def snapshot_of(connection: Connection, decision_id: str) -> Snapshot | None:
    """What a decision rests on; None for one that was recorded before snapshots were kept."""
    row = connection.execute(
        select(decision_snapshots).where(decision_snapshots.c.decision_id == decision_id)
    ).one_or_none()
    return Snapshot(row.sha256, row.content) if row else None


def _in_force(connection: Connection, risk_id: str) -> tuple[str, Content] | None:
    """The decision that gave the risk its status today, with its snapshot."""
    status = connection.execute(
        select(risk_statuses.c.target, risk_statuses.c.case_id)
        .where(risk_statuses.c.risk_id == risk_id)
        .order_by(risk_statuses.c.seq.desc())
        .limit(1)
    ).one_or_none()
    if status is None or status.target in (RiskStatus.UNDECIDED.value, RiskStatus.CLOSED.value):
        return None
    row = connection.execute(
        select(decisions.c.id, decision_snapshots.c.content)
        .join(decision_snapshots, decision_snapshots.c.decision_id == decisions.c.id)
        .where(decisions.c.risk_id == risk_id, decisions.c.case_id == status.case_id)
        .order_by(decisions.c.decided_at.desc(), decisions.c.id)
        .limit(1)
    ).one_or_none()
    return (row.id, row.content) if row else None


def _mark(writing: Writing, risk_id: str, decision_id: str, reason: str, sha: str) -> None:
    last = select(func.coalesce(func.max(outdated_decisions.c.seq), 0)).where(
        outdated_decisions.c.decision_id == decision_id
    )
    values = {
        "decision_id": decision_id,
        "seq": writing.connection.execute(last).scalar_one() + 1,
        "sha256": sha,
        "reason": reason,
    }
    writing.connection.execute(
        insert(outdated_decisions).values(by=writing.actor.id, at=writing.now, **values)
    )
    writing.record(risk_chain(risk_id), DomainEvent.DECISION_OUTDATED, values)


def _ratings(connection: Connection, risk_id: str) -> dict[str, Any]:
    rows = connection.execute(
        select(assessments).where(assessments.c.risk_id == risk_id).order_by(assessments.c.seq)
    )
    return {
        row.kind: {
            "seq": row.seq,
            "likelihood": row.likelihood,
            "impact": row.impact,
            "level": row.level,
            "by": row.by,
            "at": row.at,
        }
        for row in rows
    }


def _positions(connection: Connection, case_id: str | None) -> list[dict[str, Any]]:
    if case_id is None:
        return []
    rows = connection.execute(
        select(submissions)
        .where(submissions.c.instance_id == case_id, submissions.c.element_id.in_(POSITIONS))
        .order_by(submissions.c.seq, submissions.c.id)
    )
    return [
        {
            "submission": row.id,
            "element": row.element_id,
            "by": row.person_id,
            "at": row.at,
            "sha256": sha256(dump_tagged(row.answers)).hexdigest(),
        }
        for row in rows
    ]


def _assets(connection: Connection, risk_id: str) -> list[dict[str, Any]]:
    rows = connection.execute(
        select(assets.c.id, assets.c.name, assets.c.owner_unit, assets.c.criticality, assets.c.is_shared)
        .join(risk_assets, risk_assets.c.asset_id == assets.c.id)
        .where(risk_assets.c.risk_id == risk_id)
        .order_by(assets.c.id)
    )
    return [_named(row) for row in rows]


def _exploited(connection: Connection, cve_id: str | None) -> dict[str, Any] | None:
    if cve_id is None:
        return None
    row = connection.execute(
        select(kev_entries.c.date_added, kev_entries.c.due_date, kev_entries.c.known_ransomware).where(
            kev_entries.c.cve_id == cve_id
        )
    ).one_or_none()
    return _named(row) if row else None


def _fields(pinned: Content, now: Content) -> Iterator[str]:
    for field, words in MATERIAL.items():
        if pinned["risk"].get(field) != now["risk"].get(field):
            yield f"The {words} was changed (version {now['risk']['version']})"


def _levels(pinned: Content, now: Content) -> Iterator[str]:
    for kind, words in _RATINGS.items():
        before, after = pinned["assessments"].get(kind), now["assessments"].get(kind)
        if after is None:
            continue
        if before is None:
            yield f"The {words} was rated for the first time: {after['level']}"
        elif Level(after["level"]).rank > Level(before["level"]).rank:
            yield f"The {words} rose from {before['level']} to {after['level']}"
    was, appetite = pinned["appetite"]["appetite"], now["appetite"]["appetite"]
    if Level(appetite).rank < Level(was).rank:
        yield f"The appetite for {now['risk']['category']} was lowered from {was} to {appetite}"


def _concerned(pinned: Content, now: Content) -> Iterator[str]:
    before = {one["id"]: one for one in pinned["assets"]}
    after = {one["id"]: one for one in now["assets"]}
    for asset_id in sorted(after.keys() | before.keys()):
        old, new = before.get(asset_id), after.get(asset_id)
        if old is None or new is None:
            yield f"The asset {asset_id} was {'added' if old is None else 'taken off'}"
            continue
        if old["owner_unit"] != new["owner_unit"]:
            yield f"The asset {asset_id} went from {old['owner_unit']} to {new['owner_unit']}"
        if Level(new["criticality"]).rank > Level(old["criticality"]).rank:
            yield f"The asset {asset_id} became more critical: {new['criticality']}"
        if new["is_shared"] and not old["is_shared"]:
            yield f"The asset {asset_id} is shared by several units now"


def _threat(pinned: Content, now: Content) -> Iterator[str]:
    before, after = pinned["exploited"], now["exploited"]
    weakness = now["risk"]["cve_id"]
    if after is not None and before is None:
        yield f"{weakness} is in the catalogue of known exploited vulnerabilities now"
    elif after is not None and after["known_ransomware"] and not before["known_ransomware"]:
        yield f"{weakness} is used by ransomware now"


def _named(row: Row[*tuple[Any, ...]]) -> dict[str, Any]:
    """A row's values by plain names: SQLAlchemy's own kind of text is no key of a JSON document."""
    return {str(name): value for name, value in row._mapping.items()}
