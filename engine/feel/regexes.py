"""Regular expressions in the dialect of XPath 2.0 (F&O §7.6.1, which DMN names), matched under a time
limit.
"""

from __future__ import annotations

from functools import lru_cache

import regex

from .errors import FeelLimitError
from .limits import MAX_PATTERN, MAX_STRING, MAX_SUBJECT, REGEX_SECONDS, Run
from .regex_dialect import BadPatternError, translate, without_spaces

_FLAGS = frozenset("smixq")


def find(pattern: str, subject: str, flags: str | None, run: Run) -> bool | None:
    """Whether the pattern matches anywhere in the subject; None where pattern or flags are wrong."""
    compiled = _prepare(pattern, subject, flags, run)
    if compiled is None:
        return None
    try:
        return compiled.search(subject, timeout=REGEX_SECONDS) is not None
    except TimeoutError as error:
        raise _too_slow(pattern) from error


def substitute(pattern: str, subject: str, replacement: str, flags: str | None, run: Run) -> str | None:
    """The subject with every match replaced (`$1` is a group, `$0` the match); None where something is
    wrong.
    """
    compiled = _prepare(pattern, subject, flags, run)
    template = None if compiled is None else _template(replacement, compiled.groups)
    if compiled is None or template is None:
        return None
    length = len(subject)

    def make(match: regex.Match[str]) -> str:
        nonlocal length
        made = "".join(part if isinstance(part, str) else match[part] or "" for part in template)
        length += len(made)
        if length > MAX_STRING:
            raise FeelLimitError(f"A text would have more than {MAX_STRING:,} characters")
        run.spend(1)
        return made

    try:
        made = compiled.sub(make, subject, timeout=REGEX_SECONDS)
    except TimeoutError as error:
        raise _too_slow(pattern) from error
    run.spend_string(len(made))
    return made


def split(pattern: str, subject: str, run: Run) -> list[str] | None:
    """The parts of the subject between the matches; None where the pattern is wrong."""
    compiled = _prepare(pattern, subject, None, run)
    if compiled is None or compiled.fullmatch("") is not None:
        return None  # what matches nothing at all cannot part anything (F&O error FORX0003)
    try:
        pieces = compiled.split(subject, timeout=REGEX_SECONDS)
    except TimeoutError as error:
        raise _too_slow(pattern) from error
    parts = pieces[:: compiled.groups + 1]  # the groups' matches stand in between
    run.spend_list(len(parts))
    return parts


def _too_slow(pattern: str) -> FeelLimitError:
    return FeelLimitError(
        f"The pattern “{pattern[:40]}” took more than {REGEX_SECONDS} seconds on one text and was stopped"
    )


def _prepare(pattern: str, subject: str, flags: str | None, run: Run) -> regex.Pattern[str] | None:
    if len(pattern) > MAX_PATTERN:
        raise FeelLimitError(f"A pattern has {len(pattern):,} characters; the limit is {MAX_PATTERN:,}")
    if len(subject) > MAX_SUBJECT:
        raise FeelLimitError(
            f"A text of {len(subject):,} characters is matched with a pattern; the limit is {MAX_SUBJECT:,}"
        )
    run.spend(100 + len(subject) // 2)
    compiled_before = _compile.cache_info().misses
    compiled = _compile(pattern, flags or "")
    if _compile.cache_info().misses != compiled_before:
        run.spend(2_000)
    run.look_at_clock()  # what a match costs cannot be told beforehand
    return compiled


@lru_cache(maxsize=512)
def _compile(pattern: str, flags: str) -> regex.Pattern[str] | None:
    if not set(flags) <= _FLAGS:
        return None
    bits = regex.VERSION1
    if "s" in flags:
        bits |= regex.DOTALL
    if "m" in flags:
        bits |= regex.MULTILINE
    if "i" in flags:
        bits |= regex.IGNORECASE
    try:
        if "q" in flags:
            return regex.compile(regex.escape(pattern), bits)
        if "x" in flags:
            pattern = without_spaces(pattern)
        return regex.compile(translate(pattern, dot_all="s" in flags, multiline="m" in flags), bits)
    except (regex.error, BadPatternError, OverflowError):
        return None


def _template(replacement: str, groups: int) -> list[str | int] | None:
    r"""The replacement as texts and group numbers; None where a `$` or `\` stands alone (F&O §7.6.3)."""
    parts: list[str | int] = []
    at = 0
    while at < len(replacement):
        char = replacement[at]
        following = replacement[at + 1 : at + 2]
        if char == "\\":
            if following not in ("\\", "$"):
                return None
            parts.append(following)
            at += 2
        elif char == "$":
            if not ("0" <= following <= "9"):
                return None
            end = at + 2
            while "0" <= replacement[end : end + 1] <= "9" and int(replacement[at + 1 : end + 1]) <= groups:
                end += 1
            number = int(replacement[at + 1 : end])
            parts.append(number if number <= groups else "")
            at = end
        else:
            parts.append(char)
            at += 1
    return parts
