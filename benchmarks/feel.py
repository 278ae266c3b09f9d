"""Parsing and evaluating the conditions of diagrams, beside SpiffWorkflow's own evaluation of the same
in Python.

    ./run bench feel [--json FILE] [--repeats 7]

Each condition runs over the data of one case as it is stored (whole numbers, texts, dates, lists and
contexts), the taking over of that data included. SpiffWorkflow's is `TaskDataEnvironment.evaluate`, which is
what a gateway calls:
it copies its globals and the case's data and runs Python's `eval` on the text. "compiled" is that text
compiled beforehand, which SpiffWorkflow does not do, with the same copy of the data: the least that Python
could need.
Times are of the processor, in microseconds; a ratio below 1 means that FEEL is faster than SpiffWorkflow.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the packages stand beside this folder, not in it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from SpiffWorkflow.bpmn.script_engine import TaskDataEnvironment

from engine.feel import evaluate
from engine.feel.expression import Expression

CONDITIONS: dict[str, tuple[str, str]] = {
    "two answers": (
        'decide.decision = "exempt" and respond.response = "challenge"',
        'decide["decision"] == "exempt" and respond["response"] == "challenge"',
    ),
    "a number": ("level > 3", "level > 3"),
    "a sum against the appetite": (
        "exposure.annual * exposure.years > appetite + 1000",
        'exposure["annual"] * exposure["years"] > appetite + 1000',
    ),
    "a vote's majority": (
        'count(vote[choice = "exempt"]) > 2',
        'len([v for v in vote if v["choice"] == "exempt"]) > 2',
    ),
    "the shortest exemption": (
        'min(vote[choice = "exempt"].days)',
        'min(v["days"] for v in vote if v["choice"] == "exempt")',
    ),
    "a deadline": ("review_due < today_is", "review_due < today_is"),
    "one of several": (
        'decide.decision in ("exempt", "accept", "transfer")',
        'decide["decision"] in ("exempt", "accept", "transfer")',
    ),
}
"""What is measured: the condition in FEEL, and the same in Python."""


def case_data() -> dict[str, Any]:
    """The data of one case: the answers of its tasks, and what a policy works with."""
    return {
        "decide": {"decision": "exempt", "reason": "No fix until the vendor's release", "days": 30},
        "respond": {"response": "challenge", "comment": "Thirty days are too long"},
        "level": 4,
        "appetite": 250_000,
        "exposure": {"annual": 120_000, "years": 3},
        "vote": [
            {"choice": "exempt" if seat % 3 else "reject", "days": 10 * seat, "seat": seat}
            for seat in range(1, 8)
        ],
        "review_due": date(2026, 3, 1),
        "today_is": date(2026, 3, 2),
    } | {f"note_{number}": {"text": f"Remark {number}", "at": number} for number in range(12)}


@dataclass(frozen=True, slots=True)
class Measured:
    """One condition's times in microseconds, of every repeat."""

    condition: str
    parse: list[float]
    feel: list[float]
    spiffworkflow: list[float]
    compiled: list[float]

    @property
    def ratio(self) -> float:
        """FEEL's median evaluation to SpiffWorkflow's."""
        return statistics.median(self.feel) / statistics.median(self.spiffworkflow)

    def results(self) -> list[dict[str, Any]]:
        """The figures as every benchmark writes them."""
        named = {
            "parse": self.parse,
            "evaluate": self.feel,
            "evaluate, SpiffWorkflow": self.spiffworkflow,
            "evaluate, Python compiled": self.compiled,
        }
        rows = [_row(f"{self.condition}: {what}", "µs", times) for what, times in named.items()]
        pairs = zip(self.feel, self.spiffworkflow, strict=True)
        return [*rows, _row(f"{self.condition}: FEEL to SpiffWorkflow", "ratio", [a / b for a, b in pairs])]


def _row(what: str, unit: str, values: list[float]) -> dict[str, Any]:
    worst = sorted(values)[min(len(values) - 1, int(len(values) * 0.95))]
    return {
        "what": what,
        "unit": unit,
        "median": round(statistics.median(values), 3),
        "p95": round(worst, 3),
        "runs": len(values),
    }


def microseconds(work: Callable[[], object], seconds: float = 0.02) -> float:
    """The processor time of one call, from as many as fit into `seconds`; other programs do not count."""
    begun = time.thread_time()
    work()
    number = max(1, int(seconds / max(time.thread_time() - begun, 1e-7)))
    begun = time.thread_time()
    for _ in range(number):
        work()
    return (time.thread_time() - begun) / number * 1e6


def measure(condition: str, repeats: int = 7) -> Measured:
    """The times of one of the CONDITIONS, the languages in turn, so that a busy moment meets them all."""
    feel, python = CONDITIONS[condition]
    data = case_data()
    environment = TaskDataEnvironment()
    code = compile(python, "<condition>", "eval")
    if evaluate(feel, data) != environment.evaluate(python, dict(data)):
        raise ValueError(f"{condition}: FEEL and Python give different values")
    measured = Measured(condition, [], [], [], [])
    for _ in range(repeats):
        measured.parse.append(microseconds(lambda: Expression(feel)))
        measured.feel.append(microseconds(lambda: evaluate(feel, data)))
        measured.spiffworkflow.append(microseconds(lambda: environment.evaluate(python, data)))
        measured.compiled.append(microseconds(lambda: eval(code, dict(data))))
    return measured


def main(arguments: list[str] | None = None) -> int:
    """Measure all conditions, print a table, and write the figures where --json says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--repeats", type=int, default=7, help="how many times each figure is taken")
    options = parser.parse_args(arguments)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "database": "none"}
    print(", ".join(f"{what}: {value}" for what, value in machine.items()))
    print(
        f"{'condition':28}{'parse':>9}{'FEEL':>9}{'Spiff':>9}{'compiled':>9}{'ratio':>8}{'parsed/s':>11}{'run/s':>11}"
    )
    results = []
    for condition in CONDITIONS:
        row = measure(condition, options.repeats)
        results += row.results()
        parse, ours, theirs, least = (
            statistics.median(times) for times in (row.parse, row.feel, row.spiffworkflow, row.compiled)
        )
        print(
            f"{condition:28}{parse:9.1f}{ours:9.2f}{theirs:9.2f}{least:9.2f}{row.ratio:8.2f}"
            f"{1e6 / parse:11,.0f}{1e6 / ours:11,.0f}"
        )
    if options.json:
        report = {"name": "feel", "machine": machine, "results": results}
        options.json.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
