"""What differs between two forms, field by field, as form-js writes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from workflows.studio.difference_elements import Change

_LIMITS = {
    "min": "at least {}",
    "max": "at most {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "in the form {}",
}
_TOLD = {
    "key",
    "label",
    "description",
    "type",
    "validate",
    "values",
    "conditional",
    "id",
    "layout",
    "components",
}


def form_changes(path: str, before: bytes, after: bytes) -> list[Change]:
    """Fields added, removed and changed, in the order of the new form. Raises `ValueError`: no JSON."""
    old, new = _form(before), _form(after)
    title = str(new.get("title") or path)
    was, now = _fields(old), _fields(new)
    told: list[tuple[str, str]] = []
    if old.get("title") != new.get("title"):
        told.append(("changed", f"It is now titled “{new.get('title', '')}”."))
    told += [
        ("added", f"New question: “{_label(each)}”{_must(each)}.")
        for key, each in now.items()
        if key not in was
    ]
    told += [
        ("removed", f"The question “{_label(each)}” was removed.")
        for key, each in was.items()
        if key not in now
    ]
    for key in now:
        if key in was:
            told += [("changed", sentence) for sentence in _field(was[key], now[key])]
    common = [key for key in was if key in now], [key for key in now if key in was]
    if common[0] != common[1]:
        told.append(("changed", "Its questions come in another order."))
    if not told and _texts(old) != _texts(new):
        told.append(("changed", "A text between its questions changed."))
    if not told:
        told.append(("changed", "Nothing changed in what it asks; only how it is written or laid out."))
    return [Change(kind, path, None, f"Form “{title}”: {sentence}") for kind, sentence in told]


def _form(data: bytes) -> dict[str, Any]:
    found = json.loads(data)
    if not isinstance(found, dict):
        raise ValueError("a form is an object")
    return found


def _components(form: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for each in form.get("components") or ():
        if isinstance(each, dict):
            yield each
            yield from _components(each)


def _fields(form: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(each["key"]): each for each in _components(form) if each.get("key")}


def _texts(form: dict[str, Any]) -> list[Any]:
    return [each.get("text") or each.get("label") for each in _components(form) if not each.get("key")]


def _label(field: dict[str, Any]) -> str:
    return str(field.get("label") or field["key"])


def _validate(field: dict[str, Any]) -> dict[str, Any]:
    found = field.get("validate")
    return found if isinstance(found, dict) else {}


def _must(field: dict[str, Any]) -> str:
    return ", which must be answered" if _validate(field).get("required") else ""


def _options(field: dict[str, Any]) -> dict[str, str]:
    return {
        str(each.get("value")): str(each.get("label", each.get("value")))
        for each in field.get("values") or ()
        if isinstance(each, dict)
    }


def _field(was: dict[str, Any], now: dict[str, Any]) -> Iterator[str]:
    name = f"“{_label(now)}”"
    if _label(was) != _label(now):
        yield f"“{_label(was)}” now reads {name}."
    if was.get("type") != now.get("type"):
        yield f"{name} is now answered by {now.get('type')} instead of {was.get('type')}."
    old, new = _validate(was), _validate(now)
    if bool(old.get("required")) != bool(new.get("required")):
        yield f"{name} {'must now be answered' if new.get('required') else 'may now be left open'}."
    for key, words in _LIMITS.items():
        before, after = old.get(key), new.get(key)
        if before != after:
            if before is None:
                yield f"{name} may now be {words.format(after)}."
            elif after is None:
                yield f"{name} need no longer be {words.format(before)}."
            else:
                yield f"{name} may now be {words.format(after)} instead of {before}."
    had, has = _options(was), _options(now)
    for value in has.keys() - had.keys():
        yield f"{name} can now be answered “{has[value]}”."
    for value in had.keys() - has.keys():
        yield f"{name} can no longer be answered “{had[value]}”."
    for value in sorted(had.keys() & has.keys()):
        if had[value] != has[value]:
            yield f"The answer “{had[value]}” of {name} now reads “{has[value]}”."
    if was.get("description") != now.get("description"):
        yield f"The explanation of {name} changed."
    if was.get("conditional") != now.get("conditional"):
        hide = (now.get("conditional") or {}).get("hide")
        yield (
            f"{name} is now hidden when {str(hide).lstrip('=')}." if hide else f"{name} is now always asked."
        )
    if {k: v for k, v in was.items() if k not in _TOLD} != {k: v for k, v in now.items() if k not in _TOLD}:
        yield f"Other settings of {name} changed."
