"""No flow leads into a start or boundary event, or out of an end event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject

NOT_INTO = {"startEvent": "A case begins there", "boundaryEvent": "It happens by itself"}


def check(subject: Subject) -> Iterator[Fault]:
    """Flows on the wrong side of an event, and attached events that lead nowhere."""
    for node in subject.nodes:
        if node.kind in NOT_INTO and node.incoming:
            yield Fault(
                node, f"A flow leads into {node}. {NOT_INTO[node.kind]}; lead the flow to the node after it."
            )
        if node.kind == "endEvent" and node.outgoing:
            yield Fault(
                node, f"A flow leads out of {node}. Nothing follows an end event; end the flow before it."
            )
        if node.kind == "boundaryEvent" and not node.outgoing and not _compensates(node):
            yield Fault(node, f"{node} leads nowhere. Draw the flow to what is to be done when it happens.")


def _compensates(node: Node) -> bool:
    return any(local(part) == "compensateEventDefinition" for part in node.definitions())


RULE = Rule("event-flows", check)
