"""Makes the constructed organisation, through the commands that a real one is made with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from workflows.bootstrap import Parley, create_installation
from workflows.demo.assets import ASSETS
from workflows.demo.catalogue import FILE, catalogue_file
from workflows.demo.organisation import (
    ADMINISTRATOR,
    CHARTER,
    COMMITTEE_ID,
    COMMITTEE_NAME,
    GOVERNANCE,
    MEMBERS,
    NAME,
    NOTICE,
    PEOPLE,
    SPONSOR,
    UNITS,
    PersonData,
)
from workflows.demo.story import CIO, CISO
from workflows.identity.types import SYSTEM_PERSON, Person, Role

DEPUTIES_STAY = timedelta(days=366)
"""A deputy is named for a year at a time."""


def set_up(parley: Parley, starts_at: datetime) -> Mapping[str, Person]:
    """Make the installation, its people, posts, committee and assets, its policies and its catalogue.

    Returns:
        The people by id.

    Raises:
        AlreadyInstalled: the database already is something.
    """
    create_installation(parley, "demonstration", NAME, notice=NOTICE, starts_at=starts_at)
    people = _people(parley, starts_at)
    administrator, governance = people[ADMINISTRATOR], people[GOVERNANCE]
    _posts(parley, administrator, starts_at)
    _committee(parley, administrator, starts_at)
    for asset in ASSETS:
        parley.risks.add_asset(
            governance,
            id=asset.id,
            name=asset.name,
            owner_unit=asset.unit,
            criticality=asset.criticality,
            is_shared=asset.is_shared,
            description=asset.description,
        )
    parley.policies.load_shipped(governance)
    parley.risks.import_kev(governance, FILE, catalogue_file())
    _charter(parley, people)
    return people


def _charter(parley: Parley, people: Mapping[str, Person]) -> None:
    """The first charter: proposed, both leaders heard, endorsed; and with it the policies that ship."""
    case = parley.charter.propose(people[GOVERNANCE], reason="The first charter of this bank.")
    for person_id, element_id, answer in (
        (CIO, "cio_on_charter", "agree"),
        (CISO, "ciso_on_charter", "agree"),
        (SPONSOR, "endorse_charter", "endorse"),
    ):
        with parley.database.reading() as connection:
            found = parley.engine.tasks.of_instance(connection, case.id)
        task = next(each for each in found if each.element_id == element_id)
        parley.cases.submit(
            people[person_id],
            task.id,
            revision=task.revision,
            token=f"demo-{element_id}",
            answers={"answer": answer},
        )


def _people(parley: Parley, starts_at: datetime) -> dict[str, Person]:
    """The software adds the first administrator, who adds everybody else."""
    for unit in UNITS:
        parley.identity.add_unit(SYSTEM_PERSON, id=unit.id, name=unit.name, parent_id=unit.parent)
    found: dict[str, Person] = {}
    first = next(person for person in PEOPLE if person.id == ADMINISTRATOR)
    administrator = _add(parley, SYSTEM_PERSON, first, None)
    parley.identity.appoint(
        SYSTEM_PERSON, first.id, Role.ADMINISTRATOR, valid_from=starts_at, basis="Set up with this database"
    )
    for person in PEOPLE:
        if person is first:
            continue
        found[person.id] = _add(parley, administrator, person, person.reports_to)
    found[first.id] = parley.identity.change_person(administrator, first.id, reports_to=first.reports_to)
    return found


def _add(parley: Parley, actor: Person, person: PersonData, reports_to: str | None) -> Person:
    return parley.identity.add_person(
        actor,
        id=person.id,
        name=person.name,
        email=person.email,
        title=person.title,
        unit=person.unit,
        reports_to=reports_to,
    )


def _posts(parley: Parley, administrator: Person, starts_at: datetime) -> None:
    """Holders first: a deputy needs a principal in the post."""
    for person in sorted(PEOPLE, key=lambda one: one.deputy_for is not None):
        if person.role is not None:
            parley.identity.appoint(
                administrator,
                person.id,
                person.role,
                valid_from=starts_at,
                valid_until=starts_at + DEPUTIES_STAY if person.deputy_for else None,
                deputy_for=person.deputy_for,
                basis=CHARTER,
            )


def _committee(parley: Parley, administrator: Person, starts_at: datetime) -> None:
    parley.committee.add_committee(administrator, id=COMMITTEE_ID, name=COMMITTEE_NAME)
    for member in MEMBERS:
        parley.committee.add_member(
            administrator,
            COMMITTEE_ID,
            member.person,
            function=member.function,
            valid_from=starts_at,
            is_chair=member.is_chair,
            alternate_for=member.alternate_for,
            basis=CHARTER,
        )
