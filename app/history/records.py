"""What the history keeps, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from vision.result import Z_90, Doubt, TiltEstimate
from vision.series import change_sds_deg

if TYPE_CHECKING:
    from datetime import date, datetime
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from vision.live.events import SqueezeResult
    from vision.result import BonyPoints, Measured, Method


class RowOrder(StrEnum):
    """How a list is sorted; checks that are alike in it come newest first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    MOST_FORWARD = "most_forward"
    LEAST_FORWARD = "least_forward"
    METHOD = "method"
    METHOD_REVERSED = "method_reversed"
    GARMENT = "garment"
    GARMENT_REVERSED = "garment_reversed"
    ARMS = "arms"
    ARMS_REVERSED = "arms_reversed"
    NOTE = "note"
    NOTE_REVERSED = "note_reversed"


@dataclass(frozen=True, slots=True)
class RowQuery:
    """What a check must be to be in a list.

    Attributes
    ----------
    profile_id
        Whose checks; None for everybody's.
    method
        Only checks whose answer is by this method.
    garment
        Only checks in these very clothes; empty for those where nobody said.
    text
        Only checks whose garment or note holds this, in any case of letters.
    since, until
        Only checks taken then or later, or before then (aware).
    order
        How they are sorted.
    """

    profile_id: int | None
    method: Method | None = None
    garment: str | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    order: RowOrder = RowOrder.NEWEST


class RowKind(StrEnum):
    """What a row of the database holds."""

    PERSON = "person"
    CHECK = "check"
    #: What belongs to a check and it can be without: outline, landmarks, repeats and the like.
    PART = "part"
    SQUEEZE = "squeeze"
    ENTRY = "entry"


@dataclass(frozen=True, slots=True)
class UnreadableRow:
    """A row that makes no sense, as after a fault of the disk; ``id`` is its number."""

    kind: RowKind
    id: int


