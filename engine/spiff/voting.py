"""How votes over a roster are counted. Pure.

A majority is of the seated less the recused; abstentions count to the quorum, not for anything. A tie, a
missing majority and a missing quorum have no outcome: the diagram leads them up, and none of them ever
accepts a risk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from engine.types import VoteRule


def tally(rule: VoteRule, answers: Sequence[Mapping[str, Any]], seated: int) -> dict[str, Any]:
    """Count the votes cast.

    Returns:
        `outcome` (the choice that has the majority, or None), `reason` (`majority`, `tie`, `no majority` or
        `no quorum`), `seated`, `recused`, `voted` (abstentions included) and `counts` by choice.
    """
    choices = [answer.get(rule.field) for answer in answers]
    recused = sum(choice == rule.recuse for choice in choices)
    voted = len(choices) - recused
    counts = Counter(str(c) for c in choices if c is not None and c not in (rule.abstain, rule.recuse))
    outcome, reason = _result(rule, counts, voted, seated - recused)
    return {
        "outcome": outcome,
        "reason": reason,
        "seated": seated,
        "recused": recused,
        "voted": voted,
        "counts": dict(sorted(counts.items())),
    }


def is_decided(rule: VoteRule, answers: Sequence[Mapping[str, Any]], seated: int) -> bool:
    """Whether no vote still out could change the outcome."""
    result = tally(rule, answers, seated)
    if result["voted"] < rule.quorum:
        return False
    # Recusals still to come only lower the bar for the leading choice, and nobody else can pass it.
    return result["outcome"] is not None and _holds(
        rule, result["counts"][result["outcome"]], seated - result["recused"]
    )


def _result(rule: VoteRule, counts: Counter[str], voted: int, electorate: int) -> tuple[str | None, str]:
    if voted < rule.quorum or electorate <= 0:
        return None, "no quorum"
    ranked = counts.most_common(2)
    if not ranked:
        return None, "no majority"
    if len(ranked) > 1 and ranked[0][1] == ranked[1][1]:
        return None, "tie"
    choice, votes = ranked[0]
    return (choice, "majority") if _holds(rule, votes, electorate) else (None, "no majority")


def _holds(rule: VoteRule, votes: int, electorate: int) -> bool:
    if rule.majority == "two thirds":
        return votes * 3 >= electorate * 2
    return votes * 2 > electorate
