"""What an emergency's case does first: it is registered, goes ahead or not, and is reviewed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from engine.errors import OperationFailed
from engine.instances.models import instances, submissions
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, InstanceState, Submission
from workflows.emergencies import queries
from workflows.emergencies.models import emergencies, emergency_steps
from workflows.emergencies.types import AGAIN_WITHIN, LONGEST
from workflows.events import DomainEvent, emergency_chain
from workflows.exemptions.operations import write_granted
from workflows.exemptions.values import text, whole
from workflows.identity.directory import asset_units
from workflows.identity.queries import organisation_at
from workflows.identity.types import Role
from workflows.keys import next_key
from workflows.operations import Application, Call
from workflows.risks.commands import change_status
from workflows.risks.models import risks
from workflows.risks.transitions import LEGAL_OBLIGATION, only
from workflows.risks.types import RiskStatus
from workflows.wording import day

POLICY = "emergency-decision"
DECLARED, RULED_FIRST = "emergency", "rule_on_emergency"
"""Ids of the steps whose answers go ahead, as the policy names them."""
STATUSES = frozenset({RiskStatus.UNDECIDED, RiskStatus.NOT_ACCEPTED})
"""Where nothing is decided that stands against it: what is decided is challenged, and not passed by."""

REGISTER, REFUSE, BEGIN, RECORD_REVIEW = (
    "emergencies.register",
    "emergencies.refuse",
    "emergencies.begin",
    "emergencies.record_review",
)
TEXTS = ("what", "reason", "containment", "conditions", "roll_back")


def register(call: Call) -> OperationResult:
    """Write the emergency down. The value: `may_go_ahead`, and the `reason` where the CRO is asked first."""
    given = {key: text(call.parameters.get(key), key) for key in TEXTS}
    missing = sorted(key for key, words in given.items() if not words)
    days = whole(call.parameters.get("days"), "days")
    if missing or not 1 <= days <= LONGEST:
        raise OperationFailed(
            f"An emergency needs a reason, a containment, conditions, a way back and 1 to {LONGEST} days. "
            "Nothing goes ahead; the case waits."
        )
    why = why_above(call.connection, call.risk_id, call)
    value = {"may_go_ahead": not why, "reason": why}
    return OperationResult(
        value, [Effect("emergencies.registered", {**given, "days": days, "why_above": why})]
    )


def why_above(connection: Connection, risk_id: str, call: Call) -> str:
    """Why the chief risk officer is asked first, as a sentence; empty where the CIO may go ahead."""
    before = queries.earlier(connection, risk_id, call.context.now)
    if before is not None:
        return (
            f"{before} went ahead for the same weakness on these assets less than {AGAIN_WITHIN} days ago, "
            "so the chief risk officer rules first."
        )
    status = connection.execute(select(risks.c.status).where(risks.c.id == risk_id)).scalar_one_or_none()
    if status == RiskStatus.NOT_ACCEPTED.value:
        return "The risk was refused before, so the chief risk officer rules first."
    disputed = connection.execute(
        select(submissions.c.id)
        .select_from(submissions.join(instances, instances.c.id == submissions.c.instance_id))
        .where(
            instances.c.subject == risk_id,
            instances.c.state == InstanceState.RUNNING.value,
            submissions.c.element_id == "answer_challenge",
        )
        .limit(1)
    ).one_or_none()
    return "The risk is in dispute, so the chief risk officer rules first." if disputed else ""


def apply_registered(application: Application) -> None:
    """Keep the emergency under a key. Raises `OperationFailed` where it was not the CIO who declared it."""
    context, writing = application.context, application.writing
    declared = latest(application, (DECLARED,))
    if declared is None:
        raise OperationFailed("Nobody declared this emergency. Nothing goes ahead; the case waits.")
    check_post(application, declared, Role.CIO)
    category = writing.connection.execute(
        select(risks.c.category).where(risks.c.id == application.risk_id)
    ).scalar_one_or_none()
    if category == LEGAL_OBLIGATION:
        raise OperationFailed("A legal obligation cannot be exempted from, in an emergency neither.")
    emergency_id = next_key(writing.connection, "M")
    values = {
        **application.payload,
        "risk_id": application.risk_id,
        "case_id": context.instance_id,
        "declared_at": context.now,
        "declared_by": declared.person_id,
    }
    writing.connection.execute(insert(emergencies).values(id=emergency_id, **values))
    writing.record(emergency_chain(emergency_id), DomainEvent.EMERGENCY_DECLARED, values)


def refuse(call: Call) -> OperationResult:
    """It does not go ahead: the chief risk officer said so, or nothing. The value: `outcome`."""
    ruled = call.context.data.get(RULED_FIRST)
    is_silent = call.context.actor == SYSTEM.person_id
    reason = "Nobody ruled on it in time" if is_silent else reason_of(ruled)
    return OperationResult(
        {"outcome": "refused"}, [Effect("emergencies.step", {"kind": "refused", "reason": reason})]
    )


def begin(call: Call) -> OperationResult:
    """Go ahead for `days`. The value: `expires`."""
    days = whole(call.parameters.get("days"), "days")
    expires = call.context.now + timedelta(days=days)
    payload = {"days": days, "expires": expires} | {
        key: text(call.parameters.get(key), key) for key in ("conditions", "compensating_controls")
    }
    value = {"days": Decimal(days), "expires": expires}
    return OperationResult(value, [Effect("emergencies.begun", payload)])


def apply_begun(application: Application) -> None:
    """Grant the exemption that carries it, on the CIO's act or, where asked first, the CRO's."""
    writing, payload = application.writing, application.payload
    row = row_of(application)
    above = bool(row.why_above)
    act = latest(application, (RULED_FIRST,) if above else (DECLARED,))
    if act is None or (above and act.answers.get("ruling") != "go_ahead"):
        raise OperationFailed("The record holds nothing that lets it go ahead. The case waits.")
    check_post(application, act, Role.CRO if above else Role.CIO)
    if payload["days"] != row.days:
        raise OperationFailed(f"It was declared for {row.days} days, not {payload['days']}. The case waits.")
    change = replace(only("exemptions.grant"), sources=STATUSES)
    reason = f"Emergency {row.id}, in force until {day(payload['expires'])}"
    change_status(writing, application.risk_id, change, reason, application.context.instance_id)
    values = exemption_values(
        application, act, "cro" if above else "cio", payload["days"], payload["expires"]
    )
    values |= {"conditions": payload["conditions"], "compensating_controls": payload["compensating_controls"]}
    exemption_id = next_key(writing.connection, "E")
    write_granted(application, exemption_id, values)
    step(application, row.id, "begun", reason, exemption_id)


def record_review(call: Call) -> OperationResult:
    """Keep what the review said. `elements` names its steps. The value: `verdict`, `ground`, `reason`."""
    elements = str(call.parameters.get("elements") or "").split()
    found = _reviewed(call, elements)
    verdict = str(found.get("verdict") or "")
    if verdict not in ("approve", "deny"):
        raise OperationFailed("The review says neither yes nor no. Nothing was recorded; the case waits.")
    value = {"verdict": verdict, "ground": found.get("ground"), "reason": reason_of(found)}
    kind = "approved" if verdict == "approve" else "denied"
    return OperationResult(value, [Effect("emergencies.step", {"kind": kind, "reason": reason_of(found)})])


def _reviewed(call: Call, elements: Sequence[str]) -> Mapping[str, Any]:
    """The answers of the review: one of its steps is answered, and no step twice."""
    answered = [call.context.data.get(element) for element in elements]
    return next((one for one in answered if isinstance(one, Mapping)), {})


def apply_step(application: Application) -> None:
    """Write down what became of it."""
    step(application, row_of(application).id, application.payload["kind"], application.payload["reason"])


def step(
    application: Application, emergency_id: str, kind: str, reason: str, exemption_id: str | None = None
) -> None:
    """Add a step to an emergency's record."""
    writing = application.writing
    values = {
        "seq": queries.last_seq(writing.connection, emergency_id) + 1,
        "kind": kind,
        "at": writing.now,
        "by": writing.actor.id,
        "reason": reason,
        "exemption_id": exemption_id,
    }
    writing.connection.execute(insert(emergency_steps).values(emergency_id=emergency_id, **values))
    writing.record(emergency_chain(emergency_id), DomainEvent.EMERGENCY_STEP, values)


