"""The demonstration's clock, moved forward from its bar. The domain refuses it in a real organisation."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, flash, redirect, request
from werkzeug.wrappers import Response

from webui.display import day, plural
from webui.pages.requests import next_address
from webui.security import from_this_machine
from webui.session import parley, person, web_settings

blueprint = Blueprint("clock", __name__)

STEPS = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30)}


@blueprint.post("/clock")
def move() -> Response:
    """Move the clock on by 1, 7 or 30 days, or to what is due next, and let it happen: timers, reminders."""
    if not from_this_machine(web_settings()):
        abort(403)
    wanted, domain = request.form.get("by", ""), parley()
    if wanted == "due":
        with domain.database.reading() as connection:
            due = domain.engine.worker.next_due(connection)
        if due is None:
            flash("Nothing waits for a later time, so the clock was not moved.", "warn")
            return redirect(next_address(), 303)
        now = domain.clock.move_to(person(), max(due, domain.now()))
    elif wanted in STEPS:
        now = domain.clock.advance(person(), STEPS[wanted])
    else:
        abort(400)
    fired = domain.engine.worker.sweep()
    happened = f"{plural(fired, 'thing')} came due." if fired else "Nothing came due on the way."
    flash(f"It is now {day(now)}. {happened}", "good")
    return redirect(next_address(), 303)
