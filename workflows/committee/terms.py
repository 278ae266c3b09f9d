"""What a ruling says: pure. Where several voted to amend, the shortest time and all their conditions bind;
where several rated, the highest rating does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from workflows.committee.types import Terms
from workflows.risks.scales import SP_800_30, Level, Matrix, level_of_risk

UPHOLD, OVERTURN, AMEND, RATE, NONE = "uphold", "overturn", "amend", "rate", "none"
EXEMPT = "exempt"
JOINT = "; "


def terms(
    outcome: str,
    acts: Sequence[Mapping[str, Any]],
    referral: Mapping[str, Any],
    matrix: Matrix = SP_800_30,
) -> tuple[str, Terms]:
    """The ruling, and its terms.

    Args:
        outcome: the choice that was made: `uphold`, `overturn`, `amend` or `rate`.
        acts: the answers of those who made it; of a committee, all votes for it.
        referral: what was referred: `matter`, `response`, `days`, `conditions`, `compensating_controls`, and
            `cio_likelihood`, `cio_impact`, `ciso_likelihood`, `ciso_impact`.
        matrix: table of levels.

    Where nothing was decided there is nothing to uphold: the risk is not accepted. On a matter of the rating
    alone, to uphold is to rate as the CIO did, to overturn as the CISO did. Raises `ValueError`, with a
    sentence, where the answers do not say what they must.
    """
    if referral.get("matter") == "rating" and outcome in (UPHOLD, OVERTURN):
        side = "cio" if outcome == UPHOLD else "ciso"
        rating = (referral.get(f"{side}_likelihood"), referral.get(f"{side}_impact"))
        if None in rating:
            raise ValueError(f"The referral does not say how the {side.upper()} rates the risk.")
        return RATE, Terms(likelihood=str(rating[0]), impact=str(rating[1]))
    if outcome == OVERTURN:
        return OVERTURN, Terms()
    if outcome == RATE:
        likelihood, impact = highest(((act.get("likelihood"), act.get("impact")) for act in acts), matrix)
        return RATE, Terms(likelihood=likelihood, impact=impact)
    if outcome not in (UPHOLD, AMEND):
        raise ValueError(f"There is no ruling {outcome!r}.")
    if outcome == UPHOLD and referral.get("response") is None:
        return OVERTURN, Terms()
    given = [referral] if outcome == UPHOLD else [referral, *acts]
    days = [int(found) for one in given if isinstance(found := one.get("days"), Decimal | int)]
    response = referral.get("response") or next((act.get("response") for act in acts), None)
    if outcome == AMEND and any(act.get("days") is not None for act in acts):
        response = EXEMPT
    return outcome, Terms(
        response=str(response) if response is not None else None,
        days=min(days) if days else None,
        conditions=_joint(one.get("conditions") for one in given),
        compensating_controls=_joint(one.get("compensating_controls") for one in given),
    )


def highest(ratings: Iterable[tuple[Any, Any]], matrix: Matrix = SP_800_30) -> tuple[str, str]:
    """The rating that routes: the highest level, then the likelier, then the worse. Raises `ValueError`."""
    read = [(Level.read(str(likelihood)), Level.read(str(impact))) for likelihood, impact in ratings]
    if not read:
        raise ValueError("Nobody rated the risk.")

    def rank(one: tuple[Level, Level]) -> tuple[int, int, int]:
        likelihood, impact = one
        return level_of_risk(likelihood, impact, matrix).rank, likelihood.rank, impact.rank

    likelihood, impact = max(read, key=rank)
    return likelihood.value.replace(" ", "_"), impact.value.replace(" ", "_")


def _joint(texts: Iterable[Any]) -> str:
    """Every text once, in order: all of them bind."""
    found = (str(text).strip() for text in texts if text is not None)
    return JOINT.join(dict.fromkeys(text for text in found if text))
