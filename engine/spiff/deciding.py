"""What stands on record of a decision that a table made: what went in, which rules matched, what came out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from engine.db.types import plain
from engine.dmn import Decision, MatchedRule, TableExplanation
from engine.feel import compile_expression

_AS_TEXT = compile_expression("string(value)")


def recorded(decision: Decision) -> dict[str, Any]:
    """A decision and why it came out so, as plain data for the journal and the audit.

    Lists, since the order of inputs, rules and outputs is the table's own. Values that cannot be stored as
    they are (durations, times, ranges) stand there as FEEL writes them.
    """
    return {
        "decision": decision.id,
        "name": decision.name,
        "value": _kept(decision.value),
        "made": _pairs(decision.explanation.decisions),
        "tables": [_table(table) for table in decision.explanation.tables],
    }


def _table(table: TableExplanation) -> dict[str, Any]:
    return {
        "decision": table.decision,
        "table": table.table_id,
        "policy": f"{table.hit_policy} {table.aggregation or ''}".strip(),
        "inputs": _pairs(table.inputs),
        "rules": [_rule(rule) for rule in table.rules],
        "default": table.default_used,
        "value": _kept(table.value),
    }


def _rule(rule: MatchedRule) -> dict[str, Any]:
    return {
        "number": rule.number,
        "id": rule.id,
        "outputs": _pairs(rule.outputs),
        "notes": [text for text in (*(text for _, text in rule.annotations), rule.description) if text],
    }


def _pairs(values: Iterable[tuple[str, Any]]) -> list[list[Any]]:
    return [[label, _kept(value)] for label, value in values]


def _kept(value: Any) -> Any:
    try:
        return plain(value)
    except ValueError:
        return _AS_TEXT.evaluate({"value": value})
