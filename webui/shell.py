"""What frames every page: who is signed in, where one is, the demonstration's bar, the colours chosen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask, g, request

from webui.navigation import area_of, offered
from webui.security import from_this_machine
from webui.session import current_person, parley, web_settings
from webui.version import __version__
from workflows.types import Permission

THEMES = ("light", "dark")


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What the bar of a demonstration says."""

    organisation: str
    notice: str
    now: datetime
    ahead: int
    """Whole days that the demonstration's date is ahead of the real one; below 0 where it is behind."""
    can_move: bool


def demonstration() -> Demonstration | None:
    """The demonstration's bar; None in a real organisation."""
    domain = parley()
    installation = domain.installation()
    if installation is None or not installation.is_demonstration:
        return None
    now = domain.now()
    ahead = (now.date() - datetime.now(UTC).date()).days
    can_move = from_this_machine(web_settings()) and current_person() is not None
    return Demonstration(installation.organisation, installation.notice, now, ahead, can_move)


def may(permission: Permission) -> bool:
    """Whether the person signed in holds a permission. For what a page offers; the domain checks for
    itself."""
    found = current_person()
    if found is None:
        return False
    if "permissions" not in g:
        g.permissions = parley().identity.permissions(found)
    return permission in g.permissions


def _context() -> dict[str, Any]:
    found = current_person() if not g.get("bare") else None
    theme = request.cookies.get("theme", "")
    return {
        "charter_out_of_date": found is not None and parley().charter.out_of_date(),
        "person": found,
        "navigation": offered(may) if found else (),
        "area": area_of(request.endpoint or ""),
        "theme": theme if theme in THEMES else "",
        "bare": bool(g.get("bare")),
        "parley_version": __version__,
        "may": may,
        "Permission": Permission,
        "partial": "HX-Request" in request.headers and "HX-Boosted" not in request.headers,
    }


def install(app: Flask) -> None:
    """Give every template what the frame needs."""
    app.context_processor(_context)
    app.jinja_env.globals["demonstration"] = demonstration
