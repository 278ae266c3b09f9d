"""Folding completed history out of a task tree, so that a case may go round for years.

SpiffWorkflow keeps every task a case ever ran, walks them all, and stops counting at depth 1000. What
happened is in the journal and the answers; the tree need only hold what can still matter:

* unfinished tasks;
* finished ones where unfinished branches fork, so that each keeps its own parent;
* for a join that waits, the tasks by which it counts the branches that have already arrived;
* for a boundary join still to come, the split it will look for among its ancestors.

Everything else is taken out, and its one living child moves up into its place.
"""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.alike import Alike, standing


def fold(workflow: Any) -> int:
    """Take finished tasks that can no longer matter out of the tree.

    Returns:
        How many were taken out.
    """
    if workflow.completed:
        return 0
    joins, splits = _needed(workflow)
    removed = 0
    tasks, finished = workflow.tasks, TaskState.FINISHED_MASK
    order: list[tuple[Task, Task | None, list[Task]]] = []
    pending: list[tuple[Task, Task | None]] = [(workflow.task_tree, None)]
    while pending:
        task, parent = pending.pop()
        # Below what goes on, tasks that nobody asked for stay as they stand in the table.
        there = tasks.__getitem__ if task._state & finished else partial(dict.__getitem__, tasks)
        children = list(dict.fromkeys(map(there, task._children)))
        order.append((task, parent, children))
        # What is open and has nothing below it stays as it is: of a large vote, nearly everything.
        pending.extend([(each, task) for each in children if each._children or each._state & finished])
    gone: set[int] = set()
    moved: dict[int, Task] = {}
    for task, parent, children in reversed(order):  # children before parents
        # A child that was taken out has left its place to its own one.
        present = [moved.get(id(child), child) for child in children]
        needed = (
            not task._state & finished
            or _is_arrival(task, joins)
            or any(_is_arrival(child, joins) for child in present)
        )
        living = [child for child in present if id(child) not in gone]
        for child in present:
            if id(child) in gone:
                removed += _drop(workflow, child)
        if not needed and not living:
            gone.add(id(task))
        # A boundary join looks for its split, and at the split's own children.
        held = task.id in splits or (parent is not None and parent.id in splits)
        if parent is None or needed or held or len(living) != 1:
            continue
        _splice(workflow, task, parent, living[0])
        moved[id(task)] = living[0]
        removed += 1
    if workflow.last_task is not None and workflow.last_task.id not in tasks:
        workflow.last_task = workflow.task_tree
    return removed


def _needed(workflow: Any) -> tuple[set[str], set[UUID]]:
    """Names of joins still to come, and the very splits that boundary joins still to come will look for."""
    joins: set[str] = set()
    splits: set[UUID] = set()
    past = TaskState.FINISHED_MASK | TaskState.PREDICTED_MASK
    for task in standing(workflow.tasks):
        if type(task) is Alike or task._state & past:
            continue
        spec = task.task_spec
        for following in (spec, *spec.outputs):
            if isinstance(following, BoundaryEventJoin):
                split = task.find_ancestor(following.split_task)
                if split is not None:
                    splits.add(split.id)
        if isinstance(spec, UnstructuredJoin) and spec is not workflow.spec.end:
            joins.add(spec.name)
    return joins, splits


def _is_arrival(task: Task, joins: set[str]) -> bool:
    """Whether a join still to come counts a branch by this task; one that went on is counted no more."""
    return task.task_spec.name in joins and task._state != TaskState.COMPLETED


def _splice(workflow: Any, task: Task, parent: Task, child: Task) -> None:
    """Put the child into its parent's place."""
    parent._children[parent._children.index(task.id)] = child.id
    child._parent = parent.id
    del workflow.tasks[task.id]


def _drop(workflow: Any, task: Task) -> int:
    """Take out a finished subtree."""
    parent = task.parent
    parent._children.remove(task.id)
    count = 0
    pending = [task]
    while pending:
        gone = pending.pop()
        pending.extend(gone.children)
        del workflow.tasks[gone.id]
        workflow.top_workflow.subprocesses.pop(gone.id, None)
        count += 1
    return count
