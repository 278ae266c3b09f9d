"""Business rule tasks: a table of the bundle decides, and why is on record; what it cannot decide waits."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.dmn import decide, parse
from engine.errors import DefinitionRefused
from engine.instances.models import journal
from engine.spiff.compile import compile_bundle
from engine.spiff.deciding import recorded
from engine.testing import START
from engine.types import Bundle
from tests.engine.drawing import Drawing, extended
from tests.engine.playing import Stage
from tests.engine.running import Run

TABLE = "appetite.dmn"


def dmn(*rules: str, policy: str = "UNIQUE", given: str = "one.amount") -> bytes:
    """A table of one input; a rule is `condition → result`, with `# note` behind it."""
    rows = ""
    for number, rule in enumerate(rules, 1):
        condition, _, rest = rule.partition(" → ")
        result, _, note = rest.partition(" # ")
        rows += (
            f'<rule id="r{number}"><description>{note}</description>'
            f"<inputEntry><text>{condition.replace('<', '&lt;')}</text></inputEntry>"
            f"<outputEntry><text>{result}</text></outputEntry></rule>"
        )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">'
        f'<inputData id="in" name="{given.partition(".")[0]}"/><decision id="level" name="Level">'
        '<informationRequirement id="ir"><requiredInput href="#in"/></informationRequirement>'
        f'<decisionTable id="t" hitPolicy="{policy}"><input id="i" '
        f'label="Amount"><inputExpression><text>{given}</text></inputExpression></input>'
        f'<output id="o" name="level"/>{rows}</decisionTable></decision></definitions>'
    ).encode()


SOUND = dmn('< 1000 → "low"', '[1000..9999] → "middle" # up to the appetite', '>= 10000 → "high"')


def drawn(
    table: bytes | None = SOUND, *, decision: str = f"{TABLE}#level", inner: str = ""
) -> dict[str, bytes]:
    drawing = Drawing().start().user("one").node("businessRuleTask", "rate", inner, parley_decision=decision)
    drawing.exclusive("which").user("cro").user("ciso").end("over").end()
    drawing.path("start one rate which", "cro end", "ciso over")
    files = drawing.when("which", "cro", 'rate = "high"').default("which", "ciso").files()
    return files if table is None else {**files, TABLE: table}


def journalled(stage: Stage) -> list[Any]:
    rows = stage.read(
        lambda connection: connection.execute(
            select(journal.c.payload)
            .where(journal.c.instance_id == stage.instance_id)
            .order_by(journal.c.seq)
        ).scalars()
    )
    return [payload["decisions"] for payload in rows if "decisions" in payload]


@pytest.mark.parametrize(
    ("amount", "level", "row", "to"),
    [(5, "low", 1, "ciso"), (Decimal("1000.0"), "middle", 2, "ciso"), (10_000, "high", 3, "cro")],
)
def test_a_table_decides_which_way_a_case_goes(
    stage: Stage, amount: Any, level: str, row: int, to: str
) -> None:
    stage.release(drawn())
    stage.start()
    stage.do("one", "carla", amount=amount)
    assert stage.incidents == []
    assert stage.data["rate"] == level
    assert stage.open == [to]
    assert stage.path.completed["rate"] == 1
    (entry,) = journalled(stage)[0]
    assert [rule["number"] for rule in entry["tables"][0]["rules"]] == [row]


def test_why_it_decided_so_is_on_record(stage: Stage) -> None:
    """The table, what went in, the row that matched and its note, what came out: in journal and audit."""
    stage.release(drawn())
    stage.start()
    stage.do("one", "carla", amount=2500)
    record = {
        "decision": "level",
        "name": "Level",
        "value": "middle",
        "made": [["Level", "middle"]],
        "tables": [
            {
                "decision": "Level",
                "table": "t",
                "policy": "UNIQUE",
                "inputs": [["Amount", 2500]],
                "rules": [
                    {
                        "number": 2,
                        "id": "r2",
                        "outputs": [["level", "middle"]],
                        "notes": ["up to the appetite"],
                    }
                ],
                "default": False,
                "value": "middle",
            }
        ],
    }
    entries = stage.read(lambda c: stage.engine.audit.entries(c, stage.instance_id))
    made = [entry for entry in entries if entry.event == "decision:made"]
    assert [entry.payload for entry in made] == [{"element": "rate", "decision": record}]
    assert made[0].actor == "carla"
    assert journalled(stage) == [[{"element": "rate", **record}]]
    assert [entry.event for entry in entries].count("operation:called") == 0


def test_a_table_may_be_given_its_inputs_by_name(stage: Stage) -> None:
    rows = (
        '<parley:parameters><parley:parameter name="Amount" value="one.amount * 1000"/></parley:parameters>'
    )
    table = dmn('< 1000 → "low"', '>= 1000 → "high"', given="Amount")
    stage.release(drawn(table, inner=extended(rows)))
    stage.start()
    stage.do("one", "carla", amount=7)
    assert stage.data["rate"] == "high"
    (entry,) = journalled(stage)[0]
    assert entry["tables"][0]["inputs"] == [["Amount", 7000]]


def test_rules_in_conflict_stop_the_case_and_name_the_rows(stage: Stage) -> None:
    """UNIQUE means at most one. SpiffWorkflow's own takes the first, and says nothing."""
    table = dmn('< 1000 → "low"', '< 5000 → "middle"', '>= 5000 → "high"')
    files = drawn(table)
    with pytest.raises(DefinitionRefused, match=r"Rules 1 and 2 of “Level” .* both match"):
        stage.release(files)

    released = compile_bundle(Bundle("conflict", files), "p")
    case = Run(released)
    case.complete("one", amount=5)
    (trouble,) = case.troubles
    assert trouble.element_id == "rate"
    assert "1" in trouble.cause
    assert "2" in trouble.cause
    assert case.open == []
    assert not case.ended


