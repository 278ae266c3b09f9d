"""Playing the demonstration: what it tells meanwhile, what it refuses, the same outcome on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workflows.demo.playing import opened, played
from workflows.bootstrap import Parley
from workflows.demo import StoryDoesNotFit, fill, play
from workflows.demo.stories import STORIES
from workflows.demo.story import Story, concur
from workflows.errors import AlreadyInstalled
from workflows.types import SYSTEM_PERSON


def test_progress_is_told_in_percent(demonstration_folder: Path) -> None:
    lines = (demonstration_folder / "progress.txt").read_text(encoding="utf-8").splitlines()
    percents = [int(line.split("%")[0]) for line in lines]
    assert percents == sorted(percents)
    assert (percents[0], percents[-1]) == (0, 100)
    assert 10 <= len(lines) <= 30


def test_it_refuses_a_database_that_is_something_already(demonstration: Parley) -> None:
    with demonstration.database.reading() as connection:
        before = demonstration.engine.audit.verify(connection).entries
    with pytest.raises(AlreadyInstalled):
        fill(demonstration)
    with demonstration.database.reading() as connection:
        assert demonstration.engine.audit.verify(connection).entries == before


def test_a_step_that_does_not_fit_is_named(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The CISO cannot answer a decision that nobody has taken."""
    wiki = next(story for story in STORIES if story.cve == "CVE-2023-22515")
    monkeypatch.setattr(play, "STORIES", (_only(wiki),))
    parley = opened(sqlite_url)
    try:
        with pytest.raises(StoryDoesNotFit, match=r"CVE-2023-22515, “respond” by achterberg.*No such task"):
            fill(parley)
    finally:
        parley.close()


def _only(story: Story) -> Story:
    return Story(
        cve=story.cve,
        title=story.title,
        description=story.description,
        category=story.category,
        assets=story.assets,
        likelihood=story.likelihood,
        impact=story.impact,
        raised_by=story.raised_by,
        raised=story.raised,
        acts=(concur(160),),
        ends=story.ends,
    )


@pytest.mark.slow
@pytest.mark.postgresql
def test_it_plays_the_same_on_postgresql(postgres_url: str, demonstration: Parley) -> None:
    played(postgres_url)
    other = opened(postgres_url)
    try:
        assert _outcome(other) == _outcome(demonstration)
        with other.database.reading() as connection:
            assert other.engine.audit.verify(connection).faults == ()
    finally:
        other.close()


def _outcome(parley: Parley) -> list[tuple[object, ...]]:
    """Everything but ids made up and the seconds of the clock."""
    rows = parley.risks.register(SYSTEM_PERSON).rows
    return [
        (
            page.risk.id,
            page.risk.title,
            page.risk.status,
            page.risk.level,
            page.risk.status_since.date(),
            [(one.response, one.decided_by, one.tier, one.decided_at.date()) for one in page.decisions],
            [(one.id, one.days, one.expires_at.date(), one.conditions) for one in page.exemptions],
            [(one.outcome, one.waiting) for one in page.cases],
        )
        for page in (parley.risks.risk(SYSTEM_PERSON, row.id) for row in rows)
    ]
