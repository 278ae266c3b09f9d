"""Which CIO and CISO talk with each other, and which pair a risk belongs to. Pure, over one moment's
organisation."""

from __future__ import annotations

from collections.abc import Sequence

from workflows.dialogue.types import Pair
from workflows.errors import NotFound
from workflows.identity.directory import UNIT
from workflows.identity.organisation import UNIT_ROLES, Organisation, read_desk
from workflows.identity.types import Role


def subject_of(unit: str | None) -> str | None:
    """The subject of a pair's cases: a unit; nothing in particular for the whole organisation's."""
    return None if unit is None else f"{UNIT}{unit}"


def unit_of(subject: str | None) -> str | None:
    """The unit that a dialogue's case is about."""
    return None if subject is None else subject.removeprefix(UNIT)


def pairs(organisation: Organisation) -> list[Pair]:
    """Every pair: that of the whole organisation, and of each unit with a CIO or CISO of its own."""
    units = {held.unit for held in organisation.held if held.role in UNIT_ROLES and held.unit is not None}
    return [pair(organisation, unit) for unit in (None, *sorted(units))]


def pair(organisation: Organisation, unit: str | None) -> Pair:
    """One pair, with the names of who holds the two posts now."""
    known = organisation.units.get(unit or "")
    title = known.name if known else (unit or "Whole organisation")
    return Pair(unit, title, _holder(organisation, Role.CIO, unit), _holder(organisation, Role.CISO, unit))


def find_pair(organisation: Organisation, unit: str | None) -> Pair:
    """The pair of a unit. Raises `NotFound` where it has none of its own."""
    for one in pairs(organisation):
        if one.unit == unit:
            return one
    raise NotFound("dialogue", unit or "")


def is_complete(organisation: Organisation, unit: str | None) -> bool:
    """Whether there are two different people to talk: both posts are filled."""
    people = [
        {held.person_id for held in organisation.holders(role, organisation.post_of(role, unit))}
        for role in (Role.CIO, Role.CISO)
    ]
    return all(people) and len(people[0] | people[1]) > 1


def desks(organisation: Organisation, unit: str | None) -> tuple[str, str]:
    """The desks of the pair's two leaders."""
    units = [] if unit is None else [unit]
    return organisation.desk(Role.CIO, units), organisation.desk(Role.CISO, units)


def is_leader(organisation: Organisation, person_id: str, unit: str | None) -> bool:
    """Whether a person is one of the two, or stands in for one."""
    return any(organisation.authority(person_id, desk) for desk in desks(organisation, unit))


def pair_of(organisation: Organisation, asset_units: Sequence[str]) -> str | None:
    """The unit whose pair answers for a risk on assets of these units."""
    units = [read_desk(organisation.desk(role, asset_units))[1] for role in (Role.CIO, Role.CISO)]
    return units[0] if units[0] is not None else units[1]


def _holder(organisation: Organisation, role: Role, unit: str | None) -> str:
    held = organisation.holders(role, organisation.post_of(role, unit))
    return organisation.name(held[0].person_id) if held else "vacant"
