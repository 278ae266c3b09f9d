"""Risks above appetite over time. An exemption makes none of them vanish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import partial

from workflows.metrics.facts import ExemptionFact, Record, RiskFact
from workflows.metrics.periods import Period
from workflows.metrics.series import stock
from workflows.metrics.types import Member, Series
from workflows.risks.types import RiskStatus

PARTS: tuple[tuple[str, RiskStatus, str, str], ...] = (
    (
        "unacceptable-undecided",
        RiskStatus.UNDECIDED,
        "Undecided",
        "Risks above appetite that nobody has decided, those whose exemption has expired among them.",
    ),
    (
        "unacceptable-treatment",
        RiskStatus.IN_TREATMENT,
        "In treatment",
        "Risks above appetite that are being mitigated, avoided or transferred.",
    ),
    (
        "unacceptable-exempted",
        RiskStatus.EXEMPTED,
        "Exempted",
        "Risks above appetite with an exemption in force.",
    ),
    (
        "unacceptable-contained",
        RiskStatus.NOT_ACCEPTED,
        "Not accepted",
        "Risks above appetite that were refused: they stay contained.",
    ),
    (
        "accepted-above",
        RiskStatus.ACCEPTED,
        "Accepted above appetite",
        "Risks above appetite that were accepted by a decision, with a date of review. They are not counted "
        "as unacceptable, and not hidden either.",
    ),
)
"""Key, status, label and meaning of each part; the last one stands beside the sum."""


def series(record: Record, periods: Sequence[Period]) -> list[Series]:
    """One a part, at the end of each period."""
    exemptions: dict[str, list[ExemptionFact]] = defaultdict(list)
    for one in record.exemptions:
        exemptions[one.risk_id].append(one)

    found: dict[datetime, dict[RiskStatus, list[Member]]] = {}

    def standing(at: datetime) -> dict[RiskStatus, list[Member]]:
        if at not in found:
            found[at] = defaultdict(list)
            for status, member in _above(record, exemptions, at):
                found[at][status].append(member)
        return found[at]

    return [
        stock(key, label, meaning, periods, record.as_of, partial(_part, standing, status))
        for key, status, label, meaning in PARTS
    ]


def _part(
    standing: Callable[[datetime], dict[RiskStatus, list[Member]]], status: RiskStatus, at: datetime
) -> list[Member]:
    return standing(at)[status]


def _above(
    record: Record, exemptions: dict[str, list[ExemptionFact]], at: datetime
) -> Iterator[tuple[RiskStatus, Member]]:
    for risk in record.risks.values():
        status = effective_status(risk, exemptions.get(risk.id, ()), at)
        level = risk.level_at(at)
        if status is not None and record.appetites.is_above(level, risk.category_at(at), at):
            since = [one.at for one in risk.statuses if one.at <= at][-1]
            yield status, Member(risk.id, since, None, level.label if level else "Not rated")


def effective_status(risk: RiskFact, exemptions: Sequence[ExemptionFact], at: datetime) -> RiskStatus | None:
    """The status in effect: an exemption that has run out exempts nothing, noticed or not."""
    status = risk.status_at(at)
    if status is RiskStatus.EXEMPTED and not any(one.active_at(at) for one in exemptions):
        return RiskStatus.UNDECIDED
    return status
