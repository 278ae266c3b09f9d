"""The templates as a set: each compiles, and none holds what the Content-Security-Policy would stop."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

TEMPLATES = Path(__file__).resolve().parents[2] / "webui" / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))

FORBIDDEN = {
    "a style attribute": r"<[^>]*\sstyle\s*=",
    "a style element": r"<style\b",
    "a script in the page": r"<script(?![^>]*\ssrc=)[^>]*>",
    "an event attribute": r"<[^>]*\son[a-z]+\s*=",
    "a javascript: address": r"javascript:",
    "a fixed address instead of url_for": r"""(?:href|src|action|hx-get|hx-post)\s*=\s*["'](?!\{\{|#)""",
    "unescaped output": r"\|\s*safe\b",
}


def test_there_are_templates() -> None:
    assert len(NAMES) > 20


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(app: Flask, name: str) -> None:
    assert app.jinja_env.get_template(name).root_render_func is not None


@pytest.mark.parametrize("name", NAMES)
def test_a_template_holds_nothing_the_policy_would_stop(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    assert [what for what, pattern in FORBIDDEN.items() if re.search(pattern, text, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_form_that_posts_carries_the_forgery_token(name: str) -> None:
    text = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(encoding="utf-8"), flags=re.DOTALL)
    forms = re.findall(r"<form\b(?=[^>]*method=\"post\").*?</form>", text, flags=re.DOTALL)
    assert [form for form in forms if 'name="csrf_token" value="{{ csrf_token() }}"' not in form] == []


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("parts/", "forms/"))])
def test_a_page_has_one_heading_and_a_title(name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    if "{% extends 'layout.html' %}" not in text:
        assert name in {"layout.html", "task/form.html"}
        return
    assert "{% block title %}" in text
    assert "<h1" in text
