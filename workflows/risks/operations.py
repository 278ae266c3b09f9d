"""What cases do to the register: record a decision or a refusal, open a risk again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection

from engine.errors import OperationFailed
from engine.ports import Effect, OperationResult
from engine.types import SYSTEM, Submission
from workflows.events import DomainEvent, exemption_chain, risk_chain
from workflows.exemptions.queries import of_case
from workflows.exemptions.types import Exemption, is_active
from workflows.operations import Application, Call
from workflows.record import CIO, POSITIONS, TIERS, Ruling, find_ruling
from workflows.risks.commands import add_decision, assess, change_status
from workflows.risks.scales import Level, level_of_risk
from workflows.risks.transitions import Transition, only, transition
from workflows.risks.types import AssessmentKind
from workflows.wording import day

LONGEST_ACCEPTANCE = timedelta(days=366)
"""An accepted risk is reviewed within twelve months, also within appetite."""

RECORD_DECISION = "risks.record_decision"
RECORD_REFUSAL = "risks.record_refusal"
REOPEN = "risks.reopen"


def record_decision(call: Call) -> OperationResult:
    """Record a decision that the CISO concurred with; the risk is then in treatment or accepted.

    The value: `status`. Raises `OperationFailed` where the response is none that takes effect by itself.
    """
    decided = _mapping(call.context.data.get("decide"))
    response = str(decided.get("decision") or "")
    change = transition(RECORD_DECISION, response)
    if change is None:
        raise OperationFailed(f"A decision {response!r} cannot be recorded here. The risk stays as it is.")
    if response == "accept":
        _check_review_date(decided.get("review_date"), call.context.now.date())
    return OperationResult({"status": change.target.value}, [Effect("risks.decided", {})])


def apply_decided(application: Application) -> None:
    """The register's side of a decision: basis, status, ratings. Raises `OperationFailed`."""
    found = _ruling(application)
    if found is None or found.tier != CIO:
        raise OperationFailed(
            "The record holds no decision that the CISO concurred with. Nothing was recorded."
        )
    change = transition(RECORD_DECISION, found.response)
    if change is None:
        raise OperationFailed(
            f"A decision {found.response!r} cannot be recorded here. The risk stays as it is."
        )
    answers = found.deciding.answers
    review = answers.get("review_date")
    if found.response == "accept":
        _check_review_date(review, application.context.now.date())
    settle(application, change, found, review_date=review, plan=str(answers.get("plan") or ""))


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
        change_status(
            application.writing,
            application.risk_id,
            change,
            "Nobody ruled on it, and silence never accepts a risk",
            application.context.instance_id,
        )
        rate(application)
        return
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
    """Change the status by a ruling, and record the ruling with everything it rests on."""
    case_id = application.context.instance_id
    reason = f"{found.response.capitalize()}, decided by {TIERS[found.tier]}"
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
    latest = {one.element_id: one for one in submissions if one.element_id in POSITIONS}
    rated = [(rating, one) for one in latest.values() if (rating := _rating(one)) is not None]
    for (likelihood, impact), submission in sorted(rated, key=lambda pair: level_of_risk(*pair[0]).rank):
        assess(
            application.writing,
            application.risk_id,
            AssessmentKind.CURRENT,
            likelihood,
            impact,
            "CIO's position" if submission.element_id == POSITIONS[0] else "CISO's advice",
            application.context.instance_id,
            by=submission.person_id,
        )


def reopen(call: Call) -> OperationResult:
    """Put a risk back on the CIO's desk when its exemption has expired: undecided, with a new linked case."""
    _expired(call.connection, call.context.instance_id, call.context.now)
    return OperationResult({"reopened": True}, [Effect("risks.reopened", {})])


def apply_reopened(application: Application) -> None:
    """Set the risk undecided and start the case that decides it again. Raises `OperationFailed`."""
    context, writing = application.context, application.writing
    exemption = _expired(writing.connection, context.instance_id, context.now)
    change = only(REOPEN)
    reason = f"Exemption {exemption.id} expired on {day(exemption.expires_at)}"
    change_status(writing, application.risk_id, change, reason, context.instance_id)
    writing.record(
        exemption_chain(exemption.id),
        DomainEvent.EXEMPTION_ENDED,
        {"case_id": context.instance_id, "expires_at": exemption.expires_at},
    )
    raised = [one for one in _submissions(application) if one.task_id is None]
    answers = {
        **(raised[-1].answers if raised else {}),
        "origin": "exemption expired",
        "exemption": exemption.id,
        "previous_case": context.instance_id,
    }
    case = application.engine.instances.start(
        writing.uow,
        key=context.key,
        actor=SYSTEM,
        subject=application.risk_id,
        answers=answers,
        authority=f"{reason}, so the risk is decided again",
        linked_from=context.instance_id,
        checked=True,
    )
    writing.record(
        risk_chain(application.risk_id),
        DomainEvent.RISK_REOPENED,
        {"exemption": exemption.id, "case_id": case.id, "previous_case": context.instance_id},
    )


def _expired(connection: Connection, case_id: str, now: datetime) -> Exemption:
    granted = of_case(connection, case_id, now)
    if not granted:
        raise OperationFailed("This case granted no exemption, so there is nothing to open again.")
    if is_active(granted[0], now):
        raise OperationFailed(
            f"Exemption {granted[0].id} is still in force, so the risk is not opened again yet."
        )
    return granted[0]


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
    if not today < found <= today + LONGEST_ACCEPTANCE:
        raise OperationFailed(
            f"An accepted risk is reviewed within twelve months, not on {day(found)}. Nothing was accepted."
        )


def _mapping(found: Any) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
