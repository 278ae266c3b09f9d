"""A committee meeting before real browsers: from the docket to the ruling, one recusal, one dissent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, Visitor
from tests.webui.organisation import STARTED

pytestmark = [pytest.mark.browser, pytest.mark.slow]

CHAIR, DISSENTER, CONFLICTED = "Mei Tan", "Omar Aziz", "Felix Braun"
OTHERS = ("Lena Haas", "Noor Haddad")
RISK = "Log4j on the payment gateway"
SECRET = "Nine of ten payments are worth two weeks."
RATING = {"likelihood": "very_high", "impact": "very_high"}

People = Callable[[str], Visitor]


def _disputed(served: Served) -> str:
    """A decision that the CISO challenged and the CIO stands by; the case's id."""
    parley = served.parley
    people = {person.id: person for person in parley.identity.people()}
    raised = {
        "title": RISK,
        "description": "The gateway logs what customers send with a release that looks names up.",
        "category": "vulnerability",
        "assets": ["gateway"],
        **RATING,
    }
    _, case = parley.risks.raise_risk(people["rosa"], raised, "token of the committee's journey")

    def act(person: str, element: str, answers: Mapping[str, Any]) -> None:
        for row in parley.cases.inbox(people[person]):
            page = parley.cases.task_page(people[person], row.task_id)
            if page.task.element_id == element:
                parley.cases.submit(
                    people[person], row.task_id, revision=page.revision, token=page.token, answers=answers
                )
                return
        raise AssertionError(f"{person} has no task at {element}")

    act(
        "dana",
        "cio_position",
        {
            "likelihood": "high",
            "impact": "very_high",
            "business_value": "Carries nine of ten card payments.",
            "cost_of_delay": "Two weeks of outage windows.",
            "treatment": "exempt",
            "reason": "A replacement is contracted.",
        },
    )
    act(
        "ivo",
        "ciso_position",
        {
            **RATING,
            "treatment": "mitigate",
            "confidence": "high",
            "evidence": "Our gateway answers the probe.",
        },
    )
    decided = {
        "decision": "exempt",
        "days": "60",
        "conditions": "Egress is closed but for the card networks.",
        "compensating_controls": "Lookup classes removed; weekly scan.",
        "reason": "The replacement comes in the spring.",
    }
    act("dana", "decide", decided)
    challenge = {
        "response": "challenge",
        "ground": "not_defensible",
        "argument": "It is exploited daily.",
        "would_change_mind": "A fixed release.",
    }
    act("ivo", "respond", challenge)
    act("dana", "answer_challenge", {"answer": "stand", "reason": "The controls hold."})
    return case.id


def _plan_a_meeting(gus: Visitor) -> str:
    """Governance plans a meeting a week ahead; its address."""
    page = gus.page
    page.goto(f"{gus.served.address}/committee")
    day = (STARTED + timedelta(days=7)).date().isoformat()
    page.get_by_label("Day", exact=True).fill(day)
    page.get_by_label("Time (UTC)").fill("09:00")
    page.get_by_label("Place").fill("Board room")
    page.get_by_role("button", name="Plan it").click()
    expect(page.get_by_role("status")).to_contain_text("planned")
    expect(page.locator("main")).to_contain_text("Nothing is on the docket yet.")
    return page.url


def _a_week_later(page: Page) -> None:
    page.get_by_role("button", name="+7 days").click()
    expect(page.get_by_role("status").first).to_contain_text("It is now")


def _vote(voter: Visitor, **answers: str) -> None:
    voter.open_task("Vote on matter")
    voter.choose(choice=answers.pop("choice"))
    voter.write(**answers)
    voter.send()


