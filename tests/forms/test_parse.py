"""Reading a form definition: what is honoured, and that everything else is refused in a sentence."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from forms import FormError, Kind, parse
from forms.components import RESERVED_KEYS
from forms.limits import MAX_DEFINITION_BYTES
from tests.forms.build import component, definition, form, hide

NUMBER = b'{"type":"default","components":[{"type":"number","key":"n","label":"N","validate":{"min":%s}}]}'
WORDS = {"label": "Why?", "key": "reason"}


def refusal(*components, **attributes):
    with pytest.raises(FormError) as refused:
        form(*components, **attributes)
    return str(refused.value)


def test_a_form_as_the_editor_writes_it_is_read_in_its_order():
    read = form(
        component("text", text="# Decide"),
        component(
            "group", None, label="Exemption", components=[component("number", "days")], showOutline=True
        ),
        component("textfield", "title", layout={"row": "Row_1", "columns": 8}),
        title="Decide on the risk",
        exporter={"name": "form-js", "version": "1.23.0"},
        executionPlatform="Camunda Cloud",
    )
    assert read.title == "Decide on the risk"
    assert [field.key for field in read.fields] == ["days", "title"]
    assert read.field("days").kind is Kind.NUMBER
    assert read.field("nothing") is None


def test_the_same_bytes_are_read_once():
    assert parse(definition(component("textfield"))) is parse(definition(component("textfield")))


def test_names_read_from_the_case_are_known():
    read = form(
        component("radio", "choice"),
        component("textfield", "why", conditional=hide("choice != decide.decision")),
        component("text", text="Proposed by {{proposal.author}}"),
        component("select", "asset", valuesKey="asset_options"),
        component("number", "days", properties={"parley:default": "=decide.days"}, validate={"max": "=cap"}),
    )
    assert read.reads == {"decide", "proposal", "asset_options", "cap"}


@pytest.mark.parametrize(
    "kind",
    ["table", "html", "iframe", "image", "filepicker", "documentPreview", "dynamiclist", "expression", "x"],
)
def test_components_the_server_cannot_check_are_refused_by_name(kind):
    said = refusal({"type": kind, "id": "Field_1", "label": "Costs", "key": "costs"})
    assert repr(kind) in said
    assert "“Costs” (key costs)" in said
    assert "not supported" in said


@pytest.mark.parametrize("entry", ["text", None, 4, [], {}, {"type": None}, {"type": ["text"]}, {"type": {}}])
def test_what_is_no_component_is_refused(entry):
    assert refusal(entry)


@pytest.mark.parametrize(
    ("built", "words"),
    [
        (component("textfield", onclick="x"), "attribute 'onclick'"),
        (component("textfield", decimalDigits=2), "attribute 'decimalDigits'"),
        (component("number", rows=2), "attribute 'rows'"),
        (component("separator", height=2), "attribute 'height'"),
        (component("button", None, label="Clear", action="reset"), "else than submit"),
        (component("textfield", validate={"min": 3}), "rule 'min'"),
        (component("number", validate={"pattern": "x"}), "rule 'pattern'"),
        (component("checkbox", validate={"required": "yes"}), "must be true or false"),
        (component("textfield", validate="required"), "must be an object"),
        (component("textfield", validate={"minLength": 9, "maxLength": 3}), "no answer could ever do"),
        (component("number", validate={"min": 9, "max": 3}), "no answer could ever do"),
        (component("number", validate={"min": "low"}), "must be a number"),
        (component("number", validate={"min": True}), "must be a number"),
        (component("number", decimalDigits=99), "whole number from 0 to 10"),
        (component("number", increment="0"), "above 0"),
        (component("number", increment="0.00000000001"), "10 after it"),
        (component("number", validate={"min": 10**24}), "24 digits before"),
        (component("textfield", validate={"maxLength": 10**9}), "from 0 to 50,000"),
        (component("textfield", validate={"maxLength": 2.5}), "whole number"),
        (component("textfield", validate={"pattern": "(["}), "not a regular expression"),
        (component("textfield", validate={"pattern": "a" * 501}), "at most 500"),
        (component("textfield", validate={"validationType": "iban"}), "email, phone or custom"),
        (component("textfield", properties={"parley:patternHint": "x"}), "but no pattern"),
        (component("textfield", appearance={"color": "red"}), "appearance 'color'"),
        (component("textfield", label=""), "no label"),
        (component("textfield", label=7), "needs a text"),
        (component("textfield", key=""), "no key"),
        (component("textfield", key="a.b"), "paths with dots"),
        (component("textfield", key="_token"), "begin with a letter"),
        (component("textfield", key="é"), "begin with a letter"),
        (component("textfield", key="k" * 65), "at most 63"),
        (component("textfield", readonly="=locked"), "must be true or false"),
        (component("textfield", readonly=True, validate={"required": True}), "nobody could ever answer"),
        (component("textfield", defaultValue=3), "defaultValue cannot be an answer"),
        (component("number", defaultValue="many"), "defaultValue cannot be an answer"),
        (component("radio", defaultValue="perhaps"), "not one of its options"),
        (component("checklist", defaultValue=["yes", "perhaps"]), "not one of its options"),
        (component("textfield", defaultValue="a", properties={"parley:default": "b"}), "Keep one"),
        (component("textfield", properties={"parley:max": "today()"}), "property 'parley:max'"),
        (component("textfield", properties={"parley:colour": "red"}), "property 'parley:colour'"),
        (component("datetime", properties={"parley:max": 3}), "must be a text"),
        (component("textfield", properties={"parley:autocomplete": "cc-number"}), "not one of"),
        (component("radio", values=[]), "exactly one"),
        (component("radio", values=[{"value": "a"}], valuesKey="b"), "exactly one"),
        (component("radio", values="yes"), "a list"),
        (component("radio", values=["yes"]), "a label and a value"),
        (component("radio", values=[{"label": "x"}]), "needs a text as its value"),
        (component("radio", values=[{"value": "a"}, {"value": "a"}]), "two options of the same value"),
        (component("radio", values=[{"value": f"{n}"} for n in range(501)]), "at most 500"),
        (component("select", valuesKey="a b"), "names joined by dots"),
        (component("select", valuesExpression="=for x in"), "cannot be read"),
        (component("datetime", subtype="time"), "only 'date' and 'datetime'"),
        (component("datetime", timeSerializingFormat="no_timezone"), "stored in UTC"),
        (component("datetime", subtype="datetime", timeInterval=0), "from 1 to 60"),
        (component("datetime", disallowPassedDates="yes"), "must be true or false"),
        (component("group", None, label="g", path="nested", components=[]), "under a path"),
        (component("group", None, label="g", components="none"), "no list of components"),
        (component("text", text=""), "needs a text"),
        (component("text", text="x" * 10_001), "10,000 are allowed"),
        (component("textfield", label="x\x00y"), "control characters"),
        (component("textfield", conditional={"hide": "a = 1"}), "begins with ="),
        (component("textfield", conditional={"hide": "=a ="}), "cannot be read"),
        (component("textfield", conditional={"show": "=a"}), "condition 'show'"),
        (component("textfield", conditional="=a"), "must be an object"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_words(built, words):
    assert words in refusal(built)


@pytest.mark.parametrize("key", sorted(RESERVED_KEYS))
def test_words_of_the_language_are_no_keys(key):
    assert "choose another key" in refusal(component("textfield", key))


def test_all_faults_are_said_at_once():
    with pytest.raises(FormError) as refused:
        form(
            component("textfield", "a", label=""),
            component("table", "b"),
            component("number", "a b"),
            colour="red",
        )
    assert len(refused.value.findings) == 4


def test_two_fields_of_one_key_are_refused():
    assert "given to 2 fields" in refusal(component("textfield", "a"), component("number", "a"))


def test_two_submit_buttons_are_refused_and_one_names_the_pages_button():
    assert form(component("button", None, label="Cast vote")).submit_label == "Cast vote"
    assert "second submit button" in refusal(
        component("button", None, label="A"), component("button", None, label="B")
    )


def test_conditions_in_a_circle_are_refused():
    said = refusal(
        component("radio", "a", conditional=hide('b = "yes"')),
        component("radio", "b", conditional=hide('a = "yes"')),
        component("radio", "c"),
    )
    assert "a, b depend on each other in a circle" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Read <b>this</b>", "HTML tags"),
        ("<script>alert(1)</script>", "HTML tags"),
        ("<!-- x -->", "HTML tags"),
        ("[here](https://example.org)", "Markdown"),
        ("![x](y)", "Markdown"),
        ("very **bold**", "Markdown"),
        ("`code`", "Markdown"),
        ("> quoted", "Markdown"),
        ("| a | b |", "Markdown"),
        ("{{#loop xs}}x{{/loop}}", "without loops"),
        ("{{}}", "without loops"),
        ("{{a", "counterpart"),
        ("{{a +}}", "cannot be read"),
        ("=a +", "cannot be read"),
    ],
)
def test_texts_hold_no_markup(text, words):
    assert words in refusal(component("text", text=text))


def test_a_comparison_sign_in_a_text_is_no_markup():
    assert form(component("text", text="Rated < 3 or a_b * c: 5 > 4"))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"[]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"\xff\xfe", "UTF-8"),
        (b'{"type":"default","components":[],"components":[]}', "twice"),
        (b'{"type":"default","components":[],"schemaVersion":NaN}', "NaN"),
        (
            b'{"type":"default","components":[],"schemaVersion":1e99999999999999999999}',
            "too large or too small",
        ),
        (NUMBER % b"1e999999999", "24 digits before the decimal point"),
        (NUMBER % b'"-1e999999999"', "24 digits before the decimal point"),
        (b'{"components":' + b"[" * 100_000, "nested too deeply"),
        (b" " * (MAX_DEFINITION_BYTES + 1), "bytes long"),
        (b'{"type":"default"}', "no list of components"),
        (b'{"type":"other","components":[]}', "'default' is supported"),
        (b'{"type":["default"],"components":[]}', "'default' is supported"),
        (b'{"type":"default","components":[],"schemaVersion":21}', "versions 1 to 20"),
        (b'{"type":"default","components":[],"schemaVersion":"1"}', "versions 1 to 20"),
        (b'{"type":"default","components":[],"schemaVersion":true}', "versions 1 to 20"),
        (b'{"type":"default","components":[],"title":3}', "must be a text"),
        (b'{"type":"default","components":[],"id":3}', "must be a text"),
    ],
)
def test_what_is_no_form_is_refused(data, words):
    with pytest.raises(FormError, match=words):
        parse(data)


def test_a_form_with_a_byte_order_mark_is_read():
    assert parse(b"\xef\xbb\xbf" + definition(component("textfield"))).fields


def test_endless_forms_are_refused():
    assert "more than 200 components" in refusal(*(component("textfield", f"k{n}") for n in range(201)))
    nested = component("textfield")
    for _ in range(7):
        nested = component("group", None, label="g", components=[nested])
    assert "5 deep" in refusal(nested)


def test_numbers_of_a_definition_are_exact():
    data = definition(component("number")).replace(
        b'"key"', b'"validate": {"min": 0.1, "max": "=limit"}, "key"'
    )
    limits = parse(data).fields[0].limits
    assert limits.min == Decimal("0.1")
    assert limits.max.names == {"limit"}


def test_properties_of_others_have_no_effect():
    assert form(component("textfield", properties={"camunda:x": "1", "note": "seen by legal"}))


def test_every_finding_is_a_sentence():
    said = refusal(*(json.loads('{"type": "table"}') for _ in range(3)), component("textfield", label=""))
    assert said.startswith("The component of type 'table'")
    assert said.endswith(".")
