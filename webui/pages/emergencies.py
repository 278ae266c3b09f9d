"""Emergencies: going ahead at once, and what became of those who did."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.pages.requests import answers
from webui.session import parley, person
from workflows.emergencies.facade import DeclarePage
from workflows.errors import AnswersRefused, RuleBroken

blueprint = Blueprint("emergencies", __name__)


@blueprint.get("/emergencies")
def show() -> str:
    """All emergencies, newest first."""
    domain, reader = parley(), person()
    return render_template(
        "emergencies/show.html",
        rows=domain.emergencies.all(reader),
        may_declare=domain.emergencies.may_declare(reader),
    )


@blueprint.get("/emergencies/declare")
def form() -> str:
    """The form on which the CIO goes ahead; `?risk=` chooses the risk."""
    return _form(parley().emergencies.declare_page(person()), request.args.get("risk", ""))


@blueprint.post("/emergencies/declare")
def submit() -> Response | tuple[str, int]:
    """Go ahead at once."""
    given, domain, token = answers(), parley(), request.form.get("_token", "")
    chosen = request.form.get("_risk", "")
    try:
        case_id = domain.emergencies.declare(person(), chosen, given, token)
    except AnswersRefused as refused:
        page = domain.emergencies.declare_page(person(), given, refused.errors, token)
        return _form(page, chosen, is_refused=True), 422
    except RuleBroken as refused:
        page = domain.emergencies.declare_page(person(), given, None, token)
        return _form(page, chosen, refusal=str(refused)), 409
    flash("It is on record, and the review is asked for.", "good")
    return redirect(url_for("case.show", instance_id=case_id), 303)


@blueprint.get("/emergencies/<emergency_id>")
def one(emergency_id: str) -> str:
    """One emergency, with what became of it."""
    return render_template(
        "emergencies/one.html", emergency=parley().emergencies.emergency(person(), emergency_id)
    )


def _form(page: DeclarePage, chosen: str, *, is_refused: bool = False, refusal: str = "") -> str:
    return render_template(
        "emergencies/declare.html", page=page, chosen=chosen, is_refused=is_refused, refusal=refusal
    )
