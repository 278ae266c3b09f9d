"""The organisation: posts with holders and deputies, people, the committee; and what changes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import Conflict, NotEntitled, NotFound, RuleBroken
from workflows.identity.organisation import NOT_APPOINTED
from workflows.types import Role

blueprint = Blueprint("organisation", __name__)

Answer = Response | tuple[str, int]


@blueprint.get("/organisation")
def show() -> str:
    """Posts, committee and people."""
    return _page()


@blueprint.get("/organisation/people/<person_id>")
def one(person_id: str) -> str:
    """A person with every appointment there was."""
    return _person(person_id)


@blueprint.post("/organisation/appointments")
def appoint() -> Answer:
    """Appoint a person to a post, or as the deputy of its holder."""
    form = request.form
    begins = _day(form.get("from", ""))
    if begins is None:
        return _refused("appoint", "Say from which day. Nothing was changed.")
    try:
        made = parley().identity.appoint(
            person(),
            form.get("person", ""),
            form.get("role", ""),
            valid_from=_from(begins),
            valid_until=_after(_day(form.get("until", ""))),
            unit=form.get("unit") or None,
            deputy_for=form.get("deputy_for") or None,
            basis=form.get("basis", ""),
        )
    except (RuleBroken, Conflict, NotFound, NotEntitled) as refused:
        return _refused("appoint", str(refused), refused)
    flash(f"{made.person_name} is appointed: {made.role.label}.", "good")
    return redirect(url_for("organisation.one", person_id=made.person_id), 303)


@blueprint.post("/organisation/appointments/<appointment_id>/end")
def end(appointment_id: str) -> Answer:
    """End an appointment after a day."""
    back = request.form.get("person", "")
    last = _day(request.form.get("last", ""))
    try:
        if last is None:
            raise RuleBroken("Say which day is the last in the post. Nothing was changed.")
        ended = parley().identity.end_appointment(
            person(),
            appointment_id,
            ends_at=last + timedelta(days=1),
            basis=request.form.get("basis", ""),
        )
    except (RuleBroken, Conflict) as refused:
        return _person(back, refusal=str(refused)), 409
    flash(f"The appointment of {ended.person_name} ends with {last:%-d %B %Y}.", "good")
    return redirect(url_for("organisation.one", person_id=ended.person_id), 303)


@blueprint.post("/organisation/members")
def add_member() -> Answer:
    """Put a person on the committee, as a member or as the alternate of one."""
    form = request.form
    begins = _day(form.get("from", ""))
    if begins is None:
        return _refused("member", "Say from which day. Nothing was changed.")
    try:
        made = parley().committee.add_member(
            person(),
            form.get("committee", ""),
            form.get("person", ""),
            function=form.get("function", ""),
            valid_from=_from(begins),
            valid_until=_after(_day(form.get("until", ""))),
            is_chair=form.get("chair") == "yes",
            alternate_for=form.get("alternate_for") or None,
            basis=form.get("basis", ""),
        )
    except (RuleBroken, Conflict, NotFound) as refused:
        return _refused("member", str(refused), refused)
    flash(f"{made.person_name} is a member of the committee.", "good")
    return redirect(f"{url_for('organisation.show')}#committee", 303)


@blueprint.post("/organisation/members/<member_id>/end")
def end_member(member_id: str) -> Answer:
    """End a membership after a day."""
    last = _day(request.form.get("last", ""))
    try:
        if last is None:
            raise RuleBroken("Say which day is the last on the committee. Nothing was changed.")
        ended = parley().committee.end_membership(
            person(), member_id, ends_at=last + timedelta(days=1), basis=request.form.get("basis", "")
        )
    except (RuleBroken, Conflict) as refused:
        return _refused("member", str(refused))
    flash(f"The membership of {ended.person_name} ends with {last:%-d %B %Y}.", "good")
    return redirect(f"{url_for('organisation.show')}#committee", 303)


def _page(*, refusal: str = "", about: str = "", typed: Mapping[str, str] | None = None) -> str:
    domain, reader = parley(), person()
    committees = domain.committee.committees(reader)
    people = domain.identity.people()
    return render_template(
        "organisation/show.html",
        posts=domain.identity.posts(reader),
        committees=committees,
        people=people,
        names={each.id: each.name for each in people},
        named=[(each.id, each.name) for each in people],
        units_offered=[(each.id, each.name) for each in domain.identity.units()],
        posts_offered=[(role.value, role.label) for role in Role if role not in NOT_APPOINTED],
        today=domain.now().date(),
        refusal=refusal,
        about=about,
        typed=typed or {},
    )


def _person(person_id: str, refusal: str = "") -> str:
    domain = parley()
    page = domain.identity.page(person(), person_id)
    names = {each.id: each.name for each in domain.identity.people(include_inactive=True)}
    units = {each.id: each.name for each in domain.identity.units()}
    return render_template(
        "organisation/person.html",
        page=page,
        names=names,
        units=units,
        now=domain.now(),
        today=domain.now().date(),
        refusal=refusal,
    )


def _refused(about: str, sentence: str, refused: Exception | None = None) -> tuple[str, int]:
    status = 403 if isinstance(refused, NotEntitled) else 404 if isinstance(refused, NotFound) else 409
    typed: dict[str, Any] = {key: value for key, value in request.form.items() if key != "csrf_token"}
    return _page(refusal=sentence, about=about, typed=typed), status


def _day(text: str) -> datetime | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def _from(begins: datetime) -> datetime:
    """The day's beginning; of today, now: nothing is appointed for a time that has gone by."""
    now = parley().now()
    return now if begins.date() == now.date() else begins


def _after(last: datetime | None) -> datetime | None:
    return last + timedelta(days=1) if last is not None else None
