"""A message or signal has a name, and a message says which case it is for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.diagrams.xml import local
from engine.lint.document import Node, title_of
from engine.lint.subject import Fault, Rule, Subject


def check(subject: Subject) -> Iterator[Fault]:
    """Messages and signals without a name; messages without a key that any waiting case would take."""
    for document in subject.documents:
        named = {xml.get("id"): text for xml in document.bpmn("message", "signal") if (text := title_of(xml))}
        for container in document.containers:
            for node in container.nodes:
                yield from _node(node, named)


def _node(node: Node, named: dict[str | None, str]) -> Iterator[Fault]:
    parts = [(local(p).removesuffix("EventDefinition"), p) for p in node.definitions()]
    if node.kind in ("sendTask", "receiveTask"):
        parts = [(kind, p) for kind, p in parts if kind == "message"] or [("message", node.xml)]
    if node.kind == "startEvent":
        return
    for kind, xml in parts:
        if kind not in ("message", "signal"):
            continue
        if xml.get(f"{kind}Ref") not in named:
            yield Fault(
                node, f"{node} does not say which {kind} it is about. Choose one, and give it a name."
            )
        elif kind == "message" and node.own("correlation") is None:
            yield Fault(
                node,
                f"{node} is a message without a key, so that any waiting case could take it. Set "
                "parley:correlation to what tells cases apart, as in “raise.reference”.",
            )


RULE = Rule("message-correlated", check)
