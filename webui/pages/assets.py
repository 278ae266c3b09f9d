"""Assets: who owns what, and changing it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.types import Level

blueprint = Blueprint("assets", __name__)


@blueprint.get("/assets")
def show() -> str:
    """All assets with owner and criticality."""
    domain = parley()
    return render_template(
        "assets/show.html",
        rows=domain.risks.assets(person()),
        units=domain.identity.units(),
        levels=tuple(reversed(Level)),
    )


@blueprint.post("/assets")
def add() -> Response:
    """Add an asset."""
    asset = parley().risks.add_asset(person(), **_given())
    flash(f"{asset.name} is in the list.", "good")
    return redirect(url_for("assets.show"), 303)


@blueprint.post("/assets/<asset_id>")
def change(asset_id: str) -> Response:
    """Change an asset: its new owner answers for open cases from their next task on."""
    parley().register.change_asset(person(), asset_id, _given(), request.form.get("reason", ""))
    flash("The asset is changed. Open cases go to its owner from their next task on.", "good")
    return redirect(url_for("assets.show"), 303)


def _given() -> dict[str, Any]:
    return {
        "name": request.form.get("name", "").strip(),
        "owner_unit": request.form.get("owner_unit", ""),
        "criticality": request.form.get("criticality", ""),
        "is_shared": request.form.get("is_shared") == "1",
        "description": request.form.get("description", "").strip(),
    }
