"""A boundary event is attached to an activity that it can concern."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.elements import SUBPROCESSES, TASKS
from engine.diagrams.xml import local
from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject

HOLDERS = SUBPROCESSES | {"callActivity"}


def check(subject: Subject) -> Iterator[Fault]:
    """Boundary events attached to nothing, to what is no activity, or to what never throws to them."""
    for node in subject.of("boundaryEvent"):
        host = node.host
        if host is None:
            yield Fault(
                node, f"{node} is attached to nothing. Drag it onto the edge of the activity it guards."
            )
        elif host.container is not node.container:
            yield Fault(
                node, f"{node} and {host}, to which it is attached, are in different processes. Redraw it."
            )
        elif host.kind not in TASKS | HOLDERS:
            yield Fault(node, f"{node} is attached to {host}, which is no activity. Attach it to a task.")
        elif host.kind not in HOLDERS and _caught(node) in ("error", "escalation"):
            yield Fault(
                node,
                f"{node} waits for an {_caught(node)}, and {host} never gives one: only what happens "
                "inside a subprocess or a called process can. A task that fails opens an incident by "
                "itself.",
            )


def _caught(node: Node) -> str:
    return next((local(part).removesuffix("EventDefinition") for part in node.definitions()), "")


RULE = Rule("boundary-event", check)
