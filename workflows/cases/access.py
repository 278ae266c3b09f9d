"""Who may read a case: those whose post lets them read any, who raised its risk, who acted in it, who is
asked to."""

from __future__ import annotations

from collections.abc import Sequence

from engine.types import Instance, InstanceState, Task, TaskState
from workflows.context import Context, Reading, may
from workflows.errors import NotEntitled, NotFound
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission
from workflows.record import acted
from workflows.risks.access import check_risk, hidden


def may_act(context: Context, reading: Reading, reader: Person, task: Task) -> str | None:
    """Why the reader may act on an open task, as a sentence for the page; None where not."""
    if task.state is not TaskState.OPEN:
        return None
    found = context.engine.tasks.authority(reading.connection, reader.id, task, reading.now)
    if found is None:
        return None
    if found.on_behalf_of:
        return f"{found.basis}, on behalf of {reading.organisation.name(found.on_behalf_of)}"
    return found.basis


def check_case(context: Context, reading: Reading, reader: Person, instance: Instance) -> None:
    """Refuse who may not read this case. Raises `NotEntitled`."""
    organisation, connection = reading.organisation, reading.connection
    if reader is SYSTEM_PERSON or (
        may(organisation, reader, Permission.READ_ANY_CASE)
        and instance.subject not in hidden(reading, reader)
    ):
        return
    if reader.id in organisation.people:
        if reader.id in acted(
            context.engine.instances.submissions(connection, instance.id, reader=reader.id)
        ):
            return
        if instance.subject is not None and _raised(reading, reader, instance.subject):
            return
        tasks = context.engine.tasks.of_instance(connection, instance.id)
        if any(may_act(context, reading, reader, task) is not None for task in tasks):
            return
        if instance.state is InstanceState.CANCELLED and _was_asked(context, reading, reader, tasks):
            return
    raise NotEntitled(
        "Your posts do not let you read this case. You may read those you raised, acted in or "
        "are asked about.",
        person_id=reader.id,
    )


def _was_asked(context: Context, reading: Reading, reader: Person, tasks: Sequence[Task]) -> bool:
    """Whether a case ended from outside its diagram while the reader had a task in it: they may read why."""
    withdrawn = [task for task in tasks if task.state is TaskState.WITHDRAWN]
    authority = context.engine.tasks.authority
    return any(authority(reading.connection, reader.id, task, reading.now) for task in withdrawn)


def _raised(reading: Reading, reader: Person, risk_id: str) -> bool:
    if may(reading.organisation, reader, Permission.READ_REGISTER):
        return False  # reads the register, and not every case in it
    try:
        check_risk(reading, reader, risk_id)
    except (NotEntitled, NotFound):
        return False
    return True
