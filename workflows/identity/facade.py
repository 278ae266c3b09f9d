"""People, posts and passwords: what pages and the command line call."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.context import Context
from workflows.identity.types import Appointment, Person, PersonPage, Post, Role, Unit
from workflows.permissions import Permission


class Identity:
    """People, units, posts with dated appointments, sign-in."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def people(self, *, include_inactive: bool = False) -> list[Person]:
        """Everybody, by name."""
        raise NotImplementedError

    def person(self, person_id: str) -> Person:
        """One person. Raises `NotFound`."""
        raise NotImplementedError

    def find_by_email(self, email: str) -> Person | None:
        """The active person with this e-mail address, letter case ignored; None where there is none."""
        raise NotImplementedError

    def authenticate(self, email: str, password: str, *, source: str = "") -> Person:
        """The person these belong to. `source` is where the attempt comes from (a network address), for the limit.

        Raises:
            SignInRefused: wrong, unknown, inactive, or too many tries (`retry_at`); the same sentence for the first three.
        """
        raise NotImplementedError

    def set_password(self, actor: Person, person_id: str, password: str) -> None:
        """Set a password: one's own, or anybody's for those who manage people.

        Raises `NotEntitled`, `NotFound`, `RuleBroken` (too short, too common).
        """
        raise NotImplementedError

    def roles(self, person_id: str, at: datetime | None = None) -> frozenset[Role]:
        """Roles held at a time (now), deputies' included; `raiser` for everybody active; empty for the inactive."""
        raise NotImplementedError

    def permissions(self, person: Person) -> frozenset[Permission]:
        """Everything the person may do now: what a page shows or leaves out. Commands check again."""
        raise NotImplementedError

    def page(self, reader: Person, person_id: str) -> PersonPage:
        """A person with posts. Raises `NotFound`."""
        raise NotImplementedError

    def posts(self, reader: Person, at: datetime | None = None) -> list[Post]:
        """Every post and who holds it at a time (now), vacant ones included."""
        raise NotImplementedError

    def units(self) -> list[Unit]:
        """All units, by name."""
        raise NotImplementedError

    def add_unit(self, actor: Person, *, id: str, name: str, parent_id: str | None = None) -> Unit:
        """Add a unit. Raises `NotEntitled`, `RuleBroken`."""
        raise NotImplementedError

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
        """Add a person; an id is made where none is given. Raises `NotEntitled`, `RuleBroken`."""
        raise NotImplementedError

    def change_person(self, actor: Person, person_id: str, **changes: object) -> Person:
        """Change `name`, `email`, `title`, `unit`, `reports_to` or `active`; each change is an audit entry.

        Raises `NotEntitled`, `NotFound`, `RuleBroken` (a line that would tie a deputy to the other leader).
        """
        raise NotImplementedError

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

        Raises `NotEntitled`, `NotFound`, and `RuleBroken`: nobody is both CIO and CISO of a unit; the CIO's deputy
        is never the CISO or in the CISO's line, nor the other way; a deputy needs a principal who holds the post.
        """
        raise NotImplementedError

    def end_appointment(self, actor: Person, appointment_id: str, *, ends_at: datetime, basis: str) -> Appointment:
        """End an appointment early. Raises `NotEntitled`, `NotFound`, `RuleBroken` (already ended, or in the past)."""
        raise NotImplementedError

    def appointments(self, reader: Person, *, role: Role | None = None) -> Sequence[Appointment]:
        """All appointments ever, newest first."""
        raise NotImplementedError
