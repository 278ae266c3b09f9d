"""Writes of imports: a file is read in, started with a mapping, stored step by step, undone as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from sqlalchemy import delete, insert, select

from engine.instances.models import instances
from workflows.context import Writing
from workflows.errors import Conflict, RuleBroken
from workflows.events import REGISTER, DomainEvent
from workflows.imports import queries
from workflows.imports.mapping import Ready, as_text, check_mapping, check_rows
from workflows.imports.models import (
    import_rows,
    import_starts,
    import_undos,
    imported_risks,
    register_imports,
)
from workflows.imports.reading import Sheet
from workflows.imports.types import Import, ImportState
from workflows.keys import next_key
from workflows.risks.commands import NewRisk, add_risk, assess, change_status
from workflows.risks.models import decisions, risk_links, risk_versions, risks
from workflows.risks.transitions import only
from workflows.risks.types import AssessmentKind, RiskStatus

STEP = 50
"""Risks stored in one transaction."""
UNDO = "imports.undo"
_BATCH = 500


def take_in(writing: Writing, name: str, data: bytes, sheet: Sheet) -> str:
    """Keep what was read of a file, so that its columns can be mapped; the import's id."""
    import_id = next_key(writing.connection, "I")
    writing.connection.execute(
        insert(register_imports).values(
            id=import_id,
            source=name[:300],
            sha256=sha256(data).hexdigest(),
            header=list(sheet.header),
            by=writing.actor.id,
            at=writing.now,
        )
    )
    rows = [{"import_id": import_id, "row": row, "cells": list(cells)} for row, cells in sheet.rows]
    for start in range(0, len(rows), _BATCH):
        writing.connection.execute(insert(import_rows), rows[start : start + _BATCH])
    return import_id


def start(writing: Writing, import_id: str, mapping: Mapping[str, int]) -> Import:
    """Fix the mapping, and put away the rows that cannot be risks. Raises `RuleBroken`, `Conflict`."""
    writing.alone("register")
    found = queries.find(writing.connection, import_id)
    if found.state is not ImportState.READ:
        raise Conflict(f"{import_id} was started before. Nothing was changed; go on with it.")
    check_mapping(mapping, found.header)
    rows = queries.rows_of(writing.connection, import_id)
    ready, faults = check_rows(rows, found.header, mapping, queries.known(writing.connection))
    if not ready:
        raise RuleBroken("No row of this file can be a risk. Nothing was imported.", rule="rows")
    kept = {one.row for one in ready}
    for row, _ in rows:
        if row not in kept:
            writing.connection.execute(
                delete(import_rows).where(import_rows.c.import_id == import_id, import_rows.c.row == row)
            )
    told = [[fault.row, fault.column, fault.sentence] for fault in faults]
    writing.connection.execute(
        insert(import_starts).values(
            import_id=import_id,
            mapping=dict(mapping),
            wanted=len(ready),
            faults=told,
            by=writing.actor.id,
            at=writing.now,
        )
    )
    writing.record(
        REGISTER,
        DomainEvent.IMPORT_STARTED,
        {
            "import": import_id,
            "source": found.source,
            "sha256": found.sha256,
            "mapping": as_text(mapping, found.header),
            "rows": len(ready),
            "faults": told,
        },
    )
    return queries.find(writing.connection, import_id)


def step(writing: Writing, import_id: str, most: int = STEP) -> Import:
    """Put the next rows in the register, undecided. Raises `Conflict` where it is not running."""
    writing.alone("register")
    found = queries.find(writing.connection, import_id)
    if found.state is not ImportState.RUNNING:
        raise Conflict(f"{import_id} is {found.state.value}. Nothing was changed.")
    rows = queries.rows_of(writing.connection, import_id)[:most]
    ready, _ = check_rows(rows, found.header, found.mapping, queries.known(writing.connection))
    by_row = {one.row: one for one in ready}
    for row, _ in rows:
        if row not in by_row:
            raise RuleBroken(
                f"Row {row} can be no risk any more: an asset or a title has changed since this was started. "
                "What was stored so far is kept; undo this import and start again.",
                rule="changed",
            )
        risk_id = _add(writing, import_id, by_row[row])
        writing.connection.execute(
            insert(imported_risks).values(import_id=import_id, row=row, risk_id=risk_id, at=writing.now)
        )
        writing.connection.execute(
            delete(import_rows).where(import_rows.c.import_id == import_id, import_rows.c.row == row)
        )
    return queries.find(writing.connection, import_id)


def _add(writing: Writing, import_id: str, one: Ready) -> str:
    details = one.details
    risk_id = add_risk(
        writing,
        NewRisk(
            title=details.title,
            description=details.description,
            category=details.category,
            likelihood=one.likelihood,
            impact=one.impact,
            asset_ids=one.asset_ids,
            cve_id=one.cve_id,
            due_date=details.due_date,
            token=f"{import_id}:{one.row}",
        ),
        details,
        f"Imported: {import_id}, row {one.row}",
    )
    if one.residual is not None:
        assess(writing, risk_id, AssessmentKind.RESIDUAL, *one.residual, "As imported", None)
    return risk_id


def undo(writing: Writing, import_id: str, reason: str) -> Import:
    """Close every risk of an import, each with its entry, as long as nothing was built on any of them.

    Raises `RuleBroken`: no reason, or what was built is named; `Conflict` where it was undone before.
    """
    writing.alone("register")
    connection = writing.connection
    found = queries.find(connection, import_id)
    if found.state is ImportState.UNDONE:
        raise Conflict(f"{import_id} was undone before. Nothing was changed.")
    if not reason.strip():
        raise RuleBroken("Say why it is undone: the record keeps it. Nothing was changed.", rule="reason")
    ids = [row.risk_id for row in queries.risks_of(connection, import_id)]
    built = _built_on(writing, ids)
    if built:
        raise RuleBroken(
            f"Something was built on this import already: {'; '.join(built[:5])}. Nothing was undone.",
            rule="built on",
        )
    for risk_id in ids:
        change_status(writing, risk_id, only(UNDO), f"{import_id} undone: {reason.strip()}", None)
    connection.execute(delete(import_rows).where(import_rows.c.import_id == import_id))
    connection.execute(
        insert(import_undos).values(
            import_id=import_id, reason=reason.strip(), by=writing.actor.id, at=writing.now
        )
    )
    writing.record(
        REGISTER,
        DomainEvent.IMPORT_UNDONE,
        {"import": import_id, "reason": reason.strip(), "risks": ids},
    )
    return queries.find(connection, import_id)


def _built_on(writing: Writing, ids: list[str]) -> list[str]:
    """What stands on imported risks: cases, decisions, changes, links, another status."""
    connection = writing.connection
    queries_by_words = (
        ("{} has a case", select(instances.c.subject).where(instances.c.subject.in_(ids))),
        ("{} is decided", select(decisions.c.risk_id).where(decisions.c.risk_id.in_(ids))),
        (
            "{} was changed",
            select(risk_versions.c.risk_id).where(risk_versions.c.risk_id.in_(ids), risk_versions.c.seq > 1),
        ),
        ("{} is linked", select(risk_links.c.risk_id).where(risk_links.c.risk_id.in_(ids))),
        ("{} is linked", select(risk_links.c.other_id).where(risk_links.c.other_id.in_(ids))),
        (
            "{} is not undecided any more",
            select(risks.c.id).where(risks.c.id.in_(ids), risks.c.status != RiskStatus.UNDECIDED.value),
        ),
    )
    return [
        words.format(risk_id)
        for words, query in queries_by_words
        for risk_id in sorted(set(connection.execute(query).scalars()))
    ]
