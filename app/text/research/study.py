"""What is said of studies, to whoever leads one and to raters."""

from __future__ import annotations

from typing import Protocol

LOOKING = "Looking at photographs"
NOT_BOTH = "Name either the study's folder or --design, not both and not neither."
MADE = (
    "The study is in '{folder}': {items} pictures for each of {raters} raters. The seed is {seed}."
)
MADE_NEXT = (
    "Give each rater one folder below '{raters}', and keep study.json to yourself: it tells which "
    "picture is whose."
)
IMPORTED = "{new} answers of {rater} were taken in; {rated} of {items} pictures are now rated."
REPORT_WRITTEN = "The report is in '{out}'."

#: Beside the pictures of each rater.
README = """\
Thank you for rating.

In this folder are {items} pictures of people who stand with one side towards you. Some of them
may look alike. Please rate each picture by itself, as if you had seen none before.

How to rate
1. Install Beltline on this computer and open it. Choose Settings, then "Rate photographs for a
   study...", then this folder. (Or open a terminal in this folder and type: beltline study rate .)
   If somebody gave you another way to mark the points, use that.
2. Mark two points in each picture:
   - the bony point at the front of the pelvis (the front end of the hip bone, ASIS);
   - the bony point at the back of the pelvis (the dimple above the buttock, PSIS).
   If something in the picture is plumb in reality, such as a door frame, mark it too.
3. Say how well the belt line can be seen.
4. If you cannot tell where a point is, say so. Do not guess.

You may stop at any time: each answer is kept at once, and you go on where you stopped.
Please do not talk about the pictures with other raters before everybody has finished, do not
look at other raters' answers, and do not rename or change the files.

When you have finished, give the whole folder back to whoever gave it to you. It holds
photographs of people: copy it nowhere else, and delete it here once it was taken back.
"""


class _Progress(Protocol):
    @property
    def rater(self) -> str: ...
    @property
    def items(self) -> int: ...
    @property
    def rated(self) -> int: ...
    @property
    def unmarkable(self) -> int: ...
    @property
    def seconds(self) -> float | None: ...


def progress(of: _Progress) -> str:
    """Return how far one rater is."""
    told = f"{of.rater}: {of.rated} of {of.items} rated"
    if of.unmarkable:
        told += f", {of.unmarkable} of them without points"
    if of.seconds is not None:
        told += f", about {of.seconds:.0f} s each"
    return f"{told}."
