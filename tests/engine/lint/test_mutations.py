"""Real diagrams with random damage: whatever comes, the rules answer with findings."""

from __future__ import annotations

import random
from copy import deepcopy
from pathlib import Path

from lxml import etree

from engine.lint import Known, Limits
from engine.lint.analysis import analyse

ROOT = Path(__file__).parents[3]
VALUES = ["", "x", "-1", "true", "9" * 400, "ü", "a b", "P5D", "${x}", "1 +", "R/PT0S", "9**9**9", "a.b.c"]
REFERENCES = ("sourceRef", "targetRef", "attachedToRef", "default", "errorRef", "calledElement")
KNOWN = Known(frozenset({"do"}), frozenset({"cio"}), {}, {}, {}, forms_needed=True)


def damage(root: etree._Element, chance: random.Random) -> None:
    """One random change, of those that hands and tools make."""
    every = list(root.iter("*"))
    node, other = chance.choice(every), chance.choice(every)
    parent = node.getparent()
    kind = chance.randrange(6)
    if kind == 0 and parent is not None:
        parent.remove(node)
    elif kind == 1 and node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]
    elif kind == 2 and node.attrib:
        node.set(chance.choice(list(node.attrib)), chance.choice(VALUES))
    elif kind == 3 and len(list(node.iter())) < 80:
        other.append(deepcopy(node))
    elif kind == 4:
        node.text = chance.choice(VALUES)
    elif kind == 5:
        node.tag = other.tag
    for name in REFERENCES:
        if name in node.attrib:
            node.set(name, chance.choice([each.get("id") or "" for each in every]))


def test_damaged_diagrams_always_get_an_answer(shared_data: Path) -> None:
    chance = random.Random(20260302)
    sources = sorted((shared_data / "bpmn-miwg").rglob("*.bpmn"))
    sources += sorted((ROOT / "tests" / "engine" / "lint" / "rules").glob("*/good.bpmn"))
    sources += [ROOT / "bpmn" / "risk-decision" / "risk-decision.bpmn"] * 10
    for _ in range(400):
        root = etree.fromstring(chance.choice(sources).read_bytes())
        for _ in range(chance.randint(1, 4)):
            damage(root, chance)
        [report] = analyse("p", {"p.bpmn": etree.tostring(root)}, KNOWN, Limits())
        assert all(finding.sentence for finding in report.findings)
