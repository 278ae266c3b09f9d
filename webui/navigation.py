"""The navigation: areas in groups, who is offered which, and which of them a page belongs to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workflows.types import Permission


@dataclass(frozen=True, slots=True)
class Area:
    """An entry of the navigation, and the permission without which it is not shown."""

    endpoint: str
    title: str
    needs: Permission | None = None
    also: tuple[str, ...] = ()
    """Blueprints and endpoints whose pages belong to it too, besides those of its own blueprint that have no
    entry of their own."""


@dataclass(frozen=True, slots=True)
class Group:
    """Areas under one heading. With one area left for a reader it is shown as that area."""

    title: str
    areas: tuple[Area, ...]


_P = Permission
GROUPS = (
    Group("My tasks", (Area("inbox.show", "My tasks", also=("task",)),)),
    Group(
        "Risks",
        (
            Area("register.show", "Register", also=("risk", "treatment.form", "treatment.link")),
            Area("exemptions.show", "Exemptions", _P.READ_EXEMPTIONS),
            Area("emergencies.show", "Emergencies", _P.READ_EXEMPTIONS),
            Area("treatment.show", "Treatment plans", _P.READ_REGISTER),
            Area("treatment.reviews", "Reviews of accepted risks", _P.READ_REGISTER),
            Area("kev.show", "Known exploited", _P.READ_CATALOGUE),
            Area("appetite.show", "Appetite", _P.READ_POLICIES),
            Area("assets.show", "Assets"),
            Area("imports.show", "Import", _P.IMPORT_REGISTER),
        ),
    ),
    Group(
        "Meetings",
        (
            Area("dialogue.mine", "Weekly dialogue", _P.READ_DIALOGUES),
            Area("committee.show", "Committee", _P.READ_REGISTER),
        ),
    ),
    Group(
        "Policies",
        (
            Area(
                "policies.show",
                "Policies",
                _P.READ_POLICIES,
                also=("live", "studio.history", "documents"),
            ),
            Area(
                "studio.drafts",
                "Drafts",
                _P.READ_DRAFTS,
                also=("editors", "play", "takeover", "documents.draft", "documents.drawing"),
            ),
        ),
    ),
    Group(
        "Figures",
        (
            Area("measures.show", "Measures", _P.READ_REGISTER),
            Area("treatment.look_back", "Look back", _P.READ_REGISTER),
            Area("charter.report", "Report for the management body", _P.READ_REGISTER),
        ),
    ),
    Group(
        "Organisation",
        (
            Area("organisation.show", "Posts and people", _P.READ_ORGANISATION),
            Area("charter.show", "Charter", _P.READ_ORGANISATION, also=("charter.one", "charter.propose")),
            Area("incidents.show", "Stopped cases", _P.RETRY_INCIDENT),
        ),
    ),
)


def offered(may: Callable[[Permission], bool]) -> tuple[Group, ...]:
    """What a reader may open: groups with nothing to open are left out."""
    groups = (
        Group(group.title, tuple(area for area in group.areas if area.needs is None or may(area.needs)))
        for group in GROUPS
    )
    return tuple(group for group in groups if group.areas)


def area_of(endpoint: str) -> str:
    """The endpoint of the area that a page belongs to; empty where it belongs to none."""
    areas = [area for group in GROUPS for area in group.areas]
    blueprint = endpoint.split(".")[0]
    tests: tuple[Callable[[Area], bool], ...] = (
        lambda area: area.endpoint == endpoint,
        lambda area: endpoint in area.also,
        lambda area: blueprint in area.also,
        lambda area: area.endpoint.split(".")[0] == blueprint,
    )
    for test in tests:
        found = next((area.endpoint for area in areas if test(area)), None)
        if found is not None:
            return found
    return ""
