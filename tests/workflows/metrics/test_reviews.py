"""An acceptance that a named act confirmed anew is not missed: only the time between is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.workflows.metrics.building import on, record, risk, settled
from workflows.metrics.measures import figures
from workflows.metrics.periods import Step
from workflows.types import RiskStatus

ACCEPTED, UNDECIDED = RiskStatus.ACCEPTED, RiskStatus.UNDECIDED


def missed(*confirmed: tuple[float, date]) -> float:
    accepted = settled(1, 1, ACCEPTED, "accept", review=date(2026, 3, 10))
    accepted = replace(accepted, confirmed=tuple((on(day), until) for day, until in confirmed))
    held = record(20, [risk(1, (0, UNDECIDED), (1, ACCEPTED))], [], [accepted])
    return figures(held, Step.MONTH, 2).series["implicit-review"].whole.days


def test_a_review_held_in_time_misses_nothing() -> None:
    assert missed((5, date(2026, 6, 1))) == 0


def test_a_review_held_late_misses_the_days_between_and_its_own_date_counts_from_then() -> None:
    without, late = missed(), missed((12, date(2026, 6, 1)))
    assert 0 < late < without
    assert missed((12, date(2026, 3, 16))) > late
