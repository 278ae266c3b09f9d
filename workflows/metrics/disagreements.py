"""The fate of disagreements: of the cases in which the blind positions differed, who moved, in how many days,
and with a reason or without."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workflows.metrics.escalations import escalated_at
from workflows.metrics.facts import Act, CaseFact, Position, Record, Settlement
from workflows.metrics.periods import Period
from workflows.metrics.series import flow, stock
from workflows.metrics.types import Member, Series
from workflows.record import DECIDE, RESPOND
from workflows.risks.routing import CONCURRED


class Fate(StrEnum):
    """What became of a disagreement."""

    CIO_MOVED = "fate-cio"
    CISO_MOVED = "fate-ciso"
    BOTH_MOVED = "fate-both"
    APART = "fate-apart"
    """Settled between the two, with the ratings left apart: the higher one counts."""
    ESCALATED = "fate-escalated"
    LAPSED = "fate-lapsed"
    OPEN = "fate-open"


LABELS: dict[Fate, tuple[str, str]] = {
    Fate.CIO_MOVED: (
        "CIO moved",
        "Decided otherwise than the CIO had proposed, or with conditions that the CIO took on.",
    ),
    Fate.CISO_MOVED: (
        "CISO moved",
        "Decided otherwise than the CISO had recommended, and the CISO concurred.",
    ),
    Fate.BOTH_MOVED: ("Both moved", "Decided as neither had first said, or as the CIO had, on conditions."),
    Fate.APART: (
        "Ratings left apart",
        "Only the ratings differed, and neither was changed on the record; the higher one counts.",
    ),
    Fate.ESCALATED: ("Escalated", "Taken to the steering committee, the chief risk officer or the sponsor."),
    Fate.LAPSED: ("Lapsed", "The case ended without a decision."),
    Fate.OPEN: ("Open", "Neither settled nor escalated at the end of the period."),
}
SETTLED = (Fate.CIO_MOVED, Fate.CISO_MOVED, Fate.BOTH_MOVED, Fate.APART)
MOVED = SETTLED[:3]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One case in which the blind positions differed."""

    case: CaseFact
    revealed_at: datetime
    fate: Fate
    at: datetime
    """When the fate came about; for an open one, when it began."""
    cio_moved: bool = False
    ciso_moved: bool = False
    is_reasoned: bool = False
    """Each side that moved said why, in words that its position did not have."""
    is_in_time: bool = False
    """Neither leader was late at any step."""

    def member(self) -> Member:
        """The case behind a number: since when, and for how long."""
        span = self.at - self.revealed_at if self.fate is not Fate.OPEN else None
        return Member(self.case.risk_id, self.at, self.case.id, _said(self), span)


def differ(case: CaseFact) -> bool:
    """Whether the positions, as first revealed, differ in the level of risk or the treatment."""
    cio, ciso = case.cio[0], case.ciso[0]
    return cio.level is not ciso.level or cio.treatment != ciso.treatment


def compared(record: Record) -> list[tuple[CaseFact, datetime]]:
    """Cases whose positions are both revealed, and when that was."""
    return [
        (case, case.revealed_at)
        for case in record.cases.values()
        if case.revealed_at is not None and case.cio and case.ciso
    ]


def disagreements(record: Record) -> list[Disagreement]:
    """All of them, each with its fate at the time of the record."""
    settled: dict[str, list[Settlement]] = defaultdict(list)
    for one in record.settlements:
        if one.case_id is not None:
            settled[one.case_id].append(one)
    return [
        # What took effect before the reveal, an emergency say, settles no disagreement.
        _fate(case, revealed, next((one for one in settled[case.id] if one.at >= revealed), None))
        for case, revealed in compared(record)
        if differ(case)
    ]


def _fate(case: CaseFact, revealed: datetime, settlement: Settlement | None) -> Disagreement:
    left = escalated_at(case)
    if left is not None and (settlement is None or left <= settlement.at):
        return Disagreement(case, revealed, Fate.ESCALATED, left)
    if settlement is None:
        if case.ended_at is not None:
            return Disagreement(case, revealed, Fate.LAPSED, case.ended_at)
        return Disagreement(case, revealed, Fate.OPEN, revealed)
    acts = [act for act in case.acts if act.at <= settlement.at]
    answered = [act for act in acts if act.element == RESPOND and act.choice in CONCURRED]
    proposed = [act for act in acts if act.element != RESPOND]
    result = settlement.response or next((act.choice for act in reversed(acts) if act.element == DECIDE), "")
    cio = _moved(case.cio, settlement.at, result, case) or bool(
        answered and answered[-1].choice == "concur_with_conditions"
    )
    ciso = _moved(case.ciso, settlement.at, result, case)
    fate = {(True, True): Fate.BOTH_MOVED, (True, False): Fate.CIO_MOVED, (False, True): Fate.CISO_MOVED}.get(
        (cio, ciso), Fate.APART
    )
    reasoned = (
        (cio or ciso)
        and (not cio or _reasoned(proposed, case.cio[0]))
        and (not ciso or _reasoned(answered[-1:], case.ciso[0]))
    )
    return Disagreement(
        case, revealed, fate, settlement.at, cio, ciso, reasoned, late_at(case, settlement.at) is None
    )


