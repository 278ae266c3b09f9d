"""Risks accepted implicitly, in risk-days: nobody decided to live with them, and still everybody does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from workflows.metrics.facts import DAY, CaseFact, ExemptionFact, Record, RiskFact, Settlement
from workflows.metrics.periods import Period
from workflows.metrics.series import close_of
from workflows.metrics.types import Cell, Member, Series
from workflows.risks.types import RiskStatus

REASONS: tuple[tuple[str, str, str], ...] = (
    (
        "implicit-expired",
        "Exemption expired",
        "The exemption has expired, and the risk is not decided again yet.",
    ),
    ("implicit-due", "Past due", "The date by which the risk had to be dealt with has passed, undecided."),
    ("implicit-late", "Step late", "Undecided, and somebody asked for a step is past its due time."),
    ("implicit-nobody", "Nobody is asked", "Undecided, and no case is open that would decide it."),
    (
        "implicit-review",
        "Review missed",
        "Accepted until a date of review that has passed without a new decision.",
    ),
)
"""Key, label and meaning, the strongest reason first: a day counts once a risk, for the first that holds."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment until just before another."""

    start: datetime
    end: datetime

    def within(self, start: datetime, end: datetime) -> Span | None:
        """The part of it between two moments; None where there is none."""
        low, high = max(self.start, start), min(self.end, end)
        return Span(low, high) if low < high else None


def series(record: Record, periods: Sequence[Period]) -> list[Series]:
    """Risk-days by reason and period. Each member's span is one risk's days in that period."""
    found: dict[tuple[str, str], list[Member]] = defaultdict(list)
    for risk_id, reason, spans, cases in _by_risk(record):
        for period in periods:
            closes = close_of(period, record.as_of)
            parts = [part for span in spans if (part := span.within(period.start, closes)) is not None]
            if parts:
                total = sum((part.end - part.start for part in parts), timedelta())
                since = next(span.start for span in spans if span.end > period.start)
                case_id = next((one.id for one in reversed(cases) if one.started_at <= since), None)
                found[reason, period.key].append(Member(risk_id, since, case_id, "", total))
    return [
        Series(
            key,
            label,
            meaning,
            tuple(
                Cell(
                    key,
                    period.key,
                    tuple(sorted(found[key, period.key], key=lambda one: (one.at, one.risk_id))),
                )
                for period in periods
            ),
        )
        for key, label, meaning in REASONS
    ]


def _by_risk(record: Record) -> Iterator[tuple[str, str, list[Span], list[CaseFact]]]:
    """Risk, reason, spans of that reason alone, and the risk's cases."""
    cases: dict[str, list[CaseFact]] = defaultdict(list)
    for case in record.cases.values():
        cases[case.risk_id].append(case)
    exemptions: dict[str, list[ExemptionFact]] = defaultdict(list)
    for one in record.exemptions:
        exemptions[one.risk_id].append(one)
    settled: dict[str, list[Settlement]] = defaultdict(list)
    for settlement in record.settlements:
        settled[settlement.risk_id].append(settlement)
    for risk in record.risks.values():
        spans = list(_spans(risk, cases[risk.id], exemptions[risk.id], settled[risk.id], record.as_of))
        for reason, own in _once(spans).items():
            yield risk.id, reason, own, cases[risk.id]


def _spans(
    risk: RiskFact,
    cases: list[CaseFact],
    exemptions: list[ExemptionFact],
    settled: list[Settlement],
    now: datetime,
) -> Iterator[tuple[int, Span]]:
    """Every span in which one of the reasons holds, with the reason's place in `REASONS`."""
    ends = [status.at for status in risk.statuses[1:]] + [now]
    for number, (status, end) in enumerate(zip(risk.statuses, ends, strict=True)):
        over = Span(status.at, end)
        if status.target is RiskStatus.EXEMPTED:
            last = max((one.ends_at for one in exemptions if one.granted_at <= status.at), default=status.at)
            yield from _tagged(0, over.within(last, end))
        elif status.target is RiskStatus.ACCEPTED:
            decided = next((one for one in settled if one.at == status.at), None)
            if decided is not None:
                yield from _review_missed(decided, over)
        elif status.target is RiskStatus.UNDECIDED:
            was_exempted = number > 0 and risk.statuses[number - 1].target is RiskStatus.EXEMPTED
            granted = [one for one in exemptions if one.granted_at <= status.at]
            if was_exempted and granted and granted[-1].expires_at <= status.at:
                yield 0, over
            yield from _undecided(risk, cases, over)


def _review_missed(decided: Settlement, over: Span) -> Iterator[tuple[int, Span]]:
    """From the day after each date of review until the acceptance was confirmed anew, or was no more."""
    dates = [decided.review_date, *(until for _, until in decided.confirmed)]
    answered = [*(at for at, _ in decided.confirmed), over.end]
    for due_on, at in zip(dates, answered, strict=True):
        if due_on is not None:
            yield from _tagged(4, over.within(day_after(due_on), at))


def _undecided(risk: RiskFact, cases: list[CaseFact], over: Span) -> Iterator[tuple[int, Span]]:
    if risk.due_date is not None:
        yield from _tagged(1, over.within(day_after(risk.due_date), over.end))
    asked = over.start
    for case in cases:
        stops = case.ended_at or over.end
        for desk in case.desks:
            late = desk.late_from()
            if late is not None:
                yield from _tagged(2, over.within(late, min(desk.closed_at or over.end, stops)))
        yield from _tagged(3, over.within(asked, case.started_at))
        asked = max(asked, stops)
    yield from _tagged(3, over.within(asked, over.end))


def _tagged(place: int, span: Span | None) -> Iterator[tuple[int, Span]]:
    if span is not None:
        yield place, span


def _once(spans: list[tuple[int, Span]]) -> dict[str, list[Span]]:
    """The same time, each moment under its strongest reason alone."""
    moments = sorted({at for _, span in spans for at in (span.start, span.end)})
    found: dict[str, list[Span]] = {}
    for start, end in pairwise(moments):
        holding = [place for place, span in spans if span.start <= start and end <= span.end]
        if not holding:
            continue
        own = found.setdefault(REASONS[min(holding)][0], [])
        if own and own[-1].end == start:
            own[-1] = Span(own[-1].start, end)
        else:
            own.append(Span(start, end))
    return found


def day_after(last: date) -> datetime:
    """The moment at which a date has passed, in UTC."""
    return datetime.combine(last, time(), UTC) + DAY
