"""What a case that stands where it stands would miss under another version of its diagram.

An event is begun to be waited for when the flow comes to what it is attached to or follows, and a branch
when the flow comes to its gateway. What a new version draws there comes too late for a case that is past it:
an event would never happen, and a join would wait for ever.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.spiff.events import EventChoice
from engine.spiff.joins import ParallelJoin
from engine.spiff.tree import element_of

_OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED


def missed(old: Any, new: Any, rows: Sequence[Any]) -> Iterator[tuple[str, str, list[str]]]:
    """What of a new spec would come too late for a case, by the rows of its task tree.

    Gives:
        `event` or `join`, the id of the element at which the case stands or which it can no longer leave, and
        the ids of the elements that would never happen or be come from.
    """
    standing = {row[3] for row in rows if row[2] & _OPEN}
    for name in sorted(standing):
        late = _events(new, name) - _events(old, name)
        if late:
            yield "event", element_of(name), sorted(late)
    before = _starved(old, rows, standing)
    for join, starved in _starved(new, rows, standing).items():
        if starved - before.get(join, set()):
            yield "join", join, sorted(map(element_of, starved))


def _events(spec: Any, name: str) -> set[str]:
    """Ids of the events that are waited for since the case came to a place, besides the place itself."""
    there = spec.task_specs.get(name)
    split = spec.task_specs.get(f"{name}.BoundaryEventSplit")
    attached = {each.name for each in split.outputs} - {name} if split is not None else set()
    choices = (each for each in there.inputs if isinstance(each, EventChoice)) if there is not None else ()
    return {element_of(each) for each in attached} | {
        element_of(each.name) for choice in choices for each in choice.outputs
    }


def _starved(spec: Any, rows: Sequence[Any], standing: Iterable[str]) -> dict[str, set[str]]:
    """Ids of the joins to which only some of their flows can still come, each with whence the others come."""
    found = {}
    for join in spec.task_specs.values():
        if not isinstance(join, ParallelJoin) or len(join.inputs) < 2:
            continue
        arrived = {rows[row[1]][3] for row in rows if row[3] == join.name and row[1] >= 0}
        reached = _reached(spec, standing, join.name) | arrived
        inputs = {each.name for each in join.inputs}
        if inputs & reached and inputs - reached:
            found[join.name] = inputs - reached
    return found


def _reached(spec: Any, standing: Iterable[str], without: str) -> set[str]:
    """Names of the specs that the flow can come to from where it stands, other than by way of one."""
    pending = [spec.task_specs[name] for name in standing if name in spec.task_specs and name != without]
    seen = {each.name for each in pending}
    while pending:
        for each in pending.pop().outputs:
            if each.name not in seen and each.name != without:
                seen.add(each.name)
                pending.append(each)
    return seen
