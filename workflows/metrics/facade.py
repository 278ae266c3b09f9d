"""The measures: what pages call."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from workflows.context import Context, Reading, check, may
from workflows.errors import NotFound
from workflows.identity.types import Person
from workflows.metrics.facts import Record
from workflows.metrics.measures import figures
from workflows.metrics.periods import Period, Step, periods
from workflows.metrics.record import read
from workflows.metrics.settings import PERIODS
from workflows.metrics.types import WHOLE, CaseBehind, CasesPage, Cell, Figures, Member
from workflows.permissions import Permission
from workflows.risks.access import hidden
from workflows.risks.models import risks
from workflows.wording import count, day

PAGE = 50
"""Rows of a page of cases."""
MONTHS_OFFERED = 120
"""Months back that figures are offered for."""


class Metrics:
    """Figures from the record, and the cases behind each of them."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def figures(
        self, reader: Person, as_of: datetime | None = None, step: Step = Step.MONTH, shown: int = PERIODS
    ) -> Figures:
        """All measures as the record stood at a moment, now where none is named; one that lies ahead is now.

        What was recorded later is not looked at, so that figures of the past never change. Raises
        `NotEntitled`.
        """

        def query(reading: Reading) -> Figures:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            return figures(self._record(reading, as_of), step, shown)

        return self._context.read(query)

    def cases(
        self,
        reader: Person,
        key: str,
        period: str = WHOLE,
        *,
        as_of: datetime | None = None,
        step: Step = Step.MONTH,
        shown: int = PERIODS,
        page: int = 1,
    ) -> CasesPage:
        """The cases behind one number of `figures` for the same moment.

        Who may read the register and not every case is told the risks alone. Raises `NotEntitled`;
        `NotFound` where there is no such number.
        """

        def query(reading: Reading) -> CasesPage:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            found = figures(self._record(reading, as_of), step, shown)
            cell = found.cell(key, period)
            if cell is None:
                raise NotFound("number", f"{key}, {period}")
            reads_cases = may(reading.organisation, reader, Permission.READ_ANY_CASE)
            return _page(reading, found, key, cell, page, reads_cases, hidden(reading, reader))

        return self._context.read(query)

    def closed_months(self, reader: Person) -> tuple[Period, ...]:
        """Months of the record that are over, the newest first: at the end of each, figures can be asked for.
        Raises `NotEntitled`."""

        def query(reading: Reading) -> tuple[Period, ...]:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            began = reading.connection.execute(select(func.min(risks.c.raised_at))).scalar_one_or_none()
            known = periods(began or reading.now, reading.now, Step.MONTH, MONTHS_OFFERED)
            return tuple(reversed([one for one in known if not one.is_open]))

        return self._context.read(query)

    def _record(self, reading: Reading, as_of: datetime | None) -> Record:
        moment = min(as_of, reading.now) if as_of is not None else reading.now
        return read(reading.connection, moment, self._context.settings.risk_policy)


_SHARES = {
    "escalated": ("Decisions", "Decisions of every kind that took effect, refusals too."),
    "changed": ("Challenged", "Decisions that took effect after the CISO had challenged."),
    "settled-well": (
        "Disagreements with a known fate",
        "Disagreements settled, escalated or lapsed, and those still open with one of the leaders late.",
    ),
}
"""Of each share, label and meaning of the whole."""


def _page(
    reading: Reading,
    found: Figures,
    key: str,
    cell: Cell,
    page: int,
    reads_cases: bool,
    unseen: frozenset[str],
) -> CasesPage:
    share, _, side = key.rpartition(".")
    named = found.series.get(cell.key if side == "part" else key)
    label, meaning = (named.label, named.meaning) if named is not None else _SHARES[share]
    open_to_all = [one for one in cell.members if one.risk_id not in unseen]
    members = sorted(open_to_all, key=lambda one: (one.at, one.risk_id), reverse=True)
    number = max(page, 1)
    shown = members[(number - 1) * PAGE : number * PAGE]
    titles = _titles(reading, shown)
    timed = any(one.span is not None for one in members)
    return CasesPage(
        key=key,
        label=label,
        meaning=meaning,
        period=_when(found, cell.period),
        as_of=found.as_of,
        rows=tuple(
            CaseBehind(
                risk_id=one.risk_id,
                risk_title=titles.get(one.risk_id, ""),
                at=one.at,
                case_id=one.case_id if reads_cases else None,
                note=one.note if reads_cases else "",
                days=Cell("", "", (one,)).days if one.span is not None else None,
            )
            for one in shown
        ),
        total=len(members),
        page=number,
        pages=max(1, -(-len(members) // PAGE)),
        days=cell.days if timed else None,
        withheld=cell.count - len(members),
    )


def _titles(reading: Reading, members: list[Member]) -> dict[str, str]:
    rows = reading.connection.execute(
        select(risks.c.id, risks.c.title).where(risks.c.id.in_({one.risk_id for one in members}))
    )
    return {row.id: row.title for row in rows}


def _when(found: Figures, key: str) -> str:
    period: Period | None = next((one for one in found.periods if one.key == key), None)
    if period is not None:
        return f"{period.label}, so far" if period.is_open else period.label
    return f"{count(len(found.periods), found.step.value)} to {day(found.as_of)}"
