"""The long test: processes killed at random moments, many acting on the same cases at once, plans killed.

    ./run soak [--json FILE] [--kills 200] [--seconds 60] [--moves 600] [--seed N]
                 [--database sqlite|postgresql|both]

Ends with 1 where anything acknowledged was lost, happened twice, or was refused without a true conflict. The
tests run shorter ones of the same code.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

if __name__ == "__main__":  # run as a file: the packages stand beside this folder, not in it
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import _soak_moving
from benchmarks._databases import KINDS, fresh
from benchmarks._measuring import machine
from benchmarks._soak_collision import CollisionTest
from benchmarks._soak_kill import KillTest


@contextmanager
def _logs() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="parley-soak-") as name:
        yield Path(name)


def main(arguments: list[str] | None = None) -> int:
    """Run the tests on the databases asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results to this file")
    parser.add_argument("--kills", type=int, default=200, help="processes killed, on each database")
    parser.add_argument("--seconds", type=float, default=60, help="of collisions, on each database")
    parser.add_argument("--votes", type=int, default=50, help="votes in which all five vote at once")
    parser.add_argument("--moves", type=int, default=600, help="cases moved by a plan that is killed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=[*KINDS, "both"], default="both")
    options = parser.parse_args(arguments)
    results: list[dict[str, Any]] = []
    for kind in KINDS if options.database == "both" else (options.database,):
        if options.kills:
            with fresh(kind) as url, _logs() as folder:
                killed = KillTest(url, folder, seed=options.seed).run(options.kills)
            results.append({"what": "kill test", "database": kind, **asdict(killed)})
        if options.seconds:
            with fresh(kind) as url, _logs() as folder:
                test = CollisionTest(url, folder, seed=options.seed)
                collided = test.run(options.seconds, votes=options.votes)
            results.append({"what": "collision test", "database": kind, **asdict(collided)})
        if options.moves:
            with fresh(kind) as url:
                moved = _soak_moving.run(url, cases=options.moves, kills=8, seed=options.seed)
            results.append({"what": "moving test", "database": kind, **asdict(moved)})
        for result in [each for each in results if each["database"] == kind]:
            print(json.dumps(result, ensure_ascii=False), flush=True)
    faults = sum(len(result["faults"]) for result in results)
    print(f"{faults} faults." if faults else "Nothing was lost, nothing happened twice.")
    if options.json:
        report = {"name": "soak", "machine": machine(), "seed": options.seed, "results": results}
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(
            json.dumps(report, indent=2, ensure_ascii=False, default=list) + "\n", encoding="utf-8"
        )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
