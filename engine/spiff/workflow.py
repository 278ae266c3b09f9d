"""Subclasses of SpiffWorkflow's workflows: flat scans instead of tree walks, a bound on steps, a trace."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskFilter, TaskState

from engine.errors import ElementFailed
from engine.spiff.alike import standing
from engine.spiff.case import Case
from engine.spiff.environment import CaseScriptEngine
from engine.spiff.tree import base_id, element_of

# The library tests these loggers' own level, and otherwise lists all task ids at each change of state.
logging.getLogger("spiff.task").setLevel(logging.WARNING)
logging.getLogger("spiff.workflow").setLevel(logging.WARNING)

STEPS_PER_COMMAND = 1_000
"""Automatic steps one command may take: a diagram that goes round without anybody acting is stopped there."""


class _FlatScans:
    """Replaces the library's walks over the whole tree by one pass over the task table."""

    tasks: dict[Any, Task]
    task_tree: Task
    completed: bool

    def get_tasks(self, first_task: Task | None = None, **kwargs: Any) -> list[Task]:
        if first_task is not None or not kwargs.keys() <= {"state", "spec_name", "manual"}:
            return list(self.get_tasks_iterator(first_task, **kwargs))  # type: ignore[attr-defined]  # the base's
        if kwargs.keys() == {"state"}:
            state = kwargs["state"]
            return [task for task in self.tasks.values() if task._state & state]
        task_filter = TaskFilter(**kwargs)
        return [task for task in list(self.tasks.values()) if task_filter.matches(task)]

    def update_waiting_tasks(self) -> None:
        waiting = TaskState.WAITING
        for task in [t for t in standing(self.tasks) if t._state == waiting]:
            if task.state == TaskState.WAITING and task.id in self.tasks:
                task.task_spec._update(task)

    def is_completed(self) -> bool:
        if not self.completed:
            unfinished = TaskState.NOT_FINISHED_MASK
            self.completed = not any(t._state & unfinished for t in standing(self.tasks))
        return self.completed


class CaseSubWorkflow(_FlatScans, BpmnSubWorkflow):
    """An embedded subprocess or a called process."""


class CaseWorkflow(_FlatScans, BpmnWorkflow):
    """A case's workflow, with the case it belongs to."""

    def __init__(self, spec: Any, subprocess_specs: dict[str, Any], case: Case, **kwargs: Any) -> None:
        self.case = case
        super().__init__(spec, subprocess_specs, script_engine=CaseScriptEngine(case), **kwargs)

    def create_subprocess(self, my_task: Task, spec_name: str) -> CaseSubWorkflow:
        """As the library does, with the flat scans."""
        subprocess = CaseSubWorkflow(
            self.subprocess_specs[spec_name], parent_task_id=my_task.id, top_workflow=self
        )
        self.subprocesses[my_task.id] = subprocess
        return subprocess

    def refresh_timers(self) -> None:
        """Nothing: timers fire by their due rows, never by the machine's clock."""

    def all_tasks(self) -> Iterator[Task]:
        """Every task of the case, subprocesses included."""
        yield from list(self.tasks.values())
        for subprocess in list(self.subprocesses.values()):
            yield from list(subprocess.tasks.values())

    def all_standing(self) -> Iterator[Any]:
        """The same, with the row in place of each task that nobody asked for yet."""
        yield from standing(self.tasks)
        for subprocess in list(self.subprocesses.values()):
            yield from standing(subprocess.tasks)

    def _do_engine_steps(self, will_complete_task: Any = None, did_complete_task: Any = None) -> bool:
        """As the library does, but a task that an earlier one of the same pass cancelled is not run."""
        subprocesses = self.get_active_subprocesses()
        ran = 0
        for workflow in [*sorted(subprocesses, key=lambda w: w.depth, reverse=True), self]:
            count = 1
            while count:
                count = self._run_ready(workflow, will_complete_task, did_complete_task)
                ran += count
                if workflow is self:
                    break
            if workflow.parent_task_id is not None:
                parent = self.get_task_from_id(workflow.parent_task_id)
                if parent is not None and parent.state & TaskState.NOT_FINISHED_MASK:
                    parent.task_spec._update(parent)
        return ran > 0 or len(self.get_active_subprocesses()) > len(subprocesses)

    def _run_ready(self, workflow: Any, before: Any, after: Any) -> int:
        count = 0
        ready = TaskState.READY
        for task in [t for t in standing(workflow.tasks) if t._state == ready and not t.task_spec.manual]:
            if task.state != TaskState.READY or task.id not in workflow.tasks:
                continue
            if self.begins(task):
                before(task)
                task.run()
                after(task)
            count += 1
        return count

    def begins(self, my_task: Task, otherwise: int = TaskState.STARTED) -> bool:
        """Note which element is at work; False where it is made to fail, and then left in another state."""
        element_id = self.case.at = element_of(my_task.task_spec.name)
        if element_id not in self.case.forced:
            return True
        my_task._set_state(otherwise)
        self.case.fail(element_id, ElementFailed(self.case.forced[element_id]))
        return False

    def run_automatic_steps(self) -> None:
        """Run until only people, timers or messages can go on.

        Raises:
            ElementFailed: when the bound on steps is passed.
        """
        self.do_engine_steps(will_complete_task=self._count_step, did_complete_task=self.record)

    def _count_step(self, my_task: Task) -> None:
        self.case.trace.steps += 1
        if self.case.trace.steps > STEPS_PER_COMMAND:
            raise ElementFailed(
                f"The diagram went round {STEPS_PER_COMMAND:,} automatic steps without waiting for anybody.",
                element_id=base_id(my_task.task_spec.name),
            )

    def record(self, my_task: Task) -> None:
        """Put a completed element, and the flows that leave it, into the trace."""
        if my_task.state != TaskState.COMPLETED:
            return
        name = my_task.task_spec.name
        element = self.case.elements.get(name)
        if element is None:
            return
        before = (
            None if my_task.parent is None else self.case.elements.get(base_id(my_task.parent.task_spec.name))
        )
        if before is not None and before.kind == "eventBasedGateway":
            # Which way it went is known only now that one of its events happened.
            self._take_flow(before.id, name)
        self.case.trace.elements.append(name)
        if element.kind == "endEvent" and my_task.workflow is self:
            self.case.trace.outcome = element.name or name
        if element.kind == "eventBasedGateway":
            return
        for child in my_task.children:
            if child.state & ~TaskState.PREDICTED_MASK:
                self._take_flow(name, base_id(child.task_spec.name))

    def _take_flow(self, source: str, target: str) -> None:
        flow = self.case.flows.get((source, target))
        if flow is not None:
            self.case.trace.flows.append(flow)
