"""Joins that wait for what arrives in their own round, and for nothing else.

SpiffWorkflow counts arrivals by the tasks left in its tree. Those of an earlier round stay there, so that in
a loop a join may go on before its branches are in. Here a join that goes on takes its arrivals with it, and
looks at nothing that came before it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import ParallelGateway
from SpiffWorkflow.util.deep_merge import DeepMerge
from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


class ParallelJoin(ParallelGateway):
    """A parallel gateway that goes on once every incoming flow has brought a token of this round."""

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        return arrived_inputs(my_task) >= {spec.name for spec in self.inputs}

    def _run_hook(self, my_task: Task) -> bool:
        take_arrivals(my_task)
        return True


def arrived_inputs(my_task: Task) -> set[str]:
    """Names of the specs from which a token has come to a join and was not taken on yet."""
    return {task.parent.task_spec.name for task in (my_task, *_others(my_task))}


def take_arrivals(my_task: Task) -> None:
    """Take one token of every incoming flow along: their tasks leave the tree. Further ones wait."""
    taken = {my_task.parent.task_spec.name}
    left = []
    for task in _others(my_task):
        name = task.parent.task_spec.name
        if name in taken:
            left.append(task)
            continue
        taken.add(name)
        DeepMerge.merge(my_task.data, task.parent.data)
        my_task.workflow._remove_task(task.id)
    my_task._inherit_data()
    if left:
        left[-1]._set_state(TaskState.WAITING)


def is_due(my_task: Task) -> bool:
    """Whether an inclusive join may go on (BPMN 2.0.2, 13.4.3).

    It waits while a token elsewhere can still come to an incoming flow that is empty, unless that token can
    also come to one that has its token already; ways through the join itself do not count.
    """
    join = my_task.task_spec
    arrived = arrived_inputs(my_task)
    empty = {spec.name for spec in join.inputs} - arrived
    if not empty:
        return True
    for spec in _tokens_elsewhere(my_task):
        reached = _reached(spec, join)
        if reached & empty and not reached & arrived:
            return False
    return True


def _others(my_task: Task) -> list[Task]:
    """The other tokens at a join. The library cancels all but the last to wait; they count all the same."""
    before = {task.id for task in _ancestors(my_task)}
    return [
        task
        for task in my_task.workflow.tasks.values()
        if task.task_spec is my_task.task_spec
        and task is not my_task
        and task.state & (TaskState.WAITING | TaskState.CANCELLED)
        and task.id not in before
        and task.parent.state == TaskState.COMPLETED
    ]


def _ancestors(my_task: Task) -> list[Task]:
    found = []
    task = my_task.parent
    while task is not None:
        found.append(task)
        task = task.parent
    return found


def _tokens_elsewhere(my_task: Task) -> list[Any]:
    """Specs at which there is a token now, the join's own left out."""
    return [
        task.task_spec
        for task in my_task.workflow.tasks.values()
        if task.state & TaskState.DEFINITE_MASK
        and task.task_spec is not my_task.task_spec
        and task.parent is not None
        and task.parent.state & TaskState.FINISHED_MASK
    ]


def _reached(spec: Any, join: Any) -> set[str]:
    """Names of the specs to which a token can come, the one it is at included, without passing the join."""
    found = {spec.name}
    pending = [spec]
    while pending:
        for following in pending.pop().outputs:
            if following is not join and following.name not in found:
                found.add(following.name)
                pending.append(following)
    return found
