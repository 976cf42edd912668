"""Films through the real pose model; real pictures where there are some."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from vision.camera.capture import Camera, CameraFrame
from vision.coach.coaching import Coach
from vision.coach.events import CoachedExercise, FormFault
from vision.coach.view import CoachView
from vision.image.frame import load_frame

if TYPE_CHECKING:
    from collections.abc import Iterator

FILMS = Path(__file__).parents[2] / "exercise_clips"
PHOTOS = Path(__file__).parents[4] / "shared" / "photos" / "exercise"


@pytest.fixture
def view() -> Iterator[CoachView]:
    made = CoachView()
    yield made
    made.close()


@pytest.mark.parametrize("film", sorted(FILMS.glob("*.mp4")), ids=lambda film: film.stem)
def test_a_film_is_counted_right_and_its_fault_is_named(film: Path, view: CoachView) -> None:
    truth = json.loads(film.with_suffix(".json").read_text("utf-8"))
    coach, named = Coach(CoachedExercise(truth["exercise"]), 99), set[FormFault]()
    with Camera(film) as camera:
        for frame in camera:
            moment = coach.add(view.look(frame))
            named |= {moment.fault} - {None}  # type: ignore[arg-type]
    assert len(coach.finish_now().repetitions) == truth["repetitions"]
    assert named == {FormFault(fault) for fault in truth["faults"]}


def test_real_pictures_in_turn_are_bridges(view: CoachView) -> None:
    if not PHOTOS.is_dir():
        pytest.skip("no real photographs here")
    low, high = (load_frame(PHOTOS / f"fed_glutebridge_{index}.jpg").rgb for index in (0, 1))
    coach = Coach(CoachedExercise.GLUTE_BRIDGE, 99)
    for index in range(75):
        rgb = (low, high)[index // 15 % 2]
        coach.add(view.look(CameraFrame(rgb, 100.0 * index)))
    assert len(coach.finish_now().repetitions) == 2
