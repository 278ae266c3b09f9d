"""Forms of other tools as forms of Parley's: each question on its own, so that one that cannot be taken over
leaves the others."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from forms import FormError, parse
from forms.components import ATTRIBUTES, FORM_ATTRIBUTES, MAX_SCHEMA_VERSION, RESERVED_KEYS, VALIDATE
from forms.limits import MAX_GROUP_DEPTH
from forms.types import Kind

_PLAIN_ATTRIBUTES = FORM_ATTRIBUTES - {"$schema", "components", "exporter", "schemaVersion", "type"}


@dataclass(slots=True)
class Question:
    """One question, whatever tool asks it."""

    name: str
    """The variable that its answer is in the tool."""
    label: str
    kind: Kind
    required: bool = False
    options: Sequence[tuple[str, str]] = ()
    """Value and label of each."""
    default: Any = None
    description: str = ""
    rules: Mapping[str, Any] = field(default_factory=dict)
    readonly: bool = False
    subtype: str = ""

    def component(self, stem: str) -> dict[str, Any]:
        """The same as form-js writes it."""
        key = key_of(self.name)
        made: dict[str, Any] = {"type": self.kind.value, "id": f"{stem}_{key}", "key": key}
        made["label" if self.kind is not Kind.DATETIME else "dateLabel"] = self.label or self.name
        if self.kind is Kind.DATETIME:
            made["subtype"] = self.subtype or "date"
            if self.subtype == "datetime":
                made["timeLabel"] = "Time"
                made["timeSerializingFormat"] = "utc_offset"
        if self.description:
            made["description"] = self.description
        if self.options:
            made["values"] = [{"value": value, "label": label} for value, label in self.options]
        if self.default is not None:
            made["defaultValue"] = self.default
        rules = {**self.rules, **({"required": True} if self.required else {})}
        if rules:
            made["validate"] = rules
        if self.readonly:
            made["readonly"] = True
        return made


@dataclass(slots=True)
class MadeForm:
    """A form that was made, and what of the original is not in it."""

    content: bytes | None
    """None where nothing of it could be taken over."""
    keys: dict[str, str]
    """The variable of each question to the key that it has now."""
    refused: list[tuple[str, str]]
    """Type and name of what is not in it, and why."""


def key_of(name: str) -> str:
    """A name as the key of a field: letters, digits and underscores."""
    key = re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_")[:64]
    if not key or not key[0].isalpha():
        key = f"field_{key}"[:64].rstrip("_")
    return f"{key}_" if key in RESERVED_KEYS else key


def number(text: Any) -> int | float | None:
    """A number as JSON writes it; None where it is none."""
    try:
        value = Decimal(str(text))
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def form_of(stem: str, title: str, questions: Sequence[Question], words: str = "") -> MadeForm:
    """A form of questions, below words to whoever fills it in."""
    components = [each.component(stem) for each in questions]
    if words:
        components.insert(0, {"type": "text", "id": f"{stem}_words", "text": words})
    names = {key_of(each.name): each.name for each in questions}
    return _made({"id": stem, "title": title}, components, names)


def form_from_form_js(document: Mapping[str, Any]) -> MadeForm:
    """A form-js form with what the server supports of it."""
    named: dict[str, str] = {}
    components = _all_cleaned(document.get("components"), named, 0)
    plain = {name: value for name, value in document.items() if name in _PLAIN_ATTRIBUTES}
    return _made(plain, components, named)


def _all_cleaned(listed: Any, named: dict[str, str], depth: int) -> list[dict[str, Any]]:
    """The components of a list; those in groups deeper than a form may have are left out of it."""
    if not isinstance(listed, list) or depth > MAX_GROUP_DEPTH + 1:
        return []
    return [_cleaned(each, named, depth) for each in listed if isinstance(each, dict)]


def _cleaned(component: Mapping[str, Any], named: dict[str, str], depth: int) -> dict[str, Any]:
    """A component without the attributes that the server does not know."""
    try:
        kind = Kind(str(component.get("type")))
    except ValueError:
        return dict(component)
    made = {name: value for name, value in component.items() if name in ATTRIBUTES[kind]}
    rules = made.get("validate")
    if isinstance(rules, dict):
        made["validate"] = {name: value for name, value in rules.items() if name in VALIDATE[kind]}
    if isinstance(made.get("key"), str):
        key = key_of(made["key"])
        named[key] = made["key"]
        made["key"] = key
    if "components" in made:
        made["components"] = _all_cleaned(made["components"], named, depth + 1)
    return made


def _made(
    plain: Mapping[str, Any], components: Sequence[dict[str, Any]], named: Mapping[str, str]
) -> MadeForm:
    kept, refused = _readable(components)
    keys = {named.get(key, key): key for key in _keys(kept)}
    if not kept:
        return MadeForm(None, {}, refused)
    document = {**plain, "type": "default", "schemaVersion": min(19, MAX_SCHEMA_VERSION), "components": kept}
    content = (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
    try:
        parse(content)
    except FormError as error:
        return MadeForm(None, {}, [*refused, ("form", " ".join(error.findings))])
    return MadeForm(content, keys, refused)


def _readable(components: Sequence[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[tuple[str, str]]]:
    """Which components the server reads, and of each other one what it is and why not."""
    kept: list[dict[str, Any]] = []
    refused: list[tuple[str, str]] = []
    for each in components:
        alone = dict(each)
        inner = alone.get("components")
        if isinstance(inner, list):
            alone["components"], below = _readable(inner)
            refused += below
            if not alone["components"]:
                continue
        try:
            parse(json.dumps({"type": "default", "components": [alone]}).encode())
        except FormError as error:
            name = str(each.get("key") or each.get("label") or each.get("id") or "")
            refused.append((f"{str(each.get('type'))[:40]} {name[:80]}".strip(), " ".join(error.findings)))
        else:
            kept.append(alone)
    return kept, refused


def _keys(components: Sequence[Mapping[str, Any]]) -> list[str]:
    found: list[str] = []
    for each in components:
        if isinstance(each.get("key"), str):
            found.append(each["key"])
        if isinstance(each.get("components"), list):
            found += _keys(each["components"])
    return found
