"""Whether the weeks of the dialogues, their outcomes and actions are those that were recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlalchemy import Connection, Table

from engine.audit.types import AuditFault
from workflows.comparing import Comparison, Entry, Written, as_recorded, column_values, entries, faults
from workflows.dialogue.models import (
    dialogue_action_ends,
    dialogue_actions,
    dialogue_outcomes,
    dialogue_results,
    dialogues,
)
from workflows.events import DomainEvent


def _opened(entry: Entry) -> Iterator[Written]:
    # The entry names what is on the agenda; its words are compared by `_agendas`.
    yield Written((entry.payload["case_id"],), column_values(dialogues, entry.payload, "agenda"))


def _agreed(table: Table, key: str) -> Callable[[Entry], Iterator[Written]]:
    def read(entry: Entry) -> Iterator[Written]:
        for one in entry.payload.get(key, ()):
            yield Written((one["id"],), column_values(table, one))

    return read


_E = DomainEvent
COMPARISONS = (
    Comparison(dialogues, ("case_id",), (_E.DIALOGUE_OPENED,), _opened, "Week of dialogue"),
    Comparison(
        dialogue_results,
        ("case_id",),
        (_E.DIALOGUE_RECORDED,),
        as_recorded(dialogue_results, ("case_id",), by=None),
        "Result of dialogue",
    ),
    Comparison(
        dialogue_outcomes,
        ("id",),
        (_E.DIALOGUE_RECORDED,),
        _agreed(dialogue_outcomes, "outcomes"),
        "Outcome",
    ),
    Comparison(
        dialogue_actions, ("id",), (_E.DIALOGUE_RECORDED,), _agreed(dialogue_actions, "actions"), "Action"
    ),
    Comparison(
        dialogue_action_ends,
        ("action_id",),
        (_E.DIALOGUE_ACTION_ENDED,),
        as_recorded(dialogue_action_ends, ("action_id",)),
        "End of action",
    ),
)


def dialogue_faults(connection: Connection) -> list[AuditFault]:
    """Where the tables and the chains differ."""
    found = [fault for comparison in COMPARISONS for fault in faults(connection, comparison)]
    return [*found, *_agendas(connection)]


def _agendas(connection: Connection) -> Iterator[AuditFault]:
    """Agendas that name other things than were recorded when the week began."""
    held = {row.case_id: row.agenda for row in connection.execute(dialogues.select())}
    for entry in entries(connection, (DomainEvent.DIALOGUE_OPENED,)):
        if entry is None or entry.payload["case_id"] not in held:
            continue
        case_id = entry.payload["case_id"]
        if [[line["kind"], line["ref"]] for line in held[case_id]] != entry.payload["agenda"]:
            sentence = f"The agenda of the dialogue {case_id} is not the one that was recorded."
            yield AuditFault(entry.chain, entry.seq, sentence)
