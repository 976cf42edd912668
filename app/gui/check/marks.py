"""The marks a person sets on a picture: two bony points and a plumb line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from app.gui.picture.marks import Handle, inside, upright_line
from vision.marks.lens import lowering
from vision.marks.points import PointsError, measure_marked_deg, roll_of_vertical_deg
from vision.overlay.landmarks import suggest_points
from vision.result import BonyPoints, Doubt, Method, TiltEstimate, VerticalSource
from vision.scene import ROLL_SD_DEG

if TYPE_CHECKING:
    from app.gui.picture.marks import Place
    from vision.marks.lens import Lowering
    from vision.result import Facing, Measured, Rejected

#: The two points are never brought nearer to one another than this, pixels.
_APART_PX = 2.0


@dataclass(frozen=True, slots=True)
class PictureMarks:
    """Marks in pixels of the full upright picture; each change returns new ones.

    Attributes
    ----------
    points
        The bony points; None where only a plumb line is asked for.
    size_px
        Width and height of the full picture.
    facing
        Which way the person looks.
    own_roll_deg, own_roll_sd_deg
        The camera's roll as the picture itself shows it, where no plumb line is marked, and
        what is left of it, a standard deviation.
    suggested
        Where the points were before anybody moved them; None where there are none.
    plumb_px
        Two ends of something plumb in reality, upper end first; None where none is marked.
    seen
        How much lower the lens's height makes the front point appear; None where nothing is
        known of it.
    """

    points: BonyPoints | None
    size_px: tuple[int, int]
    facing: Facing
    own_roll_deg: float
    own_roll_sd_deg: float = ROLL_SD_DEG[VerticalSource.ASSUMED]
    suggested: BonyPoints | None = None
    plumb_px: tuple[Place, Place] | None = None
    seen: Lowering | None = None
    #: Of the plumb line, when it last was usable.
    _good_roll_deg: float | None = field(default=None, compare=False)

    @classmethod
    def begin(cls, result: Measured, size_px: tuple[int, int]) -> PictureMarks | None:
        """Start with the suggested points; None where no place for them is known."""
        points = suggest_points(result)
        if points is None:
            return None
        within = BonyPoints(inside(points.asis_px, size_px), inside(points.psis_px, size_px))
        capture = result.capture
        roll_deg, sd_deg = capture.roll_deg, capture.roll_sd_deg
        seen = None if capture.lens is None else lowering(capture.lens, capture.trunk_px)
        return cls(within, size_px, result.facing, roll_deg, sd_deg, suggested=within, seen=seen)

    @classmethod
    def begin_upright(cls, result: Rejected, size_px: tuple[int, int]) -> PictureMarks | None:
        """Start with a plumb line alone, for a picture that was refused as tilted.

        None where it is not known which way the person looks.
        """
        if result.facing is None:
            return None
        return cls(None, size_px, result.facing, own_roll_deg=0.0).add_plumb()

    @property
    def is_moved(self) -> bool:
        """Whether the points are elsewhere than they were suggested."""
        return self.points != self.suggested

    @property
    def plumb_problem(self) -> str:
        """Why the plumb line cannot be used; empty when it can, or there is none."""
        try:
            self._plumb_roll_deg()
        except PointsError as error:
            return f"{error.message} {error.fix}"
        return ""

    @property
    def roll_deg(self) -> float:
        """The camera's roll by the plumb line, else the picture's own.

        A line that leans too far says nothing: what it said before holds.
        """
        return self.own_roll_deg if self._good_roll_deg is None else self._good_roll_deg

    @property
    def tilt_deg(self) -> float:
        """The tilt that the points give, without a measurement; positive = anterior."""
        return self.tilt.angle_deg

    @property
    def tilt(self) -> TiltEstimate:
        """The tilt with its interval, as a measurement with these marks will have it.

        Raises
        ------
        ValueError
            Where there are no points.
        """
        if self.points is None:
            raise ValueError("there are no points to take a tilt from")
        angle_deg, sd_deg = measure_marked_deg(self.points, self.facing, self.roll_deg, self.seen)
        is_given = self._good_roll_deg is not None
        roll_sd_deg = ROLL_SD_DEG[VerticalSource.GIVEN] if is_given else self.own_roll_sd_deg
        return TiltEstimate(Method.MARKED, angle_deg, Doubt(sd_deg, roll_sd_deg, 0.0))

    def place(self, handle: Handle) -> Place | None:
        """Return where a handle is; None for what is not marked."""
        if handle in (Handle.FRONT, Handle.BACK):
            if self.points is None:
                return None
            return self.points.asis_px if handle is Handle.FRONT else self.points.psis_px
        if self.plumb_px is None:
            return None
        return self.plumb_px[0 if handle is Handle.PLUMB_TOP else 1]

    def move(self, handle: Handle, to: Place) -> PictureMarks:
        """Bring a handle elsewhere, kept inside the picture.

        Parameters
        ----------
        handle
            Which one; one that is not there is passed over.
        to
            Pixels of the full picture.
        """
        if not all(map(math.isfinite, to)) or self.place(handle) is None:
            return self
        to = inside(to, self.size_px)
        if self.points is not None and handle in (Handle.FRONT, Handle.BACK):
            name = "asis_px" if handle is Handle.FRONT else "psis_px"
            points = replace(self.points, **{name: to})
            if math.dist(points.asis_px, points.psis_px) < _APART_PX:
                return self
            return self._changed(replace(self, points=points))
        assert self.plumb_px is not None  # the handle has a place
        top, bottom = self.plumb_px
        ends = (to, bottom) if handle is Handle.PLUMB_TOP else (top, to)
        return self._changed(replace(self, plumb_px=ends))

    def add_plumb(self) -> PictureMarks:
        """Put up an exactly upright line behind the person, to be dragged onto an edge."""
        ends = upright_line(self.size_px, at_left=self.facing.front_sign > 0)
        return self._changed(replace(self, plumb_px=ends))

    def with_plumb(self, ends: tuple[Place, Place] | None) -> PictureMarks:
        """Take over a plumb line that was marked before."""
        return self._changed(replace(self, plumb_px=ends))

    def remove_plumb(self) -> PictureMarks:
        """Take the plumb line away."""
        return self._changed(replace(self, plumb_px=None))

    def _changed(self, later: PictureMarks) -> PictureMarks:
        if later == self:
            return self
        try:
            return replace(later, _good_roll_deg=later._plumb_roll_deg())
        except PointsError:
            return later

    def _plumb_roll_deg(self) -> float | None:
        if self.plumb_px is None:
            return None
        return roll_of_vertical_deg(*self.plumb_px, *self.size_px)
