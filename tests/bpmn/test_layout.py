"""Every shipped diagram can be read at a glance: nothing crosses, overlaps, leans or is cut off."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bpmn import drawing
from tests.bpmn.drawing import Drawing

POLICIES = Path(__file__).parents[2] / "bpmn"
DIAGRAMS = sorted(POLICIES.glob("*/*.bpmn"))
RISK_DECISION = (POLICIES / "risk-decision" / "risk-decision.bpmn").read_bytes()


@pytest.fixture(scope="module", params=DIAGRAMS, ids=lambda path: path.stem)
def picture(request: pytest.FixtureRequest) -> Drawing:
    path: Path = request.param
    return drawing.read(path.read_bytes())


def test_every_element_is_drawn(picture: Drawing) -> None:
    assert picture.undrawn == frozenset()
    assert len(picture.shapes) > 1
    assert len(picture.lines) > 1


def test_no_two_lines_meet(picture: Drawing) -> None:
    assert drawing.crossings(picture) == []


def test_no_line_runs_over_a_shape(picture: Drawing) -> None:
    assert drawing.run_over(picture) == []


def test_every_line_is_made_of_horizontal_and_vertical_parts(picture: Drawing) -> None:
    assert drawing.slanted(picture) == []


def test_every_line_begins_and_ends_at_its_shapes(picture: Drawing) -> None:
    assert drawing.loose_ends(picture) == []


def test_no_two_shapes_overlap(picture: Drawing) -> None:
    assert drawing.overlapping_shapes(picture) == []


def test_every_step_stands_in_the_lane_that_lists_it(picture: Drawing) -> None:
    assert drawing.out_of_lane(picture) == []


def test_labels_cover_nothing(picture: Drawing) -> None:
    assert drawing.covered_labels(picture) == []


def test_labels_have_room_for_their_text(picture: Drawing) -> None:
    assert drawing.cramped_labels(picture) == []


def test_shapes_and_bends_stand_on_the_grid(picture: Drawing) -> None:
    centres = [
        (shape.box.x + shape.box.width / 2, shape.box.y + shape.box.height / 2)
        for shape in picture.shapes.values()
    ]
    bends = [point for line in picture.lines.values() for point in line.points[1:-1]]
    assert {value % 5 for point in (*centres, *bends) for value in point} <= {0, 2.5}


def test_flows_go_left_to_right_but_for_loops_back(picture: Drawing) -> None:
    """Reading never jumps back, other than by a flow into a merge."""
    back = [
        line.target
        for line in picture.lines.values()
        if line.kind == "sequenceFlow"
        and picture.shapes[line.target].box.right < picture.shapes[line.source].box.x
    ]
    assert all(picture.shapes[target].kind == "exclusiveGateway" for target in back)


def _moved(old: str, new: str) -> Drawing:
    text = RISK_DECISION.decode()
    assert old in text
    return drawing.read(text.replace(old, new, 1).encode())


# Each check, tried on a picture with one thing moved: it must say so, or it proves nothing above.


def test_a_crossing_is_found() -> None:
    assert drawing.crossings(_moved('<di:waypoint x="840" y="740" />', '<di:waypoint x="840" y="780" />'))


def test_a_line_over_a_shape_is_found() -> None:
    assert drawing.run_over(_moved('<dc:Bounds x="900" y="290"', '<dc:Bounds x="1120" y="480"'))


def test_a_slanted_line_is_found() -> None:
    assert drawing.slanted(_moved('<di:waypoint x="840" y="740" />', '<di:waypoint x="835" y="735" />'))


def test_a_loose_end_is_found() -> None:
    assert drawing.loose_ends(_moved('<di:waypoint x="265" y="158" />', '<di:waypoint x="265" y="165" />'))


def test_overlapping_shapes_are_found() -> None:
    assert drawing.overlapping_shapes(_moved('<dc:Bounds x="900" y="290"', '<dc:Bounds x="820" y="290"'))


def test_a_step_in_another_lane_is_found() -> None:
    assert drawing.out_of_lane(_moved('<dc:Bounds x="900" y="290"', '<dc:Bounds x="900" y="560"'))


def test_a_step_listed_in_two_lanes_is_found() -> None:
    reference = "<bpmn:flowNodeRef>decide</bpmn:flowNodeRef>"
    assert drawing.out_of_lane(_moved(reference, reference + "<bpmn:flowNodeRef>respond</bpmn:flowNodeRef>"))


def test_a_covered_label_is_found() -> None:
    found = re.search(
        rb'bpmnElement="challenged".*?BPMNLabel>\s*(<dc:Bounds [^>]+>)', RISK_DECISION, re.DOTALL
    )
    assert found is not None
    covering = '<dc:Bounds x="1220" y="675" width="64" height="14" />'
    assert drawing.covered_labels(_moved(found[1].decode(), covering))


def test_a_cramped_label_is_found() -> None:
    assert drawing.cramped_labels(
        _moved('name="Challenged?"', 'name="Is the decision challenged by the CISO?"')
    )


def test_a_step_without_a_place_is_found() -> None:
    assert _moved('bpmnElement="decide"', 'bpmnElement="elsewhere"').undrawn == {"decide"}
