"""The id of an element with answers or a result can be written in an expression."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.lint.document import words
from engine.lint.subject import Fault, Rule, Subject
from engine.lint.types import Severity

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
LONGEST = 200
"""Characters of an id: it stands in expressions, addresses and each entry of the record."""
WITH_DATA = ("startEvent", "userTask", "manualTask", "task", "serviceTask", "businessRuleTask", "receiveTask")


def check(subject: Subject) -> Iterator[Fault]:
    """Ids with a hyphen, say, which an expression would read as a subtraction; and ids nobody could read."""
    for node in subject.nodes:
        if len(node.id) > LONGEST:
            yield Fault(
                node,
                f"{words(node.kind)[:1].upper()}{words(node.kind)[1:]} “{node.id[:40]}…” has an id of "
                f"{len(node.id):,} characters; at most {LONGEST} are taken. Give it a shorter one.",
                element_id=f"{node.id[:LONGEST]}…",
            )
    for node in subject.of(*WITH_DATA):
        if 0 < len(node.id) <= LONGEST and not NAME.fullmatch(node.id):
            yield Fault(
                node,
                f"{node} has the id “{node.id}”, by which no expression can ask for its answers. Use "
                "letters, digits and underscores.",
                Severity.WARNING,
            )


RULE = Rule("id-readable", check)
