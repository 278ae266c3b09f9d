"""Views of people, units and posts. Times are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """Roles, as a lane's `parley:role` names them; alphabetical."""

    ADMINISTRATOR = "administrator"
    ADVISER = "adviser"
    AUDITOR = "auditor"
    CIO = "cio"
    CISO = "ciso"
    COMMITTEE = "committee"
    CRO = "cro"
    EXECUTIVE = "executive"
    GOVERNANCE = "governance"
    PROCESS_OWNER = "process_owner"
    RAISER = "raiser"

    @property
    def label(self) -> str:
        """The role as a page names it."""
        return ROLE_LABELS[self]


ROLE_LABELS: dict[Role, str] = {
    Role.ADMINISTRATOR: "Administrator",
    Role.ADVISER: "Independent adviser",
    Role.AUDITOR: "Auditor",
    Role.CIO: "CIO",
    Role.CISO: "CISO",
    Role.COMMITTEE: "Steering committee",
    Role.CRO: "Chief risk officer",
    Role.EXECUTIVE: "Executive sponsor",
    Role.GOVERNANCE: "Governance staff",
    Role.PROCESS_OWNER: "Process owner",
    Role.RAISER: "Risk raiser",
}


@dataclass(frozen=True, slots=True)
class Unit:
    """A part of the organisation. `parent_id` is None for one that stands directly below the whole."""

    id: str
    name: str
    parent_id: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in."""

    id: str
    name: str
    email: str
    title: str
    unit: str | None
    """Id of the unit the person works in."""
    active: bool = True
    reports_to: str | None = None
    """Id of the person's line manager."""


SYSTEM_PERSON = Person("system", "Parley", "", "The software itself", None)
"""The software acting by itself: set-up steps, the command line on the server. Holds every permission and no
desk."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person in a post for a time. Never changed: an early end is a row of its own (`ended_*`)."""

    id: str
    role: Role
    person_id: str
    person_name: str
    unit: str | None
    """Id of the unit the post is limited to; None for the whole organisation."""
    valid_from: datetime
    valid_until: datetime | None
    """First moment it no longer holds, the early end considered; None while open-ended."""
    deputy_for: str | None
    """Id of the person stood in for."""
    basis: str
    """The resolution, contract or charter the appointment rests on."""
    recorded_at: datetime
    recorded_by: str
    ended_by: str | None = None
    ended_basis: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it is filled at a moment."""

    role: Role
    unit: Unit | None
    holders: tuple[Person, ...]
    deputies: tuple[Person, ...] = ()
    vacancy: str = ""
    """Where the tasks of a vacant post go, as a sentence; empty where it is filled, or has none."""

    @property
    def is_vacant(self) -> bool:
        """True where nobody holds the post: its tasks go up."""
        return not self.holders


@dataclass(frozen=True, slots=True)
class Installation:
    """What this database is. Made once, never changed."""

    kind: str
    """`demonstration` or `real`."""
    organisation: str
    created_at: datetime
    notice: str = ""
    """A sentence every page of a demonstration shows: the organisation is constructed."""

    @property
    def is_demonstration(self) -> bool:
        """True where the organisation is constructed and the clock may be moved."""
        return self.kind == "demonstration"


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person with posts and committees, for the organisation's pages."""

    person: Person
    roles: tuple[Role, ...]
    appointments: tuple[Appointment, ...] = field(default_factory=tuple)
