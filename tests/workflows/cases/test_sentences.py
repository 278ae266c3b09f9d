"""What somebody did, in one plain sentence."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.audit.types import AuditEntry
from engine.types import Submission
from workflows.cases.sentences import said, tallied
from workflows.cases.timeline import in_order
from workflows.cases.waiting import to_do

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def submission(element_id: str, answers: dict[str, Any], *, sealed: bool = False) -> Submission:
    return Submission(
        "s", "case", "t", element_id, 1, "dana", None, "by resolution", AT, None, "v", answers, sealed
    )


@pytest.mark.parametrize(
    ("element_id", "answers", "sentence"),
    [
        ("raise", {}, "Dana raised the risk."),
        (
            "raise",
            {"likelihood": "very_high", "impact": "low"},
            "Dana raised the risk, likelihood very high, impact low.",
        ),
        (
            "cio_position",
            {"treatment": "exempt", "likelihood": "low", "impact": "low"},
            "Dana stated the business position: to exempt the risk; likelihood low, impact low.",
        ),
        ("ciso_position", {"treatment": "mitigate"}, "Dana advised: to mitigate the risk."),
        (
            "decide",
            {"decision": "mitigate", "reason": "It can be done"},
            "Dana decided to mitigate the risk: It can be done.",
        ),
        ("decide", {"decision": "exempt", "days": Decimal(1)}, "Dana decided to exempt the risk for 1 day."),
        (
            "decide",
            {"decision": "accept", "review_date": date(2026, 9, 1), "reason": "Small."},
            "Dana decided to accept the risk until a review on 1 September 2026: Small.",
        ),
        ("respond", {"response": "concur"}, "Dana concurred with the decision."),
        (
            "respond",
            {"response": "concur_with_conditions", "conditions": "Read the logs"},
            "Dana concurred under conditions: Read the logs.",
        ),
        (
            "respond",
            {"response": "challenge", "ground": "not_defensible", "argument": "It is exploited"},
            "Dana challenged the decision: not defensible. It is exploited.",
        ),
        (
            "answer_challenge",
            {"answer": "revise", "reason": "Right"},
            "Dana took the decision back to revise it: Right.",
        ),
        (
            "answer_challenge",
            {"answer": "stand", "reason": "No"},
            "Dana stood by the decision, so it goes to the steering committee: No.",
        ),
        ("vote", {"choice": "exempt", "days": Decimal(90)}, "Dana voted to exempt for 90 days."),
        ("vote", {"choice": "recuse", "reason": "My system"}, "Dana stepped aside: My system."),
        ("arbitrate", {"ruling": "refuse"}, "Dana ruled that the risk is not accepted."),
        ("arbitrate", {"ruling": "exempt", "days": Decimal(7)}, "Dana ruled to exempt the risk for 7 days."),
        ("somewhere_else", {"x": "y"}, "Dana completed “Look again”."),
    ],
)
def test_known_steps_have_words_of_their_own(element_id: str, answers: dict[str, Any], sentence: str) -> None:
    assert said(submission(element_id, answers), "Dana", "Look again") == sentence


def test_of_a_sealed_answer_only_that_it_was_filed_is_said() -> None:
    told = said(submission("cio_position", {}, sealed=True), "Dana (CIO)", "State business position")
    assert told.startswith("Dana (CIO) filed an answer to “State business position”. It stays sealed")


@pytest.mark.parametrize(
    ("tally", "sentence"),
    [
        (
            {
                "outcome": "exempt",
                "reason": "majority",
                "seated": 5,
                "recused": 0,
                "counts": {"exempt": 3, "refuse": 2},
            },
            "3 of 5 voted to exempt.",
        ),
        (
            {"outcome": "refuse", "reason": "majority", "seated": 5, "recused": 2, "counts": {"refuse": 3}},
            "3 of 3 voted to refuse, 2 members having stepped aside.",
        ),
        (
            {
                "outcome": None,
                "reason": "tie",
                "seated": 4,
                "recused": 0,
                "counts": {"exempt": 2, "refuse": 2},
            },
            "The vote was tied, 2 to 2. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {
                "outcome": None,
                "reason": "no quorum",
                "seated": 5,
                "recused": 0,
                "voted": 2,
                "counts": {"exempt": 2},
            },
            "There was no quorum: 2 of 5 voted. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {"outcome": None, "reason": "no quorum", "seated": 0, "recused": 0, "voted": 0, "counts": {}},
            "The committee could not be seated. Nothing is accepted by that: the dispute goes up.",
        ),
        (
            {
                "outcome": None,
                "reason": "no majority",
                "seated": 5,
                "recused": 0,
                "voted": 5,
                "counts": {"exempt": 2},
            },
            "No choice found a majority of 5. Nothing is accepted by that: the dispute goes up.",
        ),
    ],
)
def test_tallies(tally: dict[str, Any], sentence: str) -> None:
    assert tallied(tally) == sentence


def test_one_command_is_told_from_cause_to_effect() -> None:
    events = [
        "instance:started",
        "task:completed",
        "operation:called",
        "vote:tallied",
        "instance:completed",
        "timer:fired",
    ]
    entries = [AuditEntry("case", n, AT, "x", event, {}, "", "") for n, event in enumerate(events, 1)]
    assert [entry.seq for entry in in_order(entries)] == [1, 2, 4, 3, 5, 6]


@pytest.mark.parametrize(
    ("name", "words"),
    [("Concur or challenge", "concur or challenge"), ("CIO review", "CIO review"), ("", "")],
)
def test_a_tasks_name_within_a_sentence(name: str, words: str) -> None:
    assert to_do(name) == words
