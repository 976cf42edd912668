"""What ``beltline doctor`` says about the parts of the program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

MODELS = "All models are there and undamaged."
MEASURED = "The sample picture was measured: {tilt}."
NOT_MEASURED = "The sample picture could not be measured."
INSTALL_AGAIN = "Install Beltline again."
SCREEN = "A window can be opened."
CAMERAS = "Found: {names}."
NO_CAMERA = "No camera was found."
NO_CAMERA_FIX = "Photographs can be measured all the same; else connect a camera."
HISTORY = "Checks kept: {count}, in {where}."
SERVER = "the database that BELTLINE_DATABASE_URL names"
NO_HISTORY_YET = "Nothing is kept yet; it will be in {folder}."
NO_PLACE = "Nothing can be kept in {folder}: that place cannot be written to."
NO_PLACE_FIX = "Make the folder yours to write to."


class Health(StrEnum):
    """How a part of the program is; ``absent`` costs only what needs it."""

    WORKS = "works"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one part.

    Attributes
    ----------
    part
        Models, measuring, screen, camera or history.
    health
        How it is.
    message, fix
        One sentence each; the fix is empty where nothing need be done.
    """

    part: str
    health: Health
    message: str
    fix: str = ""


NAMES: Mapping[Health, str] = {
    Health.WORKS: "in order",
    Health.ABSENT: "not there",
    Health.BROKEN: "not working",
}


def describe_finding(finding: Finding) -> tuple[str, str]:
    """Return two lines about one part."""
    said = f"  {finding.message} {finding.fix}".rstrip()
    return f"{finding.part.capitalize()}: {NAMES[finding.health]}.", said
