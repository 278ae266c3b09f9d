"""The committee room's pages: who may plan and confirm, and that a mistake is answered with a sentence."""

from __future__ import annotations

from tests.webui.conftest import Visit
from tests.webui.organisation import STARTED

ROOM = "/committee"
PLAN = "/committee/steering/meetings"
AHEAD = {"date": "2026-03-20", "time": "10:00", "place": "Board room"}


def test_governance_plans_a_meeting_and_sees_it_in_the_list(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    answer = gus.post(ROOM, AHEAD, to=PLAN)
    assert answer.status_code == 303
    assert "Nothing is on the docket yet." in gus.get(answer.headers["Location"]).text
    listed = visit("rosa").get(ROOM).text
    assert "20 March 2026, 10:00" in listed
    assert "Board room" in listed


def test_a_meeting_in_the_past_or_without_a_time_is_refused_with_what_was_typed(
    visit: Visit, raised: str
) -> None:
    gus = visit("gus")
    past = gus.post(ROOM, AHEAD | {"date": STARTED.date().isoformat(), "time": "08:00"}, to=PLAN)
    assert past.status_code == 409
    assert "A meeting is planned ahead." in past.text
    assert 'value="Board room"' in past.text
    empty = gus.post(ROOM, {"date": "", "time": "10:00"}, to=PLAN)
    assert empty.status_code == 422
    assert "on which day" in empty.text
    gus.post(ROOM, AHEAD, to=PLAN)
    assert gus.post(ROOM, AHEAD, to=PLAN).status_code == 409


def test_neither_leader_plans_one_not_even_by_hand(visit: Visit, raised: str) -> None:
    for person in ("dana", "ivo", "rosa", "ana"):
        visitor = visit(person)
        assert "Plan a meeting" not in visitor.get(ROOM).text
        answer = visitor.client.post(PLAN, data={**AHEAD, "csrf_token": visitor.token()})
        assert answer.status_code in (403, 409), person
    assert "20 March 2026" not in visit("gus").get(ROOM).text


def test_the_room_names_the_members_with_their_functions_and_its_chair(visit: Visit, raised: str) -> None:
    text = visit("tom").get(ROOM).text
    assert "Finance, chair" in text
    for name in ("Mei Tan", "Omar Aziz", "Lena Haas"):
        assert name in text
    assert "Dana Reyes" not in text
    assert "Ivo Lind" not in text


def test_what_is_not_there_is_said_to_be_missing(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    assert gus.get("/committee/meetings/none").status_code == 404
    assert gus.get("/committee/matters/none/minutes").status_code == 404