def _moved(positions: Sequence[Position], until: datetime, result: str, case: CaseFact) -> bool:
    """Whether a side moved: on the treatment, where that was disputed, or by a later rating of its own."""
    first = positions[0]
    revised = [one for one in positions if one.at <= until][-1]
    disputed = case.cio[0].treatment != case.ciso[0].treatment
    return revised.level is not first.level or (disputed and result != first.treatment)


def _reasoned(acts: Iterable[Act], position: Position) -> bool:
    said = _plain(position.words)
    return any(_plain(act.words) - said for act in acts)


def _plain(texts: Iterable[str]) -> set[str]:
    """Texts without what makes no difference: white space and letter case."""
    return {plain for text in texts if (plain := " ".join(text.split()).lower())}


def late_at(case: CaseFact, until: datetime) -> datetime | None:
    """The first moment, up to and at `until`, from which one of the leaders was late; None where neither
    was."""
    late = [desk.late_from() for desk in case.desks if desk.role in ("cio", "ciso")]
    return min((at for at in late if at is not None and at < until), default=None)


def _apart(case: CaseFact) -> str:
    """What the two first said. What came of it later is no part of a number about the reveal."""
    cio, ciso = case.cio[0], case.ciso[0]
    return f"CIO: {cio.treatment}, {cio.level.value}. CISO: {ciso.treatment}, {ciso.level.value}."


def _said(one: Disagreement) -> str:
    parts = [_apart(one.case)]
    if one.fate in MOVED:
        parts.append("With new reasons" if one.is_reasoned else "Without new reasons")
        parts[-1] += ", in time." if one.is_in_time else ", late."
    return " ".join(parts)


def series(record: Record, periods: Sequence[Period]) -> list[Series]:
    """Pairs compared, those that differed, each fate, who moved, and how."""
    pairs = [Member(case.risk_id, at, case.id) for case, at in compared(record)]
    found = disagreements(record)
    members = [(one, one.member()) for one in found]
    made = [
        flow("pairs", "Positions compared", "Cases in which both positions were revealed.", periods, pairs),
        flow(
            "differed",
            "Differed",
            "Cases in which the revealed positions differed in the level of risk or in the treatment.",
            periods,
            [Member(one.case.risk_id, one.revealed_at, one.case.id, _apart(one.case)) for one in found],
        ),
    ]
    for fate, (label, meaning) in LABELS.items():
        if fate is not Fate.OPEN:
            of = [member for one, member in members if one.fate is fate]
            made.append(flow(fate.value, label, meaning, periods, of))
    made.append(
        stock(
            Fate.OPEN.value,
            *LABELS[Fate.OPEN],
            periods,
            record.as_of,
            lambda at: _open(found, at, late_only=False),
        )
    )
    made.append(
        stock(
            "fate-open-late",
            "Open and late",
            "Neither settled nor escalated at the end of the period, and one of the leaders late.",
            periods,
            record.as_of,
            lambda at: _open(found, at, late_only=True),
        )
    )
    marked: dict[str, tuple[str, str, list[Member]]] = {
        "moves-cio": ("Moves of the CIO", "Cases in which the CIO moved, alone or with the CISO.",
                      [m for one, m in members if one.cio_moved]),
        "moves-ciso": ("Moves of the CISO", "Cases in which the CISO moved, alone or with the CIO.",
                       [m for one, m in members if one.ciso_moved]),
        "moved-reasoned": ("With new reasons", "Cases in which each side that moved said why, in new words.",
                           [m for one, m in members if one.is_reasoned]),
        "moved-unreasoned": ("Without new reasons",
                             "Cases in which a side moved and put no new reason on the record.",
                             [m for one, m in members if one.fate in MOVED and not one.is_reasoned]),
        "settled": ("Settled between the two", "Disagreements settled without escalation.",
                    [m for one, m in members if one.fate in SETTLED]),
        "settled-well": ("Settled well",
                         "Disagreements settled between the two, in time, with a reasoned move.",
                         [m for one, m in members if one.is_reasoned and one.is_in_time]),
    }  # fmt: skip
    made.extend(flow(key, label, meaning, periods, of) for key, (label, meaning, of) in marked.items())
    return made


def _open(found: Iterable[Disagreement], at: datetime, *, late_only: bool) -> list[Member]:
    """Disagreements open at a moment: those whose fate came later are open until then."""
    return [
        Member(one.case.risk_id, one.revealed_at, one.case.id, _apart(one.case))
        for one in found
        if one.revealed_at <= at
        and (one.fate is Fate.OPEN or one.at > at)
        and (not late_only or late_at(one.case, at) is not None)
    ]
