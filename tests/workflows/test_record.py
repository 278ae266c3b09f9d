"""What the record says of who decided: pure, from submissions and a ruling above the two."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from engine.types import Submission
from workflows.record import Above, acted, ruling

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


def vote(person: str, choice: str) -> tuple[str, str, dict[str, Any]]:
    return "vote", person, {"choice": choice, "reason": f"The view of {person}"}


def above(ruled: str, tier: str | None, deciding: str | None, *rests_on: str, **terms: Any) -> Above:
    return Above(ruled, tier, terms, deciding, rests_on, None)


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


def test_within_appetite_the_cio_may_decide_alone_and_a_challenge_still_stands_against_it() -> None:
    found = ruling(submissions(EXEMPT), None, within_appetite=True)
    assert found is not None
    assert [one.id for one in found.rests_on] == ["s0"]
    assert ruling(submissions(EXEMPT, CHALLENGE), None, within_appetite=True) is None


def test_an_upheld_decision_rules_for_the_time_the_committee_gives_and_keeps_the_dissent() -> None:
    steps = (EXEMPT, CHALLENGE, vote("a", "uphold"), vote("b", "overturn"), vote("c", "uphold"))
    ruled = above("amend", "committee", "s4", "s2", "s3", "s4", response="exempt", days=Decimal(30))
    found = ruling(submissions(*steps), ruled)
    assert found is not None
    assert (found.tier, found.response, found.days) == ("committee", "exempt", 30)
    assert found.deciding.person_id == "c"
    assert len(found.rests_on) == 3, "dissent is part of the record"


def test_an_overturned_decision_is_a_refusal() -> None:
    steps = (EXEMPT, CHALLENGE, vote("a", "overturn"))
    found = ruling(submissions(*steps), above("overturn", "committee", "s2", "s2", response="exempt"))
    assert found is not None
    assert (found.tier, found.response, found.days) == ("committee", "refused", None)


@pytest.mark.parametrize(
    "ruled",
    [
        above("none", None, None, response="exempt"),
        above("uphold", "committee", "unknown", response="exempt"),
        above("uphold", "nobody", "s2", "s2", response="exempt"),
    ],
)
def test_a_ruling_without_its_act_or_its_tier_rules_nothing(ruled: Above) -> None:
    """Nor does the concurred decision below it come back into force."""
    assert ruling(submissions(EXEMPT, CONCUR, vote("a", "uphold")), ruled) is None


@pytest.mark.parametrize("tier", ["cro", "sponsor"])
def test_the_tiers_above_the_committee_rule_by_an_act_of_their_own(tier: str) -> None:
    steps = (EXEMPT, CHALLENGE, ("arbitrate", "cro", {"ruling": "overturn", "reason": "No."}))
    found = ruling(submissions(*steps), above("overturn", tier, "s2", "s2"))
    assert found is not None
    assert (found.tier, found.response, found.reason) == (tier, "refused", "No.")


@pytest.mark.parametrize("word", ["", "Uphold", "exempt", "true"])
def test_anything_but_the_word_itself_is_a_refusal(word: str) -> None:
    steps = (EXEMPT, CHALLENGE, ("arbitrate", "cro", {}))
    found = ruling(submissions(*steps), above(word, "cro", "s2", "s2", response="exempt"))
    assert found is not None
    assert found.response == "refused"


def test_a_ruling_on_the_rating_alone_leaves_the_decision_to_the_two() -> None:
    steps = (("arbitrate", "cro", {"ruling": "rate"}), EXEMPT, CONCUR)
    found = ruling(submissions(*steps), above("rate", "cro", "s0", "s0"))
    assert found is not None
    assert found.tier == "cio"


def test_principals_count_as_having_acted() -> None:
    [first, *_] = submissions(EXEMPT)
    stood_in = Submission(
        **{name: getattr(first, name) for name in first.__slots__} | {"on_behalf_of": "boss"}
    )
    assert acted([stood_in]) == {"cio", "boss"}
