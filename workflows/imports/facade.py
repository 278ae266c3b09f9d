"""Imports of a register: what pages and the command line call."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.context import Context, Reading, check
from workflows.errors import NotEntitled
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.imports import commands, queries
from workflows.imports.mapping import FIELDS, Fault, Ready, check_mapping, check_rows
from workflows.imports.reading import Sheet, read
from workflows.imports.types import DryRun, Import
from workflows.permissions import Permission


class Imports:
    """Every method raises `NotEntitled`, and `NotFound` where it names an import."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def every(self, reader: Person) -> list[Import]:
        """All imports, newest first."""

        def query(reading: Reading) -> list[Import]:
            check(reading.organisation, reader, Permission.IMPORT_REGISTER)
            return queries.every(reading.connection)

        return self._context.read(query)

    def find(self, reader: Person, import_id: str) -> Import:
        """One import."""

        def query(reading: Reading) -> Import:
            check(reading.organisation, reader, Permission.IMPORT_REGISTER)
            return queries.find(reading.connection, import_id)

        return self._context.read(query)

    def risks(self, reader: Person, import_id: str) -> list[tuple[int, str, str]]:
        """Row, id and title of each risk that it put in the register."""

        def query(reading: Reading) -> list[tuple[int, str, str]]:
            check(reading.organisation, reader, Permission.IMPORT_REGISTER)
            queries.find(reading.connection, import_id)
            return [
                (row.row, row.risk_id, row.title) for row in queries.risks_of(reading.connection, import_id)
            ]

        return self._context.read(query)

    def take_in(self, actor: Person, name: str, data: bytes) -> Import:
        """Read a CSV file or a workbook, so that its columns can be mapped. The register stays as it is.
        Raises `FileRefused`."""
        if actor is SYSTEM_PERSON:
            raise NotEntitled("A person imports a register, in the own name. Nothing was imported.")
        self._context.read(lambda r: check(r.organisation, actor, Permission.IMPORT_REGISTER))
        sheet = read(name, data)
        import_id = self._context.write(
            actor, Permission.IMPORT_REGISTER, lambda w: commands.take_in(w, name, data, sheet)
        )
        return self.find(actor, import_id)

    def dry_run(self, reader: Person, import_id: str, mapping: Mapping[str, int]) -> DryRun:
        """What the import would do with these columns. Stores nothing. Raises `RuleBroken`."""

        def query(reading: Reading) -> DryRun:
            check(reading.organisation, reader, Permission.IMPORT_REGISTER)
            found = queries.find(reading.connection, import_id)
            check_mapping(mapping, found.header)
            rows = queries.rows_of(reading.connection, import_id)
            known = queries.known(reading.connection)
            return _told(*check_rows(rows, found.header, mapping, known))

        return self._context.read(query)

    def dry_run_of(self, reader: Person, sheet: Sheet, mapping: Mapping[str, int]) -> DryRun:
        """The same for a sheet that was only read. Raises `RuleBroken`."""

        def query(reading: Reading) -> DryRun:
            check(reading.organisation, reader, Permission.IMPORT_REGISTER)
            check_mapping(mapping, sheet.header)
            known = queries.known(reading.connection)
            return _told(*check_rows(sheet.rows, sheet.header, mapping, known))

        return self._context.read(query)

    def start(self, actor: Person, import_id: str, mapping: Mapping[str, int]) -> Import:
        """Fix the columns; rows with a problem are left out for good. Raises `RuleBroken`, `Conflict`."""
        return self._context.write(
            actor, Permission.IMPORT_REGISTER, lambda w: commands.start(w, import_id, mapping)
        )

    def step(self, actor: Person, import_id: str) -> Import:
        """Put the next rows in the register. Raises `Conflict` where it is not running."""
        return self._context.write(actor, Permission.IMPORT_REGISTER, lambda w: commands.step(w, import_id))

    def undo(self, actor: Person, import_id: str, reason: str) -> Import:
        """Close every risk of it again, while nothing was built on them. Raises `RuleBroken`, `Conflict`."""
        return self._context.write(
            actor, Permission.IMPORT_REGISTER, lambda w: commands.undo(w, import_id, reason)
        )


def _told(ready: list[Ready], faults: list[Fault]) -> DryRun:
    return DryRun(
        ready=len(ready),
        faults=tuple(faults),
        left_out=len({fault.row for fault in faults}),
        example=_example(ready[0]) if ready else (),
    )


def _example(one: Ready) -> tuple[tuple[str, str], ...]:
    found: dict[str, object] = {
        "likelihood": one.likelihood.value,
        "impact": one.impact.value,
        "assets": ", ".join(one.asset_ids),
        "cve_id": one.cve_id,
        "controls": "; ".join(one.details.controls),
    }
    for field in FIELDS:
        if field.key not in found and hasattr(one.details, field.key):
            found[field.key] = getattr(one.details, field.key)
    return tuple((field.label, str(found[field.key])) for field in FIELDS if found.get(field.key))
