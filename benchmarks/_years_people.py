"""How the people of two simulated years act: what they answer at each step, how soon, and how that changes
as they learn to talk to each other."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.types import Task
from workflows.demo.routine import OPERATOR, ROUTINE

LEVELS = ("very_low", "low", "moderate", "high", "very_high")
Answers = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Character:
    """What one risk is, and what both leaders think of it at first."""

    likelihood: str
    impact: str
    cio_says: str
    ciso_says: str
    ciso_likelihood: str

    @property
    def is_disputed(self) -> bool:
        """Whether the leaders see it differently to begin with."""
        return self.cio_says != self.ciso_says or self.likelihood != self.ciso_likelihood


class People:
    """Answers by chance, from a seed. `trust` is 0 at the beginning and 1 at the end of the two years: with
    it, the leaders still differ, and settle more of it between themselves and in time."""

    def __init__(self, seed: int, begins: datetime, ends: datetime) -> None:
        self._chance = random.Random(seed)
        self._begins, self._length = begins, ends - begins
        self._given_way: set[str] = set()

    def trust(self, at: datetime) -> float:
        """How far they have come at a moment, 0 to 1."""
        return min(1.0, max(0.0, (at - self._begins) / self._length))

    def happens(self, share: float) -> bool:
        """Whether something that happens in this share of the cases happens now."""
        return self._chance.random() < share

    def character(self, at: datetime) -> Character:
        """A new risk."""
        likelihood = self._chance.choice(LEVELS[1:])
        impact = self._chance.choice(LEVELS[1:])
        differs = self.happens(0.6 - 0.1 * self.trust(at))
        cio_says = self._chance.choice(("accept", "exempt", "mitigate"))
        ciso_says = self._chance.choice(("mitigate", "avoid")) if differs else cio_says
        raised = LEVELS[min(4, LEVELS.index(likelihood) + 1)] if differs and self.happens(0.5) else likelihood
        return Character(likelihood, impact, cio_says, ciso_says, raised)

    def gives_way(self, risk_id: str, *, does: bool) -> None:
        """Note whether the CIO's decision on a risk is what the CISO had asked for."""
        (self._given_way.add if does else self._given_way.discard)(risk_id)

    def has_given_way(self, risk_id: str) -> bool:
        """Whether the CIO's latest decision on a risk is what the CISO had asked for."""
        return risk_id in self._given_way

    def proposal(self, of: Character) -> Character:
        """What the CIO comes back with when a risk was not accepted: what the CISO had asked for."""
        return Character(of.likelihood, of.impact, "mitigate", "mitigate", of.likelihood)

    def delay(self, task: Task) -> timedelta:
        """How long a task lies before somebody does it; once in a while too long."""
        if task.element_id in _AT_ONCE:
            return timedelta(hours=2)
        late = self.happens(0.12 * (1 - self.trust(task.opened_at)))
        return timedelta(days=self._chance.uniform(5.5, 12.0) if late else self._chance.uniform(0.3, 2.5))

    def answers(self, task: Task, of: Character | None) -> Answers | None:
        """What is answered; None where nobody answers this step in the story."""
        if task.element_id in _ROUTINE:
            return _ROUTINE[task.element_id](task)
        if task.element_id in _PLAIN:
            return _PLAIN[task.element_id]
        told = _TOLD.get(task.element_id)
        return (
            told(self, task, of or Character("low", "low", "mitigate", "mitigate", "low")) if told else None
        )

    def choose(self, *weighted: tuple[str, float]) -> str:
        """One of these, by weight."""
        return self._chance.choices([one for one, _ in weighted], [weight for _, weight in weighted])[0]


def _cio_position(people: People, task: Task, of: Character) -> Answers:
    return {
        "likelihood": of.likelihood,
        "impact": of.impact,
        "treatment": of.cio_says,
        "business_value": "What depends on it earns a third of this unit's income.",
        "reason": "The change that would remove it costs more than a quarter's budget.",
    }


def _ciso_position(people: People, task: Task, of: Character) -> Answers:
    return {
        "likelihood": of.ciso_likelihood,
        "impact": of.impact,
        "treatment": of.ciso_says,
        "confidence": "high",
        "evidence": "Our test found the way in within two days, with tools that anybody can get.",
    }


