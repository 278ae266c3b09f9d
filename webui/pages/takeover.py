"""Taking over what a file of another tool says: its offers, and the list of what could not be taken over."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from webui.session import parley, person
from workflows.errors import NotFound
from workflows.studio.takeover import KINDS
from workflows.studio.takeover.exporting import as_csv

blueprint = Blueprint("takeover", __name__)

ALL = "all"
"""What the button says that takes every offer for which nothing is left to be chosen."""


@blueprint.get("/drafts/<draft_id>/takeover")
def show(draft_id: str) -> str:
    """Offers by kind, what was taken, and what could not be taken over."""
    page = parley().studio.takeover.page(person(), draft_id)
    groups = [(label, [each for each in page.offers if each.kind == kind]) for kind, label in KINDS.items()]
    return render_template(
        "studio/takeover.html", area="policies", page=page, groups=[group for group in groups if group[1]]
    )


@blueprint.post("/drafts/<draft_id>/takeover")
def take(draft_id: str) -> Answer:
    """Take one offer, or all for which nothing is left to be chosen."""
    author, takeovers, form = person(), parley().studio.takeover, request.form
    choices = {
        name.removeprefix("choice-"): value for name, value in form.items() if name.startswith("choice-")
    }
    wanted = [form.get("take", "")]
    if wanted == [ALL]:
        open_now = takeovers.page(author, draft_id).offers
        wanted = [each.id for each in open_now if not each.choices or choices.get(each.id)]
        if not wanted:
            flash("Each of these offers leaves something to be chosen. Choose, then take it.", "warn")
            return redirect(url_for("takeover.show", draft_id=draft_id), 303)
    takeovers.take(author, draft_id, revision=_revision(), offers=wanted, choices=choices)
    flash("Taken over. What the files were is kept, and this can be undone.", "good")
    return redirect(url_for("takeover.show", draft_id=draft_id), 303)


@blueprint.post("/drafts/<draft_id>/takeover/undo")
def undo(draft_id: str) -> Answer:
    """Give the last taking back."""
    parley().studio.takeover.undo(person(), draft_id, revision=_revision())
    flash("The files are again what they were before, byte for byte.", "good")
    return redirect(url_for("takeover.show", draft_id=draft_id), 303)


@blueprint.get("/drafts/<draft_id>/takeover.csv")
def listed(draft_id: str) -> Response:
    """What could not be taken over, as a table for a spreadsheet."""
    page = parley().studio.takeover.page(person(), draft_id)
    response = Response(as_csv(page.left), mimetype="text/csv")
    response.headers.set("Content-Disposition", "attachment", filename=f"{page.key}-not-taken-over.csv")
    return response


@blueprint.get("/drafts/<draft_id>/material/<path:name>")
def material(draft_id: str, name: str) -> Response:
    """A file that came with the draft and is no part of a policy, as it came."""
    content = parley().studio.takeover.material(person(), draft_id, name)
    if content is None:
        raise NotFound("file", name)
    return _file(content, name)


@blueprint.get("/drafts/<draft_id>/earlier/<int:revision>/<path:name>")
def earlier(draft_id: str, revision: int, name: str) -> Response:
    """A file as it was before offers were taken."""
    return _file(parley().studio.takeover.earlier(person(), draft_id, revision, name), name)


def _file(content: bytes, name: str) -> Response:
    response = Response(content, mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _revision() -> int:
    return request.form.get("revision", -1, type=int)