def latest(application: Application, elements: Sequence[str]) -> Submission | None:
    """The newest submission at one of these steps of the case."""
    found = [
        one
        for one in application.engine.instances.submissions(
            application.writing.connection, application.context.instance_id, reader=None
        )
        if one.element_id in elements
    ]
    return found[-1] if found else None


def check_post(application: Application, act: Submission, role: Role) -> None:
    """Look again, whatever the diagram said: whoever acted held the post, or stood in for it."""
    connection = application.writing.connection
    organisation = organisation_at(connection, act.at, include_inactive=True)
    desk = organisation.desk(role, asset_units(connection, application.risk_id))
    if organisation.authority(act.person_id, desk) is None:
        raise OperationFailed(
            f"{organisation.name(act.person_id)} was not {role.label} when “{act.element_id}” was submitted. "
            "Nothing goes ahead; the case waits."
        )


def exemption_values(
    application: Application, act: Submission, tier: str, days: int, expires: Any
) -> dict[str, Any]:
    """Columns of the exemption that carries an emergency, but for its conditions and controls."""
    context = application.context
    return {
        "risk_id": application.risk_id,
        "case_id": context.instance_id,
        "element_id": context.element_id,
        "granted_at": context.now,
        "expires_at": expires,
        "days": days,
        "decided_by": act.person_id,
        "decided_on_behalf_of": act.on_behalf_of,
        "decided_tier": tier,
        "basis": act.authority,
        "record": {"submissions": [act.id], "tally": None},
        "policy_hash": context.version_hash,
    }


def row_of(application: Application) -> Row[Any]:
    """The row of the case's emergency. Raises `OperationFailed` where it has none."""
    found = queries.row_of_case(application.writing.connection, application.context.instance_id)
    if found is None:
        raise OperationFailed("No emergency was declared in this case. Nothing was recorded; it waits.")
    return found


def reason_of(answers: Any) -> str:
    """The reason among a step's answers; empty where it has none."""
    return str(answers.get("reason") or "") if isinstance(answers, Mapping) else ""