def _decide(people: People, task: Task, of: Character) -> Answers:
    trust = people.trust(task.opened_at)
    moved = task.round > 1 or (of.is_disputed and people.happens(0.1 + 0.3 * trust))
    decision = of.ciso_says if moved else of.cio_says
    people.gives_way(task.subject or "", does=moved)
    return {
        "decision": decision,
        "plan": "Replace what is affected within the quarter, the outermost systems first.",
        "review_date": (task.opened_at + timedelta(days=200)).date().isoformat(),
        "days": "60",
        "conditions": "No further systems join; access is reviewed monthly.",
        "compensating_controls": "The network segment is closed but for two hosts, watched by operations.",
        "reason": "Weighed against the test's findings, this is what the business can carry.",
    }


def _respond(people: People, task: Task, of: Character) -> Answers:
    trust = people.trust(task.opened_at)
    contested = of.is_disputed and not people.has_given_way(task.subject or "")
    if contested and task.round == 1 and people.happens(0.8 - 0.3 * trust):
        return {
            "response": "challenge",
            "ground": "not_defensible",
            "argument": "The way in that we found stays open for as long as this holds.",
            "would_change_mind": "A date by which it is closed, or proof that it cannot be reached.",
        }
    if people.happens(0.3):
        return {"response": "concur_with_conditions", "conditions": "We repeat the test each quarter."}
    return {"response": "concur"}


def _answer_challenge(people: People, task: Task, of: Character) -> Answers:
    stands = people.happens(0.8 - 0.7 * people.trust(task.opened_at))
    reason = "The date stands." if stands else "The test convinces me: I decide anew."
    return {"answer": "stand" if stands else "revise", "reason": reason}


def _vote(people: People, task: Task, of: Character) -> Answers:
    choice = people.choose(("uphold", 3), ("overturn", 5), ("abstain", 0.5), ("recuse", 0.3))
    return {"choice": choice, "reason": "By what both leaders have put to us, and what the figures say."}


def _rule(people: People, task: Task, of: Character) -> Answers:
    ruling = people.choose(("uphold", 2), ("overturn", 3))
    return {"ruling": ruling, "reason": "The committee found no majority; this is how I weigh it."}


def _account(people: People, task: Task, of: Character) -> Answers:
    if people.happens(0.35 + 0.6 * people.trust(task.opened_at)):
        return {"held": "held", "agreed": "agreed"}
    return {"held": "not_held", "reason": "No time this week."}


def _plan(people: People, task: Task, of: Character) -> Answers:
    due = task.opened_at + timedelta(days=120 - 60 * people.trust(task.opened_at))
    return {
        "reason": "The date is set anew after what was reported.",
        "summary": "What is affected is replaced, the outermost systems first.",
        "owner": OPERATOR,
        "count": "1",
        "milestone_1": "Nothing affected is left in operation",
        "owner_1": OPERATOR,
        "due_1": due.date().isoformat(),
    }


def _verified(people: People, task: Task, of: Character) -> Answers:
    return {
        "verdict": "verified",
        "reason": "Our scan finds it closed.",
        "likelihood": "low",
        "impact": "low",
    }


_TOLD: Mapping[str, Callable[[People, Task, Character], Answers]] = {
    "cio_position": _cio_position,
    "ciso_position": _ciso_position,
    "deputy_advice": _ciso_position,
    "cro_advice": _ciso_position,
    "decide": _decide,
    "respond": _respond,
    "answer_challenge": _answer_challenge,
    "vote": _vote,
    "arbitrate": _rule,
    "sponsor_arbitrate": _rule,
    "cio_account": _account,
    "ciso_account": _account,
    "draw_up_plan": _plan,
    "verify_milestone": _verified,
}
_PLAIN: Mapping[str, Answers] = {
    "see_to_verification": {"action": "The verification is done this week; I have asked for it."},
    "order_treatment": {"order": "plan", "reason": "The plan is drawn up anew, with dates that hold."},
    "verify_instead": {"result_1": "works", "evidence_1": "Tried without notice: it works."},
    "review_revocation": {"ruling": "check_again", "reason": "The check was missed, not failed."},
    "advise_instead": {"still": "valid", "reason": "No incident and no new way in."},
    "review_charter": {"words": "Reviewed: nothing has changed but the names of deputies."},
    "cio_on_charter": {"answer": "agree"},
    "ciso_on_charter": {"answer": "agree"},
    "endorse_charter": {"answer": "endorse"},
}


def _routine() -> dict[str, Callable[[Task], Answers]]:
    return {element: answers for element, (_, answers) in ROUTINE.items() if element not in _TOLD}


_ROUTINE = _routine()
_AT_ONCE = frozenset({"open_meeting"})
