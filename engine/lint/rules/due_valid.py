"""A task's due time can be worked out."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.expressions import LOOKS_ISO
from engine.lint.subject import Fault, Rule, Subject
from engine.spiff.timing import is_iso_duration


def check(subject: Subject) -> Iterator[Fault]:
    """Durations with mistakes, which an expression would read as a name without a value."""
    for node in subject.nodes:
        for name in ("due", "remind"):
            text = node.own(name)
            if text is None or is_iso_duration(text) or not (LOOKS_ISO.match(text) or name == "remind"):
                continue
            yield Fault(
                node,
                f"{node} has parley:{name}=“{text}”, which is no duration. Write one such as P5D or "
                f"PT4H{', or an expression for a date' if name == 'due' else ''}.",
            )


RULE = Rule("due-valid", check)
