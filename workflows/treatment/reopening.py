"""Opens a decided risk again: undecided, with a new linked case of the policy that decides it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Row, select

from engine.errors import OperationFailed
from engine.types import SYSTEM
from workflows.events import DomainEvent, risk_chain
from workflows.operations import Application
from workflows.risks.commands import change_status
from workflows.risks.models import decisions, risk_statuses
from workflows.risks.transitions import Transition


def decision_of(connection: Connection, risk_id: str) -> Row[Any] | None:
    """The newest decision on a risk; None where there is none."""
    return connection.execute(
        select(decisions)
        .where(decisions.c.risk_id == risk_id)
        .order_by(decisions.c.decided_at.desc(), decisions.c.id.desc())
        .limit(1)
    ).one_or_none()


def decided_here(application: Application) -> bool:
    """Whether the risk still stands as the decision left it that this case carries out.

    It does not where another case has taken the risk up meanwhile, whether it decides still or has decided
    otherwise: then there is nothing to change.
    """
    connection = application.writing.connection
    decision = decision_of(connection, application.risk_id)
    newest = connection.execute(
        select(risk_statuses.c.case_id)
        .where(risk_statuses.c.risk_id == application.risk_id)
        .order_by(risk_statuses.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return decision is not None and newest == decision.case_id == application.context.instance_id


def start_again(application: Application, change: Transition, reason: str, origin: str) -> str | None:
    """Set the risk undecided and start the case that decides it again; the case's id.

    None where another case has taken the risk up already. Raises `OperationFailed`.
    """
    if not decided_here(application):
        return None
    context, writing, risk_id = application.context, application.writing, application.risk_id
    instances, connection = application.engine.instances, writing.connection
    decision = decision_of(connection, risk_id)
    if decision is None:
        raise OperationFailed("The record holds no decision on this risk. Nothing was opened again.")
    change_status(writing, risk_id, change, reason, context.instance_id)
    decided = instances.get(connection, decision.case_id)
    raised = [
        one for one in instances.submissions(connection, decided.id, reader=None) if one.task_id is None
    ]
    case = instances.start(
        writing.uow,
        key=decided.key,
        actor=SYSTEM,
        subject=risk_id,
        answers={
            **(raised[-1].answers if raised else {}),
            "origin": origin,
            "previous_case": context.instance_id,
        },
        authority=f"{reason}, so the risk is decided again",
        linked_from=context.instance_id,
        checked=True,
    )
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_REOPENED,
        {"case_id": case.id, "previous_case": context.instance_id, "reason": reason},
    )
    return case.id
