"""Conflicts escalated to the steering committee and to the chief risk officer or the sponsor. No target is
set on them: it would teach people not to escalate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflows.metrics.facts import CaseFact, DeskTime, Record
from workflows.metrics.periods import Period
from workflows.metrics.series import flow
from workflows.metrics.types import Member, Series, Share
from workflows.record import ARBITRATE, RESPOND, SPONSOR_ARBITRATE

ASIDE = frozenset(
    {"advise_instead", "cro_advice", "order_treatment", "see_to_verification", "verify_instead"}
)
"""Steps at which the chief risk officer advises in the CISO's place or sees to what was decided: no conflict
comes up there."""
TOP = frozenset({"cro", "executive"})
"""Desks of the top tier: the chief risk officer's and, above it, the executive sponsor's."""
RULES = frozenset({ARBITRATE, SPONSOR_ARBITRATE})


def to_committee(case: CaseFact) -> datetime | None:
    """When the conflict came before the steering committee: its first member was asked. None where it did
    not."""
    return next((desk.opened_at for desk in case.desks if desk.role == "committee"), None)


def to_cro(case: CaseFact) -> datetime | None:
    """When the conflict came before the top tier, the chief risk officer or the sponsor; who may be asked for
    other things too."""
    desk = _top(case)
    return None if desk is None else desk.opened_at


def _top(case: CaseFact) -> DeskTime | None:
    conflict = [challenged_at(case), to_committee(case)]
    for desk in case.desks:
        if (
            desk.role in TOP
            and desk.element not in ASIDE
            and (desk.element in RULES or any(at is not None and at <= desk.opened_at for at in conflict))
        ):
            return desk
    return None


def challenged_at(case: CaseFact) -> datetime | None:
    """When the CISO first challenged; None where that never was. Two ratings that lie apart are no
    challenge of the CISO's."""
    return next((act.at for act in case.acts if act.element == RESPOND and act.choice == "challenge"), None)


def escalated_at(case: CaseFact) -> datetime | None:
    """When the conflict first left the two leaders' hands; None where it did not."""
    return min((at for at in (to_committee(case), to_cro(case)) if at is not None), default=None)


def series(record: Record, periods: Sequence[Period]) -> tuple[list[Series], dict[str, Share]]:
    """Both escalations, the decisions of the same time, and how many of those had been escalated."""
    committee, cro = [], []
    for case in record.cases.values():
        at = to_committee(case)
        if at is not None:
            committee.append(Member(case.risk_id, at, case.id, "The steering committee was asked"))
        top = _top(case)
        if top is not None:
            past = "The committee had not settled it" if at is not None else "The committee could not sit"
            who = "the executive sponsor" if top.role == "executive" else "the chief risk officer"
            cro.append(Member(case.risk_id, top.opened_at, case.id, f"{past}; {who} was asked"))
    decided, contested = [], []
    for one in record.settlements:
        member = Member(one.risk_id, one.at, one.case_id, f"{(one.response or 'not ruled on').capitalize()}")
        decided.append(member)
        of = record.cases.get(one.case_id or "")
        left = escalated_at(of) if of is not None else None
        if left is not None and left <= one.at:
            contested.append(member)
    made = [
        flow(
            "escalated-committee",
            "To the steering committee",
            "Conflicts that came before the steering committee.",
            periods,
            committee,
        ),
        flow(
            "escalated-cro",
            "To the chief risk officer or the sponsor",
            "Conflicts that came before the chief risk officer or, above that, the executive sponsor: those "
            "that the committee did not settle, and those for which it could not sit.",
            periods,
            cro,
        ),
        flow(
            "decisions",
            "Decisions",
            "Decisions of every kind that took effect, refusals too.",
            periods,
            decided,
        ),
        flow(
            "decisions-escalated",
            "Of these, escalated",
            "Decisions that took effect after the conflict had been escalated.",
            periods,
            contested,
        ),
    ]
    return made, {"escalated": Share(made[3].whole, made[2].whole)}
