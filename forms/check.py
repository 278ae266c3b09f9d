"""Checks a submission against a form: coerced values of its visible fields, or sentences by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import marshmallow

from engine.feel import FeelError
from forms import limits
from forms.conditions import visible
from forms.rules import options, rules
from forms.schema import empty, schema, type_of
from forms.types import Form, Kind


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found. Where there are errors, the values are not to be stored."""

    values: Mapping[str, Any]
    """Visible fields' answers by key, in the form's order: str, bool, Decimal, date, datetime (UTC), list of
    str, or None for no answer. Hidden and disabled fields are not in it."""
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    """Sentences by field; under "" those about the whole form."""

    @property
    def ok(self) -> bool:
        """Whether the answers hold."""
        return not self.errors


def check(form: Form, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime) -> Checked:
    """Check what was submitted; never raises for what the answers hold.

    `answers` are strings or lists of strings as HTML sends them, or JSON with exact decimals; `data` is the
    case's, for conditions, bounds, options and read-only values; `now` is aware and pins today() and now().
    """
    too_much = _too_much(answers)
    if too_much:
        return Checked({}, {"": [too_much]})
    keys, given, context = shown(form, answers, data, now)
    taken = [each for each in form.fields if each.key in keys and not each.disabled]
    written = [each for each in taken if not each.readonly]
    declared = {each.key for each in form.fields}
    submitted = {each.key: answers[each.key] for each in written if each.key in given}
    submitted |= {key: value for key, value in answers.items() if key not in declared}
    worked = {each.key: rules(each, context, now) for each in written}
    offered = {each.key: options(each, context, now) for each in written if each.choices}
    values: Mapping[str, Any] = {}
    errors: dict[str, list[str]] = {}
    try:
        values = schema(written, worked, offered).load(submitted)
    except marshmallow.ValidationError as error:
        errors = _sentences(error.messages, declared)
        values = error.valid_data if isinstance(error.valid_data, Mapping) else {}
    fixed = {each.key: context.get(each.key) for each in taken if each.readonly}
    merged = {**values, **fixed}
    return Checked({each.key: merged.get(each.key, empty(each)) for each in taken}, errors)


def coerce(form: Form, answers: Mapping[str, Any]) -> tuple[dict[str, object], frozenset[str]]:
    """The answers that are of their fields' types, without any rule; and the keys of fields left blank.

    An answer of another type is in neither: it is the schema that refuses it, in words.
    """
    read: dict[str, object] = {}
    blank: set[str] = set()
    for each in form.fields:
        value = answers.get(each.key)
        if not _nothing(value):
            try:
                value = type_of(each).deserialize(value)
            except marshmallow.ValidationError:
                continue
        if _nothing(value):
            blank.add(each.key)
        else:
            read[each.key] = value
    return read, frozenset(blank)


def initial(form: Form, data: Mapping[str, Any], now: datetime) -> dict[str, object]:
    """The answers a form begins with: `defaultValue`, or `parley:default` worked out over the case's data."""
    begun: dict[str, object] = {}
    for each in form.fields:
        value = each.default
        if each.default_expression is not None:
            try:
                value = type_of(each).deserialize(each.default_expression.evaluate(data, now=now))
            except (FeelError, marshmallow.ValidationError):
                value = None
        if not _nothing(value):
            begun[each.key] = value
    return begun


def shown(
    form: Form, answers: Mapping[str, Any], data: Mapping[str, Any], now: datetime
) -> tuple[frozenset[str], frozenset[str], dict[str, object]]:
    """Keys of the fields shown; of those with an answer to check; and the context that expressions read."""
    read, blank = coerce(form, answers)
    begun = initial(form, data, now)
    given = {each.key for each in form.fields if each.key not in blank}
    for each in form.fields:
        if each.readonly or each.disabled:
            read.pop(each.key, None)
            if each.readonly and each.key in begun:
                read[each.key] = begun[each.key]
        elif each.kind is Kind.CHECKBOX and each.key not in given | set(read):
            read[each.key] = False
        if each.kind is Kind.CHECKBOX and read.get(each.key) is False:
            given.discard(each.key)
    keys, context = visible(form, read, data, now)
    return keys, frozenset(given), context


def _nothing(value: object) -> bool:
    """Whether this is no answer: null, blanks alone, or a list of none."""
    return value is None or (isinstance(value, str) and not value.strip()) or value in ([], ())


def _too_much(answers: object) -> str | None:
    """A sentence where the submission as a whole is not one, or too large to be looked at field by field."""
    if not isinstance(answers, Mapping) or not all(isinstance(key, str) for key in answers):
        return "The answers must be given by the fields' keys. Nothing was stored."
    if len(answers) > limits.MAX_ANSWERS:
        return (
            f"This holds {len(answers):,} answers; at most {limits.MAX_ANSWERS} are taken. Nothing was "
            "stored."
        )
    size = 0
    for key, value in answers.items():
        parts = value if isinstance(value, list | tuple) else (value,)
        size += len(key) + len(parts) + sum(len(part) for part in parts if isinstance(part, str))
    if size > limits.MAX_ANSWER_CHARACTERS:
        return (
            f"This holds {size:,} characters in all; at most {limits.MAX_ANSWER_CHARACTERS:,} are taken. "
            "Nothing was stored: shorten your answers."
        )
    return None


def _sentences(messages: Any, declared: set[str]) -> dict[str, list[str]]:
    """marshmallow's messages by key, with undeclared keys cut to what may be shown."""
    if not isinstance(messages, Mapping):
        return {"": [str(each) for each in messages]}
    sentences: dict[str, list[str]] = {}
    for key, found in messages.items():
        listed = [str(each) for each in found] if isinstance(found, list) else ["This cannot be taken."]
        sentences.setdefault(str(key) if key in declared else str(key)[:80], []).extend(listed)
    return sentences
