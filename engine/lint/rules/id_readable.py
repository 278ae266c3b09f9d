"""The id of an element with answers or a result can be written in an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lint.subject import Fault, Rule, Subject
from engine.lint.types import Severity

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
WITH_DATA = ("startEvent", "userTask", "manualTask", "task", "serviceTask", "businessRuleTask", "receiveTask")


def check(subject: Subject) -> Iterator[Fault]:
    """Ids with a hyphen, say, which an expression would read as a subtraction."""
    for node in subject.of(*WITH_DATA):
        if node.id and not NAME.fullmatch(node.id):
            yield Fault(
                node,
                f"{node} has the id “{node.id}”, by which no expression can ask for its answers. Use "
                "letters, digits and underscores.",
                Severity.WARNING,
            )


RULE = Rule("id-readable", check)
