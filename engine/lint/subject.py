"""What a rule looks at: a bundle, read once, with what is known of its surroundings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.diagrams import BPMN, PARLEY, DiagramUnreadable, read_definitions
from engine.dmn import Model
from engine.lint.document import Container, Document, Flow, Node, read_document
from engine.lint.types import Finding, Known, Limits, Severity
from engine.spiff.decisions import read_model

LONGEST_SENTENCE = 2_000
"""Characters of a finding's sentence."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule finds: at a node, a flow, a container, a document, or a file by its path."""

    at: Node | Flow | Container | Document | str
    sentence: str
    severity: Severity = Severity.ERROR
    element_id: str | None = None
    """Where the element is none of these; then `at` is its document."""


Check = Callable[["Subject"], Iterable[Fault]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: a name, and a pure function that gives its faults."""

    name: str
    check: Check


@dataclass(eq=False, slots=True)
class Subject:
    """A bundle under the rules."""

    key: str
    files: Mapping[str, bytes]
    known: Known
    limits: Limits
    documents: list[Document] = field(default_factory=list)
    unreadable: dict[str, DiagramUnreadable] = field(default_factory=dict)
    """Path of each diagram that could not be read to the reason."""
    models: dict[str, Model] = field(default_factory=dict)
    """Path of each file of decisions to what is in it, once a rule has asked for it."""

    def model(self, path: str) -> Model:
        """The decisions of a file of the bundle. Raises `KeyError` where there is no such file, `DmnError`
        where it cannot be read.
        """
        if path not in self.models:
            self.models[path] = read_model(self.files, path)
        return self.models[path]

    @property
    def main(self) -> Document | None:
        """The diagram whose process a case runs; None where it cannot be told, or not be read."""
        wanted = f"{self.key}.bpmn"
        for document in self.documents:
            if document.path == wanted:
                return document
        return self.documents[0] if len(self.documents) == 1 and not self.unreadable else None

    @property
    def containers(self) -> list[Container]:
        """What a case may run: processes marked executable, those that are called, and their subprocesses.

        A partner's process that is drawn for its messages alone is not run, and may hold anything. Where no
        process is marked, all of them count.
        """
        everything = [each for document in self.documents for each in document.containers]
        processes = [each for each in everything if each.is_process]
        called = self.called()
        run = {id(p) for p in processes if p.xml.get("isExecutable") == "true" or p.id in called}
        if not any(p.xml.get("isExecutable") == "true" for p in processes):
            return everything
        return [each for each in everything if id(each.process or each) in run]

    @property
    def nodes(self) -> list[Node]:
        """Flow nodes of all diagrams."""
        return [node for container in self.containers for node in container.nodes]

    @property
    def flows(self) -> list[Flow]:
        """Sequence flows of all diagrams."""
        return [flow for container in self.containers for flow in container.flows]

    def of(self, *kinds: str) -> list[Node]:
        """Flow nodes of these kinds."""
        return [node for node in self.nodes if node.kind in kinds]

    def processes(self) -> dict[str, Container]:
        """Every process of the bundle by its id."""
        return {each.id: each for document in self.documents for each in document.processes if each.id}

    def called(self) -> set[str]:
        """Ids of the processes that call activities call."""
        calls = (
            node for document in self.documents for node in document.nodes if node.kind == "callActivity"
        )
        return {process for node in calls if (process := called_process(node))}


def called_process(node: Node) -> str:
    """Id of the process that a call activity calls, without a prefix; empty where it names none."""
    return (node.xml.get("calledElement") or "").strip()


def parameters(node: Node) -> Iterator[tuple[str, str]]:
    """Name and value of each parameter of a node; empty where it is left out."""
    for parameter in node.xml.iterfind(
        f"{{{BPMN}}}extensionElements/{{{PARLEY}}}parameters/{{{PARLEY}}}parameter"
    ):
        yield (parameter.get("name") or "").strip(), (parameter.get("value") or "").strip()


def read_subject(key: str, files: Mapping[str, bytes], known: Known, limits: Limits) -> Subject:
    """Read a bundle's diagrams; what cannot be read is kept with its reason."""
    subject = Subject(key, files, known, limits)
    for path in sorted(files):
        if not path.endswith(".bpmn"):
            continue
        try:
            subject.documents.append(read_document(path, read_definitions(files[path])))
        except DiagramUnreadable as error:
            subject.unreadable[path] = error
    return subject


def finding(rule: str, fault: Fault) -> Finding:
    """A fault as a finding of its rule."""
    at = fault.at
    if isinstance(at, str):
        path, element_id = at, ""
    elif isinstance(at, Document):
        path, element_id = at.path, ""
    elif isinstance(at, Container):
        path, element_id = at.path, at.id
    else:
        path, element_id = at.container.path, at.id
    return Finding(rule, fault.severity, path, fault.element_id or element_id, _readable(fault.sentence))


def _readable(sentence: str) -> str:
    """A sentence that a person can read, however long the names that it quotes: its middle is left out."""
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    return f"{sentence[: LONGEST_SENTENCE // 2]} … {sentence[-LONGEST_SENTENCE // 2 :]}"
