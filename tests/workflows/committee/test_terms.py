"""What a ruling says: the shortest time, all conditions, the highest rating."""

from __future__ import annotations

from decimal import Decimal

import pytest

from workflows.committee.terms import highest, terms
from workflows.committee.types import Terms
from workflows.risks.scales import read_matrix

REFERRAL = {"matter": "decision", "response": "exempt", "days": Decimal(90), "conditions": "First."}
ACCEPT = {"matter": "decision", "response": "accept"}


def test_what_is_upheld_stands_as_it_was_referred() -> None:
    assert terms("uphold", [], REFERRAL) == ("uphold", Terms("exempt", 90, "First.", ""))


def test_where_several_amend_the_shortest_time_and_all_conditions_bind() -> None:
    acts = [
        {"days": Decimal(60), "conditions": "Second."},
        {"days": Decimal(120), "conditions": "Third."},
        {"days": Decimal(75), "conditions": "Second."},
    ]
    ruling, said = terms("amend", acts, REFERRAL)
    assert (ruling, said.days, said.conditions) == ("amend", 60, "First.; Second.; Third.")


def test_to_amend_never_makes_it_longer() -> None:
    assert terms("amend", [{"days": Decimal(365), "conditions": "Second."}], REFERRAL)[1].days == 90


def test_an_acceptance_that_is_given_a_time_becomes_an_exemption() -> None:
    assert terms("amend", [{"days": Decimal(30), "conditions": "One."}], ACCEPT)[1].response == "exempt"
    assert terms("amend", [{"conditions": "One."}], ACCEPT)[1].response == "accept"


def test_where_nothing_was_decided_nothing_is_upheld_and_an_amendment_names_the_treatment() -> None:
    undecided = {"matter": "decision"}
    assert terms("uphold", [], undecided) == ("overturn", Terms())
    assert terms("amend", [{"response": "mitigate", "conditions": "One."}], undecided)[1] == Terms(
        "mitigate", None, "One."
    )


def test_the_highest_rating_holds() -> None:
    ratings = [("low", "very_high"), ("very_high", "low"), ("moderate", "high"), ("high", "high")]
    assert highest(ratings) == ("high", "high")
    impact_alone = read_matrix([["low", "low", "low", "high", "very high"]] * 5)
    assert highest(ratings, impact_alone) == ("low", "very_high"), "by the organisation's own table"


@pytest.mark.parametrize(
    ("outcome", "rating"), [("uphold", ("low", "low")), ("overturn", ("high", "very_high"))]
)
def test_on_the_rating_alone_the_one_or_the_other_holds(outcome: str, rating: tuple[str, str]) -> None:
    referral = {
        "matter": "rating",
        "cio_likelihood": "low",
        "cio_impact": "low",
        "ciso_likelihood": "high",
        "ciso_impact": "very_high",
    }
    ruling, said = terms(outcome, [], referral)
    assert (ruling, said.likelihood, said.impact) == ("rate", *rating)


@pytest.mark.parametrize(("outcome", "referral"), [("refer", REFERRAL), ("uphold", {"matter": "rating"})])
def test_what_cannot_be_read_is_refused_with_a_sentence(outcome: str, referral: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        terms(outcome, [], referral)
