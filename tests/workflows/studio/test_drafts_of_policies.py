"""A policy is changed in a draft, agreed to by three persons who did not write it, and only then released."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.workflows.world import World
from workflows.errors import Conflict, DefinitionRefused, FileRefused, NotEntitled, NotFound, RuleBroken
from workflows.studio.bundles import read_uploads
from workflows.studio.diagram_files import kept_or_changed
from workflows.types import Role

KEY = "risk-decision"
MAIN = f"{KEY}.bpmn"


class Office:
    """The world, with somebody of governance, a process owner, and their draft of the risk decision."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.studio = world.parley.studio
        world.appoint("coo", "governance")
        world.appoint("hr", "process_owner")
        latest = world.parley.policies.versions(world.people["coo"], KEY)[0]
        self.id = self.studio.make(world.people["coo"], KEY, based_on=latest.hash).id

    def __getitem__(self, key: str) -> object:
        return self.world.people[key]

    @property
    def revision(self) -> int:
        return self.studio.draft(self.world.people["auditor"], self.id).revision

    def change(
        self, by: str = "coo", old: bytes = b"Decide on risk", new: bytes = b"Decide the risk"
    ) -> None:
        people = self.world.people
        files = self.studio.files(people[by], self.id)
        changed = files[MAIN].replace(old, new)
        assert changed != files[MAIN]
        self.studio.save(people[by], self.id, revision=self.revision, changes={MAIN: changed})

    def submit(self) -> None:
        self.studio.submit(
            self.world.people["coo"], self.id, revision=self.revision, note="It says what is meant."
        )

    def agree(self, key: str, role: Role) -> None:
        self.studio.agree(self.world.people[key], self.id, role, revision=self.revision, words="Yes.")

    def agree_all(self) -> None:
        self.agree("cio", Role.CIO)
        self.agree("ciso", Role.CISO)
        self.agree("sponsor", Role.EXECUTIVE)


@pytest.fixture
def office(small_world: World) -> Office:
    return Office(small_world)


def test_from_a_draft_to_a_version_that_new_cases_run_under(world: World) -> None:
    office = Office(world)
    people, studio = world.people, office.studio
    _, open_case = world.raise_risk()
    office.change()
    office.submit()
    effect = studio.effect(people["coo"], office.id)
    assert [(row.case_id, row.kind) for row in effect] == [(open_case, "clean")]
    office.agree_all()
    page = studio.draft(people["coo"], office.id)
    assert [(each.role, each.person_name) for each in page.agreements] == [
        (Role.CIO, "Cio"),
        (Role.CISO, "Ciso"),
        (Role.EXECUTIVE, "Sponsor"),
    ]
    assert page.allowed.release
    version = studio.release(people["coo"], office.id)
    assert (version.number, version.note) == (2, "It says what is meant.")
    assert world.parley.policies.policies(people["coo"])[0].description
    _, newer = world.raise_risk()
    assert world.case(newer).policy.number == 2
    rows = studio.history.versions(people["auditor"], KEY)
    assert [(row.version.number, row.cases, row.open_cases) for row in rows] == [(2, 1, 1), (1, 1, 1)]
    assert rows[0].agreed_by == ("CIO: Cio", "CISO: Ciso", "Executive sponsor: Sponsor")
    assert rows[1].agreed_by == ()
    assert [row.case_id for row in studio.history.move_preview(people["coo"], KEY)] == [open_case]
    report = studio.history.move(people["coo"], KEY, reason="One name for one thing.")
    assert (report.moved, report.stayed) == (1, ())
    assert world.case(open_case).policy.number == 2
    assert world.audit_faults() == []
    with world.parley.database.reading() as connection:
        told = [each.event for each in world.parley.engine.audit.entries(connection, f"policy:{KEY}")]
    assert told[1:] == [
        "draft:made", "draft:saved", "draft:submitted", "draft:agreed", "draft:agreed", "draft:agreed",
        "version:released", "draft:released", "policy:endorsed",
    ]  # fmt: skip


def test_who_may_draft(office: Office) -> None:
    people, studio = office.world.people, office.studio
    for key in ("cio", "ciso", "sponsor", "admin", "auditor", "raiser", "cfo"):
        with pytest.raises(NotEntitled):
            studio.make(people[key], "another", files={"another.bpmn": b"<a/>"})
        with pytest.raises(NotEntitled):
            studio.save(people[key], office.id, revision=1, changes={MAIN: b"<a/>"})
    assert studio.make(people["hr"], "another", files={"another.bpmn": b"<a/>"}).title == "Another"
    for key in ("admin", "raiser"):
        with pytest.raises(NotEntitled):
            studio.draft(people[key], office.id)
        with pytest.raises(NotEntitled):
            studio.drafts(people[key])
    assert {row.key for row in studio.drafts(people["cio"])} == {"another", KEY}
    assert [row.based_on for row in studio.drafts(people["cio"], KEY)] == [1]


