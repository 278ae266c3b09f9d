"""Rules of appointment: pure. Each refuses with the sentence a person reads, and names itself in
`RuleBroken.rule`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from workflows.errors import RuleBroken
from workflows.identity.organisation import (
    NOT_APPOINTED,
    OTHER_LEADER,
    UNIT_ROLES,
    Organisation,
    covers,
    overlap,
)
from workflows.identity.types import Appointment, Person, Role
from workflows.wording import day


def check_appointment(
    organisation: Organisation, person: Person, wanted: Appointment, others: Iterable[Appointment]
) -> None:
    """Refuse an appointment that the organisation's rules do not allow.

    Args:
        organisation: people, lines and units as they are.
        person: who is to be appointed.
        wanted: to which post, from when to when, as whose deputy.
        others: all appointments that hold at some moment of that time.

    Raises:
        RuleBroken: the first rule that stands against it.
    """
    others = list(others)
    _check_shape(person, wanted)
    _check_one_leader(organisation, person, wanted, others)
    _check_adviser(organisation, person, wanted, others)
    _check_not_adviser(person, wanted, others)
    _check_same_twice(person, wanted, others)
    if wanted.deputy_for is not None:
        _check_deputy(organisation, person, wanted, others)
    _check_deputies_of_others(organisation, person, wanted, others)


def _check_shape(person: Person, wanted: Appointment) -> None:
    if not person.active:
        raise RuleBroken(
            f"{person.name} is not active and cannot be appointed. Nothing was changed.", rule="active"
        )
    if wanted.role in NOT_APPOINTED:
        how = (
            "everybody may raise a risk"
            if wanted.role is Role.RAISER
            else "add the person as a member of the committee"
        )
        raise RuleBroken(
            f"Nobody is appointed {wanted.role.label.lower()}: {how}. Nothing was changed.", rule="appointed"
        )
    if wanted.unit is not None and wanted.role not in UNIT_ROLES:
        raise RuleBroken(
            f"The post of {wanted.role.label} is for the whole organisation; only CIO and CISO "
            "may be a unit's own. "
            "Nothing was changed.",
            rule="unit",
        )
    if wanted.valid_until is not None and wanted.valid_until <= wanted.valid_from:
        raise RuleBroken(
            "An appointment ends after it begins. Nothing was changed; look at the dates.", rule="dates"
        )
    if not wanted.basis.strip():
        raise RuleBroken(
            "An appointment names what it rests on: a resolution, a contract, the charter. "
            "Nothing was changed.",
            rule="basis",
        )


def _span(appointment: Appointment) -> tuple[datetime, datetime | None]:
    return appointment.valid_from, appointment.valid_until


def _check_one_leader(
    organisation: Organisation, person: Person, wanted: Appointment, others: list[Appointment]
) -> None:
    """Nobody is both CIO and CISO for a unit without an independent adviser, and never as a deputy: the one
    decides, the other challenges."""
    other_role = OTHER_LEADER.get(wanted.role)
    for other in others:
        if (
            other.role is other_role
            and other.person_id == person.id
            and overlap(_span(other), _span(wanted))
            and covers(organisation, other.unit, wanted.unit)
            and not (
                wanted.deputy_for is None
                and other.deputy_for is None
                and _is_advised(organisation, person, wanted, others)
            )
        ):
            raise RuleBroken(
                f"{person.name} is {organisation.title(other.role, other.unit)} from "
                f"{day(other.valid_from)}, and nobody "
                "is both CIO and CISO for a unit without an independent adviser, appointed for that time and "
                "outside the own line: the one decides, the other challenges. Nothing was changed.",
                rule="one leader",
            )


def _is_advised(
    organisation: Organisation, person: Person, wanted: Appointment, others: list[Appointment]
) -> bool:
    """Whether an independent adviser is appointed for the whole of the wanted time."""
    return any(
        other.role is Role.ADVISER
        and other.person_id != person.id
        and other.deputy_for is None
        and person.id not in organisation.line(other.person_id)
        and other.valid_from <= wanted.valid_from
        and (
            other.valid_until is None
            or (wanted.valid_until is not None and wanted.valid_until <= other.valid_until)
        )
        for other in others
    )


def _check_adviser(
    organisation: Organisation, person: Person, wanted: Appointment, others: list[Appointment]
) -> None:
    """The independent adviser is neither leader, nor in the line of one."""
    if wanted.role is not Role.ADVISER:
        return
    leaders = {each.person_id for each in others if each.role in OTHER_LEADER}
    tied = next((each for each in (person.id, *organisation.line(person.id)) if each in leaders), None)
    if tied is not None:
        against = "is a leader" if tied == person.id else f"is in the line of {organisation.name(tied)}"
        raise RuleBroken(
            f"{person.name} {against}, and an independent adviser is neither CIO nor CISO, nor in the line "
            "of one. Nothing was changed.",
            rule="independent",
        )


def _check_not_adviser(person: Person, wanted: Appointment, others: list[Appointment]) -> None:
    if wanted.role in OTHER_LEADER and any(
        each.role is Role.ADVISER and each.person_id == person.id for each in others
    ):
        raise RuleBroken(
            f"{person.name} is the independent adviser, who is neither CIO nor CISO nor a deputy of one. "
            "Nothing was changed.",
            rule="independent",
        )


def _check_same_twice(person: Person, wanted: Appointment, others: list[Appointment]) -> None:
    for other in others:
        if (
            other.role is wanted.role
            and other.unit == wanted.unit
            and other.person_id == person.id
            and other.deputy_for == wanted.deputy_for
            and overlap(_span(other), _span(wanted))
        ):
            raise RuleBroken(
                f"{person.name} already holds this post from {day(other.valid_from)}. Nothing was changed.",
                rule="twice",
            )


def _check_deputy(
    organisation: Organisation, person: Person, wanted: Appointment, others: list[Appointment]
) -> None:
    principal = wanted.deputy_for or ""
    name = organisation.name(principal)
    if principal == person.id:
        raise RuleBroken("Nobody is the own deputy. Nothing was changed.", rule="deputy")
    holds = any(
        other.role is wanted.role
        and other.unit == wanted.unit
        and other.person_id == principal
        and other.deputy_for is None
        for other in others
    )
    if not holds:
        raise RuleBroken(
            f"{name} does not hold the post of {organisation.title(wanted.role, wanted.unit)} "
            "in that time, so nobody can "
            "stand in. Nothing was changed.",
            rule="deputy",
        )
    leaders = {
        other.person_id
        for other in others
        if other.role is OTHER_LEADER.get(wanted.role) and other.deputy_for is None
    }
    _check_bound(organisation, person, wanted.role, principal, leaders)


def _check_bound(
    organisation: Organisation, person: Person, role: Role, principal: str, leaders: set[str]
) -> None:
    other = OTHER_LEADER.get(role)
    if other is None:
        return
    if person.id in leaders:
        against = f"{person.name} is {other.label}"
    else:
        line = organisation.line(person.id)
        if principal in line:
            line = line[: line.index(principal)]
        above = next((manager for manager in line if manager in leaders), None)
        if above is None:
            return
        against = f"{person.name} is in the line of {organisation.name(above)} ({other.label})"
    raise RuleBroken(
        f"{against}, and the {role.label}'s deputy is never the {other.label} or in the "
        f"{other.label}'s line. "
        "Nothing was changed.",
        rule="deputy line",
    )


def _check_deputies_of_others(
    organisation: Organisation, person: Person, wanted: Appointment, others: list[Appointment]
) -> None:
    """A new leader must not turn a deputy of the other leader into somebody of his or her own line."""
    other_role = OTHER_LEADER.get(wanted.role)
    if other_role is None or wanted.deputy_for is not None:
        return
    for other in others:
        if (
            other.role is other_role
            and other.deputy_for is not None
            and other.person_id in organisation.people
        ):
            deputy = organisation.people[other.person_id]
            _check_bound(organisation, deputy, other.role, other.deputy_for, {person.id})


def check_line(organisation: Organisation, person: Person) -> None:
    """Refuse a new manager who would close a circle, or tie a deputy in office to the other leader.

    Args:
        organisation: as it is.
        person: with the new `reports_to`.
    """
    changed = replace(organisation, people={**organisation.people, person.id: person})
    if person.reports_to == person.id or person.id in organisation.line(person.reports_to or ""):
        raise RuleBroken(f"{person.name} cannot be in the own line. Nothing was changed.", rule="circle")
    for held in organisation.held:
        if held.deputy_for is None or held.person_id not in changed.people:
            continue
        deputy = changed.people[held.person_id]
        leaders = changed.principals(OTHER_LEADER[held.role]) if held.role in OTHER_LEADER else set()
        _check_bound(changed, deputy, held.role, held.deputy_for, leaders)


def check_ending(
    valid_from: datetime,
    valid_until: datetime | None,
    ended_by: str | None,
    ends_at: datetime,
    now: datetime,
    basis: str,
) -> None:
    """Refuse to end what has ended, before it began, in the past, or without a basis."""
    if ended_by is not None:
        raise RuleBroken("This was ended already. Nothing was changed.", rule="ended")
    if valid_until is not None and ends_at >= valid_until:
        raise RuleBroken(f"This ends by itself before {day(ends_at)}. Nothing was changed.", rule="ended")
    if ends_at < max(valid_from, now):
        raise RuleBroken(
            "An end lies ahead: what somebody did in a post before stays on that post. Nothing was changed.",
            rule="past",
        )
    if not basis.strip():
        raise RuleBroken("An end names what it rests on. Nothing was changed.", rule="basis")
