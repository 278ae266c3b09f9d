"""Views of drafts, versions and the effect of a release. Times are aware, in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.types import Version
from workflows.identity.types import Role


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A draft in a list."""

    id: str
    key: str
    title: str
    state: str
    """`draft`, `in review`, `released` or `withdrawn`."""
    based_on: int | None
    """Number of the version it was taken from."""
    changed_at: datetime
    changed_by: str
    """A person's name."""


@dataclass(frozen=True, slots=True)
class DraftFinding:
    """What the release gate, or a rule that only warns, says of a draft."""

    path: str
    element_id: str
    element_name: str
    rule: str
    sentence: str
    is_refusal: bool
    """True where the draft cannot be sent to review before it is mended."""


@dataclass(frozen=True, slots=True)
class DraftComment:
    """What somebody said of a draft."""

    at: datetime
    person_name: str
    element_id: str
    element_name: str
    words: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """One of the agreements a release needs, given or not."""

    role: Role
    role_label: str
    what: str
    """`agrees` or `endorses`."""
    person_name: str
    """Empty where nobody has agreed yet."""
    at: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class DraftAllowed:
    """What the reader may do with a draft at this moment: the buttons of its page."""

    change: bool
    submit: bool
    comment: bool
    agree: Role | None
    """The post in which the reader may agree now."""
    send_back: bool
    withdraw: bool
    release: bool


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file of a draft."""

    path: str
    size: int
    """Bytes."""
    is_diagram: bool


@dataclass(frozen=True, slots=True)
class Named:
    """An element that may be spoken of: its id, and its name or what it is."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with all its page shows."""

    id: str
    key: str
    title: str
    state: str
    revision: int
    note: str
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    content_hash: str | None
    base: Version | None
    latest: Version | None
    authors: tuple[str, ...]
    """Names of everybody who ever changed it."""
    files: tuple[DraftFile, ...]
    diagram: str | None
    """Path of the main diagram."""
    elements: tuple[Named, ...]
    findings: tuple[DraftFinding, ...]
    comments: tuple[DraftComment, ...]
    agreements: tuple[Agreement, ...]
    allowed: DraftAllowed
    case_id: str | None = None
    """The case of its last review."""

    @property
    def is_behind(self) -> bool:
        """True where another version was released since the draft was taken."""
        return (
            self.latest is not None
            and self.state in ("draft", "in review")
            and (self.base is None or self.base.hash != self.latest.hash)
        )

    @property
    def refusals(self) -> int:
        """How many findings stand against sending it to review."""
        return sum(finding.is_refusal for finding in self.findings)


@dataclass(frozen=True, slots=True)
class VersionRow:
    """A version in a policy's history."""

    version: Version
    recorded_by: str
    """A person's name."""
    cases: int
    """How many cases run or ran under it."""
    open_cases: int
    agreed_by: tuple[str, ...]
    """Who agreed to it, in words; empty where it was installed or loaded."""


@dataclass(frozen=True, slots=True)
class EffectRow:
    """What a release, or a move, means for one open case."""

    case_id: str
    title: str
    kind: str
    """`clean`, `changes` or `cannot`."""
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MoveReport:
    """What a move did."""

    moved: int
    stayed: tuple[EffectRow, ...]
