"""One field to the control that a page renders: its tag and attributes, its value, and its rules in words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from forms import limits
from forms.components import CHOICES, MANY
from forms.presentation import Choice, Control, Visibility
from forms.rules import Rules, options, rules
from forms.schema import YES
from forms.texts import human
from forms.types import Field, Kind

_TAGS: Mapping[Kind, str] = {
    Kind.CHECKBOX: "checkbox",
    Kind.CHECKLIST: "checkboxes",
    Kind.RADIO: "radio",
    Kind.SELECT: "select",
    Kind.TAGLIST: "checkboxes",
    Kind.TEXTAREA: "textarea",
}
_SMALL = 300
"""Characters up to which a text area is given few rows."""
_TOLD = 1_000
"""Characters up to which a text's limit is said beforehand; beyond, hardly anybody comes near it."""


def control(
    field: Field,
    raw: Any,
    errors: Sequence[str],
    context: Mapping[str, object],
    now: datetime,
    *,
    prefix: str,
    visibility: Visibility,
) -> Control:
    """The control of a field that shows `raw`: an answer as submitted, stored or begun with."""
    found = rules(field, context, now)
    identifier = f"{prefix}-{field.key}"
    description = field.description.render(context, now) if field.description else ""
    return Control(
        key=field.key,
        kind=_TAGS.get(field.kind, "input"),
        id=identifier,
        label=field.label.render(context, now),
        description=description,
        hint=hint(field, found, description),
        required=field.required and not field.readonly and not field.disabled,
        value=_value(raw, field),
        checked=raw is True or (isinstance(raw, str) and raw.strip().lower() in YES),
        choices=_choices(field, raw, context, now, identifier),
        attributes=tuple(_attributes(field, found)),
        prefix=field.prefix,
        suffix=field.suffix,
        readonly=field.readonly,
        disabled=field.disabled,
        errors=tuple(errors),
        visibility=visibility,
        row=field.row,
    )


def hint(field: Field, found: Rules, description: str = "") -> str:
    """What the rules allow: "From 1 to 365. A whole number."; without what the description says already."""
    said: list[str] = []
    if found.min is not None and found.max is not None:
        said.append(f"From {human(found.min)} to {human(found.max)}.")
    elif found.min is not None or found.max is not None:
        least, most = ("Not before", "Not after") if field.kind is Kind.DATETIME else ("At least", "At most")
        said.append(
            f"{least} {human(found.min)}." if found.min is not None else f"{most} {human(found.max)}."
        )
    if field.kind is Kind.NUMBER and field.limits.decimals == 0:
        said.append("A whole number.")
    if field.moment:
        said.append("In UTC.")
    if field.limits.min_length is not None and found.min_length:
        said.append(f"At least {found.min_length:,} characters.")
    if field.limits.max_length is not None and found.max_length is not None and found.max_length <= _TOLD:
        said.append(f"At most {found.max_length:,} characters.")
    if field.limits.pattern_hint and field.text_type == "text":
        said.append(f"In this form: {field.limits.pattern_hint.rstrip('.')}.")
    return " ".join(each for each in said if not _says(description, each[:-1]))


def _says(description: str, words: str) -> bool:
    return re.search(rf"{re.escape(words)}(?![\w]|[.,]\d)", description, re.IGNORECASE) is not None


def _choices(
    field: Field, raw: Any, context: Mapping[str, object], now: datetime, identifier: str
) -> tuple[Choice, ...]:
    if field.kind not in CHOICES:
        return ()
    listed = raw if field.kind in MANY and isinstance(raw, list | tuple) else [raw]
    chosen = {each.strip() for each in listed if isinstance(each, str)}
    return tuple(
        Choice(
            each.value, each.label, identifier if at == 0 else f"{identifier}-{at + 1}", each.value in chosen
        )
        for at, each in enumerate(options(field, context, now))
    )


def _value(raw: Any, field: Field) -> str:
    """An answer as its control takes it: as typed, and nothing for what no control can show."""
    if field.kind in CHOICES or field.kind is Kind.CHECKBOX or isinstance(raw, bool):
        return ""
    if isinstance(raw, str):
        return raw[: limits.MAX_ANSWER_CHARACTERS]
    if isinstance(raw, Decimal):
        return f"{raw:f}" if raw.is_finite() and abs(raw.adjusted()) < 2 * limits.MAX_NUMBER_DIGITS else ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) < limits.MAX_NUMBER else ""
    if isinstance(raw, datetime):
        return f"{raw.astimezone(UTC) if raw.tzinfo else raw:%Y-%m-%dT%H:%M}"
    return raw.isoformat() if isinstance(raw, date) else ""


def _attributes(field: Field, found: Rules) -> list[tuple[str, str]]:
    made: list[tuple[str, str]] = []
    if field.kind is Kind.NUMBER:
        # A text input: number inputs lose what they do not understand, and change under the mouse wheel. The
        # numeric keypads of phones have no minus sign.
        signed = not isinstance(found.min, Decimal) or found.min < 0
        keypad = "text" if signed else "numeric" if field.limits.decimals == 0 else "decimal"
        made += [("type", "text"), ("inputmode", keypad), ("spellcheck", "false")]
    elif field.kind is Kind.DATETIME:
        made.append(("type", "datetime-local" if field.moment else "date"))
        made += [
            (name, _value(bound, field))
            for name, bound in (("min", found.min), ("max", found.max))
            if isinstance(bound, date)
        ]
        if field.limits.minutes:
            made.append(("step", str(field.limits.minutes * 60)))
    elif field.kind is Kind.TEXTFIELD:
        made.append(("type", field.text_type))
    elif field.kind is Kind.TEXTAREA:
        made.append(("rows", "3" if found.max_length is not None and found.max_length <= _SMALL else "5"))
    if made:
        made.append(("autocomplete", field.autocomplete or "off"))
    return made
