"""A parallel join is reached by all of its flows, or the case waits there for ever."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.tokens import Play
from engine.lint.types import Severity


def check(subject: Subject) -> Iterator[Fault]:
    """Joins that can never act are errors; those that may wait in vain are for a person to look at."""
    for container in subject.containers:
        joins = [
            node for node in container.nodes if node.kind == "parallelGateway" and len(node.incoming) > 1
        ]
        if not joins or not container.starts():
            continue
        play = Play(container)
        if not play.complete:
            continue
        for node in joins:
            missing = play.waiting(node)
            if missing:
                yield _fault(node, str(missing[0].source), never=id(node) not in play.acted)


def _fault(node: Node, source: str, *, never: bool) -> Fault:
    if never:
        return Fault(
            node,
            f"{node} waits for all of its flows, and they are never all taken: that from {source} is "
            "not when another is. Merge ways of which one is taken by an exclusive gateway.",
        )
    return Fault(
        node,
        f"{node} may wait for ever: there are ways through the process on which the flow from {source} is "
        "not taken. Lead every way into it, or end with a terminate event where the others no longer matter.",
        Severity.WARNING,
    )


RULE = Rule("join-reached", check)
