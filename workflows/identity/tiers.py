"""Where the tasks of a vacant post go, and who advises where one person leads both sides: pure rules.

docs/constructive-tension.md, rules 6 and 10: a vacant post is said to be vacant and its tasks go up; where
one person holds both posts, an independent adviser takes the CISO's tasks, and the record says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from engine.types import Authority
from workflows.identity.types import Role
from workflows.wording import listed

if TYPE_CHECKING:
    from workflows.identity.organisation import Organisation

NEXT_TIER = {
    Role.ADVISER: Role.CRO,
    Role.CIO: Role.CRO,
    Role.CISO: Role.CRO,
    Role.COMMITTEE: Role.CRO,
    Role.CRO: Role.EXECUTIVE,
}
"""Who acts where nobody holds a post. Above the executive sponsor there is nobody."""


def plain(label: str) -> str:
    """A role as it stands within a sentence: "chief risk officer", "CIO"."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def above(organisation: Organisation, role: Role, unit: str | None) -> list[Authority]:
    """Who acts in the next tier up for a post that nobody holds, each with the sentence that says so."""
    vacant, upper = [organisation.title(role, unit)], NEXT_TIER.get(role)
    while upper is not None:
        found = organisation.filled(upper, None)
        if found:
            why = vacancy(vacant, upper)
            return [replace(each, basis=f"{each.basis}. {why}") for each in found]
        vacant.append(upper.label)
        upper = NEXT_TIER.get(upper)
    return []


def vacancy(titles: list[str], upper: Role) -> str:
    """ "The post of CISO is vacant; its tasks go to the chief risk officer"."""
    posts = listed([plain(title) for title in titles])
    if len(titles) == 1:
        what = f"The {posts}" if titles == [Role.COMMITTEE.label] else f"The post of {posts}"
        return f"{what} is vacant; its tasks go to the {plain(upper.label)}"
    return f"The posts of {posts} are vacant; their tasks go to the {plain(upper.label)}"


def told(organisation: Organisation, role: Role, unit: str | None) -> str:
    """The sentence that says where the tasks of a vacant post go; empty where somebody holds the post."""
    if organisation.filled(role, unit):
        return ""
    vacant, upper = [organisation.title(role, unit)], NEXT_TIER.get(role)
    while upper is not None:
        if organisation.filled(upper, None):
            return vacancy(vacant, upper)
        vacant.append(upper.label)
        upper = NEXT_TIER.get(upper)
    return f"The post of {plain(vacant[0])} is vacant, and nobody above it can act"


def steps_in_for(roles: set[Role]) -> set[Role]:
    """Every role whose tasks could come up to somebody who holds one of these roles."""
    reached = set(roles)
    while True:
        below = {role for role, upper in NEXT_TIER.items() if upper in reached} - reached
        if not below:
            return reached
        reached |= below


def holds_both(organisation: Organisation, cio_unit: str | None, ciso_unit: str | None) -> bool:
    """Whether one person alone answers for the posts of CIO and CISO of these units (None: of the whole
    organisation)."""
    deciders, advisers = (
        {held.person_id for held in organisation.holders(role, organisation.post_of(role, unit))}
        for role, unit in ((Role.CIO, cio_unit), (Role.CISO, ciso_unit))
    )
    return bool(advisers) and advisers <= deciders


def both_posts(organisation: Organisation, role: Role, unit: str | None) -> str:
    """What the record adds to an authority where one person is CIO and CISO; empty elsewhere."""
    if role is Role.ADVISER:
        both = organisation.principals(Role.CIO) & organisation.principals(Role.CISO)
        named = listed(sorted(organisation.name(each) for each in both))
        return f", because {named} holds the posts of CIO and CISO" if both else ""
    if role in (Role.CIO, Role.CISO) and holds_both(organisation, unit, unit):
        return ", who holds the posts of CIO and CISO"
    return ""
