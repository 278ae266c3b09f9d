"""Counting votes: only a quorum and a majority have an outcome; nothing else ever leads to one."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spiff.voting import is_decided, tally
from engine.types import VoteRule

HALF = VoteRule("choice", quorum=3)
CHOICES = ["exempt", "refuse", "abstain", "recuse"]


def cast(*choices: str | None) -> list[dict[str, Any]]:
    return [{"choice": choice} for choice in choices]


def counted(votes: str, seated: int = 5, rule: VoteRule = HALF) -> tuple[str | None, str]:
    """`e` exempts, `r` refuses, `a` abstains, `x` steps aside; the rest has not voted."""
    short = {"e": "exempt", "r": "refuse", "a": "abstain", "x": "recuse"}
    result = tally(rule, cast(*(short[vote] for vote in votes)), seated)
    return result["outcome"], result["reason"]


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("eeerr", ("exempt", "majority")),
        ("eerrr", ("refuse", "majority")),
        ("eee", ("exempt", "majority")),
        # A tie, an abstention that tips no balance, votes that did not come in.
        ("eerra", (None, "tie")),
        ("eeraa", (None, "no majority")),
        ("eeeaa", ("exempt", "majority")),
        ("aaaaa", (None, "no majority")),
        ("eea", (None, "no majority")),
        ("ee", (None, "no quorum")),
        ("", (None, "no quorum")),
        # Who steps aside counts neither to the quorum nor to the majority's whole.
        ("eexx", (None, "no quorum")),
        ("eerxx", ("exempt", "majority")),
        ("eeaxx", ("exempt", "majority")),
        ("eraxx", (None, "tie")),
        ("xxxxx", (None, "no quorum")),
        ("eeex", ("exempt", "majority")),
    ],
)
def test_five_seats_with_a_quorum_of_three(votes: str, expected: tuple[str | None, str]) -> None:
    assert counted(votes) == expected


@pytest.mark.parametrize(
    ("votes", "seated", "expected"),
    [
        ("eeee", 6, ("exempt", "majority")),
        ("eeerr", 6, (None, "no majority")),
        ("eeeerr", 6, ("exempt", "majority")),
        ("eeerrr", 6, (None, "tie")),
        ("eerrr", 5, (None, "no majority")),
        ("rrrr", 5, ("refuse", "majority")),
        ("eeex", 5, ("exempt", "majority")),
    ],
)
def test_two_thirds_of_the_seated(votes: str, seated: int, expected: tuple[str | None, str]) -> None:
    assert counted(votes, seated, VoteRule("choice", quorum=3, majority="two thirds")) == expected


def test_nobody_seated_has_no_outcome() -> None:
    assert tally(HALF, [], 0) == {
        "outcome": None,
        "reason": "no quorum",
        "seated": 0,
        "recused": 0,
        "voted": 0,
        "counts": {},
    }
    assert counted("", 0, VoteRule("choice", quorum=0)) == (None, "no quorum")
    assert counted("xxx", 3, VoteRule("choice", quorum=0)) == (None, "no quorum")


def test_an_answer_without_a_choice_is_a_vote_for_nothing() -> None:
    result = tally(HALF, cast("exempt", None, None), 5)
    assert (result["outcome"], result["counts"]) == (None, {"exempt": 1})


def test_the_words_for_abstaining_and_stepping_aside_are_the_diagrams() -> None:
    rule = VoteRule("stimme", quorum=2, abstain="enthaltung", recuse="befangen")
    votes = [{"stimme": "ja"}, {"stimme": "enthaltung"}, {"stimme": "befangen"}]
    result = tally(rule, votes, 3)
    assert (result["recused"], result["voted"], result["counts"]) == (1, 2, {"ja": 1})
    assert (result["outcome"], result["reason"]) == (None, "no majority")


rules = st.builds(
    VoteRule,
    field=st.just("choice"),
    quorum=st.integers(0, 8),
    majority=st.sampled_from(["half", "two thirds"]),
)


@st.composite
def ballots(draw: st.DrawFn) -> tuple[list[dict[str, Any]], int]:
    """Votes cast, and seats: never fewer than votes."""
    votes = cast(*draw(st.lists(st.sampled_from([*CHOICES, "defer"]), max_size=12)))
    return votes, len(votes) + draw(st.integers(0, 4))


@given(rules, ballots())
def test_an_outcome_has_a_quorum_and_a_majority(
    rule: VoteRule, ballot: tuple[list[dict[str, Any]], int]
) -> None:
    votes, seated = ballot
    result = tally(rule, votes, seated)
    counts = Counter(vote["choice"] for vote in votes)
    electorate = seated - counts["recuse"]
    voted = len(votes) - counts["recuse"]
    outcome = result["outcome"]
    assert (outcome is not None) == (result["reason"] == "majority")
    assert outcome not in ("abstain", "recuse")
    if outcome is not None:
        assert voted >= rule.quorum
        assert counts[outcome] * 2 > electorate
        assert rule.majority == "half" or counts[outcome] * 3 >= electorate * 2
        assert all(
            counts[outcome] > counts[other] for other in ("exempt", "refuse", "defer") if other != outcome
        )
    else:
        assert (
            voted < rule.quorum
            or electorate <= 0
            or not any(
                counts[choice] * (3 if rule.majority == "two thirds" else 2)
                >= electorate * (2 if rule.majority == "two thirds" else 1) + (rule.majority == "half")
                for choice in ("exempt", "refuse", "defer")
            )
        )


@given(rules, ballots())
def test_a_tie_never_has_an_outcome(rule: VoteRule, ballot: tuple[list[dict[str, Any]], int]) -> None:
    votes, seated = ballot
    evened = votes + cast(*("exempt" for v in votes if v["choice"] == "refuse"))
    evened += cast(*("refuse" for v in votes if v["choice"] == "exempt"))
    evened = [vote for vote in evened if vote["choice"] != "defer"]
    assert tally(rule, evened, max(seated, len(evened)))["outcome"] is None


@given(rules, ballots())
def test_the_order_of_the_votes_does_not_matter(
    rule: VoteRule, ballot: tuple[list[dict[str, Any]], int]
) -> None:
    votes, seated = ballot
    assert tally(rule, votes, seated) == tally(rule, votes[::-1], seated)


@given(rules, ballots())
def test_silence_and_abstaining_never_make_an_outcome(
    rule: VoteRule, ballot: tuple[list[dict[str, Any]], int]
) -> None:
    votes, seated = ballot
    more = votes + cast("abstain")
    before, after = tally(rule, votes, seated + 1), tally(rule, more, seated + 1)
    if before["outcome"] is None and before["reason"] != "no quorum":
        assert after["outcome"] is None
    assert tally(rule, [], seated)["outcome"] is None


@given(rules, ballots(), st.data())
def test_a_vote_that_is_decided_stays_so_whatever_comes_in(
    rule: VoteRule, ballot: tuple[list[dict[str, Any]], int], data: st.DataObject
) -> None:
    votes, seated = ballot
    if not is_decided(rule, votes, seated):
        return
    outcome = tally(rule, votes, seated)["outcome"]
    left = seated - len(votes)
    further = data.draw(st.lists(st.sampled_from(CHOICES), max_size=left))
    assert tally(rule, votes + cast(*further), seated)["outcome"] == outcome
