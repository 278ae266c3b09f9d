"""The diagrams of a case: its policy's, and those of the processes it calls, each with where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.diagrams import BPMN, DiagramUnreadable, read_definitions
from engine.types import Element, Path
from workflows.cases.types import CaseDiagram

_STATES = ("waiting", "done", "not reached")


@lru_cache(maxsize=64)
def _processes(data: bytes) -> tuple[tuple[str, str], ...]:
    """Ids and names of a diagram's processes; none for a file that cannot be read."""
    try:
        root = read_definitions(data)
    except DiagramUnreadable:
        return ()
    return tuple((one.get("id", ""), one.get("name", "")) for one in root.iter(f"{{{BPMN}}}process"))


def own_path(files: Mapping[str, bytes], key: str) -> str:
    """Path of a policy's own diagram: named like its key, or the only one."""
    return f"{key}.bpmn" if f"{key}.bpmn" in files else next(one for one in files if one.endswith(".bpmn"))


def diagrams(
    files: Mapping[str, bytes], main: str, elements: Mapping[str, Element], path: Path
) -> tuple[CaseDiagram, ...]:
    """The policy's own diagram first, then those of called processes in the order of the files.

    Args:
        files: the version's.
        main: path of its own diagram.
        elements: of all of them.
        path: what the case has been through.
    """
    called = {one.id for one in elements.values() if one.kind == "callActivity"}
    paths = [main, *sorted(name for name in files if name.endswith(".bpmn") and name != main)]
    found = []
    for name in paths:
        processes = _processes(files[name])
        ids = frozenset(key for key, _ in processes)
        if not ids:
            continue
        title = next((text for _, text in processes if text), name.removesuffix(".bpmn"))
        found.append(CaseDiagram(name, title, name == main, _state(ids, elements, path, called), ids))
    return tuple(found)


def _state(ids: frozenset[str], elements: Mapping[str, Element], path: Path, called: set[str]) -> str:
    own = {one.id for one in elements.values() if one.process in ids}
    if own & (set(path.waiting) | set(path.failed)) - called:
        return _STATES[0]
    return _STATES[1] if own & set(path.completed) else _STATES[2]


def chosen(all_diagrams: tuple[CaseDiagram, ...], wanted: str | None) -> CaseDiagram | None:
    """The one asked for; else where the case waits, a called one first; else the policy's own."""
    by_path = {one.path: one for one in all_diagrams}
    if wanted in by_path:
        return by_path[wanted]
    waiting = [one for one in all_diagrams if one.state == _STATES[0]]
    return next(iter([*reversed(waiting), *all_diagrams]), None)
