"""What is gathered while files are read: offers, what is left, and what needs nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from lxml import etree

from engine.diagrams.xml import PARLEY
from workflows.identity.types import Role
from workflows.studio.takeover.diagrams import Diagram, Setting, shortened
from workflows.studio.takeover.types import Choice, Edit, Left, Offer


@dataclass
class Survey:
    """The files, and what was found in them so far."""

    files: Mapping[str, bytes]
    """All that was given: diagrams, tables, forms, and schemas of other tools."""
    diagrams: list[Diagram]
    offers: list[Offer] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    claimed: set[int] = field(default_factory=set)
    """Settings that an offer or a row speaks of, by identity."""
    fields: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    """File and id of an element to the keys of the fields that its form has."""
    results: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """File and name of a variable to the elements whose result it is."""
    variables: dict[tuple[str, etree._Element | None, str], list[tuple[str, str]]] = field(
        default_factory=dict
    )
    """File, process and name to what is asked under that name, as Parley names it, and at which element."""
    new_files: dict[str, bytes] = field(default_factory=dict)
    """Files that offers would put in."""
    offered: dict[tuple[str, str, str], str] = field(default_factory=dict)
    """Kind, file and element to the first offer there."""
    alike: dict[str, int] = field(default_factory=dict)
    """How many offers say the same of elements of the same names: their ids count them."""

    def claim(self, *settings: Setting) -> None:
        """Say that these are spoken of."""
        self.claimed.update(id(each) for each in settings)

    def offer(
        self,
        kind: str,
        diagram: Diagram,
        nodes: Sequence[etree._Element],
        *,
        found: str,
        becomes: str,
        sentence: str,
        edits: Iterable[Edit],
        files: Mapping[str, bytes] | None = None,
        needs: Iterable[str] = (),
        choices: Iterable[Choice] = (),
        chosen: str = "",
    ) -> Offer:
        """Add an offer."""
        elements = tuple(diagram.spoken(each) for each in nodes)
        said = "\n".join((kind, diagram.path, found, *elements))
        same = self.alike[said] = self.alike.get(said, 0) + 1
        made = Offer(
            id=f"{kind}-{hashlib.sha256(f'{said}{same}'.encode()).hexdigest()[:16]}",
            kind=kind,
            path=diagram.path,
            element_ids=tuple(each.get("id", "") for each in nodes),
            elements=elements,
            found=found,
            becomes=becomes,
            sentence=sentence,
            edits=tuple(edits),
            files=files or {},
            needs=tuple(needs),
            choices=tuple(choices),
            chosen=chosen,
        )
        self.offers.append(made)
        self.new_files.update(made.files)
        for key in made.element_ids:
            self.offered.setdefault((kind, made.path, key), made.id)
        return made

    def leave(self, diagram: Diagram, setting: Setting, why: str, advice: str) -> None:
        """Put a setting on the list of what could not be taken over."""
        self.claim(setting)
        self.leave_at(diagram, setting.owner, setting.said, setting.value, why, advice)

    def leave_at(
        self, diagram: Diagram, node: etree._Element, said: str, value: str, why: str, advice: str
    ) -> None:
        """The same for what is no setting of its own."""
        self.left.append(
            Left(diagram.path, node.get("id", ""), diagram.spoken(node), said, shortened(value), why, advice)
        )

    def offered_at(self, kind: str, diagram: Diagram, node: etree._Element) -> str | None:
        """Id of the offer of a kind at an element."""
        return self.offered.get((kind, diagram.path, node.get("id", "")))

    @cached_property
    def ids(self) -> set[str]:
        """Every id that an element of the files has, or would get."""
        return {node.get("id", "") for diagram in self.diagrams for node in diagram.nodes}


def own(node: etree._Element, name: str) -> str:
    """An attribute of Parley's."""
    return (node.get(f"{{{PARLEY}}}{name}") or "").strip()


def role_choices() -> tuple[Choice, ...]:
    """The roles a lane or a step can have."""
    return tuple(Choice(role.value, role.label) for role in Role if role is not Role.ADMINISTRATOR)


def role_named(name: str) -> str:
    """The role that has a name as its title, whatever the letters' case; empty where none has."""
    plain = " ".join(name.replace("_", " ").split()).casefold()
    for role in Role:
        if role is not Role.ADMINISTRATOR and plain in (role.label.casefold(), role.value.replace("_", " ")):
            return role.value
    return ""
