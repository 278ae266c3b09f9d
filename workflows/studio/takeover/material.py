"""Which schemas that came along belong to a draft: those that one of its diagrams names."""

from __future__ import annotations

from collections.abc import Mapping

from engine.diagrams.xml import DiagramUnreadable, read_text


def named_material(files: Mapping[str, bytes], material: Mapping[str, bytes]) -> dict[str, bytes]:
    """The schemas that a diagram of the files names; other JSON files of a folder or zip are none of them."""
    texts = []
    for path, data in files.items():
        if path.endswith(".bpmn"):
            try:
                texts.append(read_text(data)[0])
            except DiagramUnreadable:
                continue
    return {path: data for path, data in material.items() if any(path in text for text in texts)}
