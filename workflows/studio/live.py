"""A version as it is worked with: what waits where, how long each step takes, which ways are taken.

Read from the record alone: tasks and the journal, of the cases that run or ran under the version.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Connection, Select, select

from engine.diagrams.elements import read_elements
from engine.diagrams.importing import read_definitions
from engine.diagrams.xml import BPMN
from engine.instances.models import instances, journal
from engine.tasks.models import tasks
from engine.types import Element, TaskState, Version
from workflows.context import Context, Reading, check
from workflows.identity.types import Person
from workflows.permissions import Permission
from workflows.studio.reading import main_path, spoken_name


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step that people do."""

    id: str
    name: str
    waiting: int
    """Open cases that wait there now."""
    longest: timedelta | None
    """How long the one that waits longest has waited."""
    done: int
    """How often it was done."""
    median: timedelta | None
    """Half of them were done in at most this time."""
    ninth: timedelta | None
    """Nine of ten were done in at most this time."""
    overdue: int
    """How often it was not done in time."""
    again: int
    """Cases that came back to it."""


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way out of a gateway."""

    id: str
    name: str
    cases: int
    """Cases that took it, once or more."""
    share: float
    """Of the cases that came to its gateway, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class WaitingCase:
    """An open case at a step."""

    id: str
    title: str
    since: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Within:
    """A call activity, and how many tasks wait in the diagrams that it calls."""

    id: str
    name: str
    waiting: int


@dataclass(frozen=True, slots=True)
class LiveView:
    """A version with the figures of its cases."""

    version: Version
    cases: int
    open_cases: int
    steps: tuple[StepRow, ...]
    within: tuple[Within, ...]
    """Call activities in whose called diagrams cases wait."""
    ways: tuple[WayRow, ...]


