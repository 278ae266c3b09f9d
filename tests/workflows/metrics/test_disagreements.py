"""The fate of disagreements: who moved, with a reason or without, in time or late, and what is warned of."""

from __future__ import annotations

import pytest

from tests.workflows.metrics.building import act, case, desk, on, position, record, renumbered, risk, settled
from workflows.metrics.disagreements import Disagreement, Fate, disagreements
from workflows.metrics.facts import CaseFact, Record, Settlement
from workflows.metrics.measures import figures
from workflows.risks.scales import Level
from workflows.risks.types import RiskStatus

TREATED, ACCEPTED = RiskStatus.IN_TREATMENT, RiskStatus.ACCEPTED


def told(of: CaseFact, *settlements: Settlement) -> Disagreement:
    (found,) = disagreements(record(30, [risk(1)], [of], settlements))
    return found


def test_the_cio_moves_where_the_cisos_treatment_is_decided() -> None:
    of = case(1, act(4, "decide", "mitigate", "The test failed."), act(5, "respond", "concur"))
    found = told(of, settled(1, 5, TREATED, "mitigate"))
    assert found.fate is Fate.CIO_MOVED
    assert (found.cio_moved, found.ciso_moved, found.is_reasoned) == (True, False, True)
    span = found.member().span
    assert span is not None
    assert span.days == 3  # from the reveal on day 2


def test_the_ciso_moves_where_the_cios_treatment_is_decided_and_says_why_or_does_not() -> None:
    silent = case(1, act(4, "decide", "accept", "It is small."), act(5, "respond", "concur"))
    found = told(silent, settled(1, 5, ACCEPTED, "accept"))
    assert found.fate is Fate.CISO_MOVED
    assert not found.is_reasoned
    said = case(
        1, act(4, "decide", "accept"), act(5, "respond", "concur", "The rule holds, as the test shows.")
    )
    assert told(said, settled(1, 5, ACCEPTED, "accept")).is_reasoned


def test_words_of_the_position_said_again_are_no_new_reason() -> None:
    of = case(
        1,
        act(4, "decide", "mitigate", "  It CAN be done. "),
        act(5, "respond", "concur"),
        cio=position(1, "accept", Level.HIGH, "It can be done."),
    )
    assert not told(of, settled(1, 5, TREATED, "mitigate")).is_reasoned


@pytest.mark.parametrize(
    ("decided", "response"), [("transfer", "concur"), ("accept", "concur_with_conditions")]
)
def test_both_move_to_a_third_treatment_or_by_conditions(decided: str, response: str) -> None:
    of = case(1, act(4, "decide", decided, "Insured."), act(5, "respond", response, "Tested each week."))
    found = told(of, settled(1, 5, TREATED if decided == "transfer" else ACCEPTED, decided))
    assert found.fate is Fate.BOTH_MOVED
    assert found.is_reasoned


def test_ratings_alone_that_nobody_changes_are_left_apart() -> None:
    of = case(
        1,
        act(4, "decide", "mitigate", "Now."),
        act(5, "respond", "concur"),
        cio=position(1, "mitigate", Level.LOW),
        ciso=position(2, "mitigate", Level.HIGH),
    )
    found = told(of, settled(1, 5, TREATED, "mitigate"))
    assert found.fate is Fate.APART
    assert not found.is_reasoned


def test_an_escalation_is_the_fate_whatever_is_ruled_later() -> None:
    acts = (act(4, "decide", "accept"), act(5, "respond", "challenge"), act(6, "answer_challenge", "stand"))
    of = case(1, *acts, desks=[desk("committee", 6, 8)])
    found = told(of, settled(1, 8, RiskStatus.NOT_ACCEPTED, "refused"))
    assert found.fate is Fate.ESCALATED
    assert found.at == on(6)


def test_a_case_that_ends_undecided_has_lapsed_and_one_that_runs_is_open() -> None:
    assert told(case(1, ended=9)).fate is Fate.LAPSED
    assert told(case(1)).fate is Fate.OPEN


def test_positions_that_agree_or_are_still_blind_are_no_disagreement() -> None:
    agreed = case(1, cio=position(1, "mitigate"), ciso=position(2, "mitigate"))
    assert disagreements(record(30, [risk(1)], [agreed, case(2, revealed=None)])) == []


def test_in_time_means_that_neither_leader_was_late() -> None:
    acts = (act(4, "decide", "mitigate", "Now."), act(5, "respond", "concur"))
    ends = settled(1, 5, TREATED, "mitigate")
    assert told(case(1, *acts, desks=[desk("cio", 2, 4, 4), desk("ciso", 4, 5, 7)]), ends).is_in_time
    assert not told(case(1, *acts, desks=[desk("cio", 2, 4, 3)]), ends).is_in_time


def _many(number: int, of: CaseFact) -> tuple[list[CaseFact], list[Settlement]]:
    ids = range(1, number + 1)
    return [renumbered(of, each) for each in ids], [settled(each, 5, TREATED, "mitigate") for each in ids]


def _of(cases: list[CaseFact], settlements: list[Settlement]) -> Record:
    return record(20, [risk(number) for number in range(1, len(cases) + 1)], cases, settlements)


def test_one_side_making_nearly_all_moves_is_warned_of_from_ten_cases_on() -> None:
    gives = case(1, act(4, "decide", "mitigate", "Now."), act(5, "respond", "concur"))
    few, nine = _many(9, gives)
    assert figures(_of(few, nine)).warnings == ()
    many, ten = _many(10, gives)
    (warned,) = figures(_of(many, ten)).warnings
    assert (warned.key, warned.cell.count) == ("one-sided", 10)
    assert "The CIO makes 10 of 10 moves" in warned.sentence
    # Eight of ten is not over 80 %.
    takes = case(1, act(4, "decide", "accept"), act(5, "respond", "concur"))
    mixed = [*many[:8], renumbered(takes, 9), renumbered(takes, 10)]
    ends = [*ten[:8], settled(9, 5, ACCEPTED, "accept"), settled(10, 5, ACCEPTED, "accept")]
    assert figures(_of(mixed, ends)).warnings == ()


def test_positions_that_almost_never_differ_are_too_quiet() -> None:
    agreed = case(1, cio=position(1, "mitigate"), ciso=position(2, "mitigate"))
    quiet = [renumbered(agreed, each) for each in range(1, 12)]
    (warned,) = figures(_of(quiet, [])).warnings
    assert (warned.key, warned.sentence.split(":")[0]) == ("too-quiet", "Too quiet")
    assert figures(_of([*quiet[:9], renumbered(case(1), 10)], [])).warnings == ()  # one of ten is not less


def test_the_headline_counts_open_cases_once_they_are_late() -> None:
    well, late, open_ = 1, 2, 3
    cases = [
        case(well, act(4, "decide", "mitigate", "Now."), act(5, "respond", "concur")),
        case(late, desks=[desk("cio", 2, None, 6)]),
        case(open_, desks=[desk("cio", 2, None, 25)]),
    ]
    share = figures(_of(cases, [settled(well, 5, TREATED, "mitigate")])).shares["settled-well"]
    assert (share.part.count, share.whole.count, share.percent) == (1, 2, 50)
    assert {one.risk_id for one in share.whole.members} == {"R-1", "R-2"}
