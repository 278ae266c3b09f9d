"""The weekly dialogue: opened by itself, its agenda from the record; what both agreed to is permanent."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError

from tests.workflows.world import CIO_POSITION, World
from workflows.dialogue.models import dialogue_notes
from workflows.dialogue.operations import outcome
from workflows.dialogue.types import Dialogue, DialoguePage, NoteKind
from workflows.errors import AnswersRefused, Conflict, NotEntitled, NotFound
from workflows.identity.types import SYSTEM_PERSON

AGREED = {"held": "held", "agreed": "agreed"}
REFUSED = {"held": "held", "agreed": "not_agreed"}


def page(world: World, key: str = "cio") -> DialoguePage:
    return world.parley.dialogue.page(world.people[key])


def opened(world: World) -> Dialogue:
    """This week's dialogue, opened as the worker does."""
    world.parley.dialogue.open_missing()
    current = page(world).current
    assert current is not None
    return current


def say(world: World, who: str, answers: dict[str, Any]) -> None:
    current = page(world).current
    assert current is not None
    world.act(current.case_id, f"{who}_account", who, answers)


def draft(world: World, who: str, kind: NoteKind, words: str, **more: Any) -> None:
    world.parley.dialogue.put_down(world.people[who], None, kind, words, **more)


def test_the_first_opens_by_itself_and_once(world: World) -> None:
    assert world.parley.dialogue.open_missing() == 1
    assert world.parley.dialogue.open_missing() == 0
    for who in ("cio", "ciso"):
        (row,) = world.parley.cases.inbox(world.people[who])
        assert (row.name, row.risk_id, row.due) == ("Hold dialogue", None, "due in 4 days")


def test_a_unit_with_a_leader_of_its_own_is_a_pair(world: World) -> None:
    identity = world.parley.identity
    retail = identity.add_unit(SYSTEM_PERSON, id="retail", name="Retail", parent_id="group")
    world.people["second"] = identity.add_person(
        SYSTEM_PERSON, id="second", name="Second", email="second@bank.example"
    )
    world.appoint("second", "cio", unit=retail.id)
    assert world.parley.dialogue.open_missing() == 2
    theirs = world.parley.dialogue.page(world.people["second"], "retail")
    assert (theirs.pair.cio, theirs.pair.ciso) == ("Second", "Ciso")
    assert theirs.task_id is not None
    with pytest.raises(NotEntitled):
        world.parley.dialogue.page(world.people["cio"], "retail")
    with pytest.raises(NotFound):
        world.parley.dialogue.page(world.people["cio"], "nowhere")
    assert {one.title for one in page(world, "ciso").pairs} == {"Whole organisation", "Retail"}


def test_only_what_both_agreed_to_becomes_permanent(world: World) -> None:
    week = opened(world)
    draft(world, "cio", NoteKind.INITIATIVE, "The new data centre")
    draft(world, "ciso", NoteKind.OUTCOME, "Patches in the freeze are agreed case by case")
    draft(world, "ciso", NoteKind.ACTION, "List the servers", owner="cio", due_on=world.now.date())
    say(world, "ciso", AGREED)
    assert page(world).past == ()
    say(world, "cio", AGREED)
    (done,) = page(world, "auditor").past
    assert (done.case_id, done.result) == (week.case_id, "held")
    assert done.outcomes == ("Patches in the freeze are agreed case by case",)
    assert [(one.text, one.owner_name) for one in done.actions] == [("List the servers", "Cio")]
    after = page(world)
    assert (after.items, after.drafts) == ((), ())
    assert world.audit_faults() == []


