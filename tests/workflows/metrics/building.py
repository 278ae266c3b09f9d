"""Facts made by hand: a risk, its case, and what happened to it, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from workflows.metrics.facts import (
    Act,
    CaseFact,
    DeskTime,
    ExemptionFact,
    Position,
    RatingFact,
    Record,
    RiskFact,
    Settlement,
    StatusFact,
)
from workflows.risks.scales import Level
from workflows.risks.types import RiskStatus

FIRST = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def on(days: float) -> datetime:
    """So many days after the first one."""
    return FIRST + timedelta(days=days)


def risk(
    number: int,
    *statuses: tuple[float, RiskStatus],
    level: Level = Level.HIGH,
    due: date | None = None,
    keys: tuple[str, ...] = (),
) -> RiskFact:
    """A risk raised on the day of its first status."""
    told: list[StatusFact] = []
    for day, target in statuses or ((0, RiskStatus.UNDECIDED),):
        told.append(StatusFact(on(day), told[-1].target if told else None, target, f"C-{number}"))
    raised = told[0].at
    name = f"R-{number}"
    return RiskFact(name, raised, due, keys or (name,), tuple(told), (RatingFact(raised, level),))


def position(day: float, treatment: str, level: Level = Level.HIGH, *words: str) -> Position:
    return Position(on(day), level, treatment, words)


def act(day: float, element: str, choice: str, *words: str, days: int | None = None) -> Act:
    return Act(on(day), element, choice, days, words)


def desk(
    role: str, opened: float, closed: float | None, due: float | None = None, element: str = ""
) -> DeskTime:
    return DeskTime(
        role,
        element or role,
        on(opened),
        None if closed is None else on(closed),
        None if due is None else on(due),
    )


def case(
    number: int,
    *acts: Act,
    started: float = 0,
    ended: float | None = None,
    revealed: float | None = 2,
    cio: Position | None = None,
    ciso: Position | None = None,
    desks: Sequence[DeskTime] = (),
) -> CaseFact:
    """The case of the risk of the same number; blind where `revealed` is None."""
    shown = revealed is not None
    return CaseFact(
        id=f"C-{number}",
        risk_id=f"R-{number}",
        started_at=on(started),
        ended_at=None if ended is None else on(ended),
        is_decision=True,
        revealed_at=on(revealed) if revealed is not None else None,
        cio=(cio or position(1, "accept"),) if shown else (),
        ciso=(ciso or position(2, "mitigate"),) if shown else (),
        acts=acts,
        desks=tuple(desks),
    )


def settled(
    number: int, day: float, status: RiskStatus, response: str | None, review: date | None = None
) -> Settlement:
    return Settlement(on(day), f"R-{number}", f"C-{number}", status, response, review)


def exemption(
    number: int, granted: float, days: int, key: int = 0, ended: float | None = None
) -> ExemptionFact:
    return ExemptionFact(
        f"E-{number}-{key}",
        f"R-{number}",
        f"C-{number}",
        on(granted),
        on(granted + days),
        days,
        None if ended is None else on(ended),
    )


def record(
    day: float,
    risks: Sequence[RiskFact] = (),
    cases: Sequence[CaseFact] = (),
    settlements: Sequence[Settlement] = (),
    exemptions: Sequence[ExemptionFact] = (),
) -> Record:
    """The record as it stands on a day."""
    return Record(
        as_of=on(day),
        risks={one.id: one for one in risks},
        cases={one.id: one for one in cases},
        exemptions=tuple(sorted(exemptions, key=lambda one: one.granted_at)),
        settlements=tuple(sorted(settlements, key=lambda one: one.at)),
    )


def renumbered(of: CaseFact, number: int) -> CaseFact:
    """The same case again, of another risk."""
    return replace(of, id=f"C-{number}", risk_id=f"R-{number}")
