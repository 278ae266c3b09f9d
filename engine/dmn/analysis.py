"""Checking a decision table without running it: rules that overlap, and inputs that no rule covers.

Both look at the table's columns as `segments` has them. A rule with a condition that depends on more than
its own input (a variable, a computation) is left out, and `unchecked` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.feel.errors import FeelError
from engine.feel.expression import UnaryTests, unary_tests
from engine.feel.limits import Run
from engine.feel.values import Value

from . import model as m
from .errors import DmnLimitError
from .segments import ANYTHING, NotConstantError, Segment, constants, segments, text_of
from .types import Types

MAX_FINDINGS = 200
"""Overlaps or gaps that are reported at most."""
_MAX_STEPS = 50_000
_MAX_TRIALS = 400_000


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two rules (numbered from 1) that both match the example, given as (label of the input, value).

    `conflict`: whether the table's hit policy makes that an error: always under UNIQUE, under ANY where the
    results are written differently.
    """

    rules: tuple[int, int]
    example: tuple[tuple[str, Value], ...]
    conflict: bool


@dataclass(frozen=True, slots=True)
class Gap:
    """Inputs that no rule matches: `where` as (label, unary tests), and an example of them as (label,
    value).
    """

    where: tuple[tuple[str, str], ...]
    example: tuple[tuple[str, Value], ...]


@dataclass(frozen=True, slots=True)
class _Column:
    """One input, or several with the same expression.

    `parts`: its segments; `matches`: for each rule the segments it matches, as bits, or None where that
    cannot be told; `rules`: for each segment the rules that match it, as bits.
    """

    label: str
    parts: tuple[Segment, ...]
    matches: tuple[int | None, ...]
    rules: tuple[int, ...]

    @property
    def everything(self) -> int:
        """All segments, as bits."""
        return (1 << len(self.parts)) - 1

    @property
    def asked(self) -> bool:
        """Whether any rule asks anything of this input."""
        return len(self.parts) > 1

    def sharing(self, mask: int) -> int:
        """The rules that match one of the segments."""
        found = 0
        for place, rules in enumerate(self.rules):
            if mask >> place & 1:
                found |= rules
        return found

    def first(self, mask: int) -> Segment:
        """The first of the segments."""
        return self.parts[(mask & -mask).bit_length() - 1]


def overlaps(table: m.DecisionTable, model: m.Model | None = None) -> tuple[Overlap, ...]:
    """Every pair of rules that both match one input, with an example; at most MAX_FINDINGS.

    `model`: where the table's types are defined.
    """
    columns, _ = _columns(table, model)
    found: list[Overlap] = []
    for index, rule in enumerate(table.rules):
        partners = ~0 << (index + 1)
        for column in columns:
            mask = column.matches[index]
            partners &= 0 if mask is None else column.sharing(mask)
        while partners > 0 and len(found) < MAX_FINDINGS:
            other = (partners & -partners).bit_length() - 1
            partners &= partners - 1
            found.append(_overlap(table, columns, rule, table.rules[other]))
    return tuple(found)


def _overlap(table: m.DecisionTable, columns: list[_Column], rule: m.Rule, other: m.Rule) -> Overlap:
    example = []
    for column in columns:
        common = (column.matches[rule.number - 1] or 0) & (column.matches[other.number - 1] or 0)
        if column.asked:
            example.append((column.label, column.first(common).example))
    conflict = table.hit_policy == "UNIQUE" or (
        table.hit_policy == "ANY" and _results(rule) != _results(other)
    )
    return Overlap((rule.number, other.number), tuple(example), conflict)


def gaps(table: m.DecisionTable, model: m.Model | None = None) -> tuple[Gap, ...]:
    """The inputs that no rule matches, in as few parts as they fall into, each with an example.

    At most MAX_FINDINGS; none where a rule that `unchecked` names might cover them. A default output does
    not close a gap. Raises DmnLimitError where the columns have too many combinations to look through.
    """
    columns, _ = _columns(table, model)
    if any(None in column.matches for column in columns):
        return ()
    found: list[Gap] = []
    for path in _Search(columns).uncovered(0, (1 << len(table.rules)) - 1):
        asked = [(column, mask) for column, mask in zip(columns, path, strict=True) if column.asked]
        where = tuple((c.label, text_of(c.parts, mask)) for c, mask in asked if mask != c.everything)
        found.append(Gap(where, tuple((c.label, c.first(mask).example) for c, mask in asked)))
        if len(found) >= MAX_FINDINGS:
            break
    return tuple(found)


