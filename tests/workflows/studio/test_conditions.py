"""Conditions and times as a policy's document says them: by the labels of its forms, or not at all."""

from __future__ import annotations

import pytest

from workflows.studio.conditions import Vocabulary, in_words, value_in_words

WORDS = Vocabulary(
    steps={"decide": "Decide on risk", "arbitration": "Arbitrate dispute", "route": "Find route"},
    questions={("decide", "decision"): "What do you decide?", ("", "held"): "Was it held?"},
    answers={("decide", "decision", "accept"): "Accept the risk", ("", "held", "no"): "No"},
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('decide.decision = "accept"', "What do you decide (“Decide on risk”) is “Accept the risk”"),
        ('=decide.decision != "other_way"', "What do you decide (“Decide on risk”) is not “other way”"),
        ("rate.within_appetite", "within appetite (“rate”) is yes"),
        ("not(rate.ciso_heard)", "ciso heard (“rate”) is no"),
        ("rate.gap >= 2.5", "gap (“rate”) is at least 2.5"),
        ("arbitration = null", "“Arbitrate dispute” was not reached"),
        ("decide.decision = null", "What do you decide (“Decide on risk”) is open"),
        ('held != "no"', "“Was it held” is not “No”"),
        ("held = null", "“Was it held” is open"),
        ("arbitration.record_ruling.stands = true", "stands (“record ruling”) is yes"),
        (
            "count(decide_rounds) < route.rounds and (a.b or c.d)",
            "the number of answers at “Decide on risk” is less than rounds (“Find route”) "
            "and (b (“a”) is yes or d (“c”) is yes)",
        ),
        ('not(a.b = "x" and c.d)', "it does not hold that b (“a”) is “x” and d (“c”) is yes"),
        ("count(decide[decision = 1]) > 0", ""),
        ("some x in list satisfies x > 1", ""),
        ("no feel at all (", ""),
    ],
)
def test_a_condition_in_words(text: str, words: str) -> None:
    assert in_words(text, WORDS) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('duration("P1D") * route.decision_days', "as many days as decision days (“Find route”) says"),
        ('duration("P2D") * route.decision_days', "2 days times decision days (“Find route”)"),
        ("route.expires", "expires (“Find route”)"),
        (
            'if arbitration = null then duration("P20D") else duration("P10D")',
            "20 days where “Arbitrate dispute” was not reached, else 10 days",
        ),
        ("route.a + route.b", ""),
    ],
)
def test_a_time_in_words(text: str, words: str) -> None:
    assert value_in_words(text, WORDS) == words
