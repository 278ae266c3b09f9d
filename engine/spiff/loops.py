"""Multi-instances: items, rounds, the tally of a vote; also in a second and a third round."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.errors import ElementFailed
from engine.spiff.specs import case_of
from engine.spiff.timing import due_time
from engine.spiff.tree import scope_of
from engine.spiff.voting import is_decided, tally

LARGEST_LOOP = 1_000
"""Instances a multi-instance may have at once."""


class Instances:
    """What parallel and sequential multi-instances share: items, rounds, when a vote closes, its tally."""

    name: str
    data_input: Any
    input_item: Any
    cardinality: str | None
    condition: str | None
    _instances: Any

    def items(self, my_task: Task) -> list[Any]:
        """The items to run over. Raises `ElementFailed` where there is no list, or too long a one."""
        case, scope = case_of(my_task), scope_of(my_task)
        if self.data_input is None:
            count = case.evaluate(self.cardinality or "", scope, my_task.data, self.name)
            if (
                isinstance(count, bool)
                or not isinstance(count, int | Decimal)
                or not 0 <= count <= LARGEST_LOOP
                or count != int(count)
            ):
                raise ElementFailed(
                    f"The number of instances must be a whole number up to {LARGEST_LOOP}, "
                    f"not {'nothing' if count is None else count}.",
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

    def enter(self, my_task: Task, closes: str | None) -> None:
        """A new round: answers of an earlier one are in its submissions, and no longer in the data."""
        if closes is not None:
            my_task.internal_data["due"] = closes
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

    def closing_time(self, my_task: Task) -> str | None:
        """When a vote that closes when it is due does, as ISO 8601; None where its end is not one of time.

        Raises:
            ElementFailed: where the time cannot be worked out: nobody is asked before it is known.
        """
        element = case_of(my_task).elements[self.name]
        if element.vote is None or element.vote.close != "due" or not element.due:
            return None
        due = due_time(case_of(my_task), element.due, scope_of(my_task), my_task.data, self.name)
        return due.isoformat()

    def update_task(self, my_task: Task) -> None:
        """Work out anew when the voting ends; an incident where that fails, and the voting goes on."""
        try:
            closes = self.closing_time(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            closes = None
        my_task.internal_data["due"] = closes

    def take_over(self, my_task: Task) -> None:
        """A vote under way comes to another version: it closes in time where that one says so."""
        vote = case_of(my_task).elements[self.name].vote
        if vote is None or vote.close != "due":
            my_task.internal_data.pop("due", None)
        elif not my_task.internal_data.get("due"):
            self.update_task(my_task)

    def fire(self, my_task: Task) -> None:
        """The voting's time is over: who has not voted is asked no more, and what was cast is tallied."""
        my_task.internal_data.pop("due", None)
        my_task.internal_data.pop("remaining", None)
        for instance in self._instances(my_task):
            if instance.state & TaskState.NOT_FINISHED_MASK:
                instance.cancel()
        my_task._set_state(TaskState.READY)

    def close(self, my_task: Task) -> None:
        """Put the tally of a vote beside its answers, however the voting ended."""
        case, scope = case_of(my_task), scope_of(my_task)
        vote = case.elements[self.name].vote
        if vote is not None and "seated" in my_task.internal_data:
            result = tally(vote, case.scopes[scope].get(self.name, []), my_task.internal_data["seated"])
            case.scopes[scope][f"{self.name}_tally"] = result
            case.trace.tallies[self.name] = result

    def break_off(self, my_task: Task) -> None:
        """A boundary event, or the end of the case, ends it. What was cast so far is tallied for the record;
        where nobody was asked yet, what an earlier round gave does not stand for this one.
        """
        if my_task.internal_data.pop("unentered", None):
            scope = case_of(my_task).scopes[scope_of(my_task)]
            scope[self.name] = []
            scope.pop(f"{self.name}_tally", None)
        self.close(my_task)


class ParallelInstances(Instances, ParallelMultiInstanceTask):
    """A parallel multi-instance; with `parley:vote`, a vote over the seats of a roster."""

    def _update_hook(self, my_task: Task) -> bool | None:
        my_task._inherit_data()
        case = case_of(my_task)
        try:
            items, closes = self.items(my_task), self.closing_time(my_task)
        except ElementFailed as error:
            case.fail(self.name, error)
            my_task._set_state(TaskState.STARTED)
            my_task.internal_data["unentered"] = True
            return None
        my_task.internal_data.pop("unentered", None)
        self.enter(my_task, closes)
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
        tasks, unfinished = my_task.workflow.tasks, TaskState.NOT_FINISHED_MASK
        there = (dict.__getitem__(tasks, child) for child in my_task._children)
        return not any(c._state & unfinished and c.task_spec.name == self.task_spec for c in there)

    def _run_hook(self, my_task: Task) -> bool:
        self.close(my_task)
        return True

    def _on_cancel(self, my_task: Task) -> None:
        self.break_off(my_task)
        super()._on_cancel(my_task)


class SequentialInstances(Instances, SequentialMultiInstanceTask):
    """A sequential multi-instance."""

    def _update_hook(self, my_task: Task) -> bool | None:
        my_task._inherit_data()
        try:
            items, closes = self.items(my_task), self.closing_time(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            my_task._set_state(TaskState.STARTED)
            my_task.internal_data["unentered"] = True
            return None
        my_task.internal_data.pop("unentered", None)
        self.enter(my_task, closes)
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

    def _on_cancel(self, my_task: Task) -> None:
        self.break_off(my_task)
        super()._on_cancel(my_task)
