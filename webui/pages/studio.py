"""The policy studio: drafts, who must agree to them, a policy's history, what differs, what a move means."""

from __future__ import annotations

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webui.session import parley, person
from workflows.errors import NotFound
from workflows.playing.facade import Playing
from workflows.studio.archive import to_zip, with_scenarios
from workflows.studio.bundles import read_material, read_scenarios, read_uploads
from workflows.studio.diagram_files import blank_form, for_browser
from workflows.types import Role

blueprint = Blueprint("studio", __name__)


@blueprint.get("/drafts")
def drafts() -> str:
    """All drafts, and a form to bring files in."""
    reader = person()
    return render_template(
        "studio/drafts.html",
        area="policies",
        rows=parley().studio.drafts(reader),
        policies=parley().policies.policies(reader),
    )


@blueprint.post("/drafts")
def make() -> Answer:
    """A new draft: from a version, or from uploaded files."""
    based_on = request.form.get("based_on") or None
    key = request.form.get("key", "").strip() or request.form.get("policy", "").strip()
    files, material, scenarios = (None, {}, {}) if based_on else _uploads(key)
    made = parley().studio.make(
        person(), key, title=request.form.get("title", ""), files=files, based_on=based_on
    )
    if files:
        parley().studio.takeover.bring(person(), made.id, files, material)
    if scenarios:
        Playing(parley().context).bring(person(), made.id, scenarios)
    flash("This is your draft. Nothing of it is in force before it is released.", "good")
    return redirect(url_for("studio.draft", draft_id=made.id), 303)


@blueprint.get("/drafts/<draft_id>")
def draft(draft_id: str) -> str:
    """A draft: diagram, findings, comments, who must still agree, and what the reader may do."""
    page = parley().studio.draft(person(), draft_id)
    tools = parley().studio.takeover.tools(person(), draft_id)
    return render_template("studio/draft.html", area="policies", page=page, tools=tools)


@blueprint.get("/drafts/<draft_id>/files/<path:name>")
def file(draft_id: str, name: str) -> Response:
    """One file of a draft, as it is stored. The diagram is drawn from it; a link to it downloads."""
    content = parley().studio.files(person(), draft_id).get(name)
    if content is None:
        raise NotFound("file", name)
    drawn = name.endswith(".bpmn") and "download" not in request.args
    response = Response(
        for_browser(content) if drawn else content,
        mimetype="application/xml" if drawn else "application/octet-stream",
    )
    if not drawn:
        response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@blueprint.post("/drafts/<draft_id>/files")
def bring_in(draft_id: str) -> Answer:
    """Put uploaded files into a draft, in place of those of the same name; schemas stay beside it."""
    files, material, scenarios = _uploads(parley().studio.draft(person(), draft_id).key)
    if files:
        parley().studio.save(person(), draft_id, revision=_revision(), changes=files)
    kept = parley().studio.takeover.bring(person(), draft_id, files, material)
    if scenarios:
        Playing(parley().context).bring(person(), draft_id, scenarios)
    if not files and not kept:
        flash("No diagram of this draft names these schemas. They were not stored.", "warn")
    else:
        flash("The files are in the draft.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/comments")
def comment(draft_id: str) -> Answer:
    """Say something of the draft, or of a step."""
    form = request.form
    parley().studio.comment(
        person(), draft_id, words=form.get("words", ""), element_id=form.get("element", "")
    )
    flash("Your comment stands beside the draft.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/review")
def submit(draft_id: str) -> Answer:
    """Send it to review."""
    parley().studio.submit(person(), draft_id, revision=_revision(), note=request.form.get("words", ""))
    flash("The draft is in review. Nothing of it changes until it is released or sent back.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/agreement")
def agree(draft_id: str) -> Answer:
    """Agree as CIO or CISO, or endorse as an executive."""
    try:
        role = Role(request.form.get("role", ""))
    except ValueError:
        abort(400)
    words = request.form.get("words", "")
    parley().studio.agree(person(), draft_id, role, revision=_revision(), words=words)
    flash("Your agreement is recorded.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/return")
def send_back(draft_id: str) -> Answer:
    """Back to its authors."""
    draft = parley().studio.send_back(person(), draft_id, reason=request.form.get("words", ""))
    if draft.state == "in review":
        flash("Your answer is on record. The draft goes back once the other review is in.", "good")
    else:
        flash("The draft is back with its authors; agreements given so far no longer count.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/withdrawal")
def withdraw(draft_id: str) -> Answer:
    """Give it up."""
    parley().studio.withdraw(person(), draft_id, reason=request.form.get("words", ""))
    flash("The draft is given up. It stays on record.", "good")
    return _back(draft_id)


