"""Who may act from which desk: pure rules over an organisation at a moment."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from workflows.identity import tiers
from workflows.identity.organisation import Held, Membership, Organisation, overlap, read_desk
from workflows.types import Person, Role, Unit

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def person(key: str, reports_to: str | None = None) -> Person:
    return Person(key, key.title(), f"{key}@bank.example", "", None, reports_to=reports_to)


def held(role: Role, key: str, unit: str | None = None, deputy_for: str | None = None) -> Held:
    return Held(role, key, unit, deputy_for, SINCE, None)


def organisation(*posts: Held, lines: dict[str, str | None] | None = None, **more: Any) -> Organisation:
    lines = lines or {}
    keys = {post.person_id for post in posts} | set(lines)
    units = {"bank": Unit("bank", "Bank"), "retail": Unit("retail", "Retail", "bank"), "hr": Unit("hr", "HR")}
    return Organisation(AT, {key: person(key, lines.get(key)) for key in keys}, units, posts, **more)


def who(found: Organisation, desk: str) -> list[str]:
    return [authority.person_id for authority in found.candidates(desk)]


def test_a_post_is_held_with_its_basis() -> None:
    found = organisation(held(Role.CIO, "ann"))
    [authority] = found.candidates("cio")
    assert authority.basis == "CIO, appointed 1 January 2026"
    assert authority.on_behalf_of is None
    assert found.authority("ann", "ciso") is None


def test_a_vacant_post_has_nobody() -> None:
    assert who(organisation(held(Role.CIO, "ann")), "ciso") == []


@pytest.mark.parametrize(
    ("posts", "desk", "acts", "why"),
    [
        ("cro", "ciso", "cro", "The post of CISO is vacant; its tasks go to the chief risk officer"),
        ("cro executive", "cio", "cro", "The post of CIO is vacant; its tasks go to the chief risk officer"),
        (
            "cro",
            "committee",
            "cro",
            "The steering committee is vacant; its tasks go to the chief risk officer",
        ),
        (
            "executive",
            "cro",
            "executive",
            "The post of chief risk officer is vacant; its tasks go to the executive sponsor",
        ),
        (
            "executive",
            "cio",
            "executive",
            "The posts of CIO and chief risk officer are vacant; their tasks go to the executive sponsor",
        ),
        (
            "cro",
            "cio@retail",
            "cro",
            "The post of CIO of Retail is vacant; its tasks go to the chief risk officer",
        ),
    ],
)
def test_the_tasks_of_a_vacant_post_go_up_and_the_authority_says_so(
    posts: str, desk: str, acts: str, why: str
) -> None:
    found = organisation(*(held(Role(each), each) for each in posts.split()))
    [authority] = found.candidates(desk)
    assert (authority.person_id, authority.on_behalf_of) == (acts, None)
    assert authority.basis == f"{Role(acts).label}, appointed 1 January 2026. {why}"
    assert tiers.told(found, *role_of(desk)) == why
    assert desk in found.desks(acts), "the inbox must show what went up"


def role_of(desk: str) -> tuple[Role, str | None]:
    role, unit = read_desk(desk)
    assert role is not None
    return role, unit


def test_above_the_sponsor_there_is_nobody_and_other_posts_do_not_go_up() -> None:
    empty = organisation(held(Role.AUDITOR, "ann"))
    assert empty.candidates("cio") == []
    assert tiers.told(empty, Role.CIO, None) == "The post of CIO is vacant, and nobody above it can act"
    leaders = organisation(held(Role.CRO, "rita"), held(Role.EXECUTIVE, "eve"))
    assert leaders.candidates("governance") == []
    assert leaders.desks("rita") == ["adviser", "cio", "ciso", "committee", "cro"] + [
        f"{role}@{unit}" for role in ("cio", "ciso") for unit in ("bank", "hr", "retail")
    ]


def test_a_filled_post_keeps_its_tasks() -> None:
    found = organisation(held(Role.CISO, "cleo"), held(Role.CRO, "rita"))
    assert who(found, "ciso") == ["cleo"]
    assert tiers.told(found, Role.CISO, None) == ""
    assert "ciso" not in found.desks("rita")


def test_who_holds_both_posts_is_said_on_every_record() -> None:
    found = organisation(held(Role.CIO, "ann"), held(Role.CISO, "ann"), held(Role.ADVISER, "ida"))
    assert tiers.holds_both(found, None, None)
    [decides] = found.candidates("cio")
    assert decides.basis == "CIO, appointed 1 January 2026, who holds the posts of CIO and CISO"
    [advises] = found.candidates("adviser")
    assert advises.basis == (
        "Independent adviser, appointed 1 January 2026, because Ann holds the posts of CIO and CISO"
    )


def test_two_leaders_of_whom_one_is_both_for_a_unit() -> None:
    found = organisation(held(Role.CIO, "ann"), held(Role.CIO, "rob", "retail"), held(Role.CISO, "rob"))
    assert tiers.holds_both(found, "retail", None)
    assert not tiers.holds_both(found, None, None)


def test_who_left_holds_nothing() -> None:
    found = Organisation(AT, {}, {}, (held(Role.CIO, "ann"),))
    assert found.candidates("cio") == []
    assert found.desks("ann") == []
    assert found.roles("ann") == frozenset()


def test_a_unit_with_its_own_cio_has_its_own_desk() -> None:
    found = organisation(held(Role.CIO, "ann"), held(Role.CIO, "rob", "retail"))
    assert found.desk(Role.CIO, ["retail"]) == "cio@retail"
    assert who(found, "cio@retail") == ["rob"]
    assert found.desk(Role.CISO, ["retail"]) == "ciso", "retail has no CISO of its own"


def test_assets_of_several_units_go_to_the_whole_organisations_leader() -> None:
    found = organisation(held(Role.CIO, "ann"), held(Role.CIO, "rob", "retail"))
    assert found.desk(Role.CIO, ["retail", "hr"]) == "cio"
    assert found.desk(Role.CIO, []) == "cio"


def test_a_unit_without_a_leader_is_answered_for_by_the_nearest_above() -> None:
    found = organisation(held(Role.CIO, "ann"), held(Role.CIO, "bea", "bank"))
    assert found.desk(Role.CIO, ["retail"]) == "cio@bank"


def test_a_units_vacant_post_goes_up_and_says_so() -> None:
    found = organisation(held(Role.CIO, "ann"))
    [authority] = found.candidates("cio@retail")
    assert authority.person_id == "ann"
    assert authority.basis.endswith("in place of the vacant post of CIO of Retail")
    assert "cio@retail" in found.desks("ann"), "the inbox must show what went up"


def test_only_leaders_have_posts_in_units() -> None:
    found = organisation(held(Role.CRO, "rita"))
    assert found.desk(Role.CRO, ["retail"]) == "cro"


def test_a_deputy_acts_on_behalf_of_the_principal_and_never_without() -> None:
    deputy = held(Role.CISO, "dan", deputy_for="cleo")
    with_principal = organisation(held(Role.CISO, "cleo"), deputy)
    assert who(with_principal, "ciso") == ["cleo", "dan"]
    authority = with_principal.authority("dan", "ciso")
    assert authority is not None
    assert authority.on_behalf_of == "cleo"
    assert authority.basis == "Deputy of Cleo (CISO) from 1 January 2026"
    without = organisation(deputy)
    assert who(without, "ciso") == []
    assert without.roles("dan") == {Role.RAISER}


@pytest.mark.parametrize(
    ("lines", "may"),
    [
        ({"dan": "cio"}, False),
        ({"dan": "boss", "boss": "cio"}, False),
        ({"dan": "ciso", "ciso": "cio"}, True),
        ({"dan": "ceo"}, True),
        ({"dan": "boss", "boss": "dan"}, True),
    ],
)
def test_a_deputy_who_came_into_the_other_leaders_line_acts_no_more(
    lines: dict[str, str | None], may: bool
) -> None:
    """The line counts up to the principal: a CISO below the CIO has people of the own all the same."""
    posts = (held(Role.CIO, "cio"), held(Role.CISO, "ciso"), held(Role.CISO, "dan", deputy_for="ciso"))
    assert ("dan" in who(organisation(*posts, lines=lines), "ciso")) is may


def test_the_other_leader_is_no_deputy() -> None:
    posts = (held(Role.CIO, "cio"), held(Role.CISO, "ciso"), held(Role.CIO, "ciso", deputy_for="cio"))
    assert who(organisation(*posts), "cio") == ["cio"]


def test_members_sit_at_the_committees_desk() -> None:
    member = Membership("m", "steering", "fay", "finance", True, None, SINCE)
    found = organisation(lines={"fay": None}, members=(member,))
    assert found.roles("fay") == {Role.RAISER, Role.COMMITTEE}
    assert who(found, "committee") == ["fay"]
    assert found.desks("fay") == ["committee"]


@pytest.mark.parametrize(
    ("desk", "read"),
    [
        ("cio", (Role.CIO, None)),
        ("cio@retail", (Role.CIO, "retail")),
        ("seat:1", (None, None)),
        ("", (None, None)),
        ("king", (None, None)),
    ],
)
def test_desks_are_read(desk: str, read: tuple[Role | None, str | None]) -> None:
    assert read_desk(desk) == read


def test_spans_share_a_moment_or_not() -> None:
    later = datetime(2026, 6, 1, tzinfo=UTC)
    assert overlap((SINCE, None), (later, None))
    assert not overlap((SINCE, later), (later, None)), "one ends in the moment the other begins"
    assert not overlap((later, None), (SINCE, later))
