"""What cases do to the register: record a decision or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import Submission
from workflows.exemptions.replacing import give_way
from workflows.operations import Application, Call
from workflows.record import ADVICE_INSTEAD, CIO, POSITIONS, Ruling, find_ruling
from workflows.risks.appetite import matrix_at
from workflows.risks.commands import add_decision, assess, change_status
from workflows.risks.models import risks
from workflows.risks.routing import mapping
from workflows.risks.scales import Level, level_of_risk
from workflows.risks.transitions import (
    LEGAL_OBLIGATION,
    NEVER_FOR_OBLIGATIONS,
    Transition,
    only,
    transition,
)
from workflows.risks.types import AssessmentKind
from workflows.wording import day

LONGEST_ACCEPTANCE_MONTHS = 12
MONTH = timedelta(days=30)
LONGEST_ACCEPTANCE = timedelta(days=366)
"""An accepted risk is reviewed within twelve months, also within appetite."""

RECORD_DECISION = "risks.record_decision"
RECORD_REFUSAL = "risks.record_refusal"
JOINT = "; "
ACCEPT, EXEMPT = "accept", "exempt"
CARRIED = frozenset({"uphold", "amend"})
"""Rulings that put a treatment in force."""
_SAID = {
    POSITIONS[0]: "CIO's position",
    POSITIONS[1]: "CISO's advice",
    ADVICE_INSTEAD[0]: "Deputy CISO's advice",
    ADVICE_INSTEAD[1]: "Chief risk officer's advice in the CISO's place",
}
"""What each rating is called in the register."""


def record_decision(call: Call) -> OperationResult:
    """Record what was decided: between the two, or by a tier above them.

    The value, by which the case goes on: `response`, `status` (empty for an exemption, which is in force only
    when it is granted), `tier`, `days`, `conditions`, `compensating_controls`, `review_date`, `plan`,
    `reason`. Raises `OperationFailed` where the response is none that takes effect.
    """
    value = what_is_decided(call.context.data, call.context.now)
    response = str(value["response"] or "")
    if response == EXEMPT:
        return OperationResult({**value, "status": ""})
    change = transition(RECORD_DECISION, response)
    if change is None:
        raise OperationFailed(f"A decision {response!r} cannot be recorded here. The risk stays as it is.")
    if response == ACCEPT:
        _check_review_date(value["review_date"], call.context.now.date())
    payload = {"review_date": value["review_date"], "plan": value["plan"] or ""}
    return OperationResult({**value, "status": change.target.value}, [Effect("risks.decided", payload)])


def what_is_decided(data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """What holds, of the case's data: the latest ruling that names a response, else the CIO's decision."""
    decided, answered = mapping(data.get("decide")), mapping(data.get("respond"))
    ruled = mapping(mapping(data.get("arbitration")).get("record_ruling"))
    months = mapping(data.get("route")).get("review_months") or LONGEST_ACCEPTANCE_MONTHS
    if ruled.get("ruling") in CARRIED and ruled.get("response"):
        above, tier = ruled, str(ruled.get("tier"))
        conditions = ruled.get("conditions")
    else:
        above, tier = decided, CIO
        conditions = _joint(decided.get("conditions"), answered.get("conditions"))
    response = above.get("response") or decided.get("decision")
    review = decided.get("review_date") or (now + int(months) * MONTH).date()
    return {
        "response": response,
        "tier": tier,
        "days": above.get("days"),
        "conditions": conditions or "",
        "compensating_controls": above.get("compensating_controls") or "",
        "review_date": review if response == ACCEPT else None,
        "plan": decided.get("plan") or "",
        "reason": decided.get("reason") or "",
    }


def _joint(*texts: Any) -> str:
    """Every text once, in order: all of them bind."""
    return JOINT.join(dict.fromkeys(str(text).strip() for text in texts if text))


def apply_decided(application: Application) -> None:
    """The register's side of a decision: basis, status, ratings. Raises `OperationFailed`."""
    found = _ruling(application)
    if found is None:
        raise OperationFailed(
            "The record holds no decision that takes effect: neither one that the CISO concurred with or "
            "that lies within appetite, nor a ruling. Nothing was recorded."
        )
    change = transition(RECORD_DECISION, found.response)
    if change is None:
        raise OperationFailed(
            f"A decision {found.response!r} cannot be recorded here. The risk stays as it is."
        )
    if _category(application) == LEGAL_OBLIGATION and found.response in NEVER_FOR_OBLIGATIONS:
        raise OperationFailed("A legal obligation cannot be accepted away. Nothing was recorded.")
    review = application.payload.get("review_date")
    if found.response == ACCEPT:
        _check_review_date(review, application.context.now.date())
    settle(application, change, found, review_date=review, plan=str(application.payload.get("plan") or ""))


