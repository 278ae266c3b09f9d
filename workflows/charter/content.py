"""What a charter says: who owns, advises, challenges, arbitrates, endorses and deputises, drawn from posts as
they are. Plain data, hashed. Pure.

The duties are those the software keeps to (desks, operations, rules of appointment); a charter that said
otherwise would not be followed, so they are not free text.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.types import Version
from workflows.committee.rules import seat
from workflows.identity import tiers
from workflows.identity.organisation import UNIT_ROLES, Organisation
from workflows.identity.types import Role
from workflows.wording import day

REVIEW_MONTHS = 12
"""Every charter is reviewed yearly. DORA article 6(5): the framework is reviewed at least once a year."""

DUTIES: tuple[tuple[str, Role, str], ...] = (
    (
        "Owns and decides",
        Role.CIO,
        "Owns cyber risks on shared digital assets, systems and data on behalf of the organisation, and "
        "decides what is done about them.",
    ),
    (
        "Advises and challenges",
        Role.CISO,
        "Rates each risk independently, advises, challenges decisions with a reason, and verifies that what "
        "was decided was done. Never owns a risk and never decides it.",
    ),
    (
        "Advises in the CISO's place",
        Role.ADVISER,
        "Where one person holds both posts, takes the tasks of the CISO; is neither leader, and in the line "
        "of none.",
    ),
    (
        "Arbitrates",
        Role.COMMITTEE,
        "Rules on what CIO and CISO do not settle between them, by at least three voters from two functions. "
        "Owned by neither; no direct report of either votes.",
    ),
    (
        "Arbitrates last",
        Role.CRO,
        "Settles what the committee cannot, and takes the tasks of a vacant post. Never votes below the own "
        "tier.",
    ),
    (
        "Endorses",
        Role.EXECUTIVE,
        "Endorses this charter and the policies, and takes the tasks of the chief risk officer where that "
        "post is vacant.",
    ),
    (
        "Drafts and releases",
        Role.GOVERNANCE,
        "Drafts policies and releases what was reviewed and endorsed; never what only they have changed.",
    ),
)
DEPUTIES_RULE = (
    "A deputy is named here, with dates. The CIO's is never the CISO or in the CISO's line, nor the other "
    "way. A deputy decides within appetite only, and who is not named here acts in nobody's name."
)
TIERS = (Role.CIO, Role.CISO, Role.COMMITTEE, Role.CRO, Role.EXECUTIVE)


def draw_up(organisation: Organisation, purpose: str, policies: Sequence[Version]) -> dict[str, Any]:
    """The content of a charter: its own words, and the organisation's posts, deputies, members, policies."""
    return {
        "purpose": purpose,
        "duties": [{"what": what, "role": role.value, "words": words} for what, role, words in DUTIES],
        "deputies_rule": DEPUTIES_RULE,
        "posts": posts(organisation),
        "deputies": deputies(organisation),
        "members": [
            {
                "person": each.person_id,
                "name": organisation.name(each.person_id),
                "function": each.function,
                "chair": each.is_chair,
                "alternate_for": organisation.name(each.alternate_for) if each.alternate_for else "",
            }
            for each in organisation.members
            if each.person_id in organisation.people
        ],
        "policies": [
            {"key": each.key, "title": each.title, "number": each.number, "hash": each.hash}
            for each in sorted(policies, key=lambda one: one.key)
        ],
        "review_months": REVIEW_MONTHS,
    }


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 over the content in one fixed spelling."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def posts(organisation: Organisation) -> list[dict[str, Any]]:
    """Every post that has duties, and who holds it; the posts of units where somebody holds them."""
    found = []
    for _, role, _ in DUTIES:
        if role is Role.COMMITTEE:
            continue
        units = sorted(organisation.units) if role in UNIT_ROLES else []
        for unit in (None, *units):
            holders = organisation.holders(role, unit)
            if unit is not None and not holders:
                continue
            found.append(
                {
                    "role": role.value,
                    "title": organisation.title(role, unit),
                    "holders": [
                        {
                            "person": each.person_id,
                            "name": organisation.name(each.person_id),
                            "since": day(each.since),
                        }
                        for each in holders
                    ],
                }
            )
    return found


