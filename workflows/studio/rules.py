"""Who must agree before a policy is released: pure rules over posts, authors and what was agreed so far.

docs/constructive-tension.md, "Who is who": reviewed by CIO and CISO, endorsed by an executive; nobody
releases what they alone changed. The CIO and the CISO come first, so that the executive endorses what both
leaders carry.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from workflows.identity.types import Role

REVIEWERS = (Role.CIO, Role.CISO)
NEEDED = (*REVIEWERS, Role.EXECUTIVE)
"""In the order in which a page lists them."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A draft in review: its authors, and who has agreed to this very content, by post."""

    authors: Collection[str]
    agreed: Mapping[Role, str]

    @property
    def is_complete(self) -> bool:
        """Whether all agreements are there."""
        return all(role in self.agreed for role in NEEDED)

    @property
    def missing(self) -> tuple[Role, ...]:
        """Posts that have not agreed yet."""
        return tuple(role for role in NEEDED if role not in self.agreed)


def refusal(standing: Standing, role: Role, person_id: str, posts: Collection[Role]) -> str | None:
    """Why a person may not agree in a post; None where nothing stands against it.

    Args:
        posts: every role the person holds now.
    """
    if role not in NEEDED or role not in posts:
        return f"You do not hold the post “{role.label}” now."
    personal = personal_refusal(standing.authors, person_id, posts)
    if personal is not None:
        return personal
    if role in standing.agreed:
        return f"The {role.label} has agreed already."
    if person_id in standing.agreed.values():
        return "You have agreed already, in another post. The three who agree are three persons."
    if role is Role.EXECUTIVE and not all(each in standing.agreed for each in REVIEWERS):
        return "The CIO and the CISO agree first; then an executive endorses."
    return None


def personal_refusal(authors: Collection[str], person_id: str, posts: Collection[Role]) -> str | None:
    """Why a person agrees to no draft, or not to this one, whatever the post."""
    if person_id in authors:
        return "You have changed this draft yourself. Somebody who has not must agree to it."
    if Role.ADMINISTRATOR in posts:
        return "Who administers this installation does not agree to policies."
    return None


def post_to_agree_in(standing: Standing, person_id: str, posts: Collection[Role]) -> Role | None:
    """The post in which a person may agree now; None where there is none."""
    open_to = (role for role in NEEDED if refusal(standing, role, person_id, posts) is None)
    return next(open_to, None)
