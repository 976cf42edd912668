"""What the live check and the coach make of rendered people in motion of whom all is known."""

from __future__ import annotations

import json
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from benchmarks.shared import print_table, verdict
from vision.camera.capture import Camera, CameraFrame
from vision.coach.coaching import Coach
from vision.coach.events import CoachedExercise, FormFault
from vision.coach.view import CoachView
from vision.image.frame import load_frame
from vision.live.check import LiveCheck
from vision.live.events import Instruction
from vision.live.squeeze import SqueezeTest
from vision.live.view import LiveView
from vision.pipeline import measure_photo
from vision.result import Z_90, Measured

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from vision.coach.events import Repetition
    from vision.live.events import StillCapture

SD_TARGET_DEG = 0.5
#: A single picture in so many is also measured as a photograph.
_PHOTO_EVERY = 8
#: The first second settles.
_SETTLED_MS = 1500.0
#: What may be asked for while this is wrong, and is then right to say.
_RIGHT_WORDS = {
    "turn": {Instruction.TURN_LEFT, Instruction.TURN_RIGHT, Instruction.TURN_SIDE_ON},
    "walk_through": {
        Instruction.STAND_STILL, Instruction.MOVE_TO_MIDDLE, Instruction.STEP_INTO_VIEW,
        Instruction.STAND_UPRIGHT, Instruction.STEP_BACK,
    },
    "second_person": {Instruction.ONE_PERSON},
    "arm_in_front": {Instruction.RAISE_FISTS},
    "step_back": {Instruction.STEP_BACK},
    "come_closer": {Instruction.COME_CLOSER},
}  # fmt: skip
#: Movement ends in stillness a little before it is over to the eye.
_EARLY_MS = 500.0
COUNT_TARGET, FAULT_TARGET = 0.95, 0.90
#: More than any clip has, so that no set ends early.
_WANTED = 99
_PHOTO_MS, _PHOTO_FPS, _PHOTO_TURNS = 1500.0, 15.0, 4
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


def steady(clips: Path = Path("data/clips")) -> None:
    """Watch the number shown to somebody who stands still, and what is said to others.

    Of clips that ``python -m synthetic.clips --out data/clips`` has made. Every picture of
    every clip goes through the live view and the live check. Standing still, the shown number
    must be steady, and the captured median no further from the truth than single pictures of
    the same clips measured as photographs. Where something is wrong, it must be said, and
    nothing captured before it is put right.
    """
    films = _films([clips])
    squeezes = [film for film in films if film.name.startswith("squeeze")]
    seen = [watch(film) for film in films if film not in squeezes]
    still = [clip for clip in seen if clip.truth["kind"] == "still"]
    wrong = [clip for clip in seen if clip.truth["kind"] != "still"]
    for some, show in ((still, print_still), (wrong, print_wrong)):
        if some:
            show(some)
    if squeezes:
        print_squeezes(squeezes)


def _films(folders: Iterable[Path]) -> list[Path]:
    """Return the clips in folders that have a truth beside them, by kind and number."""

    def order(film: Path) -> tuple[str, int]:
        kind, _, number = film.stem.rpartition("_")
        return kind, int(number) if number.isdigit() else -1

    films = sorted((film for folder in folders for film in folder.glob("*_[0-9]*.avi")), key=order)
    return [film for film in films if film.with_suffix(".json").exists()]


def _truth(film: Path) -> dict[str, Any]:
    truth: dict[str, Any] = json.loads(film.with_suffix(".json").read_text("utf-8"))
    return truth


