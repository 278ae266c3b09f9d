"""Which components and attributes of form-js the server honours, as data. docs/forms.md lists the same, by a
test.

Attributes are those of form-js's schema versions up to 20 (https://github.com/bpmn-io/form-js,
packages/form-json-schema). What is in no table here is refused when a form is read.
"""

from __future__ import annotations

from collections.abc import Mapping

from forms.types import Kind

MAX_SCHEMA_VERSION = 20
"""The newest form-js schema version known."""

FORM_ATTRIBUTES = frozenset(
    "$schema components executionPlatform executionPlatformVersion exporter id schemaVersion title type "
    "versionTag".split()
)
"""Attributes of the form itself."""

_ALL = frozenset("conditional id layout properties type".split())
_INPUT = _ALL | frozenset("defaultValue description disabled key label readonly validate".split())
_OPTIONS = _INPUT | frozenset("values valuesExpression valuesKey".split())
_LENGTHS = frozenset({"minLength", "maxLength"})

ATTRIBUTES: Mapping[Kind, frozenset[str]] = {
    Kind.BUTTON: frozenset("action id label layout properties type".split()),
    Kind.CHECKBOX: _INPUT,
    Kind.CHECKLIST: _OPTIONS,
    Kind.DATETIME: _INPUT
    | frozenset(
        "dateLabel disallowPassedDates subtype timeInterval timeLabel timeSerializingFormat use24h".split()
    ),
    Kind.GROUP: _ALL | frozenset("components label path showOutline verticalAlignment".split()),
    Kind.NUMBER: _INPUT | frozenset("appearance decimalDigits increment serializeToString".split()),
    Kind.RADIO: _OPTIONS,
    Kind.SELECT: _OPTIONS | {"searchable"},
    Kind.SEPARATOR: _ALL,
    Kind.SPACER: _ALL | {"height"},
    Kind.TAGLIST: _OPTIONS,
    Kind.TEXT: _ALL | {"text"},
    Kind.TEXTAREA: _INPUT,
    Kind.TEXTFIELD: _INPUT | {"appearance"},
}
"""Attributes of each component."""

VALIDATE: Mapping[Kind, frozenset[str]] = {
    kind: frozenset({"required"}) for kind, attributes in ATTRIBUTES.items() if "validate" in attributes
} | {
    Kind.NUMBER: frozenset({"required", "min", "max"}),
    Kind.TEXTAREA: _LENGTHS | {"required"},
    Kind.TEXTFIELD: _LENGTHS | {"required", "pattern", "validationType"},
}
"""Entries of `validate` for each component that takes an answer."""

PROPERTIES: Mapping[str, frozenset[Kind]] = {
    "parley:autocomplete": frozenset({Kind.TEXTFIELD, Kind.TEXTAREA, Kind.NUMBER}),
    "parley:default": frozenset(VALIDATE),
    "parley:max": frozenset({Kind.DATETIME}),
    "parley:min": frozenset({Kind.DATETIME}),
    "parley:patternHint": frozenset({Kind.TEXTFIELD}),
}
"""Custom properties of Parley's own, and where each may stand. Those of other prefixes have no effect."""

AUTOCOMPLETE = frozenset(
    "off on name honorific-prefix given-name family-name organization organization-title email tel url "
    "street-address postal-code country country-name".split()
)
"""Values of `parley:autocomplete`, of HTML's autofill tokens."""

FIELDS = frozenset(VALIDATE)
"""Components that take an answer."""
CHOICES = frozenset({Kind.CHECKLIST, Kind.RADIO, Kind.SELECT, Kind.TAGLIST})
"""Components with options."""
MANY = frozenset({Kind.CHECKLIST, Kind.TAGLIST})
"""Components whose answer is a list."""

RESERVED_KEYS = frozenset(
    "and between csrf_token else every external false for function if in instance item not null of or "
    "partial "
    "return satisfies some then this true".split()
)
"""Keys no field may have: FEEL's own words, and the page's own field."""