@pytest.mark.parametrize(("answers", "words"), [(REFUSED, "not confirmed"), (None, "did not confirm")])
def test_a_confirmation_refused_or_missing_blocks_nothing(
    world: World, answers: dict[str, Any] | None, words: str
) -> None:
    week = opened(world)
    draft(world, "cio", NoteKind.OUTCOME, "As the CIO remembers it")
    say(world, "cio", AGREED)
    if answers:
        say(world, "ciso", answers)
    world.pass_time(days=7)
    now = page(world)
    assert now.current is not None
    assert now.current.case_id != week.case_id
    assert (now.past[0].result, now.past[0].outcomes) == ("held", ())
    assert words in now.past[0].sentence
    assert [note.text for note in now.drafts] == ["As the CIO remembers it"]


def test_a_skipped_week_is_counted_with_its_reason(world: World) -> None:
    opened(world)
    draft(world, "ciso", NoteKind.CHALLENGE, "On call is short of people")
    say(world, "ciso", {"held": "not_held", "reason": "Inspection"})
    world.pass_time(days=7)
    now = page(world)
    assert (now.held, now.counted) == (0, 1)
    assert now.past[0].sentence == "Not held: Inspection."
    assert [note.text for note in now.items] == ["On call is short of people"]


def test_silence_is_counted_as_no_reason_given(world: World) -> None:
    week = opened(world)
    world.pass_time(days=7)
    (past,) = page(world).past
    assert (past.result, past.sentence) == ("lapsed", "Not held; no reason given.")
    assert "counted as not held" in world.told(week.case_id)[-1]


def test_weeks_follow_each_other_for_as_long_as_the_posts_are_filled(world: World) -> None:
    opened(world)
    for _ in range(3):
        world.pass_time(days=7)
    now = page(world)
    assert now.counted == 3
    days = [one.opened_at for one in (now.current, *now.past) if one]
    assert {later - earlier for later, earlier in pairwise(days)} == {timedelta(days=7)}
    assert world.parley.dialogue.open_missing() == 0


def test_the_agenda_is_drawn_from_the_record_and_from_nothing_sealed(world: World) -> None:
    opened(world)
    risk, case = world.raise_risk()
    world.act(case, "cio_position", "cio", CIO_POSITION)
    say(world, "cio", {"held": "not_held"})
    world.pass_time(days=7)
    current = page(world).current
    assert current is not None
    found = {(line.kind, line.ref) for line in current.agenda}
    assert ("raised", risk.id) in found
    assert [line.detail for line in current.agenda if line.kind == "overdue"] == [
        "“Advise on risk” is 2 days late on the desk of the CISO"
    ]
    said = " ".join(f"{line.text} {line.detail}" for line in current.agenda)
    for answer in CIO_POSITION.values():
        assert len(str(answer)) < 15 or str(answer) not in said


def test_an_open_action_is_on_the_next_agenda_until_it_is_done(world: World) -> None:
    opened(world)
    draft(world, "cio", NoteKind.ACTION, "List the servers", owner="ciso", due_on=world.now.date())
    say(world, "cio", AGREED)
    say(world, "ciso", AGREED)
    world.pass_time(days=7)
    current, (action,) = page(world).current, page(world).open_actions
    assert current is not None
    assert [line.ref for line in current.agenda if line.kind == "action"] == [action.id]
    assert action.is_late
    with pytest.raises(NotEntitled):
        world.parley.dialogue.end_action(world.people["auditor"], action.id, "done")
    world.parley.dialogue.end_action(world.people["ciso"], action.id, "done")
    with pytest.raises(Conflict):
        world.parley.dialogue.end_action(world.people["cio"], action.id, "dropped")
    world.pass_time(days=7)
    later = page(world).current
    assert later is not None
    assert [line for line in later.agenda if line.kind == "action"] == []


def test_drafts_stand_still_once_one_has_answered(world: World) -> None:
    opened(world)
    draft(world, "cio", NoteKind.OUTCOME, "One")
    say(world, "cio", AGREED)
    (note,) = page(world).drafts
    with pytest.raises(Conflict, match="answered for this week"):
        draft(world, "ciso", NoteKind.OUTCOME, "Two")
    with pytest.raises(Conflict, match="answered for this week"):
        world.parley.dialogue.take_back(world.people["ciso"], None, note.id)
    draft(world, "ciso", NoteKind.INITIATIVE, "For next week")


