"""Why a decision came out as it did: which rules of which tables matched, on which inputs."""

from __future__ import annotations

from dataclasses import dataclass

from engine.feel.values import Value


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """A rule that matched. `number` counts the table's rows from 1; `annotations` are (column, text)."""

    number: int
    id: str
    outputs: tuple[tuple[str, Value], ...]
    annotations: tuple[tuple[str, str], ...]
    description: str


@dataclass(frozen=True, slots=True)
class TableExplanation:
    """One decision table's evaluation: its inputs as (label, value), the rules that matched, in the
    table's order.
    """

    decision: str
    table_id: str
    hit_policy: str
    aggregation: str | None
    inputs: tuple[tuple[str, Value], ...]
    rules: tuple[MatchedRule, ...]
    default_used: bool
    value: Value


@dataclass(frozen=True, slots=True)
class Explanation:
    """All that a decision rests on. `decisions` are (name, value) in the order they were made, the asked
    one last.

    `problems` are sentences on what could not be done as the model says; each of them made some value null.
    """

    decisions: tuple[tuple[str, Value], ...]
    tables: tuple[TableExplanation, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision that was made: its element's name and id, its value and why."""

    name: str
    id: str
    value: Value
    explanation: Explanation

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be done as the model says, as sentences."""
        return self.explanation.problems
