"""The organisation at one moment, and who may act in it: pure rules over people, units and the posts that
hold.

Rules kept here, each from docs/constructive-tension.md:
  the CISO advises and the CIO decides, so that who is both has an independent adviser; a deputy of the one
  is never the other or in the other's line; a vacant post is said to be vacant and its tasks go up the units,
  then the tiers; a person who left holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from engine.types import Authority
from workflows.identity import tiers
from workflows.identity.types import Person, Role, Unit
from workflows.wording import day

UNIT_ROLES = frozenset({Role.CIO, Role.CISO})
"""Posts that a unit may have of its own."""
OTHER_LEADER = {Role.CIO: Role.CISO, Role.CISO: Role.CIO}
NOT_APPOINTED = frozenset({Role.RAISER, Role.COMMITTEE})
"""Roles nobody is appointed to: one is everybody's, the other comes with membership of a committee."""


@dataclass(frozen=True, slots=True)
class Held:
    """An appointment that holds at the moment in question."""

    role: Role
    person_id: str
    unit: str | None
    deputy_for: str | None
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Membership:
    """A membership of a committee that holds at the moment in question."""

    id: str
    committee_id: str
    person_id: str
    function: str
    is_chair: bool
    alternate_for: str | None
    since: datetime


@dataclass(frozen=True, slots=True)
class Organisation:
    """Everybody active, all units, and what is held at `at`."""

    at: datetime
    people: Mapping[str, Person]
    """Active people by id."""
    units: Mapping[str, Unit] = field(default_factory=dict)
    held: tuple[Held, ...] = ()
    members: tuple[Membership, ...] = ()

    def name(self, person_id: str) -> str:
        """A person's name, or the id of somebody who left."""
        person = self.people.get(person_id)
        return person.name if person else person_id

    def line(self, person_id: str) -> list[str]:
        """Ids of the person's managers, the nearest first; a circle in the data ends it."""
        managers: list[str] = []
        current = self.people.get(person_id)
        while current and current.reports_to and current.reports_to not in (person_id, *managers):
            managers.append(current.reports_to)
            current = self.people.get(current.reports_to)
        return managers

    def upward(self, unit: str | None) -> list[str | None]:
        """The unit, those above it, and last None for the whole organisation."""
        above: list[str | None] = []
        while unit is not None and unit not in above:
            above.append(unit)
            parent = self.units.get(unit)
            unit = parent.parent_id if parent else None
        return [*above, None]

    def holders(self, role: Role, unit: str | None) -> list[Held]:
        """Those who hold exactly this post themselves."""
        return [
            held
            for held in self.held
            if held.role is role
            and held.unit == unit
            and held.deputy_for is None
            and held.person_id in self.people
        ]

    def deputies(self, role: Role, unit: str | None) -> list[Held]:
        """Those who stand in for a holder of exactly this post. A deputy has no authority without the
        principal."""
        principals = {held.person_id for held in self.holders(role, unit)}
        return [
            held
            for held in self.held
            if held.role is role
            and held.unit == unit
            and held.deputy_for in principals
            and held.person_id in self.people
            and not self._bound_to_other_leader(held.person_id, role, held.deputy_for)
        ]

    def in_post(self, role: Role) -> set[str]:
        """Everybody who holds this role for any unit, or is a deputy of one who does."""
        return {
            held.person_id
            for unit in {held.unit for held in self.held if held.role is role}
            for held in (*self.holders(role, unit), *self.deputies(role, unit))
        }

    def principals(self, role: Role) -> set[str]:
        """Everybody who holds this role for any unit, deputies left out."""
        return {
            held.person_id
            for held in self.held
            if held.role is role and held.deputy_for is None and held.person_id in self.people
        }

    def _bound_to_other_leader(self, person_id: str, role: Role, principal: str | None) -> bool:
        """Whether a deputy of a CIO is a CISO or in a CISO's line, or the other way round.

        The line counts up to the principal: where the CISO reports to the CIO, the CISO's own people are the
        CISO's.
        """
        other = OTHER_LEADER.get(role)
        if other is None:
            return False
        leaders = self.principals(other)
        if person_id in leaders:
            return True
        for manager in self.line(person_id):
            if manager == principal:
                return False
            if manager in leaders:
                return True
        return False

    def post_of(self, role: Role, unit: str | None) -> str | None:
        """The unit whose holder answers for this one: itself, or the nearest above whose post is filled."""
        for candidate in self.upward(unit):
            if self.holders(role, candidate):
                return candidate
        return None

    def desk(self, role: Role, asset_units: Sequence[str]) -> str:
        """The desk that tasks of a role lie on, for assets of these units.

        Narrowed to a unit where all the assets are answered for by that unit's own leader; the plain role
        otherwise.
        """
        if role not in UNIT_ROLES or not asset_units:
            return role.value
        posts = {self.post_of(role, unit) for unit in asset_units}
        unit = posts.pop()
        return f"{role.value}@{unit}" if not posts and unit is not None else role.value

    def candidates(self, desk: str) -> list[Authority]:
        """Everybody who may act from a role's desk, holders before deputies; those of the next tier up where
        the post is vacant, and nobody where that is vacant too."""
        role, unit = read_desk(desk)
        if role is None:
            return []
        return self.filled(role, unit) or tiers.above(self, role, unit)

    def filled(self, role: Role, unit: str | None) -> list[Authority]:
        """Everybody who may act in a post itself, holders before deputies; empty where it is vacant."""
        if role is Role.COMMITTEE:
            return [
                Authority(m.person_id, self._member_basis(m))
                for m in self.members
                if m.person_id in self.people
            ]
        post = self.post_of(role, unit)
        stand_in = "" if post == unit else f", in place of the vacant post of {self.title(role, unit)}"
        more = stand_in + tiers.both_posts(self, role, unit)
        found = [
            Authority(held.person_id, f"{self.title(role, post)}, appointed {day(held.since)}{more}")
            for held in self.holders(role, post)
        ]
        found += [
            Authority(held.person_id, f"{self._deputy_basis(held)}{more}", held.deputy_for)
            for held in self.deputies(role, post)
        ]
        return found

    def authority(self, person_id: str, desk: str) -> Authority | None:
        """Why a person may act from a role's desk; None where the person may not."""
        return next((a for a in self.candidates(desk) if a.person_id == person_id), None)

    def desks(self, person_id: str) -> list[str]:
        """Every role's desk this person may act from."""
        if person_id not in self.people:
            return []
        plain = [role.value for role in Role if role is not Role.RAISER]
        narrowed = [f"{role.value}@{unit}" for role in sorted(UNIT_ROLES) for unit in sorted(self.units)]
        # Only the roles the person has anything to do with are looked into: an inbox asks this on every page.
        mine = {held.role for held in self.held if held.person_id == person_id}
        if any(m.person_id == person_id for m in self.members):
            mine.add(Role.COMMITTEE)
        mine = tiers.steps_in_for(mine)
        return [
            desk
            for desk in (*plain, *narrowed)
            if read_desk(desk)[0] in mine and self.authority(person_id, desk)
        ]

    def roles(self, person_id: str) -> frozenset[Role]:
        """Every role the person holds, as a deputy too; `raiser` for everybody active."""
        if person_id not in self.people:
            return frozenset()
        found = {Role.RAISER}
        for held in self.held:
            if held.person_id != person_id:
                continue
            post = self.holders if held.deputy_for is None else self.deputies
            if held in post(held.role, held.unit):
                found.add(held.role)
        if any(member.person_id == person_id for member in self.members):
            found.add(Role.COMMITTEE)
        return frozenset(found)

    def title(self, role: Role, unit: str | None) -> str:
        """ "CIO", "CIO of Retail banking"."""
        if unit is None:
            return role.label
        known = self.units.get(unit)
        return f"{role.label} of {known.name if known else unit}"

    def _deputy_basis(self, held: Held) -> str:
        until = f" to {day(held.until)}" if held.until else ""
        principal = self.name(held.deputy_for or "")
        return f"Deputy of {principal} ({self.title(held.role, held.unit)}) from {day(held.since)}{until}"

    def _member_basis(self, member: Membership) -> str:
        what = "Chair" if member.is_chair else "Member"
        return f"{what} of the steering committee for {member.function} since {day(member.since)}"


def read_desk(desk: str) -> tuple[Role | None, str | None]:
    """Role and unit of a role's desk: `cio@retail` is (CIO, "retail"); (None, None) for any other desk."""
    name, _, unit = desk.partition("@")
    try:
        return Role(name), unit or None
    except ValueError:
        return None, None


def overlap(one: tuple[datetime, datetime | None], other: tuple[datetime, datetime | None]) -> bool:
    """Whether two spans [from, until) share a moment; None is without end."""
    return (other[1] is None or one[0] < other[1]) and (one[1] is None or other[0] < one[1])


def covers(organisation: Organisation, one: str | None, other: str | None) -> bool:
    """Whether a post for the one unit answers, or could come to answer, for the other, or the other way
    round."""
    return one in organisation.upward(other) or other in organisation.upward(one)


def names(organisation: Organisation, person_ids: Iterable[str]) -> list[str]:
    """Names of people, in the order given."""
    return [organisation.name(person_id) for person_id in person_ids]
