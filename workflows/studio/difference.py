"""What differs between two versions of a policy, in sentences and as marks on both diagrams. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import EngineError
from workflows.studio.diagram_files import same_diagram
from workflows.studio.diagram_model import Diagram, read_diagram
from workflows.studio.difference_elements import Change, diagram_changes
from workflows.studio.difference_forms import form_changes
from workflows.studio.difference_tables import table_changes

LAYOUT_ONLY = "Layout only: shapes were moved on the paper, and nothing changed in what happens."
SAME = "Nothing differs."


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs. `old_marks` and `new_marks` are for the main diagram: element id to a kind of change."""

    changes: tuple[Change, ...]
    old_marks: Mapping[str, str]
    new_marks: Mapping[str, str]
    is_layout_only: bool
    old_diagram: str | None
    """Path of the main diagram on the old side."""
    new_diagram: str | None

    @property
    def sentences(self) -> tuple[str, ...]:
        """The changes, one sentence each; a sentence as well where there are none."""
        if self.changes:
            return tuple(change.sentence for change in self.changes)
        return (LAYOUT_ONLY if self.is_layout_only else SAME,)


def compare(key: str, old: Mapping[str, bytes], new: Mapping[str, bytes]) -> Difference:
    """Compare the files of two versions: diagrams, tables cell by cell, forms field by field."""
    changes: list[Change] = []
    layout = False
    marks: tuple[dict[str, str], dict[str, str]] = ({}, {})
    main = _main(key, old), _main(key, new)
    for path in sorted({*old, *new}):
        before, after = old.get(path), new.get(path)
        if before == after:
            continue
        found = _file(path, before, after)
        changes += found
        if path.endswith(".bpmn") and before is not None and after is not None:
            drawn = _drawn(before, after)
            layout = layout or not same_diagram(before, after)
            if path == main[1]:
                marks = _marks(found, drawn)
    return Difference(tuple(changes), *marks, layout and not changes, *main)


def _main(key: str, files: Mapping[str, bytes]) -> str | None:
    diagrams = sorted(path for path in files if path.endswith(".bpmn"))
    return f"{key}.bpmn" if f"{key}.bpmn" in diagrams else next(iter(diagrams), None)


def _file(path: str, before: bytes | None, after: bytes | None) -> list[Change]:
    what = {"bpmn": "diagram", "dmn": "table", "form": "form"}.get(path.rpartition(".")[2], "file")
    if before is None:
        return [Change("added", path, None, f"New {what}: {path}.")]
    if after is None:
        return [Change("removed", path, None, f"The {what} {path} was removed.")]
    try:
        if what == "diagram":
            return diagram_changes(path, read_diagram(before), read_diagram(after))
        return form_changes(path, before, after) if what == "form" else table_changes(path, before, after)
    except (EngineError, ValueError):
        sentence = f"The {what} {path} changed; it cannot be read, so what changed in it is not told."
        return [Change("changed", path, None, sentence)]


def _drawn(before: bytes, after: bytes) -> set[str]:
    """Elements of both that are drawn elsewhere, or otherwise."""
    try:
        old, new = read_diagram(before), read_diagram(after)
    except EngineError:
        return set()
    return {key for key in _both(old, new) if old.places.get(key) != new.places.get(key)}


def _both(old: Diagram, new: Diagram) -> set[str]:
    return {*old.places} & {*new.places}


def _marks(changes: list[Change], drawn: set[str]) -> tuple[dict[str, str], dict[str, str]]:
    old: dict[str, str] = dict.fromkeys(drawn, "layout")
    new: dict[str, str] = dict.fromkeys(drawn, "layout")
    weight = {"layout": 0, "moved": 1, "changed": 2, "removed": 3, "added": 3}
    for change in changes:
        if change.element_id is None:
            continue
        for side, here in ((old, change.kind != "added"), (new, change.kind != "removed")):
            held = side.get(change.element_id, "layout")
            if here and weight[change.kind] >= weight[held]:
                side[change.element_id] = change.kind
    return old, new
