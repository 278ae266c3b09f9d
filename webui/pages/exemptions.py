"""Exemptions: those in force, what is asked for, one with its whole record, and what is done about it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import AnswersRefused, Conflict, RuleBroken

blueprint = Blueprint("exemptions", __name__)

SOON = 30
"""Days within which an exemption counts as running out soon."""

VIEWS = ("active", "soon", "awaiting", "all")


@blueprint.get("/exemptions")
def show() -> str:
    """The exemptions in force, those that run out soon, what is asked for, or all there ever were."""
    view = request.args.get("show", "active")
    view = view if view in VIEWS else "active"
    exemptions, reader = parley().exemptions, person()
    every, asked = exemptions.all(reader), exemptions.requests(reader)
    active = [each for each in every if each.state == "active"]
    soon = [each for each in active if each.days_left <= SOON]
    awaiting = [each for each in asked if each.granted_at is None]
    return render_template(
        "exemptions/show.html",
        rows={"active": active, "soon": soon, "awaiting": (), "all": every}[view],
        requests=awaiting if view == "awaiting" else (),
        view=view,
        counts={"active": len(active), "soon": len(soon), "awaiting": len(awaiting), "all": len(every)},
        soon=SOON,
        figures=exemptions.figures(reader),
    )


@blueprint.get("/exemptions/<exemption_id>")
def one(exemption_id: str) -> str:
    """One exemption, or the request for one, with everything the record knows of it."""
    return _page(exemption_id)


@blueprint.post("/exemptions/<exemption_id>/breach")
def report(exemption_id: str) -> Response | tuple[str, int]:
    """Report that a condition is broken."""
    what, evidence, token = (request.form.get(name, "") for name in ("what", "evidence", "_token"))
    try:
        parley().exemptions.report_breach(person(), exemption_id, what, evidence, token)
    except AnswersRefused as refused:
        return _page(exemption_id, errors=refused.errors, typed=request.form, token=token), 422
    except Conflict as refused:
        return _page(exemption_id, refusal=str(refused)), 409
    flash(f"The breach is on record, and {exemption_id} is revoked. The risk is decided again.", "good")
    return redirect(url_for("exemptions.one", exemption_id=exemption_id), 303)


@blueprint.post("/exemptions/<exemption_id>/renewal")
def renew(exemption_id: str) -> Response | tuple[str, int]:
    """Ask for a new review in place of an exemption."""
    try:
        case_id = parley().exemptions.ask_renewal(person(), exemption_id, request.form.get("reason", ""))
    except AnswersRefused as refused:
        return _page(exemption_id, errors=refused.errors, typed=request.form), 422
    except (Conflict, RuleBroken) as refused:
        return _page(exemption_id, refusal=str(refused)), 409
    flash("A new review has begun: both leaders are asked for their positions.", "good")
    return redirect(url_for("case.show", instance_id=case_id), 303)


def _page(
    exemption_id: str,
    *,
    errors: Mapping[str, Any] | None = None,
    typed: Mapping[str, str] | None = None,
    refusal: str = "",
    token: str = "",
) -> str:
    return render_template(
        "exemptions/one.html",
        page=parley().exemptions.page(person(), exemption_id),
        errors=errors or {},
        typed=typed or {},
        refusal=refusal,
        token=token or secrets.token_urlsafe(24),
    )
