"""Blind positions on the pages: neither leader reads the other's before both are in; then both stand side
by side."""

from __future__ import annotations

from lxml import html

from tests.webui.conftest import Visit, Visitor

MARK = "A window of six hours would stop card payments"
CIO = {
    "likelihood": "moderate",
    "impact": "very_high",
    "business_value": "Card payments run through it.",
    "treatment": "exempt",
    "reason": MARK,
}
CISO = {
    "likelihood": "high",
    "impact": "very_high",
    "treatment": "mitigate",
    "confidence": "high",
    "evidence": "Exploit code is public",
}


def first_task(visitor: Visitor) -> str:
    return str(html.document_fromstring(visitor.get("/tasks").text).xpath("//tbody//th/a/@href")[0])


def test_a_position_is_sealed_on_every_page_until_both_are_in(visit: Visit, raised: str) -> None:
    dana, ivo, ana = visit("dana"), visit("ivo"), visit("ana")
    assert dana.post(first_task(dana), CIO).status_code == 303
    for visitor, path in (
        (ivo, raised),
        (ivo, first_task(ivo)),
        (ivo, "/risks/R-0001"),
        (ana, raised),
        (visit("rosa"), raised),
    ):
        answer = visitor.get(path)
        assert answer.status_code == 200
        assert MARK not in answer.text
    assert MARK in dana.get(raised).text, "its author may read it"


def test_both_stand_side_by_side_at_the_decision(visit: Visit, raised: str) -> None:
    dana, ivo = visit("dana"), visit("ivo")
    dana.post(first_task(dana), CIO)
    ivo.post(first_task(ivo), CISO)
    page = html.document_fromstring(dana.get(first_task(dana)).text)
    positions = page.xpath("//article[contains(@class, 'position')]")
    assert [MARK in each.text_content() for each in positions] == [True, False]
    assert ["Exploit code is public" in each.text_content() for each in positions] == [False, True]
    assert page.xpath("//form[contains(@class, 'task')]//input[@name='decision']")
