"""Acts that reach a case from elsewhere: a step at an event that waits for a message, and a challenge, which
ends a case that was decided and goes on in a new one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from secrets import token_urlsafe
from typing import Any

from workflows.bootstrap import Parley
from workflows.identity.types import Person
from workflows.scenarios.types import Scenario, Step

Carry = Callable[[str, Step], None]
"""Completes a step's task in a case."""
Send = Callable[[Parley, Scenario, str, Person, Step, Carry], None]


def _breach(
    parley: Parley, scenario: Scenario, case_id: str, person: Person, step: Step, carry: Carry
) -> None:
    """A broken condition, reported on the exemption's page."""
    said = dict(step.answers or {})
    exemption = _of_case(parley, person, case_id)
    parley.exemptions.report_breach(person, exemption, said["what"], said["evidence"], token_urlsafe(16))


def _renewal(
    parley: Parley, scenario: Scenario, case_id: str, person: Person, step: Step, carry: Carry
) -> None:
    """A new review in place of the exemption, which goes the way that the scenario went so far."""
    reason = str((step.answers or {})["reason"])
    renewal = parley.exemptions.ask_renewal(person, _of_case(parley, person, case_id), reason)
    for each in scenario.steps[1 : scenario.steps.index(step)]:
        if each.element:
            carry(renewal, each)
    parley.engine.worker.run_until_idle()


def _of_case(parley: Parley, reader: Person, case_id: str) -> str:
    return next(one.id for one in parley.exemptions.all(reader) if one.case_id == case_id)


SENT: dict[str, Send] = {"breach_reported": _breach, "renewal_granted": _renewal}
"""By the event that waits for it."""


def _challenge(parley: Parley, risk_id: str, person: Person, answers: Mapping[str, Any]) -> str:
    """The decision in force is challenged on the risk's page."""
    return parley.risks.challenge(person, risk_id, **answers).id


TAKEN_UP: dict[str, Callable[[Parley, str, Person, Mapping[str, Any]], str]] = {"challenge": _challenge}
"""Acts after which the risk is decided in a new case, by what stands in place of an element."""
