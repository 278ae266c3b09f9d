"""Answers to any form, drawn at random from what the page offers: the very controls a person would see."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from forms import parse, present
from forms.presentation import Control, Presentation
from tests.workflows.world import World
from workflows.types import Person

_NUMBERS = (1, 5, 10, 14, 30, 60, 90, 180, 365)

Preferences = Mapping[str, Mapping[str, float]]
"""By the key of a choice: how much likelier than 1 each of its values is."""


class Answering:
    """Fills in forms by chance; what matters to a history (a choice's weight) may be preferred."""

    def __init__(self, world: World, chance: random.Random, preferences: Preferences) -> None:
        self._world = world
        self._chance = chance
        self._preferences = preferences

    def task(self, person: Person, task_id: str) -> dict[str, Any]:
        """Answers to the form of a task, as a browser would send them."""
        answers: dict[str, Any] = {}
        parley = self._world.parley
        page = parley.cases.task_page(person, task_id)
        if page.task.form is None:
            return answers
        form = parse(parley.policies.file(person, page.task.version_hash, page.task.form))
        shown = page.presentation
        assert shown is not None, page.why_me
        while self._more(shown, answers):
            shown = present(form, values=answers, data=page.data, now=page.now)
        return answers

    def _more(self, shown: Presentation, answers: dict[str, Any]) -> bool:
        """Answer the first question that is shown and not answered yet; whether there was one. An answer may
        bring up further questions."""
        for control in shown.controls():
            if control.visibility.hidden or control.readonly or control.disabled or control.key in answers:
                continue
            if not control.required and self._chance.random() < 0.5:
                answers[control.key] = [] if control.kind == "checkboxes" else ""
            else:
                answers[control.key] = self._answer(control)
            return True
        return False

    def _answer(self, control: Control) -> Any:
        match control.kind:
            case "radio" | "select":
                return self._choice(control)
            case "checkboxes":
                values = [one.value for one in control.choices]
                return self._chance.sample(values, k=min(len(values), self._chance.randint(1, 2)))
            case "checkbox":
                return "true" if control.required or self._chance.random() < 0.5 else ""
            case "textarea":
                return f"Because of {self._chance.randint(1, 1_000_000)}."
            case _:
                return self._input(control)

    def _choice(self, control: Control) -> str:
        values = [one.value for one in control.choices if one.value]
        if not values:
            return ""
        weights = self._preferences.get(control.key, {})
        return self._chance.choices(values, [weights.get(value, 1.0) for value in values])[0]

    def _input(self, control: Control) -> str:
        attributes = dict(control.attributes)
        kind = attributes.get("type", "text")
        if kind == "date":
            return self._day(attributes).isoformat()
        if kind == "datetime-local":
            return f"{self._day(attributes).isoformat()}T12:00"
        if attributes.get("inputmode") in ("numeric", "decimal"):
            return str(self._chance.choice(_NUMBERS))
        return f"Words {self._chance.randint(1, 1_000_000)}"

    def _day(self, attributes: Mapping[str, str]) -> date:
        today = self._world.now.date()
        first = _date(attributes.get("min")) or today + timedelta(days=1)
        last = _date(attributes.get("max")) or first + timedelta(days=60)
        return first + timedelta(days=self._chance.randint(0, max(0, (last - first).days)))


def _date(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None
