"""The macros of webui/templates/forms: every form they make is one a screen reader and a keyboard can
fill in.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import jinja2
import lxml.html
import pytest

from forms import parse, present_answers, side_by_side
from tests.forms.build import NOW, checked, component, form, hide, presented

ROOT = Path(__file__).resolve().parents[2]
NASTY = "\"'><script>alert(1)</script>&amp;"
REQUIRED = {"required": True}
EVERY_KIND = form(
    component("text", text="# Heading\n\nPlain {{nasty}}.\n\n- one\n- two\n\n1. first"),
    component("textfield", "line", label=f"Line {NASTY[:2]}", description="Help", validate=REQUIRED),
    component("textfield", "mail", validate=REQUIRED | {"validationType": "email"}, layout={"row": "r"}),
    component("number", "days", appearance={"prefixAdorner": "for", "suffixAdorner": "days"},
              layout={"row": "r"}, validate=REQUIRED | {"min": 1, "max": 9}),
    component("textarea", "area", validate=REQUIRED, conditional=hide('one != "yes"')),
    component("separator"),
    component("checkbox", "tick", validate=REQUIRED, description="Help"),
    component("group", None, label="Group", conditional=hide('one = "no"'),
              components=[component("select", "pick", validate=REQUIRED)]),
    component("radio", "one", validate=REQUIRED, description="Help"),
    component("checklist", "many", validate=REQUIRED),
    component("taglist", "tags", valuesKey="nothing"),
    component("datetime", "day", validate=REQUIRED),
    component("datetime", "moment", subtype="datetime", validate=REQUIRED),
    component("number", "fixed", readonly=True, defaultValue=3),
    component("radio", "fixed_choice", readonly=True, defaultValue="yes"),
    component("select", "off", disabled=True, defaultValue="no"),
    component("checkbox", "fixed_tick", readonly=True, defaultValue=True),
)  # fmt: skip


@pytest.fixture(scope="module")
def macros():
    loader = jinja2.FileSystemLoader(ROOT / "webui" / "templates")
    environment = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.get_template("forms/macros.html").module


def page(macros, built=EVERY_KIND, **given):
    body = str(macros.form_body(presented(built, **({"data": {"nasty": NASTY}} | given))))
    return lxml.html.fromstring(f"<form>{body}</form>")


def refused_page(macros, answers=None):
    errors = checked(EVERY_KIND, answers or {}).errors
    return page(macros, values=answers or {}, errors=errors)


def shipped_forms():
    return sorted((ROOT / "bpmn").glob("**/*.form"))


def inputs(tree):
    return tree.xpath("//input | //select | //textarea")


def assert_accessible(tree):
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for control in inputs(tree):
        labels = tree.xpath(f"//label[@for='{control.get('id')}']")
        assert len(labels) == 1
        assert labels[0].text_content().strip()
    for described in tree.xpath("//@aria-describedby | //@aria-labelledby"):
        assert described.split()
        assert set(described.split()) <= set(ids)
    for link in tree.xpath("//a/@href"):
        assert link.removeprefix("#") in ids
    for fieldset in tree.xpath("//fieldset"):
        assert fieldset[0].tag == "legend"
    for choice in tree.xpath("//input[@type='radio']"):
        assert choice.xpath("ancestor::fieldset[@role='radiogroup']")
    assert not tree.xpath("//script | //@style | //@*[starts-with(name(), 'on')]")


def test_every_kind_of_field_is_labelled_and_described(macros):
    assert_accessible(page(macros))


def test_a_refused_form_is_labelled_and_described(macros):
    assert_accessible(refused_page(macros))


@pytest.mark.parametrize("path", shipped_forms(), ids=lambda path: path.name)
def test_shipped_forms_are_read_and_accessible(macros, path):
    built = parse(path.read_bytes())
    errors = checked(built, {}).errors
    tree = page(macros, built, values={}, errors=errors, data={})
    assert_accessible(tree)
    assert {each.get("name") for each in inputs(tree)} <= {field.key for field in built.fields}


def test_there_are_shipped_forms_to_look_at():
    assert shipped_forms()


def test_errors_stand_beside_their_field_and_are_read_with_it(macros):
    tree = refused_page(macros, {"days": "10"})
    days = tree.get_element_by_id("field-days")
    assert days.get("aria-invalid") == "true"
    assert days.get("value") == "10"
    words = [tree.get_element_by_id(each).text_content() for each in days.get("aria-describedby").split()]
    assert words == ["This must be 9 or less; it is 10.", "for", "days", "From 1 to 9."]
    assert tree.get_element_by_id("field-one").xpath("ancestor::fieldset")[0].get("aria-invalid") == "true"
    assert tree.get_element_by_id("field-many").get("aria-invalid") == "true"
    assert not tree.xpath("//*[@id='field-fixed'][@aria-invalid]")


def test_the_summary_is_announced_and_leads_to_each_field(macros):
    tree = refused_page(macros)
    (summary,) = tree.xpath("//*[@role='alert']")
    assert summary.get("tabindex") == "-1"
    assert tree.get_element_by_id(summary.get("aria-labelledby")).tag == "h2"
    targets = [tree.get_element_by_id(link.removeprefix("#")) for link in summary.xpath(".//a/@href")]
    expected = ["line", "mail", "days", "tick", "pick", "one", "many", "day", "moment"]
    assert [each.get("name") for each in targets] == expected
    assert not page(macros).xpath("//*[@role='alert']")


def test_unknown_fields_and_the_whole_form_are_in_the_summary(macros):
    tree = page(macros, errors={"": ["Look again."], "is_admin": ["The form has no such field."]})
    assert [each.text_content().strip() for each in tree.xpath("//*[@role='alert']//li")] == [
        "Look again.", "is_admin: The form has no such field.",
    ]  # fmt: skip


def test_required_answers_are_marked_and_the_mark_explained(macros):
    tree = page(macros)
    assert "marked with * are required" in tree.text_content()
    assert "*" in tree.xpath("//label[@for='field-line']")[0].text_content()
    assert tree.get_element_by_id("field-line").get("aria-required") == "true"
    assert tree.get_element_by_id("field-one").xpath("ancestor::fieldset")[0].get("aria-required") == "true"
    assert "required" not in page(macros, form(component("textfield"))).text_content()


def test_conditional_fields_carry_what_script_needs_and_are_there_without_it(macros):
    tree = page(macros)
    (item,) = tree.xpath("//*[@data-field='area']")
    assert json.loads(item.get("data-hide-when")) == [{"one": None}, {"one": "no"}]
    assert item.get("data-hidden") is not None
    assert item.xpath(".//textarea")
    (chosen,) = page(macros, values={"one": "yes"}).xpath("//*[@data-field='area']")
    assert chosen.get("data-hidden") is None


def test_what_only_the_server_can_tell_is_marked(macros):
    built = form(component("number", "a"), component("textfield", "b", conditional=hide("a > 5")))
    assert page(macros, built).xpath("//*[@data-ask-server]/@data-field") == ["b"]


def test_nothing_that_was_entered_becomes_markup(macros):
    answers = dict.fromkeys(["line", "mail", "days", "area", "day", "moment"], NASTY)
    tree = page(macros, values=answers, errors={"line": [NASTY], NASTY: [NASTY]})
    assert not tree.xpath("//script")
    for key in answers:
        element = tree.get_element_by_id(f"field-{key}")
        assert (element.text if element.tag == "textarea" else element.get("value")).strip() == NASTY
    assert NASTY in tree.xpath("//p[starts-with(., 'Plain')]")[0].text_content()


def test_a_text_area_keeps_its_first_empty_line(macros):
    html = str(macros.form_body(presented(component("textarea"), values={"answer": "\none"})))
    # HTML's parser drops one line end right behind the tag (HTML standard, 13.2.6.4.7).
    assert re.search(r"<textarea[^>]*>\n\none</textarea>", html)


def test_read_only_fields_cannot_be_written_in(macros):
    tree = page(macros)
    assert tree.get_element_by_id("field-fixed").get("readonly") is not None
    assert (
        tree.get_element_by_id("field-fixed_choice").xpath("ancestor::fieldset")[0].get("disabled")
        is not None
    )
    assert tree.get_element_by_id("field-fixed_choice").get("checked") is not None
    assert tree.get_element_by_id("field-fixed_tick").get("disabled") is not None
    assert tree.get_element_by_id("field-off").get("disabled") is not None


def test_a_page_submits_what_the_check_takes(macros):
    typed = {
        "line": "a", "mail": "a@b.de", "days": "3", "one": "yes", "area": "x", "tick": "true", "pick": "no",
        "many": ["yes", "no"], "day": "2026-03-02", "moment": "2026-03-02T10:00",
    }  # fmt: skip
    tree = page(macros, values=typed)
    sent: dict[str, list[str]] = {}
    for name, value in tree.form_values():
        sent.setdefault(name, []).append(value)
    found = checked(EVERY_KIND, {name: each[0] if len(each) == 1 else each for name, each in sent.items()})
    assert found.errors == {}
    assert found.values["many"] == ["yes", "no"]
    assert found.values["fixed"] == 3


def test_headings_lie_below_the_pages_own(macros):
    assert [each.text for each in page(macros).xpath("//h1 | //h2 | //h3")] == ["Heading"]
    assert page(macros).xpath("//h2")


def test_fields_of_one_row_stand_beside_each_other(macros):
    assert page(macros).xpath("//div[@class='grid']/div/@data-field") == ["mail", "days"]


def test_stored_answers_are_a_list_and_a_table(macros):
    rows = present_answers(form(component("textarea", label="Why?")), {"answer": f"One.\n{NASTY}"}, now=NOW)
    listed = lxml.html.fromstring(str(macros.answers(rows)))
    assert listed.xpath("//dt/text()") == ["Why?"]
    assert listed.xpath("//dd/text()") == ["One.", NASTY]
    table = lxml.html.fromstring(
        str(macros.comparison(side_by_side([("CIO", rows), ("CISO", [])]), "Positions"))
    )
    assert table.xpath("//caption/text()") == ["Positions"]
    assert table.xpath("//thead//th[@scope='col']/text()") == ["Question", "CIO", "CISO"]
    assert table.xpath("//tbody//th[@scope='row']/text()") == ["Why?"]
    assert table.xpath("//td/@data-label") == ["CIO", "CISO"]
    assert table.xpath("//td")[1].text_content() == "not asked"