@dataclass(frozen=True, slots=True)
class LostRow(UnreadableRow):
    """A row that nothing could be saved of, and what its list still knew of a check."""

    taken_at: datetime | None = None
    tilt: TiltEstimate | None = None


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved of a damaged database.

    Attributes
    ----------
    path
        Where the fresh one lies.
    checks, squeezes, entries
        How many checks, squeeze tests and entries of the diary are in it.
    from_copies
        How many of these come from the copies of earlier days.
    lost
        What could be found nowhere; rows of which no trace is left are not among them.
    """

    path: Path
    checks: int
    squeezes: int
    entries: int
    from_copies: int
    lost: tuple[LostRow, ...]


class Arms(StrEnum):
    """Where the arms were; their place shifts the balance, so like is compared with like."""

    COLLAR_BONES = "collar_bones"
    HANGING = "hanging"
    CROSSED = "crossed"
    FORWARD = "forward"


@dataclass(frozen=True, slots=True)
class Profile:
    """A person whose checks are kept: oneself, one of a family, or a client.

    Attributes
    ----------
    id
        Given by the database.
    name
        Unique, not empty.
    created_at
        With its offset from UTC.
    client_id
        How a practice numbers its clients; empty where it does not.
    birth_year
        The person's, or None.
    next_check_on
        The day for which the next check is planned, or None.
    """

    id: int
    name: str
    created_at: datetime
    client_id: str = ""
    birth_year: int | None = None
    next_check_on: date | None = None


@dataclass(frozen=True, slots=True)
class Deletion:
    """Something in the bin: what one deletion took away, all of which comes back together.

    Attributes
    ----------
    name
        Names it among all; no words for people.
    at
        When it was deleted, with its offset from UTC.
    people
        Names of those who went with all that was kept of them.
    owners
        Whose the rest is, where its person was not deleted with it.
    checks, tests, entries
        How many checks, squeeze tests and entries of the diary went.
    """

    name: str
    at: datetime
    people: tuple[str, ...]
    owners: tuple[str, ...]
    checks: int
    tests: int
    entries: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """How a check was made, as far as the person said; what is not known is None or empty.

    Attributes
    ----------
    garment
        What was worn, in the person's own words.
    arms
        Where the arms were.
    note
        Anything else.
    """

    garment: str = ""
    arms: Arms | None = None
    note: str = ""

    @property
    def clothes(self) -> str:
        """The garment in a form that is the same but for case and spaces."""
        return " ".join(self.garment.split()).casefold()


@dataclass(frozen=True, slots=True)
class Repeat:
    """One of several measurements of a stance that make one check.

    Attributes
    ----------
    taken_at
        When it was taken, with its offset from UTC.
    tilt
        Its angle and interval, by the check's own method.
    frames
        How many pictures it is the median of.
    spread_deg
        Sample standard deviation of those pictures' angles.
    """

    taken_at: datetime
    tilt: TiltEstimate
    frames: int
    spread_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class NewCheck:
    """A measurement about to be kept.

    Attributes
    ----------
    profile_id
        Whose it is.
    taken_at
        When the picture was taken, with its offset from UTC.
    result
        The measurement as it is to be kept; its pixels are those of the full picture.
    size_px
        Width and height of the full upright picture.
    conditions
        How it was made.
    suggested_points
        Where the bony points were suggested before a person moved them; None where nobody
        marked any.
    rgb
        Shape (height, width, 3), uint8: the upright picture or a smaller copy of it; None
        keeps the numbers only.
    repeats
        The measurements whose median the result is, in order; empty for a single picture.
    """

    profile_id: int
    taken_at: datetime
    result: Measured
    size_px: tuple[int, int]
    conditions: Conditions = Conditions()
    suggested_points: BonyPoints | None = None
    rgb: NDArray[np.uint8] | None = None
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """The files of a picture that was kept; either may have vanished since.

    Attributes
    ----------
    picture, thumbnail
        Upright JPEG files without any metadata.
    """

    picture: Path
    thumbnail: Path


@dataclass(frozen=True, slots=True)
class CheckRow:
    """What a list says about one check.

    Attributes
    ----------
    tilt
        The answer with its method and interval.
    repeat_count
        Of how many repeats it is the median; 0 for a single picture.
    repeat_spread_deg
        Sample standard deviation of the repeats' angles; None where there are fewer than two.
    calibrated_at
        When the calibration was made on which the answer rests; None where it rests on none.
    """

    id: int
    profile_id: int
    taken_at: datetime
    tilt: TiltEstimate
    conditions: Conditions
    has_picture: bool
    repeat_count: int = 0
    repeat_spread_deg: float | None = None
    calibrated_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """One check with everything that was kept about it.

    Attributes
    ----------
    row
        What lists say of it.
    profile
        Whose it is.
    saved_at
        When it was kept.
    result
        The measurement as it was, in pixels of the full picture: whatever shows a fresh
        measurement shows an old one. Reasons carry today's words for the codes of then.
    size_px
        Width and height of the full upright picture.
    suggested_points
        Where the bony points were suggested before a person moved them, or None.
    picture
        Its files, or None where only numbers were kept.
    repeats
        The measurements whose median it is, in order; empty for a single picture.
    """

    row: CheckRow
    profile: Profile
    saved_at: datetime
    result: Measured
    size_px: tuple[int, int]
    suggested_points: BonyPoints | None
    picture: KeptPicture | None
    repeats: tuple[Repeat, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Trend:
    """One person's checks by one method, oldest first; columns of equal length.

    Attributes
    ----------
    ids
        Shape (n,), int64.
    taken_at_s
        Shape (n,), float64: seconds since 1970, UTC.
    angle_deg
        Shape (n,), float64: positive = anterior.
    reading_deg, roll_deg, bones_deg
        Shape (n,), float64: the parts of :class:`vision.result.Doubt`.
    change_half_deg
        Shape (n,): half the interval by which each may differ from the next by itself; worked
        out once, for of a million that takes longer than a window may be held up.
    """

    method: Method
    ids: NDArray[np.int64]
    taken_at_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    reading_deg: NDArray[np.float64]
    roll_deg: NDArray[np.float64]
    bones_deg: NDArray[np.float64]
    change_half_deg: NDArray[np.float64] = field(init=False)

    def __post_init__(self) -> None:
        """Work out what follows from the others."""
        half_deg = Z_90 * change_sds_deg(self.method, self.reading_deg, self.roll_deg)
        object.__setattr__(self, "change_half_deg", half_deg)

    def tilt(self, index: int) -> TiltEstimate:
        """Return one check's tilt."""
        parts = self.reading_deg, self.roll_deg, self.bones_deg
        doubt = Doubt(*(float(part[index]) for part in parts))
        return TiltEstimate(self.method, float(self.angle_deg[index]), doubt)


