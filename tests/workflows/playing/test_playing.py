"""A draft is played with its real forms on a stage of its own; nothing of the organisation's is touched."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from engine.db.schema import metadata as engine_metadata
from tests.workflows.studio.test_drafts_of_policies import KEY, Office
from tests.workflows.world import CIO_POSITION, World
from tests.workflows.world import RAISED as AS_RAISED
from workflows.errors import AnswersRefused, Conflict, NotEntitled, NotFound, RuleBroken
from workflows.metadata import metadata
from workflows.playing.facade import Playing
from workflows.playing.types import PlayPage

RAISED = AS_RAISED | {"assets": ["internet-gateway"]}
OURS = {"plays", "draft_scenarios", "scenario_outcomes"}


@pytest.fixture
def office(small_world: World) -> Office:
    return Office(small_world)


@pytest.fixture
def playing(office: Office) -> Playing:
    return Playing(office.world.parley.context)


def rows(world: World) -> dict[str, int]:
    """Every table of the database with its number of rows, but for those that playing has."""
    tables = [*engine_metadata.sorted_tables, *metadata.sorted_tables]
    with world.parley.database.reading() as connection:
        return {
            each.name: connection.execute(select(func.count()).select_from(each)).scalar_one()
            for each in tables
            if each.name not in OURS
        }


def shown(playing: Playing, office: Office) -> PlayPage:
    page = playing.page(office.world.people["coo"], office.id)
    assert page is not None
    return page


def test_a_dry_run_goes_through_forms_roles_and_time(office: Office, playing: Playing) -> None:
    world, coo = office.world, office.world.people["coo"]
    before = rows(world)
    assert playing.page(coo, office.id) is None
    playing.begin(coo, office.id)
    page = shown(playing, office)
    assert page.asked is not None
    assert page.asked.presentation is not None
    assert page.asked.person_id == "raiser"
    with pytest.raises(AnswersRefused):
        playing.act(
            coo, office.id, revision=page.revision, task_id="", person_id="raiser", answers={"title": ""}
        )
    playing.act(coo, office.id, revision=page.revision, task_id="", person_id="raiser", answers=RAISED)
    page = shown(playing, office)
    assert {each.person_id for each in page.tasks} == {"cio", "ciso"}
    assert set(page.path.waiting) >= {"cio_position", "ciso_position"}
    task = next(each for each in page.tasks if each.person_id == "cio")
    asked = playing.page(coo, office.id, task_id=task.task_id, person_id="cio")
    assert asked is not None
    assert asked.asked is not None
    assert asked.asked.presentation is not None
    stranger = playing.page(coo, office.id, task_id=task.task_id, person_id="auditor")
    assert stranger is not None
    assert stranger.asked is not None
    assert stranger.asked.presentation is None, "who may not act on the stage gets no form either"
    with pytest.raises(NotEntitled):
        playing.act(
            coo, office.id, revision=page.revision, task_id=task.task_id, person_id="auditor", answers={}
        )
    began = page.now
    playing.advance(coo, office.id, revision=page.revision, duration="P30D")
    page = shown(playing, office)
    assert page.now - began == timedelta(days=30)
    assert page.case is not None
    assert len(page.case.timeline) > 1, "what time brings stands in the record"
    with pytest.raises(Conflict, match="another window"):
        playing.advance(coo, office.id, revision=page.revision - 1, duration="P1D")
    with pytest.raises(RuleBroken):
        playing.advance(coo, office.id, revision=page.revision, duration="P99Y")
    assert rows(world) == before
    assert world.audit_faults() == []


def test_another_process_goes_on_where_one_left_off(office: Office, playing: Playing) -> None:
    coo = office.world.people["coo"]
    playing.begin(coo, office.id)
    playing.act(coo, office.id, revision=1, task_id="", person_id="raiser", answers=RAISED)
    elsewhere = Playing(office.world.parley.context)
    page = elsewhere.page(coo, office.id)
    assert page is not None
    assert [each.element_id for each in page.acts] == ["raise"]
    assert elsewhere.page(office.world.people["hr"], office.id) is None, "everybody plays for oneself"


def test_the_last_act_is_taken_back(office: Office, playing: Playing) -> None:
    coo = office.world.people["coo"]
    playing.begin(coo, office.id)
    playing.act(coo, office.id, revision=1, task_id="", person_id="raiser", answers=RAISED)
    task = next(each for each in shown(playing, office).tasks if each.person_id == "cio")
    playing.act(coo, office.id, revision=2, task_id=task.task_id, person_id="cio", answers=CIO_POSITION)
    both = shown(playing, office)
    playing.advance(coo, office.id, revision=3, duration="P30D")
    playing.take_back(coo, office.id, revision=4)
    page = shown(playing, office)
    assert (page.now, page.acts) == (both.now, both.acts)
    assert page.path == both.path
    playing.take_back(coo, office.id, revision=5)
    assert {each.person_id for each in shown(playing, office).tasks} == {"cio", "ciso"}
    with pytest.raises(Conflict, match="another window"):
        playing.take_back(coo, office.id, revision=5)
    playing.take_back(coo, office.id, revision=6)
    assert shown(playing, office).case is None
    with pytest.raises(Conflict, match="Nothing can be taken back"):
        playing.take_back(coo, office.id, revision=7)


def test_what_cannot_run_is_not_played(office: Office, playing: Playing) -> None:
    office.change(old=b'parley:role="cio"', new=b'parley:role="nobody"')
    with pytest.raises(RuleBroken, match="Mend what stands against"):
        playing.begin(office.world.people["coo"], office.id)


def test_who_may_not_read_drafts_does_not_play(office: Office, playing: Playing) -> None:
    with pytest.raises(NotEntitled):
        playing.begin(office.world.people["architect"], office.id)


def test_a_dry_run_is_kept_as_a_scenario_and_told_on_both(office: Office, playing: Playing) -> None:
    """Kept with the draft, told on it and on its version."""
    coo = office.world.people["coo"]
    playing.begin(coo, office.id)
    playing.act(coo, office.id, revision=1, task_id="", person_id="raiser", answers=RAISED)
    [task] = [each for each in shown(playing, office).tasks if each.person_id == "cio"]
    playing.act(coo, office.id, revision=2, task_id=task.task_id, person_id="cio", answers=CIO_POSITION)
    playing.advance(coo, office.id, revision=3, duration="P1D")
    name = playing.keep(coo, office.id, revision=4, title="A day goes by", story="Nobody answers.")
    assert name == "a-day-goes-by"
    office.change(old=b'name="Decide on risk"', new=b'name="Decide the risk"')
    assert told(playing, office, name) == ((), (), True), "a step that is not come to changes nothing"
    files = office.studio.files(coo, office.id)
    renamed = files["blind-positions.bpmn"].replace(b'"State business position"', b'"Speak for the business"')
    changes = {"blind-positions.bpmn": renamed}
    office.studio.save(coo, office.id, revision=office.revision, changes=changes)
    faults, changes, is_compared = told(playing, office, name)
    assert is_compared
    assert faults == ()
    gone, new = changes
    assert gone.startswith("The record no longer says: ")
    assert "“State business position”" in gone
    assert new.startswith("The record now says: ")
    assert "“Speak for the business”" in new


def told(playing: Playing, office: Office, name: str) -> tuple[tuple[str, ...], tuple[str, ...], bool]:
    """Faults of a scenario on the draft, what changed against its version, and whether that is known."""
    coo = office.world.people["coo"]
    assert playing.tell(coo, office.id, name) == 0
    [row] = [each for each in playing.scenarios(coo, office.id).rows if each.name == name]
    assert row.origin == "draft"
    assert row.outcome is not None
    return row.outcome.faults, row.changes, row.is_compared


def test_a_scenario_that_a_draft_makes_untrue_is_taken_out_of_it_on_record(
    office: Office, playing: Playing
) -> None:
    """The version keeps it; the next one has it no more; who took it out, and why, stands in the chain."""
    people, parley = office.world.people, office.world.parley
    author, reader = people["coo"], people["auditor"]
    before = parley.policies.versions(reader, KEY)[0]
    names = [row.name for row in playing.scenarios(author, office.id).rows]
    gone = names[0]
    with pytest.raises(RuleBroken, match="Nothing was taken out"):
        playing.take_out(author, office.id, gone, reason=" ")
    with pytest.raises(NotEntitled):
        playing.take_out(people["cio"], office.id, gone, reason="Mine.")
    playing.take_out(author, office.id, gone, reason="Nobody is asked twice any more.")
    with pytest.raises(NotFound):
        playing.take_out(author, office.id, gone, reason="Again.")
    page = playing.scenarios(author, office.id)
    assert [row.name for row in page.rows] == names[1:]
    assert [each.by for each in page.taken_out] == [author.name]
    with parley.database.reading() as connection:
        last = parley.engine.audit.entries(connection, f"policy:{KEY}")[-1]
    assert last.event == "draft:scenario taken out"
    assert last.payload is not None
    assert (last.payload["scenario"], last.payload["words"]) == (gone, "Nobody is asked twice any more.")

    office.change()
    office.submit()
    with pytest.raises(Conflict):
        playing.take_out(author, office.id, names[1], reason="Too late.")
    office.agree_all()
    after = office.studio.release(author, office.id)
    assert list(playing.of_version(reader, before.hash)) == names
    assert list(playing.of_version(reader, after.hash)) == names[1:]
