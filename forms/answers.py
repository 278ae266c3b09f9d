"""Stored answers in a person's words, for timelines and for two positions side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from forms.components import CHOICES
from forms.rules import options
from forms.texts import NOTHING, human
from forms.types import Field, Form


class Answered(NamedTuple):
    """One answer as a person reads it. Texts keep their line ends."""

    label: str
    value: str
    key: str


def present_answers(
    form: Form,
    answers: Mapping[str, Any],
    data: Mapping[str, Any] | None = None,
    now: datetime | None = None,
) -> list[Answered]:
    """Label and human value of each answer, in the form's order; fields that were hidden are left out.

    `answers` are those that `check` gave. `data` and `now` serve labels and options that are expressions; a
    value whose option is no longer offered shows as it was stored. Answers the form does not declare come
    last, by their key.
    """
    at = now or datetime.now(UTC)
    context = {**(data or {}), **{each.key: None for each in form.fields}, **answers}
    rows = [
        Answered(each.label.render(context, at), _words(each, answers[each.key], context, at), each.key)
        for each in form.fields
        if each.key in answers
    ]
    declared = {each.key for each in form.fields}
    rows += [Answered(key, human(value), key) for key, value in answers.items() if key not in declared]
    return rows


@dataclass(frozen=True, slots=True)
class Comparison:
    """Answers of several people to like questions, in a table."""

    titles: tuple[str, ...]
    """Whose answers stand in each column."""
    rows: tuple[tuple[str, tuple[str | None, ...]], ...]
    """Label, and the value of each column; None where that form did not ask."""


def side_by_side(columns: Sequence[tuple[str, Sequence[Answered]]]) -> Comparison:
    """Answers beside each other: `columns` are a title and its answers.

    Answers under the same key stand in one row, in the order of the first column that has them; where the
    forms ask in different words, the row says both.
    """
    keys = dict.fromkeys(each.key for _, answered in columns for each in answered)
    rows: list[tuple[str, tuple[str | None, ...]]] = []
    for key in keys:
        found = [next((each for each in answered if each.key == key), None) for _, answered in columns]
        labels = dict.fromkeys(each.label for each in found if each)
        rows.append((" / ".join(labels), tuple(each.value if each else None for each in found)))
    return Comparison(tuple(title for title, _ in columns), tuple(rows))


def _words(field: Field, value: Any, context: Mapping[str, object], now: datetime) -> str:
    if field.kind in CHOICES:
        labels = {each.value: each.label for each in options(field, context, now)}
        listed = value if isinstance(value, list | tuple) else [value]
        return (
            ", ".join(
                labels.get(each, human(each)) if isinstance(each, str) else human(each) for each in listed
            )
            or NOTHING
        )
    words = human(value)
    if value is None or isinstance(value, bool):
        return words
    return " ".join(part for part in (field.prefix, words, field.suffix) if part)
