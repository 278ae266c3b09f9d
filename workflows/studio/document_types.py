"""What the document of a policy says, as frozen values. Times are aware, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.types import Version
from workflows.studio.types import Agreement, DraftComment


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a diagram: what is done, by whom, until when, under which rules."""

    id: str
    name: str
    kind: str
    """In words: "step done by a person"."""
    who: str
    form: str
    """Title of its form; empty where it has none."""
    due: str
    rules: tuple[str, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a gateway."""

    after: str
    to: str
    label: str
    words: str
    """When it is taken; empty where only the expression says it."""
    expression: str


@dataclass(frozen=True, slots=True)
class Duty:
    """What one role does in a diagram."""

    who: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DocumentDiagram:
    """A diagram, and the same in words."""

    path: str
    title: str
    called_from: str
    """The policy it belongs to, where another one is called; empty for the policy's own."""
    duties: tuple[Duty, ...]
    automatic: tuple[Step, ...]
    """What the software does."""
    ways: tuple[Way, ...]
    times: tuple[str, ...]
    """What happens when time has passed, or a message comes, as sentences."""


@dataclass(frozen=True, slots=True)
class DocumentTable:
    """A decision table with its rules."""

    path: str
    name: str
    holds: str
    """Which rule holds where several match, as a sentence."""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A field of a form."""

    label: str
    explanation: str
    answer: str
    """What an answer is: "a date", "one of"; with its limits."""
    options: tuple[str, ...]
    required: bool
    hidden_when: tuple[str, ...]
    """Under which conditions it is not asked, in words or as expressions."""


@dataclass(frozen=True, slots=True)
class DocumentForm:
    """A form, field by field."""

    path: str
    title: str
    used_at: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class DocumentFile:
    """A file, by its hash."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Document:
    """All of a policy, to be printed and kept."""

    key: str
    title: str
    description: str
    number: int | None
    """Of the version; None for a draft."""
    state: str
    content_hash: str
    """Of a draft: what it would have if it were released as it is."""
    revision: int | None
    """Of a draft."""
    based_on: int | None
    at: datetime
    """When it was recorded; of a draft, when it was last changed."""
    by: str
    authors: tuple[str, ...]
    why: str
    endorsement: str
    agreements: tuple[Agreement, ...]
    comments: tuple[DraftComment, ...]
    included: tuple[Version, ...]
    diagrams: tuple[DocumentDiagram, ...]
    tables: tuple[DocumentTable, ...]
    forms: tuple[DocumentForm, ...]
    files: tuple[DocumentFile, ...]
    read_at: datetime

    @property
    def is_draft(self) -> bool:
        """True where nothing of it is in force."""
        return self.number is None

    @property
    def name(self) -> str:
        """ "Risk decision, version 3", or "Risk decision, draft"."""
        return f"{self.title}, {'draft' if self.number is None else f'version {self.number}'}"
