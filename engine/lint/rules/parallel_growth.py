"""Splits and joins in series stay few enough to be laid out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.graph import foreseen
from engine.lint.subject import Fault, Rule, Subject

MOST_TASKS = 2_000
"""Tasks that may be laid out ahead at once."""


def check(subject: Subject) -> Iterator[Fault]:
    """What is laid out ahead doubles with each split and join in a row."""
    for container in subject.containers:
        sizes = foreseen(container)
        worst = max(container.nodes, key=lambda node: sizes.get(id(node), 0), default=None)
        if worst is not None and sizes.get(id(worst), 0) > MOST_TASKS:
            yield Fault(
                worst,
                f"From {worst} on, splits and joins follow one another so often that {sizes[id(worst)]:,} "
                f"steps would be laid out ahead; {MOST_TASKS:,} are the most. Put an exclusive gateway "
                "between two of them, or move some into a subprocess.",
            )


RULE = Rule("parallel-growth", check)
