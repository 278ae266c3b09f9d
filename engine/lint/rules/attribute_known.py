"""Our own attributes stand where they mean something."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.xml import PARLEY
from engine.lint.subject import Fault, Rule, Subject

ANYWHERE = frozenset({"role", "milestone"})
PERSONAL = frozenset({"form", "due", "remind", "performer", "separateFrom", "blind"})
BY_KIND: dict[str, frozenset[str]] = {
    "userTask": PERSONAL,
    "manualTask": PERSONAL,
    "task": PERSONAL,
    "startEvent": frozenset({"form"}),
    "serviceTask": frozenset({"operation"}),
    "businessRuleTask": frozenset({"decision"}),
    "sendTask": frozenset({"correlation"}),
    "receiveTask": frozenset({"correlation"}),
    "intermediateCatchEvent": frozenset({"correlation"}),
    "intermediateThrowEvent": frozenset({"correlation"}),
    "boundaryEvent": frozenset({"correlation"}),
    "endEvent": frozenset({"correlation"}),
}
"""Which of our attributes an element may have, besides those that stand anywhere."""


def check(subject: Subject) -> Iterator[Fault]:
    """Attributes that are misspelt or misplaced, and would be passed over."""
    for node in subject.nodes:
        allowed = BY_KIND.get(node.kind, frozenset()) | ANYWHERE
        if node.kind == "startEvent" and not node.container.is_process:
            allowed = ANYWHERE
        for name in node.xml.attrib:
            qualified = etree.QName(str(name))
            if qualified.namespace == PARLEY and qualified.localname not in allowed:
                yield Fault(
                    node,
                    f"{node} has parley:{qualified.localname}, which means nothing there and would be "
                    f"passed over. It may have: {', '.join(sorted(allowed))}.",
                )


RULE = Rule("attribute-known", check)
