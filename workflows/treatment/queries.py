"""Reads of treatments: which plan is in force, what is verified, what is late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from engine.instances.models import submissions
from workflows.identity.models import persons
from workflows.identity.queries import people_by_id
from workflows.risks.appetite import all_appetites
from workflows.risks.models import risks
from workflows.risks.scales import Level
from workflows.treatment.models import (
    milestones,
    treatment_ends,
    treatment_plans,
    treatments,
    verifications,
)
from workflows.treatment.types import Milestone, Plan, Report, Treatment, Verification

MILESTONE = "milestone:"
"""How the seat of a milestone's owner begins; the rest of it is the case, the plan and the place."""
REPORT = "report_milestone"


def treatment_of_case(connection: Connection, case_id: str) -> str | None:
    """The key of the newest treatment that a case began."""
    found: str | None = connection.execute(
        select(treatments.c.id)
        .where(treatments.c.case_id == case_id)
        .order_by(treatments.c.id.desc())
        .limit(1)
    ).scalar_one_or_none()
    return found


def last_number(connection: Connection, treatment_id: str) -> int:
    """The number of the plan in force; 0 where there is none."""
    newest = select(func.max(treatment_plans.c.number)).where(treatment_plans.c.treatment_id == treatment_id)
    return int(connection.execute(newest).scalar_one_or_none() or 0)


def milestone_ids(connection: Connection, treatment_id: str) -> list[str]:
    """Ids of the milestones of the plan in force."""
    number = last_number(connection, treatment_id)
    rows = connection.execute(
        select(milestones.c.id)
        .select_from(milestones.join(treatment_plans))
        .where(treatment_plans.c.treatment_id == treatment_id, treatment_plans.c.number == number)
    )
    return list(rows.scalars())


