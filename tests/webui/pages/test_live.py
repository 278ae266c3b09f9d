"""A policy in use: what waits where, how long steps take, and who may see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from tests.webui.conftest import Visit
from tests.webui.pages.test_every_page import whole
from tests.webui.pages.test_positions import CISO, first_task
from webui.pages.live import span
from workflows.studio.live import quantile


def test_a_case_is_found_where_it_waits(visit: Visit, raised: str) -> None:
    gus = visit("gus")
    page = gus.get("/policies/risk-decision/live")
    whole(page.text)
    assert "1 case, 1 of them open." in page.text
    assert "data-live" in page.text
    assert "2 tasks waiting within" in page.text
    found = re.search(r'href="(/policies/risk-decision/\w+/live/cio_position)"', page.text)
    assert found is not None
    waiting = gus.get(found[1])
    whole(waiting.text)
    assert f'href="{raised}"' in waiting.text
    ivo = visit("ivo")
    assert ivo.post(first_task(ivo), CISO).status_code == 303
    again = gus.get("/policies/risk-decision/live").text
    assert not re.search(r"/live/ciso_position\"", again)
    assert re.search(r"/live/cio_position\"", again)


def test_who_may_see_it(visit: Visit, raised: str) -> None:
    assert visit("dana").get("/policies/risk-decision/live").status_code == 200
    assert visit("rosa").get("/policies/risk-decision/live").status_code == 403
    assert visit("gus").get("/policies/nothing/live").status_code == 404
    assert "/live" not in visit("rosa").get("/policies/risk-decision").text


def test_quantiles_are_by_nearest_rank() -> None:
    days = [timedelta(days=each) for each in (5, 1, 3, 2, 4, 6, 7, 8, 9, 10)]
    assert quantile(days, 0.5) == timedelta(days=5)
    assert quantile(days, 0.9) == timedelta(days=9)
    assert quantile([], 0.5) is None


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (None, "—"),
        (timedelta(seconds=3), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(days=3), "3 days"),
    ],
)
def test_a_span_is_said_in_its_unit(time: timedelta | None, words: str) -> None:
    assert span(time) == words
