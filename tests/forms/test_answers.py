"""Stored answers in a person's words."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from forms import present_answers, side_by_side
from tests.forms.build import YES_NO, checked, component, form

CIO = form(
    component("radio", "choice", label="How do you vote?"),
    component("number", "days", label="For how long?", appearance={"suffixAdorner": "days"}),
    component("checklist", "controls", label="Controls"),
    component("checkbox", "urgent", label="Urgent"),
    component("datetime", "until", label="Until"),
    component("datetime", "at", label="At", subtype="datetime"),
    component("textarea", "why", label="Why, {{who}}?"),
    component("select", "asset", label="Asset", valuesKey="assets"),
)


def test_answers_read_as_a_person_would_say_them():
    answers = {
        "choice": "yes", "days": Decimal("1200"), "controls": ["yes", "no"], "urgent": True,
        "until": date(2026, 3, 31), "at": datetime(2026, 3, 1, 8, 5, tzinfo=UTC), "why": "One.\nTwo.",
        "asset": "A-1",
    }  # fmt: skip
    data = {"who": "CIO", "assets": [{"value": "A-1", "label": "Payments"}]}
    assert [tuple(each)[:2] for each in present_answers(CIO, answers, data)] == [
        ("How do you vote?", "Yes, please"),
        ("For how long?", "1,200 days"),
        ("Controls", "Yes, please, No"),
        ("Urgent", "yes"),
        ("Until", "31 March 2026"),
        ("At", "1 March 2026 08:05 UTC"),
        ("Why, CIO?", "One.\nTwo."),
        ("Asset", "Payments"),
    ]


def test_hidden_fields_are_left_out_and_missing_answers_are_a_dash():
    built = form(
        component("number", "days", appearance={"suffixAdorner": "days"}), component("checklist", "many")
    )
    assert [each.value for each in present_answers(built, checked(built, {}).values)] == ["—", "—"]
    assert present_answers(built, {}) == []


def test_what_is_no_longer_offered_or_declared_shows_as_stored():
    rows = present_answers(CIO, {"asset": "A-9", "choice": "abstain", "seat": "3", "controls": [Decimal(3)]})
    assert [(each.label, each.value) for each in rows] == [
        ("How do you vote?", "abstain"), ("Controls", "3"), ("Asset", "A-9"), ("seat", "3"),
    ]  # fmt: skip


def test_positions_stand_beside_each_other_by_question():
    ciso = form(
        component("radio", "choice", label="What do you advise?"),
        component("radio", "sure", values=YES_NO, label="Sure?"),
    )
    table = side_by_side(
        [
            ("CIO", present_answers(CIO, {"choice": "yes", "days": Decimal(90)})),
            ("CISO", present_answers(ciso, {"choice": "no", "sure": "yes"})),
        ]
    )
    assert table.titles == ("CIO", "CISO")
    assert table.rows == (
        ("How do you vote? / What do you advise?", ("Yes, please", "No")),
        ("For how long?", ("90 days", None)),
        ("Sure?", (None, "Yes, please")),
    )
