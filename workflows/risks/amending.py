"""Changes to what the register says of a risk or an asset: each a new version or an entry, with who and why;
and each is looked at for what it does to the decision in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, update

from workflows.context import Writing
from workflows.errors import NotFound, RuleBroken
from workflows.events import REGISTER, DomainEvent, risk_chain
from workflows.identity.queries import all_units
from workflows.identity.queries import person as find_person
from workflows.keys import new_id
from workflows.risks.commands import add_version
from workflows.risks.details import LossRange, RiskDetails, changed_fields, details_of, plain
from workflows.risks.histories import LINKS
from workflows.risks.models import (
    assets,
    risk_assets,
    risk_link_endings,
    risk_links,
    risk_readers,
    risks,
)
from workflows.risks.scales import Level
from workflows.risks.snapshots import mark_outdated
from workflows.risks.types import RiskStatus

LONGEST = {"title": 300, "description": 100_000, "category": 100, "response_description": 20_000}
LONGEST_CONTROL, MOST_CONTROLS = 500, 100
LARGEST = Decimal(10) ** 15
PRIORITIES = range(1, 101)


def amend(writing: Writing, risk_id: str, changes: Mapping[str, Any], reason: str) -> RiskDetails:
    """Make a new version of a risk's details. Raises `NotFound`, `RuleBroken`."""
    _, before = details_of(writing.connection, risk_id)
    after = checked(replace(before, **changes))
    if not reason.strip():
        raise RuleBroken("Say why it is changed: the record keeps it. Nothing was changed.", rule="reason")
    changed = changed_fields(before, after)
    if not changed:
        return before
    if after.is_confidential or after.readers:
        for reader in after.readers:
            find_person(writing.connection, reader)
    seq = add_version(writing, risk_id, plain(after), reason.strip())
    writing.record(
        risk_chain(risk_id),
        DomainEvent.RISK_CHANGED,
        {"seq": seq, "changed": list(changed), "details": plain(after), "reason": reason.strip()},
    )
    project(writing, risk_id, after)
    mark_outdated(writing, [risk_id])
    return after


def project(writing: Writing, risk_id: str, details: RiskDetails) -> None:
    """Bring the register's lists to the newest version."""
    connection = writing.connection
    connection.execute(
        update(risks)
        .where(risks.c.id == risk_id)
        .values(
            title=details.title,
            description=details.description,
            category=details.category,
            due_date=details.due_date,
            priority=details.priority,
            is_confidential=details.is_confidential,
        )
    )
    connection.execute(delete(risk_readers).where(risk_readers.c.risk_id == risk_id))
    if details.readers:
        connection.execute(
            insert(risk_readers), [{"risk_id": risk_id, "person_id": each} for each in details.readers]
        )


def checked(details: RiskDetails) -> RiskDetails:
    """The details where they hold together. Raises `RuleBroken` with the first sentence that says why not."""
    for name, most in LONGEST.items():
        text = getattr(details, name)
        if len(text) > most:
            raise _wrong(f"The {name.replace('_', ' ')} has {len(text):,} characters; {most:,} are taken")
        if not text.strip() and name != "response_description":
            raise _wrong(f"The {name} is missing")
    if details.priority is not None and details.priority not in PRIORITIES:
        raise _wrong("A priority is a whole number from 1 to 100; 1 comes first")
    if len(details.controls) > MOST_CONTROLS or any(len(one) > LONGEST_CONTROL for one in details.controls):
        raise _wrong(f"At most {MOST_CONTROLS} controls of {LONGEST_CONTROL} characters are taken")
    if details.loss is not None:
        _check_loss(details.loss)
    _check_range("cost of the response", details.response_cost_low, details.response_cost_high)
    return details


def _check_loss(loss: LossRange) -> None:
    _check_range("frequency", loss.frequency_low, loss.frequency_high)
    _check_range("magnitude", loss.magnitude_low, loss.magnitude_high)
    if not (len(loss.currency) == 3 and loss.currency.isascii() and loss.currency.isupper()):
        raise _wrong("A currency has three capital letters, such as EUR")