def deputies(organisation: Organisation) -> list[dict[str, Any]]:
    """Everybody who stands in for somebody, from when to when."""
    return [
        {
            "title": organisation.title(each.role, each.unit),
            "person": each.person_id,
            "name": organisation.name(each.person_id),
            "for": each.deputy_for,
            "for_name": organisation.name(each.deputy_for),
            "since": day(each.since),
            "until": day(each.until) if each.until else "",
        }
        for each in organisation.held
        if each.deputy_for is not None and each.person_id in organisation.people
    ]


def gaps(organisation: Organisation) -> list[str]:
    """What keeps the tiers from working as the charter says, as sentences (docs/constructive-tension.md,
    rule 10)."""
    found = [
        told
        for role in TIERS
        if role is not Role.COMMITTEE and (told := tiers.told(organisation, role, None))
    ]
    found += _committee_gaps(organisation)
    both = sorted(organisation.principals(Role.CIO) & organisation.principals(Role.CISO))
    if both and not organisation.filled(Role.ADVISER, None):
        named = " and ".join(organisation.name(each) for each in both)
        found.append(f"{named} holds the posts of CIO and CISO, and nobody is independent adviser")
    for role in (Role.CIO, Role.CISO):
        for held in organisation.holders(role, None):
            mine = [each for each in organisation.deputies(role, None) if each.deputy_for == held.person_id]
            if not mine:
                found.append(f"Nobody deputises for {organisation.name(held.person_id)} ({role.label})")
            found += [
                f"{organisation.name(each.person_id)} deputises for {organisation.name(held.person_id)} "
                f"({role.label}) without an end date"
                for each in mine
                if each.until is None
            ]
    tops = organisation.principals(Role.CRO) & (
        organisation.principals(Role.EXECUTIVE) | organisation.principals(Role.CIO)
    )
    found += [f"{organisation.name(each)} acts at more than one tier" for each in sorted(tops)]
    return found


def _committee_gaps(organisation: Organisation) -> list[str]:
    if not organisation.members:
        return [tiers.told(organisation, Role.COMMITTEE, None)]
    found = [why.rstrip(".")] if (why := seat(organisation, organisation.members).why_not) else []
    if not any(each.is_chair for each in organisation.members):
        found.append("The committee has no chair")
    return found


def differences(charter: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is otherwise now than in a charter, as sentences: holders, deputies, members, policies."""
    found: list[str] = []
    for part, said in (
        ("posts", _holders),
        ("deputies", _deputies),
        ("members", _members),
        ("policies", _policies),
    ):
        before, after = said(charter[part]), said(now[part])
        found += [f"Since then: {each}" for each in after if each not in before]
        found += [f"No longer: {each}" for each in before if each not in after]
    named = {(row["person"], row["for_name"]) for row in charter["deputies"]}
    # Said beside it, since it has a consequence (`workflows.charter.deputies`).
    return found + [
        f"{row['name']} acts for {row['for_name']} only once a charter names that"
        for row in now["deputies"]
        if (row["person"], row["for_name"]) not in named
    ]


def _holders(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{one['name']} is {row['title']}" for row in rows for one in row["holders"]]


def _deputies(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{row['name']} deputises for {row['for_name']} ({row['title']})"
        + (f" until {row['until']}" if row["until"] else "")
        for row in rows
    ]


def _members(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [
        f"{row['name']} {'chairs the committee' if row['chair'] else 'is a member of the committee'} "
        f"for {row['function']}"
        + (f", as alternate of {row['alternate_for']}" if row["alternate_for"] else "")
        for row in rows
    ]


def _policies(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{row['title']} is in version {row['number']}" for row in rows]
