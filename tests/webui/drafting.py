"""Drafts made through the pages."""

from __future__ import annotations

import re

from tests.webui.conftest import Visitor


def drafted(visitor: Visitor, key: str = "risk-decision") -> str:
    """Make a draft from the version of a policy that is in force; its address."""
    found = re.search(
        rf'name="key" value="{key}">\s*<input type="hidden" name="based_on" value="(\w+)"',
        visitor.get("/drafts").text,
    )
    assert found is not None, f"no draft can be made of {key}"
    answer = visitor.post("/drafts", {"key": key, "based_on": found[1]}, to="/drafts")
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])