def _check_range(what: str, low: Decimal | None, high: Decimal | None) -> None:
    if (low is None) != (high is None):
        raise _wrong(f"The {what} is a range: give its lowest and its highest")
    if low is None or high is None:
        return
    if not (low.is_finite() and high.is_finite() and 0 <= low <= high <= LARGEST):
        raise _wrong(f"The {what} goes from the lowest, at least 0, to the highest")


def _wrong(why: str) -> RuleBroken:
    return RuleBroken(f"{why}. Nothing was changed.", rule="details")


def link(
    writing: Writing, risk_id: str, kind: str, other_id: str | None, case_id: str | None, note: str
) -> str:
    """Link a risk to another one or to a case; the link's id. Raises `NotFound`, `RuleBroken`."""
    connection = writing.connection
    if (
        kind not in LINKS
        or (kind == "case") != (case_id is not None)
        or (other_id is None) == (case_id is None)
    ):
        raise _wrong("A link goes to one other risk, or to one case")
    if other_id == risk_id:
        raise _wrong("A risk is not linked to itself")
    if (
        other_id is not None
        and not connection.execute(select(risks.c.id).where(risks.c.id == other_id)).one_or_none()
    ):
        raise NotFound("risk", other_id)
    values = {"kind": kind, "other_id": other_id, "case_id": case_id, "note": note.strip()[:2000]}
    link_id = new_id()
    connection.execute(
        insert(risk_links).values(id=link_id, risk_id=risk_id, by=writing.actor.id, at=writing.now, **values)
    )
    writing.record(risk_chain(risk_id), DomainEvent.RISK_LINKED, {"link": link_id, **values})
    return link_id


def unlink(writing: Writing, risk_id: str, link_id: str, reason: str) -> None:
    """End a link. Raises `NotFound`, `RuleBroken`."""
    connection = writing.connection
    found = connection.execute(
        select(risk_links.c.id).where(
            risk_links.c.id == link_id,
            (risk_links.c.risk_id == risk_id) | (risk_links.c.other_id == risk_id),
        )
    ).one_or_none()
    if found is None:
        raise NotFound("link", link_id)
    ended = select(risk_link_endings.c.link_id).where(risk_link_endings.c.link_id == link_id)
    if connection.execute(ended).one_or_none() is not None:
        raise _wrong("This link was ended before")
    connection.execute(
        insert(risk_link_endings).values(
            link_id=link_id, reason=reason.strip(), by=writing.actor.id, at=writing.now
        )
    )
    writing.record(
        risk_chain(risk_id), DomainEvent.RISK_UNLINKED, {"link": link_id, "reason": reason.strip()}
    )


def change_asset(writing: Writing, asset_id: str, changes: Mapping[str, Any], reason: str) -> None:
    """Change an asset; its new owner answers for open cases from their next task on, since a task's desk is
    found when it opens. Raises `NotFound`, `RuleBroken`."""
    connection = writing.connection
    row = connection.execute(select(assets).where(assets.c.id == asset_id)).one_or_none()
    if row is None:
        raise NotFound("asset", asset_id)
    if not reason.strip():
        raise RuleBroken("Say why it is changed: the record keeps it. Nothing was changed.", rule="reason")
    before = {key: row._mapping[key] for key in changes}
    after = {**changes}
    if "criticality" in after:
        after["criticality"] = Level.read(after["criticality"]).value
    if "name" in after and not str(after["name"]).strip():
        raise _wrong("An asset needs a name")
    if "owner_unit" in after and after["owner_unit"] not in {unit.id for unit in all_units(connection)}:
        raise _wrong(f"There is no unit {after['owner_unit']!r}")
    changed = {key: value for key, value in after.items() if value != before[key]}
    if not changed:
        return
    connection.execute(update(assets).where(assets.c.id == asset_id).values(**changed))
    concerned = connection.execute(
        select(risks.c.id)
        .join(risk_assets, risk_assets.c.risk_id == risks.c.id)
        .where(risk_assets.c.asset_id == asset_id, risks.c.status != RiskStatus.CLOSED.value)
        .order_by(risks.c.id)
    )
    ids = list(concerned.scalars())
    writing.record(
        REGISTER,
        DomainEvent.ASSET_CHANGED,
        {
            "id": asset_id,
            "from": {key: before[key] for key in changed},
            "to": changed,
            "reason": reason.strip(),
            "risks": ids,
        },
    )
    mark_outdated(writing, ids)
