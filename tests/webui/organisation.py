"""A small constructed organisation, made through the domain's own commands, for the tests of the pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workflows.bootstrap import Parley, Settings, create_installation, open_parley
from workflows.types import SYSTEM_PERSON, Role

STARTED = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a long enough passphrase"
CVE = "CVE-2024-3400"

PEOPLE: tuple[tuple[str, str, str, Role | None], ...] = (
    ("dana", "Dana Reyes", "Chief information officer", Role.CIO),
    ("ivo", "Ivo Lind", "Chief information security officer", Role.CISO),
    ("mei", "Mei Tan", "Head of finance", None),
    ("omar", "Omar Aziz", "General counsel", None),
    ("lena", "Lena Haas", "Head of operations", None),
    ("ruth", "Ruth Okafor", "Chief risk officer", Role.CRO),
    ("eva", "Eva Brandt", "Chief executive", Role.EXECUTIVE),
    ("gus", "Gus Moreau", "Governance lead", Role.GOVERNANCE),
    ("pia", "Pia Costa", "Owner of the payments process", Role.PROCESS_OWNER),
    ("ana", "Ana Petrov", "Internal auditor", Role.AUDITOR),
    ("adam", "Adam Novak", "Administrator", Role.ADMINISTRATOR),
    ("rosa", "Rosa Lima", "Service manager", None),
    ("tom", "Tom Varga", "Engineer", None),
)
MEMBERS = {"mei": "Finance", "omar": "Legal", "lena": "Operations"}

KEV = {
    "title": "Known exploited",
    "catalogVersion": "2025.08.25",
    "dateReleased": "2025-08-25T14:00:00.000Z",
    "count": 1,
    "vulnerabilities": [
        {
            "cveID": CVE,
            "vendorProject": "Palo Alto Networks",
            "product": "PAN-OS",
            "vulnerabilityName": "Palo Alto Networks PAN-OS Command Injection Vulnerability",
            "dateAdded": "2024-04-12",
            "shortDescription": "PAN-OS GlobalProtect contains a command injection vulnerability.",
            "requiredAction": "Apply mitigations per vendor instructions.",
            "dueDate": "2024-04-19",
            "knownRansomwareCampaignUse": "Known",
            "notes": "https://example.org/advisory",
            "cwes": ["CWE-77", "CWE-20"],
        }
    ],
}


class StillClock:
    """A clock that stands at the organisation's first day; a demonstration's offset moves it on."""

    def now(self, connection: object) -> datetime:
        return STARTED


def opened(url: str) -> Parley:
    return open_parley(Settings(database_url=url), clock=StillClock())


def fill(url: str, kind: str = "demonstration") -> None:
    """Make the organisation in an empty, migrated database."""
    parley = opened(url)
    create_installation(
        parley, kind, "Nordhavn Bank", notice="Constructed." if kind == "demonstration" else ""
    )
    parley.policies.load_shipped(SYSTEM_PERSON)
    identity = parley.identity
    identity.add_unit(SYSTEM_PERSON, id="payments", name="Payments")
    for key, name, title, role in PEOPLE:
        identity.add_person(SYSTEM_PERSON, id=key, name=name, email=f"{key}@example.org", title=title)
        if role is not None:
            identity.appoint(SYSTEM_PERSON, key, role, valid_from=STARTED, basis="Resolution 1 of 2026")
    parley.committee.add_committee(SYSTEM_PERSON, id="steering", name="Cyber-risk steering committee")
    for key, function in MEMBERS.items():
        parley.committee.add_member(
            SYSTEM_PERSON,
            "steering",
            key,
            function=function,
            valid_from=STARTED,
            is_chair=key == "mei",
            basis="Charter of 2026",
        )
    parley.risks.add_asset(
        SYSTEM_PERSON,
        id="gateway",
        name="Payment gateway",
        owner_unit="payments",
        criticality="very high",
        is_shared=True,
    )
    parley.risks.import_kev(SYSTEM_PERSON, "kev.json", json.dumps(KEV).encode())
    identity.set_password(SYSTEM_PERSON, "adam", PASSWORD)
    parley.close()


def database(folder: Path, kind: str, migrated: str) -> None:
    """For `once`: the organisation's database in a folder, from a migrated one."""
    fill(migrated, kind)


RAISE: Mapping[str, Any] = {
    "title": "Ransomware reaches the payment servers",
    "description": "The gateway runs a release with a known exploited flaw.",
    "category": "vulnerability",
    "cve_id": CVE,
    "assets": ["gateway"],
    "likelihood": "high",
    "impact": "very_high",
}
