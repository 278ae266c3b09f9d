"""The copy of a diagram that is run: the file itself stays as it came.

What the library would read wrongly is taken out of the copy: extensions of other tools (whose ids would hide
nodes), data drawn for readers (a dangling reference makes it loop for ever), and the layout (by which it
would order a gateway's conditions, so that moving a shape could change a decision).
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree

from engine.diagrams.xml import BPMN, BPMNDI

_LEFT_OUT = (
    f"{{{BPMNDI}}}BPMNDiagram",
    f"{{{BPMNDI}}}BPMNShape",
    *(
        f"{{{BPMN}}}{tag}"
        for tag in (
            "extensionElements",
            "ioSpecification",
            "dataInputAssociation",
            "dataOutputAssociation",
            "dataObject",
            "dataObjectReference",
            "dataStore",
            "dataStoreReference",
        )
    ),
)


def numbered_copy(root: etree._Element) -> etree._Element:
    """A copy in which every sequence flow has an id: the library would drop those without one."""
    copy = deepcopy(root)
    taken = {node.get("id") for node in copy.iter("*")}
    count = 0
    for node in copy.iter(f"{{{BPMN}}}sequenceFlow"):
        while not node.get("id"):
            count += 1
            if f"flow_{count}" not in taken:
                node.set("id", f"flow_{count}")
    return copy


def reduce(copy: etree._Element, called: Iterable[str] = ()) -> None:
    """Take out of a copy what the library would read wrongly, and mark the processes called as executable."""
    for node in list(copy.iter(*_LEFT_OUT)):
        parent = node.getparent()
        if parent is not None:
            parent.remove(node)
    wanted = frozenset(called)
    for process in copy.iter(f"{{{BPMN}}}process"):
        if process.get("id") in wanted:
            process.set("isExecutable", "true")


def called_processes(roots: Iterable[etree._Element]) -> frozenset[str]:
    """Ids of the processes that call activities of these diagrams call."""
    calls = (node.get("calledElement") for root in roots for node in root.iter(f"{{{BPMN}}}callActivity"))
    return frozenset(called for called in calls if called)


def main_process(root: etree._Element, called: Iterable[str] = ()) -> str | None:
    """Id of the process that a case runs: the first that is marked executable and that no other one calls."""
    elsewhere = frozenset(called)
    for process in root.iter(f"{{{BPMN}}}process"):
        key = process.get("id")
        if key and process.get("isExecutable") == "true" and key not in elsewhere:
            return str(key)
    return None
