"""The answer to one photograph: a measurement, or the reasons why there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray


#: Every interval is meant to hold the truth in this share of cases.
INTERVAL_LEVEL = 0.9
#: Half the width of that interval in standard deviations of a normal error.
Z_90 = 1.645
#: How much the line from PSIS to ASIS differs between people whose pelves stand alike, a
#: standard deviation, deg: a photograph cannot see it. From 0 to 23 deg in pelves held still,
#: SD 5 (Preece 2008, Man Ther 13:513); 4.2 in a public statistical shape model of 324 people.
BONES_SD_DEG = 4.5


class Facing(StrEnum):
    """Which edge of the picture the person looks towards."""

    LEFT = "left"
    RIGHT = "right"

    @property
    def front_sign(self) -> int:
        """+1 when the person's front is towards growing x, else -1."""
        return 1 if self is Facing.RIGHT else -1


class Method(StrEnum):
    """Where a tilt comes from. Results of different methods are never mixed."""

    MARKED = "marked"
    STICKERS = "stickers"
    CONTOUR = "contour"
    CALIBRATED = "calibrated"
    BELT = "belt"


class VerticalSource(StrEnum):
    """How the plumb direction in the picture is known."""

    ASSUMED = "assumed"
    GIVEN = "given"
    FOUND = "found"


class Severity(StrEnum):
    """Whether a reason forbids a number or only qualifies it."""

    REFUSE = "refuse"
    WARN = "warn"


class ReasonCode(StrEnum):
    """Machine-readable names of all that can be wrong with a photograph or a series of them."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NO_PERSON = "no_person"
    SEVERAL_PEOPLE = "several_people"
    NOT_STANDING = "not_standing"
    NOT_UPRIGHT = "not_upright"
    BODY_CUT_OFF = "body_cut_off"
    NOT_SIDE_ON = "not_side_on"
    CAMERA_TILTED = "camera_tilted"
    TOO_SMALL = "too_small"
    TOO_DARK = "too_dark"
    BLURRED = "blurred"
    ARMS_OVER_PELVIS = "arms_over_pelvis"
    LOOSE_CLOTHING = "loose_clothing"
    HEAD_HIDDEN = "head_hidden"
    VERTICAL_ASSUMED = "vertical_assumed"
    POINTS_UNUSABLE = "points_unusable"
    SPREAD_TOO_LARGE = "spread_too_large"
    MIXED_METHODS = "mixed_methods"
    TOO_FEW_PHOTOGRAPHS = "too_few_photographs"
    SAME_PHOTOGRAPH = "same_photograph"
    STICKERS_UNCLEAR = "stickers_unclear"
    NO_BELT_LINE = "no_belt_line"
    NO_MARKS = "no_marks"
    PICTURES_DISAGREE = "pictures_disagree"
    OFFSET_TOO_LARGE = "offset_too_large"
    TAKEN_FAR_APART = "taken_far_apart"
    CALIBRATION_OLD = "calibration_old"
    CALIBRATION_OUTDATED = "calibration_outdated"
    NO_MOVEMENT = "no_movement"
    WRONG_WAY = "wrong_way"
    POSITION_MISSING = "position_missing"
    TOO_FEW_ROUNDS = "too_few_rounds"
    LENS_HIGH = "lens_high"
    LENS_LOW = "lens_low"
    PERSON_CHOSEN = "person_chosen"
    PEOPLE_TOUCH = "people_touch"


class NoBeltReason(StrEnum):
    """Why no belt line can be told."""

    NO_TRUNK = "no_trunk"
    ARM_ACROSS = "arm_across"
    ONE_COLOUR = "one_colour"
    PATTERN = "pattern"
    LONG_TOP = "long_top"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that is wrong with a photograph, and how to mend it.

    Attributes
    ----------
    code, severity
        For programs.
    message
        One plain sentence: what is wrong.
    fix
        One plain sentence: how to take a better picture.
    number
        What the message tells, in its unit; None where it tells none.
    """

    code: ReasonCode
    severity: Severity
    message: str
    fix: str
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """What may be wrong with a tilt: standard deviations, independent of one another.

    Attributes
    ----------
    reading_deg
        Of reading the picture: clothes, build, mask, stance; of marked points and stickers:
        placing them. At least 0, as all parts are.
    roll_deg
        Of what is not known of the camera.
    bones_deg
        Of the bones' own shape, the same each time for one person: :data:`BONES_SD_DEG` for
        the contour; 0 for marked points, stickers and belt; the calibration's own for a
        calibrated contour.
    """

    reading_deg: float
    roll_deg: float
    bones_deg: float

    @property
    def total_deg(self) -> float:
        """All parts together: how far one angle may be off."""
        return math.hypot(self.reading_deg, self.roll_deg, self.bones_deg)

    def times(self, factor: float) -> Doubt:
        """Return a doubt so many times as large, in the same parts."""
        return Doubt(factor * self.reading_deg, factor * self.roll_deg, factor * self.bones_deg)

    @property
    def own_deg(self) -> float:
        """The parts that differ between two looks at one person: what a change is judged by."""
        return math.hypot(self.reading_deg, self.roll_deg)


