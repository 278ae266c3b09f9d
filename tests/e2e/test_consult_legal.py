"""A step is added to a policy in force: drawn, mended, played, reviewed, released; cases move or stay."""

from __future__ import annotations

import json
from collections.abc import Callable
from secrets import token_urlsafe

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Served, Visitor
from tests.support.browsing import Violation
from tests.support.pdf_text import pages
from tests.webui.organisation import RAISE
from tests.workflows.world import CHALLENGE, CIO_POSITION, CISO_POSITION, EXEMPT
from workflows.bootstrap import Parley

pytestmark = pytest.mark.browser

Axe = Callable[[Page], list[Violation]]
People = Callable[[str], Visitor]
FORM = {
    "id": "consult-legal",
    "type": "default",
    "title": "What the law says",
    "schemaVersion": 19,
    "components": [
        {"type": "textarea", "id": "opinion", "key": "opinion", "label": "Your opinion",
         "validate": {"required": True}}
    ],
}  # fmt: skip
DRAW = """() => {
    const modeler = document.querySelector('[data-studio]').modeler;
    const of = (it) => modeler.get(it);
    const [modeling, shapes, registry] = ['modeling', 'elementFactory', 'elementRegistry'].map(of);
    const lane = modeling.addLane(registry.get('lane_committee'), 'bottom');
    const pool = registry.get('risk_decision_pool');
    const add = (type, x, y) => modeling.createShape(shapes.createShape({ type }), { x, y }, pool);
    const asks = add('bpmn:ExclusiveGateway', 400, 140);
    const consult = add('bpmn:UserTask', 400, lane.y + lane.height / 2);
    const meets = add('bpmn:ExclusiveGateway', 265, 230);
    modeling.reconnectEnd(registry.get('raise_to_positions'), asks, { x: 375, y: 140 });
    const legal = modeling.connect(asks, consult);
    const plain = modeling.connect(asks, meets);
    modeling.connect(consult, meets);
    modeling.connect(meets, registry.get('positions'));
    return { lane: lane.id, asks: asks.id, consult: consult.id, legal: legal.id, plain: plain.id };
}"""
"""Shapes and flows, by the editor's own commands: what the mouse would draw, without its aim."""


def _act(parley: Parley, key: str, case_id: str, answers: dict[str, str]) -> None:
    """Answer what waits for a person in a case."""
    person = parley.identity.person(key)
    [task_id] = [row.task_id for row in parley.cases.inbox(person) if row.instance_id == case_id]
    page = parley.cases.task_page(person, task_id)
    parley.cases.submit(person, task_id, revision=page.revision, token=page.token, answers=answers)


def _ten_cases(parley: Parley) -> None:
    """Eight wait for both positions; in two the decision is challenged."""
    rosa = parley.identity.person("rosa")
    for number in range(10):
        raised = {**RAISE, "title": f"Weakness {number}"}
        _, case = parley.risks.raise_risk(rosa, raised, token_urlsafe(16))
        if number >= 8:
            _act(parley, "dana", case.id, CIO_POSITION)
            _act(parley, "ivo", case.id, CISO_POSITION)
            _act(parley, "dana", case.id, EXEMPT)
            _act(parley, "ivo", case.id, CHALLENGE)


def _saved(page: Page) -> None:
    page.locator(".studio-panel").evaluate("() => document.activeElement.blur()")
    with page.expect_response("**/file") as sent:
        pass
    assert sent.value.ok
    expect(page.locator(".studio-state")).to_have_text("Saved", timeout=15_000)


def _draw(page: Page) -> None:
    page.wait_for_selector(".studio[data-ready=true]")
    drawn = page.evaluate(DRAW)
    choose = page.locator("[data-choose]")
    name = page.get_by_label("Name", exact=True)

    choose.select_option(drawn["lane"])
    name.fill("Legal")
    page.get_by_label("Who does what lies in it").select_option("governance")
    choose.select_option(drawn["consult"])
    name.fill("Consult legal")
    page.get_by_label("Form", exact=True).select_option("consult-legal.form")
    page.get_by_label("Due after").fill("P5D")
    choose.select_option(drawn["asks"])
    name.fill("Does a law oblige us?")

    choose.select_option(drawn["legal"])
    page.get_by_label("Answer", exact=True).select_option("raise.category")
    page.get_by_label("Comparison").select_option("=")
    page.get_by_label("Value", exact=True).select_option("legal_obligation")
    page.get_by_role("button", name="Use this condition").click()
    expect(page.get_by_label("Taken when (FEEL)")).to_have_value('raise.category = "legal_obligation"')
    _saved(page)

    findings = page.locator(".studio-findings")
    expect(findings).to_contain_text("to mend")
    findings.get_by_role("button", name="Take it where no other condition holds").click()
    _saved(page)
    expect(findings).not_to_contain_text("to mend")


