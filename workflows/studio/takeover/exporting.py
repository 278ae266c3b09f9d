"""The list of what could not be taken over as a file for others."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from workflows.files import guarded
from workflows.studio.takeover.types import Left

HEADINGS = ("File", "Element", "Id", "Setting", "What it says", "Why it is not taken over", "What to do")


def as_csv(left: Sequence[Left]) -> str:
    """One line for each setting. A text that a spreadsheet would calculate has an apostrophe before it."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(HEADINGS)
    for row in left:
        cells = (row.path, row.element, row.element_id, row.said, row.value, row.why, row.advice)
        writer.writerow([guarded(cell) for cell in cells])
    return made.getvalue()
