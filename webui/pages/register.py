"""The register of risks, and the page to raise one."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.pages.requests import answers, page_number
from webui.session import parley, person
from workflows.errors import AnswersRefused
from workflows.risks.exporting import as_csv, as_json
from workflows.types import Level, RiskFilters, RiskStatus

blueprint = Blueprint("register", __name__)

E = TypeVar("E", bound=StrEnum)


@blueprint.get("/risks")
def show() -> str:
    """The register, narrowed by the filters in the address."""
    filters = _filters()
    domain, reader = parley(), person()
    page = domain.risks.register(reader, filters, page_number())
    return render_template(
        "register/show.html",
        page=page,
        heat=domain.register.heat(reader, filters),
        filters=filters,
        query={key: value for key, value in request.args.to_dict().items() if key != "page"},
        assets_known=domain.risks.assets(reader),
        statuses=tuple(RiskStatus),
        levels=tuple(reversed(Level)),
        units=domain.identity.units(),
    )


@blueprint.get("/risks/export")
def export() -> Response:
    """The register under the filters in the address, as a file: JSON by NIST IR 8286r1, or CSV."""
    found = parley().register.export(person(), _filters())
    is_csv = request.args.get("form") == "csv"
    response = Response(
        as_csv(found) if is_csv else as_json(found), mimetype="text/csv" if is_csv else "application/json"
    )
    response.headers["Content-Disposition"] = f"attachment; filename=register.{'csv' if is_csv else 'json'}"
    return response


@blueprint.get("/risks/raise")
def form() -> str:
    """The form that raises a risk; `?cve=` fills it from the catalogue."""
    page = parley().risks.raise_page(person(), cve_id=request.args.get("cve") or None)
    return render_template("register/raise.html", page=page)


@blueprint.post("/risks/raise")
def submit() -> Response | tuple[str, int]:
    """Raise a risk: its entry in the register and its case, in one step."""
    given, domain, token = answers(), parley(), request.form.get("_token", "")
    try:
        risk, instance = domain.risks.raise_risk(person(), given, token)
    except AnswersRefused as refused:
        page = domain.risks.raise_page(person(), values=given, errors=refused.errors)
        return render_template("register/raise.html", page=page, token=token, refused=refused), 422
    flash(f"{risk.id} is in the register, and both leaders are asked for their positions.", "good")
    return redirect(url_for("case.show", instance_id=instance.id), 303)


@blueprint.post("/risks/raise/form")
def update() -> str:
    """The form alone, with what was typed so far: fields that depend on others appear or go. Stores
    nothing."""
    page = parley().risks.raise_page(person(), values=answers())
    return render_template("task/form.html", page=page, update="register.update", update_of={})


def _filters() -> RiskFilters:
    given = request.args
    return RiskFilters(
        text=given.get("q", "").strip()[:200],
        status=_one_of(RiskStatus, given.get("status")),
        level=_one_of(Level, given.get("level")),
        category=given.get("category", ""),
        asset_id=given.get("asset", ""),
        unit_id=given.get("unit", ""),
        likelihood=_one_of(Level, given.get("likelihood")),
        impact=_one_of(Level, given.get("impact")),
        kev_only=given.get("kev") == "1",
    )


def _one_of(kind: type[E], text: str | None) -> E | None:
    return next((each for each in kind if each.value == text), None)
