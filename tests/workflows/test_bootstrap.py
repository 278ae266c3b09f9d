"""Setting up: a real organisation with its first administrator, and a demonstration whose clock moves
forward."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.testing import START, FakeClock
from tests.workflows.world import World
from workflows.bootstrap import Parley, Settings, create_installation, init, open_parley
from workflows.errors import AlreadyInstalled, DemonstrationOnly, NotEntitled, RuleBroken
from workflows.shipped import shipped_policies
from workflows.types import SYSTEM_PERSON, Role

GOOD = "correct horse battery staple"


@pytest.fixture
def parley(database_url: str) -> Parley:
    opened = open_parley(Settings(database_url), clock=FakeClock())
    yield opened
    opened.close()


def test_init_makes_an_organisation_with_nothing_constructed(parley: Parley) -> None:
    person = init(parley, organisation="Bank", name="Ada Lovelace", email="Ada@Bank.example", password=GOOD)
    assert parley.identity.roles(person.id) == {Role.ADMINISTRATOR, Role.RAISER}
    assert parley.identity.authenticate("ada@bank.example", GOOD) == person
    assert [one.id for one in parley.identity.people()] == [person.id]
    installation = parley.installation()
    assert installation is not None
    assert not installation.is_demonstration
    shipped = {folder.parent.name for folder in shipped_policies().glob("*/*.bpmn")}
    assert {policy.key for policy in parley.policies.policies(person)} == shipped >= {"risk-decision"}
    assert parley.risks.assets(person) == []
    with pytest.raises(AlreadyInstalled):
        init(parley, organisation="Other", name="Eve", email="eve@bank.example", password=GOOD)


@pytest.mark.parametrize("wrong", [{"password": "short"}, {"email": "nobody"}, {"organisation": " "}])
def test_an_init_that_fails_leaves_nothing(parley: Parley, wrong: dict[str, str]) -> None:
    given = {"organisation": "Bank", "name": "Ada", "email": "ada@bank.example", "password": GOOD} | wrong
    with pytest.raises(RuleBroken):
        init(parley, **given)
    assert parley.installation() is None
    assert parley.identity.people() == []


def test_a_demonstrations_clock_begins_in_the_past_and_only_moves_forward(parley: Parley) -> None:
    begins = START - timedelta(days=180)
    create_installation(parley, "demonstration", "Bank", notice="Constructed.", starts_at=begins)
    assert parley.now() == begins
    assert parley.clock.advance(SYSTEM_PERSON, timedelta(days=1)) == begins + timedelta(days=1)
    assert parley.clock.move_to(SYSTEM_PERSON, START) == parley.now() == START
    with pytest.raises(RuleBroken, match="only moves forward"):
        parley.clock.move_to(SYSTEM_PERSON, START - timedelta(seconds=1))
    with pytest.raises(RuleBroken, match="a year at the most"):
        parley.clock.advance(SYSTEM_PERSON, timedelta(days=367))
    assert parley.now() == START
    with parley.database.reading() as connection:
        events = [entry.event for entry in parley.engine.audit.entries(connection, "installation")]
        assert parley.engine.audit.verify(connection).faults == ()
    assert events == ["installation:made", "clock:moved", "clock:moved"]


def test_no_other_clock_moves(parley: Parley) -> None:
    with pytest.raises(DemonstrationOnly):
        parley.clock.advance(SYSTEM_PERSON, timedelta(days=1))
    with pytest.raises(RuleBroken):
        create_installation(parley, "real", "Bank", starts_at=START)
    create_installation(parley, "real", "Bank")
    with pytest.raises(DemonstrationOnly):
        parley.clock.advance(SYSTEM_PERSON, timedelta(days=1))
    with pytest.raises(AlreadyInstalled):
        create_installation(parley, "demonstration", "Bank")
    assert parley.now() == START


def test_a_database_is_one_of_two_kinds(parley: Parley) -> None:
    with pytest.raises(RuleBroken):
        create_installation(parley, "test", "Bank")


def test_the_software_itself_neither_raises_nor_decides(small_world: World) -> None:
    world = small_world
    _, case_id = world.raise_risk()
    task_id = world.task_id(case_id, "cio_position", "cio")
    with pytest.raises(NotEntitled):
        world.parley.cases.submit(SYSTEM_PERSON, task_id, revision=1, token="token-of-system", answers={})
    with pytest.raises(NotEntitled):
        world.parley.risks.raise_risk(SYSTEM_PERSON, {}, "token-of-system")
    assert world.parley.cases.inbox(SYSTEM_PERSON) == []
