"""A task is kept apart from tasks that are there."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject

HUMAN = ("userTask", "manualTask", "task")


def check(subject: Subject) -> Iterator[Fault]:
    """Separation of duties that would separate nothing."""
    tasks = {node.id: node.kind for node in subject.nodes}
    for node in subject.nodes:
        for other in (node.own("separateFrom") or "").split():
            if other not in tasks:
                yield Fault(
                    node, f"{node} is to be kept apart from “{other}”, which is not drawn. Name a task's id."
                )
            elif tasks[other] not in (*HUMAN, "startEvent"):
                yield Fault(
                    node, f"{node} is to be kept apart from “{other}”, which no person does. Name a task."
                )


RULE = Rule("separation-known", check)
