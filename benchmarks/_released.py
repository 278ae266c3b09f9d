"""SpiffWorkflow as released, its state saved through SQLAlchemy Core: what the engine is measured beside.

The yardstick's diagram with Python for FEEL, scripts for service tasks: the same shape. Its own parser,
workflow and serializer; conditions by its own Python engine. It checks no form and no authority, and keeps no
journal, no audit and no inbox.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from unittest import mock
from uuid import uuid4

import orjson
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.specs.defaults import ParallelMultiInstanceTask, SequentialMultiInstanceTask
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Column, MetaData, String, Table, Text, bindparam, insert, select, update

from benchmarks._policy import POLICY, RAISED
from engine.db import Database, UtcDateTime

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CONDITIONS = {
    'respond.response = "concur" or respond.response = "concur_with_conditions"': (
        'respond["response"] == "concur" or respond["response"] == "concur_with_conditions"'
    ),
    'answer_challenge.answer = "revise"': 'answer_challenge["answer"] == "revise"',
    'vote_tally.outcome = "exempt"': 'vote_tally["outcome"] == "exempt"',
    'vote_tally.outcome = "refuse"': 'vote_tally["outcome"] == "refuse"',
    'arbitrate.ruling = "exempt"': 'arbitrate["ruling"] == "exempt"',
    'decide.decision = "exempt"': 'decide["decision"] == "exempt"',
    'decide.decision = "mitigate" or decide.decision = "avoid" or decide.decision = "transfer" '
    'or decide.decision = "accept"': 'decide["decision"] in ("mitigate", "avoid", "transfer", "accept")',
}
TIMES = {"P7D": '"P7D"', "grant_exemption.expires": '"P90D"'}
SCRIPTS = {"seat_committee": "seat_committee = ['s0', 's1', 's2', 's3', 's4']"}

metadata = MetaData()
cases = Table(
    "released_cases",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("state", Text, nullable=False),
)
answers_table = Table(
    "released_answers",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("case_id", String(32), nullable=False),
    Column("task", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("answers", Text, nullable=False),
)
_READ = select(cases.c.state).where(cases.c.id == bindparam("of"))
_SAVE = update(cases).where(cases.c.id == bindparam("of")).values(state=bindparam("to"))
_KEEP = insert(answers_table)
_LOGGERS = [logging.getLogger(name) for name in ("spiff.task", "spiff.workflow")]


@contextmanager
def as_released() -> Iterator[None]:
    """The library's loggers as they are where nobody sets them: the engine sets them for itself."""
    levels = [logger.level for logger in _LOGGERS]
    for logger in _LOGGERS:
        logger.level = logging.NOTSET
    try:
        yield
    finally:
        for logger, level in zip(_LOGGERS, levels, strict=True):
            logger.level = level


def diagram() -> etree._Element:
    """The yardstick as SpiffWorkflow's own engine takes it."""
    root = etree.fromstring((POLICY / "risk-decision.bpmn").read_bytes())
    for node in root.iter(f"{BPMN}conditionExpression"):
        node.text = CONDITIONS[node.text]
    for tag in ("timeDuration", "timeDate"):
        for node in root.iter(f"{BPMN}{tag}"):
            node.text = TIMES[node.text]
            if tag == "timeDate":
                node.tag = f"{BPMN}timeDuration"
    for node in list(root.iter(f"{BPMN}serviceTask")):
        node.tag = f"{BPMN}scriptTask"
        for extension in node.findall(f"{BPMN}extensionElements"):
            node.remove(extension)
        script = etree.SubElement(node, f"{BPMN}script")
        script.text = SCRIPTS.get(node.get("id", ""), "pass")
    return root


class Released:
    """Cases of the yardstick on SpiffWorkflow as released."""

    def __init__(self, database: Database) -> None:
        self._database = database
        metadata.create_all(database.engine)
        self._serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        parser = BpmnParser()
        with (
            mock.patch.object(TaskParser, "PARALLEL_MI_CLASS", ParallelMultiInstanceTask),
            mock.patch.object(TaskParser, "SEQUENTIAL_MI_CLASS", SequentialMultiInstanceTask),
        ):
            parser.add_bpmn_xml(diagram())
            self._spec = parser.get_spec("risk_decision")
            self._subprocesses = parser.get_subprocess_specs("risk_decision")

    def start(self) -> str:
        """A new case; its id."""
        workflow = BpmnWorkflow(self._spec, self._subprocesses)
        workflow.data["raise"] = dict(RAISED)
        workflow.do_engine_steps()
        case_id = uuid4().hex
        with self._database.unit_of_work() as uow:
            uow.connection.execute(
                insert(cases), {"id": case_id, "state": self._serializer.serialize_json(workflow)}
            )
        return case_id

    def complete(self, case_id: str, element_id: str, answers: Mapping[str, Any]) -> None:
        """Complete a task: restore, run on, serialize, one durable commit."""
        with self._database.unit_of_work() as uow:
            state = uow.connection.execute(_READ, {"of": case_id}).scalar_one()
            workflow = self._serializer.deserialize_json(state)
            task = next(
                task
                for task in workflow.get_tasks(state=TaskState.READY, manual=True)
                if task.task_spec.name == element_id
            )
            task.data[element_id] = dict(answers)
            task.run()
            workflow.do_engine_steps()
            uow.connection.execute(_SAVE, {"of": case_id, "to": self._serializer.serialize_json(workflow)})
            uow.connection.execute(
                _KEEP,
                {
                    "id": uuid4().hex,
                    "case_id": case_id,
                    "task": element_id,
                    "at": datetime.now(UTC),
                    "answers": orjson.dumps(dict(answers)).decode(),
                },
            )

    def size(self, case_id: str) -> int:
        """Bytes of a case's state."""
        with self._database.reading() as connection:
            return len(connection.execute(_READ, {"of": case_id}).scalar_one().encode())

    def commit(self, case_id: str, state: str) -> None:
        """The bare commit: one UPDATE of a state, one INSERT of answers."""
        with self._database.unit_of_work() as uow:
            uow.connection.execute(_SAVE, {"of": case_id, "to": state})
            uow.connection.execute(
                _KEEP,
                {
                    "id": uuid4().hex,
                    "case_id": case_id,
                    "task": "decide",
                    "at": datetime.now(UTC),
                    "answers": "{}",
                },
            )
