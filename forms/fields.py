"""One input component of a form definition to a Field: key, label, options, rules, default."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import marshmallow
import regex

from forms import components, limits
from forms.conditions import condition
from forms.errors import FormError
from forms.reading import Reader
from forms.schema import type_of
from forms.texts import expression, template
from forms.types import Choices, Field, Kind, Limits, Option

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
_EMAIL = regex.compile(r"^[^\s@<>()\[\],;:\"\\]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,252}\.[A-Za-z]{2,24}$")
_PHONE = regex.compile(r"^\+?[0-9](?:[ ()./-]{0,2}[0-9]){4,19}$")
_TYPES = {"email": ("email", _EMAIL, "name@example.org"), "phone": ("tel", _PHONE, "+49 30 123456")}


def read_field(reader: Reader) -> Field:
    """Read an input component. Raises FormError for what the server could not honour."""
    rules, own = reader.validate(), reader.properties()
    description = reader.text("description")
    text_type, field_limits = _limits(reader, rules, own)
    adorners = _adorners(reader)
    field = Field(
        key=_key(reader),
        kind=reader.kind,
        label=template(_label(reader), reader.where),
        description=template(description, reader.where) if description else None,
        required=_required(reader, rules),
        limits=field_limits,
        choices=_choices(reader) if reader.kind in components.CHOICES else None,
        moment=_moment(reader),
        text_type=text_type,
        default_expression=(
            expression(own["parley:default"], f"{reader.where}: its parley:default")
            if "parley:default" in own
            else None
        ),
        readonly=reader.flag("readonly"),
        disabled=reader.flag("disabled"),
        autocomplete=_autocomplete(reader, own),
        prefix=adorners[0],
        suffix=adorners[1],
        condition=condition(reader),
        row=reader.row(),
    )
    field = replace(field, default=_default(reader, field))
    given = field.default is not None or field.default_expression is not None
    if field.required and field.readonly and not given and field.kind is not Kind.CHECKBOX:
        raise FormError(
            f"{reader.where} is required but read-only and begins empty, so that nobody could ever answer "
            "it. Give it a defaultValue or a parley:default, or let people write in it."
        )
    return field


def _key(reader: Reader) -> str:
    key = reader.text("key")
    if not key:
        raise FormError(f"{reader.where} has no key. Give it one: its answer is stored under it.")
    if not _KEY.fullmatch(key):
        raise FormError(
            f"{reader.where}: its key must begin with a letter and go on with at most 63 letters, digits "
            "and underscores; paths with dots are not supported."
        )
    if key in components.RESERVED_KEYS:
        raise FormError(
            f"{reader.where}: {key!r} is a word of the expression language or of the page; choose another "
            "key."
        )
    return key


def _label(reader: Reader) -> str:
    label = reader.text("label")
    if reader.kind is Kind.DATETIME:
        parts = [label or reader.text("dateLabel"), reader.text("timeLabel") if _moment(reader) else ""]
        label = ", ".join(part for part in parts if part)
    if not label:
        raise FormError(
            f"{reader.where} has no label. Give it one: without, a screen reader cannot say what it asks."
        )
    return label


def _required(reader: Reader, rules: Mapping[str, Any]) -> bool:
    required = rules.get("required", False)
    if not isinstance(required, bool):
        raise FormError(f"{reader.where}: its rule 'required' must be true or false.")
    return required


def _moment(reader: Reader) -> bool:
    if reader.kind is not Kind.DATETIME:
        return False
    subtype = reader.text("subtype") or "date"
    if subtype not in ("date", "datetime"):
        raise FormError(f"{reader.where} asks for a {subtype!r}; only 'date' and 'datetime' are supported.")
    if reader.text("timeSerializingFormat") not in ("", "utc_offset", "utc_normalized"):
        raise FormError(
            f"{reader.where} wants times without a time zone, which is not supported: moments are stored "
            "in UTC. Choose the UTC format."
        )
    reader.flag("use24h")
    return subtype == "datetime"


def _limits(reader: Reader, rules: Mapping[str, Any], own: Mapping[str, str]) -> tuple[str, Limits]:
    """The HTML type of a text field, and what the answer must keep to."""
    if reader.kind is Kind.NUMBER:
        reader.flag("serializeToString")
        return "text", _number_limits(reader, rules)
    if reader.kind is Kind.DATETIME:
        bounds = {
            name: expression(own[f"parley:{name}"], f"{reader.where}: its parley:{name}")
            for name in ("min", "max")
            if f"parley:{name}" in own
        }
        return "text", Limits(
            min=bounds.get("min"),
            max=bounds.get("max"),
            no_past=reader.flag("disallowPassedDates"),
            minutes=reader.whole("timeInterval", 1, 60) if _moment(reader) else None,
        )
    lengths = {
        name: reader.length(rule, rules[rule])
        for name, rule in (("min_length", "minLength"), ("max_length", "maxLength"))
        if rule in rules
    }
    least, most = lengths.get("min_length"), lengths.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        raise FormError(
            f"{reader.where}: its minLength is more than its maxLength, so that no answer could ever do."
        )
    text_type, pattern, hint = _pattern(reader, rules, own)
    return text_type, Limits(min_length=least, max_length=most, pattern=pattern, pattern_hint=hint)


def _number_limits(reader: Reader, rules: Mapping[str, Any]) -> Limits:
    least, most = (reader.number(name, rules[name]) if name in rules else None for name in ("min", "max"))
    if isinstance(least, Decimal) and isinstance(most, Decimal) and least > most:
        raise FormError(f"{reader.where}: its min is more than its max, so that no answer could ever do.")
    increment: Decimal | None = None
    if reader.entry.get("increment") not in (None, ""):
        step = reader.number("increment", reader.entry["increment"])
        if not isinstance(step, Decimal) or step <= 0:
            raise FormError(f"{reader.where}: its increment must be a number above 0.")
        increment = step
    return Limits(
        min=least,
        max=most,
        decimals=reader.whole("decimalDigits", 0, limits.MAX_DECIMALS),
        increment=increment,
    )


def _pattern(
    reader: Reader, rules: Mapping[str, Any], own: Mapping[str, str]
) -> tuple[str, regex.Pattern[str] | None, str]:
    hint = own.get("parley:patternHint", "")
    validation = str(rules.get("validationType", "custom"))
    if validation in _TYPES:
        text_type, pattern, example = _TYPES[validation]
        return text_type, pattern, hint or example
    if validation != "custom":
        raise FormError(f"{reader.where}: its validationType must be email, phone or custom.")
    if "pattern" not in rules:
        if hint:
            raise FormError(f"{reader.where} has a parley:patternHint but no pattern.")
        return "text", None, ""
    text = rules["pattern"]
    if not isinstance(text, str) or len(text) > limits.MAX_PATTERN:
        raise FormError(
            f"{reader.where}: its pattern must be a text of at most {limits.MAX_PATTERN} characters."
        )
    try:
        # JavaScript's \d, \w and \b know ASCII only.
        return "text", regex.compile(text, regex.ASCII, cache_pattern=False), hint
    except (regex.error, OverflowError, RecursionError, MemoryError, ValueError) as error:
        raise FormError(f"{reader.where}: its pattern is not a regular expression ({error}).") from error


def _adorners(reader: Reader) -> tuple[str, str]:
    found = reader.mapping("appearance")
    for name in sorted(set(found) - {"prefixAdorner", "suffixAdorner"}):
        raise FormError(f"{reader.where} has the appearance {name[:60]!r}, which is not supported.")
    inner = Reader(found, reader.kind, reader.where)
    return inner.text("prefixAdorner", 40), inner.text("suffixAdorner", 40)


def _autocomplete(reader: Reader, own: Mapping[str, str]) -> str | None:
    value = own.get("parley:autocomplete")
    if value is not None and value not in components.AUTOCOMPLETE:
        raise FormError(
            f"{reader.where}: its parley:autocomplete {value[:40]!r} is not one of "
            f"{', '.join(sorted(components.AUTOCOMPLETE))}."
        )
    return value


def _choices(reader: Reader) -> Choices:
    given = [name for name in ("values", "valuesKey", "valuesExpression") if reader.entry.get(name)]
    if len(given) != 1:
        raise FormError(
            f"{reader.where} needs its options from exactly one of values, valuesKey and valuesExpression; "
            f"it has {' and '.join(given) or 'none of them'}."
        )
    if given != ["values"]:
        text = reader.text(given[0], limits.MAX_TEXT_BLOCK)
        if given == ["valuesKey"] and not re.fullmatch(r"\w+(\.\w+)*", text):
            raise FormError(f"{reader.where}: its valuesKey must be a name, or names joined by dots.")
        return Choices(source=expression(text, f"{reader.where}: its {given[0]}"))
    listed = reader.entry["values"]
    if not isinstance(listed, list) or len(listed) > limits.MAX_OPTIONS:
        raise FormError(f"{reader.where}: its values must be a list of at most {limits.MAX_OPTIONS} options.")
    options = tuple(_option(reader, entry) for entry in listed)
    if len({each.value for each in options}) != len(options):
        raise FormError(f"{reader.where} has two options of the same value. Each needs one of its own.")
    return Choices(fixed=options)


def _option(reader: Reader, entry: Any) -> Option:
    if not isinstance(entry, dict) or set(entry) - {"label", "value"}:
        raise FormError(f"{reader.where} has an option that is not a label and a value.")
    inner = Reader(entry, reader.kind, f"{reader.where}: an option")
    value = inner.text("value", limits.MAX_OPTION_VALUE, required=True)
    return Option(value, inner.text("label") or value)


def _default(reader: Reader, field: Field) -> object:
    raw = reader.entry.get("defaultValue")
    if raw is None or raw == "" or raw == []:
        return None
    if field.default_expression is not None:
        raise FormError(f"{reader.where} has both a defaultValue and a parley:default. Keep one.")
    try:
        value = type_of(field).deserialize(raw)
    except marshmallow.ValidationError as error:
        raise FormError(
            f"{reader.where}: its defaultValue cannot be an answer. {' '.join(error.messages)}"
        ) from error
    if field.choices is not None and not field.choices.source:
        allowed = {each.value for each in field.choices.fixed}
        if not set(value if isinstance(value, list) else [value]) <= allowed:
            raise FormError(f"{reader.where}: its defaultValue is not one of its options.")
    return value