@dataclass(frozen=True, slots=True, eq=False)
class ClipAnswer:
    """What came of one clip.

    Attributes
    ----------
    truth
        What is true in it.
    shown_deg
        The number shown while standing right, once settled.
    capture, captured_ms
        The capture, and when; None when there was none.
    said
        How often each instruction was shown while something was wrong.
    photos_deg
        Single pictures while standing right, measured as photographs.
    """

    truth: dict[str, Any]
    shown_deg: tuple[float, ...]
    capture: StillCapture | None
    captured_ms: float | None
    said: Counter[Instruction | None]
    photos_deg: tuple[float, ...]

    @property
    def shown_sd_deg(self) -> float | None:
        """How much the number shown scatters."""
        return statistics.stdev(self.shown_deg) if len(self.shown_deg) > 1 else None

    @property
    def captured_off_deg(self) -> float | None:
        """How far the captured median lies above the truth."""
        return self.capture.median_deg - self.truth["tilt_deg"] if self.capture else None

    @property
    def photo_error_deg(self) -> float | None:
        """How far single photographs lie from the truth, on average."""
        errors_deg = [abs(deg - self.truth["tilt_deg"]) for deg in self.photos_deg]
        return statistics.mean(errors_deg) if errors_deg else None

    @property
    def is_covered(self) -> str:
        """Whether the captured range holds the truth."""
        if self.capture is None:
            return "-"
        tilt = self.capture.result.tilt
        # Without the bones' shape, which the rendered bodies share.
        off_deg = abs(tilt.angle_deg - self.truth["tilt_deg"])
        return "in" if off_deg <= Z_90 * tilt.doubt.own_deg else "out"


def watch(film: Path) -> ClipAnswer:
    """Look at every picture of a clip."""
    truth = _truth(film)
    right_ms = np.inf if truth["right_from_s"] is None else 1000 * truth["right_from_s"]
    view, check = LiveView(), LiveCheck(1)
    shown: list[float] = []
    photos: list[float] = []
    said: Counter[Instruction | None] = Counter()
    capture, captured_ms = None, None
    with Camera(film) as camera:
        for number, frame in enumerate(camera):
            moment = check.add(view.look(frame))
            if moment.capture is not None:
                capture, captured_ms = moment.capture, moment.t_ms
            if moment.tilt is not None and frame.t_ms > right_ms + _SETTLED_MS:
                shown.append(moment.tilt.angle_deg)
            if frame.t_ms < right_ms - _EARLY_MS:
                said[moment.instruction] += 1
            elif number % _PHOTO_EVERY == 0:
                photo = measure_photo(frame.rgb)
                photos += [photo.tilt.angle_deg] if isinstance(photo, Measured) else []
    view.close()
    return ClipAnswer(truth, tuple(shown), capture, captured_ms, said, tuple(photos))


def print_still(clips: Sequence[ClipAnswer]) -> None:
    """Print what standing still gives."""
    header = (
        "clip", "clothes", "true", "shown SD", "captured - true", "spread", "photo error", "range",
    )  # fmt: skip
    rows = [
        [
            clip.truth["name"],
            clip.truth["fit"],
            f"{clip.truth['tilt_deg']:.1f}",
            _cell(clip.shown_sd_deg, ".2f"),
            _cell(clip.captured_off_deg, "+.1f", "none"),
            f"{clip.capture.spread_deg:.2f}" if clip.capture else "-",
            _cell(clip.photo_error_deg, ".1f"),
            clip.is_covered,
        ]
        for clip in clips
    ]
    print_table("Standing still, deg", header, rows)
    measured = [clip for clip in clips if clip.capture is not None]
    if not measured:
        return
    sd_deg = max(one.shown_sd_deg for one in measured if one.shown_sd_deg is not None)
    live_deg, photo_deg = (
        statistics.mean(abs(off_deg) for off_deg in offs if off_deg is not None)
        for offs in (
            [one.captured_off_deg for one in measured],
            [one.photo_error_deg for one in measured],
        )
    )
    rows = [
        ["largest SD of the number shown", f"{sd_deg:.2f}", verdict(sd_deg, SD_TARGET_DEG)],
        ["mean error of the captured median", f"{live_deg:.2f}", verdict(live_deg, photo_deg)],
        ["mean error of single photographs", f"{photo_deg:.2f}", ""],
        ["captured", f"{len(measured)} of {len(clips)}", ""],
    ]
    print_table("Standing still, all clips", ("", "deg", ""), rows)


