"""What somebody did after a decision, in one plain sentence: treatment, review, exemption, emergency.
Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workflows.cases.phrases import Say, because, plain
from workflows.wording import count, value


def chosen(key: str, words: Mapping[str, str], reason: str = "reason") -> Say:
    """Says what a choice means, and the reason that was given."""

    def say(who: str, answers: Mapping[str, Any]) -> str:
        answer = str(answers.get(key))
        return f"{who} {words.get(answer, plain(answer))}{because(answers, reason)}"

    return say


def _planned(who: str, answers: Mapping[str, Any]) -> str:
    milestones = int(answers.get("count") or 0)
    many = f" of {count(milestones, 'milestone')}" if milestones else ""
    if answers.get("reason"):
        return f"{who} changed the plan, now{many or ' without milestones'}{because(answers)}"
    return f"{who} set a plan{many}{because(answers, 'summary')}"


def _reported(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("status") == "cannot":
        return f"{who} reported that a milestone cannot be reached as planned{because(answers, 'obstacle')}"
    return f"{who} reported a milestone as done{because(answers, 'evidence')}"


def _verified(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("verdict") == "returned":
        return f"{who} sent the milestone back: it is not done as reported{because(answers)}"
    left = ""
    if answers.get("likelihood") and answers.get("impact"):
        left = (
            f", with likelihood {plain(answers['likelihood'])} and impact {plain(answers['impact'])} "
            "left of the risk"
        )
    return f"{who} verified the milestone{left}{because(answers)}"


def _confirmed(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("still") != "valid":
        return f"{who} found the reasons for accepting no longer valid{because(answers)}"
    until = f" until {value(answers['review_date'])}" if answers.get("review_date") else ""
    return f"{who} confirmed the acceptance{until}{because(answers)}"


def _checked(who: str, answers: Mapping[str, Any]) -> str:
    results = [str(answers[key]) for key in ("result_1", "result_2", "result_3") if answers.get(key)]
    failing = results.count("fails")
    if not results:
        return f"{who} looked at the controls."
    if not failing:
        verb = "works" if len(results) == 1 else "work"
        return f"{who} looked at {count(len(results), 'control')} and found that {_it(results)} {verb}."
    if failing == len(results):
        verb = "does not work" if failing == 1 else "do not work"
        return f"{who} looked at {count(len(results), 'control')} and found that {_it(results)} {verb}."
    return f"{who} looked at {count(len(results), 'control')}; {failing} of them did not work."


def _it(results: list[str]) -> str:
    return "it" if len(results) == 1 else "they"


def _named(who: str, answers: Mapping[str, Any]) -> str:
    controls = sum(bool(answers.get(key)) for key in ("control_1", "control_2", "control_3"))
    return f"{who} named {count(controls, 'control')}, with who operates each and what shows that it works."


def _declared(who: str, answers: Mapping[str, Any]) -> str:
    number = answers.get("days")
    long = f" for {count(int(number), 'day')}" if number is not None else ""
    return f"{who} declared an emergency and asked to go ahead{long}{because(answers)}"


_ADVISED = chosen(
    "still",
    {
        "valid": "advised that the reasons for accepting are still valid",
        "not_valid": "advised that the reasons for accepting are no longer valid",
    },
)
_EMERGENCY_REVIEWED = chosen(
    "verdict", {"approve": "reviewed the emergency and let it go on", "deny": "denied the emergency"}
)
_ROLLED_BACK = chosen(
    "done",
    {
        "rolled_back": "rolled back what had gone ahead",
        "not_needed": "said that there is nothing to roll back",
    },
    "account",
)

SAID_AFTER: dict[str, Say] = {
    "advise_instead": _ADVISED,
    "check_controls": _checked,
    "draw_up_plan": _planned,
    "emergency": _declared,
    "enforce_roll_back": _ROLLED_BACK,
    "name_controls": _named,
    "order_treatment": chosen(
        "order",
        {
            "plan": "ordered that the treatment goes on by a plan",
            "stop": "ordered the treatment to stop, so that the risk is decided again",
        },
    ),
    "report_milestone": _reported,
    "review_advice": _ADVISED,
    "review_answer": _confirmed,
    "review_emergency": _EMERGENCY_REVIEWED,
    "review_emergency_in_place": _EMERGENCY_REVIEWED,
    "review_revocation": chosen(
        "ruling",
        {
            "revoke": "ruled that the exemption is revoked",
            "check_again": "ruled that the exemption stays and its controls are checked again",
        },
    ),
    "roll_back": _ROLLED_BACK,
    "rule_on_emergency": chosen(
        "ruling", {"go_ahead": "ruled that it may go ahead", "stop": "ruled that it may not go ahead"}
    ),
    "see_to_verification": lambda who, answers: (
        f"{who} saw to the verification that is overdue{because(answers, 'action')}"
    ),
    "verify_controls": _checked,
    "verify_instead": _checked,
    "verify_milestone": _verified,
}
"""By element, in the policies risk treatment, acceptance review, exemption and emergency decision."""