def _category(application: Application) -> str | None:
    return application.writing.connection.execute(
        select(risks.c.category).where(risks.c.id == application.risk_id)
    ).scalar_one_or_none()


def record_refusal(call: Call) -> OperationResult:
    """Record that the risk is not accepted, and stays contained. The value: `status`."""
    change = only(RECORD_REFUSAL)
    return OperationResult({"status": change.target.value}, [Effect("risks.refused", {})])


def apply_refused(application: Application) -> None:
    """The register's side of a refusal. A risk that nobody ruled on is not accepted either: silence never
    accepts."""
    change = only(RECORD_REFUSAL)
    found = _ruling(application)
    if found is None:
        give_way(application, "refused")
        change_status(
            application.writing,
            application.risk_id,
            change,
            "Nobody ruled on it, and silence never accepts a risk",
            application.context.instance_id,
        )
        rate(application)
        return
    if _category(application) == LEGAL_OBLIGATION and found.response in NEVER_FOR_OBLIGATIONS:
        # Whoever ruled so: nobody can. The risk stays contained.
        found = replace(found, response="refused", days=None)
    if found.response != "refused":
        raise OperationFailed(
            "The record holds a ruling that is no refusal. Nothing was recorded; the case waits."
        )
    settle(application, change, found)


def settle(
    application: Application,
    change: Transition,
    found: Ruling,
    *,
    review_date: date | None = None,
    plan: str = "",
) -> None:
    """Change the status by a ruling, and record the ruling with everything it rests on. An exemption in force
    gives way to it."""
    case_id = application.context.instance_id
    give_way(application, found.response)
    reason = f"{found.response.capitalize()}, decided by {found.by_whom}"
    change_status(application.writing, application.risk_id, change, reason, case_id)
    rate(application)
    add_decision(
        application.writing,
        application.risk_id,
        case_id=case_id,
        response=found.response,
        reason=found.reason,
        decided_by=found.deciding.person_id,
        on_behalf_of=found.deciding.on_behalf_of,
        tier=found.tier,
        decided_at=found.deciding.at,
        submission_id=found.deciding.id,
        policy_hash=application.context.version_hash,
        review_date=review_date,
        plan=plan,
        others=[submission.id for submission in found.rests_on],
    )


def rate(application: Application) -> None:
    """Take both leaders' ratings into the register, each under the own name; the higher one comes last and
    counts."""
    submissions = _submissions(application)
    latest = {one.element_id: one for one in submissions if one.element_id in _SAID}
    rated = [(rating, one) for one in latest.values() if (rating := _rating(one)) is not None]
    matrix = matrix_at(application.writing.connection, application.writing.now)

    def rank(pair: tuple[tuple[Level, Level], Submission]) -> int:
        likelihood, impact = pair[0]
        return level_of_risk(likelihood, impact, matrix).rank

    for (likelihood, impact), submission in sorted(rated, key=rank):
        assess(
            application.writing,
            application.risk_id,
            AssessmentKind.CURRENT,
            likelihood,
            impact,
            _SAID[submission.element_id],
            application.context.instance_id,
            by=submission.person_id,
        )


def _ruling(application: Application) -> Ruling | None:
    return find_ruling(
        application.engine.instances, application.writing.connection, application.context.instance_id
    )


def _submissions(application: Application) -> Sequence[Submission]:
    return application.engine.instances.submissions(
        application.writing.connection, application.context.instance_id, reader=None
    )


def _rating(submission: Submission) -> tuple[Level, Level] | None:
    answers = submission.answers
    try:
        return Level.read(answers["likelihood"]), Level.read(answers["impact"])
    except (KeyError, ValueError):
        return None


def _check_review_date(found: Any, today: date) -> None:
    if not isinstance(found, date):
        raise OperationFailed("An accepted risk needs a review date. Nothing was accepted; the case waits.")
    # A date that passed while the leaders were at odds stands: the review is due at once.
    if found > today + LONGEST_ACCEPTANCE:
        raise OperationFailed(
            f"An accepted risk is reviewed within twelve months, not on {day(found)}. Nothing was accepted."
        )
