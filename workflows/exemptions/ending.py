"""How exemptions end: reminders before it, revocation, the risk that is open again, and the last word."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select

from engine.errors import OperationFailed
from engine.messages.models import messages
from engine.outbox import put
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, InstanceState
from workflows.context import Writing
from workflows.events import DomainEvent, exemption_chain, risk_chain
from workflows.exemptions.models import (
    exemption_breaches,
    exemption_checks,
    exemption_endings,
    exemption_reminders,
    exemption_renewals,
)
from workflows.exemptions.queries import of_case
from workflows.exemptions.requesting import end
from workflows.exemptions.types import Exemption, is_active
from workflows.identity.directory import asset_units
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.operations import Application, Call
from workflows.risks.commands import change_status
from workflows.risks.models import risks
from workflows.risks.transitions import only
from workflows.risks.types import RiskStatus
from workflows.wording import day

REMIND, REVOKE, REOPEN, CLOSE = (
    "exemptions.remind",
    "exemptions.revoke",
    "exemptions.reopen",
    "exemptions.close",
)
BREACH_MESSAGE, RENEWED_MESSAGE = "exemption_breach", "exemption_renewed"
REMINDER_TOPIC = "exemption:expires soon"


def remind(call: Call) -> OperationResult:
    """Remind the CIO that the end is near. The value: `next`, when to remind again; null after the last."""
    granted = _granted(call.connection, call.context.instance_id, call.context.now)
    known = call.context.data.get("grant_exemption")
    times = known.get("reminders") if isinstance(known, Mapping) else None
    later = [at for at in times or [] if isinstance(at, datetime) and at > call.context.now]
    payload = {"exemption": granted.id, "expires": granted.expires_at}
    return OperationResult({"next": min(later, default=None)}, [Effect("exemptions.reminded", payload)])


def apply_reminded(application: Application) -> None:
    """Leave the reminder in the outbox for everybody who may act for the CIO, and write down who was told."""
    context, writing, payload = application.context, application.writing, application.payload
    organisation = organisation_at(writing.connection, context.now)
    desk = organisation.desk(Role.CIO, asset_units(writing.connection, application.risk_id))
    told = sorted({one.person_id for one in organisation.candidates(desk)})
    values = {"at": context.now, "told": told}
    writing.connection.execute(
        insert(exemption_reminders).values(exemption_id=payload["exemption"], **values)
    )
    writing.record(exemption_chain(payload["exemption"]), DomainEvent.EXEMPTION_REMINDED, values)
    put(writing.uow, context.now, REMINDER_TOPIC, context.instance_id, {**payload, "told": told})


def revoke(call: Call) -> OperationResult:
    """End the exemption before its time. The value: `reason`."""
    granted = _granted(call.connection, call.context.instance_id, call.context.now)
    reason = _why_revoked(call.connection, granted.id, call.context.actor)
    return OperationResult({"reason": reason}, [Effect("exemptions.revoked", {"reason": reason})])


def _why_revoked(connection: Connection, exemption_id: str, actor: str) -> str:
    breach = connection.execute(
        select(exemption_breaches)
        .where(exemption_breaches.c.exemption_id == exemption_id)
        .order_by(exemption_breaches.c.at.desc(), exemption_breaches.c.id)
        .limit(1)
    ).one_or_none()
    if breach is not None:
        return f"A condition was broken: {breach.what}"
    last = connection.execute(
        select(exemption_checks.c.result)
        .where(exemption_checks.c.exemption_id == exemption_id)
        .order_by(exemption_checks.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    found = "nobody checked its controls" if last == "missed" else "its controls were found wanting"
    after = "and nobody ruled on it in time" if actor == SYSTEM.person_id else "and the review revoked it"
    return f"In the last check {found}, {after}"


def apply_revoked(application: Application) -> None:
    """Write down that it ended, and why. Raises `OperationFailed` where it is not in force."""
    granted = _granted(
        application.writing.connection, application.context.instance_id, application.context.now
    )
    if not is_active(granted, application.context.now):
        raise OperationFailed(f"Exemption {granted.id} is not in force, so it cannot be revoked.")
    end(application, granted.id, "revoked", application.payload["reason"])


def reopen(call: Call) -> OperationResult:
    """Put the risk back on the CIO's desk: undecided, with a case that decides it. The value: `reopened`."""
    return OperationResult({"reopened": True}, [Effect("exemptions.reopened", {})])


