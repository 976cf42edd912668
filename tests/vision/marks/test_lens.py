"""Where the lens was: from pitch and row, from the body, and when nothing can be known."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.made_up_results import LENS
from tests.vision.sightings import frame_of
from tests.vision.stick_figures import Figure, mirrored, pose_of
from vision.image.plumb import Convergence
from vision.marks.lens import NEARER_TRUNKS, find_lens, lowering
from vision.result import Facing, FocalSource, Lens

WIDTH_PX, HEIGHT_PX = 960, 1280
FOCAL_PX = 1200.0
#: The pelvis is a fifth of a trunk above the hips.
PELVIS_PX = 0.19 * 240


def lens_of(
    hip_y_px: float,
    pitch_deg: float | None = None,
    focal_px: float | None = FOCAL_PX,
    facing: Facing = Facing.RIGHT,
) -> Lens:
    """Return what is found for a person whose hips are there, plumb lines showing the pitch."""
    figure = Figure(facing=facing, width_px=WIDTH_PX, height_px=HEIGHT_PX, hip_px=(480.0, hip_y_px))
    frame = replace(frame_of(figure), focal_px=focal_px)
    lines = None
    if pitch_deg is not None:
        per_side = math.degrees(math.tan(math.radians(pitch_deg))) * HEIGHT_PX / FOCAL_PX
        lines = Convergence(per_side, 0.3)
    return find_lens(frame, pose_of(figure), facing, lines)


@pytest.mark.parametrize("pitch_deg", [-4.0, 0.0, 5.0])
@pytest.mark.parametrize("below_px", [-100.0, 0.0, 100.0])
def test_pitch_and_the_row_of_the_pelvis_tell_the_slope(pitch_deg: float, below_px: float) -> None:
    found = lens_of(HEIGHT_PX / 2 + PELVIS_PX + below_px, pitch_deg)
    down_deg = pitch_deg + math.degrees(math.atan(below_px / FOCAL_PX))
    assert found.down_deg == pytest.approx(down_deg, abs=1.5)
    assert found.pitch_deg == pytest.approx(pitch_deg, abs=1.5)
    assert found.down_sd_deg < 2
    assert found.focal is FocalSource.TOLD
    assert found.focal_px == pytest.approx(FOCAL_PX, rel=0.1)
    assert found.above_hips_cm == pytest.approx(
        found.away_cm * math.tan(math.radians(found.down_deg))
    )
    assert found.away_cm == pytest.approx(100 * 0.5 * FOCAL_PX / 240, rel=0.1)


def test_what_is_not_known_is_doubted() -> None:
    y_px = HEIGHT_PX / 2 + 100.0
    known, no_lines = lens_of(y_px, 5.0), lens_of(y_px)
    no_file = lens_of(y_px, 5.0, focal_px=None)
    nothing = lens_of(y_px, focal_px=None)
    assert known.down_sd_deg < no_file.down_sd_deg < nothing.down_sd_deg
    assert known.down_sd_deg < no_lines.down_sd_deg < nothing.down_sd_deg + 0.5
    assert nothing.down_sd_deg < 6
    assert nothing.focal is FocalSource.ASSUMED


def test_a_mirrored_picture_has_the_same_lens() -> None:
    figure = Figure(width_px=WIDTH_PX, height_px=HEIGHT_PX, hip_px=(480.0, 700.0), yaw_deg=5.0)
    frame, pose = frame_of(figure), pose_of(figure)
    here = find_lens(frame, pose, Facing.RIGHT, None)
    there = find_lens(frame, mirrored(pose), Facing.LEFT, None)
    assert here.down_deg == pytest.approx(there.down_deg, abs=1e-3)


def test_a_body_seen_from_above_tells_it() -> None:
    figure = Figure(width_px=WIDTH_PX, height_px=HEIGHT_PX, hip_px=(480.0, 686.0))
    pose = pose_of(figure)
    # Turned about the axis across the view, as a lens higher up sees it.
    world = pose.world_m.copy()
    world[:, 2] += np.float32(0.2) * world[:, 1]
    level, above = (
        find_lens(frame_of(figure), seen, Facing.RIGHT, None)
        for seen in (pose, replace(pose, world_m=world))
    )
    assert above.down_deg > level.down_deg + 2


def test_a_focal_length_that_cannot_be_is_not_believed() -> None:
    """A person filling the picture through a lens that wide would be half a metre away."""
    told = lens_of(HEIGHT_PX / 2, focal_px=13 * 1600 / math.hypot(36, 24))
    assert told.away_cm > 110
    assert told.down_sd_deg > lens_of(HEIGHT_PX / 2).down_sd_deg - 0.3


@settings(deadline=None, max_examples=50)
@given(
    hip_y_px=st.floats(300, 1000),
    focal_px=st.one_of(st.none(), st.floats(400, 7000)),
    pitch_deg=st.one_of(st.none(), st.floats(-25, 25)),
)
def test_every_answer_is_a_number(
    hip_y_px: float, focal_px: float | None, pitch_deg: float | None
) -> None:
    found = lens_of(hip_y_px, pitch_deg, focal_px)
    numbers = (found.down_deg, found.pitch_deg, found.above_hips_cm)
    assert all(map(math.isfinite, numbers))
    assert 0 < found.down_sd_deg < 15
    assert 0 < found.away_cm < 2000
    assert found.focal_px > 0


def test_what_is_nearer_is_seen_lower() -> None:
    seen = lowering(replace(LENS, down_deg=10.0, down_sd_deg=1e-9), 240.0)
    assert seen.lower_px == pytest.approx(NEARER_TRUNKS * 240 * math.tan(math.radians(10)))
    assert lowering(LENS, 240.0).lower_px == 0
    # 27 deg times the slope, docs/MEASUREMENT.md, for points a third of a trunk apart.
    over_deg = math.degrees(math.atan(seen.lower_px / 80.0))
    assert over_deg == pytest.approx(27 * math.tan(math.radians(10)), abs=1.0)


def test_the_slopes_doubt_goes_on() -> None:
    narrow, wide = (lowering(replace(LENS, down_sd_deg=sd), 240.0).sd_px for sd in (1.0, 4.0))
    assert wide == pytest.approx(4 * narrow, rel=0.01)
