"""Exemptions: which are in force, which run out soon, which have run out."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webui.session import parley, person

blueprint = Blueprint("exemptions", __name__)

SOON = 30
"""Days within which an exemption counts as running out soon."""

VIEWS = ("active", "soon", "all")


@blueprint.get("/exemptions")
def show() -> str:
    """The exemptions in force, or those that run out soon, or all there ever were."""
    view = request.args.get("show", "active")
    view = view if view in VIEWS else "active"
    exemptions, reader = parley().exemptions, person()
    every = exemptions.all(reader)
    active = [each for each in every if each.state == "active"]
    soon = [each for each in active if each.days_left <= SOON]
    return render_template(
        "exemptions/show.html",
        rows={"active": active, "soon": soon, "all": every}[view],
        view=view,
        counts={"active": len(active), "soon": len(soon), "all": len(every)},
        soon=SOON,
    )


@blueprint.get("/exemptions/<exemption_id>")
def one(exemption_id: str) -> str:
    """One exemption, with what it rests on."""
    exemption = parley().exemptions.exemption(person(), exemption_id)
    return render_template("exemptions/one.html", exemption=exemption)
