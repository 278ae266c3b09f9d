"""The yardstick on an engine with its real forms: the case that everything is measured on."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select

from engine import Engine
from engine.db import Database
from engine.ports import Effect, OperationContext, OperationResult
from engine.tasks.models import tasks
from engine.testing import FakeClock, FakeDirectory, FakeOperations
from engine.types import Actor
from workflows.forms_port import BundleForms

POLICY = Path(__file__).resolve().parent / "yardstick"
KEY = "risk-decision"
WHO = {
    "cio_position": "carla",
    "ciso_position": "igor",
    "decide": "carla",
    "respond": "igor",
    "answer_challenge": "carla",
}
ROUND = ("decide", "respond", "answer_challenge")
"""The tasks of one round of the dispute: the CIO decides, the CISO challenges, the CIO revises."""


def _text(length: int) -> str:
    words = (
        "The service stays reachable from the internet until the vendor has delivered a release we can test. "
    )
    return (words * (length // len(words) + 1))[:length]


RAISED: dict[str, Any] = {
    "title": "The remote access gateway is exploited in the wild",
    "description": _text(400),
    "category": "vulnerability",
    "cve_id": "CVE-2024-3400",
    "assets": ["gateway"],
    "likelihood": "high",
    "impact": "very_high",
}
ANSWERS: dict[str, dict[str, Any]] = {
    "cio_position": {
        "likelihood": "moderate",
        "impact": "high",
        "business_value": _text(300),
        "treatment": "exempt",
        "reason": _text(300),
    },
    "ciso_position": {
        "likelihood": "very_high",
        "impact": "high",
        "treatment": "mitigate",
        "confidence": "high",
        "evidence": _text(400),
    },
    "decide": {
        "decision": "exempt",
        "days": "90",
        "conditions": _text(200),
        "compensating_controls": _text(200),
        "reason": _text(300),
    },
    "respond": {
        "response": "challenge",
        "ground": "rating",
        "argument": _text(400),
        "would_change_mind": _text(150),
    },
    "answer_challenge": {"answer": "revise", "reason": _text(300)},
}
"""What is sent for each task, as a page sends it: texts of the length people write."""


class Register(FakeOperations):
    """The operations of the policy, over a roster of so many seats."""

    def __init__(self, seats: int = 5) -> None:
        super().__init__(
            {
                "committee.seat": lambda p, c: OperationResult([f"s{n}" for n in range(seats)]),
                "exemptions.grant": self._grant,
                "risks.record_decision": lambda p, c: OperationResult(None, [Effect("decided", {})]),
                "risks.record_refusal": lambda p, c: OperationResult(None, [Effect("refused", {})]),
                "risks.reopen": lambda p, c: OperationResult(None, [Effect("reopened", {})]),
            }
        )

    @staticmethod
    def _grant(parameters: Mapping[str, Any], context: OperationContext) -> OperationResult:
        expires = context.now + timedelta(days=int(Decimal(parameters["days"])))
        return OperationResult({"expires": expires}, [Effect("granted", dict(parameters))])


class PolicyStage:
    """The engine over one database, with the yardstick released."""

    def __init__(self, url: str, seats: int = 5) -> None:
        self.database = Database(url)
        self.clock = FakeClock()
        self.directory = FakeDirectory(
            {"cio": ["carla"], "ciso": ["igor"], "cro": ["rolf"], "committee": []},
            {f"s{number}": f"m{number}" for number in range(seats)},
        )
        self.engine = Engine(
            self.database,
            clock=self.clock,
            directory=self.directory,
            forms=BundleForms(),
            operations=Register(seats),
        )
        files = {p.name: p.read_bytes() for p in POLICY.iterdir() if p.suffix in (".bpmn", ".form", ".dmn")}
        with self.database.unit_of_work() as uow:
            self.engine.definitions.release(
                uow, key=KEY, title="Risk decision", files=files, by=Actor("governor"), note="installed"
            )

    def start(self) -> str:
        """A new case; its id."""
        with self.database.unit_of_work() as uow:
            return self.engine.instances.start(
                uow,
                key=KEY,
                actor=Actor("ray"),
                subject="R-0001",
                answers=RAISED,
                authority="raiser",
                checked=True,
            ).id

    def open_task(self, case_id: str, element_id: str, seat: str | None = None) -> tuple[str, int]:
        """Id and revision of the case's open task at an element."""
        query = select(tasks.c.id, tasks.c.revision).where(
            tasks.c.instance_id == case_id, tasks.c.element_id == element_id, tasks.c.state == "open"
        )
        if seat is not None:
            query = query.where(tasks.c.seat == seat)
        with self.database.reading() as connection:
            row = connection.execute(query).one()
        return row.id, row.revision

    def complete(self, task: tuple[str, int], person: str, answers: Mapping[str, Any]) -> None:
        """Complete a task through the command."""
        self.engine.tasks.complete(
            Actor(person), task[0], revision=task[1], token=secrets.token_urlsafe(16), answers=answers
        )

    def do(self, case_id: str, element_id: str) -> None:
        """Complete the case's open task at an element, not measured."""
        self.complete(self.open_task(case_id, element_id), WHO[element_id], ANSWERS[element_id])

    def grow(self, case_id: str, rounds: int) -> None:
        """Take both positions and so many rounds of the dispute."""
        self.do(case_id, "cio_position")
        self.do(case_id, "ciso_position")
        for _ in range(rounds):
            for element_id in ROUND:
                self.do(case_id, element_id)

    def close(self) -> None:
        """Close the database connections."""
        self.database.dispose()
