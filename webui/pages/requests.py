"""What pages read from a request: where to go on to, a page's number, a form's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import request, url_for
from werkzeug.exceptions import BadRequest

OURS = {"csrf_token", "_token", "_revision", "_risk"}
"""Hidden fields that are the page's, not the form's."""

HIGHEST_PAGE = 100_000


def next_address(fallback: str = "inbox.show") -> str:
    """The address in the field or parameter `next`, if it is one of this site; else the fallback's."""
    place = request.form.get("next") or request.args.get("next") or ""
    try:
        parts = urlsplit(place)
    except ValueError:  # such as a bracket that no address has there
        return url_for(fallback)
    # A second slash or a backslash would let a browser read the rest as another site's name.
    fine = (
        place.startswith("/")
        and not place.startswith(("//", "/\\"))
        and not parts.scheme
        and not parts.netloc
    )
    if fine and all(ord(character) >= 32 for character in place) and "\\" not in place:
        return place
    return url_for(fallback)


def page_number() -> int:
    """The page of a list asked for, from 1."""
    number = request.args.get("page", 1, type=int)
    return max(1, min(number, HIGHEST_PAGE))


def answers() -> Mapping[str, Any]:
    """What the form sent: a string for a field sent once, a list of strings for one sent more often."""
    return {
        key: values[0] if len(values) == 1 else values
        for key, values in request.form.lists()
        if key not in OURS
    }


def submission() -> tuple[int, str]:
    """The task's revision and the submission token that the page had shown."""
    revision, token = request.form.get("_revision", type=int), request.form.get("_token", "")
    if revision is None or not token:
        raise BadRequest
    return revision, token
