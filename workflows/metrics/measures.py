"""All measures of a record, put together, with the warnings they give."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.metrics import disagreements, escalations, following, implicit, pace, unacceptable
from workflows.metrics.facts import Record
from workflows.metrics.periods import Step, periods
from workflows.metrics.settings import FEWEST, ONE_SIDED, PERIODS, TOO_QUIET
from workflows.metrics.types import WHOLE, Cell, Figures, Series, Share, Warned
from workflows.wording import count


def figures(record: Record, step: Step = Step.MONTH, shown: int = PERIODS) -> Figures:
    """Every measure, over the last periods of a record.

    Args:
        record: what was recorded up to its `as_of`; nothing else is looked at.
        step: months or quarters.
        shown: how many periods at the most.
    """
    over = periods(record.began(), record.as_of, step, shown)
    escalated, shares = escalations.series(record, over)
    slow, more = pace.series(record, over)
    made = [
        *escalated,
        *unacceptable.series(record, over),
        *disagreements.series(record, over),
        *implicit.series(record, over),
        *slow,
        *following.series(record.following, record.as_of, over),
    ]
    series = {one.key: one for one in made}
    shares = {**shares, **more, "settled-well": _settled_well(series)}
    return Figures(record.as_of, step, over, series, shares, tuple(_warnings(series)))


def _settled_well(series: Mapping[str, Series]) -> Share:
    """The headline: of all disagreements with a known fate, and those still open and late."""
    known = [
        member
        for fate in disagreements.Fate
        if fate is not disagreements.Fate.OPEN
        for member in series[fate.value].whole.members
    ]
    late = series["fate-open-late"].last.members
    return Share(series["settled-well"].whole, Cell("settled-well", WHOLE, (*known, *late)))


def _warnings(series: Mapping[str, Series]) -> list[Warned]:
    found = []
    expired = series["expired"].last
    if expired.count:
        found.append(
            Warned(
                "expired",
                f"{count(expired.count, 'exemption')} expired without a new decision: nobody has accepted "
                f"{'this risk' if expired.count == 1 else 'these risks'}, and everybody lives with "
                f"{'it' if expired.count == 1 else 'them'}.",
                expired,
            )
        )
    sides = {"CIO": series["moves-cio"].whole, "CISO": series["moves-ciso"].whole}
    moves = sum(side.count for side in sides.values())
    cases = {member.case_id for side in sides.values() for member in side.members}
    for name, side in sides.items():
        if len(cases) >= FEWEST and side.count > ONE_SIDED * moves:
            found.append(
                Warned(
                    "one-sided",
                    f"The {name} makes {side.count} of {moves} moves. Where one side nearly always gives "
                    "way, the other’s advice or the other’s business may not be heard.",
                    side,
                )
            )
    pairs, differed = series["pairs"].whole, series["differed"].whole
    if pairs.count >= FEWEST and differed.count < TOO_QUIET * pairs.count:
        found.append(
            Warned(
                "too-quiet",
                f"Too quiet: the blind positions differed in {differed.count} of {pairs.count} cases. The "
                "hard questions may not be asked.",
                pairs,
            )
        )
    return found
