"""Saving a diagram so that only what a person changed differs from the file as it came.

An editor reads a file into its own model and writes that: what the model does not know, and values that are
the standard's defaults, are lost on the way, though nobody touched them. So what counts is the difference
between two texts of the *same* editor, before and after the change; it is carried over to the file, element
by element, by id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from engine.diagrams.source import Node, read_source
from engine.diagrams.writing import Writer, escaped, line_before, line_within
from engine.diagrams.xml import BPMN, BPMNDI, DiagramUnreadable, encoding_of, read_xml

_WIRING = {(BPMN, name) for name in ("incoming", "outgoing", "flowNodeRef", "sourceRef", "targetRef")}
_REFERENCE = (BPMN, "flowNodeRef")
_LABEL = (BPMNDI, "BPMNLabel")
_DRAWN = {(BPMNDI, "BPMNShape"), (BPMNDI, "BPMNEdge")}
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_BOM = "\ufeff"

Key = tuple[object, ...]


def patched(original: bytes, before: bytes, after: bytes) -> bytes:
    """A diagram or a table, changed by what differs between two texts that an editor wrote of it.

    Args:
        original: the file.
        before: what the editor writes of it while nothing is changed; or the file itself.
        after: what the editor writes now.

    Raises:
        DiagramUnreadable: one of the three cannot be read, or is no file of the same kind.
    """
    if before == after:
        return original
    names = {read_xml(data).tag for data in (original, before, after)}
    if len(names) > 1:
        raise DiagramUnreadable("What was sent is no file of the kind that is stored. Nothing was stored.")
    encoding = encoding_of(original)
    texts = [original.decode(encoding), before.decode(encoding_of(before)), after.decode(encoding_of(after))]
    mark = _BOM if texts[0].startswith(_BOM) else ""
    try:
        text = _Patch(*(each.removeprefix(_BOM) for each in texts)).text()
    except ValueError as error:
        raise DiagramUnreadable(f"The file is not well-formed XML: {error} Nothing was stored.") from error
    # What the file's encoding has no character for is written as a reference, which says the same.
    made = (mark + text).encode(encoding, "xmlcharrefreplace")
    read_xml(made)
    return made


class _Patch:
    """Three trees side by side: `original`, and `before` and `after` as the editor wrote them."""

    def __init__(self, original: str, before: str, after: str) -> None:
        self._roots = tuple(read_source(each) for each in (original, before, after))
        self._ids = tuple(_by_id(root) for root in self._roots)
        # Each element of the file to what the editor made of it, and that to what it is now.
        self._was: dict[int, Node] = {}
        self._now: dict[int, Node] = {}
        first, second, third = self._roots
        _match(first, second, self._was, self._ids[1])
        _match(second, third, self._now, {})
        self._moved: set[int] = set()
        for key, node in self._ids[1].items():
            there = self._ids[2].get(key)
            if there is not None and id(node) not in self._now:
                self._moved.add(id(there))
                _match(node, there, self._now, {})
        self._kept = {id(node) for node in self._was.values()}
        self._from = {id(self._now[id(node)]): node for node in second.walk() if id(node) in self._now}
        self._lanes = tuple(_lanes(root) for root in self._roots[1:])
        self._writer = Writer(self._roots[0])

    def text(self) -> str:
        """The original, patched."""
        first, second, third = self._roots
        body = self._element(first, second, third)
        return first.source[: first.start] + self._writer.with_namespaces(body) + first.source[first.end :]

    def _element(self, original: Node, before: Node, after: Node) -> str:
        """An element of the original as it should be now."""
        same = before.name == after.name
        name = original.written if same else self._writer.name(after.name, original, after)
        start = self._start_tag(original, before, after, name)
        content = self._content(original, before, after)
        if original.is_empty:
            if not content:
                return start
            start = start[: start.rindex("/")].rstrip() + ">"
        return f"{start}{content}</{name}>"

    def _start_tag(self, original: Node, before: Node, after: Node, name: str) -> str:
        source = original.source
        edits: list[tuple[int, int, str]] = []
        if name != original.written:
            edits.append((original.start + 1, original.start + 1 + len(original.written), name))
        last = original.inner - (2 if original.is_empty else 1)
        while source[last - 1].isspace():
            last -= 1
        for key in dict.fromkeys((*before.attributes, *after.attributes)):
            old, new = before.attributes.get(key), after.attributes.get(key)
            if old is not None and new is not None and old.value == new.value:
                continue
            there = original.attributes.get(key)
            if new is None:
                if there is not None:
                    edits.append((there.whole, there.end + 1, ""))
                continue
            value = new.value
            if key == (_XSI, "type"):
                value = self._writer.qualified(value, after, original)
            if there is not None:
                edits.append((there.start, there.end, escaped(value, source[there.end])))
            else:
                edits.append(
                    (last, last, f' {self._writer.attribute(key, original, after)}="{escaped(value)}"')
                )
        return _edited(source, original.start, original.inner, edits)

    def _content(self, original: Node, before: Node, after: Node) -> str:
        """What stands between the tags: children kept, changed, put in and left out, or the text."""
        source = original.source
        drawn: dict[int, str | None] = {}
        place: dict[int, Node] = {}
        for child in original.children:
            was = self._was.get(id(child))
            if was is None:
                continue
            now = self._now.get(id(was))
            if now is None and self._is_still_held(was):
                continue
            if now is None or id(now) in self._moved:
                drawn[id(child)] = None
            else:
                drawn[id(child)] = self._element(child, was, now)
                place[id(now)] = child
        added = self._added(original, after, place)
        if not original.children and not added:
            return self._words(original, before, after)
        parts = [added.pop(None, "")]
        at = original.inner
        for child in original.children:
            between = source[at : child.start]
            text = drawn.get(id(child), source[child.start : child.end])
            if text is not None:
                parts += (between, text)
            elif between.strip():
                parts.append(between.rstrip())
            parts.append(added.pop(id(child), ""))
            at = child.end
        rest = source[at : original.close]
        parts.append(rest if original.children or "\n" in rest else line_before(original))
        return "".join(parts)

    def _is_still_held(self, reference: Node) -> bool:
        """Whether a lane still holds a step within a subprocess that has stayed in it.

        An editor leaves such references out when the subprocess is moved on the paper.
        """
        if reference.name != _REFERENCE:
            return False
        key = reference.text.strip()
        now, was = self._ids[2].get(key), self._ids[1].get(key)
        if now is None or was is None or now.parent is None or was.parent is None or key in self._lanes[1]:
            return False
        within = now.parent.id
        return within == was.parent.id and self._lanes[0].get(within) == self._lanes[1].get(within, "")

    @staticmethod
    def _words(original: Node, before: Node, after: Node) -> str:
        """The text of an element without children."""
        words = after.text
        if words == before.text or after.children:
            return original.source[original.inner : original.close]
        return escaped(words, "")

    def _added(self, original: Node, after: Node, place: Mapping[int, Node]) -> dict[int | None, str]:
        """What is new, by the child of the original after which it stands; None: before all others."""
        made: dict[int | None, str] = {}
        previous: int | None = None
        kept = [id(place[id(child)]) for child in after.children if id(child) in place]
        pending: list[Node] = []
        for child in after.children:
            there = place.get(id(child))
            if there is not None:
                if pending and previous is None:
                    # Before the first that was there: after whatever stands before that one in the file.
                    previous = _predecessor(original, there)
                for each in pending:
                    made[previous] = made.get(previous, "") + self._new(each, original)
                pending = []
                previous = id(there)
            elif not self._is_known(child):
                pending.append(child)
        if pending and previous is None and not kept and original.children:
            previous = id(original.children[-1])
        for each in pending:
            made[previous] = made.get(previous, "") + self._new(each, original)
        return made

    def _is_known(self, after: Node) -> bool:
        """Whether an element says nothing new.

        All that it holds stands elsewhere in the file, or the editor made it when it opened the file.
        """
        if id(after) in self._moved:
            return False
        was = self._from.get(id(after))
        if was is None:
            # A label without a place says nothing: editors put it in and take it out by themselves.
            return after.name == _LABEL and not after.children
        if id(was) in self._kept:
            return True
        same = _values(was) == _values(after) and all(id(child) in self._now for child in was.children)
        return same and all(self._is_known(child) for child in after.children)

    def _new(self, after: Node, parent: Node) -> str:
        """An element that was not under this parent: moved here with all it holds, or new."""
        line = line_within(parent)
        key = after.id
        if key is not None and key in self._ids[0] and key in self._ids[1]:
            return line + self._element(self._ids[0][key], self._ids[1][key], after)
        return line + self._writer.element(after, parent, line)


def _predecessor(parent: Node, child: Node) -> int | None:
    at = parent.children.index(child)
    return id(parent.children[at - 1]) if at else None


def _by_id(root: Node) -> dict[str, Node]:
    """Elements of BPMN and its layout by id, where only one has it."""
    nodes = [node for node in root.walk() if node.id and node.name[0] in (BPMN, BPMNDI)]
    count = Counter(node.id for node in nodes)
    return {node.id: node for node in nodes if node.id and count[node.id] == 1}


def _lanes(root: Node) -> dict[str | None, str | None]:
    """Which lane holds which step."""
    found = (node for node in root.walk() if node.name == _REFERENCE)
    return {node.text.strip(): node.parent.id for node in found if node.parent is not None}


def _match(one: Node, other: Node, into: dict[int, Node], ids: Mapping[str, Node]) -> None:
    """Which element of one tree is which of the other: by id, by what it refers to, else by name and order.

    Args:
        ids: where to look for elements that do not stand in the same place.
    """
    waiting = dict(zip(_keys(other), other.children, strict=True))
    into[id(one)] = other
    for key, child in zip(_keys(one), one.children, strict=True):
        same = waiting.get(key) or ids.get(child.id or "")
        if same is not None:
            _match(child, same, into, ids)


def _keys(parent: Node) -> list[Key]:
    seen: Counter[Key] = Counter()
    keys: list[Key] = []
    for child in parent.children:
        key: Key = (child.id,) if child.id and child.name[0] in (BPMN, BPMNDI) else (*child.name, child.id)
        drawn = child.attributes.get(("", "bpmnElement"))
        if drawn is not None and child.name in _DRAWN:
            key = (*child.name, drawn.value)
        elif child.name in _WIRING:
            key = (*child.name, child.text.strip())
        seen[key] += 1
        keys.append((*key, seen[key]))
    return keys


def _values(node: Node) -> object:
    text = "" if node.children else node.text
    return node.name, {key: each.value for key, each in node.attributes.items()}, text


def _edited(source: str, start: int, end: int, edits: list[tuple[int, int, str]]) -> str:
    parts: list[str] = []
    at = start
    for begin, stop, text in sorted(edits, key=lambda each: each[:2]):
        parts += (source[at:begin], text)
        at = stop
    return "".join((*parts, source[at:end]))
