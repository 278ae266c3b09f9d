"""Small questions about SpiffWorkflow's task tree."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity

from engine.spiff.case import ROOT

if TYPE_CHECKING:
    from SpiffWorkflow.task import Task


@lru_cache(maxsize=65_536)
def base_id(spec_name: str) -> str:
    """The BPMN id behind a spec's name: the library wraps elements that have boundary events or loop."""
    return spec_name.removesuffix(" [child]").removesuffix(".BoundaryEventSplit")


def element_of(spec_name: str) -> str:
    """The BPMN id that any of an element's specs belongs to."""
    return base_id(spec_name).removesuffix(".BoundaryEventJoin")


def key_of(my_task: Task) -> str:
    """A task's id as text, worked out once: with many tasks that is what most of the time would go into."""
    attributes = my_task.__dict__
    key: str | None = attributes.get("parley_key")
    if key is None:
        key = attributes["parley_key"] = my_task.id.hex
    return key


def scope_of(my_task: Task) -> str:
    """Key of the data scope that a task works in: its nearest call activity, or the process itself."""
    workflow = my_task.workflow
    while workflow.parent_task_id is not None:
        parent = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
        if isinstance(parent.task_spec, CallActivity):
            return str(parent.id)
        workflow = parent.workflow
    return ROOT