class Live:
    """What pages ask about a policy that is in use."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def view(self, reader: Person, key: str, version_hash: str | None = None) -> LiveView:
        """Figures of a version's cases; the newest where none is named. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> LiveView:
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            definitions, connection = self._context.engine.definitions, reading.connection
            version = (
                definitions.version(connection, version_hash, key=key)
                if version_hash
                else definitions.latest(connection, key)
            )
            files = definitions.bundle(connection, version.hash).files
            elements: dict[str, Element] = {}
            calls: dict[str, str] = {}
            for path in sorted(files, key=lambda each: each != main_path(key, files)):
                # The main diagram first, then those that it calls: ids are unique over all of them.
                if path.endswith(".bpmn"):
                    root = read_definitions(files[path])
                    elements.update(read_elements(root))
                    called = root.iter(f"{{{BPMN}}}callActivity")
                    calls.update({node.get("id", ""): node.get("calledElement", "") for node in called})
            known = connection.execute(
                select(instances.c.id, instances.c.ended_at).where(instances.c.version_hash == version.hash)
            ).all()
            steps = _steps(connection, version.hash, elements, reading.now)
            return LiveView(
                version,
                len(known),
                sum(row.ended_at is None for row in known),
                steps,
                _within(elements, calls, steps),
                _ways(connection, version.hash, elements),
            )

        return self._context.read(query)

    def waiting(self, reader: Person, key: str, version_hash: str, element_id: str) -> list[WaitingCase]:
        """The open cases that wait at a step, the longest first. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> list[WaitingCase]:
            check(reading.organisation, reader, Permission.READ_ANY_CASE)
            engine, connection = self._context.engine, reading.connection
            engine.definitions.version(connection, version_hash, key=key)
            found: dict[str, WaitingCase] = {}
            rows = connection.execute(
                _tasks(version_hash)
                .where(tasks.c.element_id == element_id, tasks.c.state == TaskState.OPEN)
                .order_by(tasks.c.opened_at)
            )
            for row in rows:
                if row.instance_id not in found:
                    title = engine.instances.get(connection, row.instance_id).title
                    found[row.instance_id] = WaitingCase(row.instance_id, title, row.opened_at, row.due_at)
            return list(found.values())

        return self._context.read(query)


def _tasks(version_hash: str) -> Select[tuple[str, str, str, int, datetime, datetime, datetime, datetime]]:
    return (
        select(
            tasks.c.instance_id,
            tasks.c.element_id,
            tasks.c.state,
            tasks.c.round,
            tasks.c.opened_at,
            tasks.c.due_at,
            tasks.c.closed_at,
            tasks.c.overdue_noted_at,
        )
        .join(instances, instances.c.id == tasks.c.instance_id)
        .where(instances.c.version_hash == version_hash)
    )


def _steps(
    connection: Connection, version_hash: str, elements: dict[str, Element], now: datetime
) -> tuple[StepRow, ...]:
    waiting: dict[str, dict[str, datetime]] = defaultdict(dict)
    took: dict[str, list[timedelta]] = defaultdict(list)
    overdue: Counter[str] = Counter()
    again: dict[str, set[str]] = defaultdict(set)
    for row in connection.execute(_tasks(version_hash)):
        step = row.element_id
        if row.state == TaskState.OPEN:
            waiting[step].setdefault(row.instance_id, row.opened_at)
        elif row.state == TaskState.COMPLETED and row.closed_at is not None:
            took[step].append(row.closed_at - row.opened_at)
        overdue[step] += row.overdue_noted_at is not None
        if row.round > 1:
            again[step].add(row.instance_id)
    return tuple(
        StepRow(
            id=key,
            name=spoken_name(element, elements),
            waiting=len(waiting[key]),
            longest=now - min(waiting[key].values()) if waiting[key] else None,
            done=len(took[key]),
            median=quantile(took[key], 0.5),
            ninth=quantile(took[key], 0.9),
            overdue=overdue[key],
            again=len(again[key]),
        )
        for key, element in elements.items()
        if element.kind == "userTask"
    )


def _within(
    elements: dict[str, Element], calls: dict[str, str], steps: Sequence[StepRow]
) -> tuple[Within, ...]:
    """How many wait behind each call activity, in what it calls and in what that calls in turn."""
    waiting = {step.id: step.waiting for step in steps}
    found = []
    for call in calls:
        processes, asked = set(), [calls[call]]
        while asked:
            process = asked.pop()
            if process not in processes:
                processes.add(process)
                inside = (key for key, each in elements.items() if each.process == process)
                asked += [calls[key] for key in inside if key in calls]
        count = sum(waiting.get(key, 0) for key, each in elements.items() if each.process in processes)
        if count and call in elements:
            found.append(Within(call, spoken_name(elements[call], elements), count))
    return tuple(found)


def _ways(connection: Connection, version_hash: str, elements: dict[str, Element]) -> tuple[WayRow, ...]:
    took: dict[str, set[str]] = defaultdict(set)
    rows = connection.execute(
        select(journal.c.instance_id, journal.c.flows)
        .join(instances, instances.c.id == journal.c.instance_id)
        .where(instances.c.version_hash == version_hash)
    )
    for row in rows:
        for flow in row.flows:
            took[flow].add(row.instance_id)
    gateways: dict[str, list[Element]] = defaultdict(list)
    for element in elements.values():
        source = elements.get(element.source or "")
        if element.kind == "sequenceFlow" and source is not None and source.kind.endswith("Gateway"):
            gateways[source.id].append(element)
    found = []
    for flows in gateways.values():
        came = set().union(*(took[flow.id] for flow in flows))
        if len(flows) > 1 and came:
            found += [
                WayRow(flow.id, _way(flow, elements), len(took[flow.id]), len(took[flow.id]) / len(came))
                for flow in flows
            ]
    return tuple(found)


def _way(flow: Element, elements: dict[str, Element]) -> str:
    whole = spoken_name(flow, elements).removeprefix("flow ")
    return f"{whole} ({flow.name})" if flow.name else whole


def quantile(values: Sequence[timedelta], share: float) -> timedelta | None:
    """The least value that `share` of the values (0 to 1) do not exceed: nearest rank; None of none."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else None
