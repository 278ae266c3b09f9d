"""The engine's Directory, answered from the tables: who may act from which desk, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from engine.types import Authority
from workflows.committee.models import seats
from workflows.committee.rules import why_barred
from workflows.identity import tiers
from workflows.identity.organisation import Organisation, read_desk
from workflows.identity.remembered import RememberedOrganisation
from workflows.identity.types import Role
from workflows.risks.models import assets, risk_assets
from workflows.treatment.queries import MILESTONE, owner_of, seats_left_behind, seats_of
from workflows.wording import day

SEAT = "seat:"
PERSON = "person:"
UNIT = "unit:"
_ASSET_UNITS = (
    select(assets.c.owner_unit, assets.c.is_shared)
    .select_from(risk_assets.join(assets, assets.c.id == risk_assets.c.asset_id))
    .where(risk_assets.c.risk_id == bindparam("risk"))
)
_SEAT = select(seats).where(seats.c.id == bindparam("seat"))

_REMEMBERED: ContextVar[tuple[Connection, Organisation] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering(connection: Connection, organisation: Organisation) -> Iterator[None]:
    """Within the block, answers on this connection for this very moment come from the organisation already
    read.

    For pages, which ask about many tasks at once and write nothing.
    """
    token = _REMEMBERED.set((connection, organisation))
    try:
        yield
    finally:
        _REMEMBERED.reset(token)


class OrganisationDirectory:
    """Implements `engine.ports.Directory`. Each answer is by the tables as they are now."""

    def __init__(self) -> None:
        self._remembered = RememberedOrganisation()

    def organisation(self, connection: Connection, at: datetime) -> Organisation:
        """The organisation at a moment."""
        held = _REMEMBERED.get()
        if held is not None and held[0] is connection and held[1].at == at:
            return held[1]
        return self._remembered.at(connection, at)

    def desk(self, connection: Connection, role: str, subject: str | None, at: datetime) -> str:
        """The desk of a role's tasks about a risk: narrowed to a unit that has its own CIO or CISO.

        Where the CISO is the CIO too, the CISO's tasks lie on the desk of the independent adviser.
        """
        known = Role(role) if role in set(Role) else None
        if known is None:
            return role
        organisation = self.organisation(connection, at)
        units = asset_units(connection, subject) if subject is not None else []
        desk = organisation.desk(known, units)
        if known is Role.CISO:
            decider = read_desk(organisation.desk(Role.CIO, units))[1]
            if tiers.holds_both(organisation, decider, read_desk(desk)[1]):
                return Role.ADVISER.value
        return desk

    def authority(self, connection: Connection, person_id: str, desk: str, at: datetime) -> Authority | None:
        """Why this person may act from this desk at this time; None where the person may not."""
        return authority_in(connection, self.organisation(connection, at), person_id, desk)

    def candidates(self, connection: Connection, desk: str, at: datetime) -> Sequence[Authority]:
        """Everybody who may act from this desk at this time; empty where a post is vacant."""
        return candidates_in(connection, self.organisation(connection, at), desk)

    def desks(self, connection: Connection, person_id: str, at: datetime) -> Sequence[str]:
        """Every desk this person may act from at this time."""
        organisation = self.organisation(connection, at)
        if person_id not in organisation.people:
            return []
        mine = connection.execute(select(seats.c.id).where(seats.c.person_id == person_id)).scalars().all()
        barred = bool(mine) and bool(why_barred(organisation, person_id))
        own_seats = [] if barred else [f"{SEAT}{seat_id}" for seat_id in mine]
        roles = [desk for desk in organisation.desks(person_id) if desk != Role.COMMITTEE.value]
        if authority_in(connection, organisation, person_id, Role.COMMITTEE.value):
            roles.append(Role.COMMITTEE.value)
        own_seats += _milestone_desks(connection, organisation, person_id, roles)
        return [f"{PERSON}{person_id}", *roles, *own_seats]


def asset_units(connection: Connection, risk_id: str) -> list[str]:
    """Owner units of a risk's assets; empty where there are none or one of them is shared across units.

    A case about a unit, such as its leaders' dialogue, has `unit:` and its id for a subject.
    """
    if risk_id.startswith(UNIT):
        return [risk_id.removeprefix(UNIT)]
    rows = connection.execute(_ASSET_UNITS, {"risk": risk_id}).all()
    return [] if any(row.is_shared for row in rows) else sorted({row.owner_unit for row in rows})


def candidates_in(connection: Connection, organisation: Organisation, desk: str) -> list[Authority]:
    """Everybody who may act from any kind of desk."""
    if desk.startswith(PERSON):
        person_id = desk.removeprefix(PERSON)
        return [Authority(person_id, "Named in the case")] if person_id in organisation.people else []
    if desk.startswith(f"{SEAT}{MILESTONE}"):
        return _milestone_candidates(connection, organisation, desk.removeprefix(SEAT))
    if desk.startswith(SEAT):
        seat = _seat_authority(connection, organisation, desk.removeprefix(SEAT))
        return [seat] if seat else []
    if read_desk(desk)[0] is not Role.COMMITTEE:
        return organisation.candidates(desk)
    members = organisation.filled(Role.COMMITTEE, None)
    free = [member for member in members if not why_barred(organisation, member.person_id)]
    return free or tiers.above(organisation, Role.COMMITTEE, None)


def authority_in(
    connection: Connection, organisation: Organisation, person_id: str, desk: str
) -> Authority | None:
    """Why a person may act from any kind of desk; None where the person may not."""
    found = candidates_in(connection, organisation, desk)
    return next((authority for authority in found if authority.person_id == person_id), None)


def _milestone_candidates(
    connection: Connection, organisation: Organisation, milestone_id: str
) -> list[Authority]:
    """The owner that the treatment plan names; the CIO where the owner has left."""
    found = owner_of(connection, milestone_id)
    if found is None:
        return []
    owner, risk_id = found
    if owner in organisation.people:
        return [Authority(owner, "Owner of this milestone by the treatment plan")]
    left = f"{organisation.name(owner)}, who owned this milestone, has left"
    desk = organisation.desk(Role.CIO, asset_units(connection, risk_id))
    return [replace(one, basis=f"{one.basis}. {left}") for one in organisation.candidates(desk)]


def _milestone_desks(
    connection: Connection, organisation: Organisation, person_id: str, roles: Sequence[str]
) -> list[str]:
    """Desks of the open milestones a person answers for: the own, and for a CIO those left behind."""
    mine = seats_of(connection, person_id)
    if any(read_desk(desk)[0] is Role.CIO for desk in roles):
        mine += [
            seat
            for seat, risk_id in seats_left_behind(connection)
            if organisation.desk(Role.CIO, asset_units(connection, risk_id)) in roles
        ]
    return [f"{SEAT}{seat}" for seat in mine]


def _seat_authority(connection: Connection, organisation: Organisation, seat_id: str) -> Authority | None:
    """Whoever the roster seats, unless something has come to stand against it since: nobody else votes."""
    row = connection.execute(_SEAT, {"seat": seat_id}).one_or_none()
    if row is None or why_barred(organisation, row.person_id):
        return None
    what = "Chair" if row.is_chair else "Voter"
    basis = f"{what} for {row.function}, seated {day(row.seated_at)}"
    if row.alternate_for:
        basis += f" as alternate of {organisation.name(row.alternate_for)}"
    return Authority(row.person_id, basis)