def unchecked(table: m.DecisionTable, model: m.Model | None = None) -> tuple[str, ...]:
    """Sentences on the conditions that `overlaps` and `gaps` could not look into."""
    return _columns(table, model)[1]


def _columns(table: m.DecisionTable, model: m.Model | None) -> tuple[list[_Column], tuple[str, ...]]:
    types = None if model is None else Types(model)
    groups: dict[str, list[int]] = {}
    for index, clause in enumerate(table.inputs):
        groups.setdefault(clause.expression, []).append(index)
    columns: list[_Column] = []
    problems: list[str] = []
    for indexes in groups.values():
        columns.append(_column(table, indexes, types, problems))
    return columns, tuple(problems)


def _column(table: m.DecisionTable, indexes: list[int], types: Types | None, problems: list[str]) -> _Column:
    clause = table.inputs[indexes[0]]
    kind, allowed = _declared(clause, types)
    cells: list[list[UnaryTests] | None] = []
    points: list[Value] = [] if allowed is None else _points_of(allowed)
    for rule in table.rules:
        try:
            tests = [unary_tests(rule.inputs[index]) for index in indexes]
            for test in tests:
                points += constants(test.tree)
            cells.append(tests)
        except (FeelError, NotConstantError):
            problems.append(
                f"Rule {rule.number}: the condition on “{clause.label}” depends on more than that input, "
                "so it was not checked"
            )
            cells.append(None)
    try:
        parts = segments(points, kind, allowed)
        if len(parts) * len(cells) > _MAX_TRIALS:
            raise NotConstantError
    except NotConstantError:
        problems.append(
            f"The conditions on “{clause.label}” were not checked: they are too many, or compare it"
            " with values of several kinds"
        )
        return _Column(clause.label, (), tuple(None for _ in cells), ())
    parts = parts or (ANYTHING,)
    matches = tuple(_mask(cell, parts) for cell in cells)
    rules = tuple(
        sum(1 << rule for rule, mask in enumerate(matches) if mask is not None and mask >> place & 1)
        for place in range(len(parts))
    )
    return _Column(clause.label, parts, matches, rules)


def _declared(clause: m.InputClause, types: Types | None) -> tuple[str | None, UnaryTests | None]:
    """The kind that a column declares, and its allowed values."""
    declared = types.get(clause.type_ref) if types is not None and clause.type_ref else None
    kind = declared.feel.name if declared is not None else clause.type_ref
    if clause.values:
        try:
            return kind, unary_tests(clause.values)
        except FeelError:
            return kind, None
    return kind, None if declared is None else declared.allowed


def _points_of(allowed: UnaryTests) -> list[Value]:
    try:
        return constants(allowed.tree)
    except NotConstantError:
        return []


def _mask(tests: list[UnaryTests] | None, parts: tuple[Segment, ...]) -> int | None:
    if tests is None:
        return None
    run = Run()
    return sum(
        1 << place
        for place, part in enumerate(parts)
        if all(test.run(part.example, {}, run) is True for test in tests)
    )


def _results(rule: m.Rule) -> tuple[str, ...]:
    return tuple(output.text for output in rule.outputs)


class _Search:
    """The search for parts of the columns' product that no rule matches, which skips what it knows to be
    covered.
    """

    def __init__(self, columns: list[_Column]) -> None:
        self.columns = columns
        self.covered: set[tuple[int, int]] = set()
        self.steps = 0

    def uncovered(self, depth: int, rules: int) -> Iterator[tuple[int, ...]]:
        """From the column `depth` on, what none of `rules` (bits) match: a mask for each column."""
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise DmnLimitError("The table's columns have too many combinations to look through for gaps")
        if not rules:
            yield tuple(column.everything for column in self.columns[depth:])
            return
        if depth == len(self.columns) or (depth, rules) in self.covered:
            return
        by_rules: dict[int, int] = {}  # the rules that match a segment, and all segments with the same ones
        for place, matching in enumerate(self.columns[depth].rules):
            by_rules[matching & rules] = by_rules.get(matching & rules, 0) | 1 << place
        complete = True
        for matching, mask in by_rules.items():
            for tail in self.uncovered(depth + 1, matching):
                complete = False
                yield (mask, *tail)
        if complete:
            self.covered.add((depth, rules))
