"""A policy in use, on its diagram: what waits where, how long steps take, which ways are taken."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Blueprint, render_template, url_for

from webui.display import plural
from webui.session import parley, person
from workflows.studio.live import LiveView

blueprint = Blueprint("live", __name__)


@blueprint.get("/policies/<key>/live")
@blueprint.get("/policies/<key>/<version_hash>/live")
def show(key: str, version_hash: str | None = None) -> str:
    """The figures of a version's cases; of the newest where none is named."""
    reader = person()
    view = parley().studio.live.view(reader, key, version_hash)
    versions = parley().studio.history.versions(reader, key)
    return render_template(
        "studio/live.html", area="policies", view=view, versions=versions, marks=_marks(view), span=span
    )


@blueprint.get("/policies/<key>/<version_hash>/live/<element_id>")
def waiting(key: str, version_hash: str, element_id: str) -> str:
    """The open cases that wait at a step."""
    reader = person()
    view = parley().studio.live.view(reader, key, version_hash)
    name = next((step.name for step in view.steps if step.id == element_id), element_id)
    rows = parley().studio.live.waiting(reader, key, version_hash, element_id)
    return render_template(
        "studio/waiting.html", area="policies", view=view, name=name, rows=rows, now=parley().now()
    )


def span(time: timedelta | None) -> str:
    """A span of time in the unit a person would use."""
    if time is None:
        return "—"
    hours = time / timedelta(hours=1)
    if hours < 1:
        return plural(max(1, round(hours * 60)), "minute")
    if hours < 48:
        return plural(round(hours), "hour")
    return plural(round(hours / 24), "day")


def _marks(view: LiveView) -> list[dict[str, Any]]:
    """What the diagram shows at each step where anything waits or was done."""
    version = view.version
    return [
        {
            "element": step.id,
            "waiting": step.waiting,
            "label": f"{plural(step.waiting, 'case')} waiting at {step.name}",
            "time": f"{span(step.median)}, 90th {span(step.ninth)}" if step.median else "",
            "address": url_for(
                "live.waiting", key=version.key, version_hash=version.hash, element_id=step.id
            ),
        }
        for step in view.steps
        if step.waiting or step.done
    ] + [
        {
            "element": each.id,
            "waiting": each.waiting,
            "label": f"{plural(each.waiting, 'task')} waiting within {each.name}",
            "time": "",
            "address": "#steps",
        }
        for each in view.within
    ]
