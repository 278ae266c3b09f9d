"""The measures: figures, trends and pictures, each number leading to the cases behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from webui.charts import Chart, Part, columns, rows
from webui.pages.requests import page_number
from webui.session import parley, person
from workflows.metrics.disagreements import Fate
from workflows.metrics.pace import DESKS
from workflows.metrics.periods import Step, end_of
from workflows.metrics.settings import EXPIRES_SOON, FEWEST, ONE_SIDED, RENEWED_OFTEN, TOO_QUIET
from workflows.metrics.types import WHOLE, Figures
from workflows.risks.appetite import DEFAULT

blueprint = Blueprint("measures", __name__)

ESCALATED = ("escalated-committee", "escalated-cro")
UNACCEPTABLE = (
    "unacceptable-undecided",
    "unacceptable-treatment",
    "unacceptable-exempted",
    "unacceptable-contained",
)
FATES = tuple(fate.value for fate in Fate)
IMPLICIT = ("implicit-expired", "implicit-due", "implicit-late", "implicit-nobody", "implicit-review")
TONES = {
    **dict(zip(ESCALATED, (1, 4), strict=True)),
    **dict(zip(UNACCEPTABLE, (4, 1, 3, 5), strict=True)),
    **dict(zip(FATES, (1, 2, 6, 5, 4, 3, 7), strict=True)),
    **dict(zip(IMPLICIT, (4, 3, 1, 5, 2), strict=True)),
    "settled": 2,
}
"""Number of the colour that each series is drawn in."""


@blueprint.app_template_filter("days")
def in_days(value: float) -> str:
    """A number of days as a page shows it: to a tenth below ten, whole above."""
    return f"{round(value, 1):g}" if abs(value) < 10 else f"{round(value):,}"


@blueprint.get("/measures")
def show() -> str:
    """All measures, now or as they stood at the end of a month."""
    metrics, reader = parley().metrics, person()
    step, until = _step(), _until()
    found = metrics.figures(reader, _moment(until), step)
    return render_template(
        "measures/show.html",
        figures=found,
        series=found.series,
        shares=found.shares,
        step=step,
        until=until,
        months=metrics.closed_months(reader),
        query=_query(step, until),
        charts=_charts(found),
        keys={"unacceptable": UNACCEPTABLE, "fates": FATES, "implicit": IMPLICIT, "desks": DESKS},
        together={
            "unacceptable": sum(found.series[key].last.count for key in UNACCEPTABLE),
            "implicit": sum(found.series[key].whole.days for key in IMPLICIT),
        },
        words={
            "appetite": DEFAULT.label,
            "soon": EXPIRES_SOON.days,
            "one_sided": round(ONE_SIDED * 100),
            "too_quiet": round(TOO_QUIET * 100),
            "fewest": FEWEST,
            "renewed": RENEWED_OFTEN,
        },
    )


@blueprint.get("/measures/cases")
def cases() -> str:
    """The cases behind one number."""
    step, until = _step(), _until()
    key, period = request.args.get("of", ""), request.args.get("within", WHOLE)
    page = parley().metrics.cases(person(), key, period, as_of=_moment(until), step=step, page=page_number())
    return render_template(
        "measures/cases.html",
        page=page,
        back=_query(step, until),
        query={**_query(step, until), "of": key, "within": period},
    )


def _step() -> Step:
    return Step.QUARTER if request.args.get("by") == Step.QUARTER.value else Step.MONTH


def _until() -> str:
    """The month at whose end the record is looked at; empty for now."""
    until = request.args.get("until", "")
    return until if end_of(until) is not None else ""


def _moment(until: str) -> datetime | None:
    end = end_of(until)
    return end - timedelta(microseconds=1) if end is not None else None


def _query(step: Step, until: str) -> dict[str, Any]:
    """What an address keeps of how the reader looks at the record; empty values are left out."""
    return {"by": step.value if step is not Step.MONTH else None, "until": until or None}


def _charts(found: Figures) -> dict[str, Chart]:
    over = f"{found.periods[0].label} to {found.periods[-1].label}"
    desks = [found.series[f"desk-{role}"].whole for role in DESKS]
    return {
        "escalated": _over_time(
            found, f"Conflicts escalated, {over}", ESCALATED, "Columns side by side", stacked=False
        ),
        "unacceptable": _over_time(found, f"Unacceptable risks, {over}", UNACCEPTABLE, "Stacked columns"),
        "fates": rows(
            f"Fate of disagreements, {over}",
            _told((found.series[key].label, str(found.series[key].whole.count)) for key in FATES),
            [
                (
                    found.series[key].label,
                    TONES[key],
                    found.series[key].whole.count,
                    str(found.series[key].whole.count),
                )
                for key in FATES
            ],
        ),
        "settling": _over_time(
            found,
            f"Disagreements settled, escalated and lapsed, {over}",
            ("settled", Fate.ESCALATED.value, Fate.LAPSED.value),
            "Stacked columns",
        ),
        "implicit": _over_time(
            found, f"Risk-days accepted implicitly, {over}", IMPLICIT, "Stacked columns", days=True
        ),
        "desks": rows(
            f"Median days of a case on each desk, {over}",
            _told(
                (name, f"{cell.median_days or 0:g} days")
                for name, cell in zip(DESKS.values(), desks, strict=True)
            ),
            [
                (name, 1, cell.median_days or 0, f"{cell.median_days or 0:g}")
                for name, cell in zip(DESKS.values(), desks, strict=True)
            ],
        ),
    }


def _over_time(
    found: Figures, title: str, keys: Sequence[str], kind: str, *, stacked: bool = True, days: bool = False
) -> Chart:
    parts = [
        Part(
            found.series[key].label,
            TONES[key],
            [cell.days if days else cell.count for cell in found.series[key].cells],
        )
        for key in keys
    ]
    newest = ", ".join(f"{part.label.lower()} {part.values[-1]:g}" for part in parts)
    said = (
        f"{kind}, one a {found.step.value}. {found.periods[-1].label}: {newest}. "
        "The table beside the picture has the same figures."
    )
    return columns(title, said, [period.short for period in found.periods], parts, stacked=stacked)


def _told(pairs: Iterable[tuple[str, str]]) -> str:
    """The rows of a chart in words."""
    return "; ".join(f"{name}: {value}" for name, value in pairs) + "."
