"""What linting gives back: findings, and a report for each file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How much a finding weighs."""

    ERROR = "error"
    """The version is not released."""
    WARNING = "warning"
    """It may be released, but a person should look."""
    INFO = "info"
    """Something the reader of the diagram may want to know."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found at an element."""

    rule: str
    """Name of the rule; its page is docs/rules/<rule>.md."""
    severity: Severity
    path: str
    """File of the bundle."""
    element_id: str
    """Id of the element, or empty where it is about the file as a whole."""
    sentence: str
    """What is wrong and how to mend it, in plain words."""

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class ProcessSummary:
    """A process of a diagram."""

    id: str
    name: str
    executable: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What linting found in one file."""

    path: str
    readable: bool
    """False where the file is no diagram that could be shown at all."""
    processes: tuple[ProcessSummary, ...]
    elements: int
    """Nodes and flows drawn."""
    findings: tuple[Finding, ...]

    @property
    def releasable(self) -> bool:
        """Whether the file can be released as drawn."""
        return self.readable and not any(finding.severity == Severity.ERROR for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data, for JSON."""
        return {**asdict(self), "releasable": self.releasable}


def exit_status(reports: Iterable[Report]) -> int:
    """0 where every file can be released as drawn, 1 where something is refused, 2 where a file could "
    "not be read."""
    status = 0
    for report in reports:
        status = max(status, 2 if not report.readable else 0 if report.releasable else 1)
    return status


@dataclass(frozen=True, slots=True)
class Known:
    """What rules may know of a bundle's surroundings: plain facts, so that a child process can have them.

    What is None is not known, and rules that need it say nothing.
    """

    operations: frozenset[str] | None = None
    """Names of the operations that service tasks may call."""
    roles: frozenset[str] | None = None
    """Roles that a lane may name."""
    form_fields: Mapping[str, Sequence[str]] | None = None
    """Path of each form that can be used to the keys of its fields."""
    form_required: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Path of each form that can be used to the keys of the fields that must be answered in every case."""
    form_faults: Mapping[str, str] = field(default_factory=dict)
    """Path of each form that cannot be used to the sentence that says why."""
    forms_needed: bool = False
    """Whether each task that people do must have a form."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What an analysis may take."""

    seconds: float = 4.0
    """Time on the clock and of the processor, until the child is killed."""
    megabytes: int = 1024
    """Address space of the child."""
    tasks: int = 5_000
    """Tasks that a rehearsal may make."""
    steps: int = 1_000
    """Automatic steps that a rehearsal may take."""
