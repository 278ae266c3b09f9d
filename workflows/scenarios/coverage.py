"""What scenarios take of their policies (flows, events, rules of tables), and whether they are true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.diagrams import read_definitions, read_elements
from engine.diagrams.elements import EVENTS
from engine.diagrams.executable import numbered_copy
from engine.dmn import DecisionTable
from engine.spiff.decisions import read_model
from workflows.errors import FileRefused
from workflows.policies.commands import read_folder
from workflows.scenarios.reading import scenarios_of
from workflows.scenarios.stage import Stages
from workflows.scenarios.telling import tell
from workflows.scenarios.types import Scenario, Told
from workflows.shipped import shipped_policies

Progress = Callable[[int, int, Scenario], None]
"""Called before each scenario with its number, how many there are, and the scenario."""


@dataclass(frozen=True, slots=True)
class Taken:
    """How many of one kind were taken, and the names of those that were not."""

    kind: str
    """`sequence flows`, `events` or `rules of tables`."""
    total: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PolicyCoverage:
    """What the scenarios of all policies take of one."""

    key: str
    scenarios: int
    taken: tuple[Taken, ...]
    faults: tuple[tuple[str, str], ...]
    """Scenario's name and what of it is not true."""

    @property
    def is_complete(self) -> bool:
        """Whether everything is taken, and everything told is true."""
        return not self.faults and not any(each.missing for each in self.taken)


def policy_folders(home: Path) -> dict[str, Path]:
    """The folder itself where it holds a policy, else those of its folders that do, by key."""
    if any(home.glob("*.bpmn")):
        return {home.resolve().name: home.resolve()}
    return {path.name: path for path in sorted(home.iterdir()) if any(path.glob("*.bpmn"))}


def coverage(home: Path, progress: Progress, *, keep_records: bool = False) -> list[PolicyCoverage]:
    """Tell every scenario of every policy in a folder, each twice, and see what they take together.

    Args:
        home: a policy's folder, or one of several.
        progress: told how far it is.
        keep_records: write what was read in the end beside each scenario, in place of comparing with it.

    Raises:
        FileRefused: no policy there, or a file that cannot be read.
    """
    folders = policy_folders(home)
    if not folders:
        raise FileRefused(f"{home} holds no policy (no .bpmn file).", name=str(home))
    scenarios = [each for path in folders.values() for each in scenarios_of(path)]
    told: dict[Path, Told] = {}
    faults: dict[Path, list[str]] = {}
    with TemporaryDirectory(prefix="parley-coverage-") as temporary:
        stages = Stages(Path(temporary), shipped_policies(), folders)
        for number, scenario in enumerate(scenarios, 1):
            progress(number, len(scenarios), scenario)
            told[scenario.path] = tell(stages, scenario, restored=True)
            if scenario.policy in stages.refused:
                faults[scenario.path] = [stages.refused[scenario.policy]]
                continue
            alive = tell(stages, scenario, restored=False)
            if keep_records:
                lines = "".join(f"{line}\n" for line in told[scenario.path].record)
                scenario.record_path.write_text(lines, encoding="utf-8")
            faults[scenario.path] = list(_faults(scenario, told[scenario.path], alive))
    return [_of_policy(key, path, scenarios, told, faults) for key, path in folders.items()]


def _faults(scenario: Scenario, told: Told, alive: Told) -> Iterable[str]:
    """Where two tellings differ from what is expected, or from each other."""
    yield from told.faults
    if (alive.record, alive.elements, alive.flows) != (told.record, told.elements, told.flows):
        yield (
            "It turns out otherwise where the case is not saved and restored between its steps:\n"
            + _difference(told.record, alive.record)
        )
    if not scenario.record_path.is_file():
        yield (
            f"There is no {scenario.record_path.name} beside it, which says what an auditor must read. "
            "Write it with --keep-records, and read it."
        )
        return
    expected = tuple(scenario.record_path.read_text(encoding="utf-8").splitlines())
    if expected != told.record:
        yield f"An auditor reads otherwise than {scenario.record_path.name} says:\n" + _difference(
            expected, told.record
        )


def _difference(expected: tuple[str, ...], found: tuple[str, ...]) -> str:
    lines = list(unified_diff(expected, found, "expected", "read", lineterm="", n=1))
    return "\n".join(f"    {line}" for line in lines) or "    other elements or flows are taken"


def _of_policy(
    key: str,
    path: Path,
    scenarios: Iterable[Scenario],
    told: Mapping[Path, Told],
    faults: Mapping[Path, list[str]],
) -> PolicyCoverage:
    elements = frozenset().union(*(each.elements for each in told.values()))
    flows = frozenset().union(*(each.flows for each in told.values()))
    rules = frozenset().union(*(each.rules for each in told.values()))
    drawn, events, tabled = _drawn(read_folder(path).files)
    mine = [each for each in scenarios if each.path.parent.parent == path]
    return PolicyCoverage(
        key=key,
        scenarios=len(mine),
        taken=(
            _taken("sequence flows", drawn, flows),
            _taken("events", events, elements),
            _taken("rules of tables", tabled, rules),
        ),
        faults=tuple((each.name, fault) for each in mine for fault in faults[each.path]),
    )


def _taken(kind: str, drawn: Mapping[str, str], taken: frozenset[str]) -> Taken:
    return Taken(kind, len(drawn), tuple(label for key, label in drawn.items() if key not in taken))


def _drawn(files: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, str], dict[str, str]]:
    """Flows, events and rules of a policy's own files: what stands for each in a telling, and its label."""
    flows: dict[str, str] = {}
    events: dict[str, str] = {}
    rules: dict[str, str] = {}
    for path, data in sorted(files.items()):
        if path.endswith(".bpmn"):
            elements = read_elements(numbered_copy(read_definitions(data)))
            for key, each in elements.items():
                if each.kind == "sequenceFlow":
                    flows[key] = f"{key} ({each.source} → {each.target})"
                elif each.kind in EVENTS:
                    events[key] = f"{key} ({each.name})" if each.name else key
        elif path.endswith(".dmn"):
            for decision in read_model(files, path).decisions:
                if isinstance(decision.logic, DecisionTable):
                    for number in range(1, len(decision.logic.rules) + 1):
                        rules[f"{path} {decision.name or decision.id} {number}"] = (
                            f"{path}: {decision.id}, rule {number}"
                        )
    return flows, events, rules
