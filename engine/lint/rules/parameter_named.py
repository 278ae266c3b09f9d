"""Each parameter of an operation or message has a name of its own, and a value."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import BPMN, PARLEY
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Parameters that would be dropped, or overwrite one another."""
    path = f"{{{BPMN}}}extensionElements/{{{PARLEY}}}parameters/{{{PARLEY}}}parameter"
    for node in subject.nodes:
        seen: set[str] = set()
        for parameter in node.xml.iterfind(path):
            name, value = ((parameter.get(each) or "").strip() for each in ("name", "value"))
            if not name or not value:
                which = f"“{name}”" if name else "one of its parameters"
                yield Fault(
                    node, f"{node} leaves {which} without a {'value' if name else 'name'}. Fill it in."
                )
            elif name in seen:
                yield Fault(node, f"{node} gives the parameter “{name}” twice. Remove one of the two.")
            seen.add(name)


RULE = Rule("parameter-named", check)
