"""Messages and signals that a case waits for or sends, and the choice between events.

SpiffWorkflow lets any waiter take a message without a key, and merges payloads into the case's data. Here
a waiting event says what it waits for (kind, name, correlation), the engine's rows match it, and a payload
stands under the event's own id.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.bpmn.specs.defaults import IntermediateCatchEvent
from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.db.types import plain
from engine.errors import ElementFailed
from engine.spiff.tree import base_id, scope_of

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task

    from engine.spiff.case import Case

MESSAGE = "message"
SIGNAL = "signal"


@dataclass(frozen=True, slots=True)
class Sent:
    """A message or signal that a case sent."""

    kind: str
    name: str
    correlation: str
    payload: Mapping[str, Any]
    element_id: str


def correlation_text(value: Any) -> str:
    """A correlation key as text: equal keys give equal texts.

    Raises:
        ElementFailed: where the value is empty, or of a kind that is no key.
    """
    if isinstance(value, Decimal):
        value = format(value.normalize(), "f")
    elif isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > 200:
        raise ElementFailed("The correlation key must be a text or a number, and not empty.")
    return value


def _correlation(case: Case, my_task: Task, kind: str) -> str:
    if kind == SIGNAL:
        return ""
    element_id = base_id(my_task.task_spec.name)
    text = case.elements[element_id].correlation
    if not text:
        raise ElementFailed("The message has no correlation key.", element_id=element_id)
    return correlation_text(case.evaluate(text, scope_of(my_task), my_task.data, element_id))


class AwaitedEvent(EventDefinition):
    """A message or signal that a case waits for."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(name)
        self.kind = kind

    def catches(self, my_task: Task, event: Any) -> bool:
        """Never by the library's own broadcast."""
        return False

    def update_task(self, my_task: Task) -> None:
        """Say what is awaited when the event starts to wait; an incident, once, where there is no key."""
        known = my_task.internal_data
        if known.get("awaits") is not None or "failed" in known or "unreceived" in known:
            return
        case = my_task.workflow.top_workflow.case
        try:
            key = _correlation(case, my_task, self.kind)
            my_task.internal_data["awaits"] = {"kind": self.kind, "name": self.name, "correlation": key}
        except ElementFailed as error:
            my_task.internal_data["failed"] = True
            case.fail(base_id(my_task.task_spec.name), error)

    def fire(self, my_task: Task, payload: Mapping[str, Any]) -> None:
        """Let the event happen; the payload stands under its id."""
        case = my_task.workflow.top_workflow.case
        case.scopes[scope_of(my_task)][base_id(my_task.task_spec.name)] = dict(payload)
        my_task.internal_data.pop("awaits", None)
        my_task.internal_data["event_fired"] = True
        my_task.task_spec._update(my_task)


class SentEvent(EventDefinition):
    """A message or signal that a case sends: a row the worker delivers after the commit."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(name)
        self.kind = kind

    def throw(self, my_task: Task) -> None:
        """Note what is sent. Raises `ElementFailed` where key or payload cannot be worked out."""
        case = my_task.workflow.top_workflow.case
        element_id = base_id(my_task.task_spec.name)
        scope, local = scope_of(my_task), my_task.data
        payload = {
            p.name: case.evaluate(p.value, scope, local, element_id)
            for p in case.elements[element_id].parameters
        }
        try:
            plain(payload)
        except ValueError as error:
            raise ElementFailed(f"The payload cannot be sent: {error}.", element_id=element_id) from error
        key = _correlation(case, my_task, self.kind)
        case.trace.sent.append(Sent(self.kind, self.name or "", key, payload, element_id))


class EventChoice(BpmnSpecMixin):
    """An event-based gateway: all of its events wait; the first to happen withdraws the others."""


class ChosenCatchEvent(IntermediateCatchEvent):
    """An intermediate catch event that withdraws its rivals behind an event-based gateway."""

    def _on_complete_hook(self, my_task: Task) -> None:
        super()._on_complete_hook(my_task)
        withdraw_rivals(my_task)


def withdraw_rivals(my_task: Task) -> None:
    """Cancel what still waits beside an event that happened, where an event-based gateway offered both."""
    parent = my_task.parent
    if parent is None or not isinstance(parent.task_spec, EventChoice):
        return
    for rival in parent.children:
        if rival is not my_task and rival.state & TaskState.NOT_FINISHED_MASK:
            rival.cancel()
