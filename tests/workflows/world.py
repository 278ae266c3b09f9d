"""A small organisation for tests, made through the real commands, and people who act in it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from engine.testing import START, FakeClock
from engine.types import Receipt
from workflows.bootstrap import Parley, Settings, create_installation, open_parley
from workflows.committee.meetings import entries_of
from workflows.policies.commands import load, neighbours, read_folder
from workflows.types import SYSTEM_PERSON, CaseView, Person, Risk

LINES = {
    "ceo": None,
    "cio": "ceo",
    "ciso": "ceo",
    "cro": "ceo",
    "sponsor": "ceo",
    "auditor": "ceo",
    "admin": "ceo",
    "raiser": "coo",
    "coo": "ceo",
    "cfo": "ceo",
    "legal": "ceo",
    "retail": "coo",
    "hr": "cfo",
    "operations": "coo",
    "cio_deputy": "cio",
    "ciso_deputy": "ciso",
    "architect": "cio",
}
"""People by id, each with the line manager."""
MEMBERS = {"cfo": "finance", "legal": "legal", "retail": "retail", "hr": "people", "operations": "operations"}
"""Members of the committee and the function they speak for; the first chairs."""

RAISED = {
    "title": "A parser of the build servers is exploited",
    "description": "Attackers use CVE-2025-48384 to run code on the build servers.",
    "category": "vulnerability",
    "cve_id": "CVE-2025-48384",
    "assets": ["builds"],
    "likelihood": "high",
    "impact": "high",
}
CIO_POSITION = {
    "likelihood": "moderate",
    "impact": "high",
    "business_value": "Every release is built there.",
    "treatment": "exempt",
    "reason": "The secret reason of the business.",
}
CISO_POSITION = {
    "likelihood": "very_high",
    "impact": "high",
    "treatment": "mitigate",
    "confidence": "high",
    "evidence": "The secret evidence of the penetration test.",
}
EXEMPT = {
    "decision": "exempt",
    "days": "180",
    "conditions": "No new repositories are taken in.",
    "compensating_controls": "The build servers are cut off from the internet.",
    "reason": "The release cannot wait.",
}
MITIGATE = {
    "decision": "mitigate",
    "plan": "Update all build servers by Friday.",
    "reason": "It can be done.",
}
CHALLENGE = {
    "response": "challenge",
    "ground": "not_defensible",
    "argument": "It is exploited already.",
    "would_change_mind": "A patched server.",
}
STAND = {"answer": "stand", "reason": "The release is worth more."}
ACKNOWLEDGED = {"carried_out": "As it was ruled, by the build team."}
CONTROLS = {
    "control_1": "The build servers are cut off from the internet.",
    "operator_1": "architect",
    "evidence_1": "The firewall's rule 17, tested on Monday.",
}
WORKS = {"result_1": "works", "evidence_1": "I tried to reach them from outside, and could not."}


class World:
    """An opened Parley with people in posts; `clock` stands still until it is moved."""

    def __init__(self, url: str) -> None:
        self.clock = FakeClock()
        self.parley: Parley = open_parley(Settings(url), clock=self.clock)
        self.people: dict[str, Person] = {person.id: person for person in self.parley.identity.people()}

    def found(self, kind: str = "real") -> World:
        """Say what the database is."""
        create_installation(self.parley, kind, "Bank of the tests")
        return self

    def organise(self) -> World:
        """People, posts, committee, an asset, and the policies that ship."""
        identity, system = self.parley.identity, SYSTEM_PERSON
        self.parley.policies.load_shipped(system)
        identity.add_unit(system, id="group", name="Group")
        waiting = dict(LINES)
        while waiting:
            for key, manager in list(waiting.items()):
                if manager is None or manager in self.people:
                    del waiting[key]
                    self.people[key] = identity.add_person(
                        system, id=key, name=name(key), email=f"{key}@bank.example", reports_to=manager
                    )
        for key, role in (
            ("cio", "cio"),
            ("ciso", "ciso"),
            ("cro", "cro"),
            ("auditor", "auditor"),
            ("admin", "administrator"),
            ("sponsor", "executive"),
        ):
            self.appoint(key, role)
        self.parley.committee.add_committee(system, id="steering", name="Steering committee")
        for key, function in MEMBERS.items():
            self.member(key, function, is_chair=key == "cfo")
        self.parley.risks.add_asset(
            system, id="builds", name="Build servers", owner_unit="group", criticality="high", is_shared=True
        )
        return self

    @property
    def now(self) -> datetime:
        return self.clock.time

    def appoint(self, key: str, role: str, **more: Any) -> None:
        self.parley.identity.appoint(
            SYSTEM_PERSON, key, role, **({"valid_from": START, "basis": "Resolution 1"} | more)
        )

    def member(self, key: str, function: str, **more: Any) -> None:
        self.parley.committee.add_member(
            SYSTEM_PERSON, "steering", key, function=function, valid_from=START, basis="Charter", **more
        )

    def release(self, folder: Path) -> None:
        """Release a folder's policy as it is, as set-up does; the review has tests of its own."""
        read = read_folder(folder)
        self.parley.context.write(
            SYSTEM_PERSON, None, lambda w: load(self.parley.context, w, read, "", neighbours(folder))
        )

    def raise_risk(self, **changes: Any) -> tuple[Risk, str]:
        """A risk raised by `raiser`, and the id of its case."""
        risk, case = self.parley.risks.raise_risk(self.people["raiser"], RAISED | changes, token_urlsafe(16))
        return risk, case.id

    def task_id(self, case_id: str, element_id: str, key: str) -> str:
        """The task of a person at an element of a case, from the person's inbox."""
        parley, person = self.parley, self.people[key]
        mine = [row.task_id for row in parley.cases.inbox(person) if row.instance_id == case_id]
        found = [one for one in mine if parley.cases.task_page(person, one).task.element_id == element_id]
        assert len(found) == 1, (key, element_id, parley.cases.case(self.people["auditor"], case_id).sentence)
        return found[0]

    def act(self, case_id: str, element_id: str, key: str, answers: Mapping[str, Any]) -> Receipt:
        """Submit a person's answers at an element of a case."""
        task_id = self.task_id(case_id, element_id, key)
        page = self.parley.cases.task_page(self.people[key], task_id)
        return self.parley.cases.submit(
            self.people[key], task_id, revision=page.revision, token=page.token, answers=answers
        )

    def positions(self, case_id: str) -> None:
        """Both leaders' positions."""
        self.act(case_id, "cio_position", "cio", CIO_POSITION)
        self.act(case_id, "ciso_position", "ciso", CISO_POSITION)

    def escalate(self, case_id: str) -> None:
        """From the start to the committee's table: referred, interests declared, the meeting opened."""
        self.positions(case_id)
        self.act(case_id, "decide", "cio", EXEMPT)
        self.act(case_id, "respond", "ciso", CHALLENGE)
        self.act(case_id, "answer_challenge", "cio", STAND)
        for key in self.asked(case_id, "declare_interest"):
            self.act(case_id, "declare_interest", key, {"interest": "none"})
        self.meet(case_id)

    def meet(self, case_id: str) -> None:
        """The meeting begins, and its chair opens the matter."""
        with self.parley.database.reading() as connection:
            meets_at = entries_of(connection, case_id)[-1].meets_at
        self.clock.time = max(self.clock.time, meets_at)
        self.parley.engine.worker.run_until_idle()
        for key in self.asked(case_id, "open_meeting"):
            self.act(case_id, "open_meeting", key, {"procedure": "open"})

    def asked(self, case_id: str, element_id: str) -> list[str]:
        """Who has an open task at an element of a case."""
        names = {person.name: key for key, person in self.people.items()}
        waiting = [each for each in self.case(case_id).waiting if each.element_id == element_id]
        return [names[each] for one in waiting for each in one.candidates]

    def vote(self, case_id: str, **choices: str) -> None:
        """Votes by member; who votes to amend says 90 days."""
        for key, choice in choices.items():
            more = {"days": "90", "conditions": f"As {key} says."} if choice == "amend" else {}
            self.act(case_id, "vote", key, {"choice": choice, "reason": f"The view of {key}.", **more})

    def carry_out(self, case_id: str) -> None:
        """The CIO acknowledges a ruling."""
        self.act(case_id, "acknowledge_ruling", "cio", ACKNOWLEDGED)

    def approve(self, case_id: str) -> None:
        """The controls of an exemption that was decided are named, and found to work: it is granted."""
        self.act(case_id, "name_controls", "cio", CONTROLS)
        self.act(case_id, "verify_controls", "ciso", WORKS)

    def pass_time(self, **duration: float) -> int:
        """Move the clock and fire what came due; how many timers fired."""
        self.clock.time += timedelta(**duration)
        return self.parley.engine.worker.run_until_idle()

    def case(self, case_id: str, reader: str = "auditor") -> CaseView:
        return self.parley.cases.case(self.people[reader], case_id)

    def risk(self, risk_id: str) -> Risk:
        return self.parley.risks.risk(self.people["auditor"], risk_id).risk

    def told(self, case_id: str, reader: str = "auditor") -> list[str]:
        """The sentences of a case's timeline."""
        return [entry.sentence for entry in self.case(case_id, reader).timeline]

    def audit_faults(self) -> list[str]:
        with self.parley.database.reading() as connection:
            return [fault.sentence for fault in self.parley.engine.audit.verify(connection).faults]


def name(key: str) -> str:
    """A person's name from the id: `cio_deputy` is "Cio Deputy"."""
    return key.replace("_", " ").title()
