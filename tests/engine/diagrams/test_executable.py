"""The copy of a diagram that is run, and which of its processes a case runs."""

from __future__ import annotations

from lxml import etree

from engine.diagrams import read_definitions
from engine.diagrams.executable import called_processes, main_process, numbered_copy, reduce

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:d="http://www.omg.org/spec/BPMN/20100524/DI">'


def read(inner: str) -> etree._Element:
    return read_definitions(f"{HEAD}{inner}</definitions>".encode())


def test_flows_get_ids_that_nothing_else_has_and_the_file_stays_as_it_is() -> None:
    root = read(
        '<process id="p"><task id="flow_1"/><sequenceFlow/><sequenceFlow id="f"/>'
        '<sequenceFlow id=""/></process>'
    )
    before = etree.tostring(root)
    copy = numbered_copy(root)
    assert [flow.get("id") for flow in copy.iter(f"{BPMN}sequenceFlow")] == ["flow_2", "f", "flow_3"]
    assert etree.tostring(root) == before


def test_what_is_for_readers_is_left_out() -> None:
    inner = (
        '<dataStore id="s"/><process id="p"><extensionElements><x id="t"/></extensionElements>'
        '<dataObjectReference id="r"/><task id="t"><dataInputAssociation id="a"/><documentation/>'
        '</task></process><d:BPMNDiagram id="page"><d:BPMNPlane/></d:BPMNDiagram>'
    )
    copy = numbered_copy(read(inner))
    reduce(copy)
    left = [etree.QName(node).localname for node in copy.iter("*")]
    assert left == ["definitions", "process", "task", "documentation"]


def test_a_case_runs_the_marked_process_that_nobody_calls() -> None:
    root = read(
        '<process id="called" isExecutable="true"/><process id="partner"/>'
        '<process id="main" isExecutable="true"><callActivity id="c" calledElement="called"/></process>'
    )
    called = called_processes([root])
    assert called == {"called"}
    assert main_process(root, called) == "main"
    assert main_process(read('<process id="p"/>')) is None
    assert main_process(read('<process isExecutable="true"/>')) is None


def test_processes_that_are_called_need_no_mark() -> None:
    copy = numbered_copy(
        read('<process id="q" isExecutable="false"/><process id="partner" isExecutable="false"/>')
    )
    reduce(copy, {"q"})
    assert [each.get("isExecutable") for each in copy.iter(f"{BPMN}process")] == ["true", "false"]
