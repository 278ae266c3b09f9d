"""What diagrams say, read from the XML alone: nodes, lanes' roles, and the processes that are called."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
PARLEY = "{urn:parley:bpmn:1}"
POLICIES = Path(__file__).parents[2] / "bpmn"


def local(node: etree._Element) -> str:
    """A node's name without its namespace."""
    return etree.QName(node).localname


CALLED = {
    process.get("id", ""): diagram
    for diagram in sorted(POLICIES.glob("*/*.bpmn"))
    for process in etree.parse(diagram).getroot().iter(f"{BPMN}process")
}
"""Process id to the diagram that draws it."""


class Diagrams:
    """A diagram, and those of all the processes that it calls."""

    def __init__(self, diagram: Path) -> None:
        self.nodes: dict[str, etree._Element] = {}
        self.roles: dict[str, str] = {}
        self.homes: dict[str, Path] = {}
        """Node id to the diagram that it is drawn in."""
        self.processes: dict[str, list[str]] = {}
        """Process id to the ids of its nodes, the start event first."""
        self._read(diagram)

    def _read(self, diagram: Path) -> None:
        process = etree.parse(diagram).getroot().find(f"{BPMN}process")
        assert process is not None
        nodes = {node.get("id", ""): node for node in process if node.get("id")}
        assert not set(nodes) & set(self.nodes), f"{diagram.name} uses ids of another diagram"
        self.nodes |= nodes
        self.homes |= dict.fromkeys(nodes, diagram)
        starts = [key for key, node in nodes.items() if local(node) == "startEvent"]
        self.processes[process.get("id", "")] = [*starts, *(key for key in nodes if key not in starts)]
        self.roles |= {
            (reference.text or ""): lane.get(f"{PARLEY}role", "")
            for lane in process.iter(f"{BPMN}lane")
            for reference in lane.iter(f"{BPMN}flowNodeRef")
        }
        for node in nodes.values():
            called = node.get("calledElement")
            if called and called not in self.processes:
                self._read(CALLED[called])

    def called_by(self, element: str) -> list[str]:
        """Ids of the nodes of the process that a call activity calls, the start event first."""
        return self.processes[self.nodes[element].get("calledElement", "")]

    def leaving(self, element: str) -> list[etree._Element]:
        """The sequence flows that leave a node."""
        return [
            node
            for node in self.nodes.values()
            if local(node) == "sequenceFlow" and node.get("sourceRef") == element
        ]

    def attached(self, element: str) -> list[tuple[str, etree._Element]]:
        """The boundary events of a node, with their ids."""
        return [(key, node) for key, node in self.nodes.items() if node.get("attachedToRef") == element]
