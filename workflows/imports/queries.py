"""Reads of imports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from workflows.errors import NotFound
from workflows.identity.queries import people_by_id
from workflows.imports.mapping import Fault, Known, guess
from workflows.imports.models import (
    import_rows,
    import_starts,
    import_undos,
    imported_risks,
    register_imports,
)
from workflows.imports.types import Import, ImportState
from workflows.risks.models import assets, risks
from workflows.risks.types import RiskStatus


def find(connection: Connection, import_id: str) -> Import:
    """One import. Raises `NotFound`."""
    row = connection.execute(select(register_imports).where(register_imports.c.id == import_id)).one_or_none()
    if row is None:
        raise NotFound("import", import_id)
    return _view(connection, row)


def every(connection: Connection) -> list[Import]:
    """All imports, newest first."""
    rows = connection.execute(select(register_imports).order_by(register_imports.c.id.desc())).all()
    return [_view(connection, row) for row in rows]


def rows_of(connection: Connection, import_id: str) -> list[tuple[int, tuple[str, ...]]]:
    """The rows of the file that are still waiting, in their order."""
    return [
        (row.row, tuple(row.cells))
        for row in connection.execute(
            select(import_rows).where(import_rows.c.import_id == import_id).order_by(import_rows.c.row)
        )
    ]


def risks_of(connection: Connection, import_id: str) -> Sequence[Any]:
    """Row, id and title of each risk that an import put in the register."""
    return connection.execute(
        select(imported_risks.c.row, imported_risks.c.risk_id, risks.c.title)
        .join(risks, risks.c.id == imported_risks.c.risk_id)
        .where(imported_risks.c.import_id == import_id)
        .order_by(imported_risks.c.row)
    ).all()


def known(connection: Connection) -> Known:
    """What the register holds already."""
    by_name: dict[str, str] = {}
    for row in connection.execute(select(assets.c.id, assets.c.name).order_by(assets.c.id)):
        by_name.setdefault(row.name.casefold(), row.id)
        by_name[row.id.casefold()] = row.id
    titles = connection.execute(select(risks.c.title).where(risks.c.status != RiskStatus.CLOSED.value))
    return Known(by_name, frozenset(title.casefold() for title in titles.scalars()))


def _view(connection: Connection, row: Row[Any]) -> Import:
    start = connection.execute(select(import_starts).where(import_starts.c.import_id == row.id)).one_or_none()
    undo = connection.execute(select(import_undos).where(import_undos.c.import_id == row.id)).one_or_none()
    stored = _count(connection, imported_risks, row.id)
    header = tuple(row.header)
    return Import(
        id=row.id,
        source=row.source,
        sha256=row.sha256,
        header=header,
        state=_state(start, undo is not None, stored),
        by_name=people_by_id(connection, [row.by])[row.by].name,
        at=row.at,
        stored=stored,
        wanted=start.wanted if start else 0,
        rows=_count(connection, import_rows, row.id),
        mapping=start.mapping if start else guess(header),
        faults=tuple(Fault(*fault) for fault in start.faults) if start else (),
        undo_reason=undo.reason if undo else "",
    )


def _state(start: Row[Any] | None, undone: bool, stored: int) -> ImportState:
    if undone:
        return ImportState.UNDONE
    if start is None:
        return ImportState.READ
    return ImportState.DONE if stored >= start.wanted else ImportState.RUNNING


def _count(connection: Connection, table: Any, import_id: str) -> int:
    query = select(func.count()).select_from(table).where(table.c.import_id == import_id)
    return int(connection.execute(query).scalar_one())
