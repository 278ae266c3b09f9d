"""A blind group has two tasks of people or more."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.document import Node
from engine.lint.subject import Fault, Rule, Subject

HUMAN = ("userTask", "manualTask", "task")


def check(subject: Subject) -> Iterator[Fault]:
    """Groups that hide nothing from anybody."""
    groups: dict[str, list[Node]] = {}
    for node in subject.nodes:
        group = node.own("blind")
        if group is None:
            continue
        if node.kind not in HUMAN:
            yield Fault(node, f"{node} is in the blind group “{group}”, but nobody answers there. Remove it.")
            continue
        groups.setdefault(group, []).append(node)
    for group, nodes in groups.items():
        if len(nodes) == 1 and not nodes[0].parts("multiInstanceLoopCharacteristics"):
            yield Fault(
                nodes[0],
                f"{nodes[0]} is alone in the blind group “{group}”, so its answers are hidden from nobody. "
                "Put the other task into the same group, or remove it.",
            )


RULE = Rule("blind-group", check)
