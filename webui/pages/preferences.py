"""What a person likes: light or dark. Kept in the browser, so it works before signing in."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, request

from webui.pages.requests import next_address
from webui.session import public, web_settings
from webui.shell import THEMES

blueprint = Blueprint("preferences", __name__)

A_YEAR = 365 * 24 * 3600


@blueprint.post("/preferences/theme")
@public
def theme() -> Response:
    """Choose light or dark colours; without a choice the browser's own setting counts."""
    chosen = request.form.get("theme", "")
    wants_page = "X-Requested-With" not in request.headers
    response = make_response(redirect(next_address(), 303)) if wants_page else Response(status=204)
    if chosen in THEMES:
        response.set_cookie(
            "theme",
            chosen,
            max_age=A_YEAR,
            secure=web_settings().secure_cookies,
            httponly=True,
            samesite="Lax",
        )
    return response