@blueprint.post("/drafts/<draft_id>/release")
def release(draft_id: str) -> Answer:
    """Release it."""
    version = parley().studio.release(person(), draft_id)
    flash(f"Version {version.number} is released: new cases run under it from now on.", "good")
    return redirect(url_for("studio.history", key=version.key), 303)


@blueprint.get("/drafts/<draft_id>/effect")
def effect(draft_id: str) -> str:
    """What a release would mean for open cases."""
    reader = person()
    page = parley().studio.draft(reader, draft_id)
    rows = parley().studio.effect(reader, draft_id)
    return render_template("studio/effect.html", area="policies", page=page, rows=rows)


@blueprint.get("/policies/<key>/history")
def history(key: str) -> str:
    """A policy's versions: who, when, why, its hash, and the cases under each."""
    reader = person()
    rows = parley().studio.history.versions(reader, key)
    return render_template("studio/history.html", area="policies", key=key, rows=rows)


@blueprint.get("/policies/<key>/versions/<int:number>.zip")
def as_zip(key: str, number: int) -> Response:
    """All files of a version and its scenarios in a zip: the same bytes for the same content."""
    reader = person()
    version, files = parley().studio.history.files(reader, key, number)
    scenarios = Playing(parley().context).of_version(reader, version.hash)
    response = Response(to_zip(with_scenarios(files, scenarios)), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=f"{key}-{number}.zip")
    return response


@blueprint.post("/drafts/<draft_id>/forms")
def new_form(draft_id: str) -> Answer:
    """A new form, with nothing asked yet; its editor is opened."""
    name = request.form.get("name", "").strip().removesuffix(".form") + ".form"
    files = parley().studio.files(person(), draft_id)
    if name in files:
        flash(f"There is a form {name} already. It was left as it is.", "warn")
        return _back(draft_id)
    parley().studio.save(person(), draft_id, revision=_revision(), changes={name: blank_form(name)})
    return redirect(url_for("editors.edit", draft_id=draft_id, name=name), 303)


@blueprint.get("/policies/<key>/difference")
def difference(key: str) -> str:
    """Two versions, or a version and a draft, side by side and in sentences."""
    reader, history = person(), parley().studio.history
    rows = history.versions(reader, key)
    new = request.args.get("new") or rows[0].version.hash
    old = request.args.get("old") or rows[min(1, len(rows) - 1)].version.hash
    found = history.difference(reader, key, old, new)
    return render_template(
        "studio/difference.html", area="policies", key=key, rows=rows, found=found, old=old, new=new,
        old_diagram=_drawing(key, old, found.old_diagram), new_diagram=_drawing(key, new, found.new_diagram),
    )  # fmt: skip


@blueprint.get("/policies/<key>/move")
def moving(key: str) -> str:
    """What moving all open cases to the newest version would mean."""
    reader = person()
    rows = parley().studio.history.move_preview(reader, key)
    latest = parley().studio.history.versions(reader, key)[0].version
    return render_template("studio/move.html", area="policies", key=key, latest=latest, rows=rows)


@blueprint.post("/policies/<key>/move")
def move(key: str) -> Answer:
    """Move those that can."""
    again = request.form.get("timers") == "restart"
    reason = request.form.get("words", "")
    done = parley().studio.history.move(person(), key, reason=reason, restart_timers=again)
    stayed = f" {len(done.stayed)} stayed on their version." if done.stayed else ""
    flash(f"Moved: {done.moved}.{stayed}", "warn" if done.stayed else "good")
    return redirect(url_for("studio.moving", key=key), 303)


def _back(draft_id: str) -> Answer:
    return redirect(url_for("studio.draft", draft_id=draft_id), 303)


def _revision() -> int:
    return request.form.get("revision", -1, type=int)


def _uploads(key: str) -> tuple[dict[str, bytes], dict[str, bytes], dict[str, str]]:
    """What was uploaded: the files of a policy, schemas of other tools' forms, its scenarios."""
    given = [(each.filename or "", each.read()) for each in request.files.getlist("files")]
    material, scenarios = read_material(given), read_scenarios(given, key)
    alone = bool(material) and all(name.endswith(".json") for name, _ in given)
    return ({} if alone else read_uploads(given)), material, scenarios


def _drawing(key: str, name: str, path: str | None) -> str:
    if path is None:
        return ""
    if name.startswith("draft:"):
        return url_for("studio.file", draft_id=name.removeprefix("draft:"), name=path)
    return url_for("policies.diagram", key=key, version_hash=name)
