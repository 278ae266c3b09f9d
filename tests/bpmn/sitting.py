"""A committee for stories: what its operations answer, told by nothing but the story and the case's data.

The rules of who may sit have tests of their own in tests/workflows/committee; here seats have numbers, and
only those step aside who say so.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.committee.terms import terms

FEWEST = 3
RULINGS = ("uphold", "overturn", "amend", "rate")


class Committee:
    """The members and alternates of one story; whoever has stepped aside once stays so."""

    def __init__(self, story: Mapping[str, Any], name: str = "seat-{}") -> None:
        members, alternates = story["seats"], story.get("alternates", 0)
        self.members = [name.format(number) for number in range(1, members + 1)]
        self.alternates = [name.format(number) for number in range(members + 1, members + alternates + 1)]
        self.arbiter = story.get("arbiter", "cro")
        self.aside: set[str] = set()

    @property
    def everybody(self) -> list[str]:
        return [*self.members, *self.alternates]

    def answer(
        self, operation: str, parameters: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> Any:
        """The value of one of the committee's operations."""
        answers = [*(data.get("declare_interest") or ()), *(data.get("vote") or ())]
        self.aside |= {
            each["seat"]
            for each in answers
            if each.get("interest") == "interest" or each.get("choice") == "recuse"
        }
        name = operation.removeprefix("committee.")
        match name:
            case "docket":
                return self._docket(parameters, data, now)
            case "notify":
                return self.everybody
            case "chair":
                able = [each for each in self.members if each not in self.aside]
                return [] if data["put_on_docket"]["postponed"] else able[:1]
            case "seat":
                return self._seated()
            case "count":
                return self._counted(data)
            case "arbiter":
                return {"tier": self.arbiter}
            case "rule":
                return self._ruled(parameters, data)
            case "minutes":
                return {"docket": data["put_on_docket"]["docket"]}
        raise AssertionError(f"{operation} is not the committee's.")

    def _docket(self, parameters: Mapping[str, Any], data: Mapping[str, Any], now: datetime) -> Any:
        # Where a challenge goes directly to a tier above, nobody is given notice.
        directly = bool((data.get("raise") or {}).get("to"))
        notice = timedelta() if directly else timedelta(days=int(parameters["notice_days"]))
        return {
            "docket": "the docket",
            "meets_at": now + notice,
            "postponed": "put_on_docket" in data,
        }

    def _seated(self) -> list[str]:
        able = [each for each in self.members if each not in self.aside]
        spare = [each for each in self.alternates if each not in self.aside]
        seated = able + spare[: len(self.members) - len(able)]
        return seated if len(seated) >= FEWEST else []

    def _counted(self, data: Mapping[str, Any]) -> dict[str, Any]:
        roster = data["seat_committee"]
        if set(self._seated()) - set(roster):
            return {"result": "reseat", "outcome": None}
        outcome = data["vote_tally"]["outcome"]
        if outcome in RULINGS and len(set(roster) - self.aside) >= FEWEST:
            return {"result": "ruled", "outcome": outcome}
        return {"result": "up", "outcome": None}

    def _ruled(self, parameters: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, Any]:
        for element, tier in (("sponsor_arbitrate", "sponsor"), ("arbitrate", "cro")):
            if element in data:
                return _told(tier, data[element]["ruling"], [data[element]], parameters)
        counted = data.get("count_votes") or {}
        if counted.get("result") != "ruled":
            return {"ruling": "none", "tier": None}
        votes = [each for each in data["vote"] if each["choice"] == counted["outcome"]]
        return _told("committee", counted["outcome"], votes, parameters)


def _told(
    tier: str, outcome: str, acts: list[Mapping[str, Any]], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    ruling, said = terms(outcome, acts, parameters)
    return {
        "ruling": ruling,
        "tier": tier,
        "response": said.response,
        "days": said.days,
        "conditions": said.conditions,
        "likelihood": said.likelihood,
        "impact": said.impact,
    }
