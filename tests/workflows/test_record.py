"""What the record says of who decided: pure, from submissions and a tally."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.types import Submission
from workflows.record import acted, ruling

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def submissions(*steps: tuple[str, str, dict[str, Any]]) -> list[Submission]:
    """Submissions by (element, person, answers), a minute apart."""
    return [
        Submission(
            id=f"s{number}",
            instance_id="case",
            task_id=f"t{number}",
            element_id=element,
            round=1,
            person_id=person,
            on_behalf_of=None,
            authority="by resolution",
            at=AT + timedelta(minutes=number),
            form=None,
            version_hash="v",
            answers=answers,
            sealed=False,
            seat=f"seat-{person}" if element == "vote" else None,
        )
        for number, (element, person, answers) in enumerate(steps)
    ]


EXEMPT = ("decide", "cio", {"decision": "exempt", "days": Decimal(180), "reason": "Why"})
CONCUR = ("respond", "ciso", {"response": "concur"})
CHALLENGE = ("respond", "ciso", {"response": "challenge"})
REFUSED = {"outcome": "refuse", "counts": {"refuse": 2, "exempt": 1}}


def vote(person: str, choice: str, days: int | None = None) -> tuple[str, str, dict[str, Any]]:
    return "vote", person, {"choice": choice} | ({"days": Decimal(days)} if days else {})


def test_a_concurred_decision_rules() -> None:
    found = ruling(submissions(EXEMPT, CONCUR), None)
    assert found is not None
    assert (found.tier, found.response, found.days, found.reason) == ("cio", "exempt", 180, "Why")
    assert [one.id for one in found.rests_on] == ["s0", "s1"]


@pytest.mark.parametrize(
    "steps",
    [
        (),
        (EXEMPT,),
        (CONCUR,),
        (EXEMPT, CHALLENGE),
        (EXEMPT, CONCUR, EXEMPT),
        (CONCUR, EXEMPT),
        (EXEMPT, ("respond", "ciso", {})),
    ],
)
def test_what_is_not_answered_or_challenged_rules_nothing(steps: Any) -> None:
    assert ruling(submissions(*steps), None) is None


def test_a_majority_rules_with_the_shortest_time_among_its_votes() -> None:
    steps = (EXEMPT, CHALLENGE, vote("a", "exempt", 90), vote("b", "refuse"), vote("c", "exempt", 30))
    found = ruling(submissions(*steps), {"outcome": "exempt", "counts": {"exempt": 2, "refuse": 1}})
    assert found is not None
    assert (found.tier, found.response, found.days) == ("committee", "exempt", 30)
    assert found.deciding.person_id == "c"
    assert len(found.rests_on) == 3, "dissent is part of the record"


def test_a_refusing_majority_refuses() -> None:
    steps = (EXEMPT, CHALLENGE, vote("a", "refuse"), vote("b", "refuse"), vote("c", "exempt", 30))
    found = ruling(submissions(*steps), REFUSED)
    assert found is not None
    assert (found.tier, found.response, found.days) == ("committee", "refused", None)


@pytest.mark.parametrize(
    "tally",
    [
        {"outcome": None, "reason": "tie", "counts": {"exempt": 1, "refuse": 1}},
        {"outcome": None, "reason": "no quorum", "counts": {}},
        {"outcome": "abstain", "counts": {"abstain": 1}},
        {"outcome": "exempt", "counts": {"exempt": 3}},
    ],
)
def test_a_tally_without_outcome_or_without_its_votes_rules_nothing(tally: dict[str, Any]) -> None:
    """Nor does the concurred decision below it come back into force."""
    steps = (EXEMPT, CONCUR, vote("a", "exempt", 30), vote("b", "refuse"))
    assert ruling(submissions(*steps), tally) is None


def test_the_chief_risk_officer_rules_above_a_vote() -> None:
    steps = (
        EXEMPT,
        CHALLENGE,
        vote("a", "exempt", 30),
        ("arbitrate", "cro", {"ruling": "refuse", "days": None}),
    )
    found = ruling(submissions(*steps), {"outcome": None, "counts": {"exempt": 1}})
    assert found is not None
    assert (found.tier, found.response, found.days) == ("cro", "refused", None)


@pytest.mark.parametrize("answers", [{}, {"ruling": None}, {"ruling": "Exempt"}, {"ruling": True}])
def test_anything_but_the_word_itself_is_a_refusal(answers: dict[str, Any]) -> None:
    found = ruling(submissions(("arbitrate", "cro", answers)), None)
    assert found is not None
    assert found.response == "refused"


def test_principals_count_as_having_acted() -> None:
    [first, *_] = submissions(EXEMPT)
    stood_in = Submission(
        **{name: getattr(first, name) for name in first.__slots__} | {"on_behalf_of": "boss"}
    )
    assert acted([stood_in]) == {"cio", "boss"}
