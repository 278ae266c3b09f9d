"""The macros in a real browser: axe-core finds nothing, and a link of the summary leads to its field."""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from forms import parse
from tests.forms.build import checked, presented

ROOT = Path(__file__).resolve().parents[2]
# The size of what one touches is the style sheets' matter, so links and labels are given enough of it here.
SHELL = """<!doctype html><html lang="en"><head><title>A task</title>
<style>a, label {{ display: inline-block; line-height: 28px; }}</style></head>
<body><main><h1>Decide</h1><form method="post"
novalidate>{body}<button>Submit</button></form></main></body></html>"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def macros():
    loader = jinja2.FileSystemLoader(ROOT / "webui" / "templates")
    return jinja2.Environment(loader=loader, autoescape=True).get_template("forms/macros.html").module


@pytest.mark.parametrize("name", ["raise", "decide", "respond"])
def test_a_refused_form_breaks_no_rule_of_accessibility(macros, page, axe, name):
    built = parse((ROOT / "bpmn" / "risk-decision" / f"{name}.form").read_bytes())
    data = {"asset_options": [{"value": "A-1", "label": "Payments"}]}
    errors = checked(built, {}, data).errors
    page.set_content(
        SHELL.format(body=macros.form_body(presented(built, values={}, errors=errors, data=data)))
    )
    assert axe(page) == []
    first = page.get_by_role("alert").get_by_role("link").first
    first.click()
    assert page.evaluate("document.querySelector(':target').matches('input, select, textarea')")
