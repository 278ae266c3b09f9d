"""The studio's pages: a draft from making to release, and what each person is offered on the way."""

from __future__ import annotations

import io
import re
import zipfile

import pytest

from tests.webui.conftest import Visit, Visitor
from tests.webui.drafting import drafted
from tests.webui.pages.test_every_page import EVERYBODY, READERS, whole

KEY = "risk-decision"


def _save(visitor: Visitor, draft: str, revision: int, old: str, new: str) -> tuple[int, dict[str, object]]:
    xml = visitor.get(f"{draft}/files/{KEY}.bpmn").text
    assert old in xml
    answer = visitor.client.post(
        f"/api{draft}/file",
        json={"revision": revision, "path": f"{KEY}.bpmn", "text": xml.replace(old, new)},
        headers={"X-CSRFToken": visitor.token()},
    )
    return answer.status_code, answer.get_json()


def test_a_draft_from_making_to_release(visit: Visit) -> None:
    gus, dana, ivo, eva = visit("gus"), visit("dana"), visit("ivo"), visit("eva")
    draft = drafted(gus)
    status, said = _save(gus, draft, 1, 'name="Decide on risk"', 'name="Decide the risk"')
    assert (status, said["revision"]) == (200, 2)
    status, said = _save(gus, draft, 1, 'name="Decide the risk"', 'name="Mine"')
    assert status == 409
    assert "Nothing was overwritten" in str(said["happened"])
    assert gus.post(draft, {"words": "Clearer."}, to=f"{draft}/review").status_code == 303
    effect = gus.get(f"{draft}/effect")
    whole(effect.text)
    assert "No open case" in effect.text
    assert f'action="{draft}/agreement"' not in eva.get(draft).text
    for visitor in (dana, ivo, eva):
        assert visitor.post(draft, {"words": "Yes."}, to=f"{draft}/agreement").status_code == 303
    released = gus.post(draft, {}, to=f"{draft}/release")
    assert released.status_code == 303
    history = gus.get(released.headers["Location"])
    whole(history.text)
    assert "Version 2" in history.text
    assert "CIO: Dana Reyes, CISO: Ivo Lind, Executive sponsor: Eva Brandt" in history.text
    told = gus.get(f"/policies/{KEY}/difference")
    whole(told.text)
    assert "“Decide on risk” is now called “Decide the risk”." in told.text
    assert "data-marks" in told.text


