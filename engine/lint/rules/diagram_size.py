"""A diagram is small enough to be read by people, and to be analysed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject

MOST_NODES = 1_000
MOST_FLOWS = 2_000
MOST_FLOWS_OF_ONE = 100


def check(subject: Subject) -> Iterator[Fault]:
    """Bounds on what is drawn."""
    for document in subject.documents:
        nodes, flows = document.node_count, document.flow_count
        if nodes > MOST_NODES or flows > MOST_FLOWS:
            yield Fault(
                document,
                f"The diagram has {nodes:,} nodes and {flows:,} flows; at most {MOST_NODES:,} and "
                f"{MOST_FLOWS:,} are run. Move parts of it into processes of their own, and call them.",
            )
            continue
        for node in document.nodes:
            if len(node.outgoing) > MOST_FLOWS_OF_ONE:
                yield Fault(
                    node,
                    f"{node} has {len(node.outgoing):,} flows out of it; at most {MOST_FLOWS_OF_ONE} can "
                    "be followed. Decide in a decision table, or in several steps.",
                )


RULE = Rule("diagram-size", check)