def test_what_is_taken_back_leaves_no_trace(world: World) -> None:
    opened(world)
    draft(world, "cio", NoteKind.INITIATIVE, "A thought too early")
    (note,) = page(world).items
    with pytest.raises(NotEntitled):
        world.parley.dialogue.take_back(world.people["ciso"], None, note.id)
    world.parley.dialogue.take_back(world.people["cio"], None, note.id)
    with pytest.raises(NotFound):
        world.parley.dialogue.take_back(world.people["cio"], None, note.id)
    with world.parley.database.reading() as connection:
        assert connection.execute(select(dialogue_notes)).all() == []
        payloads = connection.execute(text("SELECT payload FROM audit_entries")).scalars().all()
    assert payloads
    assert not any("too early" in str(payload) for payload in payloads)


def test_an_action_needs_words_an_owner_and_a_date(world: World) -> None:
    opened(world)
    with pytest.raises(AnswersRefused) as refused:
        draft(world, "cio", NoteKind.ACTION, " ", due_on=world.now.date() - timedelta(days=1))
    assert set(refused.value.errors) == {"text", "owner", "due_on"}


def test_who_may_read_and_who_may_write(world: World) -> None:
    opened(world)
    draft(world, "cio", NoteKind.INITIATIVE, "Between the two of us")
    for reader in ("auditor", "cro"):
        assert page(world, reader).items == ()
        with pytest.raises(NotEntitled):
            draft(world, reader, NoteKind.INITIATIVE, "From outside")
    for reader in ("cfo", "raiser", "sponsor", "admin"):
        with pytest.raises(NotEntitled):
            page(world, reader)


def test_nobody_answers_for_both(world: World) -> None:
    week = opened(world)
    say(world, "cio", AGREED)
    assert world.parley.cases.inbox(world.people["cio"]) == []
    assert world.case(week.case_id).waiting[0].candidates == ("Ciso",)


@pytest.mark.parametrize("table", ["dialogues", "dialogue_results", "dialogue_outcomes", "dialogue_actions"])
def test_what_was_agreed_is_never_changed(world: World, table: str) -> None:
    opened(world)
    draft(world, "cio", NoteKind.OUTCOME, "One")
    draft(world, "cio", NoteKind.ACTION, "Two", owner="cio", due_on=world.now.date())
    say(world, "cio", AGREED)
    say(world, "ciso", AGREED)
    with pytest.raises(DBAPIError), world.parley.database.unit_of_work() as uow:
        uow.connection.execute(text(f"DELETE FROM {table}"))
    assert page(world).past[0].outcomes == ("One",)


def test_notes_can_be_deleted_at_all(world: World) -> None:
    opened(world)
    draft(world, "cio", NoteKind.INITIATIVE, "Gone soon")
    with world.parley.database.unit_of_work() as uow:
        uow.connection.execute(delete(dialogue_notes))
    assert page(world).items == ()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], ("lapsed", "", "none")),
        ([{"held": "not_held", "reason": None}], ("skipped", "", "none")),
        (
            [{"held": "not_held", "reason": "A"}, {"held": "not_held", "reason": "B"}],
            ("skipped", "A\nB", "none"),
        ),
        ([AGREED], ("held", "", "missing")),
        ([AGREED, AGREED], ("held", "", "agreed")),
        ([AGREED, REFUSED], ("held", "", "refused")),
        ([AGREED, {"held": "not_held"}], ("held", "", "refused")),
    ],
)
def test_how_a_week_is_counted(said: list[dict[str, Any]], expected: tuple[str, str, str]) -> None:
    assert outcome(dict(zip(("cio_account", "ciso_account"), said, strict=False))) == expected
