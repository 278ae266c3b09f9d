"""The editors of a draft's files: diagrams, tables and forms, and what they ask the server meanwhile."""

from __future__ import annotations

import json
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from forms import FormError, Kind, parse, present
from webui.security import CONTENT_SECURITY_POLICY
from webui.session import parley, person
from workflows.errors import NotFound
from workflows.studio.expressions import mistake
from workflows.studio.types import DraftFinding, DraftPage
from workflows.types import Role

blueprint = Blueprint("editors", __name__)

LARGEST_SAVE = 8_000_000
"""Bytes of what an editor sends: a file twice, as it was and as it is."""
TABLE_POLICY = f"{CONTENT_SECURITY_POLICY}; style-src-attr 'unsafe-inline'"
"""The table editor sets the width of columns by style attributes; nothing else is allowed on its page."""
PAGES = {"bpmn": "studio/edit.html", "dmn": "studio/edit_table.html", "form": "studio/edit_form.html"}


@blueprint.get("/drafts/<draft_id>/edit")
@blueprint.get("/drafts/<draft_id>/edit/<path:name>")
def edit(draft_id: str, name: str | None = None) -> Answer:
    """The editor of a file, else of the main diagram; who may not change it is led to the draft's page."""
    reader = person()
    page = parley().studio.draft(reader, draft_id)
    path = name or page.diagram
    if not page.allowed.change or path is None:
        flash("This draft can be read and commented here, not drawn.", "warn")
        return redirect(url_for("studio.draft", draft_id=draft_id), 303)
    files = parley().studio.files(reader, draft_id)
    if path not in files:
        raise NotFound("file", path)
    kind = path.rpartition(".")[2]
    shown = render_template(
        PAGES[kind], area="policies", page=page, path=path, setting=_setting(page, path, files)
    )
    response = make_response(shown)
    if kind == "dmn":
        response.headers["Content-Security-Policy"] = TABLE_POLICY
    return response


@blueprint.post("/api/drafts/<draft_id>/file")
def save(draft_id: str) -> Response:
    """Save what an editor sends; answers `{revision, findings}`.

    `{revision, path, text, before}`: `before` is what the editor wrote when it had last read or saved it.
    """
    request.max_content_length = LARGEST_SAVE
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict) or not isinstance(sent.get("text"), str):
        abort(400)
    before = sent.get("before")
    if before is not None and not isinstance(before, str):
        abort(400)
    try:
        revision, path = int(sent["revision"]), str(sent["path"])
    except (KeyError, TypeError, ValueError):
        abort(400)
    if not path.endswith(tuple(PAGES)):
        abort(400)
    studio, author = parley().studio, person()
    saved = studio.save(
        author,
        draft_id,
        revision=revision,
        changes={path: sent["text"].encode()},
        before={path: before.encode()} if before else None,
    )
    return jsonify(revision=saved.revision, findings=_findings(studio.findings(author, draft_id)))


@blueprint.get("/drafts/<draft_id>/preview/<path:name>")
def preview(draft_id: str, name: str) -> str:
    """A form as the person who does the task will see it, without the page around it."""
    content = parley().studio.files(person(), draft_id).get(name)
    if content is None or not name.endswith(".form"):
        raise NotFound("form", name)
    try:
        shown = present(parse(content), data={}, now=parley().now())
    except FormError as error:
        return render_template("parts/form_preview.html", shown=None, findings=str(error).splitlines())
    return render_template("parts/form_preview.html", shown=shown, findings=[])


@blueprint.get("/api/feel")
def check_expression() -> Response:
    """What is wrong with an expression, `{mistake: sentence or null}`; asked while it is typed."""
    parley().studio.drafts(person())
    return jsonify(mistake=mistake(request.args.get("text", "")))


def _findings(found: tuple[DraftFinding, ...]) -> list[dict[str, Any]]:
    return [
        {"element": each.element_id, "name": each.element_name, "sentence": each.sentence,
         "refused": each.is_refusal, "path": each.path, "rule": each.rule}
        for each in found
    ]  # fmt: skip


def _setting(page: DraftPage, path: str, files: dict[str, bytes]) -> str:
    """What the editors offer to choose from: roles, forms with their fields, operations, components."""
    asked = {each: _fields(content) for each, content in files.items() if each.endswith(".form")}
    return json.dumps(
        {
            "revision": page.revision,
            "path": path,
            "roles": [{"value": role.value, "label": role.label} for role in Role],
            "forms": asked,
            "operations": sorted(parley().studio.operations()),
            "components": [kind.value for kind in Kind],
            "findings": _findings(page.findings),
        }
    )


def _fields(content: bytes) -> list[dict[str, Any]]:
    try:
        form = parse(content)
    except FormError:
        return []
    return [
        {
            "key": field.key,
            "kind": field.kind.value,
            "options": [
                {"value": each.value, "label": each.label}
                for each in (field.choices.fixed if field.choices else ())
            ],
        }
        for field in form.fields
    ]
