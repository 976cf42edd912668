"""What the coach makes of rendered people who exercise, well or not, and of real pictures.

From a clone, after ``python -m synthetic.exercises.clips --out data/exercise_clips``::

    python -m benchmarks.coach_clips [--clips data/exercise_clips ...] [--photos FOLDER]

Every picture of every clip goes through the coach's view and the coach. A fault is named
right when the clip's own fault is the one named most, and nothing is named in a clip of good
form. The limits were chosen on casts 0 to 3; every other cast, rendered with ``--cast 4`` into a
folder of its own, has bodies, rooms and cameras that nothing was chosen on.

Real pictures of the start and the top of an exercise are shown in turn, 1.5 s each, as a film
that jumps between them.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.table import print_table
from vision.camera.capture import Camera, CameraFrame
from vision.coach.coach import Coach
from vision.coach.events import BodySighting, CoachedExercise, FormFault
from vision.coach.view import CoachView
from vision.image.frame import load_frame
from vision.pose.estimate import PoseEstimate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COUNT_TARGET, FAULT_TARGET = 0.95, 0.90
#: More than any clip has, so that no set ends early.
_WANTED = 99
_PHOTO_MS, _PHOTO_FPS, _PHOTO_TURNS = 1500.0, 15.0, 4
_KEPT = ("xy_px", "depth_px", "world_m", "visibility")
_NOWHERE = PoseEstimate(
    xy_px=np.zeros((33, 2), np.float32),
    depth_px=np.zeros(33, np.float32),
    world_m=np.zeros((33, 3), np.float32),
    visibility=np.zeros(33, np.float32),
    mask=np.zeros((1, 1), np.float32),
)
#: Clips with these numbers and above are of casts on which no limit was chosen.
_UNSEEN = 4800
_PAIRS = (
    (CoachedExercise.GLUTE_BRIDGE, "fed_glutebridge_0", "fed_glutebridge_1", True),
    (CoachedExercise.SINGLE_LEG_BRIDGE, "fed_slbridge_0", "fed_slbridge_1", True),
    (CoachedExercise.GLUTE_BRIDGE, "fed_glutebridge_0", "fed_kneelinghipflexor_0", False),
    (CoachedExercise.GLUTE_BRIDGE, "fed_glutebridge_0", "fed_sidelying_legup_1", False),
    (CoachedExercise.SINGLE_LEG_BRIDGE, "fed_glutebridge_0", "fed_glutebridge_1", False),
    (CoachedExercise.LEG_LIFT, "fed_sidelying_legup_1", "fed_glutebridge_1", False),
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one clip.

    Attributes
    ----------
    truth
        What is true in it.
    counted
        How many repetitions were counted.
    named
        How often each fault was named.
    holds_s
        Time at the top of each repetition.
    """

    truth: dict[str, Any]
    counted: int
    named: Counter[FormFault]
    holds_s: tuple[float, ...]

    @property
    def is_count_right(self) -> bool:
        """Whether neither more nor fewer were counted than were done."""
        return self.counted == int(self.truth["repetitions"])

    @property
    def is_fault_right(self) -> bool:
        """Whether the right fault was named most, or none where there is none."""
        if not self.truth["faults"]:
            return not self.named
        return bool(self.named) and self.named.most_common(1)[0][0] in self.truth["faults"]

    @property
    def number(self) -> int:
        """The clip's number."""
        return int(self.truth["name"].rpartition("_")[2])


def sightings(film: Path) -> list[BodySighting]:
    """Return what a film shows; landmarks are kept beside it for the next time."""
    kept = film.with_suffix(".landmarks.npz")
    changed_ns = film.stat().st_mtime_ns
    if kept.exists():
        with np.load(kept) as table:
            if int(table["changed_ns"]) == changed_ns:
                return list(_unpacked(table))
    view = CoachView()
    with Camera(film) as camera:
        seen = [view.look(frame) for frame in camera]
    view.close()
    poses = [_NOWHERE if sighting.pose is None else sighting.pose for sighting in seen]
    columns: dict[str, Any] = {name: [getattr(pose, name) for pose in poses] for name in _KEPT} | {
        "changed_ns": changed_ns,
        "t_ms": [sighting.t_ms for sighting in seen],
        "people": [sighting.people for sighting in seen],
        "size_px": seen[0].size_px,
        "is_seen": [sighting.pose is not None for sighting in seen],
    }
    np.savez_compressed(kept, **columns)
    return seen


def _unpacked(table: Any) -> Iterator[BodySighting]:
    columns = {name: table[name] for name in table.files}
    width_px, height_px = (int(side) for side in columns["size_px"])
    for index, t_ms in enumerate(columns["t_ms"]):
        pose = replace(_NOWHERE, **{name: columns[name][index] for name in _KEPT})
        yield BodySighting(
            t_ms=float(t_ms),
            epoch=0,
            pose=pose if columns["is_seen"][index] else None,
            size_px=(width_px, height_px),
            people=int(columns["people"][index]),
        )


