"""Taking offers: the changed files, each by as few bytes as say it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from lxml import etree

from engine.diagrams.importing import read_definitions
from engine.diagrams.patching import patched
from engine.diagrams.source import read_source
from engine.diagrams.writing import escaped
from engine.diagrams.xml import BPMN, BPMNDI, PARLEY, encoding_of
from workflows.errors import RuleBroken
from workflows.studio.takeover.types import Edit, Offer, Takeover

etree.register_namespace("parley", PARLEY)

_OWNERS = frozenset(
    f"{{{BPMN}}}{tag}" for tag in ("potentialOwner", "humanPerformer", "performer", "resourceRole")
)
_BEFORE_EXTENSIONS = (f"{{{BPMN}}}documentation",)
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
    """A diagram with changes made; all else keeps its bytes."""
    root = read_definitions(data)
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
    elif edit.kind == "parameter":
        parameter = etree.SubElement(_parameters(node), f"{{{PARLEY}}}parameter")
        parameter.set("name", edit.name)
        parameter.set("value", value)


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
