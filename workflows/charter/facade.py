"""The charter: what pages and the command line call."""

from __future__ import annotations

from engine.types import Instance
from workflows.charter import commands, content, queries, report
from workflows.charter.types import Charter, CharterPage, Tier
from workflows.context import Context, Reading, check, may
from workflows.identity import tiers
from workflows.identity.directory import candidates_in
from workflows.identity.types import SYSTEM_PERSON, Person
from workflows.permissions import Permission


class Charters:
    """The charter in force, those before it, the one proposed, and the report for the management body."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def page(self, reader: Person) -> CharterPage:
        """Everything the page of the charter shows. Raises `NotEntitled`."""

        def query(reading: Reading) -> CharterPage:
            check(reading.organisation, reader, Permission.READ_ORGANISATION)
            known = queries.all_charters(self._context.engine, reading.connection)
            in_force = _in_force(known)
            return CharterPage(
                in_force=in_force,
                proposed=next((each for each in known if each.is_open), None),
                charters=tuple(known),
                is_out_of_date=_is_out_of_date(in_force, reading),
                tiers=_tiers(reading),
                gaps=tuple(content.gaps(reading.organisation)),
                differences=self._differences(reading, in_force),
                may_propose=may(reading.organisation, reader, Permission.PROPOSE_CHARTER),
                now=reading.now,
            )

        return self._context.read(query)

    def charter(self, reader: Person, number: int) -> Charter:
        """One charter. Raises `NotFound`, `NotEntitled`."""

        def query(reading: Reading) -> Charter:
            check(reading.organisation, reader, Permission.READ_ORGANISATION)
            return queries.charter(self._context.engine, reading.connection, number)

        return self._context.read(query)

    def out_of_date(self) -> bool:
        """Whether there is a charter in force whose yearly review is overdue: every page says so."""

        def query(reading: Reading) -> bool:
            found = queries.in_force(reading.connection)
            return found is not None and found[1] < reading.now

        return self._context.read(query)

    def propose(self, actor: Person, *, reason: str, purpose: str = "") -> Instance:
        """Propose a charter drawn from the organisation as it is. Raises `NotEntitled`, `RuleBroken`,
        `Conflict` (another one waits).
        """
        return self._context.write(
            actor,
            Permission.PROPOSE_CHARTER,
            lambda writing: commands.propose(
                self._context.engine,
                writing,
                reason,
                purpose,
                authority="Set up by Parley" if actor is SYSTEM_PERSON else "May propose the charter",
            ),
        )

    def report(self, reader: Person) -> report.ManagementReport:
        """The report for the management body, on demand. Raises `NotEntitled`."""

        def query(reading: Reading) -> report.ManagementReport:
            check(reading.organisation, reader, Permission.READ_REGISTER)
            known = queries.all_charters(self._context.engine, reading.connection)
            in_force = _in_force(known)
            return report.draw_up(
                self._context,
                reading,
                in_force,
                _is_out_of_date(in_force, reading),
                _tiers(reading),
                self._differences(reading, in_force),
            )

        return self._context.read(query)

    def _differences(self, reading: Reading, in_force: Charter | None) -> tuple[str, ...]:
        if in_force is None:
            return ()
        definitions, connection = self._context.engine.definitions, reading.connection
        policies = [definitions.latest(connection, key) for key in definitions.keys(connection)]
        now = content.draw_up(reading.organisation, in_force.content["purpose"], policies)
        return tuple(content.differences(in_force.content, now))


def _in_force(known: list[Charter]) -> Charter | None:
    endorsed = [each for each in known if each.endorsed_at is not None]
    return max(endorsed, key=lambda each: (each.endorsed_at, each.number)) if endorsed else None


def _is_out_of_date(charter: Charter | None, reading: Reading) -> bool:
    return charter is not None and charter.review_due is not None and charter.review_due < reading.now


def _tiers(reading: Reading) -> tuple[Tier, ...]:
    found = []
    for role in content.TIERS:
        candidates = candidates_in(reading.connection, reading.organisation, role.value)
        names = tuple(reading.organisation.name(each.person_id) for each in candidates)
        found.append(Tier(role.label, tuple(candidates), names, tiers.told(reading.organisation, role, None)))
    return tuple(found)