def _read_minutes(reader: Visitor, meeting: str) -> None:
    """What the minutes hold, and that nobody but the chair is asked about them."""
    page = reader.page
    page.goto(meeting)
    page.get_by_role("link", name="Minutes").click()
    main = page.locator("main")
    expect(main).to_contain_text("30 days")
    for said in (
        SECRET,
        "Felix Braun (Retail) stepped aside: The replacement is bought from my budget.",
        "The committee gets a report each week.",
        "An outside team tests the controls within ten days.",
    ):
        expect(main).to_contain_text(said)
    expect(page.get_by_role("row").filter(has_text=DISSENTER)).to_contain_text("dissent")
    expect(page.get_by_role("row").filter(has_text=CHAIR)).not_to_contain_text("dissent")
    expect(page.get_by_role("button", name="Record it")).to_have_count(0)


def _confirm(chair: Visitor, meeting: str) -> None:
    page = chair.page
    page.goto(meeting)
    page.get_by_role("link", name="Confirm the procedure of the minutes").click()
    before = page.get_by_role("article", name="Minutes").inner_text()
    page.get_by_label("Yes").check()
    page.get_by_role("button", name="Record it").click()
    expect(page.locator("main")).to_contain_text("the procedure was kept")
    assert page.get_by_role("article", name="Minutes").inner_text() == before


def test_from_docket_to_ruling_with_one_recusal_and_one_dissent(served: Served, person: People) -> None:
    gus, chair, omar, felix = person("Gus Moreau"), person(CHAIR), person(DISSENTER), person(CONFLICTED)
    meeting = _plan_a_meeting(gus)
    case = _disputed(served)

    omar.page.goto(meeting)
    main = omar.page.locator("main")
    expect(main).to_contain_text(RISK)
    expect(main.get_by_role("article").filter(has_text="Dana Reyes")).to_contain_text("is contracted")
    expect(main.get_by_role("article").filter(has_text="Ivo Lind")).to_contain_text("answers the probe")
    expect(main).to_contain_text("has not declared")

    felix.open_task("Declare interests")
    felix.choose(interest="interest")
    felix.write(nature="The replacement is bought from my budget.")
    felix.send()
    for name in (CHAIR, DISSENTER, *OTHERS):
        member = person(name)
        member.open_task("Declare interests")
        member.choose(interest="none")
        member.send()
    omar.page.goto(meeting)
    expect(main).to_contain_text("bought from my budget")

    _a_week_later(gus.page)
    chair.open_task("Open or postpone")
    chair.choose(procedure="open")
    chair.send()

    felix.page.goto(f"{served.address}/tasks")
    expect(felix.page.locator("main")).not_to_contain_text("Vote on matter")
    _vote(
        chair, choice="amend", days="45", conditions="The committee gets a report each week.", reason=SECRET
    )
    for reader in (omar, gus, person("Dana Reyes"), person("Ivo Lind")):
        for address in (meeting, f"{served.address}/cases/{case}"):
            reader.page.goto(address)
            expect(reader.page.locator("main")).to_contain_text("sealed until the vote closes")
            expect(reader.page.locator("main")).not_to_contain_text(SECRET)
    _vote(omar, choice="overturn", reason="It is exploited daily, and the controls are ours to prove.")
    for name in OTHERS:
        _vote(
            person(name),
            choice="amend",
            days="30" if name == OTHERS[0] else "60",
            conditions="An outside team tests the controls within ten days.",
            reason="Shorter, and tested.",
        )
    _read_minutes(person("Ivo Lind"), meeting)
    _confirm(chair, meeting)

    dana = person("Dana Reyes")
    dana.page.goto(f"{served.address}/cases/{case}")
    views = dana.page.get_by_role("navigation", name="Which diagram")
    views.get_by_role("link", name="Committee arbitration").click()
    expect(dana.page.locator('.djs-element[data-element-id="vote"].path-done').first).to_be_attached()
    expect(dana.page.locator("main")).to_contain_text(
        "Ruled by the committee: the decision stands as amended, for 30 days."
    )
    dana.open_task("Acknowledge ruling")
    with served.parley.database.reading() as connection:
        assert served.parley.engine.audit.verify(connection).faults == ()
        assert served.parley.engine.incidents.open(connection) == []