def test_two_editors_are_warned_and_nothing_is_overwritten(office: Office) -> None:
    people, studio = office.world.people, office.studio
    before = office.revision
    office.change("hr")
    theirs = studio.files(people["coo"], office.id)[MAIN]
    with pytest.raises(Conflict, match="Nothing was overwritten"):
        studio.save(people["coo"], office.id, revision=before, changes={MAIN: b"<mine/>"})
    assert studio.files(people["coo"], office.id)[MAIN] == theirs


def test_a_diagram_written_otherwise_keeps_its_bytes(office: Office) -> None:
    people, studio = office.world.people, office.studio
    original = studio.files(people["coo"], office.id)[MAIN]
    rewritten = original.replace(b'<?xml version="1.0" encoding="UTF-8"?>', b"").replace(b"\n", b" ")
    saved = studio.save(people["coo"], office.id, revision=1, changes={MAIN: rewritten})
    assert saved.revision == 1
    assert studio.files(people["coo"], office.id)[MAIN] == original
    moved = original.replace(b'<dc:Bounds x="', b'<dc:Bounds x="1', 1)
    assert kept_or_changed(original, moved) == moved


@pytest.mark.parametrize("path", ["../secret.bpmn", "a/b.bpmn", "notes.txt", ".form", "x.bpmn.exe"])
def test_files_of_odd_names_are_refused(office: Office, path: str) -> None:
    with pytest.raises(RuleBroken, match="Nothing was stored"):
        office.studio.save(office.world.people["coo"], office.id, revision=1, changes={path: b"x"})


def test_what_the_gate_refuses_is_no_surprise(office: Office) -> None:
    people, studio = office.world.people, office.studio
    office.change(old=b"risks.record_refusal", new=b"risks.refuse_always")
    page = studio.draft(people["coo"], office.id)
    assert page.refusals == 1
    [finding] = [each for each in page.findings if each.is_refusal]
    assert (finding.element_id, finding.element_name) == ("record_refusal", "Record refusal")
    with pytest.raises(DefinitionRefused, match=r"risks\.refuse_always"):
        office.submit()
    with pytest.raises(Conflict, match="Mend what the findings name"):
        studio.effect(people["coo"], office.id)


def test_a_draft_that_changes_nothing_or_says_no_reason_is_not_reviewed(office: Office) -> None:
    with pytest.raises(RuleBroken, match="differs from version 1"):
        office.submit()
    office.change()
    with pytest.raises(RuleBroken, match="Say why"):
        office.studio.submit(office.world.people["coo"], office.id, revision=office.revision, note="  ")


def test_an_author_does_not_agree_not_even_in_a_post(office: Office) -> None:
    world = office.world
    world.appoint("hr", "executive")
    office.change("hr")
    office.submit()
    office.agree("cio", Role.CIO)
    office.agree("ciso", Role.CISO)
    with pytest.raises(NotEntitled, match="changed this draft yourself"):
        office.agree("hr", Role.EXECUTIVE)
    assert office.studio.draft(world.people["hr"], office.id).allowed.agree is None
    office.agree("sponsor", Role.EXECUTIVE)


def test_an_administrator_does_not_agree(office: Office) -> None:
    office.world.appoint("sponsor", "administrator")
    office.change()
    office.submit()
    office.agree("cio", Role.CIO)
    office.agree("ciso", Role.CISO)
    with pytest.raises(NotEntitled, match="administers"):
        office.agree("sponsor", Role.EXECUTIVE)


