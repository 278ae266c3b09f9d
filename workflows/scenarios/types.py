"""What a scenario says, and what came of telling it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from workflows.risks.scales import Level


@dataclass(frozen=True, slots=True)
class Step:
    """An act, or the passing of time; after it the case waits at `waiting`."""

    waiting: frozenset[str]
    element: str = ""
    """Id of the start event or user task; empty where time passes."""
    role: str = ""
    seat: int | None = None
    answers: Mapping[str, Any] | None = None
    advance: str = ""
    """ISO 8601 duration."""


@dataclass(frozen=True, slots=True)
class Expected:
    """How a scenario must turn out."""

    state: str
    end: str | None
    passes: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story through a policy."""

    path: Path
    policy: str
    title: str
    begins: datetime
    seats: int
    alternates: int
    arbiter: str
    """`cro`, or `sponsor` where the chief risk officer raised the risk and may not rule."""
    level: str
    """Likelihood and impact of the risk, where what follows its decision is told."""
    appetite: Level | None
    """The organisation's appetite and tolerance, for every category; None where it has set none."""
    earlier_emergency: bool
    """Whether another emergency went ahead for the same weakness before the one that is told."""
    steps: tuple[Step, ...]
    expected: Expected

    @property
    def name(self) -> str:
        """The file's name without its ending."""
        return self.path.stem

    @property
    def record_path(self) -> Path:
        """The file beside it that holds the record an auditor must read in the end."""
        return self.path.with_suffix(".record")


@dataclass(frozen=True, slots=True)
class Told:
    """What came of telling a scenario."""

    elements: frozenset[str]
    """Ids of elements completed, in every case that came of it."""
    flows: frozenset[str]
    rules: frozenset[str]
    """`file.dmn decision rule` of the rules of tables that matched: decision's name and rule's number."""
    record: tuple[str, ...]
    """What an auditor reads of the case, a line each."""
    faults: tuple[str, ...]
    """Where it went otherwise than told, as sentences."""
