"""Modules, functions and classes stay small enough to be read in one go."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.architecture.source import modules, text, tracked

LONGEST_MODULE = 300
LONGEST_FUNCTION = 60
MOST_PUBLIC_METHODS = 15

# A module that is longer stands here with the reason why it is one thing all the same.
LONGER_FOR_A_REASON: dict[str, str] = {}


def test_no_module_is_longer_than_three_hundred_lines() -> None:
    long = {
        str(name): lines
        for name in modules()
        if (lines := text(name).count("\n")) > LONGEST_MODULE and str(name) not in LONGER_FOR_A_REASON
    }
    assert long == {}


def test_every_exception_is_still_needed() -> None:
    needed = {name for name in LONGER_FOR_A_REASON if text(Path(name)).count("\n") > LONGEST_MODULE}
    assert needed == set(LONGER_FOR_A_REASON)


def test_no_function_is_longer_than_sixty_lines() -> None:
    long = [
        f"{name}:{node.lineno} {node.name}"
        for name in modules()
        for node in ast.walk(ast.parse(text(name)))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []


def _public_methods(node: ast.ClassDef) -> int:
    return sum(
        isinstance(member, ast.FunctionDef | ast.AsyncFunctionDef) and not member.name.startswith("_")
        for member in node.body
    )


def test_no_class_has_more_than_fifteen_public_methods() -> None:
    wide = [
        f"{name}:{node.lineno} {node.name}"
        for name in modules()
        for node in ast.walk(ast.parse(text(name)))
        if isinstance(node, ast.ClassDef) and _public_methods(node) > MOST_PUBLIC_METHODS
    ]
    assert wide == []


def test_modules_have_no_names_that_gather_anything() -> None:
    grab_bags = {"utils", "util", "helpers", "helper", "manager", "service", "misc"}
    assert [str(name) for name in modules() if name.stem in grab_bags or name.parent.name in grab_bags] == []


def test_templates_hold_no_script_and_no_style_of_their_own() -> None:
    """What a strict Content-Security-Policy would refuse in the browser is refused here already."""
    forbidden = ("<script>", "onclick=", "onsubmit=", "onchange=", "javascript:", "<style", ' style="')
    found = [
        f"{name}: {mark}"
        for name in tracked()
        if name.suffix == ".html" and "templates" in name.parts
        for mark in forbidden
        if mark in text(name).lower()
    ]
    assert found == []