def test_three_persons_agree_each_in_a_post_and_the_executive_last(office: Office) -> None:
    world = office.world
    world.appoint("cio", "executive")
    office.change()
    office.submit()
    with pytest.raises(NotEntitled, match="agree first"):
        office.agree("sponsor", Role.EXECUTIVE)
    with pytest.raises(NotEntitled, match="do not hold the post"):
        office.agree("cio", Role.CISO)
    office.agree("cio", Role.CIO)
    with pytest.raises(NotEntitled, match="has agreed already"):
        office.agree("cio", Role.CIO)
    with pytest.raises(NotEntitled, match="CISO and Executive sponsor must agree first"):
        office.studio.release(world.people["coo"], office.id)
    office.agree("ciso", Role.CISO)
    with pytest.raises(NotEntitled, match="three persons"):
        office.agree("cio", Role.EXECUTIVE)
    office.agree("sponsor", Role.EXECUTIVE)
    for key in ("cio", "sponsor", "hr", "admin"):
        with pytest.raises(NotEntitled):
            office.studio.release(world.people[key], office.id)
    assert office.studio.release(world.people["coo"], office.id).number == 2


def test_what_is_sent_back_is_agreed_to_anew(office: Office) -> None:
    world = office.world
    office.change()
    office.submit()
    seen = office.revision
    office.agree("cio", Role.CIO)
    with pytest.raises(RuleBroken, match="Say what"):
        office.studio.send_back(world.people["ciso"], office.id, reason="")
    office.studio.send_back(world.people["ciso"], office.id, reason="The lane is wrong.")
    office.submit()
    page = office.studio.draft(world.people["ciso"], office.id)
    assert [each.person_name for each in page.agreements] == ["", "", ""]
    with pytest.raises(Conflict, match="moved on"):
        office.studio.agree(world.people["ciso"], office.id, Role.CISO, revision=seen)


def test_comments_on_elements_stay(office: Office) -> None:
    people, studio = office.world.people, office.studio
    studio.comment(people["ciso"], office.id, words="Why so long?", element_id="decide")
    office.world.pass_time(minutes=1)
    studio.comment(people["hr"], office.id, words="Fine with me.")
    with pytest.raises(Conflict, match="not in the draft"):
        studio.comment(people["ciso"], office.id, words="Where?", element_id="nowhere")
    with pytest.raises(RuleBroken, match="needs some words"):
        studio.comment(people["ciso"], office.id, words=" ")
    for key in ("auditor", "raiser", "admin"):
        with pytest.raises(NotEntitled):
            studio.comment(people[key], office.id, words="Mine.")
    told = [(each.person_name, each.element_name, each.words) for each in
            studio.draft(people["auditor"], office.id).comments]  # fmt: skip
    assert told == [("Ciso", "Decide on risk", "Why so long?"), ("Hr", "", "Fine with me.")]


def test_a_draft_given_up_stays_on_record(office: Office) -> None:
    people, studio = office.world.people, office.studio
    studio.withdraw(people["hr"], office.id, reason="Another draft goes further.")
    page = studio.draft(people["coo"], office.id)
    assert page.state == "withdrawn"
    assert not any((page.allowed.change, page.allowed.submit, page.allowed.comment, page.allowed.withdraw))
    with pytest.raises(Conflict, match="withdrawn"):
        studio.comment(people["coo"], office.id, words="Too late.")


def test_a_draft_says_when_another_version_came_meanwhile(office: Office) -> None:
    people, studio = office.world.people, office.studio
    base = office.world.parley.policies.versions(people["coo"], KEY)[0].hash
    other = studio.make(people["coo"], KEY, based_on=base)
    assert not studio.draft(people["coo"], other.id).is_behind
    office.change()
    office.submit()
    office.agree_all()
    studio.release(people["coo"], office.id)
    assert studio.draft(people["coo"], other.id).is_behind
    told = studio.history.difference(people["coo"], KEY, base, f"draft:{other.id}")
    assert told.sentences == ("Nothing differs.",)
    with pytest.raises(NotEntitled):
        studio.history.difference(people["raiser"], KEY, base, f"draft:{other.id}")
    with pytest.raises(NotFound):
        studio.history.difference(people["coo"], KEY, base, "0" * 64)


def test_uploads() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("policy/p.bpmn", b"<a/>")
        archive.writestr("policy/README.md", b"# P")
    assert read_uploads([("p.zip", packed.getvalue()), ("q.form", b"{}")]) == {
        "p.bpmn": b"<a/>",
        "q.form": b"{}",
    }
    with pytest.raises(FileRefused, match="no zip"):
        read_uploads([("p.zip", b"not one")])
    with pytest.raises(FileRefused, match="There is no diagram"):
        read_uploads([("notes.txt", b"x")])
    with pytest.raises(FileRefused, match="two different files"):
        read_uploads([("p.zip", packed.getvalue()), ("p.bpmn", b"<b/>")])
    with pytest.raises(FileRefused, match="more than"):
        read_uploads([("p.bpmn", b"x" * 5_000_001)])
