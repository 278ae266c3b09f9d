"""Views of imports."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.imports.mapping import Fault


class ImportState(StrEnum):
    """How far an import has come."""

    READ = "read"
    """Its columns are being mapped; nothing is in the register yet."""
    RUNNING = "running"
    DONE = "done"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Import:
    """An import of a file."""

    id: str
    """A human key: `I-0001`."""
    source: str
    sha256: str
    header: tuple[str, ...]
    state: ImportState
    by_name: str
    at: datetime
    stored: int
    """Risks in the register by it."""
    wanted: int
    """Rows to be stored in all; 0 as long as it is not started."""
    rows: int
    """Rows read."""
    mapping: Mapping[str, int]
    """Column by field: as started, else as far as the names of the columns tell."""
    faults: tuple[Fault, ...] = ()
    """Rows left out when it was started."""
    undo_reason: str = ""


@dataclass(frozen=True, slots=True)
class DryRun:
    """What an import would do. Nothing is stored by it."""

    ready: int
    """Rows that would become risks."""
    faults: tuple[Fault, ...]
    left_out: int
    """Rows with a problem; one may have several."""
    example: tuple[tuple[str, str], ...]
    """The first row that is ready, by field."""
