"""What becomes of a risk whose exemption was decided and not granted: both leaders decide it again."""

from __future__ import annotations

from sqlalchemy import select

from engine.types import SYSTEM, InstanceState
from workflows.events import DomainEvent, risk_chain
from workflows.operations import Application
from workflows.risks.models import risks
from workflows.risks.types import RiskStatus

RAISE = "raise"
ORIGIN = "exemption not granted"


def decide_again(application: Application, reason: str) -> str | None:
    """Start a new, linked case for a risk that the refusal leaves undecided; the case's id.

    None where nothing is left open: the risk stands as another decision has it (an earlier exemption still
    runs), another case decides it already, or this case was not begun by raising the risk.
    """
    context, writing, risk_id = application.context, application.writing, application.risk_id
    connection, instances = writing.connection, application.engine.instances
    status = connection.execute(select(risks.c.status).where(risks.c.id == risk_id)).scalar_one_or_none()
    others = [
        one
        for one in instances.of_subject(connection, risk_id)
        if one.id != context.instance_id and one.key == context.key and one.state is InstanceState.RUNNING
    ]
    raised = [
        one
        for one in instances.submissions(connection, context.instance_id, reader=None)
        if one.task_id is None and one.element_id == RAISE
    ]
    if status != RiskStatus.UNDECIDED.value or others or not raised:
        return None
    case = instances.start(
        writing.uow,
        key=context.key,
        actor=SYSTEM,
        subject=risk_id,
        answers={**raised[0].answers, "origin": ORIGIN, "previous_case": context.instance_id},
        authority=f"The exemption was not granted: {reason} So the risk is decided again",
        linked_from=context.instance_id,
        checked=True,
    )
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_REOPENED,
        {"case_id": case.id, "previous_case": context.instance_id, "reason": reason},
    )
    return case.id
