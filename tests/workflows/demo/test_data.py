"""The demonstration's data: facts agree with the real catalogue, and everything else is invented."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

from workflows.demo.assets import ASSETS
from workflows.demo.catalogue import WEAKNESSES, catalogue_file, due_date
from workflows.demo.organisation import MEMBERS, PEOPLE, UNITS
from workflows.demo.stories import STORIES
from workflows.risks.kev_reading import read


def test_facts_are_those_of_the_real_catalogue_and_texts_are_our_own(shared_data: Path) -> None:
    with (shared_data / "kev.csv").open(encoding="utf-8", newline="") as file:
        real = {row["cveID"]: row for row in csv.DictReader(file)}
    for one in WEAKNESSES:
        entry = real[one.cve]
        assert (one.vendor, one.product) == (entry["vendorProject"], entry["product"])
        assert one.added == date.fromisoformat(entry["dateAdded"])
        assert one.due == date.fromisoformat(entry["dueDate"])
        assert one.ransomware == (entry["knownRansomwareCampaignUse"] == "Known")
        assert one.cwes.split() == entry["cwes"].replace(",", " ").split()
        assert one.name != entry["vulnerabilityName"]
        assert one.description != entry["shortDescription"]


def test_the_excerpt_is_read_without_a_fault() -> None:
    catalogue = read("excerpt.json", catalogue_file())
    assert catalogue.faults == ()
    assert len(catalogue.entries) == len(WEAKNESSES)


def test_the_catalogue_holds_more_than_the_risks_raised() -> None:
    """A visitor finds entries to raise a risk from."""
    assert len({one.cve for one in WEAKNESSES} - {story.cve for story in STORIES}) >= 10


def test_each_risk_is_about_another_weakness_and_known_assets() -> None:
    assert len({story.cve for story in STORIES}) == len(STORIES) == 30
    known = {asset.id for asset in ASSETS}
    assert len(known) == len(ASSETS) == 20
    for story in STORIES:
        assert due_date(story.cve)
        assert set(story.assets) <= known
    assert {asset for story in STORIES for asset in story.assets} == known


def test_units_and_people_are_named_before_they_are_needed() -> None:
    units = [unit.id for unit in UNITS]
    assert all(unit.parent is None or unit.parent in units[:place] for place, unit in enumerate(UNITS))
    people = [person.id for person in PEOPLE]
    for place, person in enumerate(PEOPLE):
        assert person.unit in units
        assert person.reports_to is None or person.reports_to in people[:place]
    assert {member.person for member in MEMBERS} <= set(people)
    assert {asset.unit for asset in ASSETS} <= set(units)


def test_nobody_says_the_same_twice() -> None:
    """Reasons are written for their case: two alike would show that nobody thought."""
    said = [
        text
        for story in STORIES
        for act in story.acts
        for key, text in act.answers.items()
        if key in ("reason", "argument", "evidence", "business_value") and isinstance(text, str)
    ]
    assert len(said) == len(set(said))
    assert max(map(len, said)) < 400
