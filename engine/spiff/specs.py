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
    EndEvent,
    ExclusiveGateway,
    InclusiveGateway,
    IntermediateThrowEvent,
    SendTask,
    ServiceTask,
    SubWorkflowTask,
)
from SpiffWorkflow.util.task import TaskState

from engine.db.types import plain
from engine.errors import ElementFailed
from engine.spiff.joins import is_due, take_arrivals
from engine.spiff.tree import base_id, scope_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from SpiffWorkflow.task import Task

    from engine.dmn import Model
    from engine.spiff.case import Case


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


class DecisionTask(ServiceTask):
    """A business rule task: makes a decision of its version's tables. The library's own DMN is not used."""

    model: Model
    decision: str

    def _run_hook(self, my_task: Task) -> bool | None:
        case = case_of(my_task)
        try:
            case.decide(case.elements[self.name], self.model, self.decision, scope_of(my_task), my_task.data)
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
        take_arrivals(my_task)
        try:
            matches, defaults = self._get_matching_outputs(my_task)
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            return None
        my_task._sync_children(matches or defaults, TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        return True

    def _check_threshold_unstructured(self, my_task: Task) -> bool:
        return is_due(my_task)

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


class _Sending:
    """Throws its event; left undone, with an incident, where key or payload cannot be worked out."""

    name: str

    def _run_hook(self, my_task: Task) -> bool | None:
        try:
            return bool(super()._run_hook(my_task))  # type: ignore[misc]  # the library's throwing event
        except ElementFailed as error:
            case_of(my_task).fail(self.name, error)
            return None


class SendingEvent(_Sending, IntermediateThrowEvent):
    """An intermediate throw event."""


class SendingEnd(_Sending, EndEvent):
    """An end event, with or without something to throw."""


class SendingTask(_Sending, SendTask):
    """A send task."""


class EmbeddedSubprocess(SubWorkflowTask):
    """An embedded subprocess: works on its process's data; only what is local to the token goes in."""

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """Nothing comes back by the token: answers are in the case's data already."""


class CalledProcess(CallActivity):
    """A call activity: works in a scope of its own, which becomes its result under its id.

    What it hands over stands in that scope under the id of the called process's start event, as if somebody
    had filled in that start event's form.
    """

    def _update_hook(self, my_task: Task) -> bool | None:
        if my_task.workflow.top_workflow.subprocesses.get(my_task.id) is None:
            case = case_of(my_task)
            my_task._inherit_data()
            try:
                given = self._handed_over(case, my_task)
            except ElementFailed as error:
                case.fail(base_id(self.name), error)
                my_task._set_state(TaskState.STARTED)
                my_task.internal_data["unentered"] = True
                return None
            my_task.internal_data.pop("unentered", None)
            case.scopes[str(my_task.id)] = self._begun_with(my_task, given)
        done: bool | None = super()._update_hook(my_task)
        return done

    def _handed_over(self, case: Case, my_task: Task) -> dict[str, Any]:
        """Raises `ElementFailed` where a value cannot be worked out, or not be kept."""
        element = case.elements[base_id(self.name)]
        given = case.parameters(element, scope_of(my_task), my_task.data)
        try:
            return dict(deepcopy(plain(given)))
        except ValueError as error:
            raise ElementFailed(
                f"What it hands to the called process cannot be kept: {error}.",
                element_id=element.id,
                names=tuple(given),
            ) from error

    def _begun_with(self, my_task: Task, given: Mapping[str, Any]) -> dict[str, Any]:
        """The called process's scope as it begins; empty where nothing is handed over."""
        if not given:
            return {}
        (start,) = my_task.workflow.top_workflow.subprocess_specs[self.spec].bpmn_start_events
        return {start.name: dict(given)}

    def copy_data(self, my_task: Task, subworkflow: Any) -> None:
        """What is local to the token goes in; all else is in the scope."""
        start = subworkflow.get_next_task(subworkflow.task_tree, skip_subprocesses=True, spec_name="Start")
        start.set_data(**deepcopy(my_task.data))

    def update_data(self, my_task: Task, subworkflow: Any) -> None:
        """What the called process gathered stands under the call activity's id."""
        case = case_of(my_task)
        case.scopes[scope_of(my_task)][base_id(self.name)] = case.scopes.pop(str(my_task.id), {})
