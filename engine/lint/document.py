"""A diagram as rules read it: every node and flow, whether or not it has an id or could ever be run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.elements import NODES, SUBPROCESSES
from engine.diagrams.xml import BPMN, PARLEY, local

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_WORDS = {
    "callActivity": "call activity",
    "businessRuleTask": "business rule task",
    "adHocSubProcess": "ad-hoc subprocess",
    "subProcess": "subprocess",
    "eventBasedGateway": "event-based gateway",
    "intermediateCatchEvent": "intermediate event",
    "intermediateThrowEvent": "intermediate event",
}

FOLLOWED = 20_000
"""Of a diagram with more nodes and flows only these are counted; `diagram-size` refuses it."""


def words(kind: str) -> str:
    """A BPMN tag in words: `userTask` is a user task."""
    if kind in _WORDS:
        return _WORDS[kind]
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind)


@dataclass(eq=False, slots=True)
class Node:
    """A flow node."""

    kind: str
    id: str
    """Empty where the file gives none."""
    name: str
    xml: etree._Element
    container: Container
    outgoing: list[Flow] = field(default_factory=list)
    incoming: list[Flow] = field(default_factory=list)
    boundary: list[Node] = field(default_factory=list)
    """Boundary events attached to it."""
    host: Node | None = None
    """What a boundary event is attached to."""
    inside: Container | None = None
    """A subprocess's content."""

    def __str__(self) -> str:
        if self.name:
            return f"“{self.name}”"
        if self.id:
            return f"The {words(self.kind)} “{self.id}”"
        return f"A {words(self.kind)} without a name or id (line {self.xml.sourceline})"

    def own(self, name: str) -> str | None:
        """One of our own attributes; None where it is missing or blank."""
        value = (self.xml.get(f"{{{PARLEY}}}{name}") or "").strip()
        return value or None

    def parts(self, tag: str) -> list[etree._Element]:
        """BPMN elements directly below it."""
        return self.xml.findall(f"{{{BPMN}}}{tag}")

    def definitions(self) -> list[etree._Element]:
        """Its event definitions, drawn in place or referred to."""
        return [
            part
            for part in self.xml
            if local(part).endswith("EventDefinition") or local(part) == "eventDefinitionRef"
        ]


@dataclass(eq=False, slots=True)
class Flow:
    """A sequence flow."""

    id: str
    name: str
    source_ref: str
    target_ref: str
    condition: etree._Element | None
    xml: etree._Element
    container: Container
    source: Node | None = None
    target: Node | None = None

    def __str__(self) -> str:
        if self.name:
            return f"The flow “{self.name}”"
        if self.source is not None and self.target is not None:
            return f"The flow from {lower(str(self.source))} to {lower(str(self.target))}"
        return f"The flow “{self.id}”" if self.id else f"A flow (line {self.xml.sourceline})"

    @property
    def condition_text(self) -> str | None:
        """Text of its condition; None where none is drawn."""
        return None if self.condition is None else text_of(self.condition)


@dataclass(eq=False, slots=True)
class Container:
    """A process, or the inside of a subprocess."""

    path: str
    """The file it is drawn in."""
    kind: str
    id: str
    name: str
    xml: etree._Element
    process: Container | None
    """The process a subprocess is in; None for a process itself."""
    holder: Node | None = None
    """The subprocess's node; None for a process."""
    nodes: list[Node] = field(default_factory=list)
    flows: list[Flow] = field(default_factory=list)

    def __str__(self) -> str:
        label = self.name or self.id
        return f"The {words(self.kind)} “{label}”" if label else f"A {words(self.kind)} without a name or id"

    @property
    def is_process(self) -> bool:
        """Whether it is a process rather than a subprocess."""
        return self.process is None

    def starts(self) -> list[Node]:
        """Its start events."""
        return [node for node in self.nodes if node.kind == "startEvent"]


@dataclass(eq=False, slots=True)
class Document:
    """One diagram file."""

    path: str
    root: etree._Element
    containers: list[Container]
    by_id: dict[str, Node]
    """Nodes by id; of several with one id, the first."""
    node_count: int = 0
    flow_count: int = 0

    @property
    def is_too_large(self) -> bool:
        """Whether its nodes and flows were only counted."""
        return self.node_count + self.flow_count > FOLLOWED

    @property
    def processes(self) -> list[Container]:
        """Its processes."""
        return [each for each in self.containers if each.is_process]

    @property
    def nodes(self) -> Iterator[Node]:
        """Every flow node."""
        return (node for container in self.containers for node in container.nodes)

    @property
    def flows(self) -> Iterator[Flow]:
        """Every sequence flow."""
        return (flow for container in self.containers for flow in container.flows)

    def bpmn(self, *tags: str) -> Iterator[etree._Element]:
        """Every BPMN element of these kinds, anywhere in the file."""
        return self.root.iter(*(f"{{{BPMN}}}{tag}" for tag in tags))


def text_of(node: etree._Element) -> str:
    """An element's text without the space around it."""
    return (node.text or "").strip()


def title_of(node: etree._Element) -> str:
    """An element's name on one line."""
    return " ".join((node.get("name") or "").split())


def read_document(path: str, root: etree._Element) -> Document:
    """The nodes and flows of a parsed diagram, connected; only counted where there are far too many."""
    nodes = sum(1 for _ in root.iter(*(f"{{{BPMN}}}{kind}" for kind in NODES)))
    flows = sum(1 for _ in root.iter(f"{{{BPMN}}}sequenceFlow"))
    document = Document(path, root, [], {}, nodes, flows)
    if document.is_too_large:
        return document
    for process in root.iter(f"{{{BPMN}}}process"):
        top = Container(path, "process", process.get("id", ""), title_of(process), process, None)
        _fill(document, top)
    for flow in document.flows:
        flow.source = document.by_id.get(flow.source_ref)
        flow.target = document.by_id.get(flow.target_ref)
        if flow.source is not None:
            flow.source.outgoing.append(flow)
        if flow.target is not None:
            flow.target.incoming.append(flow)
    for node in document.nodes:
        if node.kind == "boundaryEvent":
            node.host = document.by_id.get(node.xml.get("attachedToRef", ""))
            if node.host is not None:
                node.host.boundary.append(node)
    return document


def _fill(document: Document, top: Container) -> None:
    pending = [top]
    while pending:
        container = pending.pop(0)
        document.containers.append(container)
        for xml in container.xml:
            kind = local(xml)
            if etree.QName(xml).namespace != BPMN:
                continue
            if kind == "sequenceFlow":
                container.flows.append(_flow(xml, container))
            elif kind in NODES:
                node = Node(kind, xml.get("id", ""), title_of(xml), xml, container)
                container.nodes.append(node)
                if node.id:
                    document.by_id.setdefault(node.id, node)
                if kind in SUBPROCESSES:
                    process = container.process or container
                    node.inside = Container(document.path, kind, node.id, node.name, xml, process, node)
                    pending.append(node.inside)


def _flow(xml: etree._Element, container: Container) -> Flow:
    condition = xml.find(f"{{{BPMN}}}conditionExpression")
    source, target = (xml.get("sourceRef") or "").strip(), (xml.get("targetRef") or "").strip()
    return Flow(xml.get("id", ""), title_of(xml), source, target, condition, xml, container)


def lower(label: str) -> str:
    """An element's label within a sentence."""
    return label[0].lower() + label[1:] if label.startswith(("The ", "A ")) else label
