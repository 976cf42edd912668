"""The pipeline from a picture to a result, with people whose posture is known."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image

import vision
from tests.made_up_results import LENS
from tests.vision.stick_figures import Figure, mirrored, pose_of, textured_picture
from vision import BonyPoints, Facing, Measured, Method, PhotoError, PointsError, Rejected
from vision.image.frame import Frame, frame_from_array, load_frame
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, expected_sha256
from vision.pipeline import measure_photo
from vision.pose.estimate import Joint, PoseEstimate
from vision.pose.mediapipe import brightness_leans_left
from vision.quality import YAW_LIMITS_DEG
from vision.result import BONES_SD_DEG, Doubt, ReasonCode, Severity, VerticalSource
from vision.scene import ROLL_SD_DEG
from vision.silhouette import ContourReading

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

FIGURE = Figure(lean_deg=3, knee_deg=178, hip_ahead_m=0.02, head_ahead_deg=12)
RGB = textured_picture(FIGURE)
POSE = pose_of(FIGURE, with_mask=True)


class Estimator:
    """Finds the given people in pictures of their own size, and nobody in others."""

    model_sha256 = "0" * 64

    def __init__(self, *people: PoseEstimate) -> None:
        self.people = people

    def estimate(self, rgb: NDArray[np.uint8]) -> Sequence[PoseEstimate]:
        assert rgb.flags.c_contiguous
        return [person for person in self.people if person.mask.shape == rgb.shape[:2]]

    def look(self, rgb: NDArray[np.uint8], is_mirrored: bool) -> Sequence[PoseEstimate]:
        return []


def sees(patch: pytest.MonkeyPatch, *people: PoseEstimate) -> None:
    patch.setattr("vision.pipeline.shared_estimator", lambda: Estimator(*people))
    patch.setattr("vision.pipeline.second_mask", lambda _, pose: pose.mask)


def reads(patch: pytest.MonkeyPatch, reading: ContourReading) -> None:
    for name in ("read_quickly", "read_carefully"):
        patch.setattr(f"vision.pipeline.{name}", lambda *_: reading)


@pytest.fixture(autouse=True)
def one_person(monkeypatch: pytest.MonkeyPatch) -> None:
    sees(monkeypatch, POSE)
    reads(monkeypatch, ContourReading(12.0, 3.0, 0.1))
    monkeypatch.setattr("vision.scene.find_lens", lambda *_: LENS)


def measured(photo: NDArray[np.uint8] | Frame | str | Path = RGB, **asked: object) -> Measured:
    result = measure_photo(photo, **asked)  # type: ignore[arg-type]
    assert isinstance(result, Measured), result
    return result


def rejected(photo: NDArray[np.uint8] | Frame = RGB, **asked: object) -> Rejected:
    result = measure_photo(photo, **asked)  # type: ignore[arg-type]
    assert isinstance(result, Rejected)
    assert result.reasons[0].severity is Severity.REFUSE
    return result


# -- what a measurement holds


def test_everything_found_is_told() -> None:
    result = measured()
    assert result.source == "array"
    assert result.facing is Facing.RIGHT
    assert result.tilt == result.contour
    assert result.tilt.method is Method.CONTOUR
    assert (result.marked, result.points) == (None, None)
    assert result.posture.trunk_lean_deg == pytest.approx(3, abs=0.01)
    assert result.posture.knee_angle_deg == pytest.approx(178, abs=0.01)
    assert result.posture.hip_sway_percent == pytest.approx(100 * 0.02 / 0.82, abs=0.01)
    assert result.posture.head_forward_deg == pytest.approx(15, abs=0.01)
    assert 0 <= result.capture.yaw_deg < YAW_LIMITS_DEG[1]
    assert result.capture.roll_deg == 0
    assert result.capture.vertical is VerticalSource.ASSUMED
    assert result.capture.trunk_px == pytest.approx(240, abs=0.01)
    assert result.capture.people == 1
    assert [reason.code for reason in result.reasons] == [ReasonCode.VERTICAL_ASSUMED]
    assert list(result.landmarks) == [joint.name.lower() for joint in Joint]
    assert result.landmarks["nose"][:2] == pytest.approx(POSE.xy_px[Joint.NOSE].tolist())
    assert result.provenance.version == vision.__version__
    assert result.provenance.pose_model_sha256 == expected_sha256(POSE_BUNDLE)
    assert result.provenance.contour_model_sha256 == expected_sha256(CONTOUR_MODEL)


def test_outline_surrounds_the_body() -> None:
    outline = measured().outline_px
    assert outline.dtype == np.float32
    left, top = outline.min(axis=0)
    right, bottom = outline.max(axis=0)
    x, y = POSE.mid_hip_px
    assert left < x < right
    assert top < y - 240
    assert bottom > y + 300


def test_the_interval_counts_the_roll_that_may_be_left() -> None:
    assumed = measured().tilt
    assert assumed.angle_deg == 12
    assert assumed.doubt == Doubt(3.0, ROLL_SD_DEG[VerticalSource.ASSUMED], BONES_SD_DEG)
    given_tilt = measured(vertical=((50, 10), (50, 900))).tilt
    assert given_tilt.doubt == Doubt(3.0, ROLL_SD_DEG[VerticalSource.GIVEN], BONES_SD_DEG)


@pytest.mark.parametrize(("probability", "warned"), [(0.2, False), (0.6, True)])
def test_loose_clothing(monkeypatch: pytest.MonkeyPatch, probability: float, warned: bool) -> None:
    reads(monkeypatch, ContourReading(12.0, 3.0, probability))
    codes = {reason.code for reason in measured().reasons}
    assert (ReasonCode.LOOSE_CLOTHING in codes) is warned


def test_a_large_photo_answers_in_its_own_pixels() -> None:
    frame = Frame(RGB, width_px=1920, height_px=3000, source="large.jpg")
    result, small = measured(frame), measured()
    assert result.source == "large.jpg"
    assert result.capture.trunk_px == pytest.approx(720, abs=0.05)
    assert result.posture == small.posture
    np.testing.assert_allclose(result.outline_px, small.outline_px * 3)
    x, y, seen = small.landmarks["left_knee"]
    assert result.landmarks["left_knee"] == pytest.approx((3 * x, 3 * y, seen))


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_file_array_and_frame_give_the_same(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"Größe mit Leer.{suffix}"
    Image.fromarray(RGB).save(path, lossless=True)
    from_file, from_text = measured(path), measured(str(path))
    assert from_file.source == from_text.source == str(path)
    for other in (from_text, measured(load_frame(path)), measured(frame_from_array(RGB))):
        assert other.tilt == from_file.tilt
        assert other.landmarks == from_file.landmarks


def test_a_mirrored_person_gives_the_same_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vision.pipeline.read_carefully", vision.silhouette.read_carefully)
    first = measured()
    sees(monkeypatch, mirrored(POSE))
    second = measured(np.ascontiguousarray(RGB[:, ::-1]))
    assert second.facing is Facing.LEFT
    assert second.tilt.angle_deg == pytest.approx(first.tilt.angle_deg, abs=0.2)
    assert second.tilt.half_width_deg == pytest.approx(first.tilt.half_width_deg, abs=0.2)
    for name in ("trunk_lean_deg", "hip_sway_percent", "knee_angle_deg", "head_forward_deg"):
        expected = getattr(first.posture, name)
        assert getattr(second.posture, name) == pytest.approx(expected, abs=0.01)


# -- marked points and the vertical

ASIS, PSIS = (360.0, 478.0), (290.0, 462.0)
MARKED_DEG = math.degrees(math.atan2(16, 70))


def test_marked_points_are_the_answer_when_given() -> None:
    result = measured(points=BonyPoints(ASIS, PSIS))
    assert result.tilt == result.marked
    assert result.tilt.method is Method.MARKED
    assert result.tilt.angle_deg == pytest.approx(MARKED_DEG)
    assert result.tilt.doubt.reading_deg > 2
    assert result.tilt.doubt.bones_deg == 0
    assert result.points == BonyPoints(ASIS, PSIS)
    assert result.contour is not None
    assert result.contour.angle_deg == 12


def test_marked_points_of_someone_facing_left(monkeypatch: pytest.MonkeyPatch) -> None:
    sees(monkeypatch, mirrored(POSE))
    points = BonyPoints((639 - ASIS[0], ASIS[1]), (639 - PSIS[0], PSIS[1]))
    assert measured(points=points).tilt.angle_deg == pytest.approx(MARKED_DEG)


@pytest.mark.parametrize(
    ("method", "expected"),
    [(None, Method.MARKED), (Method.MARKED, Method.MARKED), (Method.CONTOUR, Method.CONTOUR)],
)
def test_the_method_asked_for_is_the_answer(method: Method | None, expected: Method) -> None:
    result = measured(points=BonyPoints(ASIS, PSIS), method=method)
    assert result.tilt.method is expected
    assert result.marked is not None
    assert result.contour is not None


@pytest.mark.parametrize("facing", Facing)
@settings(max_examples=6, deadline=None)
@given(roll_deg=st.floats(-20, 20))
def test_a_vertical_levels_picture_points_and_person(facing: Facing, roll_deg: float) -> None:
    figure = replace(FIGURE, facing=facing, roll_deg=roll_deg, trunk_px=210.0)
    turn = complex(math.cos(math.radians(roll_deg)), math.sin(math.radians(roll_deg)))

    def seen(right: float, up: float) -> tuple[float, float]:
        place = complex(right, up) * turn
        return 320 + place.real, 480 - place.imag

    sign = facing.front_sign
    points = BonyPoints(seen(40 * sign, 2), seen(-30 * sign, 18))
    with pytest.MonkeyPatch.context() as patch:
        sees(patch, pose_of(figure, with_mask=True))
        result = measured(points=points, vertical=(seen(0, 300), seen(0, -300)))
    assert result.capture.roll_deg == pytest.approx(roll_deg, abs=1e-3)
    assert result.capture.vertical is VerticalSource.GIVEN
    assert result.tilt.angle_deg == pytest.approx(MARKED_DEG, abs=0.01)
    assert result.posture.trunk_lean_deg == pytest.approx(3, abs=0.05)
    assert result.reasons == ()


@pytest.mark.parametrize(
    ("asis", "psis"),
    [(PSIS, ASIS), ((360.0, 100.0), PSIS), (ASIS, (20.0, 462.0)), ((290.0, 500.0), PSIS)],
)
def test_points_off_the_pelvis_or_front_to_back_are_refused(
    asis: tuple[float, float], psis: tuple[float, float]
) -> None:
    result = rejected(points=BonyPoints(asis, psis))
    assert result.reasons[0].code is ReasonCode.POINTS_UNUSABLE


@pytest.mark.parametrize(
    "asked",
    [
        {"points": BonyPoints((-5, 5), PSIS)},
        {"points": BonyPoints(ASIS, ASIS)},
        {"points": BonyPoints((math.nan, 5), PSIS)},
        {"vertical": ((10, 10), (600, 12))},
        {"vertical": ((10, 10), (10, 10))},
        {"method": Method.MARKED},
        {"method": Method.STICKERS, "points": BonyPoints(ASIS, PSIS)},
    ],
)
def test_what_cannot_be_meant_is_an_error(asked: dict[str, object]) -> None:
    with pytest.raises(PointsError) as caught:
        measure_photo(RGB, **asked)  # type: ignore[arg-type]
    assert caught.value.message.endswith(".")


def test_points_are_checked_against_the_full_picture() -> None:
    frame = Frame(RGB, width_px=1920, height_px=3000, source="large.jpg")
    points = BonyPoints((ASIS[0] * 3, ASIS[1] * 3), (PSIS[0] * 3, PSIS[1] * 3))
    assert measured(frame, points=points).tilt.angle_deg == pytest.approx(MARKED_DEG)
    with pytest.raises(PointsError):
        measure_photo(RGB, points=points)


# -- refusals


def test_nobody() -> None:
    empty = np.full((300, 200, 3), 90, np.uint8)
    result = rejected(empty)
    assert [reason.code for reason in result.reasons] == [ReasonCode.NO_PERSON]
    assert (result.facing, result.posture, result.capture) == (None, None, None)
    assert result.landmarks == {}
    assert result.outline_px.shape == (0, 2)


def test_a_refused_person_is_still_described(monkeypatch: pytest.MonkeyPatch) -> None:
    sees(monkeypatch, pose_of(replace(FIGURE, roll_deg=-15), with_mask=True))
    result = rejected()
    assert result.reasons[0].code is ReasonCode.CAMERA_TILTED
    assert result.facing is Facing.RIGHT
    assert result.capture is not None
    assert result.posture is not None
    assert len(result.landmarks) == 33
    assert len(result.outline_px) > 10


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(Facing), st.floats(-180, 180), st.floats(60, 220), st.floats(-90, 90),
    st.floats(30, 500), st.floats(-180, 180),
)  # fmt: skip
def test_whatever_stands_there_gets_numbers_or_reasons(
    facing: Facing, lean_deg: float, knee_deg: float, yaw_deg: float, trunk_px: float,
    roll_deg: float,
) -> None:  # fmt: skip
    figure = Figure(
        facing=facing, lean_deg=lean_deg, knee_deg=knee_deg, yaw_deg=yaw_deg, trunk_px=trunk_px,
        roll_deg=roll_deg,
    )  # fmt: skip
    with pytest.MonkeyPatch.context() as patch:
        sees(patch, pose_of(figure))
        reads(patch, ContourReading(12.0, 3.0, 0.1))
        result = measure_photo(RGB)
    refused = [reason for reason in result.reasons if reason.severity is Severity.REFUSE]
    assert isinstance(result, Rejected) == bool(refused)
    numbers = [value for landmark in result.landmarks.values() for value in landmark]
    assert np.isfinite(numbers).all()
    assert result.capture is not None
    assert np.isfinite([result.capture.yaw_deg, result.capture.trunk_px]).all()


def test_unreadable_and_unusable_input(tmp_path: Path) -> None:
    with pytest.raises(PhotoError):
        measure_photo(tmp_path / "nothing.jpg")
    with pytest.raises(ValueError, match="uint8"):
        measure_photo(np.zeros((10, 10), np.uint8))


def test_a_quick_look_and_a_careful_one(monkeypatch: pytest.MonkeyPatch) -> None:
    quick, careful = ContourReading(10.0, 4.0, 0.1), ContourReading(12.0, 3.0, 0.1)
    monkeypatch.setattr("vision.pipeline.read_quickly", lambda *_: quick)
    monkeypatch.setattr("vision.pipeline.read_carefully", lambda *_: careful)
    assert measured().tilt.angle_deg == 12.0
    assert measured(quick=True).tilt.angle_deg == 10.0


# -- the estimator


@settings(deadline=None)
@example(seed=135132, height_px=2, width_px=3)  # balanced in the rows that are weighed
@given(seed=st.integers(0, 2**32 - 1), height_px=st.integers(1, 40), width_px=st.integers(1, 40))
def test_a_mirrored_picture_leans_the_other_way(seed: int, height_px: int, width_px: int) -> None:
    rgb = np.random.default_rng(seed).integers(0, 256, (height_px, width_px, 3), np.uint8)
    flipped = np.ascontiguousarray(rgb[:, ::-1])
    is_own_mirror = np.array_equal(rgb, flipped)
    assert brightness_leans_left(rgb) != brightness_leans_left(flipped) or is_own_mirror
