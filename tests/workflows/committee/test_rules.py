"""Who may vote, and whether a committee can sit."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflows.committee.rules import seat, why_barred
from workflows.identity.organisation import Held, Membership, Organisation
from workflows.types import Person, Role

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LINES = {
    "cio": "ceo",
    "ciso": "ceo",
    "cro": "ceo",
    "dep": "cio",
    "under_cio": "cio",
    "under_ciso": "ciso",
    "under_deputy": "dep",
    "two_below": "under_cio",
    **dict.fromkeys(("a", "b", "c", "d", "alt"), "ceo"),
}
POSTS = (
    Held(Role.CIO, "cio", None, None, AT, None),
    Held(Role.CISO, "ciso", None, None, AT, None),
    Held(Role.CRO, "cro", None, None, AT, None),
    Held(Role.CIO, "dep", None, "cio", AT, None),
)
ORGANISATION = Organisation(
    AT, {key: Person(key, key.upper(), "", "", None, reports_to=to) for key, to in LINES.items()}, {}, POSTS
)


def member(key: str, function: str = "", alternate_for: str | None = None) -> Membership:
    return Membership(f"m-{key}", "steering", key, function or f"function of {key}", False, alternate_for, AT)


@pytest.mark.parametrize(
    "key", ["cio", "ciso", "cro", "dep", "under_cio", "under_ciso", "under_deputy", "gone"]
)
def test_leaders_their_deputies_and_direct_reports_do_not_vote(key: str) -> None:
    assert why_barred(ORGANISATION, key)
    roster = seat(ORGANISATION, [member(one) for one in ("a", "b", "c", key)])
    assert [one.person_id for one in roster.seated] == ["a", "b", "c"]
    assert len(roster.passed_over) == 1


@pytest.mark.parametrize("key", ["a", "two_below"])
def test_others_vote(key: str) -> None:
    assert why_barred(ORGANISATION, key) == ""


def test_an_alternate_takes_the_seat_of_a_barred_member() -> None:
    roster = seat(
        ORGANISATION, [member("a"), member("b"), member("ciso"), member("alt", alternate_for="ciso")]
    )
    assert [one.person_id for one in roster.seated] == ["a", "b", "alt"]


def test_an_alternate_sits_for_nobody_who_sits() -> None:
    roster = seat(ORGANISATION, [member("a"), member("b"), member("c"), member("alt", alternate_for="c")])
    assert [one.person_id for one in roster.seated] == ["a", "b", "c"]


def test_an_alternate_is_held_to_the_same_rules() -> None:
    roster = seat(
        ORGANISATION,
        [member("a"), member("b"), member("c"), member("cio"), member("dep", alternate_for="cio")],
    )
    assert [one.person_id for one in roster.seated] == ["a", "b", "c"]
    assert len(roster.passed_over) == 2


def test_parties_to_the_case_do_not_judge_it() -> None:
    roster = seat(ORGANISATION, [member(key) for key in "abcd"], parties={"d"})
    assert [one.person_id for one in roster.seated] == ["a", "b", "c"]
    assert roster.passed_over == ("D is a party to this case.",)


def test_nobody_sits_twice() -> None:
    roster = seat(ORGANISATION, [member("a"), member("b"), member("c"), member("a", "another function")])
    assert len(roster.seated) == 3


def test_too_few_voters_cannot_sit() -> None:
    roster = seat(ORGANISATION, [member("a"), member("b"), member("cio")])
    assert roster.seated == ()
    assert roster.why_not.startswith("The committee cannot sit: it has 2 eligible voters")


def test_one_function_alone_is_no_committee() -> None:
    roster = seat(ORGANISATION, [member("a", "Finance"), member("b", "finance"), member("c", "FINANCE")])
    assert roster.seated == ()
    assert "1 function" in roster.why_not


def test_no_members_at_all_cannot_sit() -> None:
    assert seat(ORGANISATION, []).why_not
