"""How large a form definition and the answers to it may be. Beyond these, both are refused with a
sentence."""

from __future__ import annotations

MAX_DEFINITION_BYTES = 200_000
"""Size of a form definition."""
MAX_COMPONENTS = 200
"""Components of one form, those inside groups counted."""
MAX_GROUP_DEPTH = 5
"""Groups inside groups."""
MAX_LABEL = 500
"""Characters of a label, a description or an option's label."""
MAX_TEXT_BLOCK = 10_000
"""Characters of a static text component."""
MAX_OPTIONS = 500
"""Options of one choice, those taken from the case's data included."""
MAX_OPTION_VALUE = 200
"""Characters of an option's stored value."""
MAX_PATTERN = 500
"""Characters of a regular expression."""
PATTERN_SECONDS = 0.1
"""Time a regular expression may take over one answer."""

MAX_ANSWERS = 300
"""Keys in one submission."""
MAX_ANSWER_CHARACTERS = 200_000
"""Characters of all answers of one submission together."""
MAX_LINE = 500
"""Characters of a text field, where the form sets no limit of its own."""
MAX_AREA = 10_000
"""Characters of a text area, where the form sets no limit of its own."""
MAX_OWN_LENGTH = 50_000
"""The largest maxLength a form may set."""
MAX_NUMBER_DIGITS = 24
"""Digits before the decimal point: with those after it 34, all that an expression calculates with."""
MAX_DECIMALS = 10
"""Digits after the decimal point."""
MAX_NUMBER = 10**MAX_NUMBER_DIGITS
"""Numbers stay below this, in either direction. An int: comparing a huge int with a Decimal takes seconds."""
FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years a date may lie in: others are slips of the keyboard, and would overflow sums of dates."""
