"""How an emergency ends: stopped where it is denied, let stand by a ruling, over on its day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Row, select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, InstanceState
from workflows.emergencies.operations import STATUSES, exemption_values, row_of, step
from workflows.events import DomainEvent, risk_chain
from workflows.exemptions.operations import write_granted
from workflows.exemptions.queries import of_case
from workflows.exemptions.requesting import end
from workflows.exemptions.types import Exemption, is_active
from workflows.keys import next_key
from workflows.operations import Application, Call
from workflows.record import find_ruling
from workflows.risks.commands import change_status
from workflows.risks.models import risks
from workflows.risks.transitions import only
from workflows.risks.types import RiskStatus
from workflows.wording import day

RISK_POLICY = "risk-decision"
"""Key of the policy that decides a risk on which none has decided yet, such as an imported one."""
STOP, RESUME, END = "emergencies.stop", "emergencies.resume", "emergencies.end"


def stop(call: Call) -> OperationResult:
    """Nothing of it is in force while the two disagree. The value: `stopped`."""
    return OperationResult({"stopped": True}, [Effect("emergencies.stopped", {})])


def apply_stopped(application: Application) -> None:
    """End the exemption that carries it and set the risk undecided."""
    row = row_of(application)
    _end(application, "revoked", f"Emergency {row.id} was denied in its review")
    step(application, row.id, "stopped", "It is rolled back, and the committee hears both sides")


def resume(call: Call) -> OperationResult:
    """Bring it back on the authority of a ruling, never beyond its first end. The value: `resumed`."""
    begun = call.context.data.get("begin_emergency")
    expires = begun.get("expires") if isinstance(begun, Mapping) else None
    resumed = expires is not None and expires > call.context.now
    effects = [Effect("emergencies.resumed", {"expires": expires})] if resumed else []
    return OperationResult({"resumed": resumed}, effects)


def apply_resumed(application: Application) -> None:
    """Grant what is left of its time, where the record holds a ruling that upholds it."""
    context, writing, expires = application.context, application.writing, application.payload["expires"]
    found = find_ruling(application.engine.instances, writing.connection, context.instance_id)
    if found is None or found.response != "exempt":
        raise OperationFailed(
            "The record holds no ruling that upholds it. Nothing is in force; the case waits."
        )
    row = row_of(application)
    first = _carried(application)
    if first is None or expires > first.expires_at:
        raise OperationFailed("It would last longer than was declared. Nothing is in force; the case waits.")
    days = max(1, (expires - context.now).days)
    change = replace(only("exemptions.grant"), sources=STATUSES)
    reason = f"Emergency {row.id} was upheld, in force until {day(expires)}"
    change_status(writing, application.risk_id, change, reason, context.instance_id)
    values = exemption_values(application, found.deciding, found.tier, days, expires)
    values |= {"conditions": first.conditions, "compensating_controls": first.compensating_controls}
    exemption_id = next_key(writing.connection, "E")
    write_granted(application, exemption_id, values)
    step(application, row.id, "resumed", reason, exemption_id)


def end_emergency(call: Call) -> OperationResult:
    """Its day has come, or it was denied for good. The value: `ended`."""
    return OperationResult({"ended": True}, [Effect("emergencies.ended", {})])


def apply_ended(application: Application) -> None:
    """End what is still in force, and see to it that the risk is decided as any other."""
    row = row_of(application)
    _end(application, "expired", f"Emergency {row.id} came to its end")
    case_id = _open_case(application) or _start(application, row)
    step(application, row.id, "ended", "The risk is decided as any other")
    application.writing.record(
        risk_chain(application.risk_id),
        DomainEvent.RISK_REOPENED,
        {"emergency": row.id, "case_id": case_id, "previous_case": application.context.instance_id},
    )


def _carried(application: Application) -> Exemption | None:
    """The exemption that carries the emergency now, or did last."""
    found = of_case(application.writing.connection, application.context.instance_id, application.context.now)
    return found[0] if found else None


def _end(application: Application, kind: str, reason: str) -> None:
    """Record how the exemption ended, and set the risk undecided, where that has not happened otherwise."""
    carried = _carried(application)
    if carried is None or carried.ending is not None:
        return
    now = application.context.now
    if kind == "expired" and is_active(carried, now):
        raise OperationFailed(
            f"{carried.id} is still in force, so it has not come to its end. The case waits."
        )
    end(application, carried.id, kind, reason)
    status = application.writing.connection.execute(
        select(risks.c.status).where(risks.c.id == application.risk_id)
    ).scalar_one_or_none()
    if status == RiskStatus.EXEMPTED.value:
        change_status(
            application.writing,
            application.risk_id,
            only("risks.reopen"),
            reason,
            application.context.instance_id,
        )


def _open_case(application: Application) -> str | None:
    """The case that decides the risk now, if one is open."""
    running = [
        one
        for one in application.engine.instances.of_subject(
            application.writing.connection, application.risk_id
        )
        if one.key != application.context.key and one.state is InstanceState.RUNNING
    ]
    return running[0].id if running else None


def _start(application: Application, row: Row[Any]) -> str:
    """A new, linked case under the policy that decided on the risk before."""
    context, writing = application.context, application.writing
    before = [
        one
        for one in application.engine.instances.of_subject(writing.connection, application.risk_id)
        if one.key != context.key
    ]
    key = before[-1].key if before else RISK_POLICY
    first = None
    if before:
        raised = application.engine.instances.submissions(writing.connection, before[-1].id, reader=None)
        first = next((one for one in raised if one.task_id is None), None)
    case = application.engine.instances.start(
        writing.uow,
        key=key,
        actor=SYSTEM,
        subject=application.risk_id,
        answers={
            **(first.answers if first else {}),
            "origin": "emergency ended",
            "previous_case": context.instance_id,
        },
        authority=f"Emergency {row.id} is over, so the risk is decided as any other",
        linked_from=context.instance_id,
        checked=True,
    )
    return case.id
