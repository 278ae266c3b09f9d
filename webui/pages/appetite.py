"""How much risk the organisation takes: appetite and tolerance by category, and the table of levels."""

from __future__ import annotations

from datetime import UTC, datetime, time

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.types import Level

blueprint = Blueprint("appetite", __name__)


@blueprint.get("/appetite")
def show() -> str:
    """What holds today, and everything that was ever set."""
    return render_template("appetite/show.html", page=parley().register.limits(person()), levels=tuple(Level))


@blueprint.post("/appetite")
def set_appetite() -> Response:
    """Set appetite and tolerance of a category."""
    category = request.form.get("other", "").strip() or request.form.get("category", "")
    parley().register.set_appetite(
        person(),
        category,
        _level("appetite"),
        _level("tolerance"),
        basis=request.form.get("basis", ""),
        valid_from=_day(),
    )
    flash("The appetite is set. What held before stays on record.", "good")
    return redirect(url_for("appetite.show"), 303)


@blueprint.post("/appetite/matrix")
def set_matrix() -> Response:
    """Set the organisation's own table of levels, or that of SP 800-30 again."""
    standard = request.form.get("standard") == "1"
    rows = [[request.form.get(f"cell-{row}-{column}", "") for column in range(5)] for row in range(5)]
    parley().register.set_matrix(
        person(), [] if standard else rows, basis=request.form.get("basis", ""), valid_from=_day()
    )
    flash("The table is set. Ratings made before keep their level.", "good")
    return redirect(url_for("appetite.show"), 303)


def _level(name: str) -> Level:
    try:
        return Level.read(request.form.get(name, ""))
    except ValueError as error:
        raise BadRequest(str(error)) from error


def _day() -> datetime | None:
    text = request.form.get("valid_from", "").strip()
    if not text:
        return None
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), UTC)
    except ValueError as error:
        raise BadRequest(f"{text[:20]!r} is no date.") from error
