"""Roles of nodes, by their own attribute, their lane, or the lane of the subprocess they are in."""

from __future__ import annotations

from lxml import etree

from engine.diagrams.xml import BPMN, PARLEY
from engine.lint.document import Container, Node, text_of


def lanes_of(process: Container) -> list[etree._Element]:
    """All lanes of a process, outer before inner."""
    return list(process.xml.iter(f"{{{BPMN}}}lane"))


def roles(process: Container) -> dict[str, str]:
    """Node id to the role of its innermost lane."""
    found: dict[str, str] = {}
    for lane in lanes_of(process):
        role = (lane.get(f"{{{PARLEY}}}role") or "").strip()
        for reference in lane.findall(f"{{{BPMN}}}flowNodeRef"):
            if role:
                found[text_of(reference)] = role
    return found


def role_of(node: Node, found: dict[str, str]) -> str | None:
    """The role whose task this is."""
    current: Node | None = node
    while current is not None:
        role = current.own("role") or found.get(current.id)
        if role:
            return role
        current = current.container.holder
    return None
