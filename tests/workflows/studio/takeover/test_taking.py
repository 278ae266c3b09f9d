"""Offers taken: the draft can run, can be played and given back, and nothing that a file said is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from engine.diagrams import read_definitions, read_elements
from tests.workflows.studio.test_drafts_of_policies import Office
from tests.workflows.world import World
from workflows.errors import Conflict, NotEntitled, RuleBroken
from workflows.playing.facade import Playing
from workflows.studio.takeover import TakeoverPage, read_takeover, taken
from workflows.studio.takeover.diagrams import read
from workflows.studio.takeover.dialects import STANDARD
from workflows.studio.takeover.exporting import HEADINGS, as_csv
from workflows.studio.takeover.listing import reason_of

WITHIN = {"https://www.omg.org/spec/DMN/20191111/MODEL/"}
"""Stands in the exchange files only within settings of others."""
MATERIAL = Path(__file__).parent / "material"
SETS = [
    ["camunda-7.bpmn", "camunda-7.dmn"],
    ["camunda-7-services.bpmn", "sign.form"],
    ["camunda-8.bpmn", "supplier-check.form"],
    ["flowable.bpmn", "askAgain.form"],
    ["signavio.bpmn"],
    ["bizagi.bpmn"],
    ["spiffworkflow.bpmn", "expense-schema.json", "expense-uischema.json"],
]


def content(names: list[str]) -> dict[str, bytes]:
    return {name: (MATERIAL / name).read_bytes() for name in names}


def whole(node: etree._Element) -> str:
    return etree.tostring(node, method="c14n", exclusive=True, with_tail=False).decode()


def said(data: bytes) -> list[tuple[str, str]]:
    """Every setting of other tools: its name, and all that stands in it, of text and attributes."""
    return [
        (each.said, each.value if each.node is None else whole(each.node))
        for each in read("a.bpmn", data).settings
    ]


@pytest.mark.parametrize("names", SETS, ids=lambda names: names[0].removesuffix(".bpmn"))
def test_with_all_taken_every_word_of_the_other_tool_still_stands(names: list[str]) -> None:
    files = content(names)
    found = read_takeover(files)
    choices = {each.id: each.chosen or each.choices[0].value for each in found.offers if each.choices}
    after = {**files, **taken(files, found, [each.id for each in found.offers], choices)}
    path = names[0]
    assert after[path] != files[path] or "sign.form" in names
    assert said(after[path]) == said(files[path])
    # The file is the same text but for what was put in or put in place: no line of it is written anew.
    old, new = files[path].decode().splitlines(), after[path].decode().splitlines()
    assert sum(line not in new for line in old) <= 2 * len(found.offers) + 2
    assert read_takeover(after).offers == ()


def test_a_role_goes_to_the_lane_and_an_owner_at_the_step_goes_out() -> None:
    files = content(["bizagi.bpmn"])
    found = read_takeover(files)
    wanted = [each.id for each in found.offers if each.kind == "people"]
    office = next(each for each in found.offers if not each.chosen and each.choices)
    after = taken(files, found, wanted, {office.id: "raiser"})["bizagi.bpmn"]
    elements = read_elements(read_definitions(after))
    assert [elements[key].role for key in ("Id_t1", "Id_t2", "Id_t3")] == ["committee", "cro", "raiser"]
    text = after.decode()
    assert '<userTask id="Id_t3" name="Book it"></userTask>' in text
    assert '<lane id="Id_l2" name="Back office" parley:role="raiser">' in text


OFFERED = {
    "ref-C.1.0.bpmn": {"activiti:candidateGroups"},
    "ref-C.8.0.bpmn": {"zeebe:formDefinition"},
    "ref-C.9.2.bpmn": {"zeebe:candidateGroups", "zeebe:formDefinition"},
}
"""What of the exchange files is offered; all else of theirs is listed, or needs nothing for a reason."""


def test_every_exchange_file_comes_in_with_each_foreign_setting_accounted_for(shared_data: Path) -> None:
    paths = sorted((shared_data / "bpmn-miwg").glob("*.bpmn"))
    assert len(paths) == 18
    for path in paths:
        data = path.read_bytes()
        found = read_takeover({path.name: data})
        settings = read(path.name, data).settings
        foreign = {each.said.partition(" ")[0] for each in settings}
        listed = {row.said.partition(" ")[0] for row in found.left}
        kept = {each.said.partition(" ")[0] for each in settings if not reason_of(each).advice}
        assert foreign - listed - kept == OFFERED.get(path.name, set()), path.name
        assert all(row.why and row.advice for row in found.left), path.name
        assert all(each.reason for each in found.kept), path.name
        assert bool(found.tools) or not foreign, path.name
        # Whatever is in the file and no part of BPMN, its drawing or its types is among the settings.
        spaces = {each.namespace for each in settings}
        names = [name for node in read_definitions(data).iter("*") for name in (node.tag, *node.attrib)]
        assert {etree.QName(str(name)).namespace or "" for name in names} - STANDARD <= spaces | WITHIN, (
            path.name
        )


@pytest.fixture
def office(small_world: World) -> Office:
    return Office(small_world)


def page_of(office: Office, draft_id: str) -> TakeoverPage:
    return office.studio.takeover.page(office.world.people["coo"], draft_id)


def test_a_camunda_file_is_taken_over_and_played(office: Office) -> None:
    people, studio = office.world.people, office.studio
    coo, takeover = people["coo"], office.studio.takeover
    files = content(["camunda-7.bpmn", "camunda-7.dmn"])
    draft = studio.make(coo, "exception-request", files=files).id
    page = page_of(office, draft)
    assert (page.tools, page.may_take, page.taken, page.may_undo) == (("Camunda 7",), True, (), False)
    assert any(each.is_refusal for each in studio.findings(coo, draft))
    asked = next(each for each in page.offers if each.choices and not each.chosen)
    with pytest.raises(RuleBroken, match="Choose first"):
        takeover.take(coo, draft, revision=1, offers=[asked.id], choices={})
    with pytest.raises(NotEntitled):
        takeover.take(people["auditor"], draft, revision=1, offers=[asked.id], choices={asked.id: "cro"})
    one = next(each for each in page.offers if each.kind == "conditions")
    takeover.take(coo, draft, revision=1, offers=[one.id], choices={})
    stored = studio.files(coo, draft)
    assert {"requested.form", "review.form"} <= set(stored), "a condition brings the forms it asks"
    with pytest.raises(RuleBroken, match="not offered any more"):
        takeover.take(coo, draft, revision=2, offers=[one.id], choices={})
    takeover.undo(coo, draft, revision=2)
    assert studio.files(coo, draft) == files
    page = page_of(office, draft)
    takeover.take(coo, draft, revision=3, offers=[each.id for each in page.offers], choices={asked.id: "cro"})
    assert studio.findings(coo, draft) == ()
    page = page_of(office, draft)
    assert (page.offers, len(page.taken), len(page.left), page.may_undo) == ((), 10, 5, True)
    assert takeover.earlier(coo, draft, 4, "camunda-7.bpmn") == files["camunda-7.bpmn"]
    with pytest.raises(Conflict):
        takeover.undo(coo, draft, revision=3)

    playing = Playing(office.world.parley.context)
    playing.begin(coo, draft)
    playing.act(
        coo,
        draft,
        revision=1,
        task_id="",
        person_id="raiser",
        answers={"subject": "An old server", "amount": "5000"},
    )
    shown = playing.page(coo, draft)
    assert shown is not None
    review = next(each for each in shown.tasks if each.person_id == "ciso")
    playing.act(
        coo, draft, revision=shown.revision, task_id=review.task_id, person_id="ciso",
        answers={"approved": "true", "reason": "It is needed.", "class": "major"},
    )  # fmt: skip
    shown = playing.page(coo, draft)
    assert shown is not None
    assert set(shown.path.waiting) == {"decide"}, (
        "the condition is true by the form's and the table's answers"
    )
    assert {each.person_id for each in shown.tasks} == {"cro"}


def test_schemas_of_forms_stay_beside_the_draft_and_the_list_goes_out_as_a_table(office: Office) -> None:
    coo, takeover = office.world.people["coo"], office.studio.takeover
    schemas = content(["expense-schema.json", "expense-uischema.json"])
    draft = office.studio.make(coo, "expense", files=content(["spiffworkflow.bpmn"])).id
    assert not any(each.kind == "forms" for each in page_of(office, draft).offers)
    kept = takeover.bring(coo, draft, [], {**schemas, "package.json": b"{}"})
    assert kept == ("expense-schema.json", "expense-uischema.json")
    page = page_of(office, draft)
    form = next(each for each in page.offers if each.kind == "forms")
    assert form.sentence == "It becomes the form ask.form: cost, purpose, means, day."
    takeover.take(coo, draft, revision=1, offers=[form.id], choices={})
    page = page_of(office, draft)
    assert page.material == kept
    assert "ask: receipt data-url" in {f"{row.element_id}: {row.said}" for row in page.left}
    assert takeover.material(coo, draft, kept[0]) == schemas[kept[0]]
    lines = as_csv(page.left).splitlines()
    assert lines[0] == ",".join(HEADINGS)
    assert len(lines) == 1 + len(page.left)
