"""Two real cyber-risk decisions through the pages, from a catalogue entry to the end."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CVE = "CVE-2021-44228"
CIO, CISO, RAISER, GOVERNANCE = "Dana Reyes", "Ivo Lind", "Rosa Lima", "Gus Moreau"
MEMBERS = ("Mei Tan", "Omar Aziz", "Lena Haas", "Noor Haddad", "Felix Braun")
EXEMPTED = {
    "Committee arbitration": ("declare_interest", "open_meeting", "vote", "record_ruling"),
    "Exemption": ("name_controls", "verify_controls", "grant_exemption", "exemption_expires", "reopen_risk"),
    "Risk decision": (
        "raise", "positions", "decide", "respond", "answer_challenge", "arbitration", "acknowledge_ruling",
        "record_decision", "exemption_case", "exemption_over",
    ),
}  # fmt: skip
"""Each diagram of the second story to what of it was done in the end."""

People = Callable[[str], Visitor]


def _raise_from_catalogue(rosa: Visitor) -> str:
    """Pick the entry in the catalogue and raise a risk from it; the case's address."""
    page = rosa.page
    page.goto(f"{rosa.served.address}/kev?q={CVE}")
    page.get_by_role("link", name=CVE).first.click()
    page.get_by_role("button", name="Raise a risk from it").click()
    expect(page.locator('[name="cve_id"]')).to_have_value(CVE)
    rosa.write(
        title="Log4j on the payment gateway",
        description="The gateway logs what customers send with a release that looks names up.",
    )
    rosa.select(category="vulnerability", likelihood="high", impact="very_high")
    page.get_by_label("Payment gateway").check()
    rosa.send()
    expect(page).to_have_url(re.compile("/(cases|risks)/"))
    if "/risks/" in page.url:
        page.locator('a[href^="/cases/"]').first.click()
    return page.url


def _state_positions(dana: Visitor, ivo: Visitor, case: str) -> None:
    """Both state theirs; neither sees the other's before both are in."""
    dana.open_task("State business position")
    dana.select(likelihood="high", impact="high")
    dana.write(
        business_value="Carries nine of ten card payments.",
        cost_of_delay="Two weeks of outage windows.",
        reason="A replacement is contracted for the spring; until then the gateway must stay.",
    )
    dana.choose(treatment="exempt")
    dana.send()

    ivo.page.goto(case)
    expect(ivo.page.locator("body")).not_to_contain_text("A replacement is contracted")
    ivo.open_task("Advise on risk")
    expect(ivo.page.locator("body")).not_to_contain_text("A replacement is contracted")
    ivo.select(likelihood="very_high", impact="very_high")
    ivo.choose(treatment="mitigate", confidence="high")
    ivo.write(evidence="Exploited in the wild within hours; our gateway answers the probe.")
    dana.page.goto(case)
    expect(dana.page.locator("body")).not_to_contain_text("answers the probe")
    ivo.send()

    dana.page.goto(case)
    expect(dana.page.locator("body")).to_contain_text("answers the probe")


def _exempt_for_ninety_days(dana: Visitor) -> None:
    dana.open_task("Decide on risk")
    expect(dana.page.locator("body")).to_contain_text("answers the probe")
    dana.choose(decision="exempt")
    dana.write(
        days="90",
        conditions="Egress from the gateway is closed but for the card networks.",
        compensating_controls="Lookup classes removed; rule on the application firewall; weekly scan.",
        reason="The replacement comes in the spring.",
    )
    dana.send()


def _challenge(ivo: Visitor) -> None:
    ivo.open_task("Concur or challenge")
    ivo.choose(response="challenge", ground="not_defensible")
    ivo.write(
        argument="Ninety days beside a flaw that is exploited daily.",
        would_change_mind="A fixed release in place within two weeks.",
    )
    ivo.send()


def test_the_cio_revises_and_the_ciso_concurs(served: Served, person: People) -> None:
    dana, ivo = person(CIO), person(CISO)
    case = _raise_from_catalogue(person(RAISER))
    _state_positions(dana, ivo, case)
    _exempt_for_ninety_days(dana)
    _challenge(ivo)

    dana.open_task("Revise or stand")
    dana.choose(answer="revise")
    dana.write(reason="A fixed release can be in place within the week after all.")
    dana.send()
    dana.open_task("Decide on risk")
    dana.choose(decision="mitigate")
    dana.write(plan="Fixed release by Friday, verified by scan.", reason="The challenge is right.")
    dana.send()
    ivo.open_task("Concur or challenge")
    ivo.choose(response="concur")
    ivo.send()

    page = ivo.page
    page.goto(case)
    expect(page.locator("main")).to_contain_text("set plan")
    page.get_by_role("navigation", name="Which diagram").get_by_role("link", name="Risk decision").click()
    page.get_by_text("The same as a list").click()
    for step in (
        "Risk raised",
        "Decide on risk",
        "Concur or challenge",
        "Revise or stand",
        "Record decision",
    ):
        expect(page.locator("details").filter(has_text="The same as a list")).to_contain_text(step)
    expect(page.locator('.djs-element[data-element-id="decide"].path-done').first).to_be_attached()
    page.goto(f"{served.address}/risks")
    expect(page.get_by_role("row").filter(has_text="Log4j")).to_contain_text("treatment")
    _is_clean(served)


