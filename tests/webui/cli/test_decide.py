"""`parley decide`: the value, the rows that matched and on which inputs; a sentence where there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from webui.cli import main


def table(policy: str, *rules: tuple[str, str]) -> str:
    rows = "".join(
        f'<rule id="r{n}"><inputEntry><text>{given}</text></inputEntry>'
        f"<outputEntry><text>{result}</text></outputEntry></rule>"
        for n, (given, result) in enumerate(rules, 1)
    )
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d">'
        '<inputData id="in" name="amount"/><decision id="level" name="Level"><informationRequirement id="ir">'
        '<requiredInput href="#in"/></informationRequirement><decisionTable id="t" '
        f'hitPolicy="{policy}"><input id="i" label="Amount"><inputExpression><text>amount</text>'
        '</inputExpression></input><output id="o" name="level"/>'
        f"{rows}</decisionTable></decision></definitions>"
    )


def decide(folder: Path, text: str, data: Any, name: str = "Level") -> Result:
    (folder / "level.dmn").write_text(text, encoding="utf-8")
    (folder / "data.json").write_text(json.dumps(data), encoding="utf-8")
    files = [str(folder / "level.dmn"), name, "--data", str(folder / "data.json")]
    return CliRunner().invoke(main, ["decide", *files])


SOUND = table("UNIQUE", ("[0..1000)", '"low"'), ("[1000..9999]", '"high"'))


@pytest.mark.parametrize("name", ["Level", "level"])
def test_the_value_and_why(tmp_path: Path, name: str) -> None:
    result = decide(tmp_path, SOUND, {"amount": 1000.50}, name)
    assert result.exit_code == 0
    assert result.output.splitlines() == [
        'Level: "high"',
        "  Level (UNIQUE): Amount = 1000.5",
        '    row 2: level = "high"',
    ]


def test_where_no_row_matches(tmp_path: Path) -> None:
    result = decide(tmp_path, SOUND, {"amount": -1})
    assert result.exit_code == 0
    assert result.output.splitlines()[0] == "Level: null"
    assert "no row matched" in result.output


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (table("UNIQUE", ("[0..10]", "1"), ("[5..20]", "2")), "1 and 2"),
        (table("UNIQUE", ("1 +", "1")), "Rule 1"),
        ("<definitions/>", "DMN"),
        ("no xml", "XML"),
        ('<!DOCTYPE d SYSTEM "x"><definitions/>', "DOCTYPE"),
    ],
)
def test_what_cannot_be_decided_is_an_error_in_words(tmp_path: Path, text: str, says: str) -> None:
    result = decide(tmp_path, text, {"amount": 7})
    assert result.exit_code == 1
    assert says in result.output
    assert "Traceback" not in result.output
    assert "row 1:" not in result.output


def test_models_it_imports_are_found_beside_it(shared_data: Path, tmp_path: Path) -> None:
    folder = next((shared_data / "dmn-tck").rglob("0086-import"))
    (tmp_path / "data.json").write_text('{"A Person": {"name": "John Doe", "age": 21}}', encoding="utf-8")
    more = ["A Decision Ctx with DT", "--data", str(tmp_path / "data.json")]
    result = CliRunner().invoke(main, ["decide", str(folder / "0086-import.dmn"), *more])
    assert result.exit_code == 0, result.output
    assert result.output.startswith('A Decision Ctx with DT: "Hello John Doe!"')

    alone = tmp_path / "0086-import.dmn"
    alone.write_bytes((folder / "0086-import.dmn").read_bytes())
    (tmp_path / "unreadable.dmn").write_text("no xml", encoding="utf-8")
    result = CliRunner().invoke(main, ["decide", str(alone), *more])
    assert result.exit_code == 1
    assert "is not there" in result.output