def _cell(value: float | None, form: str, nothing: str = "-") -> str:
    return nothing if value is None else f"{value:{form}}"


def print_wrong(clips: Sequence[ClipAnswer]) -> None:
    """Print what is said while something is wrong, and when the capture came."""
    rows = []
    for clip in clips:
        right_s = clip.truth["right_from_s"]
        most, _ = clip.said.most_common(1)[0] if clip.said else (None, 0)
        right = sum(clip.said[word] for word in _RIGHT_WORDS[clip.truth["kind"]])
        # A capture takes four seconds, so it cannot have begun later than that before.
        began_s = None if clip.captured_ms is None else clip.captured_ms / 1000 - 4.0
        judgement = "met" if (began_s is None) == (right_s is None) else "MISSED"
        if began_s is not None and (right_s is None or began_s < right_s - 0.5):
            judgement = "TOO EARLY"
        rows.append(
            [
                clip.truth["name"],
                most.value if most is not None else "nothing",
                f"{100 * right / max(clip.said.total(), 1):.0f} %",
                _cell(right_s, ".1f"),
                _cell(began_s, ".1f", "none"),
                judgement,
            ]
        )
    header = ("clip", "most said", "right words", "right from, s", "measured from, s", "")
    print_table("Something wrong first", header, rows)


def print_squeezes(films: Sequence[Path]) -> None:
    """Print what squeeze tests show."""
    rows = []
    for film in films:
        truth = _truth(film)
        view, test, result = LiveView(), SqueezeTest(), None
        with Camera(film) as camera:
            for frame in camera:
                result = test.add(view.look(frame)).finished or result
        view.close()
        shown = ["no end", "", ""]
        if result is not None:
            shown = [
                f"{result.backward_deg:.1f}",
                f"{result.low_deg:.1f} to {result.high_deg:.1f}",
                "more" if result.is_more_than_noise else "noise",
            ]
        rows.append([truth["name"], truth["fit"], f"{truth['change_deg']:.0f}", *shown])
    header = ("clip", "clothes", "true", "shown", "likely", "than noise")
    print_table("Squeeze tests: backward, deg", header, rows)


def coach_clips(
    clips: Annotated[list[Path] | None, typer.Option(help="data/exercise_clips")] = None,
    photos: Annotated[Path | None, typer.Option(help="with the pictures of an exercise")] = None,
) -> None:
    """Count the repetitions and form faults that the coach tells right.

    In clips that ``python -m synthetic.exercises --out data/exercise_clips`` has made. Every
    picture of every clip goes through the coach's view and the coach. A fault is named right
    when the clip's own fault is the one named most, and nothing is named in a clip of good
    form. The limits were chosen on casts 0 to 3; every other cast, rendered with ``--cast 4``
    into a folder of its own, has bodies, rooms and cameras that nothing was chosen on.

    Real pictures of the start and the top of an exercise are shown in turn, 1.5 s each, as a
    film that jumps between them.
    """
    outcomes = [coach_clip(film) for film in _films(clips or [Path("data/exercise_clips")])]
    if outcomes:
        print_kinds(outcomes)
        print_totals(outcomes)
    if photos is not None:
        print_photos(photos)


@dataclass(frozen=True, slots=True)
class Coached:
    """What is true in a clip, how often each fault was named, and what was counted."""

    truth: dict[str, Any]
    named: Counter[FormFault]
    counted: tuple[Repetition, ...]

    @property
    def too_many(self) -> int:
        """How many repetitions were counted that were not done; below 0, how many are missing."""
        return len(self.counted) - int(self.truth["repetitions"])

    @property
    def is_fault_right(self) -> bool:
        """Whether the right fault was named most, or none where there is none."""
        if not self.truth["faults"]:
            return not self.named
        return bool(self.named) and self.named.most_common(1)[0][0] in self.truth["faults"]


def coach_clip(film: Path) -> Coached:
    """Coach a clip."""
    truth = _truth(film)
    with Camera(film) as camera:
        return Coached(truth, *_coach(CoachedExercise(truth["exercise"]), camera))


