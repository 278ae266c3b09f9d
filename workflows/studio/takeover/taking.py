"""Taking offers: the changed files, each by as few bytes as say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from engine.diagrams.patching import patched
from engine.diagrams.source import read_source
from engine.diagrams.writing import escaped
from engine.diagrams.xml import BPMN, BPMNDI, PARLEY, encoding_of, local, read_xml
from workflows.errors import RuleBroken
from workflows.studio.takeover.types import Edit, Offer, Takeover

etree.register_namespace("parley", PARLEY)

_OWNERS = frozenset(
    f"{{{BPMN}}}{tag}" for tag in ("potentialOwner", "humanPerformer", "performer", "resourceRole")
)
_BEFORE_EXTENSIONS = (f"{{{BPMN}}}documentation",)
_BEFORE_REQUIREMENTS = frozenset(
    ("description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement")
)
_NAMING = frozenset(("id", "default", "bpmnElement"))
"""Attributes that are an element's id or name another's, besides those whose name ends in Ref."""
_REFERENCES = frozenset(
    ("flowNodeRef", "incoming", "outgoing", "sourceRef", "targetRef", "dataInputRef", "dataOutputRef")
)


def taken(
    files: Mapping[str, bytes], found: Takeover, wanted: Collection[str], choices: Mapping[str, str]
) -> dict[str, bytes]:
    """The files that change, with their new content, when offers are taken.

    Args:
        found: what `read_takeover` says of these very files.
        wanted: ids of the offers; what they rest on is taken with them.
        choices: what was chosen, by an offer's id; one that is not among them stays with what its names
            leave no doubt of, an empty one is not chosen.

    Raises:
        RuleBroken: an offer that is not there any more, or that leaves something to be chosen.
    """
    by_id = {each.id: each for each in found.offers}
    changes: dict[str, bytes] = {}
    edits: dict[str, list[tuple[Edit, str]]] = {}
    for offer in _with_needs(by_id, wanted):
        value = choices.get(offer.id, offer.chosen)
        if offer.choices and value not in {each.value for each in offer.choices}:
            raise RuleBroken(f"Choose first: {offer.sentence} Nothing was changed.")
        changes.update(offer.files)
        for edit in offer.edits:
            edits.setdefault(edit.path, []).append((edit, value if edit.value is None else edit.value))
    for path, wished in edits.items():
        changes[path] = _edited(files[path], wished)
    return changes


def _with_needs(by_id: Mapping[str, Offer], wanted: Iterable[str]) -> list[Offer]:
    waiting, found = list(wanted), dict[str, Offer]()
    while waiting:
        key = waiting.pop()
        if key in found:
            continue
        if key not in by_id:
            raise RuleBroken("The draft has changed, and this is not offered any more. Nothing was changed.")
        found[key] = by_id[key]
        waiting += by_id[key].needs
    return list(found.values())


def _edited(data: bytes, edits: Iterable[tuple[Edit, str]]) -> bytes:
    """A diagram or a table with changes made; all else keeps its bytes."""
    root = read_xml(data)
    before = etree.tostring(root, encoding="utf-8")
    nodes = list(root.iter("*"))
    ids: dict[str, str] = {}
    for edit, value in edits:
        if edit.kind == "id":
            ids[edit.name] = value
        else:
            _edit(nodes[edit.at], edit, value)
    changed = patched(data, before, etree.tostring(root, encoding="utf-8"))
    return _with_ids(changed, ids) if ids else changed


def _edit(node: etree._Element, edit: Edit, value: str) -> None:
    if edit.kind == "own":
        node.set(f"{{{PARLEY}}}{edit.name}", value)
    elif edit.kind == "attribute" and value:
        node.set(edit.name, value)
    elif edit.kind == "attribute":
        node.attrib.pop(edit.name, "")
    elif edit.kind == "text":
        node.text = value
    elif edit.kind == "owners":
        for part in [each for each in node if each.tag in _OWNERS]:
            node.remove(part)
    elif edit.kind == "loop":
        part = etree.SubElement(node, f"{{{BPMN}}}loopDataInputRef")
        part.text = value
        node.insert(
            sum(each.tag in (*_BEFORE_EXTENSIONS, f"{{{BPMN}}}extensionElements") for each in node), part
        )
    elif edit.kind == "input":
        _require(node, edit.name, value)
    elif edit.kind == "parameter":
        parameter = etree.SubElement(_parameters(node), f"{{{PARLEY}}}parameter")
        parameter.set("name", edit.name)
        parameter.set("value", value)


def _require(decision: etree._Element, name: str, kind: str) -> None:
    """Let a decision require an input; the file gets the input where it has none of the name."""
    root = decision.getroottree().getroot()
    space = etree.QName(decision).namespace
    taken_ids = {each.get("id") for each in root.iter("*")}

    def fresh(wished: str) -> str:
        while wished in taken_ids:
            wished += "_"
        taken_ids.add(wished)
        return wished

    there = next((each for each in root if local(each) == "inputData" and each.get("name") == name), None)
    if there is None:
        there = etree.SubElement(root, f"{{{space}}}inputData", id=fresh(f"input_{name}"), name=name)
        variable = etree.SubElement(
            there, f"{{{space}}}variable", id=fresh(f"input_{name}_variable"), name=name
        )
        if kind:
            variable.set("typeRef", kind)
        # Before the drawing, where the standard has it.
        drawn = next((each for each in root if local(each) == "DMNDI"), None)
        if drawn is not None:
            drawn.addprevious(there)
    before = sum(local(each) in _BEFORE_REQUIREMENTS for each in decision)
    key = fresh(f"{decision.get('id')}_{name}")
    needed = etree.SubElement(decision, f"{{{space}}}informationRequirement", id=key)
    etree.SubElement(needed, f"{{{space}}}requiredInput", href=f"#{there.get('id')}")
    decision.insert(before, needed)


def _parameters(node: etree._Element) -> etree._Element:
    """The parameters of an element, made where it has none."""
    extensions = node.find(f"{{{BPMN}}}extensionElements")
    if extensions is None:
        extensions = etree.SubElement(node, f"{{{BPMN}}}extensionElements")
        node.insert(sum(each.tag in _BEFORE_EXTENSIONS for each in node), extensions)
    found = extensions.find(f"{{{PARLEY}}}parameters")
    return etree.SubElement(extensions, f"{{{PARLEY}}}parameters") if found is None else found


def _with_ids(data: bytes, ids: Mapping[str, str]) -> bytes:
    """A file in which elements have other ids, wherever it names them; nothing else of it changes."""
    encoding = encoding_of(data)
    text = data.decode(encoding)
    mark = text[: len(text) - len(text.removeprefix("\ufeff"))]
    text = text.removeprefix("\ufeff")
    edits: list[tuple[int, int, str]] = []
    for node in read_source(text).walk():
        if node.name[0] not in (BPMN, BPMNDI):
            continue
        for (space, kind), attribute in node.attributes.items():
            prefix, _, name = attribute.value.rpartition(":")
            if not space and name in ids and (kind in _NAMING or kind.endswith("Ref")):
                new = f"{prefix}:{ids[name]}" if prefix else ids[name]
                edits.append((attribute.start, attribute.end, escaped(new)))
        name = node.text.strip()
        if node.name[1] in _REFERENCES and name in ids:
            edits.append((node.inner, node.close, ids[name]))
    parts, at = [], 0
    for start, end, new in sorted(edits):
        parts += [text[at:start], new]
        at = end
    return (mark + "".join((*parts, text[at:]))).encode(encoding, "xmlcharrefreplace")
