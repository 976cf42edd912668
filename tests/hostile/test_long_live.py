"""Eight hours in front of a camera that fails every minute: nothing grows.

The long form has as many faults as eight hours have, 480, one after the other instead of one a
minute: what is left behind is left by faults, not by time. It takes about half an hour.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from tests.hostile.hostile_camera import FAULTS
from tests.hostile.live_program import Footprint, live_program, wait_until
from tests.vision.mjpeg_server import MjpegServer, jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence

CLIPS = Path(__file__).parents[1] / "clips"
FAULT_S, CALM_S = 1.0, 1.0
MOST_GROWTH_MB = 20
#: Until each fault has come once, each may need something for the first time.
FIRST_ROUND = len(FAULTS)


class FilmCamera(MjpegServer):
    """Shows a film of somebody again and again, with a sensor's noise."""

    def __init__(self, *films: Path) -> None:
        super().__init__(fps=8)
        self._pictures = [picture for film in films for picture in pictures_of(film)]

    def next_picture(self) -> bytes:
        self._number += 1
        return self._pictures[self._number % len(self._pictures)]


def pictures_of(film: Path) -> list[bytes]:
    """Return every third picture as a JPEG."""
    capture, found = cv2.VideoCapture(str(film)), []
    noise = np.random.default_rng(0)
    while capture.grab():
        if int(capture.get(cv2.CAP_PROP_POS_FRAMES)) % 3 == 0:
            bgr = np.asarray(capture.retrieve()[1])
            rough = bgr + noise.normal(0, 2, bgr.shape)
            found.append(jpeg(np.clip(rough, 0, 255).astype(np.uint8)))
    capture.release()
    assert found
    return found


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks there for memory and open files")
@pytest.mark.rounds(short=4, long=480)
def test_faults_leave_nothing_behind(seeds: range) -> None:
    is_long = len(seeds) > FIRST_ROUND
    clips = ("still_5", "walk_through_0") if is_long else ("still_5",)
    footprints: list[Footprint] = []
    late: list[str] = []
    with (
        FilmCamera(*(CLIPS / f"{name}.mp4" for name in clips)) as camera,
        live_program(camera.address, has_model=is_long) as live,
    ):
        assert wait_until(live.sees, 60), live.complaints
        for seed in seeds:
            fault = FAULTS[seed % len(FAULTS)]
            camera.hang_up()
            camera.instead = fault.on(camera)
            time.sleep(FAULT_S)
            camera.instead, seen = None, len(live.lines)
            begun_s = time.monotonic()
            came = wait_until(lambda seen=seen: live.sees(seen), 15)  # type: ignore[misc]
            assert came, f"seed {seed}, {fault.name}: never back. {live.complaints}"
            took_s = time.monotonic() - begun_s
            if took_s > 3:
                late.append(f"seed {seed}, {fault.name}: back after {took_s:.1f} s")
            time.sleep(CALM_S)
            footprints.append(live.footprint())
            if seed % 20 == 0:
                print(seed, footprints[-1], flush=True)
        checks = sum("check" in line for line in live.lines)
    print(f"{len(live.lines)} lines, {checks} checks; late: {late}; {summary(footprints)}")
    assert live.complaints == ""
    if is_long:
        compare(footprints[FIRST_ROUND:])
    assert len(late) <= len(seeds) / 50, late


def compare(footprints: Sequence[Footprint]) -> None:
    """See that the end takes no more than the beginning; single looks come and go."""
    tenth = len(footprints) // 10
    first, last = footprints[:tenth], footprints[-tenth:]
    grown_mb = np.median([each.memory_mb for each in last]) - np.median(
        [each.memory_mb for each in first]
    )
    assert grown_mb <= MOST_GROWTH_MB, summary(footprints)
    for name in ("threads", "files"):
        before, after = (max(getattr(each, name) for each in part) for part in (first, last))
        assert after <= before, f"{name}: {before} -> {after}"


def summary(footprints: Sequence[Footprint]) -> str:
    tenth = max(1, len(footprints) // 10)
    parts = footprints[:tenth], footprints[-tenth:]
    told = [
        f"{np.median([each.memory_mb for each in part]):.0f} MB, at most "
        f"{max(each.threads for each in part)} threads and "
        f"{max(each.files for each in part)} files"
        for part in parts
    ]
    return " -> ".join(told)
