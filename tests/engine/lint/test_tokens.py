"""Joins that wait in vain, and such that do not."""

from __future__ import annotations

import pytest

from engine.lint import lint
from tests.engine.lint.drawn import diagram, flow, node, path, timer, user

START, END = node("startEvent", "start"), node("endEvent", "end")
GATES = {"x": "exclusiveGateway", "p": "parallelGateway", "o": "inclusiveGateway"}


def split_and_join(split: str, join: str) -> bytes:
    """Two ways from one gateway to another."""
    default = {"default": "g_to_a"} if split in "xo" else {}
    body = START + node(GATES[split], "g", **default) + user("a") + user("b") + node(GATES[join], "j") + END
    second = flow("g", "b", "1 = 1") if split in "xo" else flow("g", "b")
    return diagram(body + path("start", "g", "a", "j", "end") + second + flow("b", "j"))


def found(data: bytes) -> list[tuple[str, str]]:
    return [(each.rule, str(each.severity)) for each in lint(data).findings]


@pytest.mark.parametrize(
    ("split", "join", "expected"),
    [
        ("p", "p", []),
        ("x", "x", []),
        ("o", "o", []),
        ("p", "x", []),
        ("p", "o", []),
        ("x", "o", []),
        ("x", "p", [("join-reached", "error")]),
        ("o", "p", [("join-reached", "warning")]),
    ],
)
def test_how_ways_part_decides_how_they_may_join(
    split: str, join: str, expected: list[tuple[str, str]]
) -> None:
    assert found(split_and_join(split, join)) == expected


def interrupted(then: str) -> bytes:
    """Two parallel tasks; a timer at one of them leads elsewhere."""
    body = START + node("parallelGateway", "g") + user("a") + user("b") + node("parallelGateway", "j") + END
    late = node("boundaryEvent", "late", timer("P1D"), attachedToRef="a")
    flows = path("start", "g", "a", "j", "end") + path("g", "b", "j")
    if then == "join":
        merge = node("exclusiveGateway", "m")
        flows = path("start", "g", "a", "m", "j", "end") + path("g", "b", "j") + path("late", "m")
        return diagram(body + late + merge + flows)
    inner = "<bpmn:terminateEventDefinition/>" if then == "terminate" else ""
    return diagram(body + late + node("endEvent", "gone", inner) + flows + path("late", "gone"))


def test_a_branch_that_may_be_interrupted_must_still_reach_the_join() -> None:
    assert found(interrupted("end")) == [("join-reached", "warning")]
    assert found(interrupted("join")) == []
    assert found(interrupted("terminate")) == []


def test_a_round_through_a_split_and_join_is_sound() -> None:
    body = START + node("exclusiveGateway", "m") + node("parallelGateway", "g") + user("a") + user("b")
    body += node("parallelGateway", "j") + node("exclusiveGateway", "again", default="again_to_end") + END
    flows = (
        path("start", "m", "g", "a", "j", "again", "end") + path("g", "b", "j") + flow("again", "m", "1 = 1")
    )
    assert found(diagram(body + flows)) == []


def test_wide_and_deep_diagrams_are_played_in_time() -> None:
    """Ten parallel branches of ten choices each: 11^10 situations, were they all told apart."""
    body, flows = (
        START + node("parallelGateway", "g") + node("parallelGateway", "j") + END,
        path("start", "g"),
    )
    for branch in range(10):
        last = "g"
        for step in range(10):
            x, t, m = (f"{kind}{branch}_{step}" for kind in "xtm")
            body += node("exclusiveGateway", x, default=f"{x}_to_{m}") + user(t) + node("exclusiveGateway", m)
            flows += flow(last, x) + flow(x, t, "1 = 1") + flow(t, m) + flow(x, m)
            last = m
        flows += flow(last, "j")
    assert found(diagram(body + flows + flow("j", "end"))) == []
