"""How a risk's status may change: as data. Only the effects of operations change it, never a form's field."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.risks.types import RiskStatus


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed change: by which operation, for which response, from which statuses, to which."""

    operation: str
    response: str
    """What was decided; empty where the operation knows only one."""
    sources: frozenset[RiskStatus]
    target: RiskStatus


LEGAL_OBLIGATION = "legal_obligation"
"""Category of what a law or a supervisor obliges the organisation to: a class of its own."""
NEVER_FOR_OBLIGATIONS = frozenset({"accept", "exempt"})
"""Responses that no legal obligation allows."""

_S = RiskStatus
_UNDECIDED = frozenset({_S.UNDECIDED})
IN_FORCE = frozenset({_S.ACCEPTED, _S.EXEMPTED, _S.IN_TREATMENT})
"""Where a decision has effect that the CISO may challenge."""

TRANSITIONS: tuple[Transition, ...] = (
    Transition("risks.record_decision", "mitigate", _UNDECIDED, _S.IN_TREATMENT),
    # Avoiding and transferring take their time too: what is decided is done only when it is verified.
    Transition("risks.record_decision", "avoid", _UNDECIDED, _S.IN_TREATMENT),
    Transition("risks.record_decision", "transfer", _UNDECIDED, _S.IN_TREATMENT),
    Transition("risks.record_decision", "accept", _UNDECIDED, _S.ACCEPTED),
    Transition("risks.record_refusal", "", _UNDECIDED, _S.NOT_ACCEPTED),
    Transition("exemptions.grant", "", _UNDECIDED, _S.EXEMPTED),
    # Taken back as a whole, before anybody has looked at it.
    Transition("imports.undo", "", _UNDECIDED, _S.CLOSED),
    # What a cancelled case had put in force ends with it.
    Transition("cases.cancel", "", frozenset(_S) - {_S.UNDECIDED, _S.CLOSED}, _S.UNDECIDED),
    Transition("risks.challenge", "", IN_FORCE, _S.UNDECIDED),
    Transition("risks.reopen", "", frozenset(_S) - {_S.UNDECIDED, _S.CLOSED}, _S.UNDECIDED),
)


def transition(operation: str, response: str = "") -> Transition | None:
    """The transition of an operation and response; None where there is none."""
    return next((t for t in TRANSITIONS if (t.operation, t.response) == (operation, response)), None)


def only(operation: str) -> Transition:
    """The transition of an operation that knows a single response. Raises `LookupError` where it has none."""
    found = transition(operation)
    if found is None:
        raise LookupError(operation)
    return found