def watch(film: Path) -> Outcome:
    """Coach a clip."""
    truth = json.loads(film.with_suffix(".json").read_text("utf-8"))
    coach, named = Coach(CoachedExercise(truth["exercise"]), _WANTED), Counter[FormFault]()
    for sighting in sightings(film):
        moment = coach.add(sighting)
        if moment.fault is not None:
            named[moment.fault] += 1
    done = coach.finish_now().repetitions
    return Outcome(truth, len(done), named, tuple(one.hold_s for one in done))


def print_kinds(outcomes: Sequence[Outcome]) -> None:
    """Print a row for each kind of clip."""
    rows = []
    for kind in dict.fromkeys(outcome.truth["kind"] for outcome in outcomes):
        alike = [outcome for outcome in outcomes if outcome.truth["kind"] == kind]
        too_many = sum(
            max(outcome.counted - int(outcome.truth["repetitions"]), 0) for outcome in alike
        )
        longer_s = [
            held - true
            for outcome in alike
            if outcome.is_count_right
            for held, true in zip(outcome.holds_s, outcome.truth["holds_s"], strict=True)
        ]
        named = sum((outcome.named for outcome in alike), Counter[FormFault]())
        rows.append(
            [
                kind,
                f"{sum(one.is_count_right for one in alike)} of {len(alike)}",
                str(too_many),
                f"{sum(one.is_fault_right for one in alike)} of {len(alike)}",
                f"{np.mean(longer_s):+.1f}" if longer_s else "-",
                ", ".join(fault for fault, _ in named.most_common(2)) or "-",
            ]
        )
    header = ("kind", "count right", "false", "fault right", "hold - true, s", "named most")
    print_table("By kind of clip", header, rows)


def print_totals(outcomes: Sequence[Outcome]) -> None:
    """Print the shares against their targets."""
    rows = []
    parts = {
        "limits chosen on them": [one for one in outcomes if one.number < _UNSEEN],
        "other bodies": [one for one in outcomes if one.number >= _UNSEEN],
    }
    for name, part in parts.items():
        if not part:
            continue
        others = [one for one in part if one.truth["kind"] == "other"]
        rows.append(
            [
                name,
                _share((one.is_count_right for one in part), COUNT_TARGET),
                f"{sum(one.counted for one in others)} in {len(others)}",
                _share((one.is_fault_right for one in part), FAULT_TARGET),
                _share((one.is_fault_right for one in part if one.truth["faults"]), FAULT_TARGET),
            ]
        )
    header = ("clips", "count right", "false in others", "fault right", "where there is one")
    print_table("All clips", header, rows)


def _share(answers: Iterable[bool], target: float) -> str:
    said = list(answers)
    if not said:
        return "-"
    share = sum(said) / len(said)
    return f"{100 * share:.0f} % of {len(said)} {'met' if share >= target else 'MISSED'}"


def print_photos(folder: Path) -> None:
    """Print what is counted when real pictures are shown in turn."""
    rows = []
    for exercise, first, second, is_exercise in _PAIRS:
        named, counted = _alternate(exercise, folder / f"{first}.jpg", folder / f"{second}.jpg")
        wanted = _PHOTO_TURNS if is_exercise else 0
        rows.append(
            [
                exercise.value,
                f"{first.removeprefix('fed_')}, {second.removeprefix('fed_')}",
                f"{counted} of {wanted}",
                ", ".join(named) or "-",
                "met" if counted == wanted else "MISSED",
            ]
        )
    print_table("Real pictures in turn", ("coached", "pictures", "counted", "named", ""), rows)


def _alternate(
    exercise: CoachedExercise, first: Path, second: Path
) -> tuple[Counter[FormFault], int]:
    pictures = [load_frame(path).rgb for path in (first, second)]
    view, coach, named = CoachView(), Coach(exercise, _WANTED), Counter[FormFault]()
    # The last repetition ends with the first picture.
    for index in range(round((2 * _PHOTO_TURNS + 1) * _PHOTO_MS * _PHOTO_FPS / 1000)):
        t_ms = 1000 * index / _PHOTO_FPS
        rgb = pictures[int(t_ms / _PHOTO_MS) % 2]
        moment = coach.add(view.look(CameraFrame(rgb, t_ms)))
        if moment.fault is not None:
            named[moment.fault] += 1
    view.close()
    return named, len(coach.finish_now().repetitions)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clips", type=Path, nargs="+", default=[Path("data/exercise_clips")])
    parser.add_argument("--photos", type=Path, help="a folder with the pictures of an exercise")
    arguments = parser.parse_args()
    films = sorted((film for at in arguments.clips for film in at.glob("*_[0-9]*.avi")), key=_order)
    outcomes = [watch(film) for film in films if film.with_suffix(".json").exists()]
    if outcomes:
        print_kinds(outcomes)
        print_totals(outcomes)
    if arguments.photos is not None:
        print_photos(arguments.photos)


def _order(film: Path) -> tuple[str, int]:
    kind, _, number = film.stem.rpartition("_")
    return kind, int(number) if number.isdigit() else -1


if __name__ == "__main__":
    main()
