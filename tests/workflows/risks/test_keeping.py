"""Confidential risks, exports, the heat map, precedents, links, and assets that move."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.workflows.keeping import Keeping
from workflows.errors import NotEntitled, RuleBroken
from workflows.risks.commands import assess
from workflows.risks.details import LossRange
from workflows.risks.exporting import as_json
from workflows.types import AssessmentKind, Level, RiskFilters

KINDS: dict[str, type | tuple[type, ...]] = {"string": str, "number": (int, float), "array": list}


def ids(keeping: Keeping, reader: str, **filters: Any) -> list[str]:
    rows = keeping.parley.risks.register(keeping.people[reader], RiskFilters(**filters)).rows
    return [row.id for row in rows]


def test_a_confidential_risk_is_in_nobody_elses_list_search_export_or_figure(keeping: Keeping) -> None:
    parley, people = keeping.parley, keeping.people
    secret = keeping.risk("The secret merger", asset_ids=("shop",), cve_id="CVE-2024-3400")
    plain = keeping.risk("A plain risk", asset_ids=("shop",))
    parley.register.amend(people["cio"], secret, {"is_confidential": True}, "Not announced yet")
    for reader in ("cio", "ciso", "cro", "sponsor", "auditor", "raiser", "retail_cio"):
        assert secret in ids(keeping, reader), reader
    for reader in ("owner", "gov"):
        assert ids(keeping, reader) == [plain]
        assert ids(keeping, reader, text="merger") == []
        assert [one.risk.id for one in parley.register.export(people[reader])] == [plain]
        assert parley.register.heat(people[reader]).total == 1
        assert parley.register.precedents(people[reader], plain) == ()
        with pytest.raises(NotEntitled, match="confidential"):
            parley.risks.risk(people[reader], secret)
        with pytest.raises(NotEntitled):
            parley.register.link(people["gov"], plain, "related", other_id=secret)
        behind = parley.metrics.cases(people[reader], "unacceptable-undecided")
        assert [row.risk_id for row in behind.rows] == [plain]
        assert behind.withheld == 1
    keeping.decide(secret)
    assert [one.risk_id for one in parley.register.precedents(people["cio"], plain)] == [secret]
    assert parley.register.precedents(people["owner"], plain) == ()
    parley.register.amend(people["cio"], secret, {"readers": ("owner",)}, "Needed for the plan")
    assert secret in ids(keeping, "owner")


def test_the_export_is_what_the_schema_of_ir_8286_wants(keeping: Keeping, shared_data: Path) -> None:
    schema = json.loads((shared_data / "nist_ir8286r1_risk_register.v2.schema.json").read_text("utf-8"))
    rich, bare = keeping.risk("Rich"), keeping.risk("Bare")
    loss = LossRange(Decimal("0.1"), Decimal("0.5"), Decimal(100_000), Decimal(300_000), "EUR")
    keeping.parley.register.amend(keeping.people["cio"], rich, {"loss": loss}, "Estimated")
    keeping.decide(rich)
    found = {
        one["riskId"]: one
        for one in json.loads(as_json(keeping.parley.register.export(keeping.people["cio"])))
    }
    assert set(found) == {rich, bare}
    for risk in found.values():
        assert set(schema["required"]) <= set(risk)
        for name, wanted in schema["properties"].items():
            assert isinstance(risk[name], KINDS[wanted["type"]]), name
        responses = schema["properties"]["riskResponseType"]["items"]["enum"]
        assert risk["riskResponseType"]
        assert set(risk["riskResponseType"]) <= set(responses)
    assert (found[rich]["riskImpact"], found[rich]["exposureRating"]) == (200000, 80000)
    assert found[rich]["riskResponseType"] == ["Accept"]
    assert found[bare]["riskResponseType"] != ["Accept"]
    assert "Cio" in found[bare]["riskOwnerPointOfContact"]


def test_the_heat_map_shows_before_and_after_and_its_spots_filter(keeping: Keeping) -> None:
    treated, other = keeping.risk("Treated"), keeping.risk("Other", likelihood=Level.LOW)
    keeping.write(
        "ciso", lambda w: assess(w, treated, AssessmentKind.RESIDUAL, Level.LOW, Level.LOW, "", None)
    )
    heat = keeping.parley.register.heat(keeping.people["cio"])
    assert heat.before == {(Level.HIGH, Level.HIGH): 1, (Level.LOW, Level.HIGH): 1}
    assert heat.after == {(Level.LOW, Level.LOW): 1, (Level.LOW, Level.HIGH): 1}
    assert (heat.total, heat.rated_after) == (2, 1)
    assert ids(keeping, "cio", likelihood=Level.HIGH, impact=Level.HIGH) == [treated]
    assert ids(keeping, "cio", likelihood=Level.LOW) == [other]


def test_the_likest_decision_comes_first(keeping: Keeping) -> None:
    this = keeping.risk("Parser of the build servers", cve_id="CVE-2024-3400")
    like = keeping.risk("Parser of the gateway", cve_id="CVE-2024-3400", asset_ids=("shop",))
    other = keeping.risk("Cellar", asset_ids=("core",), likelihood=Level.LOW)
    keeping.decide(like)
    keeping.decide(other, "mitigate", "case-2")
    found = keeping.parley.register.precedents(keeping.people["cio"], this)
    assert [one.risk_id for one in found] == [like, other]
    assert found[0].likeness[0] == "the same weakness"


def test_whose_asset_it_is_answers_for_the_risk(keeping: Keeping) -> None:
    risk_id = keeping.risk(asset_ids=("core",))
    parley, people = keeping.parley, keeping.people
    assert parley.risks.risk(people["cio"], risk_id).owner.startswith("Cio ")
    parley.register.change_asset(people["gov"], "core", {"owner_unit": "retail"}, "Reorganised")
    assert parley.risks.risk(people["cio"], risk_id).owner.startswith("Retail Cio ")
    with pytest.raises(NotEntitled):
        parley.register.change_asset(people["cio"], "core", {"owner_unit": "group"}, "Back")


def test_links_read_from_both_ends_and_are_ended_not_deleted(keeping: Keeping) -> None:
    one, other = keeping.risk("One"), keeping.risk("Other")
    register, cio = keeping.parley.register, keeping.people["cio"]
    link_id = register.link(cio, one, "causes", other_id=other)
    assert [each.kind for each in keeping.parley.risks.risk(cio, other).links] == ["caused by"]
    with pytest.raises(RuleBroken):
        register.link(cio, one, "related", other_id=one)
    register.unlink(cio, other, link_id, "Looked into")
    assert keeping.parley.risks.risk(cio, one).links == ()
