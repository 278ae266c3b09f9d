"""The other measures, on facts made by hand: escalations, unacceptable risks, implicit acceptance, pace."""

from __future__ import annotations

from datetime import date, timedelta

from tests.workflows.metrics.building import act, case, desk, exemption, on, record, risk, settled
from workflows.metrics.facts import CaseFact, Record
from workflows.metrics.measures import figures
from workflows.metrics.periods import Step, end_of, periods
from workflows.metrics.types import Figures
from workflows.risks.appetite import DEFAULT as APPETITE
from workflows.risks.types import RiskStatus

UNDECIDED, EXEMPTED, REFUSED = RiskStatus.UNDECIDED, RiskStatus.EXEMPTED, RiskStatus.NOT_ACCEPTED
TREATED, ACCEPTED = RiskStatus.IN_TREATMENT, RiskStatus.ACCEPTED


def counts(found: Figures, key: str) -> list[int]:
    return [cell.count for cell in found.series[key].cells]


def days(found: Figures, key: str) -> list[float]:
    return [cell.days for cell in found.series[key].cells]


def test_escalations_stand_beside_the_decisions_of_their_period() -> None:
    ruled = case(1, act(3, "respond", "challenge"), desks=[desk("committee", 4, 8), desk("cro", 10, 40)])
    unseated = case(2, act(3, "respond", "challenge"), desks=[desk("cro", 35, 36)])
    agreed = case(3)
    # The chief risk officer was asked for something else than a conflict.
    other = case(4, desks=[desk("cro", 3, 4, element="deputise")])
    found = figures(
        record(
            45,
            [risk(number) for number in range(1, 5)],
            [ruled, unseated, agreed, other],
            [
                settled(1, 40, REFUSED, "refused"),
                settled(2, 36, EXEMPTED, "exempt"),
                settled(3, 5, TREATED, "avoid"),
            ],
        )
    )
    assert [period.key for period in found.periods] == ["2026-03", "2026-04"]
    assert counts(found, "escalated-committee") == [1, 0]
    assert counts(found, "escalated-cro") == [1, 1]
    assert counts(found, "decisions") == [1, 2]
    assert counts(found, "decisions-escalated") == [0, 2]
    assert found.shares["escalated"].percent == 67
    by_quarter = figures(record(45, [risk(1)], [ruled]), Step.QUARTER)
    assert [(period.key, period.is_open) for period in by_quarter.periods] == [
        ("2026-Q1", False),
        ("2026-Q2", True),
    ]


def test_the_sponsors_ruling_counts_at_the_top_tier_and_advice_in_the_cisos_place_does_not() -> None:
    challenge = act(3, "respond", "challenge")
    sponsor = case(1, challenge, desks=[desk("executive", 10, 12, element="sponsor_arbitrate")])
    advised = case(2, challenge, desks=[desk("cro", 4, 5, element="cro_advice")])
    # Two ratings that lay apart asked the CIO; the CISO never challenged.
    apart = case(3, act(3, "answer_challenge", "stand"))
    found = figures(
        record(
            20,
            [risk(number) for number in (1, 2, 3)],
            [sponsor, advised, apart],
            [settled(number, 14, EXEMPTED, "exempt") for number in (1, 2, 3)],
        )
    )
    (member,) = found.series["escalated-cro"].whole.members
    assert (member.risk_id, "the executive sponsor was asked" in member.note) == ("R-1", True)
    assert found.series["desk-executive"].whole.days == 2
    assert [one.risk_id for one in found.series["challenged"].whole.members] == ["R-1", "R-2"]


def _unacceptable() -> Record:
    granted = ((0, UNDECIDED), (5, EXEMPTED))
    return record(
        40,
        [
            risk(1),
            risk(2, (0, UNDECIDED), (3, TREATED)),
            risk(3, *granted),
            risk(4, *granted),
            risk(5, (0, UNDECIDED), (3, REFUSED)),
            risk(6, (0, UNDECIDED), (3, ACCEPTED)),
            risk(7, level=APPETITE),
            risk(8, (0, UNDECIDED), (33, RiskStatus.CLOSED)),
        ],
        exemptions=[exemption(3, 5, 90), exemption(4, 5, 10)],
    )


def test_an_exemption_makes_no_unacceptable_risk_vanish_and_an_expired_one_exempts_nothing() -> None:
    found = figures(_unacceptable())
    undecided = found.series["unacceptable-undecided"]
    assert {one.risk_id for one in undecided.last.members} == {"R-1", "R-4"}
    assert {one.risk_id for one in undecided.cells[0].members} == {"R-1", "R-4", "R-8"}
    assert [one.risk_id for one in found.series["unacceptable-exempted"].last.members] == ["R-3"]
    assert [one.risk_id for one in found.series["unacceptable-treatment"].last.members] == ["R-2"]
    assert [one.risk_id for one in found.series["unacceptable-contained"].last.members] == ["R-5"]
    assert [one.risk_id for one in found.series["accepted-above"].last.members] == ["R-6"]


def test_a_day_accepted_implicitly_counts_once_for_its_strongest_reason() -> None:
    # Due on 6 March: late from the 7th at midnight, 9 hours before the moment `on(6)`.
    late_step = [desk("cio", 0, 15, 2)]
    found = figures(
        record(
            20,
            [risk(1, (0, UNDECIDED), (15, TREATED), due=date(2026, 3, 6))],
            [case(1, desks=late_step)],
            [settled(1, 15, TREATED, "mitigate")],
        )
    )
    assert days(found, "implicit-late") == [3.6]  # from day 2 until the due date takes over
    assert days(found, "implicit-due") == [9.4]
    assert sum(days(found, f"implicit-{key}")[0] for key in ("late", "due")) == 13
    assert days(found, "implicit-nobody") == [0]