@dataclass(frozen=True, slots=True)
class TiltEstimate:
    """A pelvic tilt with its method and how sure it is.

    Attributes
    ----------
    method
        Where the number comes from.
    angle_deg
        Degrees against the horizontal; positive = anterior (front lower), whichever way
        the person faces.
    doubt
        How far it may be off, part by part.
    """

    method: Method
    angle_deg: float
    doubt: Doubt

    @property
    def half_width_deg(self) -> float:
        """Half of the interval at :data:`INTERVAL_LEVEL`, from all parts of the doubt."""
        return Z_90 * self.doubt.total_deg

    @property
    def low_deg(self) -> float:
        """The lower end of that interval."""
        return self.angle_deg - self.half_width_deg

    @property
    def high_deg(self) -> float:
        """The upper end of that interval."""
        return self.angle_deg + self.half_width_deg


@dataclass(frozen=True, slots=True)
class BeltEstimate:
    """The belt line's angle and where it meets the silhouette.

    Attributes
    ----------
    tilt
        By method ``belt``: not the pelvis's own angle, since garment and belly set its
        offset; compared with the same garment only.
    front_px, back_px
        Its ends, pixels of the upright picture.
    """

    tilt: TiltEstimate
    front_px: tuple[float, float]
    back_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class BonyPoints:
    """ASIS and PSIS in pixels of the upright picture, x right, y down."""

    asis_px: tuple[float, float]
    psis_px: tuple[float, float]


@dataclass(frozen=True, slots=True)
class PersonBox:
    """What somebody takes of the picture, pixels, x right, y down."""

    left_px: float
    top_px: float
    right_px: float
    bottom_px: float

    @property
    def middle_px(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left_px + self.right_px) / 2, (self.top_px + self.bottom_px) / 2

    def holds(self, point_px: Sequence[float] | NDArray[np.floating]) -> bool:
        """Tell whether a point (x, y) lies in it."""
        x, y = point_px[0], point_px[1]
        return bool(self.left_px <= x <= self.right_px and self.top_px <= y <= self.bottom_px)


@dataclass(frozen=True, slots=True)
class Posture:
    """What the rest of the body does; each number is None when it cannot be seen.

    Attributes
    ----------
    trunk_lean_deg
        Mid-hip to mid-shoulder against vertical; + = leaning forward.
    hip_sway_percent
        How far the hip is ahead of the ankle, % of leg length; + = forward.
    knee_angle_deg
        Hip-knee-ankle, 180 = straight, above 180 = bent backwards.
    head_forward_deg
        Shoulder to ear against vertical; + = ear ahead of the shoulder.
    """

    trunk_lean_deg: float | None
    hip_sway_percent: float | None
    knee_angle_deg: float | None
    head_forward_deg: float | None


