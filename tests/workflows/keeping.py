"""A small organisation without policies, whose register is kept through the real commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from engine.testing import START, FakeClock
from workflows.bootstrap import Settings, create_installation, open_parley
from workflows.context import Writing
from workflows.risks.commands import NewRisk, add_decision, add_risk, change_status
from workflows.risks.scales import Level
from workflows.risks.transitions import transition
from workflows.types import SYSTEM_PERSON, Person

POSTS = {
    "cio": "cio",
    "ciso": "ciso",
    "cro": "cro",
    "sponsor": "executive",
    "gov": "governance",
    "auditor": "auditor",
}


class Keeping:
    """Two units with an asset each; `retail` has a CIO of its own. `clock` stands still until moved."""

    def __init__(self, url: str) -> None:
        self.clock = FakeClock()
        self.parley = open_parley(Settings(url), clock=self.clock)
        create_installation(self.parley, "real", "Bank of the tests")
        identity = self.parley.identity
        identity.add_unit(SYSTEM_PERSON, id="group", name="Group")
        identity.add_unit(SYSTEM_PERSON, id="retail", name="Retail", parent_id="group")
        self.people: dict[str, Person] = {}
        for key in (*POSTS, "raiser", "retail_cio", "owner"):
            self.people[key] = identity.add_person(
                SYSTEM_PERSON, id=key, name=key.replace("_", " ").title(), email=f"{key}@bank.example"
            )
        for key, role in POSTS.items():
            identity.appoint(SYSTEM_PERSON, key, role, valid_from=START, basis="Resolution 1")
        identity.appoint(
            SYSTEM_PERSON, "retail_cio", "cio", unit="retail", valid_from=START, basis="Resolution 1"
        )
        identity.appoint(SYSTEM_PERSON, "owner", "process_owner", valid_from=START, basis="Resolution 1")
        for asset, unit in (("core", "group"), ("shop", "retail")):
            self.parley.risks.add_asset(
                SYSTEM_PERSON, id=asset, name=asset.title(), owner_unit=unit, criticality="moderate"
            )

    def write(self, by: str, command: Callable[[Writing], Any]) -> Any:
        return self.parley.context.write(self.people[by], None, command)

    def risk(self, title: str = "A risk", **changes: Any) -> str:
        """A risk in the register, without a case."""
        values: dict[str, Any] = {
            "description": "It could happen.",
            "category": "vulnerability",
            "likelihood": Level.HIGH,
            "impact": Level.HIGH,
            "asset_ids": ("core",),
            "cve_id": None,
            "due_date": None,
        } | changes
        return str(self.write("raiser", lambda w: add_risk(w, NewRisk(title=title, token=title, **values))))

    def decide(self, risk_id: str, response: str = "accept", case_id: str = "case-1") -> None:
        """A decision on record, as a case would leave it."""
        change = transition("risks.record_decision", response)
        assert change is not None

        def command(writing: Writing) -> None:
            change_status(writing, risk_id, change, "Decided", case_id)
            add_decision(
                writing,
                risk_id,
                case_id=case_id,
                response=response,
                reason="It is worth it.",
                decided_by="cio",
                on_behalf_of=None,
                tier="cio",
                decided_at=writing.now,
                submission_id="submission-1",
                policy_hash="0" * 64,
                review_date=(writing.now + timedelta(days=90)).date(),
            )

        self.write("cio", command)
