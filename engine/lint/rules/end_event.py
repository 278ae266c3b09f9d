"""A subprocess has an end event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Subprocesses that have a beginning and no end."""
    for container in subject.containers:
        if container.is_process or not container.starts() or container.kind == "adHocSubProcess":
            continue
        if not any(node.kind == "endEvent" for node in container.nodes):
            yield Fault(
                container, f"{container} has no end event, so what follows would never begin. Draw one."
            )


RULE = Rule("end-event", check)
