"""No activity is repeated by a loop marker."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Loop markers, of which only the first pass is certain."""
    for node in subject.nodes:
        if node.parts("standardLoopCharacteristics"):
            yield Fault(
                node,
                f"{node} is repeated by a loop marker, which cannot be run reliably. Draw the loop: an "
                "exclusive gateway after it, and a flow back.",
            )


RULE = Rule("standard-loop", check)
