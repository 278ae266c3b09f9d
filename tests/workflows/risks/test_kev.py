"""Import of the catalogue into the database, and search in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workflows.world import World
from workflows.errors import FileRefused, NotEntitled, NotFound


def test_the_real_catalogue_is_imported_and_again_changes_nothing(world: World, shared_data: Path) -> None:
    risks, ciso = world.parley.risks, world.people["ciso"]
    data = (shared_data / "kev.json").read_bytes()
    first = risks.import_kev(ciso, "kev.json", data)
    assert (first.added, first.changed, first.same, first.faults) == (1404, 0, 0, ())
    again = risks.import_kev(ciso, "kev.csv", (shared_data / "kev.csv").read_bytes())
    assert (again.added, again.changed, again.same, again.rows) == (0, 0, 1404, 1404)
    newest = risks.kev_entries(world.people["raiser"])
    assert (newest.total, newest.pages) == (1404, 29)
    assert newest.entries[0].cve_id == "CVE-2025-48384"
    found = risks.kev_entries(ciso, "palo 3400")
    assert [entry.cve_id for entry in found.entries] == ["CVE-2024-3400"]
    assert risks.kev_entries(ciso, "100%_no_such").total == 0
    with world.parley.database.reading() as connection:
        events = [entry.event for entry in world.parley.engine.audit.entries(connection, "installation")]
    assert events.count("catalogue:imported") == 2


def test_a_changed_entry_is_changed(small_world: World, shared_data: Path) -> None:
    risks, ciso = small_world.parley.risks, small_world.people["ciso"]
    catalogue = json.loads((shared_data / "kev.json").read_bytes())
    catalogue["vulnerabilities"] = catalogue["vulnerabilities"][:3]
    risks.import_kev(ciso, "kev.json", json.dumps(catalogue).encode())
    catalogue["vulnerabilities"][0]["dueDate"] = "2025-12-24"
    report = risks.import_kev(ciso, "kev.json", json.dumps(catalogue).encode())
    assert (report.added, report.changed, report.same) == (0, 1, 2)
    entry = risks.kev_entry(ciso, catalogue["vulnerabilities"][0]["cveID"].lower())
    assert str(entry.due_date) == "2025-12-24"


def test_a_risk_is_raised_from_an_entry(small_world: World, shared_data: Path) -> None:
    world, risks = small_world, small_world.parley.risks
    raiser = world.people["raiser"]
    risks.import_kev(world.people["ciso"], "kev.json", (shared_data / "kev.json").read_bytes())
    page = risks.raise_page(raiser, cve_id="CVE-2025-48384")
    begun = {control.key: control.value for control in page.presentation.controls()}
    assert begun["cve_id"] == "CVE-2025-48384"
    assert begun["title"].startswith("Git Link Following Vulnerability")
    assert begun["due_date"] == "2025-09-15"
    risk, _ = world.raise_risk(due_date=begun["due_date"])
    assert str(risk.due_date) == "2025-09-15"
    assert risks.kev_entry(raiser, "CVE-2025-48384").risks == (risk.id,)
    shown = risks.risk(raiser, risk.id)
    assert shown.kev is not None
    assert shown.kev.product == "Git"
    with pytest.raises(NotFound):
        risks.raise_page(raiser, cve_id="CVE-1999-0001")


def test_a_refused_file_leaves_everything_as_it_was(small_world: World) -> None:
    risks, ciso = small_world.parley.risks, small_world.people["ciso"]
    with pytest.raises(FileRefused):
        risks.import_kev(ciso, "kev.csv", b"cveID\nCVE-2025-48384")
    assert risks.kev_entries(ciso).total == 0


def test_not_everybody_imports(small_world: World) -> None:
    with pytest.raises(NotEntitled, match="import the catalogue"):
        small_world.parley.risks.import_kev(small_world.people["raiser"], "kev.csv", b"")


def test_the_catalogue_names_only_risks_that_the_reader_may_read(
    small_world: World, shared_data: Path
) -> None:
    world = small_world
    world.parley.risks.import_kev(world.people["ciso"], "kev.json", (shared_data / "kev.json").read_bytes())
    risk, _ = world.raise_risk(cve_id="CVE-2024-3400")
    seen = {
        key: world.parley.risks.kev_entry(world.people[key], "CVE-2024-3400").risks
        for key in ("raiser", "cio", "admin")
    }
    assert seen == {"raiser": (risk.id,), "cio": (risk.id,), "admin": ()}
