"""Raising a risk: what its page shows, and the one transaction that puts it in the register and starts its
case."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from engine.types import Actor, Instance, Version
from forms import check as check_form
from forms import present
from forms.types import Form
from workflows.cases.types import PolicyRef, RaisePage
from workflows.context import Context, Reading, Writing
from workflows.errors import AnswersRefused, Conflict, EngineError
from workflows.risks import kev, queries
from workflows.risks.commands import NewRisk, add_risk
from workflows.risks.scales import Level
from workflows.risks.types import KevEntry

LONGEST_TOKEN = 64
_CVE = re.compile(r"CVE-[0-9]{4}-[0-9]{4,19}")


def asset_options(connection: Connection) -> dict[str, Any]:
    """The data that the start form's list of assets is made from."""
    return {
        "asset_options": [
            {"value": asset.id, "label": f"{asset.name} ({asset.owner_unit_name})"}
            for asset in queries.all_assets(connection)
        ]
    }


def start_form(context: Context, connection: Connection) -> tuple[Version, str, Form]:
    """The newest version of the policy that decides risks, its start event's form, and that form parsed.

    Raises `NotFound` where no such policy is released, `EngineError` where it starts without a form.
    """
    definitions = context.engine.definitions
    version = definitions.latest(connection, context.settings.risk_policy)
    start = definitions.compiled(connection, version.hash, version.key).start
    if start.form is None:
        raise EngineError(
            f"The policy {version.title} starts without a form, so no risk can be raised with it."
        )
    return version, start.form, context.forms.form(definitions.bundle(connection, version.hash), start.form)


def raise_page(
    context: Context,
    reading: Reading,
    cve_id: str | None,
    values: Mapping[str, Any] | None,
    errors: Mapping[str, Sequence[str]] | None,
    token: str | None,
) -> RaisePage:
    """What the page shows; filled in from the catalogue where an entry is named and nothing was sent yet."""
    connection = reading.connection
    version, _, form = start_form(context, connection)
    entry = kev.entry(connection, cve_id) if cve_id else None
    shown = values if values is not None or entry is None else filled_in(form, entry)
    presentation = present(form, values=shown, errors=errors, data=asset_options(connection), now=reading.now)
    return RaisePage(
        policy=PolicyRef(version.key, version.title, version.number, version.hash),
        presentation=presentation,
        token=token or secrets.token_urlsafe(24),
        cve_id=entry.cve_id if entry else None,
        cve_name=entry.name if entry else "",
    )


def filled_in(form: Form, entry: KevEntry) -> dict[str, Any]:
    """First answers from a catalogue entry, for the fields that the form declares."""
    known: dict[str, Any] = {
        "title": f"{entry.name} ({entry.cve_id})",
        "description": f"{entry.short_description}\n\nRequired action: {entry.required_action}",
        "category": "vulnerability",
        "cve_id": entry.cve_id,
        "known_exploited": True,
        "due_date": entry.due_date,
    }
    return {field.key: known[field.key] for field in form.fields if field.key in known}


def raise_risk(
    context: Context,
    writing: Writing,
    answers: Mapping[str, Any],
    token: str,
    asset_ids: Sequence[str],
    cve_id: str | None,
) -> tuple[str, Instance]:
    """Check, register and start; or, with a token that was sent before, what was made then.

    Raises `AnswersRefused`, `Conflict` (a token of somebody else's, or none that can be one), `NotFound`.
    """
    connection = writing.connection
    if not 8 <= len(token) <= LONGEST_TOKEN:
        raise Conflict("This page is out of date. Reload it and send your answers again.")
    before = queries.risk_by_token(connection, token)
    if before is not None:
        return _again(context, writing, *before)
    _, _, form = start_form(context, connection)
    checked = check_form(form, answers, asset_options(connection), writing.now)
    new = read_answers(connection, checked.values, token, asset_ids, cve_id, dict(checked.errors))
    risk_id = add_risk(writing, new)
    case = context.engine.instances.start(
        writing.uow,
        key=context.settings.risk_policy,
        actor=Actor(writing.actor.id),
        subject=risk_id,
        answers={**checked.values, "assets": list(new.asset_ids), "cve_id": new.cve_id},
        authority="Everybody may raise a risk",
        checked=True,
    )
    return risk_id, case


def read_answers(
    connection: Connection,
    values: Mapping[str, Any],
    token: str,
    asset_ids: Sequence[str],
    cve_id: str | None,
    errors: dict[str, list[str]],
) -> NewRisk:
    """What the register needs of the checked answers. Raises `AnswersRefused` with all errors at once."""
    chosen = tuple(values.get("assets") or asset_ids)
    known = {asset.id for asset in queries.all_assets(connection)}
    if not set(chosen) <= known and "assets" not in errors:
        errors["assets"] = ["One of these assets is not in the list any more. Choose from the list."]
    weakness = str(values.get("cve_id") or cve_id or "").strip().upper()
    if weakness and not _CVE.fullmatch(weakness) and "cve_id" not in errors:
        errors["cve_id"] = ["This is no CVE id; one looks like CVE-2024-3400."]
    texts = {key: str(values.get(key) or "").strip() for key in ("title", "description", "category")}
    limits = {"title": 300, "description": 100_000, "category": 100}
    for key, text in texts.items():
        if key in errors:
            continue
        if not text:
            errors[key] = ["This is needed for the register. Please fill it in."]
        elif len(text) > limits[key]:
            errors[key] = [f"At most {limits[key]:,} characters are taken here; this has {len(text):,}."]
    levels = {key: _level(values, key, errors) for key in ("likelihood", "impact")}
    if errors:
        raise AnswersRefused(errors)
    return NewRisk(
        title=texts["title"],
        description=texts["description"],
        category=texts["category"],
        likelihood=levels["likelihood"],
        impact=levels["impact"],
        asset_ids=chosen,
        cve_id=weakness or None,
        due_date=_date(values.get("due_date")),
        token=token,
    )


def _level(values: Mapping[str, Any], key: str, errors: dict[str, list[str]]) -> Level:
    try:
        return Level.read(values.get(key) or "")
    except ValueError:
        errors.setdefault(key, ["Choose a level: very low, low, moderate, high or very high."])
        return Level.VERY_HIGH


def _date(found: Any) -> date | None:
    if isinstance(found, datetime):
        return found.date()
    return found if isinstance(found, date) else None


def _again(context: Context, writing: Writing, risk_id: str, raised_by: str) -> tuple[str, Instance]:
    if raised_by != writing.actor.id:
        raise Conflict("This page was sent before by somebody else. Reload it.")
    first = context.engine.instances.of_subject(writing.connection, risk_id)[-1]
    return risk_id, first
