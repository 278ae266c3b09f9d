"""What a case waits for, and whom, in plain words: the people who may act, or that a post is vacant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection

from engine.types import (
    Authority,
    Element,
    Incident,
    Instance,
    InstanceState,
    Submission,
    Task,
    TaskState,
    Timer,
)
from workflows.cases.types import WaitingFor
from workflows.context import Context, Reading
from workflows.identity import tiers
from workflows.identity.directory import SEAT, candidates_in
from workflows.identity.organisation import Organisation, read_desk
from workflows.identity.types import Role
from workflows.record import acted
from workflows.treatment.queries import MILESTONE
from workflows.wording import due, listed, moment, sentence


def to_do(name: str) -> str:
    """A task's name in a sentence: "Concur or challenge" becomes "concur or challenge", "CIO "
    "review" stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def waiting_for(
    connection: Connection,
    organisation: Organisation,
    elements: Mapping[str, Element],
    tasks: Sequence[Task],
    timers: Sequence[Timer],
    incidents: Sequence[Incident],
    submissions: Sequence[Submission],
    mine: Iterable[str],
    now: datetime,
) -> tuple[WaitingFor, ...]:
    """Everything a case waits for: failed steps first, then people, then times.

    Args:
        mine: ids of the open tasks that the reader may act on.
    """
    waiting = [_failed(elements, incident) for incident in incidents]
    grouped: dict[tuple[str, str], list[Task]] = defaultdict(list)
    for task in tasks:
        if task.state is TaskState.OPEN:
            grouped[task.element_id, "" if task.desk.startswith(SEAT) else task.desk].append(task)
    own = frozenset(mine)
    places = {element_id: place for place, element_id in enumerate(elements)}
    for together in sorted(grouped.values(), key=lambda found: places.get(found[0].element_id, 0)):
        element = elements.get(together[0].element_id)
        waiting.append(_people(connection, organisation, element, together, submissions, own, now))
    for timer in timers:
        element = elements.get(timer.element_id)
        # A boundary timer waits beside a task that is listed already.
        if element is None or element.kind != "boundaryEvent":
            waiting.append(_time(element, timer, now))
    return tuple(waiting)


def _people(
    connection: Connection,
    organisation: Organisation,
    element: Element | None,
    tasks: list[Task],
    submissions: Sequence[Submission],
    own: frozenset[str],
    now: datetime,
) -> WaitingFor:
    first = tasks[0]
    holders: list[Authority] = []
    for task in tasks:
        holders += candidates_in(connection, organisation, task.desk)
    free = [one for one in holders if not _kept_apart(one, element, submissions)]
    names = tuple(dict.fromkeys(organisation.name(one.person_id) for one in free))
    if first.desk.startswith(SEAT):
        names = tuple(sorted(names))
    step = to_do(first.name)
    post = _post(organisation, first)
    gone_up = _gone_up(organisation, first)
    if names and gone_up:
        text = f"{gone_up}. Waits for {listed(names)} to {step}."
    elif names:
        text = f"Waits for {listed(names)} ({post}) to {step}."
    elif holders:
        text = (
            f"Nobody in the post of {post} may {step}: whoever holds it acted in a step kept apart "
            "from this one."
        )
    elif first.desk.startswith(SEAT):
        text = f"Nobody who was seated may {step} any more. When the time is up, the dispute goes up."
    else:
        text = f"The post of {post} is vacant: nobody can {step} until somebody is appointed."
    due_at = min((task.due_at for task in tasks if task.due_at is not None), default=None)
    return WaitingFor(
        element_id=first.element_id,
        name=first.name,
        sentence=text,
        candidates=names,
        is_vacant=not holders or bool(gone_up),
        due_at=due_at,
        is_overdue=due_at is not None and due_at < now,
        task_id=next((task.id for task in tasks if task.id in own), None),
    )


def _kept_apart(authority: Authority, element: Element | None, submissions: Sequence[Submission]) -> bool:
    """As the engine keeps duties apart; said here so that a page names only those who may act."""
    if element is None or not element.separate_from:
        return False
    performers = acted([one for one in submissions if one.element_id in element.separate_from])
    return bool(performers & {authority.person_id, authority.on_behalf_of or authority.person_id})


def _post(organisation: Organisation, task: Task) -> str:
    if task.desk.startswith(f"{SEAT}{MILESTONE}"):
        return "owner of the milestone"
    if task.desk.startswith(SEAT):
        return Role.COMMITTEE.label.lower()
    role, unit = read_desk(task.desk)
    return organisation.title(role, unit) if role else "named in the case"


def _gone_up(organisation: Organisation, task: Task) -> str:
    role, unit = read_desk(task.desk)
    return tiers.told(organisation, role, unit) if role else ""


def _time(element: Element | None, timer: Timer, now: datetime) -> WaitingFor:
    name = element.name if element and element.name else timer.element_id
    text = f"Waits until {moment(timer.due_at)}: {sentence(to_do(name))}"
    return WaitingFor(timer.element_id, name, text, (), False, timer.due_at, timer.due_at < now, None)


def _failed(elements: Mapping[str, Element], incident: Incident) -> WaitingFor:
    element = elements.get(incident.element_id or "")
    name = element.name if element and element.name else (incident.element_id or "the case")
    text = f"Stopped before “{name}”. {sentence(incident.cause)}"
    return WaitingFor(incident.element_id or "", name, text, (), False, None, False, None)


def waiting_sentence(context: Context, reading: Reading, instance: Instance) -> str:
    """Whom a case waits for, in one sentence for a list; empty where it has ended."""
    if instance.state is not InstanceState.RUNNING:
        return ""
    engine, connection = context.engine, reading.connection
    waiting = waiting_for(
        connection,
        reading.organisation,
        engine.definitions.elements(connection, instance.version_hash),
        engine.tasks.of_instance(connection, instance.id),
        engine.timers.of_instance(connection, instance.id),
        engine.incidents.open(connection, instance.id),
        engine.instances.submissions(connection, instance.id, reader=None),
        (),
        reading.now,
    )
    return " ".join(one.sentence for one in waiting)


def due_words(task: Task, now: datetime) -> str:
    """When a task is due, in words."""
    return due(task.due_at, now)
