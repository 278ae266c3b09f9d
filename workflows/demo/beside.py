"""What people do in the story beside their tasks, on a case's or a risk's page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from workflows.bootstrap import Parley
from workflows.identity.types import Person

Beside = Callable[[Parley, Person, str, str, Mapping[str, Any]], str]
"""Given the risk, its case that began last, and the answers: what was done, for a line of progress."""


def _changed(parley: Parley, person: Person, risk_id: str, case_id: str, answers: Mapping[str, Any]) -> str:
    parley.cases.change_position(person, case_id, answers)
    return "a position changed later"


def _challenged(
    parley: Parley, person: Person, risk_id: str, case_id: str, answers: Mapping[str, Any]
) -> str:
    parley.risks.challenge(person, risk_id, **answers)
    return "the decision in force challenged"


BESIDE: dict[str, Beside] = {"change_position": _changed, "challenge": _challenged}
"""By what stands in an act in place of a task's element."""
