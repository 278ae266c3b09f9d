"""Every node can be reached from the start."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node
from engine.lint.graph import reached
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Nodes that no flow leads to; of those that follow one another, the first."""
    for container in subject.containers:
        if not container.starts() or container.kind == "adHocSubProcess":
            continue
        found = reached(container)
        # Nodes without an id of their own cannot be led to, and have findings of their own.
        first = {node.id: node for node in reversed(container.nodes) if node.id}
        lost = [n for n in first.values() if id(n) not in found and not _begins_by_itself(n)]
        lost.reverse()
        heads = [node for node in lost if not node.incoming and node.host is None]
        for node in heads or lost[:1]:
            yield Fault(
                node,
                f"{node} cannot be reached from the start event, and would be left out. Draw the flow that "
                "leads to it, or delete it.",
            )


def _begins_by_itself(node: Node) -> bool:
    return node.xml.get("triggeredByEvent") == "true" or node.xml.get("isForCompensation") == "true"


RULE = Rule("reachable", check)
