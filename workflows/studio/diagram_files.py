"""What is stored of a diagram that the editor sends: the file as it came, but for what a person changed."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from engine.diagrams import read_text
from engine.diagrams.elements import read_elements
from engine.diagrams.importing import read_definitions
from engine.diagrams.patching import patched
from engine.errors import EngineError
from engine.types import Element
from workflows.studio.diagram_model import canonical


@lru_cache(maxsize=256)
def elements_of(data: bytes) -> Mapping[str, Element]:
    """The nodes and flows of a diagram; none where it cannot be read."""
    try:
        return MappingProxyType(read_elements(read_definitions(data)))
    except EngineError:
        return MappingProxyType({})


def same_diagram(one: bytes, other: bytes) -> bool:
    """Whether two files hold the same diagram, layout included, whatever the tool that wrote them."""
    if one == other:
        return True
    try:
        return canonical(read_definitions(one)) == canonical(read_definitions(other))
    except EngineError:
        return False


def kept_or_changed(
    stored: bytes | None, sent: bytes, before: bytes | None = None, base: bytes | None = None
) -> bytes:
    """The bytes to store.

    Args:
        stored: the file as it is in the draft.
        sent: what was uploaded, or what an editor wrote.
        before: what the same editor wrote of the stored file before the change. Where it is given, the
            stored file is changed by what differs between the two, and nothing else of it is.
        base: the file in the version the draft was made from, taken again where nothing differs from it.
    """
    if stored is None:
        return sent
    if same_diagram(stored, sent):
        return stored
    changed = sent
    if before is not None:
        try:
            changed = patched(stored, before, sent)
        except EngineError:
            # What is stored cannot be read: the editor's text, which can, takes its place.
            return sent
    return base if base is not None and same_diagram(base, changed) else changed


def form_as_stored(stored: bytes | None, sent: bytes) -> bytes:
    """A form's bytes to store: those there are where the two say the same."""
    try:
        return stored if stored is not None and json.loads(stored) == json.loads(sent) else sent
    except ValueError:
        return sent


def for_browser(data: bytes) -> str:
    """A diagram's text to be drawn by a browser, whatever encoding it is stored in; bytes stay as they are.

    Raises:
        DiagramUnreadable: the bytes are not in the encoding that the file declares.
    """
    return read_text(data)[0]


def blank_form(name: str) -> bytes:
    """A form named so that asks nothing yet, as the editor writes one."""
    stem = name.removesuffix(".form")
    form = {
        "id": re.sub(r"\W", "_", stem),
        "type": "default",
        "title": stem.replace("-", " ").capitalize(),
        "schemaVersion": 19,
        "components": [],
    }
    return (json.dumps(form, indent=2) + "\n").encode()
