"""Linting files and bundles, and the gate that a release passes."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path
from threading import Lock

from engine.errors import EngineError
from engine.lint.sandbox import analyse_apart
from engine.lint.types import Finding, Known, Limits, Report, Severity
from engine.ports import Forms, Operations
from engine.types import Bundle

EXTENSIONS = (".bpmn", ".dmn", ".form")
_KEPT = 64


class _Verdicts:
    """The latest verdicts by content: the same files and facts give the same one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._by_content: OrderedDict[str, tuple[Report, ...]] = OrderedDict()

    def get(self, content: str) -> tuple[Report, ...] | None:
        with self._lock:
            return self._by_content.get(content)

    def put(self, content: str, reports: tuple[Report, ...]) -> None:
        with self._lock:
            self._by_content[content] = reports
            while len(self._by_content) > _KEPT:
                self._by_content.popitem(last=False)


_verdicts = _Verdicts()


def lint_bundle(
    key: str, files: Mapping[str, bytes], known: Known | None = None, limits: Limits | None = None
) -> list[Report]:
    """Lint all diagrams of a bundle together, in a process that can be killed.

    Args:
        key: the definition's key; its main diagram is `<key>.bpmn`, or the only one.
        files: path to bytes; what is no `.bpmn`, `.dmn` or `.form` is left out.
        known: what is known of operations, roles and forms; rules that need what is not known say nothing.
        limits: of the analysis.

    Returns:
        A report for each diagram, and for each other file that something is found in. Never raises on account
        of what the files hold.
    """
    kept = {path: data for path, data in files.items() if path.endswith(EXTENSIONS)}
    known, limits = known or Known(), limits or Limits()
    content = _content(key, kept, known, limits)
    reports = _verdicts.get(content)
    if reports is None:
        reports = tuple(analyse_apart(key, kept, known, limits))
        stopped = any(each.rule == "within-limits" for report in reports for each in report.findings)
        if not stopped:  # a busy machine may have been at fault: ask again next time
            _verdicts.put(content, reports)
    return list(reports)


def lint(
    data: bytes, name: str = "diagram.bpmn", known: Known | None = None, limits: Limits | None = None
) -> Report:
    """Lint one file by itself."""
    path = name if name.endswith(".bpmn") else f"{name}.bpmn"
    return lint_bundle(Path(path).stem, {path: data}, known, limits)[0]


def known_of(
    files: Mapping[str, bytes],
    forms: Forms | None = None,
    operations: Operations | None = None,
    roles: Iterable[str] | None = None,
) -> Known:
    """What the ports know of a bundle's surroundings, as the plain facts that rules are given."""
    fields: dict[str, list[str]] = {}
    required: dict[str, list[str]] = {}
    faults: dict[str, str] = {}
    bundle = Bundle(f"lint:{_digest(files)}", files)
    for path in sorted(files) if forms is not None else ():
        if forms is None or not path.endswith(".form"):
            continue
        try:
            fields[path] = list(forms.fields(bundle, path))
            required[path] = list(forms.required(bundle, path))
        except EngineError as error:
            faults[path] = str(error)
    return Known(
        operations=None if operations is None else operations.names(),
        roles=None if roles is None else frozenset(roles),
        form_fields=None if forms is None else fields,
        form_required=required,
        form_faults=faults,
        forms_needed=forms is not None and forms.needed,
    )


def check_release(
    key: str,
    files: Mapping[str, bytes],
    forms: Forms,
    operations: Operations,
    roles: Iterable[str] | None = None,
) -> list[Finding]:
    """Every reason why this bundle must not be released; empty where it may be."""
    reports = lint_bundle(key, files, known_of(files, forms, operations, roles))
    return [each for report in reports for each in report.findings if each.severity == Severity.ERROR]


def _content(key: str, files: Mapping[str, bytes], known: Known, limits: Limits) -> str:
    digest = hashlib.sha256(repr((key, limits)).encode())
    facts = (
        sorted(known.operations or ["-"]),
        sorted(known.roles or ["-"]),
        known.operations is None,
        known.roles is None,
        None if known.form_fields is None else sorted((k, tuple(v)) for k, v in known.form_fields.items()),
        sorted((k, tuple(v)) for k, v in known.form_required.items()),
        sorted(known.form_faults.items()),
        known.forms_needed,
    )
    digest.update(repr(facts).encode())
    digest.update(_digest(files).encode())
    return digest.hexdigest()


def _digest(files: Mapping[str, bytes]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        # Names of files that are no text in UTF-8 come from the disk like this.
        digest.update(f"{path}\n{len(files[path])}\n".encode("utf-8", "surrogatepass"))
        digest.update(files[path])
    return digest.hexdigest()
