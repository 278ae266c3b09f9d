"""People, posts and passwords: what pages and the command line call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.context import Context, Writing, check
from workflows.errors import NotEntitled, RuleBroken
from workflows.events import ORGANISATION, DomainEvent
from workflows.identity import commands, passwords, queries, tiers
from workflows.identity.organisation import NOT_APPOINTED, UNIT_ROLES, Organisation
from workflows.identity.sessions import Sessions, end_all
from workflows.identity.types import SYSTEM_PERSON, Appointment, Person, PersonPage, Post, Role, Unit
from workflows.permissions import Permission, permissions_of


class Identity:
    """People, units, posts with dated appointments, sign-in."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self.sessions = Sessions(context.database)

    def people(self, *, include_inactive: bool = False) -> list[Person]:
        """Everybody, by name."""
        with self._context.database.reading() as connection:
            return queries.people(connection, include_inactive=include_inactive)

    def person(self, person_id: str) -> Person:
        """One person. Raises `NotFound`."""
        with self._context.database.reading() as connection:
            return queries.person(connection, person_id)

    def find_by_email(self, email: str) -> Person | None:
        """The active person with this e-mail address, letter case ignored; None where there is none."""
        with self._context.database.reading() as connection:
            found = queries.find_by_email(connection, email)
        return found if found is not None and found.active else None

    def authenticate(self, email: str, password: str, *, source: str = "") -> Person:
        """The person these belong to. `source` is where the try comes from (a network address), for the
        limit.

        Raises:
            SignInRefused: wrong, unknown, inactive (one sentence for all), or too many tries (`retry_at`).
        """
        return passwords.authenticate(self._context.database, email, password, source)

    def set_password(self, actor: Person, person_id: str, password: str) -> None:
        """Set a password: one's own, or anybody's for those who manage people. Every session of the person
        ends.

        Raises `NotEntitled`, `NotFound`, `RuleBroken` (too short, too common).
        """

        def command(writing: Writing) -> None:
            person = queries.person(writing.connection, person_id)
            passwords.store(writing.connection, person, password, writing.now)
            end_all(writing.connection, person_id)
            writing.record(ORGANISATION, DomainEvent.PASSWORD_SET, {"person": person_id})

        permission = None if actor.id == person_id else Permission.MANAGE_PEOPLE
        self._context.write(actor, permission, command)

    def roles(self, person_id: str, at: datetime | None = None) -> frozenset[Role]:
        """Roles held at a time (now), as a deputy too; `raiser` for everybody active; empty for those who
        left."""
        return self._organisation(at).roles(person_id)

    def permissions(self, person: Person) -> frozenset[Permission]:
        """Everything the person may do now: what a page shows or leaves out. Commands check again."""
        if person is SYSTEM_PERSON:
            return frozenset(Permission)
        return permissions_of(self.roles(person.id))

    def page(self, reader: Person, person_id: str) -> PersonPage:
        """A person with posts. Raises `NotFound`, `NotEntitled`."""
        organisation = self._organisation()
        check(organisation, reader, Permission.READ_ORGANISATION)
        with self._context.database.reading() as connection:
            person = queries.person(connection, person_id)
            held = queries.appointments_of(connection, person_id=person_id)
        roles = tuple(role for role in Role if role in organisation.roles(person_id))
        return PersonPage(person, roles, tuple(held))

    def posts(self, reader: Person, at: datetime | None = None) -> list[Post]:
        """Every post and who holds it at a time (now), vacant ones included. Raises `NotEntitled`.

        The independent adviser is listed where one was ever appointed, or is needed.
        """
        organisation = self._organisation(at)
        check(organisation, reader, Permission.READ_ORGANISATION)
        with self._context.database.reading() as connection:
            ever = {(one.role, one.unit) for one in queries.appointments_of(connection)}
        needed = bool(organisation.principals(Role.CIO) & organisation.principals(Role.CISO))
        return [
            _post(organisation, role, unit)
            for role in Role
            if role not in NOT_APPOINTED
            for unit in (None, *sorted(organisation.units if role in UNIT_ROLES else ()))
            if (unit is None and (role is not Role.ADVISER or needed)) or (role, unit) in ever
        ]

    def units(self) -> list[Unit]:
        """All units, by name."""
        with self._context.database.reading() as connection:
            return queries.all_units(connection)

    def add_unit(self, actor: Person, *, id: str, name: str, parent_id: str | None = None) -> Unit:
        """Add a unit. Raises `NotEntitled`, `NotFound` (parent), `RuleBroken`."""
        unit = Unit(id, " ".join(name.split()), parent_id)
        return self._context.write(actor, Permission.MANAGE_PEOPLE, lambda w: commands.add_unit(w, unit))

    def add_person(
        self,
        actor: Person,
        *,
        name: str,
        email: str,
        title: str = "",
        unit: str | None = None,
        reports_to: str | None = None,
        id: str | None = None,
    ) -> Person:
        """Add a person; an id is made where none is given. Raises `NotEntitled`, `NotFound`, `RuleBroken`."""
        person = Person(id or "", name, email, title, unit, reports_to=reports_to)
        return self._context.write(actor, Permission.MANAGE_PEOPLE, lambda w: commands.add_person(w, person))

    def change_person(self, actor: Person, person_id: str, **changes: object) -> Person:
        """Change `name`, `email`, `title`, `unit`, `reports_to` or `active`; each change is an audit entry.

        Raises `NotEntitled`, `NotFound`, `RuleBroken` (a line that would tie a deputy to the other leader).
        """
        if actor.id == person_id and changes.get("active") is False:
            raise RuleBroken("Nobody shuts the own account. Nothing was changed; ask another administrator.")
        return self._context.write(
            actor, Permission.MANAGE_PEOPLE, lambda w: commands.change_person(w, person_id, dict(changes))
        )

    def appoint(
        self,
        actor: Person,
        person_id: str,
        role: Role | str,
        *,
        valid_from: datetime,
        valid_until: datetime | None = None,
        unit: str | None = None,
        deputy_for: str | None = None,
        basis: str,
    ) -> Appointment:
        """Appoint a person to a post from a moment, for a time or until further notice.

        Raises `NotEntitled`, `NotFound`, and `RuleBroken`: nobody is both CIO and CISO of a unit; the CIO's
        deputy is never the CISO or in the CISO's line, nor the other way; a deputy needs a principal in that
        post.
        """
        if actor.id == person_id:
            raise NotEntitled(
                "Nobody appoints himself or herself. Nothing was changed; ask another administrator."
            )
        try:
            known = Role(role)
        except ValueError:
            raise RuleBroken(f"There is no role {role!r}. Nothing was changed.", rule="role") from None
        wanted = Appointment(
            id="",
            role=known,
            person_id=person_id,
            person_name="",
            unit=unit,
            valid_from=valid_from,
            valid_until=valid_until,
            deputy_for=deputy_for,
            basis=basis.strip(),
            recorded_at=valid_from,
            recorded_by=actor.id,
        )
        return self._context.write(actor, Permission.APPOINT, lambda w: commands.appoint(w, wanted))

    def end_appointment(
        self, actor: Person, appointment_id: str, *, ends_at: datetime, basis: str
    ) -> Appointment:
        """End an appointment early, not in the past. Raises `NotEntitled`, `NotFound`, `RuleBroken`."""
        return self._context.write(
            actor,
            Permission.APPOINT,
            lambda w: commands.end_appointment(w, appointment_id, ends_at, basis.strip()),
        )

    def _organisation(self, at: datetime | None = None) -> Organisation:
        with self._context.database.reading() as connection:
            return queries.organisation_at(connection, at or self._context.clock.now(connection))


def _post(organisation: Organisation, role: Role, unit: str | None) -> Post:
    def people(ids: Sequence[str]) -> tuple[Person, ...]:
        return tuple(organisation.people[person_id] for person_id in ids)

    return Post(
        role,
        organisation.units[unit] if unit is not None else None,
        people([held.person_id for held in organisation.holders(role, unit)]),
        people([held.person_id for held in organisation.deputies(role, unit)]),
        tiers.told(organisation, role, unit) if role in tiers.NEXT_TIER and role is not Role.ADVISER else "",
    )
