"""Open tasks of a stored tree that are made only where somebody asks for them.

Of a vote a command completes one ballot. The hundreds of others differ in their items alone, are one row of
the stored state, and go back into it untouched: to make a task of each, only to store it again, was what most
of the time of a vote went into.

In a workflow's table of tasks such a ballot stands by its key, with its row in place of a task. Whoever asks
the table gets tasks: the one whose id is named, or all where it is gone through. Only passes that can do with
what all tasks of a row have in common look at what stands there (`standing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

Make = Callable[[Any, Any, Task, list[Any]], Task]
"""Makes a task as the library's constructor would: of its workflow, spec, parent and stored row."""


class Alike:
    """A row of open tasks. What all of them have in common reads as it does of a task."""

    __slots__ = ("_made", "_make", "_state", "index", "item_name", "items", "parent", "places", "task_spec")

    _children: Sequence[Any] = ()

    def __init__(self, row: Mapping[str, Any], parent: Task, spec: Any, make: Make) -> None:
        _, self._state, _, _, self.item_name = row["of"]
        self.items, self.index = row["items"], row["index"]
        self.places = {key: place for place, key in enumerate(row["ids"])}
        self.parent, self.task_spec = parent, spec
        self._make = make
        self._made: dict[str, Task] = {}

    @staticmethod
    def can_stand(row: Mapping[str, Any], parent: Task, spec: Any) -> bool:
        """Whether the row's tasks only wait for people, and nothing else of the tree hangs on one of them."""
        _, state, _, triggered, _ = row["of"]
        is_open = state == TaskState.READY and triggered and spec.manual and not spec.outputs
        return bool(is_open and not parent._state & TaskState.FINISHED_MASK)

    def unmade(self) -> list[str]:
        """Keys of those that nobody asked for yet."""
        return [key for key in self.places if key not in self._made] if self._made else list(self.places)

    def made(self, key: str) -> Task:
        """The task with this key: in the workflow's table and among its parent's children from now on."""
        found = self._made.get(key)
        if found is None:
            workflow, children, place = self.parent.workflow, self.parent._children, self.places[key]
            item, index = self.items[place], self.index[place]
            row = [key, -1, self._state, "", 1, {self.item_name: item}, {"index": index, "item": item}]
            at = children.index(key)
            found = self._made[key] = self._make(workflow, self.task_spec, self.parent, row)
            children.pop()  # where the library's constructor has put it
            children[at] = found.id
            dict.__delitem__(workflow.tasks, key)
        return found


class TaskTable(dict[Any, Task]):
    """Tasks by id, or by key where they stand there by their row until they are asked for."""

    def __getitem__(self, key: Any) -> Task:
        found: Any = super().__getitem__(key)
        return self._made(key, found) if type(found) is Alike else found

    def get(self, key: Any, default: Any = None) -> Any:
        """The task, made where it was not yet; or the default."""
        found = super().get(key, default)
        return self._made(key, found) if type(found) is Alike else found

    def values(self) -> Any:
        """All tasks, those made now that were not yet."""
        self._make_all()
        return super().values()

    def items(self) -> Any:
        """All tasks by id, those made now that were not yet."""
        self._make_all()
        return super().items()

    def _make_all(self) -> None:
        for key, found in list(super().items()):
            if type(found) is Alike:
                self._made(key, found)

    def _made(self, key: Any, alike: Alike) -> Task:
        return alike.made(key)


class OpenTasks(TaskTable):
    """What waits for people, by key."""

    def made(self) -> list[tuple[str, Task]]:
        """Those that are made already. Nothing was ever noted at the others."""
        return [(key, task) for key, task in dict.items(self) if type(task) is not Alike]

    def _made(self, key: Any, alike: Alike) -> Task:
        self[key] = found = alike.made(key)
        return found


def standing(tasks: dict[Any, Task]) -> list[Any]:
    """What stands in a table of tasks: each task, or its row where it was not made."""
    return list(dict.values(tasks))
