"""The constructed bank: units, people, posts and the steering committee. Nothing of it exists."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.demo.story import CIO, CISO, CRO, DEPUTY_CIO, DEPUTY_CISO
from workflows.identity.types import Role

NAME = "Lanternfield Bank"
DOMAIN = "lanternfield.example"
NOTICE = (
    "Lanternfield Bank does not exist: its people, assets, decisions and words are constructed for this "
    "demonstration. Real are the numbers of vulnerabilities, the products they are in, and their dates."
)
CHARTER = "Charter of cyber-risk decisions, endorsed by the board"
COMMITTEE_ID, COMMITTEE_NAME = "steering", "Cyber risk steering committee"
ADMINISTRATOR, GOVERNANCE, SPONSOR = "lindholm", "brandt", "marchetti"


@dataclass(frozen=True, slots=True)
class UnitData:
    """A unit, and the one it belongs to."""

    id: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class PersonData:
    """A person; `role` is the post he or she is appointed to, if any, and `deputy_for` whose deputy in it."""

    id: str
    name: str
    title: str
    unit: str
    reports_to: str | None = None
    role: Role | None = None
    deputy_for: str | None = None

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return f"{self.name.lower().replace(' ', '.')}@{DOMAIN}"


@dataclass(frozen=True, slots=True)
class MemberData:
    """A member of the committee, or the alternate of one."""

    person: str
    function: str
    is_chair: bool = False
    alternate_for: str | None = None


UNITS = (
    UnitData("executive", "Executive office"),
    UnitData("risk", "Risk management"),
    UnitData("security", "Information security", "risk"),
    UnitData("technology", "Technology"),
    UnitData("finance", "Finance"),
    UnitData("legal", "Legal"),
    UnitData("compliance", "Compliance"),
    UnitData("operations", "Operations"),
    UnitData("payments", "Payments", "operations"),
    UnitData("retail", "Retail banking"),
    UnitData("digital", "Digital channels", "retail"),
    UnitData("audit", "Internal audit"),
)

PEOPLE = (
    PersonData(SPONSOR, "Helena Marchetti", "Chief executive officer", "executive", role=Role.EXECUTIVE),
    PersonData(CRO, "Viktor Adebayo", "Chief risk officer", "risk", "marchetti", Role.CRO),
    PersonData(CIO, "Idris Falkenberg", "Chief information officer", "technology", "marchetti", Role.CIO),
    PersonData(DEPUTY_CIO, "Priya Ravenscroft", "Head of IT operations", "technology", CIO, Role.CIO, CIO),
    PersonData(CISO, "Naomi Achterberg", "Chief information security officer", "security", CRO, Role.CISO),
    PersonData(DEPUTY_CISO, "Luca Thornbury", "Security architect", "security", CISO, Role.CISO, CISO),
    PersonData("castellane", "Sofia Castellane", "Chief financial officer", "finance", "marchetti"),
    PersonData("okonjo", "Daniel Okonjo", "Chief operating officer", "operations", "marchetti"),
    PersonData("whitlock", "Amara Whitlock", "General counsel", "legal", "marchetti"),
    PersonData("petrakis", "Jonas Petrakis", "Head of compliance", "compliance", "marchetti"),
    PersonData("holloway", "Beatriz Holloway", "Head of retail banking", "retail", "marchetti"),
    PersonData("sundaram", "Marek Sundaram", "Head of branch operations", "operations", "okonjo"),
    PersonData(GOVERNANCE, "Yuki Brandt", "Governance manager", "risk", CRO, Role.GOVERNANCE),
    PersonData("nakamura", "Olivia Nakamura", "Owner of the risk process", "risk", CRO, Role.PROCESS_OWNER),
    PersonData("strand", "Gideon Strand", "Head of internal audit", "audit", "marchetti", Role.AUDITOR),
    PersonData(ADMINISTRATOR, "Farah Lindholm", "Platform administrator", "technology", DEPUTY_CIO),
    PersonData("rosario", "Callum Rosario", "Vulnerability manager", "security", DEPUTY_CISO),
    PersonData("harker", "Mei Harker", "Head of payment systems", "payments", "okonjo"),
    PersonData("delacroix", "Anton Delacroix", "Product owner, online banking", "digital", "holloway"),
)

MEMBERS = (
    MemberData("castellane", "Finance", is_chair=True),
    MemberData("okonjo", "Operations"),
    MemberData("whitlock", "Legal"),
    MemberData("petrakis", "Compliance"),
    MemberData("holloway", "Retail banking"),
    MemberData("sundaram", "Operations", alternate_for="okonjo"),
)
