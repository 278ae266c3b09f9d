"""Who may vote, and whether a committee can sit: pure rules.

A committee stays a committee: at least three voters from two functions, and neither CIO nor CISO, nor a
deputy or a direct report of theirs; the chief risk officer never votes below the own tier. An alternate is
seated first where a member cannot sit; where there still are too few, nobody is seated and the case goes to
the chief risk officer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from workflows.identity.organisation import Membership, Organisation
from workflows.identity.types import Role
from workflows.wording import count

MIN_VOTERS = 3
MIN_FUNCTIONS = 2


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is seated for a vote; nobody, and why, where the committee cannot sit."""

    seated: tuple[Membership, ...]
    passed_over: tuple[str, ...]
    """Sentences: who was not seated, and why."""
    why_not: str = ""


def why_barred(organisation: Organisation, person_id: str) -> str:
    """Why a person may not vote on a committee at this moment, as a sentence; empty where nothing is against
    it."""
    person = organisation.people.get(person_id)
    if person is None:
        return f"{person_id} is no longer with the organisation."
    for role in (Role.CIO, Role.CISO):
        leaders = organisation.in_post(role)
        if person_id in leaders:
            return f"{person.name} is {role.label} or a deputy of the {role.label}, and neither leader votes."
        if person.reports_to in leaders:
            leader = organisation.name(person.reports_to)
            return (
                f"{person.name} reports to {leader} ({role.label}), and no direct report of a leader votes."
            )
    if person_id in organisation.in_post(Role.CRO):
        return f"{person.name} is chief risk officer or a deputy, and decides after the committee, not in it."
    return ""


def seat(
    organisation: Organisation,
    members: Iterable[Membership],
    parties: Collection[str] = (),
    aside: Collection[str] = (),
) -> Roster:
    """The roster for one vote.

    Args:
        organisation: at the moment of seating.
        members: those of the committee at that moment, alternates included.
        parties: ids of people who act in the case itself (raised it, took a position, decided) and so do not
            judge it.
        aside: ids of people who have declared an interest in the matter.
    """
    all_members = list(members)
    regular = [m for m in all_members if m.alternate_for is None]
    alternates = [m for m in all_members if m.alternate_for is not None]
    seated: list[Membership] = []
    passed_over: list[str] = []

    def reason(member: Membership) -> str:
        barred = why_barred(organisation, member.person_id)
        if not barred and member.person_id in parties:
            barred = f"{organisation.name(member.person_id)} is a party to this case."
        if not barred and member.person_id in aside:
            barred = f"{organisation.name(member.person_id)} has an interest in the matter and stepped aside."
        if not barred and any(other.person_id == member.person_id for other in seated):
            barred = f"{organisation.name(member.person_id)} already has a seat."
        return barred

    for member in regular:
        against = reason(member)
        if not against:
            seated.append(member)
            continue
        passed_over.append(against)
        for alternate in (a for a in alternates if a.alternate_for == member.person_id):
            against = reason(alternate)
            if not against:
                seated.append(alternate)
                break
            passed_over.append(against)
    why_not = _too_few(seated)
    return Roster(() if why_not else tuple(seated), tuple(passed_over), why_not)


def is_enough(functions: Collection[str]) -> bool:
    """Whether voters who speak for these functions, one each, are a committee."""
    return len(functions) >= MIN_VOTERS and len({one.casefold() for one in functions}) >= MIN_FUNCTIONS


def why_no_owner(organisation: Organisation, person_id: str) -> str:
    """Why a person may not own a committee, as a sentence; empty where nothing is against it: it belongs to
    neither side, so to neither leader, nor to a deputy or anybody in a leader's line."""
    against = why_barred(organisation, person_id)
    if against:
        return against
    for role in (Role.CIO, Role.CISO):
        above = [each for each in organisation.line(person_id) if each in organisation.principals(role)]
        if above:
            name, leader = organisation.name(person_id), organisation.name(above[0])
            return f"{name} is in the line of {leader} ({role.label}), and neither leader owns the committee."
    return ""


def _too_few(seated: list[Membership]) -> str:
    functions = {member.function.casefold() for member in seated}
    if is_enough([member.function for member in seated]):
        return ""
    return (
        f"The committee cannot sit: it has {count(len(seated), 'eligible voter')} from "
        f"{count(len(functions), 'function')}, "
        f"and needs {MIN_VOTERS} from {MIN_FUNCTIONS}."
    )
