"""Where expressions stand in a diagram."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.diagrams.xml import BPMN, PARLEY, local
from engine.lint.document import Flow, Node, text_of
from engine.lint.subject import Subject
from engine.spiff.timing import is_iso_cycle, is_iso_duration

LOOKS_ISO = re.compile(r"P(?=[\dT])|\d")
"""What was meant as a duration or date, and is no expression even where it could be read as one."""


@dataclass(frozen=True, slots=True)
class Place:
    """An expression where it stands."""

    at: Node | Flow
    text: str
    xml: etree._Element
    """The element that holds it; its `language` may say that it is none of ours."""


def expressions(subject: Subject) -> Iterator[Place]:
    """Every expression of a bundle that would be evaluated."""
    for flow in subject.flows:
        if flow.condition is not None and flow.condition_text:
            yield Place(flow, flow.condition_text, flow.condition)
    for node in subject.nodes:
        yield from _of_node(node)


def _of_node(node: Node) -> Iterator[Place]:
    for name in ("due", "correlation"):
        text = node.own(name)
        if text is not None and not (name == "due" and LOOKS_ISO.match(text)):
            yield Place(node, text, node.xml)
    path = f"{{{BPMN}}}extensionElements/{{{PARLEY}}}parameters/{{{PARLEY}}}parameter"
    for parameter in node.xml.iterfind(path):
        if (parameter.get("value") or "").strip():
            yield Place(node, (parameter.get("value") or "").strip(), parameter)
    for loop in node.parts("multiInstanceLoopCharacteristics"):
        for part in loop:
            if local(part) in ("loopDataInputRef", "loopCardinality", "completionCondition") and text_of(
                part
            ):
                yield Place(node, text_of(part), part)
    for definition in node.definitions():
        for part in definition:
            text = text_of(part)
            is_time = local(part) in ("timeDate", "timeDuration", "timeCycle")
            if is_time and text and not (is_iso_duration(text) or is_iso_cycle(text) or text[:4].isdigit()):
                yield Place(node, text, part)
