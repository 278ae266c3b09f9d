"""Reads what follows decisions up to a moment: milestones, changed plans, dialogues, incidents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from engine.instances.models import instances, submissions
from workflows.dialogue.models import dialogue_results
from workflows.metrics.following import Following, Happened, MilestoneFact
from workflows.treatment.models import (
    milestones,
    security_incidents,
    treatment_ends,
    treatment_plans,
    treatments,
    verifications,
)
from workflows.wording import day

TAKEN_UP = frozenset({"asked for again", "challenge"})
"""Origins of cases that take up a decision in force."""


def following(connection: Connection, as_of: datetime) -> Following:
    """Everything of it that was recorded up to a moment."""
    plans, changes = _plans(connection, as_of)
    held, skipped = _dialogues(connection, as_of)
    tested, foreseen = _incidents(connection, as_of)
    return Following(
        milestones=_milestones(connection, as_of, plans),
        changes=changes,
        taken_up=_taken_up(connection, as_of),
        held=held,
        skipped=skipped,
        tested=tested,
        foreseen=foreseen,
    )


def _plans(
    connection: Connection, as_of: datetime
) -> tuple[Mapping[str, tuple[datetime, datetime | None]], tuple[Happened, ...]]:
    """By plan, when it came and when it went; and the changes of plans."""
    ends = {
        row.treatment_id: row.at
        for row in connection.execute(
            select(treatment_ends.c.treatment_id, treatment_ends.c.at).where(treatment_ends.c.at <= as_of)
        )
    }
    rows = connection.execute(
        select(
            treatment_plans.c.id,
            treatment_plans.c.treatment_id,
            treatment_plans.c.number,
            treatment_plans.c.reason,
            treatment_plans.c.at,
            treatments.c.risk_id,
            treatments.c.case_id,
        )
        .select_from(treatment_plans.join(treatments))
        .where(treatment_plans.c.at <= as_of)
        .order_by(treatment_plans.c.treatment_id, treatment_plans.c.number)
    ).all()
    later: dict[str, list[datetime]] = defaultdict(list)
    for row in rows:
        later[row.treatment_id].append(row.at)
    spans: dict[str, tuple[datetime, datetime | None]] = {}
    changes = []
    for row in rows:
        after = later[row.treatment_id][row.number :]
        spans[row.id] = (row.at, after[0] if after else ends.get(row.treatment_id))
        if row.number > 1:
            note = f"{row.treatment_id}, plan {row.number}: {row.reason}"
            changes.append(Happened(row.at, row.risk_id, row.case_id, note))
    return spans, tuple(changes)


def _milestones(
    connection: Connection, as_of: datetime, plans: Mapping[str, tuple[datetime, datetime | None]]
) -> tuple[MilestoneFact, ...]:
    done = {
        row.milestone_id: row.at
        for row in connection.execute(
            select(verifications.c.milestone_id, verifications.c.at).where(
                verifications.c.at <= as_of, verifications.c.verdict == "verified"
            )
        )
    }
    rows = connection.execute(
        select(
            milestones.c.id,
            milestones.c.plan_id,
            milestones.c.text,
            milestones.c.due_on,
            treatments.c.id.label("treatment"),
            treatments.c.risk_id,
            treatments.c.case_id,
        )
        .select_from(milestones.join(treatment_plans).join(treatments))
        .where(treatment_plans.c.at <= as_of)
        .order_by(treatments.c.id, milestones.c.due_on, milestones.c.id)
    ).all()
    return tuple(
        MilestoneFact(
            treatment=row.treatment,
            risk_id=row.risk_id,
            case_id=row.case_id,
            text=row.text,
            due_on=row.due_on,
            since=plans[row.plan_id][0],
            until=plans[row.plan_id][1],
            verified_at=done.get(row.id),
        )
        for row in rows
    )


def _taken_up(connection: Connection, as_of: datetime) -> tuple[Happened, ...]:
    rows = connection.execute(
        select(submissions.c.at, submissions.c.answers, instances.c.id, instances.c.subject)
        .select_from(submissions.join(instances, instances.c.id == submissions.c.instance_id))
        .where(
            submissions.c.task_id.is_(None),
            submissions.c.at <= as_of,
            instances.c.linked_from.is_not(None),
            instances.c.subject.is_not(None),
        )
        .order_by(submissions.c.at, submissions.c.id)
    ).all()
    return tuple(
        Happened(row.at, row.subject, row.id, str(row.answers["origin"]).capitalize())
        for row in rows
        if row.answers.get("origin") in TAKEN_UP and not row.answers.get("resumes")
    )


def _dialogues(connection: Connection, as_of: datetime) -> tuple[tuple[Happened, ...], tuple[Happened, ...]]:
    rows = connection.execute(
        select(dialogue_results)
        .where(dialogue_results.c.at <= as_of)
        .order_by(dialogue_results.c.at, dialogue_results.c.case_id)
    ).all()
    held = tuple(Happened(row.at, "", row.case_id, "Held") for row in rows if row.result == "held")
    skipped = tuple(
        Happened(row.at, "", row.case_id, row.reason or "No reason given")
        for row in rows
        if row.result != "held"
    )
    return held, skipped


def _incidents(connection: Connection, as_of: datetime) -> tuple[tuple[Happened, ...], tuple[Happened, ...]]:
    rows = connection.execute(
        select(security_incidents)
        .where(security_incidents.c.at <= as_of)
        .order_by(security_incidents.c.at, security_incidents.c.id)
    ).all()
    found = [
        (
            row.foreseen,
            Happened(row.at, row.risk_id, row.case_id, f"{row.id}, {day(row.happened_on)}: {row.title}"),
        )
        for row in rows
    ]
    return tuple(one for _, one in found), tuple(one for said, one in found if said == "ciso")
