"""The weekly dialogue of the CIO and the CISO: this week's agenda, what is put down, what was agreed."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.dialogue.types import AgendaItem, DialoguePage, NoteKind
from workflows.errors import AnswersRefused, Conflict, RuleBroken

blueprint = Blueprint("dialogue", __name__)

WHOLE = "organisation"
"""Name in the address of the pair that leads the whole organisation."""

KINDS = {
    "raised": "Risks raised",
    "decided": "Risks decided",
    "challenged": "Decisions challenged",
    "overdue": "Late on one of your desks",
    "expiring": "Exemptions that expire within 30 days",
    "action": "Actions still open",
}
"""Headings of the agenda, in the order in which it is talked through."""

NOTES = {
    NoteKind.INITIATIVE: "Initiative",
    NoteKind.CHALLENGE: "Operational challenge",
    NoteKind.OUTCOME: "Outcome",
    NoteKind.ACTION: "Action",
}


@blueprint.get("/dialogue")
def mine() -> str:
    """The dialogue of the reader's own pair."""
    return _page(parley().dialogue.page(person(), first=True))


@blueprint.get("/dialogue/<unit>")
def show(unit: str) -> str:
    """The dialogue of one pair."""
    return _page(parley().dialogue.page(person(), _unit(unit)))


@blueprint.post("/dialogue/<unit>/notes")
def put_down(unit: str) -> Response | tuple[str, int]:
    """Put down an initiative or a challenge, or draft an outcome or an action."""
    try:
        kind = NoteKind(request.form.get("kind", ""))
    except ValueError:
        raise BadRequest from None
    text, owner, due_on = (request.form.get(name, "") for name in ("text", "owner", "due_on"))
    try:
        parley().dialogue.put_down(
            person(), _unit(unit), kind, text, owner=owner or None, due_on=_date(due_on)
        )
    except AnswersRefused as refused:
        page = parley().dialogue.page(person(), _unit(unit))
        return _page(page, errors=refused.errors, typed=request.form), 422
    except (Conflict, RuleBroken) as refused:
        page = parley().dialogue.page(person(), _unit(unit))
        return _page(page, refusal=str(refused), typed=request.form), 409
    flash(f"{NOTES[kind]} put down.", "good")
    return redirect(_back(unit, "drafts" if kind.is_draft else "items"), 303)


@blueprint.post("/dialogue/<unit>/notes/<note_id>/take-back")
def take_back(unit: str, note_id: str) -> Response | tuple[str, int]:
    """Take a note back: nothing of it is kept."""
    try:
        parley().dialogue.take_back(person(), _unit(unit), note_id)
    except Conflict as refused:
        return _page(parley().dialogue.page(person(), _unit(unit)), refusal=str(refused)), 409
    flash("Taken back. Nothing of it is kept.", "good")
    return redirect(_back(unit, "items"), 303)


@blueprint.post("/dialogue/<unit>/actions/<action_id>")
def end_action(unit: str, action_id: str) -> Response | tuple[str, int]:
    """Say that an action is done, or dropped."""
    how = request.form.get("how", "")
    if how not in ("done", "dropped"):
        raise BadRequest
    try:
        parley().dialogue.end_action(person(), action_id, how)
    except Conflict as refused:
        return _page(parley().dialogue.page(person(), _unit(unit)), refusal=str(refused)), 409
    flash(f"The action is {how}.", "good")
    return redirect(_back(unit, "actions"), 303)


def _unit(name: str) -> str | None:
    return None if name == WHOLE else name


def _back(unit: str, part: str) -> str:
    return f"{url_for('dialogue.show', unit=unit)}#{part}"


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(page: DialoguePage, **more: Any) -> str:
    agenda: list[tuple[str, list[AgendaItem]]] = []
    if page.current is not None:
        for kind, heading in KINDS.items():
            lines = [line for line in page.current.agenda if line.kind == kind]
            if lines:
                agenda.append((heading, lines))
    people = sorted(parley().identity.people(), key=lambda one: one.name) if page.is_mine else []
    shown = {"errors": {}, "typed": {}, "refusal": ""} | more
    return render_template(
        "dialogue/show.html",
        page=page,
        agenda=agenda,
        unit=page.pair.unit or WHOLE,
        whole=WHOLE,
        people=people,
        notes=NOTES,
        **shown,
    )
