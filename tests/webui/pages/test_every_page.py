"""Every page for everybody: who may open what, and that each page that opens is whole."""

from __future__ import annotations

import pytest
from lxml import html

from tests.webui.conftest import Visit, Visitor
from tests.webui.organisation import CVE, PEOPLE

EVERYBODY = [key for key, *_ in PEOPLE]
READERS = {"dana", "ivo", "mei", "omar", "lena", "ruth", "eva", "gus", "ana", "pia"}
"""Those who may read any case."""
REGISTER = READERS

OPEN_TO_ALL = [
    "/tasks",
    "/committee",
    "/risks",
    "/risks?status=undecided&level=very+high&q=gateway&kev=1",
    "/risks/raise",
    f"/risks/raise?cve={CVE}",
    "/kev",
    "/kev?q=palo",
    f"/kev/{CVE}",
    "/policies",
    "/policies/risk-decision",
    "/about",
]


def whole(answer_text: str) -> None:
    page = html.document_fromstring(answer_text)
    assert len(page.xpath("//h1")) == 1
    assert page.xpath("//main[@id='main']")
    assert page.xpath("//html/@lang") == ["en"]
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids)), "an id is on the page twice"
    for labelled in page.xpath("//@aria-labelledby"):
        assert labelled in ids
    assert not page.xpath("//@style")
    assert not page.xpath("//a[not(@href)]")


@pytest.mark.parametrize("person", EVERYBODY)
def test_pages_that_everybody_may_open(visit: Visit, raised: str, person: str) -> None:
    visitor = visit(person)
    for path in OPEN_TO_ALL:
        answer = visitor.get(path)
        assert answer.status_code == 200, (path, answer.text)
        whole(answer.text)


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_may_read_the_case_the_risk_and_the_exemptions(visit: Visit, raised: str, person: str) -> None:
    visitor = visit(person)
    own = person == "rosa"
    case = visitor.get(raised)
    assert case.status_code == (200 if person in READERS or own else 403)
    assert visitor.get(raised.replace("/cases/", "/api/cases/") + "/path").status_code == case.status_code
    risk = visitor.get("/risks/R-0001")
    assert risk.status_code == (200 if person in REGISTER or own else 403)
    exemptions = visitor.get("/exemptions?show=all")
    assert exemptions.status_code == (200 if person in REGISTER else 403)
    for answer in (case, risk, exemptions):
        whole(answer.text)
        if answer.status_code == 403:
            assert "Ransomware" not in answer.text


@pytest.mark.parametrize("person", EVERYBODY)
def test_the_navigation_offers_only_what_may_be_opened(visit: Visit, person: str) -> None:
    visitor = visit(person)
    page = html.document_fromstring(visitor.get("/tasks").text)
    links = page.xpath("//nav[@id='navigation']//li/a/@href")
    assert "/tasks" in links
    assert [link for link in links if visitor.get(link).status_code != 200] == []
    assert ("/exemptions" in links) == (person in REGISTER)


@pytest.mark.parametrize(
    "path", [*(path for path in OPEN_TO_ALL if path != "/about"), "/", "/exemptions", "/risks/R-0001"]
)
def test_who_is_not_signed_in_sees_the_sign_in_page(stranger: Visitor, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sign-in")


def test_the_page_to_sign_in_on_and_the_one_about_parley_are_open(stranger: Visitor) -> None:
    for path in ("/sign-in", "/about"):
        answer = stranger.get(path)
        assert answer.status_code == 200
        whole(answer.text)


def test_every_link_of_every_page_leads_somewhere(visit: Visit, raised: str) -> None:
    ana = visit("ana")
    seen: dict[str, int] = {}
    ahead = ["/tasks", "/risks", "/exemptions", "/kev", "/policies", "/about", raised]
    while ahead and len(seen) < 60:
        path = ahead.pop()
        if path in seen:
            continue
        answer = ana.get(path)
        seen[path] = answer.status_code
        if answer.mimetype == "text/html":
            found = html.document_fromstring(answer.text).xpath("//a/@href")
            ahead += [each for each in found if each.startswith("/") and each not in seen]
    assert {path: status for path, status in seen.items() if status != 200 and path != "/"} == {}
    assert len(seen) > 15
