"""What differs between two decision tables, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from engine.diagrams.xml import local, read_xml
from workflows.studio.difference_elements import Change


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """A decision table as it is read for comparison and for documents."""

    name: str
    hit_policy: str
    inputs: int
    """How many of the columns, the first ones, are inputs."""
    columns: tuple[str, ...]
    """Their titles, in quotation marks."""
    rules: dict[str, tuple[str, ...]]
    """Rule id (or its place) to its cells."""


def table_changes(path: str, before: bytes, after: bytes) -> list[Change]:
    """Rules added, removed and changed. Raises `DiagramUnreadable`."""
    old, new = read_tables(before), read_tables(after)
    told: list[tuple[str, str]] = []
    for key, table in new.items():
        if key not in old:
            told.append(("added", f"New table “{table.name}”."))
        else:
            told += _table(old[key], table)
    told += [
        ("removed", f"The table “{each.name}” was removed.") for key, each in old.items() if key not in new
    ]
    if not told:
        told.append(("changed", f"The tables in {path} are written otherwise; no cell of them changed."))
    return [Change(kind, path, None, sentence) for kind, sentence in told]


def _table(was: DecisionTable, now: DecisionTable) -> Iterator[tuple[str, str]]:
    where = f"Table “{now.name}”"
    if was.name != now.name:
        yield "changed", f"The table “{was.name}” is now called “{now.name}”."
    if was.hit_policy != now.hit_policy:
        yield (
            "changed",
            f"{where}: where several rules match, {now.hit_policy} now holds instead of {was.hit_policy}.",
        )
    if was.columns != now.columns:
        listed = ", ".join(now.columns)
        yield "changed", f"{where}: its columns are now {listed} instead of {', '.join(was.columns)}."
        return
    numbers = {key: number for number, key in enumerate(now.rules, start=1)}
    for key, cells in now.rules.items():
        if key not in was.rules:
            yield "added", f"{where}: new rule {numbers[key]}: {_rule(now.columns, cells)}."
            continue
        for column, before, after in zip(now.columns, was.rules[key], cells, strict=True):
            if before != after:
                yield (
                    "changed",
                    f"{where}, rule {numbers[key]}: {column} is now {after or 'anything'} "
                    f"instead of {before or 'anything'}.",
                )
    for key, cells in was.rules.items():
        if key not in now.rules:
            yield "removed", f"{where}: the rule {_rule(was.columns, cells)} was removed."
    shared = [key for key in was.rules if key in now.rules], [key for key in now.rules if key in was.rules]
    if shared[0] != shared[1]:
        yield "changed", f"{where}: its rules come in another order."


def _rule(columns: tuple[str, ...], cells: tuple[str, ...]) -> str:
    return ", ".join(f"{column} {cell or 'anything'}" for column, cell in zip(columns, cells, strict=False))


def read_tables(data: bytes) -> dict[str, DecisionTable]:
    """The decision tables of a file, by the id of their decision. Raises `DiagramUnreadable`."""
    found: dict[str, DecisionTable] = {}
    for decision in read_xml(data).iter():
        if not isinstance(decision.tag, str) or local(decision) != "decision":
            continue
        for table in decision:
            if isinstance(table.tag, str) and local(table) == "decisionTable":
                key = decision.get("id", "")
                found[key] = _read(decision.get("name") or key, table)
    return found


def _read(name: str, table: etree._Element) -> DecisionTable:
    columns: list[str] = []
    inputs = sum(local(child) == "input" for child in table)
    rules: dict[str, tuple[str, ...]] = {}
    for child in table:
        kind = local(child)
        if kind in ("input", "output"):
            label = child.get("label") or child.get("name") or _text(child)
            columns.append(f"“{label}”")
        elif kind == "rule":
            cells = [_text(each) for each in child if local(each) in ("inputEntry", "outputEntry")]
            rules[child.get("id") or f"#{len(rules)}"] = tuple("" if each == "-" else each for each in cells)
    return DecisionTable(name, table.get("hitPolicy", "UNIQUE"), inputs, tuple(columns), rules)


def _text(node: etree._Element) -> str:
    return " ".join("".join(str(each) for each in node.itertext()).split())
