"""`parley feel`, `parley decide`, `parley tck`: the expression language and decision tables from the
command line."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from engine import dmn
from engine.feel import evaluate
from webui.cli.common import EXISTING_FILE, EXISTING_FOLDER, read_data


def printed(value: Any) -> str:
    """A FEEL value as JSON text, numbers with all their digits; dates and durations as strings, as FEEL
    writes them."""
    if value is None or isinstance(value, bool | str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | Decimal):
        number = Decimal(value)
        return f"{number:f}" if -40 < number.adjusted() < 40 else str(number)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{printed(str(key))}: {printed(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(printed(each) for each in value) + "]"
    if isinstance(value, date | datetime | time):
        return printed(value.isoformat())
    return printed(str(value))


@click.command()
@click.argument("expression")
@click.option(
    "--data", type=EXISTING_FILE, default=None, help="A JSON file: the names the expression may use."
)
def feel(expression: str, data: Path | None) -> None:
    """Evaluate a FEEL EXPRESSION and print its value."""
    click.echo(printed(evaluate(expression, read_data(data))))


@click.command()
@click.argument("file", type=EXISTING_FILE)
@click.argument("name", metavar="DECISION")
@click.option("--data", type=EXISTING_FILE, default=None, help="A JSON file: the inputs.")
def decide(file: Path, name: str, data: Path | None) -> None:
    """Evaluate DECISION of a DMN FILE, and say which rules matched. Models that it imports are looked for in
    the files beside it."""
    decision = dmn.decide(_linked(file), name, read_data(data))
    click.echo(f"{decision.name}: {printed(decision.value)}")
    for table in decision.explanation.tables:
        _explain(table)
    for problem in decision.problems:
        click.echo(f"  {problem}", err=True)
    if decision.problems:
        raise SystemExit(1)


def _linked(file: Path) -> dmn.Model:
    model = dmn.parse(file.read_bytes())
    if not model.imports:
        return model
    others = []
    for beside in sorted(file.resolve().parent.glob("*.dmn")):
        # Where one that cannot be read is needed, the decision says that it is missing.
        with contextlib.suppress(dmn.DmnError, OSError):
            others.append(dmn.parse(beside.read_bytes()))
    return dmn.link(model, others)


def _explain(table: dmn.TableExplanation) -> None:
    policy = f"{table.hit_policy} {table.aggregation or ''}".strip()
    inputs = ", ".join(f"{label} = {printed(value)}" for label, value in table.inputs)
    click.echo(f"  {table.decision} ({policy}): {inputs}")
    for rule in table.rules:
        outputs = ", ".join(f"{label} = {printed(value)}" for label, value in rule.outputs)
        notes = "".join(f" [{text}]" for _, text in rule.annotations if text)
        click.echo(f"    row {rule.number}: {outputs}{notes}")
    if not table.rules:
        click.echo("    no row matched" + ("; the default counts" if table.default_used else ""))


@click.command()
@click.argument("folder", type=EXISTING_FOLDER)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
def tck(folder: Path, as_json: bool) -> None:
    """Run every case of the DMN TCK below FOLDER; passed and total, by case and in sum."""
    from engine.dmn import tck as runner

    report = runner.run(folder)
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False))
        return
    for name, case in report.cases.items():
        click.echo(f"{case.passed:>5} of {case.total:>5}  {name}")
    click.echo(f"{report.passed} of {report.total} passed")
