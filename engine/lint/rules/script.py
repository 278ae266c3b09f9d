"""Nothing in a diagram is code."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import BPMN, local
from engine.lint.subject import Fault, Rule, Subject

SCRIPTS = frozenset({"script", "preScript", "postScript"})


def check(subject: Subject) -> Iterator[Fault]:
    """Script tasks, and scripts that other tools keep in their extensions."""
    for node in subject.nodes:
        if node.kind == "scriptTask":
            yield Fault(
                node,
                f"{node} is a script task. Scripts are never run: draw a service task that names an "
                "operation, or a business rule task.",
            )
            continue
        extensions = node.xml.find(f"{{{BPMN}}}extensionElements")
        if extensions is not None and any(local(part) in SCRIPTS for part in extensions.iter()):
            yield Fault(
                node,
                f"{node} carries a script in its extensions. Scripts are never run: remove it, and draw a "
                "service task before or after it where something is to be done.",
            )


RULE = Rule("script", check)
