"""A `.form` file's bytes to a Form; anything the server cannot honour is refused with a sentence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

from forms import components, limits
from forms.conditions import condition, reading_order
from forms.errors import FormError
from forms.fields import read_field
from forms.reading import Reader, describe
from forms.texts import blocks, template
from forms.types import Component, Condition, Field, Form, Group, Kind, Rule, Text, walk


def parse(data: bytes) -> Form:
    """Read a form-js form definition (JSON, UTF-8), from a cache where it was read before.

    Raises FormError with every fault found.
    """
    if len(data) > limits.MAX_DEFINITION_BYTES:
        raise FormError(
            f"The form is {len(data):,} bytes long; a form may have {limits.MAX_DEFINITION_BYTES:,}. Split "
            "it into forms of several tasks."
        )
    return _parse(bytes(data))


@lru_cache(maxsize=256)
def _parse(data: bytes) -> Form:
    return _Parser().form(_document(data))


def _exact(text: str) -> Decimal:
    """A number as it is written. Raises `ValueError` where its exponent is beyond all bounds."""
    try:
        return Decimal(text)
    except ArithmeticError as error:
        raise ValueError(f"{text[:30]} is too large or too small a number") from error


def _document(data: bytes) -> Mapping[str, Any]:
    """The JSON object. Numbers are exact; NaN, doubled names and endless nesting are refused."""
    try:
        document = json.loads(
            data.decode("utf-8-sig"),
            parse_float=_exact,
            parse_constant=_no_constant,
            object_pairs_hook=_no_doubles,
        )
    except UnicodeDecodeError as error:
        raise FormError(
            f"The form is not text in UTF-8 (at byte {error.start}). Save it from the form editor."
        ) from error
    except RecursionError as error:
        raise FormError("The form is nested too deeply to be read. Save it from the form editor.") from error
    except ValueError as error:
        raise FormError(f"The form is not JSON: {error}. Save it from the form editor.") from error
    if not isinstance(document, dict):
        raise FormError(
            "The form is not a JSON object with a list of components. Save it from the form editor."
        )
    return document


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number JSON knows")


def _no_doubles(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        doubled = sorted(name for name, times in Counter(name for name, _ in pairs).items() if times > 1)
        raise ValueError(f"{doubled[0][:80]!r} stands twice in one object")
    return found


class _Parser:
    """Reads one form, and gathers the faults of all its components."""

    def __init__(self) -> None:
        self.findings: list[str] = []
        self.count = 0
        self.submit_label: str | None = None

    def form(self, document: Mapping[str, Any]) -> Form:
        self._root(document)
        listed = document.get("components")
        tree = self._components(listed, 0) if isinstance(listed, list) else ()
        if self.findings:
            raise FormError(*self.findings)
        inside = list(walk(tree))
        fields = tuple(each for each, _ in inside if isinstance(each, Field))
        self._unique(fields)
        order = reading_order(tree)
        title = document.get("title")
        return Form(
            id=str(document.get("id", "")),
            title=title.strip() if isinstance(title, str) else "",
            components=tree,
            fields=fields,
            reads=names_read(tree) - {each.key for each in fields},
            submit_label=self.submit_label,
            order=order,
        )

    def _root(self, document: Mapping[str, Any]) -> None:
        for name in sorted(set(document) - components.FORM_ATTRIBUTES):
            self.findings.append(
                f"The form has the attribute {name[:80]!r}, which is not supported. Remove it."
            )
        if document.get("type", "default") != "default":
            self.findings.append(
                f"The form is of type {str(document['type'])[:40]!r}; only 'default' is supported."
            )
        version = document.get("schemaVersion", 1)
        newest = components.MAX_SCHEMA_VERSION
        if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= newest:
            self.findings.append(
                f"The form is of schema version {str(version)[:20]}; versions 1 to {newest} are supported."
            )
        if not isinstance(document.get("components"), list):
            self.findings.append("The form has no list of components. Save it from the form editor.")
        for name in ("id", "title"):
            if not isinstance(document.get(name, ""), str) or len(document.get(name, "")) > limits.MAX_LABEL:
                self.findings.append(
                    f"The form's {name} must be a text of at most {limits.MAX_LABEL} characters."
                )

    def _components(self, listed: Sequence[Any], depth: int) -> tuple[Component, ...]:
        if depth > limits.MAX_GROUP_DEPTH:
            raise FormError(
                f"Groups lie more than {limits.MAX_GROUP_DEPTH} deep in each other. Flatten them."
            )
        out: list[Component] = []
        for entry in listed:
            self.count += 1
            if self.count > limits.MAX_COMPONENTS:
                raise FormError(f"The form has more than {limits.MAX_COMPONENTS} components. Split it up.")
            try:
                component = self._component(entry, depth)
            except FormError as error:
                self.findings += error.findings
            else:
                if component is not None:
                    out.append(component)
        return tuple(out)

    def _component(self, entry: Any, depth: int) -> Component | None:
        if not isinstance(entry, dict):
            raise FormError("The form's list of components holds something that is not a component.")
        where = describe(entry)
        try:
            kind = Kind(str(entry.get("type")))
        except ValueError:
            raise FormError(
                f"{where} is not supported: the server cannot render and check components of this type. "
                f"Supported are {', '.join(sorted(Kind))}."
            ) from None
        reader = Reader(entry, kind, where)
        reader.only(components.ATTRIBUTES[kind])
        if kind in components.FIELDS:
            return read_field(reader)
        if kind is Kind.BUTTON:
            self._button(reader)
            return None
        hidden, row = condition(reader), reader.row()
        if kind is Kind.GROUP:
            return self._group(reader, hidden, row, depth)
        if kind is Kind.TEXT:
            text = reader.text("text", limits.MAX_TEXT_BLOCK, required=True)
            return Text(blocks(text, where), condition=hidden, row=row)
        return Rule(line=kind is Kind.SEPARATOR, condition=hidden, row=row)

    def _group(self, reader: Reader, hidden: Condition | None, row: str | None, depth: int) -> Group:
        if reader.text("path"):
            raise FormError(
                f"{reader.where} puts its answers under a path, which is not supported: answers are stored "
                "flat, by their keys. Empty the path."
            )
        listed = reader.entry.get("components", [])
        if not isinstance(listed, list):
            raise FormError(f"{reader.where} has no list of components.")
        label = reader.text("label", limits.MAX_LABEL)
        inside = self._components(listed, depth + 1)
        return Group(template(label, reader.where) if label else None, inside, condition=hidden, row=row)

    def _button(self, reader: Reader) -> None:
        if reader.text("action") not in ("", "submit"):
            raise FormError(
                f"{reader.where} does something else than submit, which is not supported. Remove it."
            )
        if self.submit_label is not None:
            raise FormError(f"{reader.where} is a second submit button; a form has one.")
        self.submit_label = reader.text("label", limits.MAX_LABEL) or "Submit"

    def _unique(self, fields: Sequence[Field]) -> None:
        keys = [each.key for each in fields]
        doubled = sorted({key for key in keys if keys.count(key) > 1})
        if doubled:
            raise FormError(
                *(
                    f"The key {key!r} is given to {keys.count(key)} fields; each field needs a key of its "
                    "own."
                    for key in doubled
                )
            )


def names_read(tree: tuple[Component, ...]) -> frozenset[str]:
    """Names that any expression of these components reads: fields of the form, and the case's data."""
    names: set[str] = set()
    for component, _ in walk(tree):
        if component.condition:
            names |= component.condition.hide.names
        if isinstance(component, Text):
            names = names.union(*(line.names for block in component.blocks for line in block.lines))
        elif isinstance(component, Group):
            names |= component.label.names if component.label else frozenset()
        elif isinstance(component, Field):
            names |= _field_names(component)
    return frozenset(names)


def _field_names(field: Field) -> set[str]:
    names = set(field.label.names)
    if field.description:
        names |= field.description.names
    sources = [field.default_expression, field.choices.source if field.choices else None]
    bounds = [field.limits.min, field.limits.max, field.limits.min_length, field.limits.max_length]
    for each in [*sources, *bounds]:
        if each is not None and not isinstance(each, Decimal | int):
            names |= each.names
    return names
