"""Tasks are restored without the library's constructor: they must be what it would have made."""

from __future__ import annotations

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.spiff.state import _restore_task
from engine.spiff.tree import key_of


class Table:
    """As much of a workflow as a task needs."""

    def __init__(self) -> None:
        self.tasks: dict[object, Task] = {}


def test_a_restored_task_is_what_the_constructor_makes() -> None:
    made_by, restored_by, spec = Table(), Table(), object()
    parent = Task(made_by, spec, state=TaskState.COMPLETED)
    child = Task(made_by, spec, parent, state=TaskState.READY)
    first = _restore_task(restored_by, spec, None, [parent.id.hex, -1, TaskState.COMPLETED, "n"], 1.0)
    second = _restore_task(
        restored_by,
        spec,
        first,
        [child.id.hex, 0, TaskState.READY, "n", 1, {"item": "s1"}, {"index": 0}],
        1.0,
    )
    for ours, theirs in ((first, parent), (second, child)):
        assert ours.__dict__.keys() - {"parley_key"} == theirs.__dict__.keys()
        assert (ours.id, hash(ours.id), str(ours.id)) == (theirs.id, hash(theirs.id), str(theirs.id))
        assert (ours._children, ours._parent, ours._state) == (
            theirs._children,
            theirs._parent,
            theirs._state,
        )
        assert key_of(ours) == key_of(theirs) == theirs.id.hex
    assert list(restored_by.tasks) == [first.id, second.id]
    assert (first.triggered, first.data, first.internal_data) == (False, {}, {})
    assert (second.triggered, second.data, second.internal_data) == (True, {"item": "s1"}, {"index": 0})
    assert second.parent is first
    assert first.children == [second]
