"""Treatment plans and reviews for stories: what their operations answer, told by the case's data alone.

Who may own or verify, and what the register then says, has tests of its own in tests/workflows/treatment;
here milestones have seats with numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from workflows.risks.scales import Level, level_of_risk

TREATMENT = ("begin", "close", "next", "plan", "stop", "verdict")
ACCEPTANCE = ("record", "reopen", "schedule")


class Follow:
    """What follows the decision of one story."""

    def __init__(self, story: Mapping[str, Any], name: str) -> None:
        self.name = name
        self.above = story.get("level", "high") != "low"
        self.verified: set[str] = set()

    def answer(
        self, operation: str, parameters: Mapping[str, Any], data: Mapping[str, Any], now: datetime
    ) -> Any:
        """The value of one of the operations."""
        match operation:
            case "treatment.begin":
                return {"people": [{"value": key, "label": key} for key in ("cio", "owner")]}
            case "treatment.plan":
                return self._planned(parameters["answers"])
            case "treatment.next":
                left = self._left(parameters["plan"])
                return {"turn": [left[0]["id"]], **left[0], "left": len(left), "open": left}
            case "treatment.verdict":
                verified = parameters["answers"]["verdict"] == "verified"
                if verified:
                    self.verified.add(parameters["milestone"])
                done = not self._left(parameters["plan"])
                return {"milestone": parameters["milestone"], "verified": verified, "done": done}
            case "treatment.close":
                levels = (Level.read(parameters[key]) for key in ("likelihood", "impact"))
                residual = level_of_risk(*levels)
                return {"residual": residual.value, "enough": residual.rank <= Level.LOW.rank}
            case "acceptance.schedule":
                return self._scheduled(parameters["review_date"], now)
            case "acceptance.record":
                said = [
                    parameters["answer"],
                    *filter(None, map(data.get, ("review_advice", "advise_instead"))),
                ]
                confirmed = all(each["still"] == "valid" for each in said)
                return {"confirmed": confirmed, "next_on": parameters["answer"].get("review_date")}
            case "treatment.stop" | "acceptance.reopen":
                return {"reopened": True}
        raise AssertionError(f"{operation} follows no decision.")

    def _planned(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        self.verified.clear()
        places = range(1, int(answers["count"]) + 1)
        steps = [
            {
                "id": self.name.format(place),
                "number": place,
                "text": answers[f"milestone_{place}"],
                "owner": answers[f"owner_{place}"],
                "owner_name": answers[f"owner_{place}"],
                "due": answers[f"due_{place}"],
            }
            for place in places
        ]
        return {"number": 1, "milestones": sorted(steps, key=lambda each: str(each["due"]))}

    def _left(self, plan: Mapping[str, Any]) -> list[dict[str, Any]]:
        return [dict(each) for each in plan["milestones"] if each["id"] not in self.verified]

    def _scheduled(self, due_on: date, now: datetime) -> dict[str, Any]:
        closes = datetime.combine(due_on, time(), UTC) + timedelta(days=1)
        near = closes - timedelta(days=28)
        assert near > now, "stories give the review time"
        return {
            "due_on": due_on,
            "near": near,
            "advice_until": near + timedelta(days=14),
            "instead_until": near + timedelta(days=21),
            "closes": closes,
            "above": self.above,
        }
