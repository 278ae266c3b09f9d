"""Task specs that do what Parley needs where SpiffWorkflow's own do something else.

Each is immutable in use: one parsed spec serves all cases of a version, and what belongs to a case is reached
through the task (`my_task.workflow.top_workflow.case`).

An element that cannot be carried out is left STARTED: neither done nor lost, so that an incident can say
why, and a retry can run it again.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import (
    CallActivity,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelMultiInstanceTask,
    SequentialMultiInstanceTask,
    ServiceTask,
    SubWorkflowTask,
)
from SpiffWorkflow.util.task import TaskState

from engine.errors import ElementFailed
from engine.spiff.tree import base_id, scope_of
from engine.spiff.voting import is_decided, tally

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from engine.spiff.case import Case

LARGEST_LOOP = 1_000
"""Instances a multi-instance may have at once."""


def case_of(my_task: Task) -> Case:
    """The case that a task belongs to."""
    case: Case = my_task.workflow.top_workflow.case
    return case


class OperationTask(ServiceTask):
    """A service task: calls its registered operation."""

    def _run_hook(self, my_task: Task) -> bool | None:
        case = case_of(my_task)
        try:
            case.call_operation(case.elements[self.name], scope_of(my_task), my_task.data)
        except ElementFailed as error:
            case.fail(self.name, error)
            return None
        return True


class ConditionalExclusiveGateway(ExclusiveGateway):
    """An exclusive gateway whose conditions must be true or false."""

    def _run_hook(self, my_task: Task) -> bool | None:
        case = case_of(my_task)
        try:
            chosen = self._choose(case, my_task)
        except ElementFailed as error:
            case.fail(self.name, error)
            return None
        output = my_task.workflow.spec.get_task_spec_from_name(chosen)
        my_task._sync_children([output], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True

    def _choose(self, case: Case, my_task: Task) -> str:
        scope = scope_of(my_task)
        for condition, output in self.cond_task_specs:
            if condition is not None and case.condition(condition.args[0], scope, my_task.data, self.name):
                return str(output)
        if self.default_task_spec is None:
            raise ElementFailed(
                "None of the conditions holds, and no default flow is drawn.", element_id=self.name
            )
        return str(self.default_task_spec)


class ConditionalInclusiveGateway(InclusiveGateway):
    """An inclusive gateway whose conditions must be true or false; the default only where none holds."""

    def _run_hook(self, my_task: Task) -> bool | None:
        try:
            return bool(super()._run_hook(my_task))
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            return None

    def _get_matching_outputs(self, my_task: Task) -> tuple[list[Any], list[Any]]:
        case, scope = case_of(my_task), scope_of(my_task)
        matches: list[Any] = []
        defaults: list[Any] = []
        for condition, output in self.cond_task_specs:
            spec = my_task.workflow.spec.get_task_spec_from_name(output)
            if condition is None:
                defaults.append(spec)
            elif case.condition(condition.args[0], scope, my_task.data, self.name):
                matches.append(spec)
        if not matches and not defaults:
            raise ElementFailed(
                "None of the conditions holds, and no default flow is drawn.", element_id=self.name
            )
        return matches, defaults


class EmbeddedSubprocess(SubWorkflowTask):
    """An embedded subprocess: works on its process's data; only what is local to the token goes in."""

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """Nothing comes back by the token: answers are in the case's data already."""


class CalledProcess(CallActivity):
    """A call activity: works in a scope of its own, which becomes its result under its id."""

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        """A scope of its own; the caller's data can be read from it."""
        case_of(my_task).scopes[str(my_task.id)] = {}
        start = subworkflow.get_next_task(subworkflow.task_tree, skip_subprocesses=True, spec_name="Start")
        start.set_data(**deepcopy(my_task.data))

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """What the called process gathered stands under the call activity's id."""
        case = case_of(my_task)
        case.scopes[scope_of(my_task)][base_id(self.name)] = case.scopes.pop(str(my_task.id), {})


