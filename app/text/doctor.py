"""What ``beltline doctor`` says about the parts of the program, and how a history is mended."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from app.history.records import RowKind
from vision.messages import Plural, translatable
from vision.result import tilt_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from app.history.exchange.daily import DailyCopy
    from app.history.records import LostRow, Salvaged

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

SALVAGED = "Saved in {path}: {checks}, {tests} and {entries}."
IN_USE = "What could be read is in use now: {checks}, {tests} and {entries}."
FROM_COPIES = "{count} of these come from copies of earlier days."
LOST = "Lost: {what}."
LOST_CHECK = "check {number} of {when}, {angle}"
AND_MORE = "{count} more"
NOTHING_LOST = "Nothing was lost of which there is any trace."
USE_IT = "To go on with it: beltline history use-copy '{path}'"
COPY_LINE = "{day}  {size} MB{flaws}"
FLAWED = "  some of it cannot be read"
NO_COPIES = "There is no copy yet: one is made on each day on which something new is kept."
CONFIRM_USE = "Put it in the place of the history as it is now? That is kept beside it."
LEFT = "Everything was left as it is."
USED = "The history is now the one of {path}."
SET_ASIDE = "The one before was kept: {path}"
#: How the rows of a history are counted.
_COUNTED: Mapping[RowKind, Plural] = {
    RowKind.CHECK: Plural(("1 check", "{count} checks")),
    RowKind.PART: Plural(("parts of 1 check", "parts of {count} checks")),
    RowKind.SQUEEZE: Plural(("1 squeeze test", "{count} squeeze tests")),
    RowKind.ENTRY: Plural(("1 diary entry", "{count} diary entries")),
}
#: More checks than these are not named one by one.
_NAMED_MOST = 12


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


def count_rows(kind: RowKind, count: int) -> str:
    """Return how many rows there are, in words."""
    return _COUNTED[kind].of(count)


def salvaged_lines(saved: Salvaged, *, is_in_use: bool = False) -> list[str]:
    """Return what was saved of a damaged history, and what was lost.

    Parameters
    ----------
    is_in_use
        Whether it has taken the damaged one's place.
    """
    counts = {
        "checks": count_rows(RowKind.CHECK, saved.checks),
        "tests": count_rows(RowKind.SQUEEZE, saved.squeezes),
        "entries": count_rows(RowKind.ENTRY, saved.entries),
    }
    lines = [(IN_USE if is_in_use else SALVAGED).format(path=saved.path, **counts)]
    if saved.from_copies:
        lines.append(FROM_COPIES.format(count=saved.from_copies))
    return [*lines, _lost_line(saved.lost)]


def _lost_line(lost: Sequence[LostRow]) -> str:
    told = [
        LOST_CHECK.format(
            number=row.id, angle=tilt_text(row.tilt), when=row.taken_at.date().isoformat()
        )
        if row.tilt is not None and row.taken_at is not None
        else f"{row.kind.value} {row.id}"
        for row in lost
        if row.kind is RowKind.CHECK
    ]
    if len(told) > _NAMED_MOST:
        told[_NAMED_MOST:] = [AND_MORE.format(count=len(told) - _NAMED_MOST)]
    for kind in (RowKind.PART, RowKind.SQUEEZE, RowKind.ENTRY):
        count = sum(row.kind is kind for row in lost)
        told += [count_rows(kind, count)] if count else []
    return LOST.format(what="; ".join(told)) if told else NOTHING_LOST


def copy_line(copy: DailyCopy) -> str:
    """Return one line about the copy of a day."""
    size = f"{copy.size_bytes / 2**20:.1f}"
    flaws = FLAWED if copy.is_flawed else ""
    return COPY_LINE.format(day=copy.day.isoformat(), size=size, flaws=flaws)


def used_lines(path: Path, aside: Path | None) -> list[str]:
    """Return what was put in the history's place, and where that is now."""
    return [USED.format(path=path), *set_aside_lines(aside)]


def set_aside_lines(aside: Path | None) -> list[str]:
    """Return where the file is that was in the history's place, if there was one."""
    return [] if aside is None else [SET_ASIDE.format(path=aside)]


NAMES: Mapping[Health, str] = {
    Health.WORKS: "in order",
    Health.ABSENT: "not there",
    Health.BROKEN: "not working",
}


def describe_finding(finding: Finding) -> tuple[str, str]:
    """Return two lines about one part."""
    said = f"  {finding.message} {finding.fix}".rstrip()
    return f"{finding.part.capitalize()}: {NAMES[finding.health]}.", said


translatable(__name__)
