"""No row of nodes is so long that it cannot be followed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.graph import longest_row
from engine.lint.subject import Fault, Rule, Subject

LONGEST = 250


def check(subject: Subject) -> Iterator[Fault]:
    """Rows of hundreds of nodes."""
    for container in subject.containers:
        length, last = longest_row(container)
        if length > LONGEST and last is not None:
            yield Fault(
                last,
                f"{container} has a row of {length} nodes, one after the other; {LONGEST} are the most "
                "that can be followed. Move parts of it into subprocesses.",
            )


RULE = Rule("long-row", check)
