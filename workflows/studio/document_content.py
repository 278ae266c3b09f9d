"""What the files of a policy say, read for its document: diagrams, tables and forms in words."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.diagrams import BPMN, read_definitions
from engine.errors import EngineError
from forms import FormError, parse
from workflows.studio.conditions import Vocabulary
from workflows.studio.diagram_model import Diagram, read_diagram
from workflows.studio.difference_tables import read_tables
from workflows.studio.document_diagrams import told
from workflows.studio.document_forms import read_form, title_of
from workflows.studio.document_types import (
    DocumentDiagram,
    DocumentFile,
    DocumentForm,
    DocumentTable,
)
from workflows.studio.reading import main_path

HIT_POLICIES = {
    "UNIQUE": "Exactly one rule matches.",
    "FIRST": "The first rule that matches holds.",
    "ANY": "Rules that match say the same.",
    "PRIORITY": "Of the rules that match, the one with the highest priority holds.",
    "COLLECT": "What all rules that match say is gathered.",
    "RULE ORDER": "What all rules that match say is gathered, in their order.",
    "OUTPUT ORDER": "What all rules that match say is gathered, the highest priority first.",
}


@dataclass(frozen=True, slots=True)
class Content:
    """Diagrams, the policy's own first; tables; forms; all files by their hashes."""

    diagrams: tuple[DocumentDiagram, ...]
    tables: tuple[DocumentTable, ...]
    forms: tuple[DocumentForm, ...]
    files: tuple[DocumentFile, ...]


def read_content(
    key: str, title: str, files: Mapping[str, bytes], belongs: Mapping[str, str], now: datetime
) -> Content:
    """Read all files.

    Args:
        belongs: file to the title of the called policy that it is of.
    """
    diagrams = _diagrams(files)
    forms = {path: title_of(path, data) for path, data in files.items() if path.endswith(".form")}
    main = main_path(key, {path: b"" for path in files if path not in belongs})
    ordered = sorted(diagrams, key=lambda path: (path != main, belongs.get(path, ""), path))
    shown = [
        told(
            path,
            title if path == main else _title(path, files[path]),
            belongs.get(path, ""),
            diagrams[path],
            forms,
            _vocabulary(diagrams, path, files),
        )
        for path in ordered
    ]
    return Content(
        tuple(shown),
        tuple(_tables(files)),
        tuple(_forms(diagrams, files, now)),
        tuple(DocumentFile(path, hashlib.sha256(files[path]).hexdigest()) for path in sorted(files)),
    )


def _title(path: str, data: bytes) -> str:
    """What a diagram calls itself: the name of its pool or process, else of its file."""
    root = read_definitions(data)
    names = [
        each.get("name") for kind in ("participant", "process") for each in root.iter(f"{{{BPMN}}}{kind}")
    ]
    return next((each for each in names if each), path.removesuffix(".bpmn"))


def _diagrams(files: Mapping[str, bytes]) -> dict[str, Diagram]:
    """What can be read of the diagrams: a draft may hold one that cannot, and its findings say so."""
    found = {}
    for path, data in files.items():
        if path.endswith(".bpmn"):
            try:
                found[path] = read_diagram(data)
            except EngineError:
                continue
    return found


def _vocabulary(diagrams: Mapping[str, Diagram], own: str, files: Mapping[str, bytes]) -> Vocabulary:
    """Names of steps and questions of all diagrams; those of `own` stand for others of the same id."""
    steps: dict[str, str] = {}
    questions: dict[tuple[str, str], str] = {}
    answers: dict[tuple[str, str, str], str] = {}
    for path in [*(each for each in diagrams if each != own), *([own] if own in diagrams else [])]:
        for key, element in diagrams[path].elements.items():
            steps[key] = element.name
            if element.form and element.form in files:
                _questions(key, files[element.form], questions, answers)
    if own.endswith(".form"):
        _questions("", files[own], questions, answers)
    return Vocabulary(steps, questions, answers)


def _questions(
    element: str,
    data: bytes,
    questions: dict[tuple[str, str], str],
    answers: dict[tuple[str, str, str], str],
) -> None:
    try:
        form = parse(data)
    except FormError:
        return
    for field in form.fields:
        label = "".join(part for part in field.label.parts if isinstance(part, str))
        questions[element, field.key] = label.strip() or field.key
        for option in field.choices.fixed if field.choices else ():
            answers[element, field.key, option.value] = option.label


def _tables(files: Mapping[str, bytes]) -> list[DocumentTable]:
    found = []
    for path in sorted(files):
        if not path.endswith(".dmn"):
            continue
        try:
            tables = read_tables(files[path])
        except EngineError:
            continue
        for table in tables.values():
            titles = tuple(each.strip("“”") for each in table.columns)
            holds = HIT_POLICIES.get(table.hit_policy, table.hit_policy)
            found.append(
                DocumentTable(
                    path, table.name, holds, titles[: table.inputs], titles[table.inputs :],
                    tuple(table.rules.values()),
                )
            )  # fmt: skip
    return found


def _forms(diagrams: Mapping[str, Diagram], files: Mapping[str, bytes], now: datetime) -> list[DocumentForm]:
    used: dict[str, list[str]] = {}
    for diagram in diagrams.values():
        for element in diagram.elements.values():
            if element.form:
                used.setdefault(element.form, []).append(element.name or element.id)
    found = []
    for path in sorted(each for each in files if each.endswith(".form")):
        form = read_form(path, files[path], used.get(path, ()), _vocabulary(diagrams, path, files), now)
        if form is not None:
            found.append(form)
    return found
