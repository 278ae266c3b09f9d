"""What somebody did in a case, in one plain sentence. Pure; known steps have words of their own, others a
general one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.types import Submission
from workflows.cases.phrases import RESPONSES, Say, at_most, because, days, plain
from workflows.cases.sentences_after import SAID_AFTER
from workflows.cases.sentences_governing import SAID_GOVERNING
from workflows.risks.challenging import on_the_ground
from workflows.risks.routing import CHALLENGE
from workflows.wording import count, sentence, value

_ASKED_AGAIN = {
    CHALLENGE: "asked for the decision that a challenge still waits for",
    "asked for again": "asked for a new decision on the risk",
    "renewal": "asked for the exemption to be renewed, by a new review",
    "taken into the register": "asked for a decision on a risk of the register",
}
"""Where a case did not begin by raising the risk, what its beginning was."""


def _raised(who: str, answers: Mapping[str, Any]) -> str:
    origin = answers.get("origin")
    if origin == CHALLENGE and answers.get("ground"):
        kept = (
            f" Until it is settled: {sentence(str(answers['containment']))}"
            if answers.get("containment")
            else ""
        )
        ground = on_the_ground(str(answers["ground"]))
        return f"{who} challenged the decision in force, {ground}{because(answers, 'argument')}{kept}"
    if origin in _ASKED_AGAIN:
        return f"{who} {_ASKED_AGAIN[origin]}."
    rating = _rating(answers)
    return f"{who} raised the risk{f', {rating}' if rating else ''}."


def _rating(answers: Mapping[str, Any]) -> str:
    if not answers.get("likelihood") or not answers.get("impact"):
        return ""
    return f"likelihood {plain(answers['likelihood'])}, impact {plain(answers['impact'])}"


def _position(verb: str) -> Say:
    def say(who: str, answers: Mapping[str, Any]) -> str:
        treatment = RESPONSES.get(str(answers.get("treatment")), "")
        parts = [part for part in (treatment, _rating(answers)) if part]
        return f"{who} {verb}{': ' if parts else ''}{'; '.join(parts)}."

    return say


def position_changed(who: str, asked_by: str, likelihood: str, impact: str, treatment: str) -> str:
    """That a revealed position was changed later, and at whose request; the first one stays."""
    asked = f"at the request of {asked_by}" if asked_by else "at nobody's request"
    rating = _rating({"likelihood": likelihood, "impact": impact})
    return f"{who} changed the own position {asked}: {RESPONSES.get(treatment, plain(treatment))}; {rating}."


def _decided(who: str, answers: Mapping[str, Any]) -> str:
    decision = str(answers.get("decision"))
    what = RESPONSES.get(decision, plain(decision))
    extra = days(answers) if decision == "exempt" else ""
    if decision == "accept" and answers.get("review_date"):
        extra = f" until a review on {value(answers['review_date'])}"
    return f"{who} decided {what}{extra}{because(answers)}"


def _responded(who: str, answers: Mapping[str, Any]) -> str:
    response = answers.get("response")
    if response == "concur":
        return f"{who} concurred with the decision."
    if response == "concur_with_conditions":
        return f"{who} concurred under conditions{because(answers, 'conditions')}"
    argument = sentence(str(answers.get("argument") or ""))
    return f"{who} challenged the decision: {plain(answers.get('ground'))}. {argument}".rstrip()


def _answered(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("answer") == "revise":
        return f"{who} took the decision back to revise it{because(answers)}"
    return f"{who} stood by the decision, so it goes to the steering committee{because(answers)}"


def _voted(who: str, answers: Mapping[str, Any]) -> str:
    choice = answers.get("choice")
    said = {
        "uphold": "voted to uphold the decision",
        "overturn": "voted to overturn the decision",
        "amend": f"voted to amend the decision{at_most(answers)}",
        "rate": f"voted on the rating alone: {_rating(answers)}",
        "refer": "voted to refer the matter to the chief risk officer",
        "exempt": f"voted to exempt{days(answers)}",
        "refuse": "voted to refuse",
        "abstain": "abstained",
        "recuse": "stepped aside",
    }.get(str(choice), f"voted {plain(choice)}")
    return f"{who} {said}{because(answers)}"


def _declared(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("interest") == "interest":
        return f"{who} declared an interest and stepped aside{because(answers, 'nature')}"
    return f"{who} declared no interest in the matter."


def _opened(who: str, answers: Mapping[str, Any]) -> str:
    if answers.get("procedure") == "postpone":
        return f"{who} postponed the matter to the next meeting{because(answers)}"
    return f"{who} opened the matter."


def _acknowledged(who: str, answers: Mapping[str, Any]) -> str:
    return f"{who} acknowledged the ruling{because(answers, 'carried_out')}"


def _arbitrated(who: str, answers: Mapping[str, Any]) -> str:
    ruled = {
        "uphold": "ruled that the decision stands",
        "overturn": "overturned the decision; the risk is not accepted",
        "amend": f"amended the decision{at_most(answers)}",
        "rate": f"ruled on the rating alone: {_rating(answers)}",
    }.get(str(answers.get("ruling")))
    if ruled is not None:
        return f"{who} {ruled}{because(answers)}"
    if answers.get("ruling") == "exempt":
        return f"{who} ruled to exempt the risk{days(answers)}{because(answers)}"
    return f"{who} ruled that the risk is not accepted{because(answers)}"


SAID: dict[str, Say] = {
    "raise": _raised,
    "cio_position": _position("stated the business position"),
    "ciso_position": _position("advised"),
    "decide": _decided,
    "respond": _responded,
    "answer_challenge": _answered,
    "acknowledge_ruling": _acknowledged,
    "arbitrate": _arbitrated,
    "cro_advice": _position("advised in the CISO's place"),
    "declare_interest": _declared,
    "deputy_advice": _position("advised as the CISO's deputy"),
    "open_meeting": _opened,
    "sponsor_arbitrate": _arbitrated,
    "vote": _voted,
    **SAID_AFTER,
    **SAID_GOVERNING,
}
"""By element: the steps of the policies that ship."""


def said(submission: Submission, who: str, element_name: str) -> str:
    """What a submission did, in one sentence. Of a sealed one, only that it was filed."""
    if submission.sealed:
        return f"{who} filed an answer to “{element_name}”. It stays sealed until all the others are in."
    say = SAID.get(submission.element_id)
    if say is not None:
        return say(who, submission.answers)
    return f"{who} completed “{element_name}”."


def tallied(tally: Mapping[str, Any]) -> str:
    """The result of a vote."""
    counts, seated = tally.get("counts") or {}, int(tally.get("seated") or 0)
    recused = int(tally.get("recused") or 0)
    outcome, reason = tally.get("outcome"), tally.get("reason")
    aside = f", {count(recused, 'member')} having stepped aside" if recused else ""
    if outcome is not None:
        verb = {
            "uphold": "to uphold",
            "overturn": "to overturn",
            "amend": "to amend",
            "rate": "on the rating alone",
            "refer": "to refer the matter",
            "exempt": "to exempt",
            "refuse": "to refuse",
        }.get(str(outcome), f"for {plain(outcome)}")
        return f"{counts.get(outcome, 0)} of {seated - recused} voted {verb}{aside}."
    up = "Nothing is accepted by that: the dispute goes up."
    if seated == 0:
        return f"The committee could not be seated. {up}"
    if reason == "tie":
        votes = " to ".join(str(number) for number in sorted(counts.values(), reverse=True)[:2])
        return f"The vote was tied, {votes}{aside}. {up}"
    if reason == "no quorum":
        return f"There was no quorum: {tally.get('voted', 0)} of {seated} voted{aside}. {up}"
    return f"No choice found a majority of {seated - recused}{aside}. {up}"
