"""Linting what lies on disk: a file by itself or within its policy's folder, or a whole folder."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.diagrams.xml import LARGEST_FILE_BYTES
from engine.errors import DefinitionRefused
from engine.lint.gate import EXTENSIONS, known_of, lint_bundle
from engine.lint.inclusion import Callee, completed, is_complete, process_run
from engine.lint.types import Finding, Limits, Report, Severity
from engine.ports import Forms, Operations

_NAMED = re.compile(rb"""(?:form|decision)\s*=\s*["']([^"'#<>]{1,200})""")
MOST_FILES = 200
"""Files of one policy."""


@dataclass(frozen=True, slots=True)
class Around:
    """What linting may know besides the files. Without it, rules that need it say nothing."""

    forms: Forms | None = None
    operations: Operations | None = None
    roles: Iterable[str] | None = None
    limits: Limits | None = None


class _Unreadable(Exception):
    """Why a path is not read, as a sentence."""


def lint_file(
    path: Path | str,
    *,
    forms: Forms | None = None,
    operations: Operations | None = None,
    roles: Iterable[str] | None = None,
    limits: Limits | None = None,
) -> Report:
    """Lint a file on disk, with the forms and tables beside it that it names.

    A file in a policy's folder (one that holds `<folder>.bpmn`) is linted as part of that policy, and with
    the policies in the folders beside it that it calls. What cannot be opened, is no file or too large a one
    gives a report that says so. Without the ports, rules that need them say nothing.
    """
    path = Path(path)
    around = Around(forms, operations, roles, limits)
    name = path.name if path.suffix in EXTENSIONS else f"{path.name}.bpmn"
    try:
        data = _read(path)
        key, files = _beside(path.resolve(), name, data)
    except _Unreadable as error:
        return _unread(path, str(error))
    if path.suffix == ".form" and forms is not None:
        found = known_of({name: data}, forms).form_faults.get(name)
        if found is not None:
            return replace(_unread(path, found, "form-readable"), readable=True)
    reports = _lint(key, files, files, around, path.parent)
    report = next((each for each in reports if each.path == name), Report(name, True, (), 0, ()))
    return _renamed(report, str(path))


def lint_folder(path: Path | str, around: Around | None = None) -> list[Report]:
    """Lint a policy's folder as a release would take it: a report for each of its files.

    A folder that holds no policy but folders of policies gives the reports of all of them. What cannot be
    read gives a report that says so.
    """
    path, around = Path(path), around or Around()
    try:
        files = _own_files(path)
        if not files:
            inner = [each for each in sorted(path.iterdir()) if each.is_dir() and _holds_a_policy(each)]
            if not inner:
                raise _Unreadable("The folder holds no policy: no .bpmn, .dmn or .form file is in it.")
            return [report for each in inner for report in lint_folder(each, around)]
    except (_Unreadable, OSError) as error:
        return [_unread(path, _sentence(error))]
    found = {each.path: each for each in _lint(path.resolve().name, files, files, around, path)}
    reports = [found.get(name, Report(name, True, (), 0, ())) for name in sorted(files)]
    return [_renamed(each, str(path / each.path)) for each in reports]


def _lint(
    key: str, files: Mapping[str, bytes], own: Mapping[str, bytes], around: Around, folder: Path
) -> list[Report]:
    """Reports of a policy's own files, linted with the policies that it calls."""
    refused: dict[str, Finding] = {}
    whole = dict(files)
    if not is_complete(files):
        try:
            whole = completed(key, files, _neighbours(folder.resolve()).get)
        except DefinitionRefused as error:
            refused = {each.path: each for each in error.findings if isinstance(each, Finding)}
    known = known_of(whole, around.forms, around.operations, around.roles)
    reports = [each for each in lint_bundle(key, whole, known, around.limits) if each.path in own]
    return [
        replace(each, findings=(refused[each.path], *each.findings)) if each.path in refused else each
        for each in reports
    ]


def _neighbours(folder: Path) -> dict[str, Callee]:
    """Process to the policy that runs it, of the folders beside a policy's."""
    found: dict[str, Callee] = {}
    for each in sorted(folder.parent.iterdir()):
        if each == folder or not (each / f"{each.name}.bpmn").is_file():
            continue
        try:
            files = _own_files(each)
        except (_Unreadable, OSError):
            continue  # it is no policy then, and what calls it is told so
        process = process_run(each.name, files)
        if process is not None:
            found[process] = Callee(each.name, files)
    return found


def _holds_a_policy(folder: Path) -> bool:
    return any(each.suffix in EXTENSIONS and each.is_file() for each in folder.iterdir())


def _own_files(folder: Path) -> dict[str, bytes]:
    paths = [each for each in sorted(folder.iterdir()) if each.suffix in EXTENSIONS and each.is_file()]
    if len(paths) > MOST_FILES:
        raise _Unreadable(f"The folder holds more than {MOST_FILES} files; a policy has fewer.")
    return {each.name: _read(each) for each in paths}


def _read(path: Path) -> bytes:
    """A regular file's bytes. Raises `_Unreadable`: what is no file might never end, or wait for ever."""
    try:
        found = path.stat()
        if stat.S_ISDIR(found.st_mode):
            raise _Unreadable("This is a folder. Name a file in it.")
        if not stat.S_ISREG(found.st_mode):
            raise _Unreadable("This is no file but a device or a pipe, and was not read. Name a file.")
        if found.st_size > LARGEST_FILE_BYTES:
            raise _Unreadable(
                f"The file has {found.st_size:,} bytes; at most {LARGEST_FILE_BYTES:,} are read. "
                "Draw less in one diagram."
            )
        return path.read_bytes()
    except OSError as error:
        raise _Unreadable(_sentence(error)) from error
    except ValueError as error:  # a zero byte in its name
        raise _Unreadable("No file can have this name. Check it.") from error


def _beside(path: Path, name: str, data: bytes) -> tuple[str, dict[str, bytes]]:
    """The key and files that a file is linted with."""
    folder = path.parent
    if (folder / f"{folder.name}.bpmn").is_file():
        return folder.name, {**_own_files(folder), name: data}
    files = {name: data}
    named = {match.decode("utf-8", "replace") for match in _NAMED.findall(data)}
    for each in (folder / one for one in sorted(named) if one == Path(one).name):
        if each.name not in files and each.suffix in EXTENSIONS and each.is_file():
            files[each.name] = _read(each)
    return Path(name).stem, files


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file cannot be opened: {error.strerror or error}. Check its name and who may read it."
    return str(error)


def _unread(path: Path, sentence: str, rule: str = "well-formed") -> Report:
    finding = Finding(rule, Severity.ERROR, str(path), "", sentence)
    return Report(str(path), False, (), 0, (finding,))


def _renamed(report: Report, path: str) -> Report:
    findings = tuple(replace(each, path=path) for each in report.findings)
    return Report(path, report.readable, report.processes, report.elements, findings)
