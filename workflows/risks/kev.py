"""The catalogue of known exploited vulnerabilities in the database: import and search."""

from __future__ import annotations

import hashlib
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, false, func, insert, or_, select, true, update

from workflows.context import Writing
from workflows.errors import NotFound
from workflows.events import INSTALLATION, DomainEvent
from workflows.keys import new_id
from workflows.risks.kev_reading import Catalogue, Entry, read
from workflows.risks.models import kev_entries, kev_imports, risks
from workflows.risks.queries import ids_by_cve
from workflows.risks.snapshots import mark_outdated
from workflows.risks.types import ImportReport, KevEntry, KevPage

PAGE = 50
"""Entries of a page."""
NO_RISKS = false()
"""For who wants to know of an entry and of no risk."""
_BATCH = 500
"""Rows written at once: within the number of values one statement may carry."""


def import_file(writing: Writing, name: str, data: bytes) -> ImportReport:
    """Import a catalogue file. Entries that are no longer in it stay: risks may rest on them.

    Raises `FileRefused` where the file as a whole cannot be read.
    """
    catalogue = read(name, data)
    writing.alone("catalogue")
    held = {row.cve_id: _fields(row) for row in writing.connection.execute(select(kev_entries))}
    added = [entry for entry in catalogue.entries if entry.cve_id not in held]
    changed = [
        entry for entry in catalogue.entries if entry.cve_id in held and held[entry.cve_id] != _values(entry)
    ]
    for start in range(0, len(added), _BATCH):
        rows = [
            {"cve_id": entry.cve_id, "imported_at": writing.now, **_values(entry)}
            for entry in added[start : start + _BATCH]
        ]
        writing.connection.execute(insert(kev_entries), rows)
    for entry in changed:
        writing.connection.execute(
            update(kev_entries)
            .where(kev_entries.c.cve_id == entry.cve_id)
            .values(imported_at=writing.now, **_values(entry))
        )
    concerned = {entry.cve_id for entry in (*added, *changed)}
    known = writing.connection.execute(select(risks.c.id, risks.c.cve_id).where(risks.c.cve_id.is_not(None)))
    mark_outdated(writing, [row.id for row in known.all() if row.cve_id in concerned])
    same = len(catalogue.entries) - len(added) - len(changed)
    report = ImportReport(name, catalogue.version, len(added), len(changed), same, catalogue.faults)
    _record(writing, report, catalogue, data)
    return report


def _record(writing: Writing, report: ImportReport, catalogue: Catalogue, data: bytes) -> None:
    values = {
        "source": report.source[:300],
        "sha256": hashlib.sha256(data).hexdigest(),
        "catalogue_version": report.catalogue_version,
        "added": report.added,
        "changed": report.changed,
        "same": report.same,
    }
    faults = [[fault.row, fault.key, fault.sentence] for fault in catalogue.faults]
    writing.connection.execute(
        insert(kev_imports).values(id=new_id(), at=writing.now, by=writing.actor.id, faults=faults, **values)
    )
    writing.record(INSTALLATION, DomainEvent.CATALOGUE_IMPORTED, {**values, "faults": len(faults)})


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "vendor_project": entry.vendor_project,
        "product": entry.product,
        "name": entry.name,
        "date_added": entry.date_added,
        "short_description": entry.short_description,
        "required_action": entry.required_action,
        "due_date": entry.due_date,
        "known_ransomware": entry.known_ransomware,
        "notes": entry.notes,
        "cwes": list(entry.cwes),
    }


def _fields(row: Row[Any]) -> dict[str, Any]:
    found = dict(row._mapping)
    del found["cve_id"], found["imported_at"]
    return found


def _view(row: Row[Any], risks: tuple[str, ...] = ()) -> KevEntry:
    values = {**_fields(row), "cwes": tuple(row.cwes)}
    return KevEntry(cve_id=row.cve_id, imported_at=row.imported_at, risks=risks, **values)


def _matching(search: str) -> ColumnElement[bool]:
    columns = (
        kev_entries.c.cve_id,
        kev_entries.c.vendor_project,
        kev_entries.c.product,
        kev_entries.c.name,
        kev_entries.c.short_description,
    )
    return and_(
        true(),
        *(or_(*(c.icontains(word, autoescape=True) for c in columns)) for word in search.split()[:8]),
    )


def entries(connection: Connection, search: str, page: int, allowed: ColumnElement[bool]) -> KevPage:
    """A page of entries, newest first; every word of the search must be found.

    Of the risks raised from them, only those that `allowed` lets through.
    """
    condition, page = _matching(search), max(page, 1)
    total = connection.execute(select(func.count()).select_from(kev_entries).where(condition)).scalar_one()
    rows = connection.execute(
        select(kev_entries)
        .where(condition)
        .order_by(kev_entries.c.date_added.desc(), kev_entries.c.cve_id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    ).all()
    raised = ids_by_cve(connection, (row.cve_id for row in rows), allowed)
    views = tuple(_view(row, raised.get(row.cve_id, ())) for row in rows)
    return KevPage(views, total, page, max(1, -(-total // PAGE)))


def find(connection: Connection, cve_id: str, allowed: ColumnElement[bool] = NO_RISKS) -> KevEntry | None:
    """One entry, `allowed` as in `entries`; None where the catalogue does not hold it."""
    row = connection.execute(
        select(kev_entries).where(kev_entries.c.cve_id == cve_id.strip().upper())
    ).one_or_none()
    return _view(row, ids_by_cve(connection, [row.cve_id], allowed).get(row.cve_id, ())) if row else None


def entry(connection: Connection, cve_id: str, allowed: ColumnElement[bool] = NO_RISKS) -> KevEntry:
    """One entry, `allowed` as in `entries`. Raises `NotFound`."""
    found = find(connection, cve_id, allowed)
    if found is None:
        raise NotFound("catalogue entry", cve_id)
    return found
