"""Builds form definitions in tests as the form editor writes them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from forms import Checked, Form, Presentation, check, parse, present

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)

YES_NO = [{"label": "Yes, please", "value": "yes"}, {"label": "No", "value": "no"}]


def definition(*components: dict[str, Any], **attributes: Any) -> bytes:
    """A form's bytes."""
    document = {"type": "default", "id": "test", "schemaVersion": 18, "components": list(components)}
    return json.dumps(document | attributes).encode()


def component(kind: str, key: str | None = "answer", **attributes: Any) -> dict[str, Any]:
    """One component; inputs get a label and a key, choices their options."""
    made: dict[str, Any] = {"type": kind, "id": f"Field_{key}"}
    if kind not in ("text", "separator", "spacer", "group", "button"):
        made |= {"key": key, "label": f"Label of {key}"}
    chosen_by = {"values", "valuesKey", "valuesExpression"} & attributes.keys()
    if kind in ("radio", "select", "checklist", "taglist") and not chosen_by:
        made["values"] = YES_NO
    return made | attributes


def form(*components: dict[str, Any], **attributes: Any) -> Form:
    """A parsed form of these components."""
    return parse(definition(*components, **attributes))


def checked(
    built: Form | dict[str, Any], answers: Any, data: dict[str, Any] | None = None, now: datetime = NOW
) -> Checked:
    """The answers checked against a form, or a form of one component."""
    return check(built if isinstance(built, Form) else form(built), answers, data or {}, now)


def presented(built: Form | dict[str, Any], **given: Any) -> Presentation:
    """What a page would render."""
    given = {"data": {}, "now": NOW} | given
    return present(built if isinstance(built, Form) else form(built), **given)


def hide(expression: str) -> dict[str, str]:
    """A condition as the editor writes it."""
    return {"hide": f"={expression}"}