def verified_ids(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these milestones that are verified."""
    rows = connection.execute(
        select(verifications.c.milestone_id).where(
            verifications.c.milestone_id.in_(list(ids)), verifications.c.verdict == "verified"
        )
    )
    return set(rows.scalars())


def owner_of(connection: Connection, seat: str) -> tuple[str, str] | None:
    """Owner of a milestone and the risk it is about; None where there is no such milestone."""
    row = connection.execute(
        select(milestones.c.owner, treatments.c.risk_id)
        .select_from(milestones.join(treatment_plans).join(treatments))
        .where(milestones.c.id == seat)
    ).one_or_none()
    return None if row is None else (row.owner, row.risk_id)


def seats_of(connection: Connection, person_id: str) -> list[str]:
    """Milestones still open that a person owns."""
    return [row.id for row in _open_seats(connection, milestones.c.owner == person_id)]


def seats_left_behind(connection: Connection) -> list[tuple[str, str]]:
    """Milestones still open whose owner has left, each with its risk: they fall to the CIO."""
    gone = select(persons.c.id).where(persons.c.active.is_(False))
    return [(row.id, row.risk_id) for row in _open_seats(connection, milestones.c.owner.in_(gone))]


def _open_seats(connection: Connection, condition: ColumnElement[bool]) -> Sequence[Any]:
    done = select(verifications.c.milestone_id).where(verifications.c.verdict == "verified")
    ended = select(treatment_ends.c.treatment_id)
    return connection.execute(
        select(milestones.c.id, treatments.c.risk_id)
        .select_from(milestones.join(treatment_plans).join(treatments))
        .where(condition, milestones.c.id.not_in(done), treatments.c.id.not_in(ended))
    ).all()


def is_above_appetite(connection: Connection, risk_id: str, level: Level, now: datetime) -> bool:
    """Whether a level of this risk lies above the appetite of its category."""
    category = connection.execute(select(risks.c.category).where(risks.c.id == risk_id)).scalar_one_or_none()
    return all_appetites(connection).is_above(level, category or "", now)


def all_treatments(
    connection: Connection, now: datetime, condition: ColumnElement[bool] | None = None
) -> list[Treatment]:
    """Treatments that meet a condition, newest first, with their plans."""
    rows = connection.execute(
        select(
            treatments,
            risks.c.title,
            treatment_ends.c.at.label("ended_at"),
            treatment_ends.c.outcome,
            treatment_ends.c.reason.label("end_reason"),
            treatment_ends.c.residual,
            treatment_ends.c.next_case_id,
        )
        .select_from(treatments.join(risks).outerjoin(treatment_ends))
        .where(true() if condition is None else condition)
        .order_by(treatments.c.began_at.desc(), treatments.c.id.desc())
    ).all()
    plans = _plans(connection, [row.id for row in rows], now.date())
    return [
        Treatment(
            id=row.id,
            risk_id=row.risk_id,
            risk_title=row.title,
            case_id=row.case_id,
            response=row.response,
            decided_plan=row.decided_plan,
            began_at=row.began_at,
            plans=tuple(plans[row.id]),
            ended_at=row.ended_at,
            outcome=row.outcome or "",
            end_reason=row.end_reason or "",
            residual=Level(row.residual) if row.residual else None,
            next_case_id=row.next_case_id,
        )
        for row in rows
    ]


def _plans(connection: Connection, ids: Sequence[str], today: date) -> dict[str, list[Plan]]:
    rows = connection.execute(
        select(treatment_plans)
        .where(treatment_plans.c.treatment_id.in_(ids))
        .order_by(treatment_plans.c.treatment_id, treatment_plans.c.number.desc())
    ).all()
    steps = connection.execute(
        select(milestones)
        .where(milestones.c.plan_id.in_([row.id for row in rows]))
        .order_by(milestones.c.due_on, milestones.c.number)
    ).all()
    people = people_by_id(
        connection,
        {person for row in rows for person in (row.owner, row.drawn_by)} | {step.owner for step in steps},
    )
    reports, found = _reports(connection, [step.id for step in steps]), defaultdict(list)
    checked = _verifications(connection, [step.id for step in steps])
    newest = {
        row.treatment_id: max(r.number for r in rows if r.treatment_id == row.treatment_id) for row in rows
    }
    for row in rows:
        of_plan = [step for step in steps if step.plan_id == row.id]
        found[row.treatment_id].append(
            Plan(
                number=row.number,
                owner=row.owner,
                owner_name=people[row.owner].name,
                summary=row.summary,
                reason=row.reason,
                drawn_by_name=people[row.drawn_by].name,
                at=row.at,
                milestones=tuple(
                    Milestone(
                        id=step.id,
                        number=step.number,
                        text=step.text,
                        owner=step.owner,
                        owner_name=people[step.owner].name,
                        due_on=step.due_on,
                        state=_state(
                            checked[step.id], step.due_on, today, row.number == newest[row.treatment_id]
                        ),
                        reports=tuple(reports[step.id]),
                        verifications=tuple(checked[step.id]),
                    )
                    for step in of_plan
                ),
            )
        )
    return found


def _state(checked: Sequence[Verification], due_on: date, today: date, is_newest: bool) -> str:
    if any(one.verdict == "verified" for one in checked):
        return "verified"
    if not is_newest:
        return "replaced"
    return "late" if due_on < today else "open"


def _reports(connection: Connection, ids: Sequence[str]) -> dict[str, list[Report]]:
    rows = connection.execute(
        select(submissions.c.seat, submissions.c.at, submissions.c.person_id, submissions.c.answers)
        .where(submissions.c.element_id == REPORT, submissions.c.seat.in_(ids))
        .order_by(submissions.c.at, submissions.c.seq)
    ).all()
    people = people_by_id(connection, {row.person_id for row in rows})
    found: dict[str, list[Report]] = defaultdict(list)
    for row in rows:
        said = row.answers.get("evidence") or row.answers.get("obstacle") or ""
        status = str(row.answers.get("status") or "")
        found[row.seat].append(Report(row.at, people[row.person_id].name, status, str(said)))
    return found


def _verifications(connection: Connection, ids: Sequence[str]) -> dict[str, list[Verification]]:
    rows = connection.execute(
        select(verifications)
        .where(verifications.c.milestone_id.in_(ids))
        .order_by(verifications.c.at, verifications.c.verdict, verifications.c.id)
    ).all()
    people = people_by_id(connection, {row.by for row in rows})
    found: dict[str, list[Verification]] = defaultdict(list)
    for row in rows:
        found[row.milestone_id].append(Verification(row.at, people[row.by].name, row.verdict, row.reason))
    return found
