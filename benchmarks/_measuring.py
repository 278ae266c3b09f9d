"""What every benchmark of the engine shares: samples, figures, bounds, the table and the JSON."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

MILLISECONDS = "ms"


@dataclass(slots=True)
class Samples:
    """Times of one thing in milliseconds: of the clock on the wall, and of this thread's processor."""

    what: str
    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)

    def take(self, work: Callable[..., object], *arguments: Any) -> None:
        """Do the work once and note how long it took."""
        processor, wall = time.thread_time_ns(), time.perf_counter_ns()
        work(*arguments)
        self.wall.append((time.perf_counter_ns() - wall) / 1e6)
        self.processor.append((time.thread_time_ns() - processor) / 1e6)

    @property
    def median(self) -> float:
        """The median on the wall, in milliseconds."""
        return statistics.median(self.wall)

    @property
    def processor_median(self) -> float:
        """The median of this thread's processor time, in milliseconds: what a busy machine disturbs least."""
        return statistics.median(self.processor)

    def rows(self) -> list[dict[str, Any]]:
        """The figures as every benchmark writes them."""
        return [
            figure(self.what, MILLISECONDS, self.wall),
            figure(f"{self.what}, processor", MILLISECONDS, self.processor),
        ]


@dataclass(frozen=True, slots=True)
class Bound:
    """A figure beside the bound it is held to."""

    what: str
    unit: str
    value: float
    most: float
    note: str = ""

    @property
    def holds(self) -> bool:
        """Whether the figure keeps within its bound."""
        return self.value <= self.most

    def row(self) -> dict[str, Any]:
        """The figure as JSON."""
        return {
            "what": self.what,
            "unit": self.unit,
            "value": round(self.value, 3),
            "bound": self.most,
            "holds": self.holds,
            "note": self.note,
        }


@dataclass(slots=True)
class Report:
    """A benchmark's figures: printed for people, kept for machines."""

    name: str
    machine: dict[str, Any]
    results: list[dict[str, Any]] = field(default_factory=list)
    bounds: list[Bound] = field(default_factory=list)

    def add(self, *samples: Samples) -> None:
        """Keep samples, and print their medians."""
        for each in samples:
            self.results += each.rows()
            print(
                f"  {each.what:60} {each.median:9.3f} ms   processor {each.processor_median:9.3f} ms"
                f"   p95 {percentile(each.wall, 0.95):9.3f} ms   {len(each.wall):5} runs",
                flush=True,
            )

    def note(self, what: str, unit: str, value: float) -> None:
        """Keep and print a figure that is no sample."""
        self.results.append(figure(what, unit, [value]))
        print(f"  {what:60} {value:9.3f} {unit}", flush=True)

    def hold(self, what: str, unit: str, value: float, most: float, note: str = "") -> None:
        """Keep and print a figure with its bound."""
        bound = Bound(what, unit, value, most, note)
        self.bounds.append(bound)
        verdict = "holds" if bound.holds else "MISSED"
        print(f"  {what:60} {value:9.3f} {unit:12} bound {most:g}: {verdict} {note}".rstrip(), flush=True)

    def document(self) -> dict[str, Any]:
        """All of it, as JSON."""
        return {
            "name": self.name,
            "machine": self.machine,
            "results": self.results,
            "bounds": [bound.row() for bound in self.bounds],
        }

    def write(self, file: Path | None) -> None:
        """Keep the figures where a file is given."""
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )


def machine(**more: Any) -> dict[str, Any]:
    """The machine that figures were read on, and how busy it was when they were begun."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "sqlite": sqlite3.sqlite_version,
        "load": round(os.getloadavg()[0], 2),
        **more,
    }


def figure(what: str, unit: str, values: Sequence[float]) -> dict[str, Any]:
    """One figure as every benchmark writes it."""
    return {
        "what": what,
        "unit": unit,
        "median": round(statistics.median(values), 3),
        "p95": round(percentile(values, 0.95), 3),
        "runs": len(values),
    }


def percentile(values: Sequence[float], part: float) -> float:
    """The value below which this part of the values lies."""
    return sorted(values)[min(len(values) - 1, int(len(values) * part))]


def ratio(ours: Samples, theirs: Samples) -> float:
    """How many times the others' median ours is, on the wall."""
    return ours.median / theirs.median


def processor_ratio(ours: Samples, theirs: Samples) -> float:
    """How many times the others' median ours is, in processor time."""
    return ours.processor_median / theirs.processor_median