class FocalSource(StrEnum):
    """How the focal length is known."""

    TOLD = "told"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True)
class Lens:
    """Where the camera's lens was, as far as the picture tells.

    Attributes
    ----------
    down_deg
        Slope of the line of sight from the lens to the hips; + = the lens was above them.
    down_sd_deg
        Its standard deviation.
    pitch_deg
        + = the camera looked down.
    focal_px
        Focal length, pixels of the full picture.
    focal
        How it is known: told by the picture's file, or assumed.
    above_hips_cm
        Height of the lens above the hips, for a trunk of usual length.
    away_cm
        Distance of the lens from the person, likewise.
    """

    down_deg: float
    down_sd_deg: float
    pitch_deg: float
    focal_px: float
    focal: FocalSource
    above_hips_cm: float
    away_cm: float


@dataclass(frozen=True, slots=True)
class Capture:
    """How the photograph was taken, as far as it shows.

    Attributes
    ----------
    yaw_deg
        How far the body is turned away from true side-on, 0..90.
    roll_deg
        Camera roll that was corrected for; + = the camera was turned clockwise. 0 when
        the vertical is only assumed.
    vertical
        How the plumb direction is known.
    trunk_px
        Hip-to-shoulder span in pixels of the upright picture.
    people
        How many people were found.
    roll_sd_deg
        What is left of camera roll after the correction, a standard deviation.
    lens
        Where the lens was; None in what was kept before that was told.
    """

    yaw_deg: float
    roll_deg: float
    vertical: VerticalSource
    trunk_px: float
    people: int
    roll_sd_deg: float
    lens: Lens | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What produced a result, so that it can be repeated."""

    version: str
    pose_model_sha256: str
    contour_model_sha256: str


@dataclass(frozen=True, slots=True, eq=False)
class _Comparable:
    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        """Tell whether another result says the same, arrays compared number by number."""
        import numpy as np  # importing this module loads nothing heavy

        if type(self) is not type(other):
            return False
        for field in fields(self):
            here, there = getattr(self, field.name), getattr(other, field.name)
            is_array = isinstance(here, np.ndarray) and isinstance(there, np.ndarray)
            if not np.array_equal(here, there) if is_array else here != there:
                return False
        return True


@dataclass(frozen=True, slots=True, eq=False)
class Measured(_Comparable):
    """A photograph that was measured.

    Attributes
    ----------
    source
        The file's name or a label.
    facing
        Which edge of the picture the person looks towards.
    tilt
        The answer by the requested method.
    contour, marked, stickers
        What each method found on its own, or None.
    belt_line, no_belt_line
        The belt line, or else why none can be told; both None where nobody looked.
    points
        The bony points behind ``marked`` or ``stickers``, or None.
    posture, capture
        The numbers reported apart from tilt.
    reasons
        Warnings only.
    landmarks
        Name (``left_hip``, ...) to (x px, y px, visibility 0..1), pixels of the upright
        picture.
    outline_px
        Shape (n, 2), float32: the body's contour, pixels of the upright picture.
    plumb_px
        Shape (n, 4), float32: upper and lower ends of the lines in the scene that show the
        plumb direction, pixels of the upright picture; empty unless ``capture.vertical``
        is ``found``.
    provenance
        Versions and model checksums.
    calibrated_at
        When the calibration was made on which ``tilt`` rests, with its offset from UTC; None
        for every other method than ``calibrated``.
    """

    source: str
    facing: Facing
    tilt: TiltEstimate
    contour: TiltEstimate | None
    marked: TiltEstimate | None
    stickers: TiltEstimate | None
    belt_line: BeltEstimate | None
    no_belt_line: NoBeltReason | None
    points: BonyPoints | None
    posture: Posture
    capture: Capture
    reasons: tuple[Reason, ...]
    landmarks: Mapping[str, tuple[float, float, float]]
    outline_px: NDArray[np.float32]
    plumb_px: NDArray[np.float32]
    provenance: Provenance
    calibrated_at: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Rejected(_Comparable):
    """A photograph that was read and refused: no number, but the reasons why.

    ``facing``, ``posture`` and ``capture`` are None when nobody usable was found;
    ``landmarks`` and ``outline_px`` are then empty. ``people`` are all who were found, in pixels
    of the upright picture: one of several may be the one who is meant.
    """

    source: str
    reasons: tuple[Reason, ...]
    facing: Facing | None
    posture: Posture | None
    capture: Capture | None
    landmarks: Mapping[str, tuple[float, float, float]]
    outline_px: NDArray[np.float32]
    provenance: Provenance
    people: tuple[PersonBox, ...] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that gave no result: no picture came from it, or measuring it failed.

    Attributes
    ----------
    code
        For programs: ``unreadable``, ``too_large`` or ``internal_error``.
    message, fix
        One plain sentence each: what is wrong, and what to do about it.
    """

    code: str
    message: str
    fix: str


