"""No two elements share an id."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.diagrams.xml import BPMN, local
from engine.lint.document import words
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Ids given twice within a file, or to elements of processes in two files."""
    where: dict[str, str] = {}
    for document in subject.documents:
        seen: dict[str, etree._Element] = {}
        reported: set[str] = set()
        for xml in document.root.iter(f"{{{BPMN}}}*"):
            key = xml.get("id")
            if not key or key in reported:
                continue
            if key in seen:
                reported.add(key)
                yield Fault(
                    document,
                    f"The id “{key}” is given twice: to the {words(local(seen[key]))} in line "
                    f"{seen[key].sourceline} and to the {words(local(xml))} in line {xml.sourceline}. One "
                    "of the two would vanish; give each an id of its own.",
                    element_id=key,
                )
            seen[key] = xml
        drawn = {process.id for process in document.processes}
        for container in document.containers:
            drawn |= {node.id for node in container.nodes} | {flow.id for flow in container.flows}
        for key in sorted(drawn - {""}):
            if key in where:
                yield Fault(
                    document,
                    f"The id “{key}” is given in {where[key]} too. Elements of one bundle need different "
                    "ids.",
                    element_id=key,
                )
            where.setdefault(key, document.path)


RULE = Rule("id-unique", check)
