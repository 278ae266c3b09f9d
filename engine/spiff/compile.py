"""From a bundle's diagrams to a compiled version: parsed specs that all of its cases share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    CANCEL_EVENT_XPATH,
    ERROR_EVENT_XPATH,
    ESCALATION_EVENT_XPATH,
    MESSAGE_EVENT_XPATH,
    SIGNAL_EVENT_XPATH,
    TERMINATION_EVENT_XPATH,
    BoundaryEventParser,
    EndEventParser,
    EventDefinitionParser,
    IntermediateCatchEventParser,
    IntermediateThrowEventParser,
    ReceiveTaskParser,
    SendTaskParser,
    StartEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import (
    CallActivityParser,
    ConditionalGatewayParser,
    GatewayParser,
    SubWorkflowParser,
)
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import first, full_tag
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, ReceiveTask, StartEvent
from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask

from engine.diagrams import read_definitions, read_elements
from engine.diagrams.executable import called_processes, main_process, numbered_copy, reduce
from engine.errors import DefinitionRefused, EngineError
from engine.spiff.decisions import connect_decisions
from engine.spiff.events import MESSAGE, SIGNAL, AwaitedEvent, ChosenCatchEvent, EventChoice, SentEvent
from engine.spiff.joins import ParallelJoin
from engine.spiff.loops import ParallelInstances, SequentialInstances
from engine.spiff.specs import (
    CalledProcess,
    ConditionalExclusiveGateway,
    ConditionalInclusiveGateway,
    DecisionTask,
    EmbeddedSubprocess,
    OperationTask,
    SendingEnd,
    SendingEvent,
    SendingTask,
)
from engine.spiff.timing import DueCycle, DueTimer
from engine.types import Bundle, Element

TaskParser.PARALLEL_MI_CLASS = ParallelInstances
TaskParser.SEQUENTIAL_MI_CLASS = SequentialInstances


class _OwnEvents(EventDefinitionParser):
    """Makes our timers, messages and signals of event definitions."""

    made_of = AwaitedEvent

    def parse_message_event(self, event: etree._Element) -> Any:
        """Raises `ValidationException` where the message is not defined."""
        message = self.process_parser.parser.messages.get(event.get("messageRef"))
        if not message:
            raise ValidationException("the message has no name", node=self.node, file_name=self.filename)
        return self.made_of(MESSAGE, message)

    def parse_signal_event(self, event: etree._Element) -> Any:
        """Raises `ValidationException` where the signal is not defined."""
        signal = self.process_parser.parser.signals.get(event.get("signalRef"))
        if not signal:
            raise ValidationException("the signal has no name", node=self.node, file_name=self.filename)
        return self.made_of(SIGNAL, signal)

    def parse_timer_event(self, event: etree._Element) -> DueTimer | DueCycle:
        """Raises `ValidationException` where no time is given."""
        name = self.node.get("name", self.node.get("id"))
        for tag, kind in (("timeDate", DueTimer), ("timeDuration", DueTimer), ("timeCycle", DueCycle)):
            node = first(self.xpath(f".//bpmn:{tag}"))
            if node is not None and (node.text or "").strip():
                return kind(name, node.text.strip())
        raise ValidationException("the timer has no time", node=self.node, file_name=self.filename)


class _StartParser(_OwnEvents, StartEventParser):
    pass


class _CatchParser(_OwnEvents, IntermediateCatchEventParser):
    pass


class _BoundaryParser(_OwnEvents, BoundaryEventParser):
    pass


class _ThrowParser(_OwnEvents, IntermediateThrowEventParser):
    made_of = SentEvent


class _EndParser(_OwnEvents, EndEventParser):
    made_of = SentEvent

    def create_task(self) -> Any:
        """As the library does; a signal may end a process too."""
        definition = self.get_event_definition(
            [
                MESSAGE_EVENT_XPATH,
                SIGNAL_EVENT_XPATH,
                CANCEL_EVENT_XPATH,
                ERROR_EVENT_XPATH,
                ESCALATION_EVENT_XPATH,
                TERMINATION_EVENT_XPATH,
            ]
        )
        task = self._create_task(definition)
        task.connect(self.spec.end)
        return task


class _SendParser(_OwnEvents, SendTaskParser):
    made_of = SentEvent


class _ReceiveParser(_OwnEvents, ReceiveTaskParser):
    pass


class _Parser(BpmnParser):
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012  the library reads it as a class attribute
        full_tag("serviceTask"): (TaskParser, OperationTask),
        full_tag("businessRuleTask"): (TaskParser, DecisionTask),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, ConditionalExclusiveGateway),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, ConditionalInclusiveGateway),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("subProcess"): (SubWorkflowParser, EmbeddedSubprocess),
        full_tag("callActivity"): (CallActivityParser, CalledProcess),
        full_tag("startEvent"): (_StartParser, StartEvent),
        full_tag("intermediateCatchEvent"): (_CatchParser, ChosenCatchEvent),
        full_tag("intermediateThrowEvent"): (_ThrowParser, SendingEvent),
        full_tag("endEvent"): (_EndParser, SendingEnd),
        full_tag("sendTask"): (_SendParser, SendingTask),
        full_tag("receiveTask"): (_ReceiveParser, ReceiveTask),
        full_tag("eventBasedGateway"): (GatewayParser, EventChoice),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
        full_tag("adHocSubProcess"): (None, None),  # refused: the library's own fails as soon as it is done
    }


@dataclass(frozen=True, slots=True)
class Compiled:
    """A version ready to run. Immutable in use, shared by all of its cases in a process."""

    hash: str
    process: str
    """Id of the process that a case runs."""
    spec: Any
    subprocess_specs: Mapping[str, Any]
    elements: Mapping[str, Element]
    flows: Mapping[tuple[str, str], str]
    """(source id, target id) to the flow's id."""
    bundle: Bundle

    @property
    def start(self) -> Element:
        """The start event of the process."""
        return self.elements[self.spec.bpmn_start_events[0].name]


