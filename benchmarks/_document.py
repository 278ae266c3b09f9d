"""Puts the kept figures into docs/performance.md, so that what it quotes is what was measured.

.venv/bin/python -m benchmarks._document
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "performance.md"
RESULTS = Path(__file__).resolve().parent / "results"
MARK = "<!-- figures: {} -->"
"""Stands before and after each part that is written here."""


def bounds(report: dict[str, Any]) -> str:
    """Each bound beside what was measured."""
    rows = ["| what | measured | bound | |", "| --- | ---: | ---: | --- |"]
    for each in report["bounds"]:
        verdict = "holds" if each["holds"] else "**missed**"
        rows.append(
            f"| {each['what']} | {_number(each['value'])} {each['unit']} | {each['bound']:g} | {verdict} |"
        )
    return "\n".join(rows)


def figures(report: dict[str, Any]) -> str:
    """All figures that are no bounds."""
    rows = ["| what | median | 95 % below | runs |", "| --- | ---: | ---: | ---: |"]
    for each in report["results"]:
        value = f"{_number(each['median'])} {each['unit']}"
        below = f"{_number(each['p95'])}" if each["runs"] > 1 else ""
        rows.append(f"| {each['what']} | {value} | {below} | {each['runs']:,} |")
    return "\n".join(rows)


def machine(report: dict[str, Any]) -> str:
    """What the figures were read on."""
    on = report["machine"]
    return (
        f"Read on {on['cores']} cores ({on['system']}, Python {on['python']}, SQLite {on['sqlite']}), "
        f"with a load of {on['load']} when the run began."
    )


def soak(report: dict[str, Any]) -> str:
    """The soak's results, a line each."""
    lines = []
    for each in report["results"]:
        faults = f"{len(each['faults'])} faults" if each["faults"] else "no fault"
        if each["what"] == "kill test":
            lines.append(
                f"- **Kill test, {each['database']}**: {each['kills']} processes killed, "
                f"{each['killed_in_a_submission']} of them while a page was under way "
                f"({each['resent']} of these sent again); {each['acknowledged']} pages acknowledged, "
                f"{each['refused']} truly refused, {each['timers']} timers "
                f"in {each['cases']} cases: **{faults}**."
            )
        elif each["what"] == "moving test":
            lines.append(
                f"- **Moving test, {each['database']}**: one plan moved {each['cases']} open cases; "
                f"{each['kills']} of the processes that carried it out were killed: **{faults}**."
            )
        else:
            acts = each["acts"]
            lines.append(
                f"- **Collision test, {each['database']}**: 24 threads of 3 processes on 50 cases for "
                f"{each['seconds']:.0f} s: {acts.get('done', 0)} tasks completed, {acts.get('delegated', 0)} "
                f"delegated, {acts.get('moved', 0)} moves of all cases, {acts.get('sent', 0)} messages, "
                f"{acts.get('refused', 0)} truly refused, {each['collisions']} collisions that nobody saw; "
                f"{each['votes_at_once']} votes cast five at a time, all counted: **{faults}**."
            )
    return "\n".join(lines)


def page(text: str, results: Path = RESULTS) -> str:
    """The page with its parts written anew."""
    engine = json.loads((results / "engine.json").read_text(encoding="utf-8"))
    soaked = json.loads((results / "soak.json").read_text(encoding="utf-8"))
    parts = {
        "machine": machine(engine),
        "bounds": bounds(engine),
        "all": figures(engine),
        "soak": soak(soaked),
    }
    for name, part in parts.items():
        mark = MARK.format(name)
        before, _, rest = text.partition(mark)
        _, found, after = rest.partition(mark)
        if not found:
            raise ValueError(f"docs/performance.md lacks the two marks {mark}")
        text = f"{before}{mark}\n\n{part}\n\n{mark}{after}"
    return text


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
