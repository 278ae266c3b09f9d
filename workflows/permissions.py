"""What a person may do in the domain: one enum, one table. What is not in the table is forbidden.

Who may act on a *task* is not said here: that is the Directory's, from posts, rosters and seats.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from workflows.errors import NotEntitled
from workflows.identity.types import Role


class Permission(StrEnum):
    """Alphabetical."""

    AMEND_RISK = "amend risk"
    APPOINT = "appoint"
    ASK_AGAIN = "ask for a decision"
    CANCEL_CASE = "cancel case"
    DRAFT_POLICY = "draft policy"
    IMPORT_CATALOGUE = "import catalogue"
    IMPORT_REGISTER = "import register"
    LINK_INCIDENT = "link incident"
    MANAGE_ASSETS = "manage assets"
    MANAGE_COMMITTEE = "manage committee"
    MANAGE_PEOPLE = "manage people"
    PLAN_MEETING = "plan meeting"
    PROPOSE_CHARTER = "propose charter"
    RAISE_RISK = "raise risk"
    READ_ANY_CASE = "read any case"
    READ_ANY_DIALOGUE = "read any dialogue"
    READ_AUDIT = "read audit"
    READ_CATALOGUE = "read catalogue"
    READ_DIALOGUES = "read dialogues"
    READ_DRAFTS = "read drafts"
    READ_EXEMPTIONS = "read exemptions"
    READ_ORGANISATION = "read organisation"
    READ_OWN_RISKS = "read own risks"
    READ_POLICIES = "read policies"
    READ_REGISTER = "read register"
    RELEASE_POLICY = "release policy"
    RETRY_INCIDENT = "retry incident"
    REVIEW_POLICY = "review policy"
    SET_APPETITE = "set appetite"


_P = Permission
_EVERYBODY = frozenset(
    {_P.RAISE_RISK, _P.READ_CATALOGUE, _P.READ_ORGANISATION, _P.READ_OWN_RISKS, _P.READ_POLICIES}
)
_LEADERSHIP = frozenset({_P.READ_ANY_CASE, _P.READ_DRAFTS, _P.READ_EXEMPTIONS, _P.READ_REGISTER})

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            _P.APPOINT,
            _P.CANCEL_CASE,
            _P.IMPORT_CATALOGUE,
            _P.MANAGE_ASSETS,
            _P.MANAGE_COMMITTEE,
            _P.MANAGE_PEOPLE,
            _P.PLAN_MEETING,
            _P.RETRY_INCIDENT,
        }
    ),
    # Takes the CISO's tasks where one person holds both posts.
    Role.ADVISER: _LEADERSHIP | {_P.REVIEW_POLICY},
    Role.AUDITOR: _LEADERSHIP | {_P.READ_ANY_DIALOGUE, _P.READ_AUDIT, _P.READ_DIALOGUES},
    Role.CIO: _LEADERSHIP
    | {_P.AMEND_RISK, _P.ASK_AGAIN, _P.LINK_INCIDENT, _P.READ_DIALOGUES, _P.REVIEW_POLICY},
    Role.CISO: _LEADERSHIP
    | {
        _P.AMEND_RISK,
        _P.ASK_AGAIN,
        _P.IMPORT_CATALOGUE,
        _P.LINK_INCIDENT,
        _P.READ_DIALOGUES,
        _P.REVIEW_POLICY,
    },
    Role.COMMITTEE: _LEADERSHIP | {_P.PLAN_MEETING},
    Role.CRO: _LEADERSHIP
    | {_P.ASK_AGAIN, _P.LINK_INCIDENT, _P.READ_ANY_DIALOGUE, _P.READ_AUDIT, _P.READ_DIALOGUES},
    Role.EXECUTIVE: _LEADERSHIP | {_P.REVIEW_POLICY, _P.SET_APPETITE},
    Role.GOVERNANCE: _LEADERSHIP
    | {
        _P.AMEND_RISK,
        _P.ASK_AGAIN,
        _P.CANCEL_CASE,
        _P.DRAFT_POLICY,
        _P.IMPORT_CATALOGUE,
        _P.IMPORT_REGISTER,
        _P.LINK_INCIDENT,
        _P.MANAGE_ASSETS,
        _P.PLAN_MEETING,
        _P.PROPOSE_CHARTER,
        _P.READ_AUDIT,
        _P.RELEASE_POLICY,
        _P.SET_APPETITE,
    },
    Role.PROCESS_OWNER: _LEADERSHIP | {_P.DRAFT_POLICY},
    # Everybody who is active may raise a risk, and is told what became of it.
    Role.RAISER: _EVERYBODY,
}

_ACTIONS: dict[Permission, str] = {
    _P.AMEND_RISK: "change what the register says of a risk",
    _P.APPOINT: "appoint people to posts",
    _P.ASK_AGAIN: "ask for a new decision on a risk",
    _P.CANCEL_CASE: "cancel a case",
    _P.DRAFT_POLICY: "draft a policy",
    _P.IMPORT_CATALOGUE: "import the catalogue of known exploited vulnerabilities",
    _P.LINK_INCIDENT: "link an incident to a decision",
    _P.IMPORT_REGISTER: "import a register of risks",
    _P.MANAGE_ASSETS: "change the list of assets",
    _P.MANAGE_COMMITTEE: "change the members of the committee",
    _P.MANAGE_PEOPLE: "change the list of people",
    _P.PLAN_MEETING: "plan a meeting of the committee",
    _P.PROPOSE_CHARTER: "propose a charter",
    _P.RAISE_RISK: "raise a risk",
    _P.READ_ANY_CASE: "read this case",
    _P.READ_ANY_DIALOGUE: "read the dialogue of others",
    _P.READ_AUDIT: "read the audit trail",
    _P.READ_CATALOGUE: "read the catalogue of known exploited vulnerabilities",
    _P.READ_DIALOGUES: "read the weekly dialogue",
    _P.READ_DRAFTS: "read drafts of policies",
    _P.READ_EXEMPTIONS: "read the list of exemptions",
    _P.READ_ORGANISATION: "read the organisation's posts",
    _P.READ_OWN_RISKS: "read risks",
    _P.READ_POLICIES: "read the policies",
    _P.READ_REGISTER: "read the register of risks",
    _P.RELEASE_POLICY: "release a policy",
    _P.RETRY_INCIDENT: "try a failed step again",
    _P.REVIEW_POLICY: "agree to a policy",
    _P.SET_APPETITE: "set how much risk the organisation takes",
}


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything these roles may do together."""
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))


def require(roles: Iterable[Role], permission: Permission, person_id: str | None = None) -> None:
    """Refuse where none of the roles carries the permission.

    Raises:
        NotEntitled: with a sentence that names what was refused and who may do it.
    """
    if permission in permissions_of(roles):
        return
    holders = sorted(role.label for role, granted in ROLE_PERMISSIONS.items() if permission in granted)
    raise NotEntitled(
        f"Your posts do not let you {_ACTIONS[permission]}. Nothing was changed. These may: "
        f"{', '.join(holders)}.",
        person_id=person_id,
    )
