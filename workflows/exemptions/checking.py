"""Checks of compensating controls: by somebody who operates none of them, before approval and in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, select

from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, Submission, TaskState
from workflows.events import DomainEvent, exemption_chain
from workflows.exemptions.models import exemption_checks, exemption_controls
from workflows.exemptions.requesting import find_request, requested
from workflows.exemptions.types import CheckResult
from workflows.keys import new_id
from workflows.operations import Application, Call
from workflows.wording import sentence

RECORD_CHECK = "exemptions.record_check"
BEFORE_APPROVAL, IN_FORCE = "before approval", "in force"
WORKS = "works"
STEPS = frozenset({"verify_controls", "verify_instead", "check_controls"})
"""Ids of the steps at which controls are checked, as the policy names them."""


def record_check(call: Call) -> OperationResult:
    """Judge a check that was submitted, or note that nobody made one.

    `elements` names the tasks at which it can have been made, `occasion` is `before approval` or `in force`.
    The value: `result` (see `CheckResult`) and a `summary` for who reads on.
    """
    elements = str(call.parameters.get("elements") or "").split()
    found = _submitted(call, elements)
    findings: list[dict[str, Any]] = []
    result, summary = CheckResult.MISSED, "Nobody has checked the controls in time."
    if found is not None:
        checker, on_behalf_of, answers = found
        result, findings, summary = _judged(call, {checker, on_behalf_of}, answers)
    payload = {
        "occasion": call.parameters.get("occasion"),
        "elements": elements,
        "result": result.value,
        "findings": findings,
    }
    value = {"result": result.value, "summary": summary}
    return OperationResult(value, [Effect("exemptions.checked", payload)])


def _submitted(call: Call, elements: Sequence[str]) -> tuple[str, str | None, Mapping[str, Any]] | None:
    """Who checked, on whose behalf, and what was found; None where time passed instead.

    The answers that are being submitted are in the case's data already and not yet in its record; after a
    failure that was mended they are in the record, and no check stands for them.
    """
    engine, connection, case_id = call.engine, call.connection, call.context.instance_id
    open_now = [
        task
        for task in engine.tasks.of_instance(connection, case_id)
        if task.element_id in elements and task.state is TaskState.OPEN
    ]
    if open_now:
        if call.context.actor == SYSTEM.person_id:
            return None
        authority = engine.tasks.authority(connection, call.context.actor, open_now[0], call.context.now)
        answers = call.context.data.get(open_now[0].element_id)
        principal = authority.on_behalf_of if authority else None
        return call.context.actor, principal, answers if isinstance(answers, Mapping) else {}
    kept = _unrecorded(call, elements)
    return None if kept is None else (kept.person_id, kept.on_behalf_of, kept.answers)


def _unrecorded(call: Call | Application, elements: Sequence[str]) -> Submission | None:
    """The newest check in the case's record that no row speaks of yet."""
    connection = call.connection if isinstance(call, Call) else call.writing.connection
    made = [
        one
        for one in call.engine.instances.submissions(connection, call.context.instance_id, reader=None)
        if one.element_id in elements
    ]
    known = set(
        connection.execute(
            select(exemption_checks.c.submission_id).where(
                exemption_checks.c.submission_id.in_([one.id for one in made])
            )
        ).scalars()
    )
    left = [one for one in made if one.id not in known]
    return left[-1] if left else None


def _judged(
    call: Call, checkers: set[str | None], answers: Mapping[str, Any]
) -> tuple[CheckResult, list[dict[str, Any]], str]:
    controls = latest_controls(call.connection, requested(call.connection, call.context.instance_id).id)
    findings = [
        {
            "number": row.number,
            "control": row.description,
            "works": answers.get(f"result_{row.number}") == WORKS,
            "evidence": str(answers.get(f"evidence_{row.number}") or ""),
        }
        for row in controls
    ]
    if any(row.operator in checkers for row in controls):
        summary = "Who checked operates one of the controls, so this check does not count."
        return CheckResult.NOT_INDEPENDENT, findings, summary
    failing = [one for one in findings if not one["works"]]
    if failing or not findings:
        lines = [f"{one['number']}. {sentence(str(one['control']))} {one['evidence']}" for one in failing]
        return CheckResult.FAILED, findings, "\n".join(["Found not to work:", *lines])
    return CheckResult.PASSED, findings, "Every control was found to work."


def latest_controls(connection: Connection, exemption_id: str) -> Sequence[Any]:
    """The controls of the last round, by number."""
    last = select(func.max(exemption_controls.c.round)).where(
        exemption_controls.c.exemption_id == exemption_id
    )
    return connection.execute(
        select(exemption_controls)
        .where(
            exemption_controls.c.exemption_id == exemption_id,
            exemption_controls.c.round == last.scalar_subquery(),
        )
        .order_by(exemption_controls.c.number)
    ).all()


def apply_checked(application: Application) -> None:
    """Write the check down, with the submission it rests on."""
    context, writing, payload = application.context, application.writing, application.payload
    exemption_id = requested(writing.connection, context.instance_id).id
    is_missed = payload["result"] == CheckResult.MISSED.value
    made = None if is_missed else _unrecorded(application, payload["elements"])
    values = {
        "id": new_id(),
        "exemption_id": exemption_id,
        "seq": _checks_before(writing.connection, exemption_id) + 1,
        "occasion": payload["occasion"],
        "at": context.now,
        "checked_by": made.person_id if made else None,
        "result": payload["result"],
        "findings": payload["findings"],
        "submission_id": made.id if made else None,
    }
    writing.connection.execute(insert(exemption_checks).values(**values))
    writing.record(exemption_chain(exemption_id), DomainEvent.EXEMPTION_CHECKED, values)


def _checks_before(connection: Connection, exemption_id: str) -> int:
    checks = select(func.count()).where(exemption_checks.c.exemption_id == exemption_id)
    return int(connection.execute(checks).scalar_one())


def passed_before_approval(connection: Connection, exemption_id: str) -> bool:
    """Whether the last check before approval passed."""
    result = connection.execute(
        select(exemption_checks.c.result)
        .where(
            exemption_checks.c.exemption_id == exemption_id,
            exemption_checks.c.occasion == BEFORE_APPROVAL,
        )
        .order_by(exemption_checks.c.seq.desc())
        .limit(1)
    ).scalar_one_or_none()
    return result == CheckResult.PASSED.value


def operator_refusal(connection: Connection, case_id: str, person_id: str) -> str | None:
    """Why a person may not check the controls of a case; None where the person operates none of them."""
    asked = find_request(connection, case_id)
    if asked is None:
        return None
    operated = [row for row in latest_controls(connection, asked.id) if row.operator == person_id]
    if not operated:
        return None
    return f"You operate “{operated[0].description}”, so somebody else checks it."
