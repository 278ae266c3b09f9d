"""Every story that ships is true of its diagram and its forms; together they go every way there is."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.bpmn.diagrams import local
from tests.bpmn.walking import Walk

POLICIES = Path(__file__).parents[2] / "bpmn"
STORIES = sorted(POLICIES.glob("*/scenarios/*.json"))
ASSETS = [{"value": "internet-gateway", "label": "Internet gateway"}]


def told(path: Path) -> tuple[dict[str, Any], Walk]:
    """Walk a story, checking after each step where the case waits."""
    story: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    diagram = POLICIES / story["policy"] / f"{story['policy']}.bpmn"
    walk = Walk(diagram, datetime.fromisoformat(story["begins"]), story)
    for number, step in enumerate(story["steps"], 1):
        if "advance" in step:
            walk.advance(step["advance"])
        elif number == 1:
            walk.start(step["element"], step["answers"], {"asset_options": ASSETS})
        elif step["element"] == "challenge":
            walk.challenge(step["answers"])
        else:
            walk.complete(step["element"], step["answers"], step.get("seat"))
        assert sorted(walk.waiting) == sorted(step["waiting"]), f"step {number}: {step}"
    return story, walk


@pytest.fixture(scope="module", params=STORIES, ids=lambda path: path.stem)
def tale(request: pytest.FixtureRequest) -> tuple[dict[str, Any], Walk]:
    return told(request.param)


def test_it_ends_as_told(tale: tuple[dict[str, Any], Walk]) -> None:
    story, walk = tale
    expected = story["expected"]
    assert walk.end == expected["end"]
    assert (walk.waiting == []) == (expected["state"] == "completed")
    assert set(expected["passes"]) <= set(walk.passed)
    assert not set(expected["never"]) & set(walk.passed)


def test_the_vote_is_counted_as_told(tale: tuple[dict[str, Any], Walk]) -> None:
    story, walk = tale
    assert walk.data.get("vote_tally") == story["expected"].get("tally")


def test_the_exemption_is_granted_as_told(tale: tuple[dict[str, Any], Walk]) -> None:
    story, walk = tale
    assert walk.called.get("exemptions.grant") == story["expected"].get("grant")


def test_every_act_is_done_from_its_own_lane(tale: tuple[dict[str, Any], Walk]) -> None:
    story, walk = tale
    # What comes from elsewhere as a message is nobody's task.
    acts = [step for step in story["steps"] if walk.roles.get(step.get("element", ""))]
    assert [step["role"] for step in acts] == [walk.roles[step["element"]] for step in acts]


def test_the_committee_rules_as_told(tale: tuple[dict[str, Any], Walk]) -> None:
    story, walk = tale
    assert walk.data.get("record_ruling") == story["expected"].get("ruling")


@pytest.mark.parametrize("policy", sorted({path.parents[1].name for path in STORIES}))
def test_the_stories_go_every_way_there_is(policy: str) -> None:
    walks = [told(path)[1] for path in STORIES if path.parents[1].name == policy]
    drawn = {
        key
        for key, node in walks[0].nodes.items()
        if local(node) == "sequenceFlow" and walks[0].homes[key].parent == POLICIES / policy
    }
    assert drawn - {flow for walk in walks for flow in walk.flows} == set()
