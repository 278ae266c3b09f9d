"""A case's state as one compact document, restored around the shared specs of its version.

Only what belongs to the case is stored: the task tree (ids, states, what is local to tokens), the data
scopes and the count of rounds. States are only ever restored by the format that wrote them; a new format
brings an upgrade step here, and keeps golden files of the old one in the tests.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.db.types import dump_tagged, load_tagged
from engine.errors import StateUnreadable
from engine.spiff.case import Case
from engine.spiff.compile import Compiled
from engine.spiff.fold import fold
from engine.spiff.workflow import CaseSubWorkflow, CaseWorkflow

FORMAT = 1


def dump(workflow: CaseWorkflow) -> bytes:
    """The state as bytes: canonical, so that the same state gives the same bytes."""
    fold(workflow)
    for subprocess in list(workflow.subprocesses.values()):
        fold(subprocess)
    open_subprocesses = {
        str(task_id): {"spec": sub.spec.name, **_dump_tree(sub)}
        for task_id, sub in workflow.subprocesses.items()
        if task_id in _all_ids(workflow)
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
    document = load_tagged(data)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise StateUnreadable()
    case.scopes = document["scopes"]
    case.entries = document["entries"]
    workflow = CaseWorkflow(compiled.spec, dict(compiled.subprocess_specs), case, deserializing=True)
    _restore_tree(workflow, document["tree"])
    waiting = document.get("subprocesses", {})
    _restore_subprocesses(workflow, workflow, waiting)
    return workflow


def _all_ids(workflow: CaseWorkflow) -> set[UUID]:
    return {task.id for task in workflow.all_tasks()}


def _dump_tree(workflow: Any) -> dict[str, Any]:
    """Rows in tree order: [id, parent's row, state, spec, triggered, local data, internal data]."""
    rows: list[list[Any]] = []
    index: dict[UUID, int] = {}
    pending = [workflow.task_tree]
    while pending:
        task = pending.pop()
        index[task.id] = len(rows)
        parent = index.get(task._parent, -1) if task._parent is not None else -1
        row = [
            task.id.hex,
            parent,
            task.state,
            task.task_spec.name,
            int(task.triggered),
            task.data,
            task.internal_data,
        ]
        while row[-1] in ({}, 0):
            row.pop()
        rows.append(row)
        pending.extend(reversed(task.children))
    last = workflow.last_task
    tree = {"rows": rows, "completed": workflow.completed, "success": workflow.success}
    if last is not None and last.id in index:
        tree["last"] = index[last.id]
    return tree


def _restore_tree(workflow: Any, tree: dict[str, Any]) -> None:
    tasks: list[Task] = []
    specs = workflow.spec.task_specs
    events = workflow.top_workflow.event_manager
    for row in tree["rows"]:
        key, parent, state, name, *rest = row
        task = Task(
            workflow, specs[name], tasks[parent] if parent >= 0 else None, state=state, id=UUID(hex=key)
        )
        task.triggered = bool(rest[0]) if rest else False
        task.data = rest[1] if len(rest) > 1 else {}
        task.internal_data = rest[2] if len(rest) > 2 else {}
        if state == TaskState.WAITING and isinstance(task.task_spec, CatchingEvent):
            events.add_task(task)
        tasks.append(task)
    workflow.task_tree = tasks[0]
    workflow.completed = tree["completed"]
    workflow.success = tree["success"]
    workflow.last_task = tasks[tree.get("last", 0)]


def _restore_subprocesses(top: CaseWorkflow, workflow: Any, waiting: dict[str, Any]) -> None:
    """Parents before their children: a subprocess needs the task it belongs to."""
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
