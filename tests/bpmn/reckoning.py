"""What a walk reckons: times of timers, and tallies of votes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from lxml import etree

from engine.feel import evaluate
from tests.bpmn.diagrams import BPMN


def duration(text: str) -> timedelta:
    """A whole number of days, as ISO 8601 writes it."""
    assert text.startswith("P"), text
    assert text.endswith("D"), text
    return timedelta(days=int(text[1:-1]))


def moment(node: etree._Element, context: Mapping[str, Any], now: datetime) -> datetime:
    """When a timer fires that begins now. A date is over at its end."""
    after = node.findtext(f".//{BPMN}timeDuration")
    if after is not None and after.startswith("P"):
        return now + duration(after)
    at = evaluate(after or node.findtext(f".//{BPMN}timeDate") or "", context, now=now)
    if isinstance(at, timedelta):
        return now + at
    if isinstance(at, date) and not isinstance(at, datetime):
        return datetime.combine(at, time(), UTC) + timedelta(days=1)
    assert isinstance(at, datetime)
    return at


def tally(rule: etree._Element, ballots: Sequence[Mapping[str, Any]], seated: int) -> dict[str, Any]:
    """A quorum of votes, then more than half of those seated, less the recused."""
    assert rule.get("majority") == "half"
    choices = [each[rule.get("field", "")] for each in ballots]
    recused = choices.count(rule.get("recuse"))
    counts = Counter(each for each in choices if each not in (rule.get("abstain"), rule.get("recuse")))
    best = sorted(counts.values(), reverse=True)
    if len(choices) - recused < int(rule.get("quorum", "")):
        outcome, reason = None, "no quorum"
    elif len(best) > 1 and best[0] == best[1]:
        outcome, reason = None, "tie"
    elif best and best[0] > (seated - recused) / 2:
        outcome, reason = counts.most_common(1)[0][0], "majority"
    else:
        outcome, reason = None, "no majority"
    return {
        "outcome": outcome,
        "reason": reason,
        "seated": seated,
        "recused": recused,
        "voted": len(choices) - recused,
        "counts": dict(counts),
    }
