"""Playing a draft: its real forms, as anybody, on a moved clock; and what its scenarios say of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webui.display import plural
from webui.pages.requests import answers
from webui.session import parley, person
from workflows.errors import AnswersRefused
from workflows.playing.facade import Playing
from workflows.studio.diagram_files import for_browser

blueprint = Blueprint("play", __name__)

FIELDS = {"_run", "_task", "_as"}
"""Hidden fields of the page, beside those that every form has."""
UNITS = {"hours": "PT{}H", "days": "P{}D", "weeks": "P{}W"}


@blueprint.get("/drafts/<draft_id>/play")
def show(draft_id: str) -> str:
    """The dry run: diagram, open tasks, the form of one of them, the clock, the record."""
    return _page(draft_id)


@blueprint.post("/drafts/<draft_id>/play")
def begin(draft_id: str) -> Answer:
    """Set a new stage, with the draft as it is now."""
    playing().begin(person(), draft_id)
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/play/acts")
def act(draft_id: str) -> Answer | tuple[str, int]:
    """Begin the case, or do a task, as somebody of the stage. Refused answers come back with the page."""
    given = {key: value for key, value in answers().items() if key not in FIELDS}
    task_id, person_id = request.form.get("_task", ""), request.form.get("_as", "")
    try:
        playing().act(
            person(), draft_id, revision=_revision(), task_id=task_id, person_id=person_id, answers=given
        )
    except AnswersRefused as refused:
        return _page(draft_id, values=given, errors=refused.errors), 422
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/play/form")
def form(draft_id: str) -> str:
    """The form alone, with what was typed so far: fields that depend on others appear or go."""
    given = {key: value for key, value in answers().items() if key not in FIELDS}
    return render_template("task/form.html", **_shown(draft_id, given, None))


@blueprint.post("/drafts/<draft_id>/play/time")
def advance(draft_id: str) -> Answer:
    """Let time pass."""
    number, unit = request.form.get("number", 1, type=int), UNITS.get(request.form.get("unit", ""))
    duration = unit.format(max(1, min(number, 10_000))) if unit else ""
    playing().advance(person(), draft_id, revision=_revision(), duration=duration)
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/play/back")
def take_back(draft_id: str) -> Answer:
    """Take the last act back."""
    playing().take_back(person(), draft_id, revision=_revision())
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/play/scenario")
def keep(draft_id: str) -> Answer:
    """Keep the dry run as a scenario of the draft."""
    words = request.form
    playing().keep(
        person(), draft_id, revision=_revision(), title=words.get("title", ""), story=words.get("story", "")
    )
    flash(
        "The dry run is kept as a scenario of this draft, and will be told again after each change.", "good"
    )
    return redirect(url_for("play.scenarios", draft_id=draft_id), 303)


@blueprint.get("/drafts/<draft_id>/play/path")
def path(draft_id: str) -> Response:
    """Where the tokens of the dry run are, and were."""
    page = playing().page(person(), draft_id)
    taken = page.path if page else None
    return jsonify(
        completed=dict(taken.completed) if taken else {},
        flows=dict(taken.flows) if taken else {},
        waiting=list(taken.waiting) if taken else [],
        failed=list(taken.failed) if taken else [],
    )


@blueprint.get("/drafts/<draft_id>/play/diagrams/<path:name>")
def drawing(draft_id: str, name: str) -> Response:
    """A diagram of the stage."""
    return Response(for_browser(playing().diagram(person(), draft_id, name)), mimetype="application/xml")


@blueprint.get("/drafts/<draft_id>/scenarios")
def scenarios(draft_id: str) -> str:
    """The draft's scenarios, and what comes out otherwise than under the version it was made from."""
    reader = person()
    page = parley().studio.draft(reader, draft_id)
    found = playing().scenarios(reader, draft_id)
    return render_template("studio/scenarios.html", area="policies", page=page, found=found)


@blueprint.post("/drafts/<draft_id>/scenarios")
def tell(draft_id: str) -> Answer:
    """Tell one scenario, or those that were not told yet, as far as a request's time goes."""
    left = playing().tell(person(), draft_id, request.form.get("name", ""))
    if left:
        flash(f"{plural(left, 'scenario')} are left to be told. Go on when you like.", "warn")
    return redirect(url_for("play.scenarios", draft_id=draft_id), 303)


@blueprint.post("/drafts/<draft_id>/scenarios/<name>/out")
def take_out(draft_id: str, name: str) -> Answer:
    """Take a scenario out of the draft, which makes it untrue on purpose."""
    playing().take_out(person(), draft_id, name, reason=request.form.get("words", ""))
    flash("The scenario is out of this draft. The version that has it keeps it; so does the record.", "good")
    return redirect(url_for("play.scenarios", draft_id=draft_id), 303)


def playing() -> Playing:
    """Dry runs over the database that is served."""
    return Playing(parley().context)


def _page(draft_id: str, values: Mapping[str, Any] | None = None, errors: Any = None) -> str:
    return render_template("studio/play.html", area="policies", **_shown(draft_id, values, errors))


def _shown(draft_id: str, values: Mapping[str, Any] | None, errors: Any) -> dict[str, Any]:
    reader, said = person(), request.values
    run = playing().page(
        reader,
        draft_id,
        task_id=said.get("_task", ""),
        person_id=said.get("_as", ""),
        diagram=said.get("diagram"),
        values=values,
        errors=errors,
    )
    return {
        "draft": parley().studio.draft(reader, draft_id),
        "run": run,
        "page": run.asked if run else None,
        "update": "play.form",
        "update_of": {"draft_id": draft_id},
        "refused": errors,
    }


def _back(draft_id: str) -> Answer:
    return redirect(url_for("play.show", draft_id=draft_id), 303)


def _revision() -> int:
    return request.form.get("_run", -1, type=int)
