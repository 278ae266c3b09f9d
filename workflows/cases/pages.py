"""Puts the pages of a case and of a task together from a `CaseFile`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.audit.types import AuditEntry
from engine.types import Element, Instance, InstanceState, Path, Task, TaskState
from forms import Presentation, present
from workflows.cases.access import check_case, may_act
from workflows.cases.cancelling import check_cancel
from workflows.cases.casefile import CaseFile, load
from workflows.cases.changing import may_change
from workflows.cases.diagrams import chosen, diagrams, own_path
from workflows.cases.giving_way import why_cancelled
from workflows.cases.positions import ballot, is_without_advice, positions
from workflows.cases.timeline import timeline
from workflows.cases.types import CaseView, LinkedCase, PolicyRef, Step, TaskPage, WaitingFor
from workflows.cases.waiting import due_words, waiting_for
from workflows.committee.meetings import entries_of
from workflows.context import Context, Reading, may
from workflows.errors import Conflict, NotEntitled, RuleBroken
from workflows.exemptions.queries import of_case
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.policies.endorsements import NOT_ENDORSED, endorsed
from workflows.risks.queries import risks_by_id
from workflows.risks.types import Risk
from workflows.wording import day, sentence


def policy_of(instance: Instance) -> PolicyRef:
    """The policy version a case runs under."""
    return PolicyRef(instance.key, instance.title, instance.version_number, instance.version_hash)


def _policy(reading: Reading, instance: Instance) -> PolicyRef:
    """The same, with its endorsement: one that came after the case had ended does not count."""
    found = endorsed(reading.connection, [instance.version_hash], instance.ended_at or reading.now)
    given = found.get(instance.version_hash)
    return replace(policy_of(instance), endorsement=given.sentence if given else NOT_ENDORSED)


def risk_of(reading: Reading, instance: Instance) -> Risk | None:
    """The risk a case is about; None where it is about none."""
    if instance.subject is None:
        return None
    return risks_by_id(reading.connection, [instance.subject], reading.now).get(instance.subject)


def case_view(
    context: Context, reading: Reading, reader: Person, instance_id: str, diagram: str | None = None
) -> CaseView:
    """Everything the page of a case shows, `diagram` (or else where the case waits) being the one drawn.

    Raises `NotFound`, `NotEntitled`.
    """
    engine, connection = context.engine, reading.connection
    instance = engine.instances.get(connection, instance_id)
    check_case(context, reading, reader, instance)
    file = load(context, reading, reader, instance)
    path = _path(engine.instances.path(connection, instance_id), file.elements)
    waiting = _waiting(context, reading, reader, file)
    files = engine.definitions.bundle(connection, instance.version_hash).files
    drawn = diagrams(files, own_path(files, instance.key), file.elements, path)
    shown = chosen(drawn, diagram)
    within = shown.processes if shown else frozenset()
    return CaseView(
        instance=instance,
        policy=_policy(reading, instance),
        risk=risk_of(reading, instance),
        sentence=standing(instance, waiting, file.audit),
        timeline=timeline(file),
        positions=positions(file),
        ballot=ballot(file),
        waiting=waiting,
        path=path,
        diagrams=drawn,
        shown=shown,
        steps=tuple(one for one in steps(file.elements.values(), path) if one.process in within),
        dockets=tuple(entries_of(connection, instance_id)),
        linked=_linked(context, reading, instance),
        exemptions=tuple(of_case(connection, instance_id, reading.now)),
        submissions=file.submissions,
        incidents=file.incidents,
        may_change=may_change(context, connection, instance, reader.id),
        may_cancel=_may_cancel(context, reading, reader, instance),
        is_without_advice=is_without_advice(file),
        audit=file.audit if may(reading.organisation, reader, Permission.READ_AUDIT) else (),
    )


def _may_cancel(context: Context, reading: Reading, reader: Person, instance: Instance) -> bool:
    if not may(reading.organisation, reader, Permission.CANCEL_CASE):
        return False
    try:
        check_cancel(context, reading.connection, reading.organisation, instance, reader.id)
    except (Conflict, NotEntitled, RuleBroken):
        return False
    return True


def task_page(
    context: Context,
    reading: Reading,
    reader: Person,
    task_id: str,
    values: Mapping[str, Any] | None,
    errors: Mapping[str, Sequence[str]] | None,
    token: str | None,
) -> TaskPage:
    """Everything the page of a task shows. Raises `NotFound`, `NotEntitled`."""
    engine, connection = context.engine, reading.connection
    task = engine.tasks.get(connection, task_id)
    instance = engine.instances.get(connection, task.instance_id)
    why = may_act(context, reading, reader, task)
    if why is None:
        check_case(context, reading, reader, instance)
    file = load(context, reading, reader, instance)
    is_open = instance.state is InstanceState.RUNNING and task.state is TaskState.OPEN
    data = engine.tasks.data(connection, task) if is_open and why is not None else {}
    element = file.elements.get(task.element_id)
    waiting = _waiting(context, reading, reader, file)
    return TaskPage(
        task=task,
        instance=instance,
        policy=_policy(reading, instance),
        risk=risk_of(reading, instance),
        title=task.name,
        instructions=element.documentation if element else "",
        may_act=why is not None,
        why_me=f"{why}." if why else _why_not(file, task, waiting),
        due=due_words(task, reading.now) if is_open else "",
        presentation=_form(context, reading, task, data, values, errors) if why is not None else None,
        revision=task.revision,
        token=token or secrets.token_urlsafe(24),
        positions=positions(file),
        ballot=ballot(file),
        timeline=timeline(file),
        waiting=waiting,
        now=reading.now,
        data=data,
    )


def standing(instance: Instance, waiting: Sequence[WaitingFor], audit: Sequence[AuditEntry]) -> str:
    """Where a case stands, in one sentence or two."""
    if instance.state is InstanceState.CANCELLED:
        reason, by_person = why_cancelled(audit)
        did = "Cancelled" if by_person else "Ended"
        return sentence(f"{did} on {day(instance.ended_at or instance.started_at)}: {reason}".rstrip(": "))
    if instance.state is InstanceState.COMPLETED:
        outcome = sentence(instance.outcome or "Done")
        return f"Ended on {day(instance.ended_at or instance.started_at)}: {outcome}"
    return " ".join(one.sentence for one in waiting) or "The case is running."


_KINDS = {
    "userTask": "task",
    "serviceTask": "automatic step",
    "exclusiveGateway": "decision",
    "parallelGateway": "fork or join",
    "inclusiveGateway": "decision",
    "startEvent": "start",
    "endEvent": "end",
    "intermediateCatchEvent": "timer",
    "boundaryEvent": "time limit",
    "callActivity": "part of the process",
    "businessRuleTask": "decision table",
}


def steps(elements: Any, path: Path) -> tuple[Step, ...]:
    """The named steps of the diagram in the order of the file, for those who read a list rather than the
    drawing."""
    return tuple(
        Step(
            one.id,
            one.name,
            _KINDS.get(one.kind, one.kind),
            one.lane or "",
            _state(one, path),
            _times(one, path),
            one.process,
        )
        for one in elements
        if one.kind != "sequenceFlow" and one.name
    )


def _path(path: Path, elements: Mapping[str, Element]) -> Path:
    """The path without the time limits that run beside a step: the case waits at the step, not at them."""
    limits = {one.id for one in elements.values() if one.kind == "boundaryEvent"}
    return replace(path, waiting=tuple(one for one in path.waiting if one not in limits))


def _state(element: Element, path: Path) -> str:
    if element.id in path.failed:
        return "failed"
    if element.id in path.waiting:
        return "waiting"
    return "done" if path.completed.get(element.id) else "not reached"


def _times(element: Element, path: Path) -> int:
    return path.completed.get(element.id, 0)


def _waiting(context: Context, reading: Reading, reader: Person, file: CaseFile) -> tuple[WaitingFor, ...]:
    if file.instance.state is not InstanceState.RUNNING:
        return ()
    mine = [task.id for task in file.tasks if may_act(context, reading, reader, task) is not None]
    # Who may act is worked out from everything submitted, sealed or not: only performers are looked at.
    return waiting_for(
        reading.connection,
        reading.organisation,
        file.elements,
        file.tasks,
        file.timers,
        file.incidents,
        file.submissions,
        mine,
        reading.now,
    )


def _why_not(file: CaseFile, task: Task, waiting: Sequence[WaitingFor]) -> str:
    if task.state is TaskState.COMPLETED:
        by = file.name(task.closed_by or "")
        return (
            f"{by} completed this task on {day(task.closed_at or task.opened_at)}. There is "
            "nothing left to do here."
        )
    if task.state is TaskState.WITHDRAWN:
        if file.instance.state is InstanceState.CANCELLED:
            ended = standing(file.instance, (), file.audit)
            return f"The case is over, and this task with it. {ended} There is nothing left to do here."
        return "The case went on without this task. There is nothing left to do here."
    found = next((one.sentence for one in waiting if one.element_id == task.element_id), "")
    return f"This task is not yours. {found}".strip()


def _form(
    context: Context,
    reading: Reading,
    task: Task,
    data: Mapping[str, Any],
    values: Mapping[str, Any] | None,
    errors: Mapping[str, Sequence[str]] | None,
) -> Presentation | None:
    if task.form is None:
        return None
    bundle = context.engine.definitions.bundle(reading.connection, task.version_hash)
    form = context.forms.form(bundle, task.form)
    return present(form, values=values, errors=errors, data=data, now=reading.now)


def _linked(context: Context, reading: Reading, instance: Instance) -> tuple[LinkedCase, ...]:
    engine, connection = context.engine, reading.connection
    linked: list[LinkedCase] = []
    if instance.linked_from is not None:
        before = engine.instances.get(connection, instance.linked_from)
        text = f"This case came of one that began on {day(before.started_at)}."
        linked.append(LinkedCase(before.id, before.title, text, before.started_at, before.outcome))
    for after in engine.instances.linked_from(connection, instance.id):
        text = f"The risk was taken up again on {day(after.started_at)}."
        linked.append(LinkedCase(after.id, after.title, text, after.started_at, after.outcome))
    return tuple(linked)
