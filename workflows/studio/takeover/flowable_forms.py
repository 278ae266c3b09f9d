"""Forms as Flowable's form designer writes them: fields by type, in containers, with outcomes as buttons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from forms.limits import MAX_GROUP_DEPTH
from forms.types import Kind
from workflows.studio.takeover.questions import Question, number

_KINDS = {
    "boolean": Kind.CHECKBOX,
    "date": Kind.DATETIME,
    "decimal": Kind.NUMBER,
    "dropdown": Kind.SELECT,
    "integer": Kind.NUMBER,
    "multi-line-text": Kind.TEXTAREA,
    "radio-buttons": Kind.RADIO,
    "text": Kind.TEXTFIELD,
}
_DRAWN = frozenset(("headline", "headline-with-line", "horizontal-line", "spacer"))
"""Fields that ask nothing; a heading says what the questions below it say themselves."""
_RULES = (("minLength", "minLength"), ("maxLength", "maxLength"), ("minValue", "min"), ("maxValue", "max"))


def is_flowable_form(document: Mapping[str, Any]) -> bool:
    """Whether a form's JSON is of Flowable's designer."""
    return isinstance(document.get("fields"), list) and "components" not in document


def flowable_questions(document: Mapping[str, Any]) -> Iterator[tuple[str, Question | None]]:
    """Type and name of each field, with its question where it is one that is supported."""
    for field in _fields(document.get("fields"), 0):
        kind, name = str(field.get("type", "")), str(field.get("id") or "")
        if kind in _DRAWN or not name:
            continue
        yield f"{kind} {name}", _question(field, name, _KINDS.get(kind))
    outcomes = [str(each["name"]) for each in _dicts(document.get("outcomes")) if each.get("name")]
    if outcomes:
        # The button that was pressed is a variable of this name.
        name = f"form_{document.get('key', '')}_outcome"
        options = [(each, each) for each in outcomes]
        yield f"outcomes {name}", Question(name, "Outcome", Kind.RADIO, required=True, options=options)


def _fields(listed: Any, depth: int) -> Iterator[dict[str, Any]]:
    """Fields in their order, those of containers column by column."""
    if depth > MAX_GROUP_DEPTH:
        return
    for field in _dicts(listed):
        inner = field.get("fields")
        if isinstance(inner, dict):
            for column in inner.values():
                yield from _fields(column, depth + 1)
        else:
            yield field


def _question(field: Mapping[str, Any], name: str, kind: Kind | None) -> Question | None:
    if kind is None:
        return None
    options = [str(each["name"]) for each in _dicts(field.get("options")) if each.get("name")]
    if field.get("hasEmptyValue") is True:
        options = options[1:]
    params = field.get("params") if isinstance(field.get("params"), dict) else {}
    texts = {"minLength", "maxLength"}
    rules = {
        ours: number((params or {}).get(theirs))
        for theirs, ours in _RULES
        if (ours in texts) == (kind is not Kind.NUMBER)
        and kind in (Kind.NUMBER, Kind.TEXTFIELD, Kind.TEXTAREA)
    }
    return Question(
        name,
        str(field.get("name") or name),
        kind,
        required=field.get("required") is True,
        options=[(each, each) for each in options],
        rules={key: value for key, value in rules.items() if value is not None},
        readonly=field.get("readOnly") is True,
    )


def _dicts(listed: Any) -> list[dict[str, Any]]:
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