def _coach(
    exercise: CoachedExercise, pictures: Iterable[CameraFrame]
) -> tuple[Counter[FormFault], tuple[Repetition, ...]]:
    """Return how often each fault is named, and what is counted."""
    view, coach, named = CoachView(), Coach(exercise, _WANTED), Counter[FormFault]()
    for picture in pictures:
        moment = coach.add(view.look(picture))
        if moment.fault is not None:
            named[moment.fault] += 1
    view.close()
    return named, tuple(coach.finish_now().repetitions)


def print_kinds(outcomes: Sequence[Coached]) -> None:
    """Print a row for each kind of clip."""
    rows = []
    for kind in dict.fromkeys(outcome.truth["kind"] for outcome in outcomes):
        alike = [outcome for outcome in outcomes if outcome.truth["kind"] == kind]
        right = [outcome for outcome in alike if outcome.too_many == 0]
        longer_s = [
            one.hold_s - true_s
            for outcome in right
            for one, true_s in zip(outcome.counted, outcome.truth["holds_s"], strict=True)
        ]
        named = sum((outcome.named for outcome in alike), Counter[FormFault]())
        rows.append(
            [
                kind,
                f"{len(right)} of {len(alike)}",
                str(sum(max(outcome.too_many, 0) for outcome in alike)),
                f"{sum(one.is_fault_right for one in alike)} of {len(alike)}",
                f"{np.mean(longer_s):+.1f}" if longer_s else "-",
                ", ".join(fault for fault, _ in named.most_common(2)) or "-",
            ]
        )
    header = ("kind", "count right", "false", "fault right", "hold - true, s", "named most")
    print_table("By kind of clip", header, rows)


def print_totals(outcomes: Sequence[Coached]) -> None:
    """Print the shares against their targets."""
    rows = []
    for name, is_unseen in (("limits chosen on them", False), ("other bodies", True)):
        part = [
            one
            for one in outcomes
            if (int(one.truth["name"].rpartition("_")[2]) >= _UNSEEN) is is_unseen
        ]
        if not part:
            continue
        others = [one for one in part if one.truth["kind"] == "other"]
        rows.append(
            [
                name,
                _share([one.too_many == 0 for one in part], COUNT_TARGET),
                f"{sum(len(one.counted) for one in others)} in {len(others)}",
                _share([one.is_fault_right for one in part], FAULT_TARGET),
                _share([one.is_fault_right for one in part if one.truth["faults"]], FAULT_TARGET),
            ]
        )
    header = ("clips", "count right", "false in others", "fault right", "where there is one")
    print_table("All clips", header, rows)


def _share(answers: Sequence[bool], target: float) -> str:
    if not answers:
        return "-"
    share = sum(answers) / len(answers)
    return f"{100 * share:.0f} % of {len(answers)} {verdict(target, share)}"


def print_photos(folder: Path) -> None:
    """Print what is counted when real pictures are shown in turn."""
    rows = []
    for exercise, first, second, is_exercise in _PAIRS:
        pictures = [load_frame(folder / f"{name}.jpg").rgb for name in (first, second)]
        named, counted = _coach(exercise, _in_turn(pictures))
        wanted = _PHOTO_TURNS if is_exercise else 0
        rows.append(
            [
                exercise.value,
                f"{first.removeprefix('fed_')}, {second.removeprefix('fed_')}",
                f"{len(counted)} of {wanted}",
                ", ".join(named) or "-",
                "met" if len(counted) == wanted else "MISSED",
            ]
        )
    print_table("Real pictures in turn", ("coached", "pictures", "counted", "named", ""), rows)


def _in_turn(pictures: Sequence[NDArray[np.uint8]]) -> Iterator[CameraFrame]:
    # The last repetition ends with the first picture.
    for index in range(round((2 * _PHOTO_TURNS + 1) * _PHOTO_MS * _PHOTO_FPS / 1000)):
        t_ms = 1000 * index / _PHOTO_FPS
        yield CameraFrame(pictures[int(t_ms / _PHOTO_MS) % 2], t_ms)
