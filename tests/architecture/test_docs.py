"""What the documents point to is there: links, paths, tests, commands."""

from __future__ import annotations

import re
from pathlib import Path

import click

from tests.architecture.source import MADE, ROOT, text, tracked
from webui.cli import main

DOCUMENTS = tuple(name for name in tracked() if name.suffix == ".md" and name.parts[0] != "tests")
FOLDERS = {name.parts[0] for name in tracked() if len(name.parts) > 1} - MADE
LINK = re.compile(r"(?<!\\)\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"\.?[\w.-]+(?:/[\w.*-]+)*/?")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
TEST = re.compile(r"test_[a-z0-9_]+")


def _anchor(heading: str) -> str:
    """A heading's anchor, as it is made where Markdown is shown."""
    return re.sub(r"[^\w\- ]", "", re.sub(r"[`*]", "", heading).lower()).replace(" ", "-")


def _dead(document: Path, target: str) -> bool:
    if re.match(r"[a-z]+:", target):
        return False
    path, _, anchor = target.partition("#")
    place = (ROOT / document).parent / path if path else ROOT / document
    if not place.exists():
        return True
    found = place if place.is_file() else place / "README.md"
    return bool(anchor) and anchor not in {_anchor(one) for one in HEADING.findall(found.read_text("utf-8"))}


def test_links_lead_somewhere() -> None:
    links = [(document, one) for document in DOCUMENTS for one in LINK.findall(text(document))]
    assert [f"{document}: {one}" for document, one in links if _dead(document, one)] == []


def test_a_dead_link_is_found() -> None:
    assert _dead(Path("README.md"), "docs/nothing.md")
    assert _dead(Path("README.md"), "docs/architecture.md#nothing")
    assert not _dead(Path("README.md"), "docs/architecture.md#a-command")


def test_paths_are_there() -> None:
    missing = [
        f"{document}: {one}"
        for document in DOCUMENTS
        for one in CODE.findall(text(document))
        if PATH.fullmatch(one) and "/" in one and one.split("/")[0] in FOLDERS and not list(ROOT.glob(one))
    ]
    assert missing == []


def test_tests_that_are_named_are_there() -> None:
    there = "\n".join(text(name) for name in tracked() if name.name.startswith("test_"))
    named = {one for document in DOCUMENTS for one in CODE.findall(text(document)) if TEST.fullmatch(one)}
    assert [one for one in sorted(named) if f"def {one}(" not in there] == []


def test_commands_are_there() -> None:
    unknown = []
    for document in DOCUMENTS:
        for words in re.findall(
            r"(?:`|^    (?:\S*/)?|\./run )parley((?: [a-z][a-z-]*)+)", text(document), re.M
        ):
            command: click.Command | None = main
            for word in words.split():
                if not isinstance(command, click.Group):
                    break
                command = command.commands.get(word)
            if command is None:
                unknown.append(f"{document}: parley{words}")
        usage = text(Path("run"))
        unknown += [
            f"{document}: ./run {word}"
            for word in re.findall(r"\./run ([a-z]+)", text(document))
            if f"./run {word}" not in usage
        ]
    assert unknown == []
