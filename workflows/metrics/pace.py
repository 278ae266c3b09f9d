"""How long decisions take and at whose desk, what challenges changed, and which exemptions need a look."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from workflows.metrics.escalations import challenged_at
from workflows.metrics.facts import CaseFact, ExemptionFact, Record
from workflows.metrics.periods import Period
from workflows.metrics.series import flow, stock
from workflows.metrics.settings import EXPIRES_SOON, RENEWED_OFTEN
from workflows.metrics.types import Member, Series, Share
from workflows.record import DECIDE
from workflows.risks.types import RiskStatus
from workflows.wording import day

DESKS = {
    "cio": "CIO",
    "ciso": "CISO",
    "committee": "Steering committee",
    "cro": "Chief risk officer",
    "executive": "Executive sponsor",
}
CHANGED = (
    "Of these, decisions that took effect with another response, or for another time, than the one first "
    "challenged."
)
SOON = f"Exemptions in force that expire within {EXPIRES_SOON.days} days."
RENEWED = (
    f"Exemptions granted {RENEWED_OFTEN} times or more for the same weakness on the same asset, whatever the "
    "case; the latest of each."
)
EXPIRED = "Risks whose exemption has expired and which nobody has decided again yet."


def series(record: Record, periods: Sequence[Period]) -> tuple[list[Series], dict[str, Share]]:
    """Days to decision, by desk; challenged decisions and those changed; undecided risks; exemptions."""
    decided, challenged, changed = [], [], []
    desks: dict[str, list[Member]] = {role: [] for role in DESKS}
    days_of = {one.case_id: one.days for one in record.exemptions}
    for one in record.settlements:
        case = record.cases.get(one.case_id or "")
        if case is None:
            continue
        said = (one.response or "not ruled on").capitalize()
        decided.append(Member(one.risk_id, one.at, case.id, said, one.at - case.started_at))
        for role, span in desk_spans(case, one.at).items():
            desks[role].append(Member(one.risk_id, one.at, case.id, "", span))
        first = challenged_at(case)
        if first is not None and first <= one.at:
            member = Member(one.risk_id, one.at, case.id, said)
            challenged.append(member)
            before = next(
                (act for act in reversed(case.acts) if act.element == DECIDE and act.at <= first), None
            )
            after = (one.response, days_of.get(case.id) if one.status is RiskStatus.EXEMPTED else None)
            if before is None or (before.choice, before.days) != after:
                changed.append(member)
    made = [
        flow(
            "to-decision",
            "To decision",
            "Days from the start of the case until the decision took effect.",
            periods,
            decided,
        ),
        *(
            flow(
                f"desk-{role}",
                name,
                f"Days on the desk of the {_within(name)}, of cases decided in the period.",
                periods,
                desks[role],
            )
            for role, name in DESKS.items()
        ),
        flow(
            "challenged",
            "Challenged",
            "Decisions that took effect after the CISO had challenged.",
            periods,
            challenged,
        ),
        flow("changed", "Changed by the challenge", CHANGED, periods, changed),
        *_stocks(record, periods),
    ]
    by_key = {each.key: each for each in made}
    return made, {"changed": Share(by_key["changed"].whole, by_key["challenged"].whole)}


def _within(name: str) -> str:
    """A desk's name within a sentence."""
    return name if name.isupper() else name.lower()


def desk_spans(case: CaseFact, until: datetime) -> dict[str, timedelta]:
    """Time on each desk up to a moment; tasks that lie on one desk at once count once."""
    found: dict[str, timedelta] = {}
    reached: dict[str, datetime] = {}
    for desk in case.desks:
        start = max(desk.opened_at, reached.get(desk.role, desk.opened_at))
        end = min(desk.closed_at or until, until)
        if end > start:
            found[desk.role] = found.get(desk.role, timedelta()) + (end - start)
            reached[desk.role] = end
        elif desk.opened_at <= until:
            found.setdefault(desk.role, timedelta())
    return found


def _stocks(record: Record, periods: Sequence[Period]) -> list[Series]:
    cases: dict[str, list[CaseFact]] = defaultdict(list)
    for case in record.cases.values():
        cases[case.risk_id].append(case)
    settled: dict[str, list[datetime]] = defaultdict(list)
    for settlement in record.settlements:
        settled[settlement.risk_id].append(settlement.at)

    def waiting(at: datetime) -> Iterator[Member]:
        for risk in record.risks.values():
            if risk.status_at(at) is RiskStatus.UNDECIDED:
                since = [status.at for status in risk.statuses if status.at <= at][-1]
                asked = next((one.id for one in reversed(cases[risk.id]) if one.started_at <= at), None)
                yield Member(risk.id, since, asked, "", at - since)

    def soon(at: datetime) -> Iterator[Member]:
        for one in record.exemptions:
            if one.active_at(at) and one.expires_at - at < EXPIRES_SOON:
                yield _exempted(one)

    def renewed(at: datetime) -> Iterator[Member]:
        grants: dict[str, list[ExemptionFact]] = defaultdict(list)
        for one in record.exemptions:
            if one.granted_at <= at:
                for key in record.risks[one.risk_id].keys if one.risk_id in record.risks else ():
                    grants[key].append(one)
        often = {of[-1].id: of[-1] for of in grants.values() if len(of) >= RENEWED_OFTEN}
        for one in often.values():
            yield _exempted(one)

    def expired(at: datetime) -> Iterator[Member]:
        latest = {one.risk_id: one for one in record.exemptions if one.granted_at <= at}
        for one in latest.values():
            again = any(one.granted_at < each <= at for each in settled[one.risk_id])
            if one.has_run_out and one.expires_at <= at and not again:
                yield Member(one.risk_id, one.expires_at, one.case_id, one.id, at - one.expires_at)

    as_of = record.as_of
    return [
        stock("waiting", "Undecided", "Risks that wait for a decision.", periods, as_of, waiting),
        stock("expiring", "Expiring soon", SOON, periods, as_of, soon),
        stock("renewed", "Renewed more than once", RENEWED, periods, as_of, renewed),
        stock("expired", "Expired, not decided again", EXPIRED, periods, as_of, expired),
    ]


def _exempted(one: ExemptionFact) -> Member:
    return Member(one.risk_id, one.granted_at, one.case_id, f"{one.id}, until {day(one.expires_at)}")
