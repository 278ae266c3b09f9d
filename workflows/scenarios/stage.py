"""A temporary installation with one person in each post, on which scenarios are told."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.definitions.callees import Beside
from engine.errors import DefinitionRefused
from workflows.bootstrap import Parley, Settings, create_installation, open_parley, upgrade
from workflows.context import Writing
from workflows.identity.types import SYSTEM_PERSON, Role
from workflows.policies.commands import load, read_folder
from workflows.risks.appetite import EVERY_CATEGORY
from workflows.scenarios.types import Scenario, Step

POSTS = (Role.CIO, Role.CISO, Role.CRO, Role.EXECUTIVE, Role.AUDITOR, Role.ADMINISTRATOR, Role.GOVERNANCE)
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
FUNCTIONS = ("Finance", "Operations", "Legal", "Human resources", "Sales", "Research", "Audit liaison")
BASIS = "Charter 1"
ASSET = "internet-gateway"
COMMITTEE = "steering"
OPERATOR = "operator"
"""Somebody without a post, who operates compensating controls."""


class StageClock:
    """A clock that stands still until the scenario moves it."""

    def __init__(self, now: datetime) -> None:
        self.time = now

    def now(self, connection: object) -> datetime:
        """The scenario's time."""
        return self.time


class Stages:
    """Makes stages: an organisation once for each kind of committee and appetite, copied for each telling."""

    def __init__(self, home: Path, shipped: Path, folders: Mapping[str, Path]) -> None:
        """`home`: an empty folder; `shipped`: the policies that ship; `folders`: by key, those on trial."""
        self._home = home
        self._told = 0
        self.refused: dict[str, str] = {}
        """Why policies could not be released, by key: their scenarios cannot be told."""
        self._paths = {path.name: path for path in shipped.iterdir() if any(path.glob("*.bpmn"))}
        self._paths.update(folders)

    def open(self, scenario: Scenario) -> tuple[Parley, StageClock]:
        """An installation for one telling."""
        template = self._template(scenario)
        self._told += 1
        database = self._home / f"told-{self._told}.sqlite3"
        shutil.copyfile(template, database)
        clock = StageClock(scenario.begins)
        return open_parley(Settings(f"sqlite:///{database}", durable=False), clock=clock), clock

    def _template(self, scenario: Scenario) -> Path:
        name = f"stage-{scenario.seats}-{scenario.alternates}-{scenario.appetite}"
        template = self._home / f"{name}.sqlite3"
        if template.exists():
            return template
        making = self._home / f"{name}.making"
        base = self._home / "base.sqlite3"
        if not base.exists():
            upgrade(f"sqlite:///{base}")
        shutil.copyfile(base, making)
        settings = Settings(f"sqlite:///{making}", durable=False)
        parley = open_parley(settings, clock=StageClock(LONG_AGO))
        try:
            _organise(parley, scenario, self._paths, self.refused)
        finally:
            parley.close()
        return making.rename(template)


def _organise(parley: Parley, scenario: Scenario, paths: Mapping[str, Path], refused: dict[str, str]) -> None:
    create_installation(parley, "real", "Stage")
    folders = [read_folder(paths[key]) for key in sorted(paths)]
    beside: Beside = {folder.key: folder.files for folder in folders}

    def release(writing: Writing) -> None:
        for folder in folders:
            try:
                load(parley.context, writing, folder, "For its scenarios", beside)
            except DefinitionRefused as error:
                refused[folder.key] = str(error)

    parley.context.write(SYSTEM_PERSON, None, release)
    identity = parley.identity
    identity.add_unit(SYSTEM_PERSON, id="group", name="Group")
    for role in (*POSTS, Role.COMMITTEE, Role.RAISER):
        identity.add_person(
            SYSTEM_PERSON, id=role.value, name=f"The {role.label}", email=f"{role.value}@stage.example"
        )
    identity.add_person(SYSTEM_PERSON, id=OPERATOR, name="The Operator", email="operator@stage.example")
    for role in POSTS:
        identity.appoint(SYSTEM_PERSON, role.value, role, valid_from=LONG_AGO, basis=BASIS)
    name = "Internet gateway"
    parley.risks.add_asset(
        SYSTEM_PERSON, id=ASSET, name=name, owner_unit="group", criticality="high", is_shared=True
    )
    if (appetite := scenario.appetite) is not None:
        parley.register.set_appetite(SYSTEM_PERSON, EVERY_CATEGORY, appetite, appetite, basis=BASIS)
    _seat(parley, scenario)


def _seat(parley: Parley, scenario: Scenario) -> None:
    """Members first, then alternates; their places are counted from 1. The first alternate is the last
    member's.
    """
    committee = parley.committee
    committee.add_committee(SYSTEM_PERSON, id=COMMITTEE, name="Steering committee")
    members: list[str] = []
    for number in range(1, scenario.seats + scenario.alternates + 1):
        person = parley.identity.add_person(
            SYSTEM_PERSON, id=seat(number), name=f"Member {number}", email=f"member{number}@stage.example"
        )
        is_member = number <= scenario.seats
        function = FUNCTIONS[(number - 1) % len(FUNCTIONS)]
        committee.add_member(
            SYSTEM_PERSON,
            COMMITTEE,
            person.id,
            function=function,
            valid_from=LONG_AGO + timedelta(days=number),
            is_chair=number == 1,
            alternate_for=None if is_member else members[scenario.seats - number],
            basis=BASIS,
        )
        members += [person.id] if is_member else []


def seat(number: int) -> str:
    """Id of the person in a place of the committee."""
    return f"member-{number}"


def person_of(scenario: Scenario, step: Step) -> str:
    """Id of the person who acts in a step's role, or from its seat; for the committee as one, its chair."""
    if step.seat is not None:
        # A lane without a role is that of milestones' owners: here the CIO owns all of them.
        return seat(step.seat) if step.role else Role.CIO.value
    return seat(1) if step.role == Role.COMMITTEE and scenario.seats else step.role
