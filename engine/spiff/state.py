"""A case's state as one compact document, restored around the shared specs of its version.

Only what belongs to the case is stored: the task tree (ids, states, what is local to tokens), the data
scopes and the count of rounds. The format has a number. A new one brings an upgrade step from the one before,
which is taken when a state is read; golden files of every format are restored and continued in the tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache, partial
from itertools import groupby
from typing import Any
from uuid import UUID, SafeUUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.db.types import TAG_MARK, dump_tagged, untag
from engine.errors import StateUnreadable
from engine.spiff.alike import Alike, TaskTable, standing
from engine.spiff.case import Case
from engine.spiff.compile import Compiled
from engine.spiff.fold import fold
from engine.spiff.tree import key_of
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow

FORMAT = 2


def _from_1(document: dict[str, Any]) -> dict[str, Any]:
    """Format 1 wrote each open task of a multi-instance in a row of its own, which is still read."""
    return {**document, "format": 2}


UPGRADES: Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]] = {1: _from_1}
"""The step from each earlier format to the next. A document is plain data with tags read."""


def dump(workflow: CaseWorkflow) -> bytes:
    """The state as bytes: canonical, so that the same state gives the same bytes."""
    fold(workflow)
    for subprocess in list(workflow.subprocesses.values()):
        fold(subprocess)
    open_subprocesses: dict[str, Any] = {}
    if workflow.subprocesses:
        there = set(workflow.tasks).union(
            *(subprocess.tasks for subprocess in workflow.subprocesses.values())
        )
        open_subprocesses = {
            str(task_id): {"spec": sub.spec.name, **_dump_tree(sub)}
            for task_id, sub in workflow.subprocesses.items()
            if task_id in there
        }
    document: dict[str, Any] = {
        "format": FORMAT,
        "scopes": workflow.case.scopes,
        "entries": workflow.case.entries,
        "tree": _dump_tree(workflow),
    }
    if open_subprocesses:
        document["subprocesses"] = open_subprocesses
    return dump_tagged(document)


def restore(compiled: Compiled, data: bytes, case: Case) -> CaseWorkflow:
    """The workflow whose state `dump` wrote, around the version's shared specs.

    Raises:
        StateUnreadable: where the format is no release's.
    """
    document = read(data)
    case.scopes = document["scopes"]
    case.entries = document["entries"]
    workflow = CaseWorkflow(compiled.spec, dict(compiled.subprocess_specs), case, deserializing=True)
    _restore_tree(workflow, document["tree"])
    waiting = document.get("subprocesses", {})
    _restore_subprocesses(workflow, workflow, waiting)
    return workflow


def read(data: bytes) -> dict[str, Any]:
    """A stored state as a document of this release's format. Raises `StateUnreadable`."""
    found = _read(data)
    if not isinstance(found, dict):
        raise StateUnreadable()
    document: dict[str, Any] = found
    while document.get("format") != FORMAT:
        upgrade = UPGRADES.get(document.get("format", 0))
        if upgrade is None:
            raise StateUnreadable()
        document = upgrade(document)
    return document


def _read(data: bytes) -> Any:
    """The document. Its tree, the last of its keys and the largest, is searched only where it has tags."""
    try:
        document = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise StateUnreadable() from error
    if TAG_MARK not in data or not isinstance(document, dict):
        return document
    tree = document.pop("tree", None)
    document = untag(document)
    if data.find(TAG_MARK, max(0, data.find(b'"tree":'))) >= 0:
        tree = untag(tree)
    return {**document, "tree": tree}


def _dump_tree(workflow: Any) -> dict[str, Any]:
    """Rows in tree order: [id, parent's row, state, spec, triggered, local data, internal data].

    Open tasks of one multi-instance that differ in their items alone are one row together (`_together`): of a
    large vote, nearly everything.
    """
    rows: list[Any] = []
    tasks, last = workflow.tasks, workflow.last_task
    tree = {"rows": rows, "completed": workflow.completed, "success": workflow.success}
    pending: list[tuple[Any, int]] = [(workflow.task_tree, -1)]
    here = -1
    together = _Together(rows)
    while pending:
        task, parent = pending.pop()
        if type(task) is tuple:
            row, keys = task
            together.add_all(parent, row, keys)
            here += len(keys)
            continue
        here += 1
        if task is last:
            tree["last"] = here
        internal, data = task.internal_data, task.data
        if len(internal) == 2 and len(data) == 1 and not task._children:
            ((name, item),) = data.items()
            if type(item) is str and internal.get("item") == item and "index" in internal:
                of = (parent, task._state, task.task_spec.name, int(task.triggered), name)
                together.add(of, key_of(task), item, internal["index"])
                continue
        together.of = None
        row = [key_of(task), parent, task._state, task.task_spec.name]
        if internal:
            row += (int(task.triggered), data, internal)
        elif data:
            row += (int(task.triggered), data)
        elif task.triggered:
            row.append(1)
        rows.append(row)
        children = [(child, here) for child in _below(tasks, task)]
        pending += reversed(children)
    return tree


def _below(tasks: dict[Any, Any], task: Task) -> Iterator[Any]:
    """A task's children; those that stand by their row and lie side by side as the row and their keys."""
    for row, keys in groupby(task._children, partial(dict.__getitem__, tasks)):
        yield (row, list(keys)) if type(row) is Alike else row