def _rule(person: People, gus: Visitor) -> None:
    """Five members declare, the chair opens the meeting, and three of five uphold the decision."""
    for name in MEMBERS:
        person(name).open_task("Declare interests")
        person(name).choose(interest="none")
        person(name).send()
    for _ in range(2):  # no meeting is planned: an extraordinary one is called, after the days of notice
        _later(gus.page, "+7 days")
    chair = person(MEMBERS[0])
    chair.open_task("Open or postpone")
    chair.choose(procedure="open")
    chair.send()
    for number, name in enumerate(MEMBERS):
        voter = person(name)
        voter.open_task("Vote on matter")
        voter.choose(choice="uphold" if number < 3 else "overturn")
        voter.write(reason="The controls were shown to us." if number < 3 else "The flaw is exploited daily.")
        voter.send()


def _control(dana: Visitor, ivo: Visitor) -> None:
    """The CIO acknowledges and names a control that somebody else operates; the CISO finds it to work."""
    dana.open_task("Acknowledge ruling")
    dana.write(carried_out="Network operations closes egress today; the owner reports each week.")
    dana.send()
    dana.open_task("Name controls")
    dana.write(control_1="Lookup classes removed.", evidence_1="The build, and its list of classes.")
    dana.select(operator_1="rosa")
    dana.send()
    ivo.open_task("Verify controls")
    ivo.choose(result_1="works")
    ivo.write(evidence_1="The probe of our own scanner is not answered any more.")
    ivo.send()


def _later(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("status").first).to_contain_text("It is now")


def _is_drawn(page: Page, case: str, done: Mapping[str, tuple[str, ...]]) -> None:
    """What was done is marked on each diagram of a case: the diagram's name to ids of its elements."""
    page.goto(case)
    for diagram, elements in done.items():
        page.get_by_role("navigation", name="Which diagram").get_by_role("link", name=diagram).click()
        for element in elements:
            marked = page.locator(f'.djs-element[data-element-id="{element}"].path-done')
            expect(marked.first).to_be_attached()


def test_escalated_exempted_by_three_of_five_expired_and_back_on_the_cio_s_desk(
    served: Served, person: People
) -> None:
    dana, ivo = person(CIO), person(CISO)
    case = _raise_from_catalogue(person(RAISER))
    _state_positions(dana, ivo, case)
    _exempt_for_ninety_days(dana)
    _challenge(ivo)
    dana.open_task("Revise or stand")
    dana.choose(answer="stand")
    dana.write(reason="Closing the gateway stops nine of ten payments; the controls hold.")
    dana.send()
    _rule(person, person(GOVERNANCE))
    page = dana.page
    page.goto(f"{served.address}/exemptions")
    expect(page.locator("main")).not_to_contain_text("E-0001")
    _control(dana, ivo)

    page.goto(case)
    expect(page.locator("main")).to_contain_text("90 days")
    page.goto(f"{served.address}/exemptions")
    row = page.get_by_role("row").filter(has_text="E-0001")
    expect(row).to_contain_text(re.compile("active", re.IGNORECASE))
    expect(row).to_contain_text(re.compile("committee", re.IGNORECASE))
    page.goto(f"{served.address}/risks")
    risk = page.get_by_role("row").filter(has_text="Log4j")
    expect(risk).to_contain_text(re.compile("exempted", re.IGNORECASE))

    for _ in range(3):
        _later(page, "+30 days")
    page.goto(f"{served.address}/exemptions?show=all")
    expect(page.locator("main")).to_contain_text(re.compile("expired", re.IGNORECASE))
    page.goto(f"{served.address}/risks")
    expect(risk).to_contain_text(re.compile("undecided", re.IGNORECASE))
    _is_drawn(page, case, EXEMPTED)
    dana.open_task("State business position")
    expect(page.locator("body")).to_contain_text("Log4j on the payment gateway")
    _is_clean(served)


def _is_clean(served: Served) -> None:
    with served.parley.database.reading() as connection:
        report = served.parley.engine.audit.verify(connection)
        assert report.faults == ()
        assert served.parley.engine.incidents.open(connection) == []
