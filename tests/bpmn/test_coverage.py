"""Every shipped scenario is true with the real operations, and together they take every way there is."""

from __future__ import annotations

from functools import cache

import pytest

from workflows.scenarios.coverage import PolicyCoverage, coverage, policy_folders
from workflows.shipped import shipped_policies

pytestmark = pytest.mark.xdist_group("coverage")  # all are told once, and one process pays for it


@cache
def told() -> dict[str, PolicyCoverage]:
    found = coverage(shipped_policies(), lambda number, total, scenario: None)
    return {each.key: each for each in found}


@pytest.mark.parametrize("key", sorted(policy_folders(shipped_policies())))
def test_every_way_of_a_shipped_policy_is_taken_and_what_is_told_is_true(key: str) -> None:
    policy = told()[key]
    assert [text for _, text in policy.faults] == []
    assert {each.kind: each.missing for each in policy.taken if each.missing} == {}
    assert policy.is_complete