@dataclass(frozen=True, slots=True, eq=False)
class TrendOutline:
    """The outline of many checks by one method, day by day; columns of equal length.

    Attributes
    ----------
    taken_at_s
        Shape (n,), float64: noons by UTC, seconds since 1970, rising.
    low_deg, high_deg
        Shape (n,), float64: lowest and highest end of what a change is judged by on each day.
    least_deg, most_deg
        Shape (n,), float64: lowest and highest angle.
    """

    method: Method
    taken_at_s: NDArray[np.float64]
    low_deg: NDArray[np.float64]
    high_deg: NDArray[np.float64]
    least_deg: NDArray[np.float64]
    most_deg: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class DaySums:
    """What checks by one method come to that were taken alike on one day; equal columns.

    A day may stand there twice, where it has two of UTC's days in it.

    Attributes
    ----------
    day
        Shape (n,), int64: days since 1970, by the clock of where the pictures were taken.
    level
        Shape (n,), int64: the same number for the same clothes, arms and calibration.
    has_clothes
        Shape (n,), bool: whether somebody said what was worn.
    count
        Shape (n,), int64: how many checks they are.
    at_s, angle_deg
        Shape (n,), float64: sums of their times, seconds since 1970 UTC, and of their angles.
    within_deg2, roll_deg2
        Shape (n,), float64: sums of the squares of what measuring one body, and the camera's
        roll, differ by.
    """

    method: Method
    day: NDArray[np.int64]
    level: NDArray[np.int64]
    has_clothes: NDArray[np.bool_]
    count: NDArray[np.int64]
    at_s: NDArray[np.float64]
    angle_deg: NDArray[np.float64]
    within_deg2: NDArray[np.float64]
    roll_deg2: NDArray[np.float64]

    def only(self, kept: NDArray[np.bool_]) -> DaySums:
        """Return those that are marked."""
        columns = (getattr(self, one.name)[kept] for one in fields(self)[1:])
        return DaySums(self.method, *columns)


@dataclass(frozen=True, slots=True, eq=False)
class DatedAngles:
    """One person's checks by one method, oldest first, with what their comparison needs.

    Columns of equal length.

    Attributes
    ----------
    taken_at_s
        Shape (n,), float64: seconds since 1970, UTC.
    day
        Shape (n,), int64: days since 1970, by the clock of where the picture was taken.
    angle_deg
        Shape (n,), float64: positive = anterior.
    reading_deg, roll_deg
        Shape (n,), float64: parts of :class:`vision.result.Doubt`.
    repeats
        Shape (n,), int64: of how many repeats each is the median; 0 for a single picture.
    repeat_spread_deg
        Shape (n,), float64: the repeats' standard deviation; 0 where there are fewer than two.
    level
        Shape (n,), int64: the same number for the same clothes, arms and calibration.
    has_clothes
        Shape (n,), bool: whether somebody said what was worn.
    """

    method: Method
    taken_at_s: NDArray[np.float64]
    day: NDArray[np.int64]
    angle_deg: NDArray[np.float64]
    reading_deg: NDArray[np.float64]
    roll_deg: NDArray[np.float64]
    repeats: NDArray[np.int64]
    repeat_spread_deg: NDArray[np.float64]
    level: NDArray[np.int64]
    has_clothes: NDArray[np.bool_]


class Ability(StrEnum):
    """Whether a person could do something, in their own words."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class SqueezeAnswers:
    """Whether the person felt both buttocks, and each alone, tighten; None where not said."""

    both: Ability | None = None
    left: Ability | None = None
    right: Ability | None = None


@dataclass(frozen=True, slots=True)
class NewSqueeze:
    """A squeeze test about to be kept.

    Attributes
    ----------
    profile_id
        Whose it is.
    taken_at
        When it ended, with its offset from UTC.
    result
        What was measured.
    answers
        What the person said.
    note
        Anything else.
    """

    profile_id: int
    taken_at: datetime
    result: SqueezeResult
    answers: SqueezeAnswers = SqueezeAnswers()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Squeeze(NewSqueeze):
    """A squeeze test as it was kept.

    Attributes
    ----------
    id
        Given by the database.
    saved_at
        When it was kept.
    """

    id: int
    saved_at: datetime
