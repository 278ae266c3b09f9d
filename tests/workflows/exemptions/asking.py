"""A policy of the tests that decides a risk in two acts and calls the shipped exemption."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.workflows.world import World
from workflows.types import Exemption

SHIPPED = Path(__file__).parents[3] / "bpmn"


DECIDE = {
    "decision": "exempt",
    "days": "120",
    "conditions": "No new repositories are taken in.",
    "compensating_controls": "The build servers are cut off from the internet.",
    "reason": "The release cannot wait.",
}
CONTROLS = {
    "control_1": "The build servers are cut off from the internet.",
    "operator_1": "architect",
    "evidence_1": "The firewall's rule 17, tested on Monday.",
}
WORKS = {"result_1": "works", "evidence_1": "I tried to reach them from outside, and could not."}
FAILS = {"result_1": "fails", "evidence_1": "The rule was gone."}


def short(world: World, folder: Path) -> None:
    """Release the short policy as the one that decides risks, together with the exemption that it calls."""
    policy = folder / "risk-decision"
    policy.mkdir()
    shutil.copytree(SHIPPED / "exemption", folder / "exemption")
    shutil.copy(Path(__file__).parent / "short-decision.bpmn", policy / "risk-decision.bpmn")
    shutil.copy(SHIPPED / "risk-decision" / "raise.form", policy)
    _form(
        policy,
        "short-decide",
        [*(_field("textfield", key) for key in DECIDE if key != "days"), _field("number", "days")],
    )
    _form(policy, "short-respond", [_field("textfield", "response")])
    world.release(policy)


def _field(kind: str, key: str) -> dict[str, Any]:
    return {"type": kind, "id": f"field_{key}", "key": key, "label": key}


def _form(folder: Path, name: str, fields: list[dict[str, Any]]) -> None:
    form = {"id": name, "type": "default", "title": name, "schemaVersion": 19, "components": fields}
    (folder / f"{name}.form").write_text(json.dumps(form), encoding="utf-8")


def concurred(world: World, case_id: str, **changes: str) -> None:
    """The CIO decides for an exemption and the CISO concurs."""
    world.act(case_id, "decide", "cio", DECIDE | changes)
    world.act(case_id, "respond", "ciso", {"response": "concur"})


def granted(world: World, case_id: str, **changes: str) -> Exemption:
    """The same, with controls named and found to work; the exemption then in force."""
    concurred(world, case_id, **changes)
    world.act(case_id, "name_controls", "cio", CONTROLS)
    world.act(case_id, "verify_controls", "ciso", WORKS)
    (found,) = [one for one in world.parley.exemptions.all(world.people["auditor"]) if one.case_id == case_id]
    return found


@contextmanager
def untouched(world: World) -> Iterator[None]:
    """Nothing is exempt within the block that was not before."""
    before = [one.id for one in world.parley.exemptions.active(world.people["auditor"])]
    yield
    assert [one.id for one in world.parley.exemptions.active(world.people["auditor"])] == before