def test_open_cases_are_moved_with_a_reason(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    assert _save(gus, draft, 1, 'name="Decide on risk"', 'name="Decide the risk"')[0] == 200
    gus.post(draft, {"words": "Clearer."}, to=f"{draft}/review")
    assert "1 open case: 1 can move, 0 cannot." in gus.get(f"{draft}/effect").text
    for person in ("dana", "ivo", "eva"):
        visit(person).post(draft, {"words": ""}, to=f"{draft}/agreement")
    gus.post(draft, {}, to=f"{draft}/release")
    page = f"/policies/{KEY}/move"
    whole(gus.get(page).text)
    assert gus.post(page, {"words": "One name for one thing."}).status_code == 303
    assert "Moved: 1." in gus.get(page).text
    assert "version 2" in gus.get(raised).text.lower()


@pytest.mark.parametrize("person", EVERYBODY)
def test_who_may_read_drafts(visit: Visit, person: str) -> None:
    draft = drafted(visit("pia"))
    visitor = visit(person)
    readable = person in READERS
    for path in ("/drafts", draft, f"{draft}/effect", f"{draft}/files/{KEY}.bpmn"):
        answer = visitor.get(path)
        assert answer.status_code == (200 if readable else 403), path
        if answer.mimetype == "text/html":
            whole(answer.text)
    assert (visitor.get(f"{draft}/edit").status_code == 200) == (person in ("gus", "pia"))
    assert visitor.get(f"/policies/{KEY}/history").status_code == 200
    assert ('href="/drafts"' in visitor.get("/policies").text) == readable


def test_a_comment_on_a_step_and_what_cannot_be_taken(visit: Visit) -> None:
    draft = drafted(visit("gus"))
    ivo = visit("ivo")
    said = {"element": "decide", "words": "Three days is <b>short</b>."}
    assert ivo.post(draft, said, to=f"{draft}/comments").status_code == 303
    shown = visit("gus").get(draft).text
    assert "Three days is &lt;b&gt;short&lt;/b&gt;." in shown
    assert "on “Decide on risk”" in shown
    assert ivo.get(f"{draft}/files/nothing.bpmn").status_code == 404
    assert ivo.get("/drafts/nothing").status_code == 404


def test_what_the_editor_sends_is_checked(visit: Visit) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    headers = {"X-CSRFToken": gus.token()}
    bad: list[object] = [
        [],
        {"text": "<a/>"},
        {"text": 1, "revision": 1},
        {"text": "<a/>", "revision": "x", "path": "p.bpmn"},
        {"text": "<a/>", "revision": 1, "path": "decide.txt"},
        {"text": "<a/>", "revision": 1, "path": "p.bpmn", "before": 1},
    ]
    for sent in bad:
        assert gus.client.post(f"/api{draft}/file", json=sent, headers=headers).status_code == 400
    assert gus.client.post(f"/api{draft}/file", json={"text": "<a/>"}).status_code == 400
    status, said = _save(gus, draft, 1, "risks.record_decision", "risks.always")
    assert status == 200
    [finding] = [each for each in said["findings"] if each["refused"]]  # type: ignore[attr-defined]
    assert finding["element"] == "record_decision"
    page = gus.get(draft).text
    assert re.search(r"to mend</span> <strong>Record decision</strong>", page)
    refused = gus.post(draft, {"words": "Try."}, to=f"{draft}/review")
    assert refused.status_code == 422


def test_a_new_form_and_a_zip_of_a_version(visit: Visit) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    made = gus.post(draft, {"name": "consult-legal"}, to=f"{draft}/forms")
    assert made.headers["Location"] == f"{draft}/edit/consult-legal.form"
    whole(gus.get(made.headers["Location"]).text)
    assert "Submit" in gus.get(f"{draft}/preview/consult-legal.form").text
    again = gus.post(draft, {"name": "consult-legal.form"}, to=f"{draft}/forms")
    assert again.status_code == 303
    assert "There is a form consult-legal.form already." in gus.get(draft).text
    zipped = gus.get(f"/policies/{KEY}/versions/1.zip")
    assert zipped.data == gus.get(f"/policies/{KEY}/versions/1.zip").data
    with zipfile.ZipFile(io.BytesIO(zipped.data)) as archive:
        assert archive.read(f"{KEY}.bpmn") == gus.get(f"{draft}/files/{KEY}.bpmn?download=1").data
    assert gus.get(f"/policies/{KEY}/versions/9.zip").status_code == 404


def test_an_expression_is_read_within_limits(visit: Visit) -> None:
    gus = visit("gus")
    assert gus.get("/api/feel?text=a+%3E+1").get_json() == {"mistake": None}
    assert gus.get("/api/feel").get_json() == {"mistake": None}
    assert gus.get("/api/feel?text=a+%3E%3E").get_json()["mistake"]
    assert "4,000" in gus.get("/api/feel?text=" + "a" * 4001).get_json()["mistake"]
    assert visit("rosa").get("/api/feel?text=a").status_code == 403


def test_a_step_of_a_person_without_a_form_is_not_sent_to_review(visit: Visit) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    status, said = _save(gus, draft, 1, ' parley:form="decide.form"', "")
    assert status == 200
    [finding] = [each for each in said["findings"] if each["rule"] == "form-given"]  # type: ignore[attr-defined]
    assert (finding["element"], finding["refused"]) == ("decide", True)
    assert finding["sentence"] in gus.get(draft).text
    refused = gus.post(draft, {"words": "Try."}, to=f"{draft}/review")
    assert refused.status_code == 422
    assert finding["sentence"] in refused.text


def test_the_document_of_a_draft_is_marked_as_one(visit: Visit) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    gus.post(draft, {"words": "Who checks this?", "element": "decide"}, to=f"{draft}/comments")
    shown = gus.get(f"{draft}/document").text
    whole(shown)
    for told in ("Draft: nothing of it is in force", "DRAFT, not in force", "revision 1", "Who checks this?",
                 "Committee arbitration", "made from", "not yet"):  # fmt: skip
        assert told.lower() in shown.lower(), told
    for drawing in set(re.findall(r'data-drawing="([^"]+)"', shown)):
        assert gus.get(drawing).mimetype == "application/xml", drawing
    assert gus.get(f"{draft}/document/route.dmn").status_code == 404
    rosa = visit("rosa")
    assert rosa.get(f"{draft}/document").status_code == 403
    version = re.search(r'href="(/policies/risk-decision/\w+/document)"', rosa.get(f"/policies/{KEY}").text)
    assert version is not None
    whole(rosa.get(version[1]).text)
