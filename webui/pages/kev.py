"""The catalogue of known exploited vulnerabilities: search it, and raise a risk from an entry."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from webui.pages.requests import page_number
from webui.session import parley, person

blueprint = Blueprint("kev", __name__)


@blueprint.get("/kev")
def show() -> str:
    """The catalogue, newest first, narrowed by what is searched for."""
    search = request.args.get("q", "").strip()[:200]
    page = parley().risks.kev_entries(person(), search, page_number())
    return render_template("kev/show.html", page=page, search=search)


@blueprint.get("/kev/<cve_id>")
def one(cve_id: str) -> str:
    """One entry, and the risks raised from it."""
    return render_template("kev/one.html", entry=parley().risks.kev_entry(person(), cve_id))
