"""Commands at the same moment: all that may succeed do, and no rule is broken between two of them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from tests.workflows.world import MEMBERS, World
from workflows.errors import RuleBroken
from workflows.types import Role


def at_once(commands: list[Callable[[], Any]]) -> list[Any]:
    """Run commands in threads that begin together; each one's result, or the rule it broke."""
    barrier = Barrier(len(commands))

    def run(command: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return command()
        except RuleBroken as error:
            return error

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(run, commands))


def test_five_members_vote_at_the_same_moment(world: World) -> None:
    _, case_id = world.raise_risk()
    world.escalate(case_id)
    tasks = {key: world.task_id(case_id, "vote", key) for key in MEMBERS}

    def vote(key: str) -> Callable[[], Any]:
        answers = {"choice": "uphold", "reason": "At once."}
        return lambda: world.parley.cases.submit(
            world.people[key], tasks[key], revision=1, token=f"token-of-{key}", answers=answers
        )

    receipts = at_once([vote(key) for key in MEMBERS])
    assert len({receipt.submission_id for receipt in receipts}) == len(MEMBERS)
    ballot = world.case(case_id).ballot
    assert ballot is not None
    assert ballot.sentence == "5 of 5 voted to uphold."
    assert world.task_id(case_id, "acknowledge_ruling", "cio"), "the ruling is the CIO's to carry out"
    assert world.audit_faults() == []


def test_nobody_becomes_cio_and_ciso_between_two_commands(world: World) -> None:
    def appoint(role: str) -> Callable[[], Any]:
        return lambda: world.parley.identity.appoint(
            world.people["admin"], "coo", role, valid_from=world.now, basis="At once"
        )

    results = at_once([appoint("cio"), appoint("ciso")])
    assert sum(isinstance(result, RuleBroken) for result in results) == 1
    assert len({Role.CIO, Role.CISO} & world.parley.identity.roles("coo")) == 1
    assert world.audit_faults() == []


def test_risks_raised_at_the_same_moment_have_keys_of_their_own(world: World) -> None:
    raised = at_once([lambda: world.raise_risk()[0].id] * 4)
    assert sorted(raised) == ["R-0001", "R-0002", "R-0003", "R-0004"]


def test_one_form_sent_twice_at_the_same_moment_raises_one_risk(world: World) -> None:
    answers = {
        "title": "One",
        "description": "Two",
        "category": "other",
        "assets": ["builds"],
        "likelihood": "low",
        "impact": "low",
    }
    raised = at_once(
        [lambda: world.parley.risks.raise_risk(world.people["raiser"], answers, "one-and-the-same-token")] * 3
    )
    assert {(risk.id, case.id) for risk, case in raised} == {("R-0001", raised[0][1].id)}
    assert world.parley.risks.register(world.people["cio"]).total == 1
