"""Every node has an id."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Nodes and processes without an id. Flows may have none: they are given one in the copy that is run."""
    for container in subject.containers:
        if container.is_process and not container.id:
            yield Fault(container, f"{container} could not be started. Give it an id.")
    for node in subject.nodes:
        if not node.id:
            yield Fault(node, f"{node} could not be run and would be left out. Give it an id.")


RULE = Rule("id-present", check)
