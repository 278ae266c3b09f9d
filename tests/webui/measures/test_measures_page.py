"""The measures' page: numbers lead to their cases, pictures say in words what they show, the past stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from lxml import html

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import PEOPLE, RAISE
from tests.webui.pages.test_exemption_pages import CONTROLS, WORKS
from tests.webui.pages.test_positions import CIO, CISO, first_task
from tests.webui.pages.test_treatment_pages import act
from workflows.bootstrap import Parley
from workflows.types import SYSTEM_PERSON

REGISTER = {"dana", "ivo", "mei", "omar", "lena", "ruth", "eva", "gus", "ana", "pia"}
EXEMPT: Mapping[str, Any] = {
    "decision": "exempt",
    "days": "10",
    "conditions": "The log is read each day.",
    "compensating_controls": "Managed devices alone.",
    "reason": "The freeze ends in May.",
}

Links = Callable[[str], dict[str, str]]


def page(visitor: Visitor, path: str) -> html.HtmlElement:
    answer = visitor.get(path)
    assert answer.status_code == 200, (path, answer.text)
    return html.document_fromstring(answer.text)


@pytest.fixture
def exempted(visit: Visit, parley: Parley, raised: str) -> str:
    """A risk exempted for ten days: concurred with on conditions, and its controls tried out."""
    dana, ivo = visit("dana"), visit("ivo")
    dana.post(first_task(dana), CIO)
    ivo.post(first_task(ivo), CISO)
    assert dana.post(first_task(dana), EXEMPT).status_code == 303
    agrees = {"response": "concur_with_conditions", "conditions": "The log is kept for a year."}
    assert ivo.post(first_task(ivo), agrees).status_code == 303
    case_id = raised.rsplit("/", 1)[-1]
    act(parley, case_id, "name_controls", "dana", CONTROLS)
    act(parley, case_id, "verify_controls", "ivo", WORKS)
    return raised


@pytest.mark.parametrize("person", [key for key, *_ in PEOPLE])
def test_who_reads_the_register_reads_the_measures(visit: Visit, exempted: str, person: str) -> None:
    visitor = visit(person)
    for path in ("/measures", "/measures/cases?of=decisions", "/measures?by=quarter"):
        answer = visitor.get(path)
        assert answer.status_code == (200 if person in REGISTER else 403)
        if person not in REGISTER:
            assert "R-0001" not in answer.text
    links = page(visitor, "/tasks").xpath("//nav[@id='navigation']//li/a/@href")
    assert ("/measures" in links) == (person in REGISTER)


def test_every_number_leads_to_as_many_cases_as_it_says(visit: Visit, parley: Parley, exempted: str) -> None:
    parley.clock.move_to(SYSTEM_PERSON, parley.now() + timedelta(days=45))
    visit("rosa").post("/risks/raise", {**RAISE, "title": "Backups are never tried"})
    ana = visit("ana")
    led = 0
    for shown in ("/measures", "/measures?by=quarter"):
        for link in page(ana, shown).xpath("//main//a[contains(@href, '/measures/cases')]"):
            number = link.text.strip()
            listed = page(ana, link.get("href"))
            rows = listed.xpath("//main//tbody/tr")
            assert rows, link.get("href")
            key = link.get("href")
            if number.isdigit() and "implicit-" not in key and "to-decision" not in key:
                assert len(rows) == int(number), key
            assert listed.xpath("//tbody//th/a/@href")[0].startswith("/risks/R-")
            led += 1
    assert led > 30


def test_a_picture_says_what_it_shows_and_a_table_has_the_same_figures(visit: Visit, exempted: str) -> None:
    shown = page(visit("ana"), "/measures")
    pictures = shown.xpath("//figure/*[local-name()='svg']")
    assert len(pictures) == 6
    for picture in pictures:
        labels = picture.get("aria-labelledby").split()
        said = [shown.get_element_by_id(label).text_content().strip() for label in labels]
        assert all(said)
        assert picture.get("role") == "img"
    stacked = shown.xpath("//section[@aria-labelledby='unacceptable']")[0]
    assert "exempted 1" in stacked.xpath(".//*[local-name()='desc']")[0].text_content()
    header = [cell.text_content().strip() for cell in stacked.xpath(".//thead//th")]
    row = [" ".join(cell.text_content().split()) for cell in stacked.xpath(".//tbody/tr[1]/*")]
    assert row[header.index("Exempted")].startswith("1")
    assert row[header.index("Together")] == "1"


def test_the_past_is_shown_as_it_was_and_links_stay_in_it(
    visit: Visit, parley: Parley, exempted: str
) -> None:
    ana = visit("ana")
    month = parley.now().strftime("%Y-%m")
    parley.clock.move_to(SYSTEM_PERSON, parley.now() + timedelta(days=62))
    parley.engine.worker.run_until_idle()
    now, then = page(ana, "/measures"), page(ana, f"/measures?until={month}")
    assert "expired without a new decision" in now.text_content()
    offered = now.xpath("//select[@name='until']/option/@value")
    assert month in offered
    assert offered[0] == ""
    links = then.xpath("//main//a[contains(@href, '/measures/cases')]/@href")
    assert links
    assert all(f"until={month}" in link for link in links)
    # The exemption ran for ten days from 2 March, so the month ended without a decision.
    assert "Together" in then.text_content()


@pytest.mark.parametrize(
    "path",
    [
        "/measures?until=nonsense&by=century",
        "/measures?until=9999-99",
        "/measures/cases?of=decisions&within=all&page=99",
    ],
)
def test_odd_addresses_show_what_they_can(visit: Visit, exempted: str, path: str) -> None:
    assert visit("ana").get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/measures/cases", "/measures/cases?of=nothing", "/measures/cases?of=decisions&within=x"]
)
def test_a_number_there_is_not_is_not_found(visit: Visit, exempted: str, path: str) -> None:
    assert visit("ana").get(path).status_code == 404


def test_an_empty_register_has_measures(visit: Visit) -> None:
    assert "No disagreement has come to an end yet." in visit("ana").get("/measures").text
