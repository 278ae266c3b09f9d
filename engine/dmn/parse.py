"""From the bytes of a .dmn file to a `Model` (DMN 1.1 to 1.6, whatever prefix the file uses)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from . import model as m
from .boxed import read_function, read_logic
from .errors import DmnLimitError, DmnParseError
from .xml import attribute, child, children, local, text_of

NAMESPACES = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
"""The namespaces of DMN 1.1, 1.2, 1.3, 1.4, 1.5 and 1.6."""
MAX_BYTES = 4_000_000
"""Size of a file."""
MAX_ELEMENTS = 100_000
"""XML elements in a file."""


def parse(data: bytes, imported: Iterable[m.Model] = ()) -> m.Model:
    """The model in a file's bytes. `imported`: the models its imports may name, parsed before, in any order.

    Raises DmnParseError where the bytes are no decision model, DmnLimitError where they are too many.
    """
    root = _root(data)
    elements: dict[str, m.Element] = {}
    for node in children(root):
        element = _element(node)
        if element is None:
            continue
        if element.id in elements:
            raise DmnParseError(
                f"Two elements have the id “{element.id}”; give each one an id of its own", element.id
            )
        elements[element.id] = element
    parsed = m.Model(
        name=root.get("name", ""),
        namespace=root.get("namespace", ""),
        elements=elements,
        item_definitions=tuple(_item_definition(node) for node in children(root, "itemDefinition")),
        imports=tuple(
            m.Import(node.get("name", ""), node.get("namespace", "")) for node in children(root, "import")
        ),
    )
    return link(parsed, imported)


def link(model: m.Model, others: Iterable[m.Model]) -> m.Model:
    """The model with those of `others` that it imports, each linked in turn; models that are not there
    stay unlinked.
    """
    known = {other.namespace: other for other in others}
    return _link(model, known, (model.namespace,))


def _link(model: m.Model, known: dict[str, m.Model], path: tuple[str, ...]) -> m.Model:
    imported = {}
    for wanted in model.imports:
        found = known.get(wanted.namespace)
        if found is None:
            continue
        if wanted.namespace in path or len(path) > 20:
            raise DmnParseError(
                f"The model “{model.name}” imports itself by way of “{found.name}”", model.name
            )
        imported[wanted.namespace] = _link(found, known, (*path, wanted.namespace))
    return replace(model, imported=imported) if imported else model


def _root(data: bytes) -> etree._Element:
    if len(data) > MAX_BYTES:
        raise DmnLimitError(f"The file has {len(data):,} bytes; the limit is {MAX_BYTES:,}")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True,
                             remove_pis=True)  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnParseError(f"The file is not well-formed XML: {error}") from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise DmnParseError("The file has a document type declaration (DOCTYPE), which is refused; remove it")
    if sum(1 for _ in root.iter()) > MAX_ELEMENTS:
        raise DmnLimitError(f"The file has more than {MAX_ELEMENTS:,} elements")
    name = etree.QName(root)
    if name.localname != "definitions" or name.namespace not in NAMESPACES:
        raise DmnParseError(
            f"The file is no DMN model: its first element is “{name.localname}”"
            f" in the namespace “{name.namespace}”"
        )
    return root


def _element(node: etree._Element) -> m.Element | None:
    kind = local(node)
    if kind not in ("inputData", "decision", "businessKnowledgeModel", "decisionService"):
        return None
    name = node.get("name") or ""
    identity = node.get("id") or name
    if not identity:
        raise DmnParseError(f"A {kind} in line {node.sourceline} has neither a name nor an id", kind)
    variable = child(node, "variable")
    type_ref = attribute(variable, "typeRef")
    if kind == "inputData":
        return m.InputData(identity, name, type_ref)
    if kind == "decision":
        return m.DecisionElement(
            identity,
            name,
            type_ref,
            tuple(_references(node, "informationRequirement", ("requiredDecision", "requiredInput"))),
            tuple(_references(node, "knowledgeRequirement", ("requiredKnowledge",))),
            read_logic(node),
            text_of(child(node, "question")),
            text_of(child(node, "allowedAnswers")),
            text_of(child(node, "description")),
        )
    if kind == "businessKnowledgeModel":
        logic = child(node, "encapsulatedLogic")
        return m.KnowledgeModel(
            identity,
            name,
            type_ref,
            tuple(_references(node, "knowledgeRequirement", ("requiredKnowledge",))),
            None if logic is None else read_function(logic),
        )
    return m.DecisionService(
        identity,
        name,
        type_ref,
        *(
            tuple(part.get("href", "") for part in children(node, tag))
            for tag in ("outputDecision", "encapsulatedDecision", "inputDecision", "inputData")
        ),
    )


def _references(node: etree._Element, tag: str, targets: tuple[str, ...]) -> Iterator[str]:
    for requirement in children(node, tag):
        for target in children(requirement):
            if local(target) in targets and target.get("href"):
                yield str(target.get("href"))


def _item_definition(node: etree._Element, depth: int = 0) -> m.ItemDefinition:
    if depth > 30:
        raise DmnLimitError("A type is nested more than 30 levels deep", node.get("name"))
    function = child(node, "functionItem")
    allowed = child(node, "allowedValues")
    if allowed is None:
        allowed = child(node, "typeConstraint")
    return m.ItemDefinition(
        name=node.get("name") or "",
        type_ref=text_of(child(node, "typeRef")) or None,
        collection=node.get("isCollection") == "true",
        allowed=None if allowed is None else text_of(child(allowed, "text")),
        components=tuple(_item_definition(part, depth + 1) for part in children(node, "itemComponent")),
        function=None
        if function is None
        else (
            tuple(
                m.Parameter(part.get("name") or "", attribute(part, "typeRef"))
                for part in children(function, "parameters")
            ),
            function.get("outputTypeRef"),
        ),
    )
