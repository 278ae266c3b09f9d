"""A risk of the register: its whole record, and changing what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from webui.session import parley, person
from workflows.errors import AnswersRefused, RuleBroken
from workflows.risks.challenging import GROUNDS, TO
from workflows.risks.details import LOSS_FIELDS, LossRange
from workflows.risks.histories import LINKS

blueprint = Blueprint("risk", __name__)

COSTS = ("response_cost_low", "response_cost_high")


@blueprint.get("/risks/<risk_id>")
def show(risk_id: str) -> str:
    """Everything the register knows of a risk."""
    return _page(risk_id)


@blueprint.post("/risks/<risk_id>/challenge")
def challenge(risk_id: str) -> Response | tuple[str, int]:
    """Challenge the decision in force; a refused one comes back as it was typed."""
    form = request.form
    try:
        case = parley().risks.challenge(
            person(),
            risk_id,
            form.get("ground", ""),
            form.get("argument", ""),
            form.get("new_evidence", ""),
            form.get("containment", ""),
            to=form.get("to", "cio"),
        )
    except AnswersRefused as refused:
        return _page(risk_id, refused.errors, form), 422
    flash("The decision has no effect any more until this case has settled the challenge.", "good")
    return redirect(url_for("case.show", instance_id=case.id), 303)


@blueprint.post("/risks/<risk_id>/sign")
def sign(risk_id: str) -> Response:
    """Accept the conditions of a class decision for an asset."""
    form = request.form
    parley().risks.sign_envelope(person(), risk_id, form.get("asset", ""), accepts=form.get("accepts") == "1")
    flash("The asset is covered by this decision until it ends.", "good")
    return redirect(url_for("risk.show", risk_id=risk_id), 303)


@blueprint.get("/risks/<risk_id>/change")
def amend_form(risk_id: str) -> str:
    """What the register says of it, as a form."""
    domain = parley()
    page = domain.risks.risk(person(), risk_id)
    return render_template(
        "risk/amend.html", page=page, people=domain.identity.people(), refused="", given={}
    )


@blueprint.post("/risks/<risk_id>/change")
def amend(risk_id: str) -> Response | tuple[str, int]:
    """Make a new version; a refused one comes back as it was typed."""
    domain, actor = parley(), person()
    try:
        domain.register.amend(actor, risk_id, _changes(), request.form.get("reason", ""))
    except RuleBroken as refused:
        page, people = domain.risks.risk(actor, risk_id), domain.identity.people()
        given = request.form.to_dict()
        return render_template(
            "risk/amend.html", page=page, people=people, refused=str(refused), given=given
        ), 422
    flash("The register is changed; what it said before stays on record.", "good")
    return redirect(url_for("risk.show", risk_id=risk_id), 303)


@blueprint.post("/risks/<risk_id>/ask")
def ask(risk_id: str) -> Response:
    """Start the case that decides it, or decides it again."""
    case = parley().register.ask_for_decision(person(), risk_id, request.form.get("reason", ""))
    flash("Its case is started, and both leaders are asked for their positions.", "good")
    return redirect(url_for("case.show", instance_id=case.id), 303)


@blueprint.post("/risks/<risk_id>/links")
def link(risk_id: str) -> Response:
    """Link it to another risk, or to a case."""
    kind, other = request.form.get("kind", ""), request.form.get("other", "").strip()
    is_case = kind == "case"
    parley().register.link(
        person(),
        risk_id,
        kind,
        other_id=None if is_case else other.upper(),
        case_id=other if is_case else None,
        note=request.form.get("note", ""),
    )
    return redirect(url_for("risk.show", risk_id=risk_id), 303)


@blueprint.post("/risks/<risk_id>/links/<link_id>/end")
def unlink(risk_id: str, link_id: str) -> Response:
    """End a link; that it was there stays on record."""
    parley().register.unlink(person(), risk_id, link_id, request.form.get("reason", ""))
    return redirect(url_for("risk.show", risk_id=risk_id), 303)


@blueprint.get("/risks/<risk_id>/decisions/<decision_id>")
def rests_on(risk_id: str, decision_id: str) -> str:
    """What a decision rests on, as it was pinned."""
    pinned = parley().register.rests_on(person(), risk_id, decision_id)
    return render_template("risk/rests_on.html", risk_id=risk_id, pinned=pinned)


def _page(
    risk_id: str, errors: Mapping[str, Any] | None = None, typed: Mapping[str, str] | None = None
) -> str:
    domain, reader = parley(), person()
    return render_template(
        "risk/show.html",
        page=domain.risks.risk(reader, risk_id),
        precedents=domain.register.precedents(reader, risk_id),
        may_go_ahead=domain.emergencies.may_declare(reader, risk_id),
        link_kinds=[(key, words[0]) for key, words in LINKS.items()],
        assets_known=domain.risks.assets(reader),
        grounds=GROUNDS,
        tiers=TO,
        errors=errors or {},
        typed=typed or {},
    )


def _form(risk_id: str, refused: str, given: dict[str, str]) -> str:
    domain = parley()
    return render_template(
        "risk/amend.html",
        page=domain.risks.risk(person(), risk_id),
        people=domain.identity.people(),
        refused=refused,
        given=given,
    )


def _changes() -> dict[str, Any]:
    form = request.form
    loss = {name: form.get(name, "").strip() for name in LOSS_FIELDS}
    readers = tuple(dict.fromkeys(form.getlist("readers")))
    return {
        **{key: form.get(key, "").strip() for key in ("title", "description", "category")},
        "due_date": _date(form.get("due_date", "")),
        "priority": int(found) if (found := _number("priority")) is not None else None,
        "loss": _loss(loss) if any(loss.values()) else None,
        **{key: _number(key) for key in COSTS},
        "response_description": form.get("response_description", "").strip(),
        "controls": tuple(line.strip() for line in form.get("controls", "").splitlines() if line.strip()),
        "is_confidential": form.get("is_confidential") == "1",
        "readers": readers,
    }


def _loss(given: dict[str, str]) -> LossRange:
    numbers = [_number(name) for name in LOSS_FIELDS[:4]]
    low, high, least, most = numbers
    if low is None or high is None or least is None or most is None or not given["currency"]:
        raise RuleBroken("A loss needs all four numbers and a currency. Nothing was changed.", rule="details")
    return LossRange(low, high, least, most, given["currency"].upper())


def _number(name: str) -> Decimal | None:
    text = request.form.get(name, "").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise RuleBroken(f"{text[:40]!r} is no number. Nothing was changed.", rule="details") from None
    if not found.is_finite():
        raise RuleBroken(f"{text[:40]!r} is no number. Nothing was changed.", rule="details")
    return found


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise RuleBroken(f"{text[:40]!r} is no date. Nothing was changed.", rule="details") from None