class _Together:
    """Writes open tasks that differ in their items alone into one row."""

    def __init__(self, rows: list[Any]) -> None:
        self.of: tuple[Any, ...] | None = None
        """What those of the row begun have in common."""
        self._rows = rows
        self._row: dict[str, Any] = {}

    def add(self, of: tuple[Any, ...], key: str, item: str, index: Any) -> None:
        """One more, in the row begun where it is like those."""
        if of != self.of:
            self.of = of
            self._row = {"of": of, "ids": [], "items": [], "index": []}
            self._rows.append(self._row)
        row = self._row
        row["ids"].append(key)
        row["items"].append(item)
        row["index"].append(index)

    def add_all(self, parent: int, alike: Alike, keys: list[str]) -> None:
        """Some of a row that nobody asked for, below a parent's row."""
        places = [alike.places[key] for key in keys]
        items, index = alike.items, alike.index
        of = (parent, alike._state, alike.task_spec.name, 1, alike.item_name)
        self.add(of, keys[0], items[places[0]], index[places[0]])
        row, further = self._row, places[1:]
        row["ids"] += keys[1:]
        row["items"] += [items[place] for place in further]
        row["index"] += [index[place] for place in further]


def rows_of(tree: dict[str, Any]) -> Iterator[list[Any]]:
    """The rows of a stored tree, each task's by itself."""
    for row in tree["rows"]:
        if isinstance(row, list):
            yield row
            continue
        parent, state, spec, triggered, name = row["of"]
        for key, item, index in zip(row["ids"], row["items"], row["index"], strict=True):
            yield [key, parent, state, spec, triggered, {name: item}, {"index": index, "item": item}]


def _restore_tree(workflow: Any, tree: dict[str, Any]) -> None:
    tasks: list[Any] = []
    specs = workflow.spec.task_specs
    events = workflow.top_workflow.event_manager
    at = time.time()
    for row in tree["rows"]:
        if type(row) is dict:
            tasks += _restore_alike(workflow, specs, tasks, row, at)
            continue
        task = _restore_task(workflow, specs[row[3]], tasks[row[1]] if row[1] >= 0 else None, row, at)
        if row[2] == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            events.add_task(task)
        tasks.append(task)
    workflow.task_tree = tasks[0]
    workflow.completed = tree["completed"]
    workflow.success = tree["success"]
    workflow.last_task = tasks[tree.get("last", 0)]


@lru_cache(maxsize=16_384)
def _uuid(text: str) -> UUID:
    """The id that 32 hexadecimal digits say, without the questions that a text from elsewhere would need."""
    made = UUID.__new__(UUID)
    _put(made, "int", int(text, 16))
    _put(made, "is_safe", _UNKNOWN)
    return made


_put = object.__setattr__
_UNKNOWN = SafeUUID.unknown


def _restore_task(workflow: Any, spec: Any, parent: Task | None, row: list[Any], at: float) -> Task:
    """A task as the library's own constructor makes it, with what its row holds: a vote may have hundreds."""
    length = len(row)
    task = Task.__new__(Task)
    made = _uuid(row[0])
    task.__dict__ = {
        "id": made,
        "parley_key": row[0],
        "workflow": workflow,
        "_parent": None if parent is None else parent.id,
        "_children": [],
        "_state": row[2],
        "triggered": length > 4 and bool(row[4]),
        "task_spec": spec,
        "thread_id": Task.thread_id_pool,
        "data": row[5] if length > 5 else {},
        "internal_data": row[6] if length > 6 else {},
        "last_state_change": at,
    }
    workflow.tasks[made] = task
    if parent is not None:
        parent._children.append(made)
    return task


def _restore_alike(
    workflow: Any, specs: Mapping[str, Any], before: list[Any], row: dict[str, Any], at: float
) -> list[Any]:
    """The tasks of one row, or the row in place of each where they are made only when asked for."""
    place, state, name, triggered, item_name = row["of"]
    parent, spec = before[place], specs[name]
    if Alike.can_stand(row, parent, spec):
        if type(workflow.tasks) is not TaskTable:
            workflow.tasks = TaskTable(workflow.tasks)
        alike = Alike(row, parent, spec, partial(_restore_task, at=at))
        workflow.tasks.update(dict.fromkeys(row["ids"], alike))
        parent._children += row["ids"]
        return [alike] * len(row["ids"])
    return [
        _restore_task(
            workflow, spec, parent, [key, 0, state, name, triggered, {item_name: item}, internal], at
        )
        for key, item, index in zip(row["ids"], row["items"], row["index"], strict=True)
        for internal in ({"index": index, "item": item},)
    ]


def _restore_subprocesses(top: CaseWorkflow, workflow: Any, waiting: dict[str, Any]) -> None:
    """Parents before their children: a subprocess needs the task it belongs to."""
    if not waiting:
        return
    for task in standing(workflow.tasks):
        stored = None if type(task) is Alike else waiting.pop(str(task.id), None)
        if stored is None:
            continue
        subprocess = CaseSubWorkflow(
            top.subprocess_specs[stored["spec"]], parent_task_id=task.id, top_workflow=top, deserializing=True
        )
        top.subprocesses[task.id] = subprocess
        _restore_tree(subprocess, stored)
        subprocess.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _restore_subprocesses(top, subprocess, waiting)
