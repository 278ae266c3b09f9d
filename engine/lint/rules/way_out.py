"""Every circle of flows has a gateway by which it can be left."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node
from engine.lint.graph import certain, from_last_to_first
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Circles of certain flows: whoever enters one never leaves it."""
    for container in subject.containers:
        _, stuck = from_last_to_first(container)
        on_circle = _on_circle(stuck)
        if on_circle:
            names = ", ".join(str(node) for node in on_circle[:5])
            yield Fault(
                on_circle[0],
                f"There is no way out of this circle: {names}. Put an exclusive gateway into it that says "
                "when it is left.",
            )


def _on_circle(stuck: list[Node]) -> list[Node]:
    """The first circle found among nodes each of which leads into one."""
    left = {id(node) for node in stuck}
    path: list[Node] = stuck[:1]
    places: dict[int, int] = {}
    while path:
        node = path[-1]
        if id(node) in places:
            return path[places[id(node)] : -1]
        places[id(node)] = len(path) - 1
        path.append(next(after for after in certain(node) if id(after) in left))
    return []


RULE = Rule("way-out", check)
