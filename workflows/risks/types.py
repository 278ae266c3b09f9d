"""Views of the register. Times are aware datetimes in UTC; likelihood, impact and level are on the scales of
NIST SP 800-30r1."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from workflows.exemptions.types import Exemption
from workflows.identity.types import Person
from workflows.risks.details import RiskDetails, RiskVersion
from workflows.risks.scales import Level
from workflows.risks.standing import Dispute, Envelope, Signature


class RiskStatus(StrEnum):
    """Where a risk stands. Set by decisions alone, see `workflows.risks.transitions`."""

    UNDECIDED = "undecided"
    IN_TREATMENT = "in treatment"
    ACCEPTED = "accepted"
    EXEMPTED = "exempted"
    NOT_ACCEPTED = "not accepted"
    """Refused at the top: contained, in force nowhere."""
    CLOSED = "closed"


class AssessmentKind(StrEnum):
    """Before controls, with today's controls, and after the treatment planned."""

    INHERENT = "inherent"
    CURRENT = "current"
    RESIDUAL = "residual"


@dataclass(frozen=True, slots=True)
class Asset:
    """A system, service or data set that risks are about."""

    id: str
    name: str
    owner_unit: str
    """Id of the unit that owns it."""
    owner_unit_name: str
    criticality: Level
    is_shared: bool
    """True where more than one unit relies on it: the organisation's own leaders decide."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Assessment:
    """One rating by one person. Never changed; a new view is a new row."""

    kind: AssessmentKind
    likelihood: Level
    impact: Level
    level: Level
    """By Table I-2 of SP 800-30r1."""
    by: str
    by_name: str
    at: datetime
    rationale: str = ""
    case_id: str | None = None


@dataclass(frozen=True, slots=True)
class StatusChange:
    """One step in the life of a risk, with the decision it comes from."""

    source: RiskStatus | None
    target: RiskStatus
    at: datetime
    by: str
    by_name: str
    reason: str
    case_id: str | None


@dataclass(frozen=True, slots=True)
class Outdated:
    """Why a decision is out of date."""

    decision_id: str
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Decision:
    """How a risk was decided, as the record holds it."""

    case_id: str
    response: str
    """`mitigate`, `avoid`, `transfer`, `accept`, `exempt`, or `refused`."""
    reason: str
    decided_by: str
    decided_by_name: str
    on_behalf_of: str | None
    tier: str
    """`cio`, `committee` or `cro`."""
    decided_at: datetime
    review_date: date | None = None
    plan: str = ""
    id: str = ""
    snapshot: str = ""
    """SHA-256 of what it rests on; empty for one made before that was kept."""
    outdated: tuple[Outdated, ...] = ()
    """What has changed since, oldest first."""
    without_advice: bool = False
    endorsement: str = ""
    """Who had endorsed the policy by then; empty where nobody had."""


@dataclass(frozen=True, slots=True)
class KevEntry:
    """An entry of the catalogue of known exploited vulnerabilities (CISA)."""

    cve_id: str
    vendor_project: str
    product: str
    name: str
    date_added: date
    short_description: str
    required_action: str
    due_date: date
    known_ransomware: bool
    notes: str
    cwes: tuple[str, ...]
    imported_at: datetime
    risks: tuple[str, ...] = ()
    """Ids of the risks raised from it."""


@dataclass(frozen=True, slots=True)
class KevPage:
    """A page of catalogue entries, newest first."""

    entries: tuple[KevEntry, ...]
    total: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class ImportFault:
    """A row that was left out, and why."""

    row: int
    key: str
    """The CVE id, as far as it could be read."""
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. Rows with a fault were left out, all others stored."""

    source: str
    catalogue_version: str
    added: int
    changed: int
    same: int
    faults: tuple[ImportFault, ...] = ()

    @property
    def rows(self) -> int:
        """Rows read."""
        return self.added + self.changed + self.same + len(self.faults)


@dataclass(frozen=True, slots=True)
class Risk:
    """An entry of the register."""

    id: str
    title: str
    description: str
    category: str
    assets: tuple[Asset, ...]
    raised_by: Person
    raised_at: datetime
    status: RiskStatus
    status_since: datetime
    inherent: Assessment | None
    current: Assessment | None
    residual: Assessment | None
    cve_id: str | None
    due_date: date | None = None
    """By when a rule, a contract or a catalogue wants it dealt with. Missing it never accepts the risk."""
    priority: int | None = None
    is_confidential: bool = False
    open_case_id: str | None = None
    """The case that is deciding it now."""
    exemption: Exemption | None = None
    """The one in force, if any."""
    dispute: Dispute | None = None
    """The CISO's challenge that is not settled yet."""
    covered_by: str = ""
    without_advice: bool = False
    """True where the decision in force was made without the CISO's advice."""

    @property
    def level(self) -> Level | None:
        """The level that counts today: current, else inherent."""
        rating = self.current or self.inherent
        return rating.level if rating else None


@dataclass(frozen=True, slots=True)
class RiskPage:
    """A risk with everything the register knows of it."""

    risk: Risk
    kev: KevEntry | None
    assessments: tuple[Assessment, ...]
    history: tuple[StatusChange, ...]
    """All, newest first."""
    decisions: tuple[Decision, ...]
    exemptions: tuple[Exemption, ...]
    cases: tuple[CaseRef, ...]
    details: RiskDetails
    version: int
    """Number of the newest version of the details; 0 where they are still as raised."""
    versions: tuple[RiskVersion, ...]
    """All, newest first."""
    links: tuple[Link, ...]
    owner: str
    """Who answers for it today, with the post; says so where the post is vacant."""
    outdated: tuple[Outdated, ...]
    """Why the decision in force is out of date; empty where it is not."""
    envelope: Envelope | None = None
    signatures: tuple[Signature, ...] = ()
    may_challenge: bool = False
    """The reader may challenge the decision in force, from the CISO's desk."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link from or to another risk, or to a case."""

    id: str
    kind: str
    """As it reads from this risk: `related to`, `causes`, `caused by`, …"""
    risk_id: str | None
    title: str
    case_id: str | None
    note: str
    by_name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseRef:
    """A case of a risk, in short."""

    id: str
    title: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    policy_number: int
    waiting: str = ""
    """Whom it waits for, as a sentence; empty where it has ended."""


@dataclass(frozen=True, slots=True)
class RiskFilters:
    """What a reader wants of the register. Empty fields do not narrow."""

    text: str = ""
    status: RiskStatus | None = None
    level: Level | None = None
    category: str = ""
    asset_id: str = ""
    unit_id: str = ""
    raised_by: str = ""
    kev_only: bool = False
    likelihood: Level | None = None
    impact: Level | None = None


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register, highest level first, then newest."""

    rows: tuple[Risk, ...]
    total: int
    page: int
    pages: int
    counts: Mapping[RiskStatus, int] = field(default_factory=dict)
    """By status, over everything the reader may see, whatever the filters."""
    unacceptable: int = 0
    """Above the appetite of their category today, and not settled, whatever the filters."""
    categories: tuple[str, ...] = ()
