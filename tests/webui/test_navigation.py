"""Every page of the application belongs where the navigation says, and every area is a page."""

from __future__ import annotations

import pytest
from flask import Flask

from webui.navigation import GROUPS, area_of, offered

AREAS = [area for group in GROUPS for area in group.areas]

APART = {"about", "account", "case", "clock", "preferences", "sign_in", "static"}
"""Blueprints whose pages belong to no area: a case is reached from several."""


def test_every_area_is_a_page_of_its_own(app: Flask) -> None:
    endpoints = [area.endpoint for area in AREAS]
    assert len(endpoints) == len(set(endpoints))
    assert set(endpoints) <= set(app.view_functions)


def test_every_page_belongs_to_an_area_or_stands_apart(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and not rule.rule.startswith("/api/"):
            found = area_of(rule.endpoint)
            assert bool(found) != (rule.endpoint.split(".")[0] in APART), rule.endpoint


@pytest.mark.parametrize(
    ("endpoint", "area"),
    [
        ("treatment.one", "treatment.show"),
        ("treatment.reviews", "treatment.reviews"),
        ("treatment.form", "register.show"),
        ("charter.one", "charter.show"),
        ("charter.report", "charter.report"),
        ("risk.show", "register.show"),
        ("task.show", "inbox.show"),
    ],
)
def test_a_page_marks_the_area_it_is_read_in(endpoint: str, area: str) -> None:
    assert area_of(endpoint) == area


def test_a_reader_is_offered_no_empty_group() -> None:
    bare = offered(lambda permission: False)
    assert [group.title for group in bare] == ["My tasks", "Risks"]
    assert [group.title for group in offered(lambda permission: True)] == [group.title for group in GROUPS]
