"""What every live check keeps an eye on: the number to show, the stance, a raised arm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from vision.live.smoothing__shown_tilt import ShownTilt
from vision.live.standing import Stance
from vision.live.standing__raised_arm import RaisedArm

if TYPE_CHECKING:
    from vision.live.events import Sighting
    from vision.live.standing import Standing
    from vision.result import TiltEstimate


@dataclass(frozen=True, slots=True, eq=False)
class Watched:
    """What one picture tells.

    Attributes
    ----------
    tilt
        To be shown; None when the picture gives no number.
    standing
        How the person stands.
    is_elsewhere
        Whether pictures were missing before this one, or it has another size: what was under
        way is over.
    is_arm_raised
        Whether the person has just asked for the end.
    """

    tilt: TiltEstimate | None
    standing: Standing
    is_elsewhere: bool
    is_arm_raised: bool


class Watch:
    """Looks at every picture of one camera.

    Attributes
    ----------
    stance
        To begin it anew between repeats.
    """

    def __init__(self) -> None:
        self.stance = Stance()
        self._shown = ShownTilt()
        self._arm = RaisedArm()
        self._setting: tuple[int, ...] = ()

    def forget(self) -> None:
        """Begin anew: pictures were missing, or the camera may stand elsewhere."""
        self.stance.forget()
        self._shown.reset()
        self._arm.reset()

    def add(self, sighting: Sighting) -> Watched:
        """Look at the next picture."""
        setting = (sighting.epoch, sighting.frame.width_px, sighting.frame.height_px)
        is_elsewhere = setting != self._setting
        if is_elsewhere:
            self._setting = setting
            self.forget()
        return Watched(
            tilt=self._shown.add(sighting),
            standing=self.stance.add(sighting),
            is_elsewhere=is_elsewhere,
            is_arm_raised=self._arm.add(sighting),
        )
