"""The page of a case, the path its diagram reads, and the diagram itself."""

from __future__ import annotations

from lxml import etree, html

from tests.webui.conftest import Visit

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
    assert path["completed"]["raise"] == 1
    assert set(path["completed"]) | set(path["flows"]) | set(path["waiting"]) <= elements
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
