"""Policies that call others hold all that they run: the files of what is called are included, flat.

A policy is called by the process that its own cases run, in its main diagram `<key>.bpmn`. Its own files come
along; what it calls in turn is looked up anew, so that a bundle holds one content of each policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.diagrams import BPMN, DiagramUnreadable, read_definitions
from engine.diagrams.executable import called_processes, main_process
from engine.errors import DefinitionRefused
from engine.lint.types import Finding, Severity

RULE = "called-process"


@dataclass(frozen=True, slots=True)
class Callee:
    """A policy that others can call."""

    key: str
    files: Mapping[str, bytes]
    """Its own files, without those that it includes itself."""


Find = Callable[[str], Callee | None]
"""Gives the policy whose cases run a process, by the process's id; None where there is none."""


@dataclass(frozen=True, slots=True)
class _Drawn:
    processes: frozenset[str]
    calls: tuple[tuple[str, str], ...]
    """Element id and process id of each call activity."""
    main: str | None


@lru_cache(maxsize=256)
def _drawn(data: bytes) -> _Drawn:
    try:
        root = read_definitions(data)
    except DiagramUnreadable:
        return _Drawn(frozenset(), (), None)
    processes = frozenset(each.get("id", "") for each in root.iter(f"{{{BPMN}}}process"))
    calls = tuple(
        (each.get("id", ""), called)
        for each in root.iter(f"{{{BPMN}}}callActivity")
        if (called := (each.get("calledElement") or "").strip())
    )
    return _Drawn(processes, calls, main_process(root, called_processes([root])))


def process_run(key: str, files: Mapping[str, bytes]) -> str | None:
    """Id of the process that a policy's cases run, by which others can call it; None where there is none."""
    main = files.get(f"{key}.bpmn")
    return None if main is None else _drawn(main).main


def is_complete(files: Mapping[str, bytes]) -> bool:
    """Whether every process that is called is there."""
    return next(_missing(files), None) is None


def completed(key: str, files: Mapping[str, bytes], find: Find) -> dict[str, bytes]:
    """The files with those of all policies that they call, and that these call in turn.

    Where nothing is found for a call it is left as it is: the release gate names it.

    Raises:
        DefinitionRefused: policies that call each other in a circle; two files of one name.
    """
    whole = dict(files)
    owners = dict.fromkeys(files, key)
    _include(files, find, (key,), {process_run(key, files): key}, whole, owners)
    return whole


def _include(
    files: Mapping[str, bytes],
    find: Find,
    trail: tuple[str, ...],
    above: Mapping[str | None, str],
    whole: dict[str, bytes],
    owners: dict[str, str],
    at: tuple[str, str] | None = None,
) -> None:
    """`at`: file and element of the policy's own call that led here; None for the policy itself."""
    for path, element_id, process in _missing(files):
        place = at or (path, element_id)
        back = above.get(process)
        callee = None if back is not None else find(process)
        if back is not None or (callee is not None and callee.key in trail):
            circle = " → ".join((*trail, back or (callee.key if callee else "")))
            raise _refused(
                place, f"Policies call each other in a circle: {circle}. None of them could be "
                "released before the others. Let one of them end, and start a new case instead.",
            )  # fmt: skip
        if callee is None or callee.key in owners.values():
            continue
        for name, data in callee.files.items():
            if whole.get(name, data) != data:
                raise _refused(
                    place, f"The policy {callee.key} is included because it is called here, and its "
                    f"file {name} has the name of another file, of {owners[name]}. Rename one of the "
                    "two: file names are unique among policies that call each other.",
                )  # fmt: skip
            whole[name] = data
            owners[name] = callee.key
        further = {**above, process: callee.key}
        _include(callee.files, find, (*trail, callee.key), further, whole, owners, place)


def _missing(files: Mapping[str, bytes]) -> Iterator[tuple[str, str, str]]:
    """Path, element id and process of each call of what the files do not hold."""
    drawn = {path: _drawn(data) for path, data in sorted(files.items()) if path.endswith(".bpmn")}
    here = frozenset().union(*(each.processes for each in drawn.values()))
    for path, each in drawn.items():
        for element_id, process in each.calls:
            if process not in here:
                yield path, element_id, process


def _refused(place: tuple[str, str], sentence: str) -> DefinitionRefused:
    return DefinitionRefused((Finding(RULE, Severity.ERROR, *place, sentence),))
