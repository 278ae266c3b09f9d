"""What is not in the table is forbidden."""

from __future__ import annotations

import pytest

from workflows.errors import NotEntitled
from workflows.permissions import ROLE_PERMISSIONS, Permission, permissions_of, require
from workflows.types import Role


def test_permissions_and_roles_are_alphabetical() -> None:
    assert [one.name for one in Permission] == sorted(one.name for one in Permission)
    assert [one.name for one in Role] == sorted(one.name for one in Role)


def test_every_role_has_its_row() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role)


def test_nobody_holds_anything_without_a_role() -> None:
    assert permissions_of([]) == frozenset()
    for permission in Permission:
        with pytest.raises(NotEntitled):
            require([], permission)


def test_an_auditor_reads_everything_and_changes_nothing() -> None:
    granted = ROLE_PERMISSIONS[Role.AUDITOR]
    assert Permission.READ_AUDIT in granted
    assert all(permission.value.startswith("read") for permission in granted)


def test_neither_leader_changes_posts_policies_or_the_committee() -> None:
    ruling = {
        Permission.APPOINT,
        Permission.MANAGE_COMMITTEE,
        Permission.MANAGE_PEOPLE,
        Permission.RELEASE_POLICY,
    }
    assert not ruling & (ROLE_PERMISSIONS[Role.CIO] | ROLE_PERMISSIONS[Role.CISO])


def test_an_administrator_does_not_read_risks() -> None:
    assert not ROLE_PERMISSIONS[Role.ADMINISTRATOR] & {Permission.READ_REGISTER, Permission.READ_ANY_CASE}


@pytest.mark.parametrize("permission", list(Permission))
def test_a_refusal_says_who_may(permission: Permission) -> None:
    with pytest.raises(NotEntitled, match=r"Nothing was changed\. These may: ") as refused:
        require([], permission, "someone")
    assert refused.value.person_id == "someone"
    holders = str(refused.value).rpartition("These may: ")[2]
    assert holders.rstrip("."), "a permission nobody holds is a dead one"
