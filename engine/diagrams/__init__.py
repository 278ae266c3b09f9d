"""Reading diagrams as XML: safely, and into the table of elements the engine works with."""

from __future__ import annotations

from engine.diagrams.elements import read_elements
from engine.diagrams.importing import ImportedDiagram, import_diagram, read_definitions
from engine.diagrams.xml import BPMN, PARLEY, DiagramUnreadable, read_text, read_xml

__all__ = [
    "BPMN",
    "PARLEY",
    "DiagramUnreadable",
    "ImportedDiagram",
    "import_diagram",
    "read_definitions",
    "read_elements",
    "read_text",
    "read_xml",
]
