"""A sequence flow stays within its process or subprocess."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Flows over the edge of a process or subprocess."""
    for flow in subject.flows:
        if flow.source is None or flow.target is None or flow.source.container is flow.target.container:
            continue
        yield Fault(
            flow,
            f"{flow} crosses the edge of a process or subprocess. End the inner one with an end event and "
            "go on from its edge; between processes, call one or send a message.",
        )


RULE = Rule("flow-within-scope", check)
