"""A case's state as one compact document, restored around the shared specs of its version.

Only what belongs to the case is stored: the task tree (ids, states, what is local to tokens), the data
scopes and the count of rounds. States are only ever restored by the format that wrote them; a new format
brings an upgrade step here, and keeps golden files of the old one in the tests.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import UUID, SafeUUID

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.db.types import TAG_MARK, dump_tagged, untag
from engine.errors import StateUnreadable
from engine.spiff.case import Case
from engine.spiff.compile import Compiled
from engine.spiff.fold import fold
from engine.spiff.tree import key_of
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow

FORMAT = 1


def dump(workflow: CaseWorkflow) -> bytes:
    """The state as bytes: canonical, so that the same state gives the same bytes."""
    fold(workflow)
    for subprocess in list(workflow.subprocesses.values()):
        fold(subprocess)
    open_subprocesses: dict[str, Any] = {}
    if workflow.subprocesses:
        there = {task.id for task in workflow.all_tasks()}
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
        StateUnreadable: where the format is not this release's.
    """
    document = _read(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StateUnreadable()
    case.scopes = document["scopes"]
    case.entries = document["entries"]
    workflow = CaseWorkflow(compiled.spec, dict(compiled.subprocess_specs), case, deserializing=True)
    _restore_tree(workflow, document["tree"])
    waiting = document.get("subprocesses", {})
    _restore_subprocesses(workflow, workflow, waiting)
    return workflow


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
    """Rows in tree order: [id, parent's row, state, spec, triggered, local data, internal data]."""
    rows: list[list[Any]] = []
    tasks, last = workflow.tasks, workflow.last_task
    tree = {"rows": rows, "completed": workflow.completed, "success": workflow.success}
    pending = [(workflow.task_tree, -1)]
    while pending:
        task, parent = pending.pop()
        here = len(rows)
        if task is last:
            tree["last"] = here
        row = [key_of(task), parent, task._state, task.task_spec.name]
        if task.internal_data:
            row += (int(task.triggered), task.data, task.internal_data)
        elif task.data:
            row += (int(task.triggered), task.data)
        elif task.triggered:
            row.append(1)
        rows.append(row)
        pending.extend([(tasks[child], here) for child in reversed(task._children)])
    return tree


def _restore_tree(workflow: Any, tree: dict[str, Any]) -> None:
    tasks: list[Task] = []
    specs = workflow.spec.task_specs
    events = workflow.top_workflow.event_manager
    at = time.time()
    for row in tree["rows"]:
        task = _restore_task(workflow, specs[row[3]], tasks[row[1]] if row[1] >= 0 else None, row, at)
        if row[2] == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            events.add_task(task)
        tasks.append(task)
    workflow.task_tree = tasks[0]
    workflow.completed = tree["completed"]
    workflow.success = tree["success"]
    workflow.last_task = tasks[tree.get("last", 0)]


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


def _restore_subprocesses(top: CaseWorkflow, workflow: Any, waiting: dict[str, Any]) -> None:
    """Parents before their children: a subprocess needs the task it belongs to."""
    if not waiting:
        return
    for task in list(workflow.tasks.values()):
        stored = waiting.pop(str(task.id), None)
        if stored is None:
            continue
        subprocess = CaseSubWorkflow(
            top.subprocess_specs[stored["spec"]], parent_task_id=task.id, top_workflow=top, deserializing=True
        )
        top.subprocesses[task.id] = subprocess
        _restore_tree(subprocess, stored)
        subprocess.completed_event.connect(task.task_spec._on_subworkflow_completed, task)
        _restore_subprocesses(top, subprocess, waiting)