PhotoResult = Measured | Rejected | Unreadable


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Something that was asked for beside the answer, and could not be done.

    Attributes
    ----------
    code
        For programs: ``overlay_not_written`` or ``not_kept``.
    message, fix
        One plain sentence each: what is wrong, and what to do about it.
    """

    code: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What stays of one photograph besides its outcome.

    Attributes
    ----------
    overlay
        The picture that was drawn for it, or None.
    check_id
        Its number in the history, or None.
    shortfalls
        What does not stay of it, though that was asked for.
    """

    overlay: Path | None = None
    check_id: int | None = None
    shortfalls: tuple[Shortfall, ...] = ()


def whole_deg(angle_deg: float) -> int:
    """Round with halves away from zero, so that forward and backward are treated alike."""
    return int(math.copysign(math.floor(abs(angle_deg) + 0.5), angle_deg))


def direction(angle_deg: int, method: Method | None = None) -> str:
    """Return the word for the direction of an angle that is not 0.

    A belt line is no pelvis: its front end is lower or higher than its back end.
    """
    if method is Method.BELT:
        return tr("lower") if angle_deg > 0 else tr("higher")
    return tr("forward") if angle_deg > 0 else tr("backward")


def tilt_text(tilt: TiltEstimate) -> str:
    """Say a tilt with its interval in whole degrees, e.g. ``12° forward (8 to 16)``.

    Ends of the interval on the other side of level, or an exactly level answer, have
    their direction spelt out: ``2° forward (3 backward to 7 forward)``. A belt line is said
    as ``9° lower in front (7 to 11)``.
    """
    angle, interval = whole_deg(tilt.angle_deg), interval_text(tilt)
    if angle == 0:
        return tr("0° level ({interval})").format(interval=interval)
    said = tr("{angle}° {direction} ({interval})")
    if tilt.method is Method.BELT:
        said = tr("{angle}° {direction} in front ({interval})")
    way = direction(angle, tilt.method)
    return said.format(angle=abs(angle), direction=way, interval=interval)


def interval_text(tilt: TiltEstimate) -> str:
    """Return both ends of the interval, e.g. ``8 to 16`` or ``3 backward to 7 forward``.

    Directions are spelt out only where they are not the angle's own.
    """
    angle, low, high = map(whole_deg, (tilt.angle_deg, tilt.low_deg, tilt.high_deg))
    if angle != 0 and min(low * angle, high * angle) >= 0:
        first, last = sorted((abs(low), abs(high)))
        return span_text(str(first), str(last))
    ends = (f"{abs(end)} {direction(end, tilt.method)}" if end else "0" for end in (low, high))
    return span_text(*ends)


def span_text(first: str, last: str) -> str:
    """Return two ends, such as ``8 to 16``."""
    return tr("{first} to {last}").format(first=first, last=last)
