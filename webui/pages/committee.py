"""The committee room: when the committee meets, its dockets with briefs and ballots, and the minutes."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import NotFound, RuleBroken

blueprint = Blueprint("committee", __name__)


@blueprint.get("/committee")
def show() -> str:
    """Who sits in the committee, and its meetings."""
    return _room()


@blueprint.post("/committee/<committee_id>/meetings")
def plan(committee_id: str) -> Response | tuple[str, int]:
    """Plan a meeting ahead."""
    begins = _moment(request.form.get("date", ""), request.form.get("time", ""))
    if begins is None:
        return _room(refusal="Say on which day and at what time it begins. Nothing was planned."), 422
    try:
        made = parley().committee.plan_meeting(
            person(), committee_id, begins_at=begins, place=request.form.get("place", "")[:200]
        )
    except RuleBroken as refused:
        return _room(refusal=str(refused)), 409
    flash("The meeting is planned.", "good")
    return redirect(url_for("committee.meeting", meeting_id=made.id), 303)


@blueprint.get("/committee/meetings/<meeting_id>")
def meeting(meeting_id: str) -> str:
    """One meeting: the docket, and each matter's brief, ballot and minutes."""
    return render_template("committee/meeting.html", page=parley().committee.meeting(person(), meeting_id))


@blueprint.get("/committee/matters/<docket_id>/minutes")
def minutes(docket_id: str) -> str:
    """The minutes of one matter, to be read or printed."""
    return _minutes(docket_id)


@blueprint.post("/committee/matters/<docket_id>/minutes")
def confirm(docket_id: str) -> Response | tuple[str, int]:
    """The chair's word on whether the procedure was kept."""
    kept = request.form.get("procedure")
    if kept not in ("kept", "not_kept"):
        return _minutes(docket_id, refusal="Say whether the procedure was kept. Nothing was recorded."), 422
    try:
        parley().committee.confirm_minutes(
            person(), docket_id, procedure_kept=kept == "kept", words=request.form.get("words", "")[:2000]
        )
    except RuleBroken as refused:
        return _minutes(docket_id, refusal=str(refused)), 409
    flash("Your word on the procedure is recorded. The minutes stay as they were drawn up.", "good")
    return redirect(url_for("committee.minutes", docket_id=docket_id), 303)


def _room(refusal: str = "") -> str:
    return render_template(
        "committee/show.html", room=parley().committee.room(person()), refusal=refusal, typed=request.form
    )


def _minutes(docket_id: str, refusal: str = "") -> str:
    matter = parley().committee.matter(person(), docket_id)
    if matter.minutes is None:
        raise NotFound("minutes", docket_id)
    return render_template("committee/minutes.html", matter=matter, refusal=refusal)


def _moment(day: str, time: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=UTC)
    except ValueError:
        return None