def _play(page: Page, axe: Axe) -> None:
    page.get_by_role("button", name="Play").click()
    page.get_by_role("button", name="Set the stage").click()
    page.locator('[name="title"]').fill("A duty to report")
    page.locator('[name="description"]').fill("A new law asks for a report within a day.")
    page.locator('select[name="category"]').select_option("legal_obligation")
    page.locator('[name="assets"]').first.check()
    page.locator('select[name="likelihood"]').select_option("high")
    page.locator('select[name="impact"]').select_option("high")
    page.locator("form.task .actions button").click()
    expect(page.locator("main")).to_contain_text("Consult legal")
    page.get_by_role("link", name="Consult legal, as The Governance").or_(
        page.get_by_role("button", name="Consult legal, as The Governance")
    ).click()
    page.locator('[name="opinion"]').fill("It obliges us from the first of May.")
    page.locator("form.task .actions button").click()
    expect(page.locator("main")).to_contain_text("State business position")
    page.wait_for_selector("[data-element-id=cio_position].path-waiting")
    walked = page.wait_for_selector(".diagram-canvas[data-walked]")
    assert walked is not None
    assert int(walked.get_attribute("data-walked") or 0) >= 2, "tokens walk along the flows of the last act"
    assert page.locator(".diagram-token").count() == 0
    page.emulate_media(reduced_motion="reduce")
    page.evaluate("sessionStorage.clear()")
    page.reload()
    page.wait_for_selector('.diagram-canvas[data-walked="0"]')
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": 900})
        assert [each for each in axe(page) if not all("djs-" in one for one in each.elements)] == []
        wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        assert page.evaluate(wide), f"wider than a window of {width} pixels"
    page.set_viewport_size({"width": 1280, "height": 900})


def _on_paper(page: Page, axe: Axe, address: str) -> None:
    """The document of the version, as Chromium prints it."""
    page.goto(f"{address}/policies/risk-decision")
    page.get_by_role("button", name="Document").click()
    page.wait_for_selector("[data-document][data-ready=true]")
    assert axe(page) == []
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    printed = pages(page.pdf(prefer_css_page_size=True))
    last = len(printed)
    words = "".join("".join(sheet.text.split()) for sheet in printed)
    for told in (
        "Risk decision, version 2", f"Page 1 of {last}", f"Page {last} of {last}",
        "Where a law obliges us, legal is asked first.", "Changed by Gus Moreau",
        "CIO, who agrees Dana Reyes", "CISO, who agrees Ivo Lind", "sponsor, who endorses Eva Brandt",
        "by Eva Brandt (Executive sponsor)",
        "Consult legal", "Who does what Who Step Form Due after Rules", "What the law says", "5 days",
        "What kind of risk is it (“Risk raised”) is “Legal obligation",
        'raise.category = "legal_obligation"', "No other condition holds",
        "“CIO decides nothing” after 2 days times decision days",
        "Your opinion A text yes", "Rule If", "Exactly one rule matches.",
    ):  # fmt: skip
        assert "".join(told.split()) in words, told
    a4 = {(595, 842), (842, 595)}
    assert {(round(sheet.width), round(sheet.height)) for sheet in printed} == a4
    drawn = [sheet for sheet in printed if sheet.width > sheet.height and "Consult legal" in sheet.text]
    assert drawn
    assert all(sheet.shapes > 500 for sheet in drawn)
    assert "My tasks" not in printed[0].text
    page.set_viewport_size({"width": 1280, "height": 900})


def test_consult_legal(served: Served, person: People, axe: Axe) -> None:
    _ten_cases(served.parley)
    gus = person("Gus Moreau")
    page = gus.page
    page.goto(f"{served.address}/drafts")
    page.locator("form").filter(has=page.locator('[name="key"][value="risk-decision"]')).get_by_role(
        "button"
    ).first.click()
    draft = page.url
    page.set_input_files(
        'input[type="file"][name="files"]',
        {"name": "consult-legal.form", "mimeType": "application/json", "buffer": json.dumps(FORM).encode()},
    )
    page.get_by_role("button", name="Put in").click()
    page.get_by_role("button", name="Edit the diagram").click()
    _draw(page)
    page.get_by_role("button", name="Done", exact=True).click()
    _play(page, axe)

    page.goto(draft)
    page.get_by_label("Why this change?").fill("Where a law obliges us, legal is asked first.")
    page.get_by_role("button", name="Send to review").click()
    for name, button in (
        ("Dana Reyes", "Agree as CIO"),
        ("Ivo Lind", "Agree as CISO"),
        ("Eva Brandt", "Endorse"),
    ):
        other = person(name).page
        other.goto(draft)
        other.get_by_role("button", name=button).click()
        expect(other.get_by_role("status").first).to_contain_text("Your agreement is recorded")

    page.goto(f"{draft}/effect")
    expect(page.locator("caption")).to_have_text("10 open cases: 8 can move, 2 cannot.")
    page.goto(draft)
    page.get_by_role("button", name="Release").click()
    expect(page.get_by_role("status").first).to_contain_text("Version 2 is released")
    _on_paper(page, axe, served.address)
    page.goto(f"{served.address}/policies/risk-decision/move")
    page.locator('[name="words"]').fill("They are to be asked as the law wants it.")
    page.get_by_role("button", name="Move").last.click()
    expect(page.get_by_role("status").first).to_contain_text("Moved: 8. 2 stayed on their version.")
    expect(page.locator("main")).to_contain_text("the dispute ends under the version it began under")

    rosa = served.parley.identity.person("rosa")
    obliged = {**RAISE, "title": "A duty to report", "category": "legal_obligation"}
    _, case = served.parley.risks.raise_risk(rosa, obliged, token_urlsafe(16))
    gus.open_task("Consult legal")
    gus.write(opinion="It obliges us.")
    gus.send()
    page.goto(f"{served.address}/cases/{case.id}")
    expect(page.locator("main")).to_contain_text("version 2")
    with served.parley.database.reading() as connection:
        path = served.parley.engine.instances.path(connection, case.id)
        assert {"cio_position", "ciso_position"} <= set(path.waiting)
        assert served.parley.engine.audit.verify(connection).faults == ()
