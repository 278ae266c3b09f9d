"""Completing tasks: once, by whom it is for, on the state that was shown; anything else changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from engine.errors import AnswersRefused, Conflict, NotEntitled, NotFound
from engine.instances.models import instances, submissions
from engine.testing import FakeDirectory, FakeForms
from engine.types import Actor, Authority
from tests.engine.drawing import Drawing
from tests.engine.playing import PEOPLE, Stage


class Deputies(FakeDirectory):
    """A directory in which people may stand in for others at a desk."""

    deputies: dict[tuple[str, str], str]

    def candidates(self, connection: Any, desk: str, at: Any) -> list[Authority]:
        standing = [
            Authority(person, f"deputy of {absent}", absent)
            for (person, at_desk), absent in getattr(self, "deputies", {}).items()
            if at_desk == desk
        ]
        return [*super().candidates(connection, desk, at), *standing]


def two_steps(**second: str) -> Drawing:
    return Drawing().start().user("one").user("two", role="ciso", **second).end().path("start one two end")


@pytest.fixture
def case(stage: Stage) -> Stage:
    """A case of two tasks, one after the other."""
    stage.release(two_steps())
    stage.start(title="A risk")
    return stage


def submit(stage: Stage, task: Any, by: str, token: str, revision: int | None = None, **answers: Any) -> Any:
    return stage.engine.tasks.complete(
        Actor(by), task.id, revision=revision or task.revision, token=token, answers=answers
    )


def revision_of(stage: Stage) -> int:
    return stage.instance.revision


def test_the_same_submission_twice_gets_the_first_answer_and_happens_once(case: Stage) -> None:
    task, token = case.task("one"), case.token()
    first = submit(case, task, "carla", token, say="yes")
    before = case.counts()
    again = submit(case, task, "carla", token, say="something else")
    assert (first.repeated, again.repeated) == (False, True)
    assert (again.submission_id, again.task_id, again.instance_id) == (
        first.submission_id,
        task.id,
        case.instance_id,
    )
    assert case.counts() == before
    assert case.data["one"] == {"say": "yes"}


def test_the_same_submission_again_long_after_the_case_has_ended(case: Stage) -> None:
    task, token = case.task("one"), case.token()
    first = submit(case, task, "carla", token)
    case.do("two", "igor")
    assert case.instance.state == "completed"
    assert submit(case, task, "carla", token).submission_id == first.submission_id


def test_a_token_serves_one_task_and_one_person(case: Stage) -> None:
    token = case.token()
    case.directory.holders["ciso"].append("carla")
    submit(case, case.task("one"), "carla", token)
    before = case.counts()
    with pytest.raises(Conflict, match="sent before for something else"):
        submit(case, case.task("two"), "carla", token)
    with pytest.raises(Conflict, match="sent before for something else"):
        submit(case, case.task("two"), "igor", token)
    assert case.counts() == before


@pytest.mark.parametrize("token", ["", "short", "x" * 65])
def test_a_token_of_the_wrong_kind_is_a_page_out_of_date(case: Stage, token: str) -> None:
    with pytest.raises(Conflict, match="Reload it"):
        submit(case, case.task("one"), "carla", token)
    assert case.open == ["one"]


def test_anothers_late_submission_of_a_finished_task_is_a_conflict(case: Stage) -> None:
    case.directory.holders["cio"] = ["carla", "clara"]
    task = case.task("one")
    submit(case, task, "carla", case.token(), say="first")
    before = case.counts()
    with pytest.raises(Conflict, match="completed before your answers arrived") as caught:
        submit(case, task, "clara", case.token(), say="second")
    assert caught.value.task_id == task.id
    assert case.counts() == before


def test_ones_own_late_submission_from_another_page_is_a_conflict(case: Stage) -> None:
    task = case.task("one")
    submit(case, task, "carla", case.token(), say="first")
    with pytest.raises(Conflict, match="Nothing of yours was stored"):
        submit(case, task, "carla", case.token(), say="second")
    assert case.data["one"] == {"say": "first"}


def test_who_is_not_entitled_changes_nothing_and_learns_nothing(case: Stage) -> None:
    task, before = case.task("one"), case.counts()
    for person in ("igor", "ray", "nobody", ""):
        with pytest.raises(NotEntitled) as caught:
            submit(case, task, person, case.token())
        assert (caught.value.person_id, caught.value.task_id) == (person, task.id)
    assert case.counts() == before


def test_a_task_that_is_not_there(case: Stage) -> None:
    before = case.counts()
    with pytest.raises(NotFound) as caught:
        case.engine.tasks.complete(Actor("carla"), "0" * 32, revision=1, token=case.token(), answers={})
    assert (caught.value.kind, caught.value.key) == ("task", "0" * 32)
    assert case.counts() == before


def test_a_page_that_showed_another_revision_of_the_task_is_out_of_date(case: Stage) -> None:
    before = case.counts()
    with pytest.raises(Conflict, match="reload the page"):
        submit(case, case.task("one"), "carla", case.token(), revision=7)
    assert case.counts() == before


def test_a_task_the_case_has_moved_on_without(stage: Stage) -> None:
    drawing = (
        Drawing()
        .start()
        .parallel("split")
        .user("one")
        .user("two", role="ciso")
        .end("end")
        .end("stop", terminate=True)
        .path("start split one end", "split two stop")
    )
    stage.release(drawing)
    stage.start()
    task = stage.task("one")
    stage.do("two", "igor")
    with pytest.raises(Conflict, match="no longer needed"):
        submit(stage, task, "carla", stage.token())


def test_a_refused_form_changes_nothing(case: Stage) -> None:
    case.forms = FakeForms({"any.form": ["say"]})
    task, before, revision = case.task("one"), case.counts(), revision_of(case)
    for answers in ({}, {"say": ""}, {"say": "yes", "approved": True}):
        with pytest.raises(AnswersRefused) as caught:
            submit(case, task, "carla", case.token(), **answers)
        assert caught.value.errors
        assert caught.value.task_id == task.id
    assert (case.counts(), revision_of(case), case.open) == (before, revision, ["one"])
    submit(case, task, "carla", case.token(), say="yes")
    assert case.open == ["two"]


@pytest.mark.parametrize(
    "answers",
    [
        {"n": 0.1},
        {"n": float("nan")},
        {"n": 2**80},
        {"half": "\ud800"},
        {"\udfff": 1},
        {"$date": "2026-01-01"},
        {"x": {"$decimal": "1"}},
        {"x": {1, 2}},
        {"x": {1: 2}},
    ],
    ids=ascii,
)
def test_answers_that_cannot_be_stored_are_refused_whatever_a_form_lets_through(
    case: Stage, answers: dict[str, Any]
) -> None:
    task, before = case.task("one"), case.counts()
    with pytest.raises(AnswersRefused, match="another look"):
        submit(case, task, "carla", case.token(), **answers)
    assert case.counts() == before


def test_answers_nested_without_end_are_refused(case: Stage) -> None:
    deep: Any = 1
    for _ in range(500):
        deep = [deep]
    with pytest.raises(AnswersRefused):
        submit(case, case.task("one"), "carla", case.token(), deep=deep)


def test_a_task_without_a_form_takes_no_answers(stage: Stage) -> None:
    stage.release(Drawing().start().user("one", form=None).end().path("start one end"))
    stage.start()
    with pytest.raises(AnswersRefused):
        stage.do("one", "carla", say="yes")
    stage.do("one", "carla")
    assert stage.instance.state == "completed"


def test_who_performed_one_task_may_not_perform_another_kept_apart(stage: Stage) -> None:
    stage.directory.holders["ciso"].append("carla")
    stage.release(two_steps(parley_separateFrom="one"))
    stage.start()
    stage.do("one", "carla")
    before = stage.counts()
    with pytest.raises(NotEntitled):
        stage.do("two", "carla")
    assert stage.counts() == before
    stage.do("two", "igor")
    assert stage.instance.state == "completed"


@pytest.mark.parametrize(
    ("first", "second", "allowed"),
    [
        ("carla", "dora for igor", True),
        ("dora for carla", "dora for igor", False),
        ("dora for carla", "carla for igor", False),
        ("carla", "dora for carla", False),
        ("carla", "igor", True),
    ],
)
def test_a_deputy_is_kept_apart_like_the_one_stood_in_for(
    stage: Stage, first: str, second: str, allowed: bool
) -> None:
    directory = stage.directory = Deputies(PEOPLE)
    directory.deputies = {}
    stage.release(two_steps(parley_separateFrom="one"))
    stage.start()
    for element, desk, who in (("one", "cio", first), ("two", "ciso", second)):
        person, _, absent = who.partition(" for ")
        directory.deputies = {(person, desk): absent} if absent else {}
        if element == "two" and not allowed:
            with pytest.raises(NotEntitled):
                stage.do(element, person)
        else:
            stage.do(element, person)
    assert stage.open == ([] if allowed else ["two"])
    if allowed and " for " in second:
        last = stage.read(lambda c: stage.engine.instances.submissions(c, stage.instance_id, reader=None))[-1]
        assert (last.person_id, last.on_behalf_of, last.authority) == ("dora", "igor", "deputy of igor")


def test_the_raiser_may_be_kept_apart_too(stage: Stage) -> None:
    stage.release(two_steps(parley_separateFrom="start"))
    stage.start(by="igor")
    stage.do("one", "carla")
    with pytest.raises(NotEntitled):
        stage.do("two", "igor")


def test_a_task_for_the_starter_lies_on_the_starters_desk(stage: Stage) -> None:
    stage.release(
        Drawing().start().user("one", role=None, parley_performer="starter").end().path("start one end")
    )
    stage.start(by="ray")
    assert stage.task("one").desk == "person:ray"
    with pytest.raises(NotEntitled):
        stage.do("one", "carla")
    stage.do("one", "ray")


def test_authority_is_asked_of_the_directory_and_never_of_answers(case: Stage) -> None:
    case.do("one", "carla", actor="ray", role="ciso", desk="person:ray", candidates=["ray"])
    with pytest.raises(NotEntitled):
        case.do("two", "ray")
    case.directory.holders["ciso"] = ["nina"]
    with pytest.raises(NotEntitled):
        case.do("two", "igor")
    case.do("two", "nina")


def test_answers_stand_under_their_task_and_cannot_take_the_place_of_others(case: Stage) -> None:
    case.do("one", "carla", one=1, two=2, start=3, case=4)
    assert case.data == {"start": {"title": "A risk"}, "one": {"one": 1, "two": 2, "start": 3, "case": 4}}


def test_every_submission_stays_as_a_row_of_its_own(case: Stage) -> None:
    case.do("one", "carla", say="yes")
    case.do("two", "igor", say="no")
    rows = case.read(
        lambda c: c.execute(
            select(submissions)
            .where(submissions.c.instance_id == case.instance_id)
            .order_by(submissions.c.seq)
        ).all()
    )
    assert [(r.element_id, r.person_id, r.answers, r.round) for r in rows] == [
        ("start", "ray", {"title": "A risk"}, 1),
        ("one", "carla", {"say": "yes"}, 1),
        ("two", "igor", {"say": "no"}, 1),
    ]
    assert {row.version_hash for row in rows} == {case.instance.version_hash}


def test_a_start_form_is_checked_too_and_nothing_starts(stage: Stage) -> None:
    stage.release(two_steps())
    stage.forms = FakeForms({"any.form": ["title"]})
    before = stage.counts()
    with pytest.raises(AnswersRefused):
        stage.start(titel="A risk")
    with pytest.raises(AnswersRefused):
        stage.start(title="\ud800")
    assert stage.counts() == before
    stage.start(title="A risk")
    assert stage.open == ["one"]


def test_a_case_of_a_policy_that_is_not_released(stage: Stage) -> None:
    stage.key = "no-such-policy"
    with pytest.raises(NotFound, match="no-such-policy"):
        stage.start()


def test_a_case_stays_on_its_version(case: Stage) -> None:
    first = case.instance.version_hash
    case.release(Drawing().start().user("only").end().path("start only end"), case.key)
    assert case.instance.version_hash == first
    case.do("one", "carla")
    assert case.open == ["two"]
    with case.database.reading() as connection:
        stored = connection.execute(select(instances).where(instances.c.id == case.instance_id)).one()
    assert (stored.version_hash, stored.revision) == (first, 2)
    case.start()
    assert case.open == ["only"]
