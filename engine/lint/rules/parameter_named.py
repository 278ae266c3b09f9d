"""Each parameter of an operation, decision or called process has a name of its own, and a value."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject, parameters


def check(subject: Subject) -> Iterator[Fault]:
    """Parameters that would be dropped, or overwrite one another."""
    for node in subject.nodes:
        seen: set[str] = set()
        for name, value in parameters(node):
            if not name or not value:
                which = f"“{name}”" if name else "one of its parameters"
                yield Fault(
                    node, f"{node} leaves {which} without a {'value' if name else 'name'}. Fill it in."
                )
            elif name in seen:
                yield Fault(node, f"{node} gives the parameter “{name}” twice. Remove one of the two.")
            seen.add(name)


RULE = Rule("parameter-named", check)
