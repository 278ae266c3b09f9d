"""There are no link events."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Links, at which a case would stop for ever."""
    for node in subject.nodes:
        if any(local(part) == "linkEventDefinition" for part in node.definitions()):
            yield Fault(
                node,
                f"{node} is a link event, at which a case would stop for ever without a word. Draw the "
                "flow through instead.",
            )


RULE = Rule("link-event", check)
