"""Completing human tasks and reading inboxes, beside SpiffWorkflow as released and the bare commit.

    ./run bench engine [--json FILE] [--quick] [--database sqlite|postgresql|both] [--only PART ...]

Everything is measured in one run, in turn, so that a busy moment meets all alike: compare the ratios.
Databases are as durable as in operation (SQLite: WAL, synchronous FULL; PostgreSQL: fsync on, over its
socket).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

if __name__ == "__main__":  # run as a file: the packages stand beside this folder, not in it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import _completing, _inbox, _pages
from benchmarks._databases import KINDS, fresh
from benchmarks._measuring import Report, machine

Part = Callable[[str, Report, bool, str], None]

PARTS: dict[str, Part] = {
    "beside": lambda url, report, quick, kind: _completing.beside(url, report, 6 if quick else 40, kind),
    "statements": lambda url, report, quick, kind: _completing.counted(url, report, kind),
    "state": lambda url, report, quick, kind: _completing.sized(url, report, kind),
    "age": lambda url, report, quick, kind: _completing.aged(url, report, 8 if quick else 60, kind),
    "votes": lambda url, report, quick, kind: _completing.voted(url, report, _completing.VOTERS, kind),
    "inbox": lambda url, report, quick, kind: _inbox.measured(
        url, report, _inbox.ROWS // (20 if quick else 1), 20 if quick else 100, kind
    ),
    "pages": lambda url, report, quick, kind: _pages.measured(url, report, 4 if quick else 25, kind),
}
"""What is measured, in order, each on a database of its own."""


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, keep; 1 where a bound was missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures to this file")
    parser.add_argument("--quick", action="store_true", help="fewer runs of each")
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART")
    options = parser.parse_args(arguments)
    kinds = KINDS if options.database == "both" else (options.database,)
    report = Report("engine", machine(databases=list(kinds)))
    print(", ".join(f"{what}: {value}" for what, value in report.machine.items()))
    for kind in kinds:
        for name in options.only:
            print(f"{kind}, {name}", flush=True)
            with fresh(kind) as url:
                PARTS[name](url, report, options.quick, kind)
    report.write(options.json)
    missed = [bound for bound in report.bounds if not bound.holds]
    print(f"{len(report.bounds) - len(missed)} of {len(report.bounds)} bounds hold.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
