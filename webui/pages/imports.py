"""Import of a register: take a file in, map its columns, try it, store it in steps, undo it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response

from webui.display import plural
from webui.session import parley, person
from workflows.errors import FileRefused
from workflows.imports.mapping import FIELDS
from workflows.imports.types import ImportState

blueprint = Blueprint("imports", __name__)


@blueprint.get("/imports")
def show() -> str:
    """All imports, and the form for another one."""
    return render_template("imports/show.html", rows=parley().imports.every(person()), refused=None)


@blueprint.post("/imports")
def upload() -> Response | tuple[str, int]:
    """Take a file in; a refused one comes back with the sentence that says why."""
    file = request.files.get("file")
    if file is None or not file.filename:
        raise BadRequest
    try:
        found = parley().imports.take_in(person(), file.filename, file.stream.read())
    except FileRefused as refused:
        rows = parley().imports.every(person())
        return render_template("imports/show.html", rows=rows, refused=str(refused)), 422
    return redirect(url_for("imports.one", import_id=found.id), 303)


@blueprint.get("/imports/<import_id>")
def one(import_id: str) -> str:
    """One import: its columns and what it would do, or how far it has come and what it did."""
    domain, reader = parley(), person()
    found = domain.imports.find(reader, import_id)
    mapping = _mapping(request.args) if request.args else dict(found.mapping)
    needed = [field.label for field in FIELDS if field.required and field.key not in mapping]
    fits = not needed and all(0 <= at < len(found.header) for at in mapping.values())
    trying = found.state is ImportState.READ and fits
    return render_template(
        "imports/one.html",
        found=found,
        fields=FIELDS,
        mapping=mapping,
        needed=needed,
        tried=domain.imports.dry_run(reader, import_id, mapping) if trying else None,
        risks=domain.imports.risks(reader, import_id) if found.stored else [],
    )


@blueprint.post("/imports/<import_id>/start")
def start(import_id: str) -> Response:
    """Fix the columns and begin."""
    parley().imports.start(person(), import_id, _mapping(request.form))
    return redirect(url_for("imports.one", import_id=import_id), 303)


@blueprint.post("/imports/<import_id>/step")
def step(import_id: str) -> Response:
    """Store the next rows."""
    found = parley().imports.step(person(), import_id)
    if found.state is ImportState.DONE:
        flash(f"{plural(found.stored, 'risk')} of {found.source} are in the register, undecided.", "good")
    return redirect(url_for("imports.one", import_id=import_id), 303)


@blueprint.post("/imports/<import_id>/undo")
def undo(import_id: str) -> Response:
    """Close its risks again."""
    found = parley().imports.undo(person(), import_id, request.form.get("reason", ""))
    flash(f"{found.id} is undone: its risks are closed, and the record says why.", "good")
    return redirect(url_for("imports.one", import_id=import_id), 303)


def _mapping(given: Mapping[str, str]) -> dict[str, int]:
    keys = {field.key for field in FIELDS}
    return {key: int(at) for key, at in given.items() if key in keys and at.isascii() and at.isdigit()}
