"""Real photographs, which are not part of the project: what must and must not get a number.

They are looked for in the folder that ``BELTLINE_PHOTOS`` names, else in
``../shared/photos``; without them these tests are left out.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from vision import Measured, Rejected, measure_photo
from vision.pose.headless import HEADLESS_SD_DEG
from vision.result import ReasonCode, Severity

PHOTOS = Path(
    os.environ.get("BELTLINE_PHOTOS", Path(__file__).parents[3] / "shared" / "photos")
).absolute()
SUFFIXES = {".jpg", ".jpeg"}
Code = ReasonCode
#: Folder -> the reasons of which each of its pictures must give at least one.
EXPECTED = {
    "refuse/cropped": {Code.BODY_CUT_OFF, Code.NO_PERSON},
    "refuse/dark": {Code.TOO_DARK, Code.BLURRED, Code.NOT_STANDING, Code.NO_PERSON},
    "refuse/frontal_or_oblique": {Code.NOT_SIDE_ON, Code.NOT_STANDING},
    "refuse/lying": {Code.NOT_STANDING},
    "refuse/moving": {Code.NOT_STANDING},
    "refuse/no_person": {Code.NO_PERSON},
    "refuse/rotated": {Code.NOT_UPRIGHT},
    "refuse/seated_or_kneeling": {Code.NOT_STANDING},
    "refuse/several_people": {Code.SEVERAL_PEOPLE},
    "exercise": {Code.NOT_STANDING},
}

pytestmark = pytest.mark.skipif(
    not PHOTOS.is_dir(), reason="BELTLINE_PHOTOS names no folder of photographs"
)


def in_folder(name: str) -> list[str]:
    """Return the pictures of a folder, named from the folder of all."""
    found = (path for path in (PHOTOS / name).rglob("*") if path.suffix in SUFFIXES)
    return sorted(str(path.relative_to(PHOTOS)) for path in found)


@cache
def result_of(name: str) -> Measured | Rejected:
    return measure_photo(PHOTOS / name)


REFUSED = [(folder, name) for folder in EXPECTED for name in in_folder(folder)]


@pytest.mark.parametrize(("folder", "name"), REFUSED)
def test_no_number_and_a_fitting_reason(folder: str, name: str) -> None:
    result = result_of(name)
    assert isinstance(result, Rejected)
    refusals = {r.code for r in result.reasons if r.severity is Severity.REFUSE}
    assert refusals & EXPECTED[folder], refusals


def test_of_two_copies_of_one_person_either_gives_the_same() -> None:
    name = "refuse/several_people/fed_two_copies.jpg"
    refused = result_of(name)
    assert isinstance(refused, Rejected)
    assert len(refused.people) == 2
    chosen = [measure_photo(PHOTOS / name, person_at=one.middle_px) for one in refused.people]
    first, second = (one.tilt for one in chosen if isinstance(one, Measured))
    assert abs(first.angle_deg - second.angle_deg) < first.doubt.reading_deg


@pytest.mark.parametrize("name", in_folder("refuse/rotated"))
def test_a_turned_photograph_is_only_told_to_be_turned(name: str) -> None:
    assert [reason.code for reason in result_of(name).reasons] == [Code.NOT_UPRIGHT]


@pytest.mark.parametrize("name", in_folder("refuse/cropped"))
def test_nobody_is_told_to_step_back_and_come_closer(name: str) -> None:
    codes = {reason.code for reason in result_of(name).reasons}
    assert not {Code.BODY_CUT_OFF, Code.TOO_SMALL} <= codes


def test_every_refused_folder_is_looked_at() -> None:
    listed = {name for folder, name in REFUSED if folder.startswith("refuse/")}
    assert listed == set(in_folder("refuse"))


def test_most_standing_people_are_measured() -> None:
    results = [result_of(name) for name in in_folder("standing")]
    measured = [result for result in results if isinstance(result, Measured)]
    assert len(measured) >= min(5, len(results))
    for result in measured:
        assert result.tilt.low_deg < result.tilt.angle_deg < result.tilt.high_deg
        assert result.capture.people == 1
        assert all(reason.severity is Severity.WARN for reason in result.reasons)


@pytest.mark.parametrize("name", [name for name in in_folder("standing") if "_mirrored" in name])
def test_a_mirrored_photograph_gives_the_same_answer(name: str) -> None:
    mirror, original = result_of(name), result_of(name.replace("_mirrored", ""))
    assert isinstance(mirror, Measured)
    assert isinstance(original, Measured)
    assert mirror.facing is not original.facing
    assert mirror.tilt.angle_deg == pytest.approx(original.tilt.angle_deg, abs=1)
    assert mirror.capture.yaw_deg == pytest.approx(original.capture.yaw_deg, abs=2)
    lean_deg = mirror.posture.trunk_lean_deg
    assert lean_deg == pytest.approx(original.posture.trunk_lean_deg, abs=1)


@pytest.mark.parametrize("name", in_folder("headless"))
def test_whoever_hides_the_head_is_measured_with_a_wider_doubt(name: str) -> None:
    result = result_of(name)
    assert isinstance(result, Measured)
    assert Code.HEAD_HIDDEN in {reason.code for reason in result.reasons}
    assert result.tilt.doubt.reading_deg > HEADLESS_SD_DEG
    whole_name = name.replace("headless/", "standing/").replace("_neck_down", "_0")
    if not (PHOTOS / whole_name).exists():
        pytest.skip("the whole photograph is not at hand")
    whole = result_of(whole_name)
    assert isinstance(whole, Measured)
    assert result.tilt.angle_deg == pytest.approx(whole.tilt.angle_deg, abs=1.645 * HEADLESS_SD_DEG)


@pytest.mark.parametrize("name", in_folder("roll15"))
def test_a_tilted_camera_is_refused_or_made_good(name: str) -> None:
    result = result_of(name)
    if isinstance(result, Rejected):
        assert Code.CAMERA_TILTED in {reason.code for reason in result.reasons}
        return
    level = result_of(name.replace("roll15/", "standing/").replace("_roll15", "_hipflexband_0"))
    assert isinstance(level, Measured)
    assert result.tilt.angle_deg == pytest.approx(level.tilt.angle_deg, abs=3)
