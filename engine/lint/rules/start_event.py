"""Every process and subprocess begins at exactly one start event."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """None at all, or several."""
    for container in subject.containers:
        if container.kind == "adHocSubProcess" or container.xml.get("triggeredByEvent") == "true":
            continue
        starts = container.starts()
        if not starts and (container.nodes or not container.is_process):
            yield Fault(container, f"{container} has no start event, so it could never begin. Draw one.")
        for extra in starts[1:]:
            yield Fault(
                extra,
                f"{container} has several start events. Keep one, and let a gateway after it choose the way.",
            )


RULE = Rule("start-event", check)
