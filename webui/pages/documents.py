"""The document of a policy: a version, or a draft, as one page to be printed or kept as PDF."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, url_for

from webui.session import parley, person
from workflows.studio.diagram_files import for_browser

blueprint = Blueprint("documents", __name__)


@blueprint.get("/policies/<key>/<version_hash>/document")
def version(key: str, version_hash: str) -> str:
    """The document of a version."""
    found = parley().studio.documents.of_version(person(), key, version_hash)
    drawings = {
        each.path: url_for("policies.drawing", key=key, version_hash=version_hash, name=each.path)
        for each in found.diagrams
    }
    back = url_for("policies.version", key=key, version_hash=version_hash)
    return render_template(
        "studio/document.html", area="policies", document=found, drawings=drawings, back=back
    )


@blueprint.get("/drafts/<draft_id>/document")
def draft(draft_id: str) -> str:
    """The document of a draft, marked as one."""
    found = parley().studio.documents.of_draft(person(), draft_id)
    drawings = {
        each.path: url_for("documents.drawing", draft_id=draft_id, name=each.path) for each in found.diagrams
    }
    back = url_for("studio.draft", draft_id=draft_id)
    return render_template(
        "studio/document.html", area="policies", document=found, drawings=drawings, back=back
    )


@blueprint.get("/drafts/<draft_id>/document/<path:name>")
def drawing(draft_id: str, name: str) -> Response:
    """A diagram of a draft, or of what it calls."""
    content = parley().studio.documents.diagram_of_draft(person(), draft_id, name)
    return Response(for_browser(content), mimetype="application/xml")
