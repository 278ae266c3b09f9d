"""The page of a case, the path its diagram reads, and the diagram itself."""

from __future__ import annotations

from lxml import etree, html

from tests.webui.conftest import Visit
from tests.webui.pages.test_positions import CIO, CISO, first_task

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def test_the_page_names_diagram_and_path_and_says_the_same_as_a_list(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    page = html.document_fromstring(gus.get(raised).text)
    (figure,) = page.xpath("//*[@data-diagram]")
    diagram = gus.get(figure.get("data-diagram"))
    assert diagram.mimetype == "application/xml"
    assert "immutable" in diagram.headers["Cache-Control"]
    elements = {each.get("id") for each in etree.fromstring(diagram.data).iter() if each.get("id")}
    path = gus.get(figure.get("data-path")).json
    assert set(path["waiting"]) == {"cio_position", "ciso_position"}
    assert gus.get(raised + "?diagram=risk-decision.bpmn").status_code == 200
    assert path["completed"]["raise"] == 1
    assert set(path["waiting"]) <= elements
    steps = [
        " ".join(each.split())
        for each in page.xpath("//ol[contains(@class, 'steps')]/li/p[1]/text()")
        if each.strip()
    ]
    assert "State business position" in steps
    assert page.xpath("count(//ol[contains(@class, 'steps')]/li[@class='now'])") == 2


def test_it_says_whom_the_case_waits_for_and_offers_the_task_to_them_alone(visit: Visit, raised: str) -> None:
    for person, offered in (("ivo", True), ("gus", False)):
        page = html.document_fromstring(visit(person).get(raised).text)
        text = page.get_element_by_id("main").text_content()
        assert "Dana Reyes" in text
        assert "Ivo Lind" in text
        assert bool(page.xpath("//div[@class='page-head']//a[@role='button']")) is offered


def test_the_audit_chain_is_for_those_who_may_read_it(visit: Visit, raised: str) -> None:
    assert "Audit chain" in visit("ana").get(raised).text
    assert "Audit chain" not in visit("mei").get(raised).text


def test_scripts_are_loaded_only_where_they_are_used(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    assert "dist/diagram.js" in gus.get(raised).text
    assert "dist/diagram.js" not in gus.get("/risks").text
    assert "dist/partial.js" in gus.get("/risks").text
    assert "dist/partial.js" not in gus.get("/tasks").text


def test_a_policy_version_shows_its_hash_its_files_and_what_its_forms_ask(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    page = html.document_fromstring(gus.get("/policies/risk-decision").text)
    text = page.get_element_by_id("main").text_content()
    assert "Concur or challenge" in text
    assert "On which ground do you challenge?" in text
    files = page.xpath("//a[@download]/@href")
    assert any(each.endswith("risk-decision.bpmn") for each in files)
    sent = gus.get(files[0])
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert sent.mimetype == "application/octet-stream"


def test_the_diagrams_of_called_processes_are_a_click_away_with_their_own_steps(
    visit: Visit, raised: str
) -> None:
    gus = visit("gus")
    page = html.document_fromstring(gus.get(raised).text)
    views = page.xpath("//nav[@aria-label='Which diagram']/a")
    names = [" ".join(each.text_content().split()) for each in views]
    assert names[0].startswith("Risk decision")
    assert "Committee arbitration not reached" in names
    (shown,) = [each for each in views if each.get("aria-current")]
    assert "waits here" in shown.text_content()
    address = raised + "?diagram=committee-arbitration.bpmn"
    other = html.document_fromstring(gus.get(address).text)
    steps = other.xpath("//ol[contains(@class, 'steps')]")[0].text_content()
    assert "Vote on matter" in steps
    assert "Decide on risk" not in steps
    (figure,) = other.xpath("//*[@data-diagram]")
    drawn = gus.get(figure.get("data-diagram"))
    assert drawn.mimetype == "application/xml"
    assert b'id="committee_arbitration"' in drawn.data
    assert gus.get(figure.get("data-diagram").replace(".bpmn", ".form")).status_code == 404


def test_the_committee_reads_the_dispute_with_its_notice(visit: Visit, raised: str) -> None:
    dana, ivo, mei = visit("dana"), visit("ivo"), visit("mei")
    exempt = {
        "decision": "exempt",
        "days": "30",
        "conditions": "The log is read each day.",
        "compensating_controls": "Managed devices alone.",
        "reason": "The freeze ends in May.",
    }
    challenge = {
        "response": "challenge",
        "ground": "not_defensible",
        "argument": "Thirty days beside a flaw that is exploited daily.",
        "would_change_mind": "A virtual patch.",
    }
    for visitor, answers in (
        (dana, CIO),
        (ivo, CISO),
        (dana, exempt),
        (ivo, challenge),
        (dana, {"answer": "stand", "reason": "The proxy cannot be changed either."}),
    ):
        assert visitor.post(first_task(visitor), answers).status_code == 303
    page = html.document_fromstring(mei.get(first_task(mei)).text)
    (before,) = page.xpath("//section[@aria-labelledby='before']")
    said = before.text_content()
    assert "The log is read each day." in said
    assert "Thirty days beside a flaw" in said
    assert "The proxy cannot be changed either." in said
    assert page.xpath("//input[@name='interest'][@value='none']")
