"""Incidents linked to the decisions they put to the test, and the look back: advised, decided, happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, true

from engine.types import Submission
from workflows.context import Context, Reading, Writing
from workflows.errors import AnswersRefused, NotFound
from workflows.events import DomainEvent, risk_chain
from workflows.identity.queries import people_by_id
from workflows.keys import next_key
from workflows.record import POSITIONS, TIERS
from workflows.risks.appetite import matrix_at
from workflows.risks.models import decisions, risks
from workflows.risks.scales import Level, level_of_risk
from workflows.treatment.models import security_incidents
from workflows.treatment.types import LookBack, SecurityIncident
from workflows.wording import day

FORESEEN = {
    "both": "Both positions foresaw it",
    "ciso": "The CISO's advice foresaw it, the CIO's position did not",
    "cio": "The CIO's position foresaw it, the CISO's advice did not",
    "neither": "Neither position foresaw it",
}
LONGEST = 4000


def link(writing: Writing, risk_id: str, case_id: str, answers: Mapping[str, str]) -> str:
    """Record an incident and link it to the decision of a case. Returns its key.

    Raises `NotFound` (no decision of that case), `AnswersRefused` with all errors at once.
    """
    connection = writing.connection
    decided = connection.execute(
        select(decisions.c.decided_at)
        .where(decisions.c.risk_id == risk_id, decisions.c.case_id == case_id)
        .order_by(decisions.c.decided_at)
        .limit(1)
    ).scalar_one_or_none()
    if decided is None:
        raise NotFound("decision", case_id)
    errors: dict[str, list[str]] = {}
    texts = {key: " ".join(str(answers.get(key) or "").split()) for key in ("title", "what", "lesson")}
    for key, most in (("title", 300), ("what", LONGEST), ("lesson", LONGEST)):
        if not texts[key] and key != "lesson":
            errors[key] = ["This is needed. Please fill it in."]
        elif len(texts[key]) > most:
            errors[key] = [f"At most {most:,} characters are taken here; this has {len(texts[key]):,}."]
    happened_on = _date(answers.get("happened_on"))
    if happened_on is None:
        errors["happened_on"] = ["Give the day, such as 2026-03-31."]
    elif happened_on > writing.now.date():
        errors["happened_on"] = ["An incident lies in the past. Give the day on which it happened."]
    elif happened_on < decided.date():
        errors["happened_on"] = [
            f"The decision was taken on {day(decided)}. Only what happened since puts it to the test."
        ]
    if answers.get("foreseen") not in FORESEEN:
        errors["foreseen"] = ["Choose whose position foresaw it."]
    if errors or happened_on is None:
        raise AnswersRefused(errors)
    values = {
        "id": next_key(connection, "S"),
        "risk_id": risk_id,
        "case_id": case_id,
        "happened_on": happened_on,
        **texts,
        "foreseen": answers["foreseen"],
        "recorded_by": writing.actor.id,
        "at": writing.now,
    }
    connection.execute(insert(security_incidents).values(**values))
    writing.record(risk_chain(risk_id), DomainEvent.SECURITY_INCIDENT_LINKED, values)
    return str(values["id"])


def _date(text: str | None) -> date | None:
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError:
        return None


def incidents(connection: Connection, condition: ColumnElement[bool] | None = None) -> list[SecurityIncident]:
    """Incidents that meet a condition, newest first."""
    rows = connection.execute(
        select(security_incidents, risks.c.title.label("risk_title"))
        .select_from(security_incidents.join(risks))
        .where(true() if condition is None else condition)
        .order_by(security_incidents.c.happened_on.desc(), security_incidents.c.id.desc())
    ).all()
    people = people_by_id(connection, {row.recorded_by for row in rows})
    return [
        SecurityIncident(
            id=row.id,
            risk_id=row.risk_id,
            risk_title=row.risk_title,
            case_id=row.case_id,
            happened_on=row.happened_on,
            title=row.title,
            what=row.what,
            foreseen=row.foreseen,
            lesson=row.lesson,
            recorded_by_name=people[row.recorded_by].name,
            at=row.at,
        )
        for row in rows
    ]


def look_back(context: Context, reading: Reading, found: Sequence[SecurityIncident]) -> list[LookBack]:
    """Each incident beside what was advised and what was decided."""
    connection = reading.connection
    views = []
    for one in found:
        submissions = context.engine.instances.submissions(connection, one.case_id, reader=None)
        latest = {each.element_id: each for each in submissions if not each.sealed}
        decision = connection.execute(
            select(decisions)
            .where(decisions.c.case_id == one.case_id, decisions.c.risk_id == one.risk_id)
            .order_by(decisions.c.decided_at)
            .limit(1)
        ).one_or_none()
        by = ""
        if decision is not None:
            name = people_by_id(connection, [decision.decided_by])[decision.decided_by].name
            by = f"{name}, {TIERS.get(decision.tier, decision.tier)}"
        views.append(
            LookBack(
                incident=one,
                advised=_position(connection, latest.get(POSITIONS[1])),
                proposed=_position(connection, latest.get(POSITIONS[0])),
                decided=str(decision.response) if decision is not None else "",
                decided_by=by,
                decided_at=decision.decided_at if decision is not None else None,
            )
        )
    return views


def _position(connection: Connection, submission: Submission | None) -> str:
    """ "Mitigate, at very high", by the table that held then; empty where none was filed."""
    if submission is None:
        return ""
    answers: Mapping[str, Any] = submission.answers
    treatment = str(answers.get("treatment") or "").replace("_", " ")
    try:
        rated = Level.read(answers["likelihood"]), Level.read(answers["impact"])
    except (KeyError, ValueError):
        return treatment.capitalize()
    level = level_of_risk(*rated, matrix_at(connection, submission.at))
    return f"{treatment.capitalize()}, at {level.value}" if treatment else f"At {level.value}"