def compile_bundle(bundle: Bundle, key: str) -> Compiled:
    """Parse a bundle's diagrams.

    Args:
        bundle: files by path; the main diagram is `<key>.bpmn`, or the only one.
        key: the definition's key.

    Raises:
        DefinitionRefused: with what the parser could not take, in a sentence.
    """
    diagrams = {
        path: numbered_copy(read_definitions(data))
        for path, data in sorted(bundle.files.items())
        if path.endswith(".bpmn")
    }
    called = called_processes(diagrams.values())
    main = main_diagram(bundle, key)
    elements: dict[str, Element] = {}
    parser = _Parser()
    for path, root in diagrams.items():
        elements.update(read_elements(root))
        reduce(root, called)
        _parse(parser.add_bpmn_xml, root, path)
    process = _main_process(diagrams[main], main, called)
    spec = _parse(parser.get_spec, process)
    subprocess_specs = _parse(parser.get_subprocess_specs, process)
    for each in (spec, *subprocess_specs.values()):
        _connect_loops(each)
        connect_decisions(each, elements, bundle)
    flows = {
        (e.source, e.target): e.id
        for e in elements.values()
        if e.kind == "sequenceFlow" and e.source and e.target
    }
    return Compiled(bundle.hash, process, spec, subprocess_specs, elements, flows, bundle)


def main_diagram(bundle: Bundle, key: str) -> str:
    """Path of the bundle's main diagram. Raises `DefinitionRefused` where there is none."""
    paths = sorted(path for path in bundle.files if path.endswith(".bpmn"))
    if f"{key}.bpmn" in paths:
        return f"{key}.bpmn"
    if len(paths) == 1:
        return paths[0]
    raise DefinitionRefused((), f"The bundle needs a diagram named {key}.bpmn. Nothing was released.")


def _main_process(root: etree._Element, path: str, called: frozenset[str]) -> str:
    process = main_process(root, called)
    if process is None:
        raise DefinitionRefused(
            (),
            f"{path} holds no process marked executable. Mark one, and give it an id. Nothing was released.",
        )
    return process


def _connect_loops(spec: Any) -> None:
    """A parsed loop learns of its instances' completion only when connected; restored cases would hang."""
    for task_spec in spec.task_specs.values():
        if isinstance(task_spec, LoopTask):
            child = spec.task_specs[task_spec.task_spec]
            if not child.completed_event.is_connected(task_spec.merge_child):
                child.completed_event.connect(task_spec.merge_child)


def _parse(step: Any, *arguments: Any) -> Any:
    """Run a step of the library's parser; whatever it raises becomes a sentence."""
    try:
        return step(*arguments)
    except EngineError:
        raise
    # The library raises whatever its code stumbles over (KeyError, TypeError, ...), its own errors included.
    except Exception as error:
        reason = (str(error) or type(error).__name__).strip().rstrip(".")
        at = getattr(error, "name", "") or getattr(error, "id", "")
        where = f" at “{at}”" if at else ""
        raise DefinitionRefused(
            (), f"The diagram cannot be run as it is drawn{where}: {reason}. Nothing was released."
        ) from error
