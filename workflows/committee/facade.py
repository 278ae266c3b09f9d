"""The committee: what pages and set-up call. It is seated by cases alone, see `operations`."""

from __future__ import annotations

from datetime import datetime

from workflows.committee.types import Committee, CommitteePage, Member, Seat
from workflows.context import Context
from workflows.identity.types import Person


class Committees:
    """Committees, their members, and the seats of a case's vote."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def committees(self, reader: Person) -> list[CommitteePage]:
        """All committees with today's members, who of them cannot vote and why, and whether they can sit."""
        raise NotImplementedError

    def add_committee(self, actor: Person, *, id: str, name: str) -> Committee:
        """Add a committee. Raises `NotEntitled`, `RuleBroken`."""
        raise NotImplementedError

    def add_member(
        self,
        actor: Person,
        committee_id: str,
        person_id: str,
        *,
        function: str,
        valid_from: datetime,
        valid_until: datetime | None = None,
        is_chair: bool = False,
        alternate_for: str | None = None,
        basis: str,
    ) -> Member:
        """Put a person on a committee, as a member or as the alternate of one.

        Raises `NotEntitled`, `NotFound`, `RuleBroken`: neither CIO nor CISO, nor a deputy or direct report of theirs,
        votes or chairs.
        """
        raise NotImplementedError

    def end_membership(self, actor: Person, member_id: str, *, ends_at: datetime, basis: str) -> Member:
        """End a membership early. Raises `NotEntitled`, `NotFound`, `RuleBroken`."""
        raise NotImplementedError

    def seats(self, reader: Person, case_id: str) -> list[Seat]:
        """The roster of a case's latest vote; empty where the committee was not seated."""
        raise NotImplementedError