def test_an_expired_exemption_counts_until_the_risk_is_decided_again_across_months() -> None:
    told = risk(1, (0, UNDECIDED), (1, EXEMPTED), (21.5, UNDECIDED), (41, TREATED), due=date(2026, 3, 2))
    found = figures(
        record(
            50,
            [told],
            [case(1, ended=21.5), case(2, started=21.5)],
            [settled(1, 1, EXEMPTED, "exempt"), settled(1, 41, TREATED, "mitigate")],
            [exemption(1, 1, 20)],
        )
    )
    # Until 31 March, 24:00, are 9 days and 15 hours; then until 11 April, 9:00.
    assert days(found, "implicit-expired") == [9.6, 10.4]
    assert days(found, "implicit-due") == [0, 0]
    assert counts(found, "expired") == [1, 0]


def test_a_risk_that_nobody_is_asked_about_and_a_missed_review_are_implicit_too() -> None:
    found = figures(
        record(
            20,
            [
                risk(1),
                risk(2),
                risk(3, (0, UNDECIDED), (1, ACCEPTED)),
            ],
            [case(1, ended=12), case(3)],
            [settled(3, 1, ACCEPTED, "accept", review=date(2026, 3, 10))],
        )
    )
    assert {one.risk_id: one.span for one in found.series["implicit-nobody"].last.members} == {
        "R-1": timedelta(days=8),
        "R-2": timedelta(days=20),
    }
    assert days(found, "implicit-review") == [10.4]  # from 11 March, 00:00


def test_days_to_a_decision_count_time_on_each_desk_once() -> None:
    desks = [
        desk("cio", 0, 2),
        desk("ciso", 0, 3),
        desk("committee", 3, 6),
        desk("committee", 3, 7),
        desk("cro", 7, None),
    ]
    found = figures(record(20, [risk(1)], [case(1, desks=desks)], [settled(1, 9, REFUSED, "refused")]))
    assert found.series["to-decision"].last.median_days == 9
    assert [found.series[f"desk-{role}"].last.days for role in ("cio", "ciso", "committee", "cro")] == [
        2,
        3,
        4,
        2,
    ]


def test_a_decision_is_changed_by_a_challenge_where_response_or_time_became_another() -> None:
    def challenged(number: int) -> CaseFact:
        return case(number, act(3, "decide", "exempt", days=90), act(4, "respond", "challenge"))

    found = figures(
        record(
            20,
            [risk(1), risk(2), risk(3)],
            [challenged(1), challenged(2), challenged(3)],
            [
                settled(1, 8, EXEMPTED, "exempt"),
                settled(2, 8, EXEMPTED, "exempt"),
                settled(3, 8, TREATED, "mitigate"),
            ],
            [exemption(1, 8, 90), exemption(2, 8, 30)],
        )
    )
    assert counts(found, "challenged") == [3]
    assert [one.risk_id for one in found.series["changed"].last.members] == ["R-2", "R-3"]


def test_renewals_count_by_weakness_and_asset_whatever_the_case() -> None:
    keys = ("CVE-2024-3400 gateway",)
    grants = [exemption(1, 0, 10, 1), exemption(2, 12, 10, 1), exemption(2, 24, 60, 2)]
    found = figures(record(30, [risk(1, keys=keys), risk(2, keys=keys)], exemptions=grants))
    assert [one.note for one in found.series["renewed"].last.members] == ["E-2-2, until 24 May 2026"]
    assert counts(found, "expiring") == [0]
    soon = figures(record(60, [risk(2, keys=keys)], exemptions=grants))
    assert soon.series["expiring"].last.count == 1


def test_an_exemption_that_ended_early_exempts_nothing_from_then_on() -> None:
    revoked = [risk(1, (0, UNDECIDED), (1, EXEMPTED), (20, UNDECIDED))]
    ended = [exemption(1, 1, 40, ended=20)]
    before, after = record(19, revoked, exemptions=ended), record(50, revoked, exemptions=ended)
    last = {key: figures(before).series[key].last.count for key in ("unacceptable-exempted", "expiring")}
    assert last == {"unacceptable-exempted": 1, "expiring": 1}
    keys = ("unacceptable-exempted", "expiring", "expired", "unacceptable-undecided", "waiting")
    assert [figures(after).series[key].last.count for key in keys] == [0, 0, 0, 1, 1]
    run_out = figures(record(50, [risk(1, (0, UNDECIDED), (1, EXEMPTED))], exemptions=[exemption(1, 1, 40)]))
    assert run_out.series["expired"].last.count == 1


def test_an_empty_record_has_figures_too() -> None:
    found = figures(record(3))
    assert all(series.whole.count == 0 for series in found.series.values())
    assert [share.percent for share in found.shares.values()] == [None, None, None]
    assert found.warnings == ()


def test_periods_end_with_the_one_that_is_not_over() -> None:
    shown = periods(on(-400), on(0), Step.MONTH, 12)
    assert [shown[0].key, shown[-1].key, len(shown)] == ["2025-04", "2026-03", 12]
    assert [one.is_open for one in shown[-2:]] == [False, True]
    assert end_of("2026-02") == shown[-1].start
    assert end_of("2025-Q4") == periods(on(0), on(0), Step.QUARTER, 1)[0].start
    assert [end_of(key) for key in ("", "2026", "2026-13", "2026-00", "2026-Q5", "x-01", "99999-01")] == [
        None
    ] * 7
