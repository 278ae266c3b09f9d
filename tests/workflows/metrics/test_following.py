"""What follows a decision, as figures: late by the day, and a past that a changed plan does not alter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workflows.metrics.following import Following, Happened, MilestoneFact, series
from workflows.metrics.periods import Step, periods

SET = datetime(2026, 1, 10, 9, tzinfo=UTC)
AS_OF = datetime(2026, 4, 15, tzinfo=UTC)


def milestone(
    due_on: date, *, until: datetime | None = None, verified: datetime | None = None
) -> MilestoneFact:
    return MilestoneFact("T-0001", "R-0001", "case", "Step", due_on, SET, until, verified)


@pytest.mark.parametrize(
    ("at", "late"),
    [
        (datetime(2026, 1, 31, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 2, 1, tzinfo=UTC), True),
        (datetime(2026, 2, 20, 8, 59, tzinfo=UTC), True),
        (datetime(2026, 2, 20, 9, tzinfo=UTC), False),
    ],
)
def test_a_milestone_is_late_from_the_end_of_its_day_until_it_is_verified(at: datetime, late: bool) -> None:
    one = milestone(date(2026, 1, 31), verified=datetime(2026, 2, 20, 9, tzinfo=UTC))
    assert (one.late_at(at) is not None) is late


def test_a_changed_plan_leaves_the_past_as_it_was() -> None:
    changed = datetime(2026, 3, 5, tzinfo=UTC)
    found = Following(
        milestones=(milestone(date(2026, 1, 31), until=changed),),
        changes=(Happened(changed, "R-0001", "case", "T-0001, plan 2: The vendor was late."),),
    )
    over = periods(SET, AS_OF, Step.MONTH, 12)
    by_key = {one.key: one for one in series(found, AS_OF, over)}
    late = {cell.period: cell.count for cell in by_key["treatment-late"].cells}
    assert late == {"2026-01": 0, "2026-02": 1, "2026-03": 0, "2026-04": 0}
    [member] = by_key["treatment-late"].cells[1].members
    assert (member.case_id, member.at) == ("case", datetime(2026, 2, 1, tzinfo=UTC))
    moved = {cell.period: cell.count for cell in by_key["plans-changed"].cells}
    assert moved == {"2026-01": 0, "2026-02": 0, "2026-03": 1, "2026-04": 0}


def test_a_treatment_with_two_late_milestones_counts_once_since_the_first() -> None:
    found = Following(milestones=(milestone(date(2026, 2, 10)), milestone(date(2026, 1, 31))))
    [late] = [one for one in series(found, AS_OF, periods(SET, AS_OF, Step.MONTH, 12)) if one.is_stock]
    [member] = late.last.members
    assert member.span == AS_OF - datetime(2026, 2, 1, tzinfo=UTC)
    assert member.span > timedelta(days=70)
