"""Policies are included in one another, and the record names their elements: no id stands for two things."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from lxml import etree

POLICIES = Path(__file__).parents[2] / "bpmn"


def shared(diagrams: Iterable[tuple[str, bytes]]) -> dict[str, list[str]]:
    """Ids that stand more than once in these diagrams, with the names of those they stand in."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, data in diagrams:
        for node in etree.fromstring(data).iter("*"):
            if node.get("id"):
                found[str(node.get("id"))].append(name)
    return {key: names for key, names in found.items() if len(names) > 1}


def test_no_id_stands_for_two_things_in_all_that_ships() -> None:
    diagrams = [(path.name, path.read_bytes()) for path in sorted(POLICIES.glob("*/*.bpmn"))]
    assert len(diagrams) > 8
    assert shared(diagrams) == {}


def test_an_id_that_stands_twice_is_found() -> None:
    data = (POLICIES / "exemption" / "exemption.bpmn").read_bytes()
    assert "grant_exemption" in shared([("one.bpmn", data), ("other.bpmn", data)])