def apply_reopened(application: Application) -> None:
    """Set the risk undecided, and start the case that decides it again unless a renewal's review runs.

    Raises `OperationFailed` where the exemption is still in force.
    """
    context, writing = application.context, application.writing
    granted = _granted(writing.connection, context.instance_id, context.now)
    if is_active(granted, context.now):
        raise OperationFailed(
            f"Exemption {granted.id} is still in force, so the risk is not opened again yet."
        )
    is_revoked = granted.ending == "revoked"
    reason = (
        f"Exemption {granted.id} was revoked on {day(context.now)}"
        if is_revoked
        else f"Exemption {granted.id} expired on {day(granted.expires_at)}"
    )
    if granted.ending is None:
        end(application, granted.id, "expired", "Its time is over")
    status = writing.connection.execute(
        select(risks.c.status).where(risks.c.id == application.risk_id)
    ).scalar_one_or_none()
    if status != RiskStatus.EXEMPTED.value:
        # A later case has decided it meanwhile: there is nothing to open.
        return
    change_status(writing, application.risk_id, only("risks.reopen"), reason, context.instance_id)
    case_id = running_renewal(application, granted.id)
    if case_id is None:
        origin = "exemption revoked" if is_revoked else "exemption expired"
        case_id = _start(application, granted, origin, reason)
    writing.record(
        risk_chain(application.risk_id),
        DomainEvent.RISK_REOPENED,
        {"exemption": granted.id, "case_id": case_id, "previous_case": context.instance_id},
    )


def _start(application: Application, granted: Exemption, origin: str, reason: str) -> str:
    context, writing = application.context, application.writing
    raised = [
        one
        for one in application.engine.instances.submissions(
            writing.connection, context.instance_id, reader=None
        )
        if one.task_id is None
    ]
    answers = {
        **(raised[0].answers if raised else {}),
        "origin": origin,
        "exemption": granted.id,
        "previous_case": context.instance_id,
    }
    case = application.engine.instances.start(
        writing.uow,
        key=context.key,
        actor=SYSTEM,
        subject=application.risk_id,
        answers=answers,
        authority=f"{reason}, so the risk is decided again",
        linked_from=context.instance_id,
        checked=True,
    )
    return case.id


def running_renewal(application: Application, exemption_id: str) -> str | None:
    """The case that reviews whether an exemption is renewed, while it runs."""
    connection = application.writing.connection
    cases = connection.execute(
        select(exemption_renewals.c.case_id).where(exemption_renewals.c.exemption_id == exemption_id)
    ).scalars()
    running = InstanceState.RUNNING
    instances = application.engine.instances
    return next((one for one in cases if instances.get(connection, one).state is running), None)


def close(call: Call) -> OperationResult:
    """Say how it ended. The value: `outcome`, as the diagram has it and the record confirms."""
    outcome = str(call.parameters.get("outcome") or "")
    return OperationResult({"outcome": outcome}, [Effect("exemptions.closed", {"outcome": outcome})])


def apply_closed(application: Application) -> None:
    """Raises `OperationFailed` where the record says that it ended otherwise."""
    granted = _granted(
        application.writing.connection, application.context.instance_id, application.context.now
    )
    recorded = application.writing.connection.execute(
        select(exemption_endings.c.kind).where(exemption_endings.c.exemption_id == granted.id)
    ).scalar_one_or_none()
    if recorded != application.payload["outcome"]:
        raise OperationFailed(
            f"The diagram says that {granted.id} is {application.payload['outcome']}, and the record says "
            f"{recorded or 'that it has not ended'}. The case waits."
        )


def tell(application: Application, name: str, case_id: str, payload: Mapping[str, Any]) -> None:
    """Leave a message for another case, delivered once this command is written."""
    tell_in(application.writing, name, case_id, payload, application.context.instance_id)


def tell_in(
    writing: Writing, name: str, case_id: str, payload: Mapping[str, Any], sent_from: str | None = None
) -> str:
    """The same within a person's own command; the message's id."""
    message_id = uuid4().hex
    writing.connection.execute(
        insert(messages).values(
            id=message_id,
            kind="message",
            name=name,
            correlation=case_id,
            payload=dict(payload),
            sent_at=writing.now,
            sent_by=writing.actor.id,
            sent_from=sent_from,
            state="pending",
        )
    )
    return message_id


def _granted(connection: Connection, case_id: str, now: datetime) -> Exemption:
    found = of_case(connection, case_id, now)
    if not found:
        raise OperationFailed("This case granted no exemption, so there is nothing to end.")
    return found[0]
