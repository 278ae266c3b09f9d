"""What is stored of a diagram that the editor sends: the original bytes where nothing in it differs."""

from __future__ import annotations

from engine.diagrams.importing import read_definitions
from engine.errors import EngineError
from workflows.studio.diagram_model import canonical


def same_diagram(one: bytes, other: bytes) -> bool:
    """Whether two files hold the same diagram, layout included, whatever the tool that wrote them."""
    if one == other:
        return True
    try:
        return canonical(read_definitions(one)) == canonical(read_definitions(other))
    except EngineError:
        return False


def kept_or_changed(stored: bytes | None, sent: bytes) -> bytes:
    """The bytes to store: those there are where the diagram is the same, else those sent."""
    return stored if stored is not None and same_diagram(stored, sent) else sent
