"""What the live check makes of rendered people in motion whose tilt is known.

From a clone, after ``python -m synthetic.clips.clips --out data/clips``::

    python -m benchmarks.live_steady [--clips data/clips]

Every picture of every clip goes through the live view and the live check. Standing still, the
shown number must be steady, and the captured median no further from the truth than single
pictures of the same clips measured as photographs. Where something is wrong, it must be said,
and nothing captured before it is put right.
"""

from __future__ import annotations

import argparse
import json
import statistics
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.table import print_table, verdict
from vision.camera.capture import Camera
from vision.live.check import LiveCheck
from vision.live.events import Instruction
from vision.live.squeeze import SqueezeTest
from vision.live.view import LiveView
from vision.pipeline import measure_photo
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

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


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
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


def watch(film: Path) -> Seen:
    """Look at every picture of a clip."""
    truth = json.loads(film.with_suffix(".json").read_text("utf-8"))
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
    return Seen(truth, tuple(shown), capture, captured_ms, said, tuple(photos))


def still_rows(clips: Sequence[Seen]) -> list[list[str]]:
    """Return a row for each clip of somebody standing still."""
    rows = []
    for clip in clips:
        true_deg = clip.truth["tilt_deg"]
        rows.append(
            [
                clip.truth["name"],
                clip.truth["fit"],
                f"{true_deg:.1f}",
                f"{statistics.stdev(clip.shown_deg):.2f}" if len(clip.shown_deg) > 1 else "-",
                f"{clip.capture.median_deg - true_deg:+.1f}" if clip.capture else "none",
                f"{clip.capture.spread_deg:.2f}" if clip.capture else "-",
                f"{_mean_error_deg(clip):.1f}" if clip.photos_deg else "-",
                _is_covered(clip),
            ]
        )
    return rows


def _mean_error_deg(clip: Seen) -> float:
    true_deg = float(clip.truth["tilt_deg"])
    return statistics.mean(abs(deg - true_deg) for deg in clip.photos_deg)


def _is_covered(clip: Seen) -> str:
    if clip.capture is None:
        return "-"
    tilt = clip.capture.result.tilt
    return "in" if tilt.low_deg <= clip.truth["tilt_deg"] <= tilt.high_deg else "out"


def print_still(clips: Sequence[Seen]) -> None:
    """Print what standing still gives."""
    header = (
        "clip", "clothes", "true", "shown SD", "captured - true", "spread", "photo error", "range",
    )  # fmt: skip
    print_table("Standing still, deg", header, still_rows(clips))
    measured = [clip for clip in clips if clip.capture is not None]
    if not measured:
        return
    sds = [statistics.stdev(clip.shown_deg) for clip in measured if len(clip.shown_deg) > 1]
    live = [
        abs(clip.capture.median_deg - clip.truth["tilt_deg"])
        for clip in measured
        if clip.capture is not None
    ]
    photo = [_mean_error_deg(clip) for clip in measured if clip.photos_deg]
    rows = [
        ["largest SD of the number shown", f"{max(sds):.2f}", verdict(max(sds), SD_TARGET_DEG)],
        [
            "mean error of the captured median",
            f"{statistics.mean(live):.2f}",
            verdict(statistics.mean(live), statistics.mean(photo)),
        ],
        ["mean error of single photographs", f"{statistics.mean(photo):.2f}", ""],
        ["captured", f"{len(measured)} of {len(clips)}", ""],
    ]
    print_table("Standing still, all clips", ("", "deg", ""), rows)


def print_wrong(clips: Sequence[Seen]) -> None:
    """Print what is said while something is wrong, and when the capture came."""
    rows = []
    for clip in clips:
        right_s = clip.truth["right_from_s"]
        most, _ = clip.said.most_common(1)[0] if clip.said else (None, 0)
        words = _RIGHT_WORDS[clip.truth["kind"]]
        right = sum(count for said, count in clip.said.items() if said in words)
        # A capture takes four seconds, so it cannot have begun later than that before.
        began_s = None if clip.captured_ms is None else clip.captured_ms / 1000 - 4.0
        too_early = began_s is not None and (right_s is None or began_s < right_s - 0.5)
        rows.append(
            [
                clip.truth["name"],
                most.value if most is not None else "nothing",
                f"{100 * right / max(clip.said.total(), 1):.0f} %",
                "-" if right_s is None else f"{right_s:.1f}",
                "none" if began_s is None else f"{began_s:.1f}",
                "TOO EARLY" if too_early else "met" if (began_s is None) == (right_s is None)
                else "MISSED",
            ]
        )  # fmt: skip
    header = ("clip", "most said", "right words", "right from, s", "measured from, s", "")
    print_table("Something wrong first", header, rows)


def print_squeezes(films: Sequence[Path]) -> None:
    """Print what squeeze tests show."""
    rows = []
    for film in films:
        truth = json.loads(film.with_suffix(".json").read_text("utf-8"))
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


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--clips", type=Path, default=Path("data/clips"))
    films = sorted(parser.parse_args().clips.glob("*_[0-9]*.avi"), key=_order)
    films = [film for film in films if film.with_suffix(".json").exists()]
    squeezes = [film for film in films if film.name.startswith("squeeze")]
    seen = [watch(film) for film in films if film not in squeezes]
    still = [clip for clip in seen if clip.truth["kind"] == "still"]
    wrong = [clip for clip in seen if clip.truth["kind"] != "still"]
    for clips, show in ((still, print_still), (wrong, print_wrong)):
        if clips:
            show(clips)
    if squeezes:
        print_squeezes(squeezes)


def _order(film: Path) -> tuple[str, int]:
    kind, _, number = film.stem.rpartition("_")
    return kind, int(number) if number.isdigit() else -1


if __name__ == "__main__":
    main()
