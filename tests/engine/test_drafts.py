"""Drafts: nothing of anybody's is overwritten, and no author releases alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.exc import DBAPIError

from engine.db import UnitOfWork
from engine.definitions.models import draft_authors
from engine.definitions.types import Draft
from engine.errors import Conflict, DefinitionRefused, NotEntitled
from engine.types import Actor, VersionState
from tests.engine.drawing import Drawing
from tests.engine.playing import Stage

GAIL, PETE, ROSS = Actor("gail"), Actor("pete"), Actor("ross")


def _drawing(task: str = "look") -> Drawing:
    return Drawing().start().user(task).end().path(f"start {task} end")


def _files(task: str = "look") -> dict[str, bytes]:
    return dict(_drawing(task).files())


def _in(stage: Stage, act: Callable[[UnitOfWork], Draft]) -> Draft:
    with stage.database.unit_of_work() as uow:
        return act(uow)


@pytest.fixture
def draft(alone: Stage) -> Draft:
    files = _files()
    return _in(alone, lambda uow: alone.engine.drafts.make(uow, key="p", title="P", by=GAIL, files=files))


def _submit(stage: Stage, draft: Draft) -> Draft:
    return _in(
        stage,
        lambda uow: stage.engine.drafts.submit(uow, draft.id, revision=draft.revision, by=GAIL, note="why"),
    )


def test_a_draft_is_released_when_somebody_else_agrees(alone: Stage, draft: Draft) -> None:
    reviewed = _submit(alone, draft)
    with alone.database.unit_of_work() as uow:
        version = alone.engine.drafts.release(uow, draft.id, by=GAIL, note="endorsed", agreed_by=["ross"])
    with alone.database.reading() as connection:
        assert version.hash == reviewed.hash
        assert alone.engine.definitions.latest(connection, "p") == version
        assert alone.engine.drafts.get(connection, draft.id).state == VersionState.RELEASED
        events = [entry.event for entry in alone.engine.audit.entries(connection, "policy:p")]
    assert events == ["draft:made", "draft:submitted", "version:released"]
    assert alone.faults() == []


@pytest.mark.parametrize("agreed", [[], ["gail"], ["gail", "pete"]])
def test_nobody_releases_what_they_alone_changed(alone: Stage, draft: Draft, agreed: list[str]) -> None:
    drafts = alone.engine.drafts
    saved = _in(
        alone,
        lambda uow: drafts.save(uow, draft.id, revision=1, changes=_files("see"), by=PETE),
    )
    _submit(alone, saved)
    with (
        pytest.raises(NotEntitled, match="Nobody releases what they alone changed"),
        alone.database.unit_of_work() as uow,
    ):
        drafts.release(uow, draft.id, by=ROSS, note="", agreed_by=agreed)
    with alone.database.reading() as connection:
        assert alone.engine.definitions.versions(connection, "p") == []
        assert drafts.authors(connection, draft.id) == {"gail", "pete"}


def test_of_two_editors_the_second_is_warned_and_overwrites_nothing(alone: Stage, draft: Draft) -> None:
    drafts = alone.engine.drafts
    _in(alone, lambda uow: drafts.save(uow, draft.id, revision=1, changes={"p.bpmn": b"<pete/>"}, by=PETE))
    with pytest.raises(Conflict, match="Somebody else has changed"), alone.database.unit_of_work() as uow:
        drafts.save(uow, draft.id, revision=1, changes={"p.bpmn": b"<gail/>"}, by=GAIL)
    with alone.database.reading() as connection:
        assert drafts.files(connection, draft.id)["p.bpmn"] == b"<pete/>"


def test_what_is_in_review_is_not_changed_any_more(alone: Stage, draft: Draft) -> None:
    drafts = alone.engine.drafts
    reviewed = _submit(alone, draft)
    with pytest.raises(Conflict, match="in review"), alone.database.unit_of_work() as uow:
        drafts.save(uow, draft.id, revision=reviewed.revision, changes={"p.bpmn": b"<x/>"}, by=PETE)
    back = _in(alone, lambda uow: drafts.send_back(uow, draft.id, by=ROSS, reason="the lane is wrong"))
    assert (back.state, back.hash) == (VersionState.DRAFT, None)


def test_what_could_not_be_released_is_not_sent_to_review(alone: Stage) -> None:
    files = _files() | {"p.bpmn": _files()["p.bpmn"].replace(b"any.form", b"no.form")}
    drafts = alone.engine.drafts
    made = _in(alone, lambda uow: drafts.make(uow, key="p", title="P", by=GAIL, files=files))
    with pytest.raises(DefinitionRefused, match=r"no\.form"):
        _submit(alone, made)


def test_a_draft_from_a_version_has_its_files_and_comments_stay(alone: Stage) -> None:
    alone.release(_drawing(), "p")
    drafts = alone.engine.drafts
    with alone.database.unit_of_work() as uow:
        latest = alone.engine.definitions.latest(uow.connection, "p")
        made = drafts.make(uow, key="p", title="P", by=GAIL, based_on=latest.hash)
        drafts.comment(uow, made.id, by=ROSS, words=" Who looks? ", path="p.bpmn", element_id="look")
    with alone.database.reading() as connection:
        assert (
            drafts.files(connection, made.id)
            == alone.engine.definitions.bundle(connection, latest.hash).files
        )
        (said,) = drafts.comments(connection, made.id)
    assert (said.words, said.element_id, said.person_id) == ("Who looks?", "look", "ross")


def test_a_withdrawn_draft_stays_on_record(alone: Stage, draft: Draft) -> None:
    drafts = alone.engine.drafts
    gone = _in(alone, lambda uow: drafts.withdraw(uow, draft.id, by=GAIL, reason="superseded"))
    assert gone.state == "withdrawn"
    with alone.database.reading() as connection:
        assert [each.id for each in drafts.of_key(connection, "p")] == [draft.id]


def test_authors_cannot_be_taken_from_the_record(alone: Stage, draft: Draft) -> None:
    with pytest.raises(DBAPIError, match="never deleted"), alone.database.unit_of_work() as uow:
        uow.connection.execute(draft_authors.delete())
