"""How a desktop entry is written, where it belongs, and by which names a desktop knows us.

The rules are those of freedesktop.org's Desktop Entry and Base Directory specifications.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

#: A window under Wayland shows the icon of the desktop entry that has this name.
APPLICATION_ID = "org.beltline.Beltline"
#: What desktop entries call the icon.
ICON_NAME = "beltline"
#: The drawings, entries and scripts that come with the program.
ASSETS = Path(__file__).parents[2] / "assets" / "desktop"
ICON_FILE = ASSETS / f"{ICON_NAME}.svg"
_STARTED_BY = ("/bin/sh", "-c", 'exec "$0" "$@"')


def config_home() -> Path:
    """Return the folder of a person's choices."""
    return _own_folder("XDG_CONFIG_HOME", ".config")


def data_home() -> Path:
    """Return the folder of what a person has installed for themselves alone."""
    return _own_folder("XDG_DATA_HOME", ".local/share")


def exec_line(command: Sequence[str]) -> str:
    """Return a command as desktop files want it: in double quotes, and with every % doubled."""
    if command and "%" in command[0]:
        # GLib looks for the program by its name as it is before that is undone, and finds none.
        command = (*_STARTED_BY, *command)
    quoted = ('"' + re.sub(r'(["`$\\])', r"\\\1", part) + '"' for part in command)
    return as_text(" ".join(quoted)).replace("%", "%%")


def as_text(value: str) -> str:
    """Return a value as desktop files write it; they undo this before anything else."""
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def _own_folder(variable: str, usual: str) -> Path:
    """Return what the variable names; a path that is not absolute is to be passed over."""
    named = Path(os.environ.get(variable, ""))
    return named if named.is_absolute() else Path.home() / usual
