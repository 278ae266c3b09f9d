"""What Parley is, and the standards it goes by."""

from __future__ import annotations

from flask import Blueprint, render_template

from webui.session import public

blueprint = Blueprint("about", __name__)


@blueprint.get("/about")
@public
def show() -> str:
    """A small page about this installation."""
    return render_template("about/show.html")
