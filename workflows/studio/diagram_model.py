"""A diagram as the comparison sees it: elements, lanes, and what each holds beside its place on the paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from engine.diagrams.elements import read_elements
from engine.diagrams.importing import read_definitions
from engine.diagrams.xml import BPMN, BPMNDI, PARLEY, local
from engine.types import Element

_B, _P = f"{{{BPMN}}}", f"{{{PARLEY}}}"
_WIRING = {"incoming", "outgoing", "flowNodeRef"}
_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
DEFAULTS = {
    ("cancelActivity", "true"),
    ("completionQuantity", "1"),
    ("exporter", ""),
    ("gatewayDirection", "Unspecified"),
    ("isClosed", "false"),
    ("isForCompensation", "false"),
    ("isInterrupting", "true"),
    ("isSequential", "false"),
    ("parallelMultiple", "false"),
    ("startQuantity", "1"),
    ("triggeredByEvent", "false"),
}
"""Attributes that BPMN 2.0 gives these values where they are not written: some tools leave them out."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: who does what lies in it."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """One diagram, read for comparison."""

    elements: Mapping[str, Element]
    lanes: Mapping[str, Lane]
    lane_of: Mapping[str, str]
    """Node id to lane id."""
    attached: Mapping[str, str]
    """Boundary event to the step it is attached to."""
    defaults: Mapping[str, str]
    """Gateway or step to the flow it takes by default."""
    timers: Mapping[str, str]
    """Event to the text of its timer."""
    content: Mapping[str, str]
    """Each node or flow to all it holds in a canonical form, whatever the order and the prefixes."""
    rest: str
    """The same of everything else that is no layout: messages, errors, the process itself."""
    places: Mapping[str, str] = field(default_factory=dict)
    """Element to its place on the paper."""


def read_diagram(data: bytes) -> Diagram:
    """Read a diagram. Raises `DiagramUnreadable`."""
    root = read_definitions(data)
    elements = read_elements(root)
    lanes: dict[str, Lane] = {}
    lane_of: dict[str, str] = {}
    for lane in root.iter(f"{_B}lane"):
        key = lane.get("id", "")
        lanes[key] = Lane(key, lane.get("name", ""), lane.get(f"{_P}role", ""))
        for reference in lane.findall(f"{_B}flowNodeRef"):
            lane_of[(reference.text or "").strip()] = key
    nodes = {node.get("id", ""): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    known = {key: nodes[key] for key in elements if key in nodes}
    return Diagram(
        elements=elements,
        lanes=lanes,
        lane_of=lane_of,
        attached={
            key: node.get("attachedToRef", "") for key, node in known.items() if node.get("attachedToRef")
        },
        defaults={key: node.get("default", "") for key, node in known.items() if node.get("default")},
        timers={key: timer for key, node in known.items() if (timer := _timer(node))},
        content={key: canonical(node, frozenset(elements) - {key}) for key, node in known.items()},
        rest=canonical(root, frozenset(elements), layout=False),
        places=_places(root),
    )


def canonical(node: etree._Element, without: frozenset[str] = frozenset(), *, layout: bool = True) -> str:
    """All a node holds as text: attributes and children sorted, prefixes resolved, wiring left out.

    Args:
        without: ids of children that are spoken of by themselves.
        layout: whether diagram interchange counts.
    """
    name = local(node)
    attributes = sorted(
        (str(key), _plain(str(key), str(value)))
        for key, value in node.attrib.items()
        if (key, value) not in DEFAULTS
    )
    children = [
        canonical(child, without, layout=layout)
        for child in node
        if isinstance(child.tag, str)
        and local(child) not in _WIRING
        and not (local(child) == "BPMNLabel" and not child.attrib and not len(child))
        and child.get("id") not in without
        and (layout or not str(child.tag).startswith(f"{{{BPMNDI}}}"))
    ]
    # The points of a line are in an order that matters; elsewhere tools write children as they like.
    ordered = children if name == "BPMNEdge" else sorted(children)
    text = " ".join((node.text or "").split())
    return f"<{node.tag} {attributes!r}>{text}{''.join(ordered)}</>"


def _plain(key: str, value: str) -> str:
    if key == _TYPE:
        return value.rpartition(":")[2]
    try:
        return f"{float(value):g}" if key in ("x", "y", "width", "height") else value
    except ValueError:
        return value


def _timer(node: etree._Element) -> str:
    found = node.find(f"{_B}timerEventDefinition")
    return "" if found is None else " ".join("".join(str(each) for each in found.itertext()).split())


def _places(root: etree._Element) -> dict[str, str]:
    drawn: dict[str, str] = {}
    for tag in ("BPMNShape", "BPMNEdge"):
        for shape in root.iter(f"{{{BPMNDI}}}{tag}"):
            drawn[shape.get("bpmnElement", "")] = "".join(
                canonical(child) for child in shape if local(child) in ("Bounds", "waypoint")
            )
    return drawn
