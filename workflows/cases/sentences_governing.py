"""What somebody did about the charter, a policy's release or the weekly dialogue, in one plain sentence.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.cases.phrases import Say, because, plain
from workflows.cases.sentences_after import chosen


def _reviewed(sent_back: str, agreed: str) -> Say:
    """An answer whose `words` say what should be otherwise, and whose `remark` may say more."""

    def say(who: str, answers: Mapping[str, Any]) -> str:
        if answers.get("answer") == "send_back":
            return f"{who} {sent_back}{because(answers, 'words')}"
        return f"{who} {agreed}{because(answers, 'remark')}"

    return say


def _resolved(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("answer") == "send_back":
        return f"{who} sent the draft back for the committee{because(answers, 'words')}"
    return f"{who} endorsed the policy by the committee's resolution{because(answers, 'resolution')}"


def _accounted(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("held") == "not_held":
        return f"{who} said that the dialogue was not held{because(answers)}"
    if answers.get("agreed") == "not_agreed":
        return f"{who} said that the dialogue was held, and that its outcomes are not as agreed."
    if answers.get("agreed") == "agreed":
        return f"{who} said that the dialogue was held, and its outcomes are as agreed."
    return f"{who} said that the dialogue was {plain(answers.get('held')) or 'held'}."


_ON_CHARTER = chosen(
    "answer", {"agree": "agreed with the charter as proposed", "object": "objected to the charter"}, "words"
)
_ON_POLICY = _reviewed("sent the draft back", "agreed to the draft")

SAID_GOVERNING: dict[str, Say] = {
    "charter_proposed": lambda who, answers: (
        f"{who} proposed {plain(answers.get('charter')).lower() or 'a charter'}{because(answers)}"
    ),
    "cio_account": _accounted,
    "cio_on_charter": _ON_CHARTER,
    "cio_review": _ON_POLICY,
    "ciso_account": _accounted,
    "ciso_on_charter": _ON_CHARTER,
    "ciso_review": _ON_POLICY,
    "endorse_by_committee": _resolved,
    "endorse_charter": chosen(
        "answer", {"endorse": "endorsed the charter", "return": "returned the charter"}
    ),
    "endorse_policy": _reviewed("sent the draft back", "endorsed the draft"),
    "policy_proposed": lambda who, answers: (
        f"{who} put the draft of “{plain(answers.get('policy'))}” to review{because(answers)}"
    ),
    "release_policy": lambda who, answers: f"{who} released the policy{because(answers, 'remark')}",
    "review_charter": lambda who, answers: f"{who} reviewed the charter{because(answers, 'words')}",
    "review_in_place": _reviewed(
        "sent the draft back in the leaders' place", "agreed to the draft in the leaders' place"
    ),
}
"""By element, in the policies charter, policy release and weekly dialogue."""
