"""The words in which the demonstration's story is told: a risk, and what people do about it, day by day.

Days are counted back from the end: `ago=12` is twelve days before the story ends. Texts may run over several
lines; white space in them is made single.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from workflows.risks.types import RiskStatus

CIO, DEPUTY_CIO = "falkenberg", "ravenscroft"
CISO, DEPUTY_CISO = "achterberg", "thornbury"
CRO = "adebayo"
AS_PROPOSED = "The conditions that the CIO has proposed, for this time and no longer."
"""What a member amends where it is the time alone."""

Ago = int | timedelta
"""Days before the end, within working hours; or an exact span before the end."""


def minutes(number: int) -> timedelta:
    """An exact span before the story's end, for what happens on its last day."""
    return timedelta(minutes=number)


def days(number: float) -> timedelta:
    """An exact span before the story's end, for what a notice period hangs on: weekends change nothing."""
    return timedelta(days=number)


@dataclass(frozen=True, slots=True)
class DaysAfter:
    """An answer that is a date: this many days after the act itself."""

    days: int


@dataclass(frozen=True, slots=True)
class Act:
    """What one person answers at one step of the diagram."""

    element: str
    """Id of the user task, or what is done beside tasks (`beside.BESIDE`)."""
    by: str
    """Id of the person."""
    ago: Ago
    answers: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """One risk: how it is raised, everything people do about it, and how it must stand at the end."""

    cve: str
    title: str
    description: str
    category: str
    assets: tuple[str, ...]
    likelihood: str
    impact: str
    raised_by: str
    raised: int
    """Days before the end."""
    acts: tuple[Act, ...]
    ends: RiskStatus
    is_late: bool = False
    """Its first milestone is not reached in time, and the plan is changed."""
    waits: tuple[str, ...] = ()
    """Elements at which its running case waits at the end, in alphabetical order; empty where none runs."""


def words(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def _act(element: str, by: str, ago: Ago, /, **answers: Any) -> Act:
    given = {
        key: words(answer) if isinstance(answer, str) else answer
        for key, answer in answers.items()
        if answer is not None
    }
    return Act(element, by, ago, given)


def cio(
    ago: Ago,
    likelihood: str,
    impact: str,
    treatment: str,
    value: str,
    reason: str,
    delay: str | None = None,
    by: str = CIO,
) -> Act:
    """The CIO's position: rating, what the business has at stake, and a first view of the treatment."""
    return _act(
        "cio_position",
        by,
        ago,
        likelihood=likelihood,
        impact=impact,
        business_value=value,
        cost_of_delay=delay,
        treatment=treatment,
        reason=reason,
    )


def ciso(
    ago: Ago,
    likelihood: str,
    impact: str,
    treatment: str,
    evidence: str,
    conditions: str | None = None,
    confidence: str = "high",
    by: str = CISO,
) -> Act:
    """The CISO's advice: rating, recommended treatment, and what it relies on."""
    return _act(
        "ciso_position",
        by,
        ago,
        likelihood=likelihood,
        impact=impact,
        treatment=treatment,
        conditions=conditions,
        confidence=confidence,
        evidence=evidence,
    )


def mitigate(ago: Ago, plan: str, reason: str, by: str = CIO) -> Act:
    """The CIO decides to take measures."""
    return _act("decide", by, ago, decision="mitigate", plan=plan, reason=reason)


def avoid(ago: Ago, reason: str, by: str = CIO) -> Act:
    """The CIO decides to stop what causes the risk."""
    return _act("decide", by, ago, decision="avoid", reason=reason)


def transfer(ago: Ago, reason: str, by: str = CIO) -> Act:
    """The CIO decides to let somebody else carry part of the risk."""
    return _act("decide", by, ago, decision="transfer", reason=reason)


def accept(ago: Ago, review_after: int, reason: str, by: str = CIO) -> Act:
    """The CIO decides to live with the risk, and to review that after some days."""
    return _act("decide", by, ago, decision="accept", review_date=DaysAfter(review_after), reason=reason)


def exempt(ago: Ago, days: int, conditions: str, controls: str, reason: str, by: str = CIO) -> Act:
    """The CIO decides for an exemption of some days."""
    return _act(
        "decide",
        by,
        ago,
        decision="exempt",
        days=days,
        conditions=conditions,
        compensating_controls=controls,
        reason=reason,
    )


def concur(ago: Ago, conditions: str | None = None, by: str = CISO) -> Act:
    """The CISO concurs, under conditions where some are named."""
    response = "concur" if conditions is None else "concur_with_conditions"
    return _act("respond", by, ago, response=response, conditions=conditions)


def challenge(ago: Ago, ground: str, argument: str, would_change: str, by: str = CISO) -> Act:
    """The CISO challenges the decision on a ground."""
    return _act(
        "respond",
        by,
        ago,
        response="challenge",
        ground=ground,
        argument=argument,
        would_change_mind=would_change,
    )


def change_advice(
    ago: Ago, likelihood: str, impact: str, treatment: str, at_request_of: str, reason: str, by: str = CISO
) -> Act:
    """The CISO appends a change to the advice that was revealed, and says at whose request."""
    rated = {"likelihood": likelihood, "impact": impact, "treatment": treatment}
    of = {"element": "ciso_position", "at_request_of": at_request_of}
    return _act("change_position", by, ago, reason=reason, **rated, **of)


def challenge_later(ago: Ago, ground: str, argument: str, containment: str, by: str = CISO) -> Act:
    """The CISO challenges the decision in force, on new facts: the risk is decided anew."""
    return _act("challenge", by, ago, ground=ground, argument=argument, containment=containment)


def revise(ago: Ago, reason: str, by: str = CIO) -> Act:
    """The CIO takes the decision back, and decides again."""
    return _act("answer_challenge", by, ago, answer="revise", reason=reason)


def stand(ago: Ago, reason: str, by: str = CIO) -> Act:
    """The CIO stands by the decision: the dispute goes to the committee."""
    return _act("answer_challenge", by, ago, answer="stand", reason=reason)


def vote(
    by: str,
    ago: Ago,
    choice: str,
    reason: str,
    days: int | None = None,
    conditions: str | None = None,
    controls: str | None = None,
) -> Act:
    """A member's vote: `uphold`, `overturn`, `amend` (with days and conditions), `refer`, `abstain` or
    `recuse`."""
    return _act(
        "vote",
        by,
        ago,
        choice=choice,
        days=days,
        conditions=conditions or (AS_PROPOSED if choice == "amend" else None),
        compensating_controls=controls,
        reason=reason,
    )


def arbitrate(
    ago: Ago,
    ruling: str,
    reason: str,
    days: int | None = None,
    conditions: str | None = None,
    controls: str | None = None,
) -> Act:
    """The chief risk officer's ruling; its answers as in `vote`."""
    return _act(
        "arbitrate",
        CRO,
        ago,
        ruling=ruling,
        days=days,
        conditions=conditions or (AS_PROPOSED if ruling == "amend" else None),
        compensating_controls=controls,
        reason=reason,
    )