def test_a_conflict_that_no_analysis_foresees_is_an_incident(stage: Stage) -> None:
    """Conditions over whatever people answered: what they share is known only when a case meets both."""
    table = dmn(
        'ends with(?, "x") → 1',
        'starts with(?, "a") → 2',
        given="one.name",
    )
    stage.release(drawn(table))
    stage.start()
    stage.do("one", "carla", name="abx")
    (incident,) = stage.incidents
    assert incident.element_id == "rate"
    assert "“Level”" in incident.cause
    assert stage.instance.state == "running"
    assert stage.open == []
    assert journalled(stage) == []
    assert stage.retry() is False
    assert stage.instance.incidents == 1


@pytest.mark.parametrize("answers", [{}, {"amount": None}, {"amount": "a lot"}, {"amount": [1, 2]}])
def test_where_no_row_matches_the_result_is_null_and_the_record_says_so(
    stage: Stage, answers: dict[str, Any]
) -> None:
    """DMN 1.3, 8.2.8: neither an error nor the nearest row."""
    stage.release(drawn())
    stage.start()
    stage.do("one", "carla", **answers)
    assert stage.data["rate"] is None
    assert stage.open == ["ciso"]
    (entry,) = journalled(stage)[0]
    assert entry["value"] is None
    assert entry["tables"][0]["rules"] == []
    assert entry["tables"][0]["inputs"] == [["Amount", answers.get("amount")]]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        (drawn(None), "not in the bundle"),
        (drawn(decision=f"{TABLE}#other"), "other"),
        (drawn(decision="level"), "not in the bundle"),
        (drawn(b"<definitions/>"), TABLE),
        (drawn(dmn('import os → "low"')), "Rule 1"),
    ],
)
def test_a_table_that_cannot_decide_is_refused_at_release(
    stage: Stage, files: dict[str, bytes], says: str
) -> None:
    before = stage.counts()
    with pytest.raises(DefinitionRefused, match=says):
        stage.release(files)
    assert stage.counts() == before


@pytest.mark.parametrize("decision", [f"{TABLE}#other", "missing.dmn#level", "", "#"])
def test_nor_does_the_engine_take_what_passed_by_the_gate(decision: str) -> None:
    with pytest.raises(DefinitionRefused, match="decision"):
        compile_bundle(Bundle("drawn", drawn(decision=decision)), "p")


def test_values_that_cannot_be_stored_stand_on_record_as_feel_writes_them() -> None:
    """Durations and times are inputs too; the record must not fail where the decision does not."""
    table = dmn('< duration("P30D") → "short"', '>= duration("P30D") → "long"', given="wait")
    record = recorded(decide(parse(table), "level", {"wait": timedelta(days=40)}, START))
    assert record["value"] == "long"
    assert record["tables"][0]["inputs"] == [["Amount", "P40D"]]
