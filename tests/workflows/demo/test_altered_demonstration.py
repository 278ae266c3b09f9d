"""In the demonstration too, a row that is taken away or added past the software is named."""

from __future__ import annotations

from pathlib import Path

from tests.support import databases
from tests.workflows.altering import check_removed_and_added, without_triggers
from tests.workflows.demo.playing import opened
from workflows.charter.models import charters
from workflows.dialogue.models import dialogues
from workflows.models import installation
from workflows.verification import COMPARISONS, domain_faults

HELD = {
    "kev_imports",
    "charters",
    "charter_endorsements",
    "version_endorsements",
    "dialogues",
    "dialogue_results",
    "dialogue_outcomes",
    "dialogue_actions",
    "dialogue_action_ends",
}
"""Tables that the demonstration fills and few others do."""


def test_what_is_taken_away_or_added_is_named(demonstration_folder: Path, tmp_path: Path) -> None:
    parley = opened(databases.sqlite_copy(demonstration_folder, tmp_path))
    database = parley.database
    with database.reading() as connection:
        assert domain_faults(connection) == []
    several = [one for one in COMPARISONS if one.table is not installation]
    assert {one.table.name for one in several if check_removed_and_added(database, one)} >= HELD
    with without_triggers(database, installation) as connection:
        connection.execute(installation.update().values(organisation="Another bank"))
        assert any("Installation demonstration is not" in one.sentence for one in domain_faults(connection))
    with without_triggers(database, charters) as connection:
        connection.execute(charters.update().values(content={"purpose": "None"}))
        assert "The content of charter 1 was altered." in [one.sentence for one in domain_faults(connection)]
    with without_triggers(database, dialogues) as connection:
        connection.execute(dialogues.update().values(agenda=[]))
        assert any("is not the one that was recorded" in one.sentence for one in domain_faults(connection))
    parley.close()
