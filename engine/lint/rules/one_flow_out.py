"""Only a gateway or a start event has several flows out of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.elements import GATEWAYS
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Several flows straight from a task, a subprocess or an event."""
    for node in subject.nodes:
        if len(node.outgoing) > 1 and node.kind not in GATEWAYS | {"startEvent", "endEvent"}:
            yield Fault(
                node,
                f"{node} has {len(node.outgoing)} flows out of it, and it is not said whether all or one "
                "of them is meant. Put a gateway after it: parallel for all, exclusive for one.",
            )


RULE = Rule("one-flow-out", check)
