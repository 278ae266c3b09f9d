"""Reads of people and posts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, or_, select

from engine.db.types import UtcDateTime
from workflows.committee.models import committee_members, member_endings
from workflows.errors import NotFound
from workflows.identity.models import appointment_endings, appointments, persons, units
from workflows.identity.organisation import Held, Membership, Organisation
from workflows.identity.types import SYSTEM_PERSON, Appointment, Person, Role, Unit

_PERSON = select(persons).where(persons.c.id == bindparam("id"))
_THESE = select(persons).where(persons.c.id.in_(bindparam("ids", expanding=True)))


def as_person(row: Row[Any]) -> Person:
    """A person of a row of their table."""
    return _person(row.id, row.name, row.email, row.title, row.unit_id, row.active, row.reports_to)


@lru_cache(maxsize=8_192)
def _person(
    id: str, name: str, email: str, title: str, unit: str | None, active: bool, reports_to: str | None
) -> Person:
    """The person of these values: an organisation is read often, and nearly always the same."""
    return Person(id, name, email, title, unit, active=active, reports_to=reports_to)


def people(connection: Connection, *, include_inactive: bool = False) -> list[Person]:
    """Everybody, by name."""
    query = _PEOPLE if include_inactive else _ACTIVE_PEOPLE
    return [as_person(row) for row in connection.execute(query)]


def people_by_id(connection: Connection, ids: Iterable[str | None]) -> Mapping[str, Person]:
    """People by id, those who left included; the software itself too."""
    wanted = {person_id for person_id in ids if person_id}
    found = {SYSTEM_PERSON.id: SYSTEM_PERSON}
    if wanted:
        for row in connection.execute(_THESE, {"ids": sorted(wanted)}):
            found[row.id] = as_person(row)
    return found


def person(connection: Connection, person_id: str) -> Person:
    """One person. Raises `NotFound`."""
    row = connection.execute(_PERSON, {"id": person_id}).one_or_none()
    if row is None:
        raise NotFound("person", person_id)
    return as_person(row)


def find_by_email(connection: Connection, email: str) -> Person | None:
    """The person with this e-mail address, active or not; letter case ignored."""
    row = connection.execute(select(persons).where(persons.c.email == email.strip().lower())).one_or_none()
    return as_person(row) if row else None


def all_units(connection: Connection) -> list[Unit]:
    """All units, by name."""
    return [Unit(row.id, row.name, row.parent_id) for row in connection.execute(_UNITS)]


def _appointments() -> Select[Any]:
    endings = appointment_endings
    return select(
        appointments,
        persons.c.name.label("person_name"),
        endings.c.ends_at,
        endings.c.recorded_by.label("ended_by"),
        endings.c.basis.label("ended_basis"),
    ).select_from(
        appointments.join(persons, persons.c.id == appointments.c.person_id).outerjoin(
            endings, endings.c.appointment_id == appointments.c.id
        )
    )


def _appointment(row: Row[Any]) -> Appointment:
    ends = [end for end in (row.valid_until, row.ends_at) if end is not None]
    return Appointment(
        id=row.id,
        role=Role(row.role),
        person_id=row.person_id,
        person_name=row.person_name,
        unit=row.unit_id,
        valid_from=row.valid_from,
        valid_until=min(ends) if ends else None,
        deputy_for=row.deputy_for,
        basis=row.basis,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        ended_by=row.ended_by,
        ended_basis=row.ended_basis or "",
    )


def appointments_of(
    connection: Connection, *, person_id: str | None = None, role: Role | None = None
) -> list[Appointment]:
    """All appointments ever, newest first, of a person or a role or both."""
    query = _appointments().order_by(appointments.c.valid_from.desc(), appointments.c.id)
    if person_id is not None:
        query = query.where(appointments.c.person_id == person_id)
    if role is not None:
        query = query.where(appointments.c.role == role.value)
    return [_appointment(row) for row in connection.execute(query)]


def appointment(connection: Connection, appointment_id: str) -> Appointment:
    """One appointment. Raises `NotFound`."""
    row = connection.execute(_appointments().where(appointments.c.id == appointment_id)).one_or_none()
    if row is None:
        raise NotFound("appointment", appointment_id)
    return _appointment(row)


_AT = bindparam("at", type_=UtcDateTime())
# Every page and every command asks these, so the statements are made once.
_PEOPLE = select(persons).order_by(persons.c.name, persons.c.id)
_ACTIVE_PEOPLE = _PEOPLE.where(persons.c.active.is_(True))
_UNITS = select(units).order_by(units.c.name)
_HELD = (
    select(appointments, appointment_endings.c.ends_at)
    .select_from(
        appointments.outerjoin(appointment_endings, appointment_endings.c.appointment_id == appointments.c.id)
    )
    .where(
        appointments.c.valid_from <= _AT,
        or_(appointments.c.valid_until.is_(None), appointments.c.valid_until > _AT),
        or_(appointment_endings.c.ends_at.is_(None), appointment_endings.c.ends_at > _AT),
    )
    .order_by(appointments.c.valid_from, appointments.c.id)
)
_MEMBERS = (
    select(committee_members)
    .select_from(
        committee_members.outerjoin(member_endings, member_endings.c.member_id == committee_members.c.id)
    )
    .where(
        committee_members.c.valid_from <= _AT,
        or_(committee_members.c.valid_until.is_(None), committee_members.c.valid_until > _AT),
        or_(member_endings.c.ends_at.is_(None), member_endings.c.ends_at > _AT),
    )
    .order_by(committee_members.c.is_chair.desc(), committee_members.c.valid_from, committee_members.c.id)
)


def held_at(connection: Connection, at: datetime) -> tuple[Held, ...]:
    """Appointments that hold at a moment."""
    return tuple(
        _held(row.role, row.person_id, row.unit_id, row.deputy_for, row.valid_from, row.valid_until)
        for row in connection.execute(_HELD, {"at": at})
    )


@lru_cache(maxsize=8_192)
def _held(role: str, *values: Any) -> Held:
    return Held(Role(role), *values)


def members_at(connection: Connection, at: datetime) -> tuple[Membership, ...]:
    """Memberships of committees that hold at a moment, chairs first."""
    return tuple(
        Membership(
            row.id,
            row.committee_id,
            row.person_id,
            row.function,
            row.is_chair,
            row.alternate_for,
            row.valid_from,
        )
        for row in connection.execute(_MEMBERS, {"at": at})
    )


def organisation_at(connection: Connection, at: datetime, *, include_inactive: bool = False) -> Organisation:
    """The organisation at a moment. Who is active is known for now alone; of a time past, all may be taken
    in."""
    return Organisation(
        at=at,
        people={one.id: one for one in people(connection, include_inactive=include_inactive)},
        units={unit.id: unit for unit in all_units(connection)},
        held=held_at(connection, at),
        members=members_at(connection, at),
    )


def overlapping_appointments(
    connection: Connection, start: datetime, end: datetime | None
) -> list[Appointment]:
    """Appointments that hold at some moment of [start, end)."""
    endings = appointment_endings
    conditions = [
        or_(appointments.c.valid_until.is_(None), appointments.c.valid_until > start),
        or_(endings.c.ends_at.is_(None), endings.c.ends_at > start),
    ]
    if end is not None:
        conditions.append(appointments.c.valid_from < end)
    return [_appointment(row) for row in connection.execute(_appointments().where(and_(*conditions)))]
