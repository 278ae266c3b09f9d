"""Where the policies that ship are.

In a checkout they lie in ``bpmn/`` beside the packages; the wheel carries the same folder inside this
package, as ``workflows/_bpmn`` (see ``force-include`` in pyproject.toml). A checkout wins, so that what is
edited there is what is used.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_policies() -> Path:
    """The folder with a subfolder for each policy that ships.

    Raises FileNotFoundError where neither place has it: the installation is incomplete.
    """
    for folder in (_PACKAGE.parent / "bpmn", _PACKAGE / "_bpmn"):
        # An environment may hold another package named "bpmn": ours has policies in it.
        if any(folder.glob("*/*.bpmn")) and not (folder / "__init__.py").exists():
            return folder
    raise FileNotFoundError("The policies that ship are missing here: install Parley again.")
