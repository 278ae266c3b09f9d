"""The policies: which there are, and each version with its diagram, its forms and its hash."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from flask import Blueprint, Response, render_template

from forms import FormError, Presentation, parse, present
from webui.session import parley, person
from workflows.errors import NotFound
from workflows.types import PolicyPage

blueprint = Blueprint("policies", __name__)

KEPT = "private, max-age=31536000, immutable"
"""A version never changes, so a browser may keep its diagram for as long as it likes."""


@blueprint.get("/policies")
def show() -> str:
    """All policies in their latest version."""
    return render_template("policies/show.html", policies=parley().policies.policies(person()))


@blueprint.get("/policies/<key>")
@blueprint.get("/policies/<key>/<version_hash>")
def version(key: str, version_hash: str | None = None) -> str:
    """One version of a policy; the latest where none is named."""
    policies, reader = parley().policies, person()
    page = policies.page(reader, key, version_hash)
    forms = _forms(page, lambda path: policies.file(reader, page.version.hash, path))
    return render_template(
        "policies/version.html", page=page, versions=policies.versions(reader, key), forms=forms
    )


@blueprint.get("/policies/<key>/<version_hash>/diagram.bpmn")
def diagram(key: str, version_hash: str) -> Response:
    """The diagram of a version, as BPMN 2.0."""
    content = parley().cases.diagram(person(), version_hash)
    return Response(content, mimetype="application/xml", headers={"Cache-Control": KEPT})


@blueprint.get("/policies/<key>/<version_hash>/diagrams/<path:name>")
def drawing(key: str, version_hash: str, name: str) -> Response:
    """One diagram of a version: its own, or that of a policy it calls."""
    if not name.endswith(".bpmn"):
        raise NotFound("diagram", name)
    content = parley().policies.file(person(), version_hash, name)
    return Response(content, mimetype="application/xml", headers={"Cache-Control": KEPT})


@blueprint.get("/policies/<key>/<version_hash>/files/<path:name>")
def file(key: str, version_hash: str, name: str) -> Response:
    """One file of a version, as it was released. Sent as a download: a browser must not run what it holds."""
    content = parley().policies.file(person(), version_hash, name)
    response = Response(content, mimetype="application/octet-stream", headers={"Cache-Control": KEPT})
    response.headers.set("Content-Disposition", "attachment", filename=name.rsplit("/", 1)[-1])
    return response


def _forms(page: PolicyPage, read: Callable[[str], bytes]) -> list[tuple[str, Presentation]]:
    """What each form of a version asks, under the name of its file; one that no page can show is left out."""
    now, shown = parley().now(), []
    for file in page.files:
        if file.path.endswith(".form"):
            with suppress(FormError):
                shown.append((file.path, present(parse(read(file.path)), data={}, now=now)))
    return shown
