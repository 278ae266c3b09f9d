"""Questions as the tools write them: Camunda's form fields, form properties of its family, JSON schemas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from lxml import etree

from engine.diagrams.xml import local
from forms.types import Kind
from workflows.studio.takeover.questions import Question, number

_KINDS = {
    "boolean": Kind.CHECKBOX,
    "date": Kind.DATETIME,
    "double": Kind.NUMBER,
    "enum": Kind.SELECT,
    "float": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "int": Kind.NUMBER,
    "long": Kind.NUMBER,
    "number": Kind.NUMBER,
    "string": Kind.TEXTFIELD,
    "text": Kind.TEXTAREA,
    "multi-line-text": Kind.TEXTAREA,
}
"""Types of Camunda's and Flowable's fields."""
_RULES = {
    "max": (Kind.NUMBER, "max"),
    "maxlength": (Kind.TEXTFIELD, "maxLength"),
    "min": (Kind.NUMBER, "min"),
    "minlength": (Kind.TEXTFIELD, "minLength"),
}
_WIDGETS = {
    "textarea": Kind.TEXTAREA,
    "radio": Kind.RADIO,
    "select": Kind.SELECT,
    "checkboxes": Kind.CHECKLIST,
}
LATER = "It takes its value from code or from another variable; a form of Parley's asks a person."


def camunda_field(node: etree._Element) -> tuple[Question | None, str]:
    """A `camunda:formField`, or why it is none of ours."""
    kind = _KINDS.get(node.get("type", "string"))
    if kind is None:
        return None, f"Fields of the type “{node.get('type')}” are not supported."
    question = _typed(node, kind)
    rules: dict[str, Any] = {}
    for each in (part for part in node.iter("*") if local(part) == "constraint"):
        name, value = each.get("name", ""), each.get("config", "")
        if name == "required":
            question.required = value != "false"
        elif name == "readonly":
            question.readonly = value != "false"
        elif name in _RULES and _RULES[name][0] is kind and number(value) is not None:
            rules[_RULES[name][1]] = number(value)
        else:
            return None, f"Its rule “{name}” is checked by code of the tool."
    question.rules = rules
    if _default(question, node.get("defaultValue")):
        return question, ""
    return None, LATER


def form_property(node: etree._Element) -> tuple[Question | None, str]:
    """A `formProperty` of Flowable, Activiti or Camunda, or why it is none of ours."""
    kind = _KINDS.get(node.get("type", "string"))
    if kind is None:
        return None, f"Fields of the type “{node.get('type')}” are not supported."
    if node.get("expression") or node.get("readable") == "false":
        return None, LATER
    question = _typed(node, kind)
    question.name = node.get("variable") or question.name
    question.required = node.get("required") == "true"
    question.readonly = node.get("writable") == "false"
    if _default(question, node.get("default")):
        return question, ""
    return None, LATER


def _typed(node: etree._Element, kind: Kind) -> Question:
    key = node.get("id", "")
    options = [
        (part.get("id", ""), part.get("name") or part.get("id") or "")
        for part in node.iter("*")
        if local(part) == "value" and part.get("id")
    ]
    return Question(key, node.get("label") or node.get("name") or key, kind, options=options)


def _default(question: Question, text: str | None) -> bool:
    """Put in a default value where it is a plain one; False where it is worked out."""
    if text is None or not text.strip():
        return True
    if "${" in text or "#{" in text:
        return False
    if question.kind is Kind.CHECKBOX:
        question.default = text.strip().lower() == "true"
    elif question.kind is Kind.NUMBER:
        question.default = number(text)
    elif question.kind is not Kind.DATETIME or _is_date(text):
        question.default = text
    return True


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def schema_questions(
    schema: Mapping[str, Any], drawn: Mapping[str, Any]
) -> Iterator[tuple[str, str, Question | None, str]]:
    """Name, type, question and else why not, for each property of a JSON schema with its UI schema.

    As react-jsonschema-form reads them, in the order that `ui:order` gives.
    """
    properties = schema.get("properties")
    if not isinstance(properties, dict):
        return
    required = schema.get("required") if isinstance(schema.get("required"), list) else []
    for name in _ordered(list(properties), drawn.get("ui:order")):
        described = properties[name] if isinstance(properties[name], dict) else {}
        shown = drawn.get(name) if isinstance(drawn.get(name), dict) else {}
        kind, why = _schema_kind(described, shown or {})
        sort = str(described.get("format") or described.get("type") or "")
        if kind is None:
            yield name, sort, None, why
            continue
        yield name, sort, _schema_question(name, kind, described, shown or {}, name in (required or [])), ""


def _ordered(names: list[str], wished: Any) -> list[str]:
    if not isinstance(wished, list):
        return names
    first = [each for each in wished if each in names]
    rest = [each for each in names if each not in first]
    if "*" not in wished:
        return first + rest
    star = wished.index("*")
    before = [each for each in first if wished.index(each) < star]
    return before + rest + [each for each in first if each not in before]


def _schema_kind(described: Mapping[str, Any], shown: Mapping[str, Any]) -> tuple[Kind | None, str]:
    sort, form = described.get("type"), described.get("format")
    widget = str(shown.get("ui:widget", ""))
    chosen = _WIDGETS.get(widget)
    if widget == "hidden":
        return None, "It is hidden from whoever fills the form in."
    if sort == "boolean":
        return Kind.CHECKBOX, ""
    if sort in ("number", "integer"):
        return Kind.NUMBER, ""
    if sort == "string" and _options(described):
        return (chosen if chosen in (Kind.RADIO, Kind.SELECT) else Kind.SELECT), ""
    if sort == "string" and form in ("date", "date-time"):
        return Kind.DATETIME, ""
    if sort == "string" and form in (None, "email", "uri") and widget in ("", "textarea", "text", "email"):
        return (Kind.TEXTAREA if chosen is Kind.TEXTAREA else Kind.TEXTFIELD), ""
    if sort == "array" and isinstance(described.get("items"), dict) and _options(described["items"]):
        return Kind.CHECKLIST, ""
    return (
        None,
        "Questions of this type (files, lists of several fields, fields within fields) are not supported.",
    )


def _schema_question(
    name: str, kind: Kind, described: Mapping[str, Any], shown: Mapping[str, Any], required: bool
) -> Question:
    rules: dict[str, Any] = {}
    if kind is Kind.NUMBER:
        rules = {"min": described.get("minimum"), "max": described.get("maximum")}
    elif kind in (Kind.TEXTFIELD, Kind.TEXTAREA):
        rules = {"minLength": described.get("minLength"), "maxLength": described.get("maxLength")}
    if kind is Kind.TEXTFIELD:
        rules["pattern"] = described.get("pattern")
        rules["validationType"] = "email" if described.get("format") == "email" else None
    words = shown.get("ui:help") or shown.get("ui:description") or described.get("description") or ""
    source = described["items"] if kind is Kind.CHECKLIST else described
    default = described.get("default")
    return Question(
        name,
        str(shown.get("ui:title") or described.get("title") or name),
        kind,
        required=required,
        options=_options(source),
        default=default if isinstance(default, bool | int | float | str) else None,
        description=str(words),
        rules={key: value for key, value in rules.items() if value is not None},
        readonly=shown.get("ui:readonly") is True or described.get("readOnly") is True,
        subtype="datetime" if described.get("format") == "date-time" else "",
    )


def _options(described: Mapping[str, Any]) -> list[tuple[str, str]]:
    for name in ("oneOf", "anyOf"):
        found = described.get(name)
        if isinstance(found, list) and all(isinstance(each, dict) and "const" in each for each in found):
            return [(str(each["const"]), str(each.get("title", each["const"]))) for each in found]
    found = described.get("enum")
    if isinstance(found, list):
        names = described.get("enumNames")
        labels = names if isinstance(names, list) and len(names) == len(found) else found
        return [(str(value), str(label)) for value, label in zip(found, labels, strict=True)]
    return []