class _Instances:
    """What parallel and sequential multi-instances share: items, rounds, the tally of a vote."""

    name: str
    data_input: Any
    input_item: Any
    cardinality: str | None
    condition: str | None

    def items(self, my_task: Task) -> list[Any]:
        """The items to run over. Raises `ElementFailed` where there is no list, or too long a one."""
        case, scope = case_of(my_task), scope_of(my_task)
        if self.data_input is None:
            count = case.evaluate(self.cardinality or "", scope, my_task.data, self.name)
            if (
                isinstance(count, bool)
                or count is None
                or count != int(count)
                or not 0 <= count <= LARGEST_LOOP
            ):
                raise ElementFailed(
                    f"The number of instances must be a whole number up to {LARGEST_LOOP}, not {count!r}.",
                    element_id=self.name,
                )
            return list(range(int(count)))
        found = case.evaluate(self.data_input.bpmn_id, scope, my_task.data, self.name)
        if not isinstance(found, list) or len(found) > LARGEST_LOOP:
            raise ElementFailed(
                f"{self.data_input.bpmn_id!r} must be a list of at most {LARGEST_LOOP} items.",
                element_id=self.name,
            )
        return found

    def enter(self, my_task: Task) -> None:
        """A new round: answers of an earlier one are in its submissions, and no longer in the data."""
        case, scope = case_of(my_task), case_of(my_task).scopes[scope_of(my_task)]
        my_task.internal_data["round"] = case.enter(self.name)
        my_task.internal_data["merged"] = []
        scope[self.name] = []
        scope.pop(f"{self.name}_tally", None)

    def local(self, child: Task, item: Any) -> None:
        """Give an instance its item."""
        name = self.input_item.bpmn_id if self.input_item is not None else "item"
        child.data[name] = deepcopy(item)
        child.internal_data["item"] = item

    def is_settled(self, my_task: Task) -> bool:
        """Whether the completion condition holds, or the vote is decided where it closes when certain."""
        case, scope = case_of(my_task), scope_of(my_task)
        answers = case.scopes[scope].get(self.name, [])
        vote = case.elements[self.name].vote
        if vote is not None and vote.close == "certain":
            return is_decided(vote, answers, my_task.internal_data["seated"])
        if not self.condition or not my_task.internal_data["merged"]:
            return False
        return case.condition(self.condition, scope, my_task.data, self.name)

    def close(self, my_task: Task) -> None:
        """Put the tally of a vote beside its answers, however the voting ended."""
        case, scope = case_of(my_task), scope_of(my_task)
        vote = case.elements[self.name].vote
        if vote is not None and "seated" in my_task.internal_data:
            result = tally(vote, case.scopes[scope].get(self.name, []), my_task.internal_data["seated"])
            case.scopes[scope][f"{self.name}_tally"] = result
            case.trace.tallies[self.name] = result


class ParallelInstances(_Instances, ParallelMultiInstanceTask):
    """A parallel multi-instance; with `parley:vote`, a vote over the seats of a roster."""

    def _update_hook(self, my_task: Task) -> bool | None:
        my_task._inherit_data()
        case = case_of(my_task)
        try:
            items = self.items(my_task)
        except ElementFailed as error:
            case.fail(self.name, error)
            my_task._set_state(TaskState.STARTED)
            my_task.internal_data["unentered"] = True
            return None
        my_task.internal_data.pop("unentered", None)
        self.enter(my_task)
        my_task.internal_data["seated"] = len(items)
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        for index, item in enumerate(items):
            self.create_child(my_task, item, index)
        return None

    def create_child(self, my_task: Task, item: Any, key_or_index: Any = None) -> None:
        """One instance, with its item local to it."""
        spec = my_task.workflow.spec.task_specs[self.task_spec]
        child = my_task._add_child(spec, TaskState.WAITING)
        child.triggered = True
        child.internal_data["index"] = key_or_index
        self.local(child, item)
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Task) -> None:
        """Called when an instance is done: its answers are in the case's data already."""
        my_task = child.parent
        my_task.internal_data["merged"].append(str(child.id))
        try:
            settled = self.is_settled(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            settled = False
        if settled:
            for other in self._instances(my_task):
                if other.state & TaskState.NOT_FINISHED_MASK:
                    other.cancel()
        if settled or self.children_complete(my_task):
            my_task._set_state(TaskState.READY)

    def children_complete(self, my_task: Task) -> bool:
        """Whether no instance is open any more."""
        return not any(c.state & TaskState.NOT_FINISHED_MASK for c in self._instances(my_task))

    def _run_hook(self, my_task: Task) -> bool:
        self.close(my_task)
        return True

    def _on_cancel(self, my_task: Task) -> None:
        # A boundary event ends the voting: what was cast so far is tallied for the record.
        self.close(my_task)
        super()._on_cancel(my_task)


class SequentialInstances(_Instances, SequentialMultiInstanceTask):
    """A sequential multi-instance."""

    def _update_hook(self, my_task: Task) -> bool | None:
        my_task._inherit_data()
        try:
            items = self.items(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            my_task._set_state(TaskState.STARTED)
            my_task.internal_data["unentered"] = True
            return None
        my_task.internal_data.pop("unentered", None)
        self.enter(my_task)
        my_task.internal_data["seated"] = len(items)
        my_task.internal_data["remaining"] = items
        if not items:
            return True
        my_task._set_state(TaskState.STARTED)
        self.add_next_child(my_task)
        return None

    def add_next_child(self, my_task: Task) -> None:
        """The next instance, with its item local to it."""
        item, *rest = my_task.internal_data["remaining"]
        index = my_task.internal_data["seated"] - len(rest) - 1
        my_task.internal_data["remaining"] = rest
        child = my_task._add_child(my_task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["index"] = index
        self.local(child, item)
        child.task_spec._update(child)

    def merge_child(self, workflow: Any, child: Task) -> None:
        """Called when an instance is done: on to the next, or to the end."""
        my_task = child.parent
        my_task.internal_data["merged"].append(str(child.id))
        try:
            settled = self.is_settled(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            settled = False
        if settled or not my_task.internal_data["remaining"]:
            my_task._set_state(TaskState.READY)
        else:
            self.add_next_child(my_task)

    def _run_hook(self, my_task: Task) -> bool:
        self.close(my_task)
        return True
