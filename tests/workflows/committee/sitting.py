"""A matter before the committee of the small organisation, run through the arbitration's own policy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine.types import Actor, Submission
from tests.workflows.world import World
from workflows.committee.rulings import ruling_on
from workflows.committee.types import CommitteeRuling

REFERRED: dict[str, Any] = {
    "matter": "decision",
    "question": "Does the exemption stand?",
    "response": "exempt",
    "days": Decimal(180),
    "conditions": "No new repositories are taken in.",
    "compensating_controls": "The build servers are cut off from the internet.",
    "ground": "not_defensible",
    "cio_likelihood": "moderate",
    "cio_impact": "high",
    "ciso_likelihood": "very_high",
    "ciso_impact": "high",
}
MEMBERS = ("cfo", "hr", "legal", "operations", "retail")
NONE = {"interest": "none"}
REASON = {"reason": "As I see it."}


class Sitting:
    """One arbitration, from its referral to its end, by the real commands."""

    def __init__(self, world: World, referrer: str = "cio", **changes: Any) -> None:
        self.world = world
        self.risk, _ = world.raise_risk()
        referred = {key: value for key, value in (REFERRED | changes).items() if value is not None}
        engine = world.parley.engine
        with world.parley.database.unit_of_work() as uow:
            self.case_id = engine.instances.start(
                uow,
                key="committee-arbitration",
                actor=Actor(referrer),
                subject=self.risk.id,
                answers=referred,
                authority="Referred by the policy",
            ).id

    def data(self) -> Mapping[str, Any]:
        with self.world.parley.database.reading() as connection:
            return self.world.parley.engine.instances.data(connection, self.case_id)

    @property
    def docket(self) -> str:
        return self.dockets()[-1]

    def dockets(self) -> list[str]:
        from workflows.committee.meetings import entries_of

        with self.world.parley.database.reading() as connection:
            return [one.id for one in entries_of(connection, self.case_id)]

    def waiting(self) -> set[str]:
        """Where the case waits for people or a meeting."""
        with self.world.parley.database.reading() as connection:
            path = self.world.parley.engine.instances.path(connection, self.case_id)
            assert self.world.parley.engine.incidents.open(connection, self.case_id) == []
        return set(path.waiting) - {
            "declarations_close",
            "chair_silent",
            "voting_closes",
            "cro_silent",
            "sponsor_silent",
        }

    def declare(self, **interests: str) -> None:
        """Everybody who had notice declares; those named, an interest."""
        for key in self.asked("declare_interest"):
            nature = interests.get(key)
            answers = {"interest": "interest", "nature": nature} if nature else NONE
            self.act("declare_interest", key, answers)

    def asked(self, element: str) -> list[str]:
        """Who has an open task at an element."""
        names = {person.name: key for key, person in self.world.people.items()}
        for each in self.world.case(self.case_id).waiting:
            if each.element_id == element:
                return [names[name] for name in each.candidates]
        return []

    def meet(self) -> None:
        """The meeting begins, and its chair opens the matter."""
        self.reach_meeting()
        (chair,) = self.asked("open_meeting")
        self.act("open_meeting", chair, {"procedure": "open"})

    def reach_meeting(self) -> None:
        meets_at = self.data()["put_on_docket"]["meets_at"]
        self.world.clock.time = max(self.world.clock.time, meets_at)
        self.world.parley.engine.worker.run_until_idle()

    def act(self, element: str, key: str, answers: Mapping[str, Any]) -> None:
        self.world.act(self.case_id, element, key, answers)

    def vote(self, **choices: str | Mapping[str, Any]) -> None:
        """Votes by member: a choice, or all the answers."""
        for key, choice in choices.items():
            given = {"choice": choice} if isinstance(choice, str) else dict(choice)
            self.act("vote", key, REASON | given)

    def ruling(self) -> CommitteeRuling | None:
        with self.world.parley.database.reading() as connection:
            return ruling_on(connection, self.docket)

    def submissions(self, reader: str | None = None) -> list[Submission]:
        with self.world.parley.database.reading() as connection:
            return list(
                self.world.parley.engine.instances.submissions(connection, self.case_id, reader=reader)
            )

    def wait(self, **duration: float) -> None:
        self.world.clock.time += timedelta(**duration)
        self.world.parley.engine.worker.run_until_idle()
