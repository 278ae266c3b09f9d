"""Reads scenario files. What is wrong with one is said in a sentence that names the file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from workflows.errors import FileRefused
from workflows.risks.scales import Level
from workflows.scenarios.types import Expected, Scenario, Step

FOLDER = "scenarios"
_KEYS = {
    "alternates", "appetite", "arbiter", "begins", "earlier_emergency", "expected", "level", "policy",
    "seats", "steps", "story", "title",
}  # fmt: skip
_STEP_KEYS = {"advance", "answers", "element", "role", "seat", "waiting"}


def scenarios_of(folder: Path) -> list[Scenario]:
    """The scenarios of a policy's folder, by name. Raises `FileRefused`."""
    return [read_scenario(path) for path in sorted((folder / FOLDER).glob("*.json"))]


def read_scenario(path: Path) -> Scenario:
    """One scenario. Raises `FileRefused` with what is wrong in it."""
    try:
        return read(path, path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileRefused(f"The scenario {path.name} cannot be read: {error}.", name=path.name) from error


def read(path: Path, text: str) -> Scenario:
    """A scenario from its text; `path` names it. Raises `FileRefused` with what is wrong in it."""
    try:
        data = json.loads(text)
        unknown = sorted(set(data) - _KEYS) + sorted({k for s in data["steps"] for k in s} - _STEP_KEYS)
        if unknown:
            raise ValueError(f"it has {', '.join(unknown)}, which a scenario does not know")
        expected = data["expected"]
        return Scenario(
            path=path,
            policy=str(data["policy"]),
            title=str(data["title"]),
            begins=datetime.fromisoformat(data["begins"]),
            seats=int(data.get("seats", 0)),
            alternates=int(data.get("alternates", 0)),
            arbiter=str(data.get("arbiter", "cro")),
            level=str(data.get("level", "high")),
            appetite=Level.read(data["appetite"]) if "appetite" in data else None,
            earlier_emergency=data.get("earlier_emergency") is True,
            steps=tuple(_step(each) for each in data["steps"]),
            expected=Expected(
                state=str(expected["state"]),
                end=expected.get("end"),
                passes=frozenset(expected.get("passes", ())),
                never=frozenset(expected.get("never", ())),
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise FileRefused(f"The scenario {path.name} cannot be read: {reason}.", name=path.name) from error


def _step(data: Mapping[str, Any]) -> Step:
    waiting = frozenset(data["waiting"])
    if "advance" in data:
        return Step(waiting, advance=str(data["advance"]))
    return Step(
        waiting,
        element=str(data["element"]),
        role=str(data["role"]),
        seat=data.get("seat"),
        answers={key: _exact(value) for key, value in data["answers"].items()},
    )


def _exact(value: Any) -> Any:
    """JSON's numbers as the forms take them."""
    if isinstance(value, list):
        return [_exact(each) for each in value]
    return Decimal(str(value)) if isinstance(value, (int, float)) and not isinstance(value, bool) else value
