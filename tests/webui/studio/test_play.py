"""Playing a draft on its pages: begun, acted in as anybody, its clock moved, kept as a scenario."""

from __future__ import annotations

import re

from tests.webui.conftest import Visit
from tests.webui.drafting import drafted
from tests.webui.pages.test_every_page import whole
from tests.workflows.world import CIO_POSITION, RAISED


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None, name
    return found[1]


def test_a_draft_is_played_and_kept(visit: Visit) -> None:
    gus = visit("gus")
    draft = drafted(gus)
    play = f"{draft}/play"
    assert f'href="{play}"' in gus.get(draft).text
    assert gus.post(play, {}, to=play).status_code == 303
    page = gus.get(play).text
    whole(page)
    assert "What is the risk" in page or 'name="title"' in page
    run = {"_run": _hidden(page, "_run")}
    refused = gus.post(play, {**run, "_as": "raiser", "title": "A weakness"}, to=f"{play}/acts")
    assert refused.status_code == 422
    whole(refused.text)
    assert 'value="A weakness"' in refused.text
    raised = {**RAISED, "assets": "internet-gateway", **run, "_as": "raiser"}
    assert gus.post(play, raised, to=f"{play}/acts").status_code == 303
    page = gus.get(play).text
    whole(page)
    task = re.search(r'href="(/drafts/\w+/play\?_task=(\w+)&amp;_as=cio)', page)
    assert task is not None
    form = gus.get(task[1].replace("&amp;", "&")).text
    token = {"csrf_token": gus.token()}
    whole(form)
    assert 'name="business_value"' in form
    answered = {**CIO_POSITION, "_run": _hidden(form, "_run"), "_task": task[2], "_as": "cio"}
    assert gus.client.post(f"{play}/acts", data={**answered, **token}).status_code == 303
    again = gus.client.post(f"{play}/acts", data={**answered, **token})
    assert again.status_code == 409, "the same act from another window is told so"
    page = gus.get(play).text
    moved = {"_run": _hidden(page, "_run"), "number": "2", "unit": "weeks"}
    assert gus.post(play, moved, to=f"{play}/time").status_code == 303
    page = gus.get(play).text
    whole(page)
    assert gus.get(f"{play}/path").get_json()["completed"]["cio_position"] == 1
    drawn = re.search(r'data-diagram="([^"]+)"', page)
    assert drawn is not None
    assert gus.get(drawn[1]).status_code == 200
    assert gus.post(play, {"_run": _hidden(page, "_run")}, to=f"{play}/back").status_code == 303
    page = gus.get(play).text
    assert gus.post(play, {**moved, "_run": _hidden(page, "_run")}, to=f"{play}/time").status_code == 303
    page = gus.get(play).text
    kept = {"_run": _hidden(page, "_run"), "title": "The CISO is silent", "story": "Two weeks go by."}
    assert gus.post(play, kept, to=f"{play}/scenario").status_code == 303
    told = gus.post(f"{draft}/scenarios", {"name": "the-ciso-is-silent"}, to=f"{draft}/scenarios")
    assert told.status_code == 303
    page = gus.get(f"{draft}/scenarios").text
    whole(page)
    assert "The CISO is silent" in page
    assert "as told" in page
    assert "tag bad" not in page
    out = re.search(r'action="(/drafts/\w+/scenarios/the-ciso-is-silent/out)"', page)
    assert out is not None
    assert gus.post(f"{draft}/scenarios", {"words": "It will speak."}, to=out[1]).status_code == 303
    page = gus.get(f"{draft}/scenarios").text
    whole(page)
    assert out[1] not in page
    assert re.search(r"Taken out of this draft.*The ciso is silent.*Gus Moreau", page, re.DOTALL)


def test_nothing_of_it_is_seen_elsewhere(visit: Visit) -> None:
    gus = visit("gus")
    play = f"{drafted(gus)}/play"
    cases, inbox = gus.get("/cases").text, visit("dana").get("/tasks").text
    gus.post(play, {}, to=play)
    raised = {**RAISED, "assets": "internet-gateway", "_run": "1", "_as": "raiser"}
    assert gus.post(play, raised, to=f"{play}/acts").status_code == 303
    assert visit("dana").get("/tasks").text.count("<article") == inbox.count("<article")
    assert gus.get("/cases").text.count("<tr") == cases.count("<tr")
    assert visit("rosa").get(play).status_code == 403
