"""Importing a diagram: any BPMN 2.0 file that is well formed, kept as it came, whatever tool drew it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from engine.diagrams.elements import read_elements
from engine.diagrams.xml import BPMN, DiagramUnreadable, local, read_text, read_xml
from engine.types import Element


@dataclass(frozen=True, slots=True)
class ImportedDiagram:
    """A diagram as it came, and what can be shown of it."""

    data: bytes
    """The file's own bytes: what is stored, and what an export gives back."""
    encoding: str
    """The encoding the bytes are in."""
    text: str
    """The same file for a browser: its declaration says UTF-8, nothing else differs."""
    elements: Mapping[str, Element]
    """Every node and flow that has an id."""


def import_diagram(data: bytes) -> ImportedDiagram:
    """Take a file as it is: read it, and offer it for the browser.

    Whether it could be run is another question, which `engine.lint` answers. Files of strangers are better
    given to `engine.lint.lint`, which reads them in a process of its own.

    Raises:
        DiagramUnreadable: not well formed, a DOCTYPE, or no BPMN; `rule` says which.
    """
    root = read_definitions(data)
    text, encoding = read_text(data)
    return ImportedDiagram(data, encoding, text, read_elements(root))


def read_definitions(data: bytes) -> etree._Element:
    """The root of a BPMN 2.0 file.

    Raises:
        DiagramUnreadable: as `import_diagram` does.
    """
    root = read_xml(data)
    name, namespace = local(root), etree.QName(root).namespace
    if name == "definitions" and namespace == BPMN:
        return root
    if name.lower() == "html":
        found = "It is a web page; perhaps a sign-in page was saved in place of the diagram"
    elif name == "definitions" and not namespace:
        found = "Its first element is “definitions”, but in no namespace"
    elif name == "definitions" and "DMN" in str(namespace):
        found = "It is a DMN file (a decision table)"
    elif name == "definitions":
        found = f"Its first element is “definitions”, but in the namespace “{namespace}”"
    else:
        found = f"Its first element is “{name}”"
    raise DiagramUnreadable(
        f"The file is no BPMN 2.0 diagram. {found}; a diagram begins with “definitions” in the namespace "
        f"“{BPMN}”. Nothing was stored.",
        "bpmn-file",
    )
