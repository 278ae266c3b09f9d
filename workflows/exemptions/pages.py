"""What the pages about exemptions show: figures of them all, and one with all the record knows of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select, true

from engine.types import InstanceState
from workflows.context import Context, Reading
from workflows.errors import NotFound
from workflows.exemptions import commands, queries
from workflows.exemptions.checking import latest_controls
from workflows.exemptions.models import (
    exemption_breaches,
    exemption_checks,
    exemption_controls,
    exemption_endings,
    exemption_reminders,
    exemption_renewals,
    exemption_requests,
    exemptions,
)
from workflows.exemptions.types import (
    Breach,
    Check,
    CheckResult,
    Control,
    Exemption,
    ExemptionPage,
    ExemptionRequest,
    ExemptionState,
    Figures,
    Reminder,
    Renewal,
    Step,
)
from workflows.identity.organisation import Organisation
from workflows.identity.queries import organisation_at
from workflows.identity.types import Person
from workflows.risks.access import hidden
from workflows.risks.models import risks
from workflows.risks.types import RiskStatus
from workflows.wording import sentence

SOON = timedelta(days=30)


def requests_where(
    connection: Connection, condition: ColumnElement[bool], now: datetime
) -> list[ExemptionRequest]:
    """Requests that meet a condition, newest first, with their state at `now`."""
    named = (
        select(exemption_controls.c.exemption_id, func.min(exemption_controls.c.named_at).label("named_at"))
        .group_by(exemption_controls.c.exemption_id)
        .subquery()
    )
    rows = connection.execute(
        select(
            exemption_requests,
            risks.c.title.label("risk_title"),
            exemptions.c.granted_at,
            exemption_endings.c.at.label("ended_at"),
            exemption_endings.c.kind.label("ending"),
            exemption_endings.c.reason.label("ending_reason"),
            named.c.named_at,
        )
        .select_from(
            exemption_requests.join(risks, risks.c.id == exemption_requests.c.risk_id)
            .outerjoin(exemptions, exemptions.c.id == exemption_requests.c.id)
            .outerjoin(exemption_endings, exemption_endings.c.exemption_id == exemption_requests.c.id)
            .outerjoin(named, named.c.exemption_id == exemption_requests.c.id)
        )
        .where(condition)
        .order_by(exemption_requests.c.requested_at.desc(), exemption_requests.c.id.desc())
    ).all()
    granted = {one.id: one for one in queries.every(connection, now)} if rows else {}
    organisation = organisation_at(connection, now, include_inactive=True)
    return [_request(row, granted, organisation) for row in rows]


def _request(row: Any, granted: dict[str, Exemption], organisation: Organisation) -> ExemptionRequest:
    if row.id in granted:
        state = granted[row.id].state
    elif row.ending is not None:
        state = ExemptionState.REJECTED
    else:
        state = ExemptionState.UNDER_REVIEW if row.named_at else ExemptionState.PROPOSED
    return ExemptionRequest(
        id=row.id,
        risk_id=row.risk_id,
        risk_title=row.risk_title,
        case_id=row.case_id,
        requested_at=row.requested_at,
        requested_by=row.requested_by,
        requested_by_name=organisation.name(row.requested_by),
        days=row.days,
        conditions=row.conditions,
        compensating_controls=row.compensating_controls,
        justification=row.justification,
        tier=row.tier,
        longest_days=row.longest_days,
        renewals_at_most=row.renewals_at_most,
        renews=row.renews,
        state=state,
        granted_at=row.granted_at,
        ended_at=row.ended_at,
        ending_reason=row.ending_reason or "",
    )


def figures(connection: Connection, now: datetime, unseen: Collection[str]) -> Figures:
    """What the list says of itself: who waits how long, what ends soon, what is not decided again. Nothing of
    the risks that the reader may not see."""
    asked = [one for one in requests_where(connection, true(), now) if one.risk_id not in unseen]
    every = [one for one in queries.every(connection, now) if one.risk_id not in unseen]
    waiting = [one for one in asked if one.granted_at is None and one.ended_at is None]
    decided = [
        (one.granted_at or one.ended_at or now) - one.requested_at for one in asked if one not in waiting
    ]
    active = [one for one in every if one.state is ExemptionState.ACTIVE]
    over = {one.risk_id for one in every} - {one.risk_id for one in active}
    undecided = connection.execute(
        select(func.count())
        .select_from(risks)
        .where(risks.c.id.in_(sorted(over)), risks.c.status == RiskStatus.UNDECIDED.value)
    ).scalar_one()
    return Figures(
        awaiting=len(waiting),
        longest_waiting_days=max(((now - one.requested_at).days for one in waiting), default=None),
        mean_days_to_decision=(
            round(sum(span / timedelta(days=1) for span in decided) / len(decided), 1) if decided else None
        ),
        active=len(active),
        expiring_soon=sum(one.expires_at <= now + SOON for one in active),
        expired_undecided=undecided,
        never_expires=sum(one.expires_at is None for one in active),
    )


def page(context: Context, reading: Reading, reader: Person, exemption_id: str) -> ExemptionPage:
    """One exemption, or a request that was not granted. Raises `NotFound`."""
    connection, now = reading.connection, reading.now
    asked = requests_where(connection, exemption_requests.c.id == exemption_id, now)
    granted = queries.exemptions_where(connection, exemptions.c.id == exemption_id, now)
    request, exemption = next(iter(asked), None), next(iter(granted), None)
    known = exemption or request
    if known is None:
        raise NotFound("exemption", exemption_id)
    organisation = organisation_at(connection, now, include_inactive=True)
    mine = exemption is not None and commands.may_renew(
        connection, reading.organisation, exemption, reader.id
    )
    checks = _checks(connection, exemption_id, organisation)
    controls = _controls(connection, exemption_id, organisation)
    breaches = _breaches(connection, exemption_id, organisation)
    return ExemptionPage(
        id=exemption_id,
        risk_id=known.risk_id,
        risk_title=known.risk_title,
        exemption=exemption,
        request=request,
        controls=controls,
        checks=checks,
        breaches=breaches,
        reminders=_reminders(connection, exemption_id, organisation),
        renewals=_renewals(context, connection, exemption_id, organisation),
        chain=tuple(
            one
            for one in queries.of_same_weakness(connection, known.risk_id, now)
            if one.risk_id not in hidden(reading, reader)
        ),
        steps=_steps(request, exemption, controls, checks, breaches),
        may_report=exemption is not None
        and exemption.state is ExemptionState.ACTIVE
        and commands.may_report(connection, reading.organisation, exemption, reader.id),
        may_renew=bool(mine),
        why_no_renewal=commands.why_no_renewal(context, connection, exemption, reading) if exemption else "",
    )


def _controls(connection: Connection, exemption_id: str, organisation: Organisation) -> tuple[Control, ...]:
    return tuple(
        Control(
            row.number,
            row.description,
            row.operator,
            organisation.name(row.operator),
            row.evidence,
            organisation.name(row.named_by),
            row.named_at,
        )
        for row in latest_controls(connection, exemption_id)
    )


def _checks(connection: Connection, exemption_id: str, organisation: Organisation) -> tuple[Check, ...]:
    rows = connection.execute(
        select(exemption_checks)
        .where(exemption_checks.c.exemption_id == exemption_id)
        .order_by(exemption_checks.c.seq.desc())
    )
    return tuple(
        Check(
            row.occasion,
            row.at,
            row.checked_by,
            organisation.name(row.checked_by) if row.checked_by else "",
            CheckResult(row.result),
            tuple(row.findings),
        )
        for row in rows
    )


def _breaches(connection: Connection, exemption_id: str, organisation: Organisation) -> tuple[Breach, ...]:
    rows = connection.execute(
        select(exemption_breaches)
        .where(exemption_breaches.c.exemption_id == exemption_id)
        .order_by(exemption_breaches.c.at)
    )
    return tuple(Breach(row.at, organisation.name(row.reported_by), row.what, row.evidence) for row in rows)


def _reminders(connection: Connection, exemption_id: str, organisation: Organisation) -> tuple[Reminder, ...]:
    rows = connection.execute(
        select(exemption_reminders)
        .where(exemption_reminders.c.exemption_id == exemption_id)
        .order_by(exemption_reminders.c.at)
    )
    return tuple(Reminder(row.at, tuple(organisation.name(one) for one in row.told)) for row in rows)


def _renewals(
    context: Context, connection: Connection, exemption_id: str, organisation: Organisation
) -> tuple[Renewal, ...]:
    rows = connection.execute(
        select(exemption_renewals)
        .where(exemption_renewals.c.exemption_id == exemption_id)
        .order_by(exemption_renewals.c.at)
    ).all()
    instances = context.engine.instances
    return tuple(
        Renewal(
            row.case_id,
            row.at,
            organisation.name(row.asked_by),
            row.reason,
            instances.get(connection, row.case_id).state is InstanceState.RUNNING,
        )
        for row in rows
    )


def _steps(
    request: ExemptionRequest | None,
    exemption: Exemption | None,
    controls: Sequence[Control],
    checks: Sequence[Check],
    breaches: Sequence[Breach],
) -> tuple[Step, ...]:
    """The life so far: each state it came to, when, and why."""
    steps = []
    if request is not None:
        asked = f"Asked for by {request.requested_by_name}, for {request.days} days."
        steps.append(Step(request.requested_at, "proposed", asked))
    if controls:
        named = f"{controls[0].named_by_name} named {len(controls)} compensating controls."
        steps.append(
            Step(controls[0].named_at, "under review", named.replace("1 compensating controls", "a control"))
        )
    for check in checks:
        who = f"Checked by {check.checked_by_name}" if check.checked_by else "Nobody checked"
        state = (
            "approved" if check.result is CheckResult.PASSED and check.occasion != "in force" else "checked"
        )
        steps.append(Step(check.at, state, f"{who}, {check.occasion}: {check.result}."))
    if exemption is not None:
        steps.append(
            Step(exemption.granted_at, "active", f"Granted, decided by {exemption.decided_by_name}.")
        )
    steps += [Step(one.at, "breached", f"{one.reported_by_name} reported a breach.") for one in breaches]
    ended = exemption or request
    if ended is not None and ended.ended_at is not None:
        steps.append(Step(ended.ended_at, str(ended.state), sentence(ended.ending_reason)))
    return tuple(sorted(steps, key=lambda one: one.at))
