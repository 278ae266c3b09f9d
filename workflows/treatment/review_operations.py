"""What the review of an accepted risk does by itself: sets its dates, records what was said, opens the risk
again where nobody's act confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import Submission
from workflows.events import DomainEvent, risk_chain
from workflows.identity.directory import OrganisationDirectory
from workflows.identity.types import Role
from workflows.keys import new_id
from workflows.operations import Application, Call
from workflows.risks.queries import risks_by_id
from workflows.treatment.models import acceptance_reviews, acceptance_schedules
from workflows.treatment.queries import is_above_appetite
from workflows.treatment.reopening import decision_of, start_again
from workflows.treatment.transitions import NOT_CONFIRMED, REOPEN_ACCEPTANCE
from workflows.wording import day

SCHEDULE, RECORD, REOPEN = "acceptance.schedule", "acceptance.record", REOPEN_ACCEPTANCE
ADVICE, INSTEAD, ANSWER = "review_advice", "advise_instead", "review_answer"
"""Ids of the elements where people act, as the policy names them."""
WINDOW = timedelta(days=28)
"""Both leaders are asked this long before the review date, or at once where it is nearer."""
LONGEST = timedelta(days=366)
"""An acceptance is reviewed within twelve months, within appetite too (docs/constructive-tension.md, rule
8)."""
VALID = "valid"


def schedule(call: Call) -> OperationResult:
    """Set the dates of a review. Parameter: `review_date`.

    The value: `due_on`; `near`, when the CISO is asked; `advice_until` and `instead_until`, how long advice
    is waited for; `closes`, the end of the review date; `above`, whether the risk lies above appetite.
    """
    now, due_on = call.context.now, read_date(call.parameters.get("review_date"))
    if due_on is None or due_on > (now + LONGEST).date():
        raise OperationFailed(
            "An accepted risk is reviewed within twelve months. Nothing was scheduled; the case waits."
        )
    # A date that passed while the leaders were at odds about the decision: the review is due at once.
    due_on = max(due_on, now.date() + timedelta(days=1))
    closes = datetime.combine(due_on + timedelta(days=1), time(), UTC)
    near = max(now, closes - WINDOW)
    step = (closes - near) / 4
    risk = risks_by_id(call.connection, [call.risk_id], now).get(call.risk_id)
    above = (
        risk is None
        or risk.level is None
        or is_above_appetite(call.connection, call.risk_id, risk.level, now)
    )
    value = {
        "due_on": due_on,
        "near": near,
        "advice_until": near + 2 * step,
        "instead_until": near + 3 * step,
        "closes": closes,
        "above": above,
    }
    payload = {"due_on": due_on, "asked_at": near}
    return OperationResult(value, [Effect("acceptance.scheduled", payload)])


def read_date(found: Any) -> date | None:
    """A date of a form or a record; None for anything else."""
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def apply_scheduled(application: Application) -> None:
    """Write the dates down. Raises `OperationFailed` where no acceptance is on record."""
    writing = application.writing
    decision = decision_of(writing.connection, application.risk_id)
    if decision is None or decision.response != "accept":
        raise OperationFailed(
            "The record holds no decision to accept this risk. Nothing was scheduled; the case waits."
        )
    values = {
        "id": new_id(),
        "risk_id": application.risk_id,
        "case_id": application.context.instance_id,
        **application.payload,
        "at": writing.now,
    }
    writing.connection.execute(insert(acceptance_schedules).values(**values))
    writing.record(risk_chain(application.risk_id), DomainEvent.ACCEPTANCE_SCHEDULED, values)


def record(call: Call) -> OperationResult:
    """Weigh what both said. Parameters: `answer`, the CIO's, and `since`, when this review began.

    The value: `confirmed`, only where the CIO says that the reasons are still valid and nobody who advised
    says otherwise; `next_on`, the new review date; `due_on`, the date of this review.
    """
    answer, since = _mapping(call.parameters.get("answer")), call.parameters.get("since")
    advice = _advice(call.engine, call.connection, call.context.instance_id, since)
    next_on = read_date(answer.get("review_date"))
    confirmed = (
        answer.get("still") == VALID
        and next_on is not None
        and (advice is None or advice.answers.get("still") == VALID)
    )
    value = {"confirmed": confirmed, "next_on": next_on if confirmed else None, "since": since}
    effects = [Effect("acceptance.confirmed", value)] if confirmed else []
    return OperationResult(value, effects)


def _advice(engine: Any, connection: Any, case_id: str, since: Any) -> Submission | None:
    """The advice given in this review, the newest; None where nobody was heard."""
    return _newest(engine, connection, case_id, (ADVICE, INSTEAD), since)


def _newest(
    engine: Any, connection: Any, case_id: str, elements: tuple[str, ...], since: Any
) -> Submission | None:
    found: list[Submission] = [
        one
        for one in engine.instances.submissions(connection, case_id, reader=None)
        if one.element_id in elements and (since is None or one.at >= since)
    ]
    return found[-1] if found else None


def apply_confirmed(application: Application) -> None:
    """Write down that an acceptance goes on, by whose act and until when. Raises `OperationFailed`."""
    writing = application.writing
    due_on, asked_at = _scheduled(application)
    act = _newest(
        application.engine, writing.connection, application.context.instance_id, (ANSWER,), asked_at
    )
    if act is None or act.answers.get("still") != VALID:
        raise OperationFailed("The record holds no act that confirms this acceptance. The case waits.")
    directory = OrganisationDirectory()
    desk = directory.desk(writing.connection, Role.CIO.value, application.risk_id, act.at)
    if directory.authority(writing.connection, act.person_id, desk, act.at) is None:
        raise OperationFailed(
            "Who confirmed this acceptance was not entitled to it. Nothing was recorded; the case waits."
        )
    next_on = application.payload["next_on"]
    if not writing.now.date() < next_on <= (writing.now + LONGEST).date():
        raise OperationFailed("An acceptance is confirmed for twelve months at most. The case waits.")
    _keep(application, "confirmed", due_on, asked_at, next_on=next_on)


def reopen(call: Call) -> OperationResult:
    """Open an accepted risk again; the record tells why."""
    return OperationResult({"reopened": True}, [Effect("acceptance.reopened", {})])


def apply_reopened(application: Application) -> None:
    """Set the risk undecided and start the case that decides it again. Raises `OperationFailed`."""
    due_on, asked_at = _scheduled(application)
    case_id = application.context.instance_id
    answer = _newest(application.engine, application.writing.connection, case_id, (ANSWER,), asked_at)
    if answer is None:
        outcome, reason = "lapsed", f"Nobody confirmed the acceptance by {day(due_on)}"
    else:
        outcome, reason = "not confirmed", f"The acceptance was not confirmed at its review of {day(due_on)}"
    case = start_again(application, NOT_CONFIRMED, reason, "acceptance not confirmed")
    _keep(application, outcome, due_on, asked_at, next_case_id=case)


def _keep(
    application: Application,
    outcome: str,
    due_on: date,
    asked_at: datetime,
    *,
    next_on: date | None = None,
    next_case_id: str | None = None,
) -> None:
    writing, case_id = application.writing, application.context.instance_id
    engine, connection = application.engine, writing.connection
    answer = _newest(engine, connection, case_id, (ANSWER,), asked_at)
    advice = _advice(engine, connection, case_id, asked_at)
    values = {
        "id": new_id(),
        "risk_id": application.risk_id,
        "case_id": case_id,
        "due_on": due_on,
        "outcome": outcome,
        "reason": str(answer.answers.get("reason") or "") if answer else "",
        "answered_by": answer.person_id if answer else None,
        "on_behalf_of": answer.on_behalf_of if answer else None,
        "advice": str(advice.answers.get("reason") or "") if advice else "",
        "advised_by": advice.person_id if advice else None,
        "next_on": next_on,
        "next_case_id": next_case_id,
        "at": writing.now,
        "rests_on": [one.id for one in (advice, answer) if one is not None],
    }
    connection.execute(insert(acceptance_reviews).values(**values))
    writing.record(risk_chain(application.risk_id), DomainEvent.ACCEPTANCE_REVIEWED, values)


def _scheduled(application: Application) -> tuple[date, datetime]:
    """Date and beginning of the review that is on. Raises `OperationFailed`."""
    row = application.writing.connection.execute(
        select(acceptance_schedules.c.due_on, acceptance_schedules.c.asked_at)
        .where(acceptance_schedules.c.case_id == application.context.instance_id)
        .order_by(acceptance_schedules.c.at.desc(), acceptance_schedules.c.due_on.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        raise OperationFailed("This case has no review on its calendar. Nothing was recorded; it waits.")
    return row.due_on, row.asked_at


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
