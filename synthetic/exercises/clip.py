"""What a clip of somebody exercising is made of, and how a movement runs over time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from synthetic.clothing.palette import cloth_colour
from synthetic.exercises.limbs import shape_of
from synthetic.exercises.people import Clothes, draw_build, draw_clothes
from synthetic.exercises.view import CameraPlace, usual_light
from synthetic.scene.backgrounds import Background
from synthetic.scene.film import ramp

if TYPE_CHECKING:
    from synthetic.body.model import Build
    from synthetic.body.pose import Skeleton
    from synthetic.exercises.limbs import Shape
    from synthetic.scene.lighting import Lighting
    from vision.coach.events import CoachedExercise, FormFault, LegSide

#: Apart from the seeds of every part that trains, calibrates or judges the models.
FIRST_SEED = 96_000_000
FPS = 10.0
#: From slim to heavy, as :class:`synthetic.body.model.Build` has it.
_FATS = (-0.45, 0.0, 0.3, 0.65)

Movement: TypeAlias = Callable[[float], "Skeleton"]


@dataclass(frozen=True, slots=True)
class ClipAttempt:
    """One go at a repetition.

    Attributes
    ----------
    top
        What is reached, degrees.
    up_s, hold_s, down_s
        How long going up, staying and going down take.
    rest_s
        How long the start position is kept afterwards.
    """

    top: float
    up_s: float = 1.2
    hold_s: float = 0.5
    down_s: float = 1.2
    rest_s: float = 0.7

    @property
    def seconds(self) -> float:
        """From the start of the way up to the start of the next."""
        return self.up_s + self.hold_s + self.down_s + self.rest_s


@dataclass(frozen=True, slots=True)
class Timeline:
    """Attempts one after another, after a quiet beginning."""

    start: float
    attempts: tuple[ClipAttempt, ...]
    quiet_s: float = 1.5

    @property
    def seconds(self) -> float:
        """The whole length, with a second of quiet at the end."""
        return self.quiet_s + sum(attempt.seconds for attempt in self.attempts) + 1.0

    def value(self, t_s: float) -> float:
        """Return where the movement is at a time, degrees."""
        begin_s = self.quiet_s
        for attempt in self.attempts:
            top_s = begin_s + attempt.up_s
            leave_s = top_s + attempt.hold_s
            if t_s < begin_s + attempt.seconds:
                share = ramp(t_s, begin_s, top_s) - ramp(t_s, leave_s, leave_s + attempt.down_s)
                return self.start + (attempt.top - self.start) * share
            begin_s += attempt.seconds
        return self.start


@dataclass(frozen=True, slots=True)
class Performer:
    """Who exercises, in what, and where."""

    seed: int
    build: Build
    clothes: Clothes
    place: CameraPlace
    light: Lighting

    @property
    def shape(self) -> Shape:
        """The unposed body."""
        return shape_of(self.build)


@dataclass(frozen=True, slots=True, eq=False)
class ExerciseClip:
    """One clip.

    Attributes
    ----------
    name, kind
        The file's name without its ending; what it shows.
    exercise
        What is to be coached, whatever is shown.
    view
        Where the camera is: ``side``, ``feet`` or ``front``.
    performer
        Who.
    movement
        The skeleton at a time in seconds.
    seconds
        Its length.
    repetitions
        How many are complete.
    faults
        Those that are right to name.
    holds_s
        How long the top was kept in each complete repetition.
    side
        The leg that works; None for both, or where it does not matter.
    """

    name: str
    kind: str
    exercise: CoachedExercise
    view: str
    performer: Performer
    movement: Movement
    seconds: float
    repetitions: int
    faults: tuple[FormFault, ...] = ()
    holds_s: tuple[float, ...] = ()
    side: LegSide | None = None


def random_of(number: int) -> np.random.Generator:
    """Return the stream from which the movement of a clip is drawn."""
    return np.random.default_rng([FIRST_SEED, number, 1])


def performer(number: int, azimuth_deg: float, height_m: tuple[float, float]) -> Performer:
    """Draw somebody before a camera.

    Parameters
    ----------
    azimuth_deg
        Where the camera stands, see :class:`synthetic.exercises.view.CameraPlace`.
    height_m
        Lowest and highest place of the camera.
    """
    random = np.random.default_rng([FIRST_SEED, number])
    sex = "female" if number % 2 else "male"
    build = draw_build(random, sex, _FATS[number // 2 % len(_FATS)] + float(random.normal(0, 0.08)))
    clothes = draw_clothes(random, build)
    kinds = (Background.ROOM, Background.ROOM, Background.GYM, Background.PLAIN)
    grey = float(random.uniform(130, 235))
    place = CameraPlace(
        azimuth_deg=azimuth_deg,
        distance_m=float(random.uniform(2.6, 3.8)),
        height_m=float(random.uniform(*height_m)),
        roll_deg=float(random.uniform(-3, 3)),
        field_deg=float(random.uniform(48, 58)),
        background=kinds[int(random.integers(len(kinds)))].value,
        background_colour=(grey, grey * float(random.uniform(0.93, 1.0)), grey),
        mat_colour=cloth_colour(random) if random.uniform() < 0.75 else None,
        seed=FIRST_SEED + number,
    )
    return Performer(FIRST_SEED + number, build, clothes, place, usual_light(random))


def seen_higher(who: Performer) -> Performer:
    """Return somebody with the camera aimed so that they fit into the picture when they stand."""
    place = replace(who.place, aim=(0.0, -0.3, 0.75), field_deg=66.0, distance_m=3.6, height_m=0.8)
    return replace(who, place=place)
