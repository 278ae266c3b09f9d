"""A task: what is asked, why of me, and the form that answers it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.errors import typed_answers
from webui.pages.requests import answers, submission
from webui.session import parley, person
from workflows.errors import AnswersRefused, Conflict, NotEntitled
from workflows.types import TaskPage, TimelineEntry

blueprint = Blueprint("task", __name__)

DECIDE = "decide"
"""The step beside whose form earlier decisions on like risks stand."""


@blueprint.get("/tasks/<task_id>")
def show(task_id: str) -> str:
    """What is asked, why of the reader, under which policy, and the form."""
    return _page(parley().cases.task_page(person(), task_id))


@blueprint.post("/tasks/<task_id>")
def submit(task_id: str) -> Response | tuple[str, int]:
    """Submit the form. Refused answers come back with the page, and everything that was typed."""
    revision, token = submission()
    given = answers()
    cases = parley().cases
    try:
        receipt = cases.submit(person(), task_id, revision=revision, token=token, answers=given)
    except AnswersRefused as refused:
        page = cases.task_page(person(), task_id, values=given, errors=refused.errors, token=token)
        return _page(page, refused=refused), 422
    except Conflict as conflict:
        page = cases.task_page(person(), task_id)
        return _page(page, conflict=conflict, typed=typed_answers()), 409
    flash(
        "This was stored before; nothing was done twice." if receipt.repeated else "Your answer is stored.",
        "good",
    )
    return redirect(url_for("case.show", instance_id=receipt.instance_id), 303)


@blueprint.post("/tasks/<task_id>/form")
def form(task_id: str) -> str:
    """The form alone, with what was typed so far: fields that depend on others appear or go."""
    reader = person()
    page = parley().cases.task_page(reader, task_id, values=answers(), token=request.form.get("_token"))
    if page.presentation is None:  # closed while its page was open, or somebody else's
        if page.task.state == "open":
            raise NotEntitled(page.why_me, person_id=reader.id, task_id=task_id)
        raise Conflict(page.why_me, task_id=task_id)
    return render_template("task/form.html", page=page, update="task.form", update_of={"task_id": task_id})


def _page(page: TaskPage, **more: Any) -> str:
    asked = page.risk is not None and page.presentation is not None and page.task.element_id == DECIDE
    like = parley().register.precedents(person(), page.risk.id) if asked and page.risk else ()
    return render_template("task/show.html", page=page, before=_before(page), precedents=like, **more)


def _before(page: TaskPage) -> list[TimelineEntry]:
    """The latest answers at each earlier step, but for positions and votes, which stand side by side."""
    shown_elsewhere = {position.element_id for position in page.positions}
    latest = {
        entry.element_id: entry
        for entry in page.timeline
        if entry.kind == "task" and entry.answers and entry.element_id not in shown_elsewhere
    }
    return sorted(latest.values(), key=lambda entry: entry.at)
