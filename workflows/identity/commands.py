"""Writes of people, units and posts. Each adds its audit entry on the organisation's chain."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from workflows.context import Writing
from workflows.errors import NotFound, RuleBroken
from workflows.events import ORGANISATION, DomainEvent
from workflows.identity import queries, rules
from workflows.identity.models import appointment_endings, appointments, persons, units
from workflows.identity.types import Appointment, Person, Role, Unit
from workflows.keys import new_id, next_key

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_ID = re.compile(r"[a-z0-9][a-z0-9_.-]{0,59}", re.IGNORECASE)


def add_unit(writing: Writing, unit: Unit) -> Unit:
    """Add a unit. Raises `RuleBroken`, `NotFound` (parent)."""
    writing.alone(ORGANISATION)
    _check_id(unit.id)
    known = {each.id for each in queries.all_units(writing.connection)}
    if unit.id in known:
        raise RuleBroken(f"There is a unit {unit.id!r} already. Nothing was changed.", rule="unique")
    if unit.parent_id is not None and unit.parent_id not in known:
        raise NotFound("unit", unit.parent_id)
    if not unit.name.strip():
        raise RuleBroken("A unit needs a name. Nothing was changed.", rule="name")
    writing.connection.execute(insert(units).values(id=unit.id, name=unit.name, parent_id=unit.parent_id))
    writing.record(
        ORGANISATION, DomainEvent.UNIT_ADDED, {"unit": unit.id, "name": unit.name, "parent": unit.parent_id}
    )
    return unit


def add_person(writing: Writing, person: Person) -> Person:
    """Add a person; where the id is empty, one is made. Raises `RuleBroken`, `NotFound` (unit, manager)."""
    writing.alone(ORGANISATION)
    if person.id:
        _check_id(person.id)
    else:
        person = replace(person, id=next_key(writing.connection, "P"))
    person = _checked(writing, person)
    taken = writing.connection.execute(select(persons.c.id).where(persons.c.id == person.id)).one_or_none()
    if taken is not None:
        raise RuleBroken(f"There is a person {person.id!r} already. Nothing was changed.", rule="unique")
    writing.connection.execute(insert(persons).values(recorded_at=writing.now, **_row(person)))
    writing.record(ORGANISATION, DomainEvent.PERSON_ADDED, {"person": person.id, **_row(person)})
    return person


CHANGEABLE = frozenset({"name", "email", "title", "unit", "reports_to", "active"})


def change_person(writing: Writing, person_id: str, changes: dict[str, Any]) -> Person:
    """Change a person. Raises `NotFound`, `RuleBroken`."""
    writing.alone(ORGANISATION)
    unknown = sorted(set(changes) - CHANGEABLE)
    if unknown:
        raise RuleBroken(
            f"A person has no {', '.join(unknown)} to change. Nothing was changed.", rule="field"
        )
    before = queries.person(writing.connection, person_id)
    after = _checked(writing, replace(before, **changes))
    if after == before:
        return before
    if after.reports_to != before.reports_to:
        rules.check_line(queries.organisation_at(writing.connection, writing.now), after)
    writing.connection.execute(update(persons).where(persons.c.id == person_id).values(**_row(after)))
    old, new = _row(before), _row(after)
    changed = {key: {"from": old[key], "to": new[key]} for key in new if new[key] != old[key]}
    writing.record(ORGANISATION, DomainEvent.PERSON_CHANGED, {"person": person_id, "changes": changed})
    return after


def appoint(writing: Writing, appointment: Appointment) -> Appointment:
    """Appoint a person to a post. The id, name and record fields of the view given are filled in.

    Raises `NotFound` (person, unit, principal), `RuleBroken`.
    """
    writing.alone(ORGANISATION)
    connection = writing.connection
    person = queries.person(connection, appointment.person_id)
    if appointment.deputy_for is not None:
        queries.person(connection, appointment.deputy_for)
    organisation = queries.organisation_at(connection, writing.now)
    if appointment.unit is not None and appointment.unit not in organisation.units:
        raise NotFound("unit", appointment.unit)
    others = queries.overlapping_appointments(connection, appointment.valid_from, appointment.valid_until)
    rules.check_appointment(organisation, person, appointment, others)
    made = replace(
        appointment,
        id=new_id(),
        person_name=person.name,
        recorded_at=writing.now,
        recorded_by=writing.actor.id,
    )
    row = {
        "role": made.role.value,
        "person_id": made.person_id,
        "unit_id": made.unit,
        "valid_from": made.valid_from,
        "valid_until": made.valid_until,
        "deputy_for": made.deputy_for,
        "basis": made.basis,
    }
    connection.execute(
        insert(appointments).values(
            id=made.id, recorded_at=made.recorded_at, recorded_by=made.recorded_by, **row
        )
    )
    writing.record(ORGANISATION, DomainEvent.APPOINTMENT_MADE, {"appointment": made.id, **row})
    return made


def end_appointment(writing: Writing, appointment_id: str, ends_at: datetime, basis: str) -> Appointment:
    """End an appointment early. Raises `NotFound`, `RuleBroken`."""
    writing.alone(ORGANISATION)
    before = queries.appointment(writing.connection, appointment_id)
    rules.check_ending(before.valid_from, before.valid_until, before.ended_by, ends_at, writing.now, basis)
    if before.role is Role.ADMINISTRATOR:
        others = queries.overlapping_appointments(writing.connection, ends_at, None)
        if not any(
            other.role is Role.ADMINISTRATOR and other.id != before.id and other.valid_until is None
            for other in others
        ):
            raise RuleBroken(
                "This is the last administrator without an end. Nothing was changed; appoint "
                "another one first.",
                rule="administrator",
            )
    writing.connection.execute(
        insert(appointment_endings).values(
            appointment_id=appointment_id,
            ends_at=ends_at,
            basis=basis,
            recorded_at=writing.now,
            recorded_by=writing.actor.id,
        )
    )
    writing.record(
        ORGANISATION,
        DomainEvent.APPOINTMENT_ENDED,
        {
            "appointment": appointment_id,
            "person_id": before.person_id,
            "role": before.role.value,
            "ends_at": ends_at,
            "basis": basis,
        },
    )
    return queries.appointment(writing.connection, appointment_id)


def _row(person: Person) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "title": person.title,
        "unit_id": person.unit,
        "reports_to": person.reports_to,
        "active": person.active,
    }


def _checked(writing: Writing, person: Person) -> Person:
    person = replace(person, name=" ".join(person.name.split()), email=person.email.strip().lower())
    if not person.name:
        raise RuleBroken("A person needs a name. Nothing was changed.", rule="name")
    if not _EMAIL.fullmatch(person.email) or len(person.email) > 320:
        raise RuleBroken(f"{person.email!r} is no e-mail address. Nothing was changed.", rule="email")
    other = queries.find_by_email(writing.connection, person.email)
    if other is not None and other.id != person.id:
        raise RuleBroken(
            f"{other.name} has the address {person.email} already. Nothing was changed.", rule="unique"
        )
    if person.unit is not None and person.unit not in {u.id for u in queries.all_units(writing.connection)}:
        raise NotFound("unit", person.unit)
    if person.reports_to is not None:
        queries.person(writing.connection, person.reports_to)
    return person


def _check_id(text: str) -> None:
    if not _ID.fullmatch(text) or text.casefold() == "system":
        raise RuleBroken(
            f"{text!r} cannot be an id: use letters, digits, '.', '-' and '_', 60 at the most.", rule="id"
        )
