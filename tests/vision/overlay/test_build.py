"""What is drawn on the picture, and that it can be read and is written whole."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import cv2
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests import made_up_results
from tests.made_up_results import NOWHERE, measured, rejected, tilt
from tests.vision.overlay.plates import is_on_body, plates_of
from vision.image.frame import Frame
from vision.overlay.build import build_overlay
from vision.overlay.raster import (
    OverlayError,
    TextRow,
    paint_overlay,
    paint_plate,
    save_overlay,
    set_text,
)
from vision.overlay.shapes import (
    COLOURS,
    HALO,
    Arc,
    Banner,
    Dot,
    Label,
    Line,
    Point,
    Polyline,
    Role,
    Shape,
    Wedge,
    lead_of,
    place_labels,
    scaled,
    settle_labels,
)
from vision.result import (
    BonyPoints,
    Capture,
    Facing,
    Measured,
    Method,
    Posture,
    Reason,
    ReasonCode,
    Rejected,
    Severity,
    VerticalSource,
    tilt_text,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH, HEIGHT, TRUNK = 600, 800, 240.0
_X = {"ear": 310.0, "shoulder": 300.0, "hip": 302.0, "knee": 305.0, "ankle": 295.0}
_Y = {"ear": 110.0, "shoulder": 170.0, "hip": 410.0, "knee": 570.0, "ankle": 730.0}


Kind = TypeVar("Kind", Line, Polyline, Dot, Arc, Wedge)


def _landmarks(facing: Facing) -> dict[str, tuple[float, float, float]]:
    """Somebody in the middle of the picture; the far side lies 6 px further right."""
    near = facing.value
    return {
        f"{side}_{part}": (x + (0.0 if side == near else 6.0), _Y[part], 0.95)
        for side in ("left", "right")
        for part, x in _X.items()
    }


def _body(centre_x: float = 300.0) -> NDArray[np.float32]:
    angle = np.linspace(0, 2 * np.pi, 80, endpoint=False)
    x, y = centre_x + 55 * np.cos(angle), 410 + 350 * np.sin(angle)
    return np.stack([x, y], axis=1).astype(np.float32)


def _measured(
    angle_deg: float = 12.3,
    half_deg: float = 4.15,
    facing: Facing = Facing.LEFT,
    roll_deg: float = 0.0,
) -> Measured:
    return measured(
        tilt(angle_deg, half_deg),
        facing=facing,
        posture=Posture(1.0, 2.0, 178.0, 10.0),
        capture=Capture(3.0, roll_deg, VerticalSource.GIVEN, TRUNK, 1, 0.3),
        reasons=(),
        landmarks=_landmarks(facing),
        outline_px=_body(),
    )


def _marked(asis: Point, psis: Point, facing: Facing = Facing.RIGHT) -> Measured:
    forward = (asis[0] - psis[0]) * facing.front_sign
    angle = math.degrees(math.atan2(asis[1] - psis[1], forward))
    tilt = made_up_results.tilt(angle, 2, Method.MARKED)
    whole = _measured(facing=facing)
    return replace(whole, tilt=tilt, marked=tilt, points=BonyPoints(asis, psis))


def _rejected(*messages: str) -> Rejected:
    return rejected(
        *(
            Reason(ReasonCode.NOT_SIDE_ON, Severity.REFUSE, message, "Stand side-on.")
            for message in messages
        )
    )


def _frame(grey: int, width: int = WIDTH, height: int = HEIGHT, scale: int = 1) -> Frame:
    rgb = np.full((height, width, 3), grey, np.uint8)
    return Frame(rgb, width * scale, height * scale, "x")


def _only(shapes: tuple[Shape, ...], kind: type[Kind], role: Role) -> list[Kind]:
    return [shape for shape in shapes if isinstance(shape, kind) and shape.role is role]


def _tilt_line(shapes: tuple[Shape, ...]) -> Line:
    (line,) = _only(shapes, Line, Role.TILT)
    return line


def _flip(point: Point) -> Point:
    return WIDTH - point[0], point[1]


def _mirrored_result(result: Measured) -> Measured:
    swap = {"left": "right", "right": "left"}
    landmarks = {
        f"{swap[side]}_{part}": (WIDTH - x, y, seen)
        for (side, _, part), (x, y, seen) in (
            (name.partition("_"), place) for name, place in result.landmarks.items()
        )
    }
    points = result.points
    if points is not None:
        points = BonyPoints(_flip(points.asis_px), _flip(points.psis_px))
    outline = result.outline_px.copy()
    outline[:, 0] = WIDTH - outline[:, 0]
    return replace(
        result,
        facing=Facing(swap[result.facing.value]),
        capture=replace(result.capture, roll_deg=-result.capture.roll_deg),
        points=points,
        landmarks=landmarks,
        outline_px=outline,
    )


def _numbers(shape: Shape, mirror: bool) -> list[float]:
    """Return a shape's geometry, mirrored on demand; directions as points on a circle."""

    def flip(point: Point) -> Point:
        return _flip(point) if mirror else point

    match shape:
        case Line():
            return [*flip(shape.start_px), *flip(shape.end_px), shape.width_px]
        case Polyline():
            return [v for point in shape.points_px for v in flip(point)]
        case Dot():
            return [*flip(shape.centre_px), shape.radius_px]
        case Arc() | Wedge():
            start = math.radians(180 - shape.start_deg if mirror else shape.start_deg)
            sweep = -shape.sweep_deg if mirror else shape.sweep_deg
            ends = [math.cos(start), math.sin(start), sweep]
            return [*flip(shape.centre_px), shape.radius_px, *ends]
        case Label():
            side = -shape.towards[0] if mirror else shape.towards[0]
            left, top, right, bottom = shape.avoid_px or (0.0, 0.0, WIDTH, 0.0)
            box = (WIDTH - right, top, WIDTH - left, bottom) if mirror else shape.avoid_px
            return [*flip(shape.anchor_px), side, shape.towards[1], *(box or ())]
        case Banner():
            return []


angles = st.floats(-40, 40)


@given(angle=angles, roll=st.floats(-10, 10), facing=st.sampled_from(Facing))
def test_front_end_is_lower_by_exactly_the_angle(angle: float, roll: float, facing: Facing) -> None:
    line = _tilt_line(build_overlay(_measured(angle, 4, facing, roll)))
    step_x, step_y = (b - a for a, b in zip(line.start_px, line.end_px, strict=True))
    # Turning the picture back by the roll makes the scene's horizontal the picture's.
    r = math.radians(roll)
    ahead = (step_x * math.cos(r) - step_y * math.sin(r)) * facing.front_sign
    down = step_x * math.sin(r) + step_y * math.cos(r)
    assert ahead > 0
    assert math.degrees(math.atan2(down, ahead)) == pytest.approx(angle, abs=1e-6)


def test_horizontal_arc_and_wedge_share_the_centre_and_the_angles() -> None:
    shapes = build_overlay(_measured(facing=Facing.RIGHT))
    (level,) = _only(shapes, Line, Role.HORIZONTAL)
    (arc,) = _only(shapes, Arc, Role.TILT)
    (wedge,) = _only(shapes, Wedge, Role.INTERVAL)
    line = _tilt_line(shapes)
    middle = [(a + b) / 2 for a, b in zip(line.start_px, line.end_px, strict=True)]
    assert middle == pytest.approx(arc.centre_px)
    assert wedge.centre_px == arc.centre_px
    assert level.start_px[1] == pytest.approx(level.end_px[1]) == pytest.approx(middle[1])
    assert (arc.start_deg, arc.sweep_deg) == pytest.approx((0.0, 12.3))
    assert (wedge.start_deg, wedge.sweep_deg) == pytest.approx((8.15, 8.3))


def test_tilt_line_lies_at_the_pelvis_and_is_about_its_depth_long() -> None:
    line = _tilt_line(build_overlay(_measured()))
    x, y = ((a + b) / 2 for a, b in zip(line.start_px, line.end_px, strict=True))
    assert x == pytest.approx(300, abs=3)
    assert 0.1 * TRUNK < 410 - y < 0.25 * TRUNK
    assert math.dist(line.start_px, line.end_px) == pytest.approx(1.6 * 110, rel=0.05)


@settings(max_examples=50)
@given(angle=angles, roll=st.floats(-10, 10), facing=st.sampled_from(Facing), marked=st.booleans())
def test_mirrored_result_gives_mirrored_shapes(
    angle: float, roll: float, facing: Facing, marked: bool
) -> None:
    result = _measured(angle, 4, facing, roll)
    if marked:
        points = BonyPoints((300 + 50 * facing.front_sign, 380), (300, 365))
        tilt = replace(result.tilt, method=Method.MARKED)
        result = replace(result, tilt=tilt, points=points)
    here, there = build_overlay(result), build_overlay(_mirrored_result(result))
    assert [type(shape) for shape in here] == [type(shape) for shape in there]
    for a, b in zip(here, there, strict=True):
        assert a.role is b.role
        assert _numbers(a, mirror=True) == pytest.approx(_numbers(b, mirror=False), abs=1e-3)


@given(angle=st.floats(-20, 40), facing=st.sampled_from(Facing))
def test_marked_line_runs_through_both_points(angle: float, facing: Facing) -> None:
    psis = (280.0, 360.0)
    dx, dy = 90 * math.cos(math.radians(angle)), 90 * math.sin(math.radians(angle))
    asis = (psis[0] + dx * facing.front_sign, psis[1] + dy)
    shapes = build_overlay(_marked(asis, psis, facing))
    line = _tilt_line(shapes)
    start, along = np.array(line.start_px), np.subtract(line.end_px, line.start_px)
    for point in (asis, psis):
        away = np.subtract(point, start)
        off = (along[0] * away[1] - along[1] * away[0]) / np.hypot(*along)
        assert off == pytest.approx(0, abs=1e-6)
        assert 0 < float(away @ along) < float(along @ along)
    texts = [line for shape in shapes if isinstance(shape, Label) for line in shape.lines]
    assert {"front point", "back point", "from marked points"} <= set(texts)


def test_points_are_not_drawn_for_another_method() -> None:
    points = BonyPoints((250, 380), (330, 360))
    shapes = build_overlay(replace(_measured(), points=points))
    assert not [s for s in shapes if s.role in (Role.FRONT_POINT, Role.BACK_POINT)]


@pytest.mark.parametrize("facing", Facing)
def test_near_side_is_the_side_of_facing(facing: Facing) -> None:
    shapes = build_overlay(_measured(facing=facing))
    (near,) = _only(shapes, Polyline, Role.NEAR_SIDE)
    (far,) = _only(shapes, Polyline, Role.FAR_SIDE)
    assert near.points_px == tuple((_X[part], _Y[part]) for part in _X)
    assert far.points_px[0][0] == _X["shoulder"] + 6
    assert near.width_px > far.width_px


@pytest.mark.parametrize(
    ("numbers_deg", "text"),
    [
        ((12.5, 3.9), "13° forward (9 to 16)"),
        ((-4.2, 3.8), "4° backward (0 to 8)"),
        ((2.0, 5.0), "2° forward (3 backward to 7 forward)"),
        ((-0.2, 4.0), "0° level (4 backward to 4 forward)"),
    ],
)
def test_tilt_text(numbers_deg: tuple[float, float], text: str) -> None:
    assert tilt_text(tilt(*numbers_deg)) == text


def test_rejected_shows_reasons_and_never_an_angle() -> None:
    measured = _measured()
    empty = _rejected("The body is turned.", "The body is turned.", "It is dark.")
    full = replace(
        empty,
        facing=Facing.LEFT,
        capture=measured.capture,
        landmarks=measured.landmarks,
        outline_px=measured.outline_px,
    )
    for result in (empty, full):
        shapes = build_overlay(result)
        assert not [s for s in shapes if isinstance(s, Arc | Wedge | Line | Label)]
        assert not [s for s in shapes if s.role in (Role.TILT, Role.INTERVAL, Role.HORIZONTAL)]
        banner = shapes[-1]
        assert isinstance(banner, Banner)
        assert banner.title == "No number"
        assert banner.paragraphs == ("The body is turned.", "It is dark.")
        assert "°" not in repr(shapes)
    assert _only(build_overlay(full), Polyline, Role.OUTLINE)


@settings(max_examples=60, deadline=None)
@given(x=st.floats(-50, WIDTH + 50), y=st.floats(0, HEIGHT), facing=st.sampled_from(Facing))
@example(x=176.0, y=0.0, facing=Facing.RIGHT)
def test_labels_stay_inside_off_the_pelvis_and_apart(x: float, y: float, facing: Facing) -> None:
    sign = facing.front_sign
    shapes = build_overlay(_marked((x + 40 * sign, y + 8), (x - 40 * sign, y - 8), facing))
    boxes = plates_of(shapes, WIDTH, HEIGHT)
    assert len(boxes) == 3
    pelvis = [s.avoid_px for s in shapes if isinstance(s, Label)][-1]
    assert pelvis is not None
    for i, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH + 1e-6
        assert bottom <= HEIGHT + 1e-6
        for other in boxes[:i]:
            assert not _overlap((left, top, right, bottom), other)
    assert not _overlap(boxes[-1], pelvis)


@pytest.mark.parametrize("turn_to", list(Facing))
@pytest.mark.parametrize("half_deg", [4.0, 20.0])
def test_the_angle_stands_beside_the_body_and_never_on_it(turn_to: Facing, half_deg: float) -> None:
    result = _measured(half_deg=half_deg, facing=turn_to)
    shapes = build_overlay(result)
    (box,) = plates_of(shapes, WIDTH, HEIGHT)
    assert not is_on_body(result.outline_px, box)
    (label,) = (s for s in shapes if isinstance(s, Label))
    size = box[2] - box[0], box[3] - box[1]
    is_far = lead_of(label, size, (box[0], box[1])) is not None
    assert is_far is (half_deg > 4), "beside the pelvis where there is room"


def test_an_angle_far_from_the_pelvis_is_joined_to_it() -> None:
    (label,) = (s for s in build_overlay(_measured()) if isinstance(s, Label))
    lead = lead_of(label, (100.0, 40.0), (10.0, 20.0))
    assert lead is not None
    assert lead.start_px == (110.0, 60.0)
    assert lead.end_px == label.target_px == _tilt_line(build_overlay(_measured())).end_px
    frame = _frame(90, WIDTH, HEIGHT)
    far = replace(label, anchor_px=(0.0, 0.0), towards=(1.0, 1.0))
    plain = replace(far, target_px=None)
    assert (paint_overlay(frame, [far]) != paint_overlay(frame, [plain])).any()


def test_where_the_lines_have_no_room_only_the_angle_is_written() -> None:
    label = Label(Role.TILT, ("12°", "(4 to 21)"), (20.0, 12.0), (10.0, 50.0), (1.0, 0.0))
    beside = replace(label, body_px=((30.0, 0.0, 100.0, 100.0),))

    def size_of(one: Label) -> tuple[float, float]:
        return 10.0 + 25.0 * (len(one.lines) - 1), 20.0

    (short,) = settle_labels([beside], size_of, 100, 100)
    assert short.label.lines == ("12°",)
    assert short.corner_px[0] + short.size_px[0] <= 30
    (whole,) = settle_labels([label], size_of, 100, 100)
    assert whole.label == label


def test_without_any_room_the_angle_covers_least_of_the_body() -> None:
    label = Label(Role.TILT, ("12°",), (20.0,), (50.0, 50.0), (0.0, 0.0))
    body = (0.0, 0.0, 70.0, 100.0), (70.0, 0.0, 100.0, 40.0)
    ((left, top),) = place_labels([replace(label, body_px=body)], [(40.0, 60.0)], 100, 100)
    assert (left, top) == (60.0, 40.0)


def _overlap(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    wide = min(a[2], b[2]) - max(a[0], b[0])
    tall = min(a[3], b[3]) - max(a[1], b[1])
    return wide > 1e-6 and tall > 1e-6


def _luminance(rgb: NDArray[np.uint8] | tuple[int, int, int]) -> NDArray[np.float64]:
    """Relative luminance (WCAG 2.2)."""
    share = np.asarray(rgb, np.float64) / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ [0.2126, 0.7152, 0.0722])


def _contrast(a: float, b: float) -> float:
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)


@pytest.mark.parametrize("grey", [0, 118, 255])
@pytest.mark.parametrize("size", [400, 800, 1600])
def test_every_stroke_shows_on_dark_and_light(grey: int, size: int) -> None:
    factor = size / HEIGHT
    shapes = [scaled(shape, factor) for shape in build_overlay(_measured())]
    frame = _frame(grey, round(WIDTH * factor), size)
    ground = float(_luminance((grey, grey, grey)))
    for shape in shapes:
        painted = paint_overlay(frame, [shape])
        light = _luminance(painted[(painted != grey).any(axis=2)])
        best = max(_contrast(float(light.min()), ground), _contrast(float(light.max()), ground))
        assert best >= 3, shape


def test_every_colour_stands_out_from_its_halo() -> None:
    for role, colour in COLOURS.items():
        assert _contrast(float(_luminance(colour)), float(_luminance(HALO))) >= 7, role


@pytest.mark.parametrize("grey", [0, 255])
def test_text_contrasts_with_its_plate(grey: int) -> None:
    plate = set_text([TextRow("12° forward", 20)], 400, 100)
    rgb = np.full((100, 400, 3), grey, np.uint8)
    paint_plate(rgb, plate, 0, 0, COLOURS[Role.TILT])
    inside = _luminance(rgb[4 : plate.height_px - 4, 8 : plate.width_px - 8])
    assert _contrast(float(inside.max()), float(np.median(inside))) >= 7


def _ink(text: str) -> NDArray[np.bool_]:
    plate = set_text([TextRow(text, 40)], 400, 100)
    rgb = np.zeros((100, 400, 3), np.uint8)
    paint_plate(rgb, plate, 0, 0, (255, 255, 255))
    ink: NDArray[np.bool_] = rgb[..., 0] > 128
    return ink


def test_degree_sign_is_a_ring_high_on_the_line() -> None:
    with_sign, without = _ink("8°"), _ink("8")
    last = int(np.flatnonzero(without.any(axis=0))[-1])
    sign = with_sign[:, last + 1 :]
    rows = np.flatnonzero(sign.any(axis=1))
    digit = np.flatnonzero(without.any(axis=1))
    assert rows[-1] < digit.mean()
    ring = sign[rows[0] : rows[-1] + 1, :]
    columns = np.flatnonzero(ring.any(axis=0))
    middle = ring[len(ring) // 2, columns[0] : columns[-1] + 1]
    assert middle[0]
    assert middle[-1]
    assert not middle.all()


def test_text_without_room_is_cut_short_and_stays_in_its_box() -> None:
    rows = [TextRow("No number", 20)] + [
        TextRow(f"Reason {i}: some long words.", 14) for i in range(40)
    ]
    plate = set_text(rows, 120, 90)
    assert plate.width_px <= 120
    assert plate.height_px <= 90
    assert plate.rows[-1].text.endswith("...")
    assert set_text([TextRow("Grüße \u2013 ±", 14)], 300, 90).rows[0].text == "Grüße - ±"


def test_shapes_follow_the_working_pictures_scale() -> None:
    result = _measured()
    full = paint_overlay(_frame(0), build_overlay(result))
    half = paint_overlay(_frame(0, WIDTH // 2, HEIGHT // 2, scale=2), build_overlay(result))
    assert half.shape == (HEIGHT // 2, WIDTH // 2, 3)
    (outline,) = _only(build_overlay(result), Polyline, Role.OUTLINE)
    x, y = outline.points_px[5]
    blue = np.array(COLOURS[Role.OUTLINE])
    for painted, scale in ((full, 1), (half, 2)):
        pixel = painted[int(y / scale), int(x / scale)].astype(int)
        assert np.abs(pixel - blue).max() < 60


def test_frame_itself_is_left_alone() -> None:
    frame = _frame(90)
    paint_overlay(frame, build_overlay(_measured()))
    assert (frame.rgb == 90).all()


@pytest.mark.parametrize("side", [1, 3, 48])
def test_tiny_pictures(side: int) -> None:
    for result in (_measured(), _marked((330, 380), (270, 365)), _rejected("It is too small.")):
        frame = Frame(np.zeros((side, side, 3), np.uint8), 800, 800, "x")
        painted = paint_overlay(frame, build_overlay(result))
        assert painted.shape == (side, side, 3)
        assert painted.any() or side < 48


def test_landmarks_far_outside_missing_or_not_finite_and_no_outline() -> None:
    wild = {
        **_measured().landmarks,
        "left_ankle": (1e12, -1e12, 0.9),
        "right_knee": (math.nan, 3.0, 0.9),
        "left_knee": (-5000.0, 9000.0, 0.9),
        "left_ear": (1.0, 1.0, 0.0),
    }
    nothing: dict[str, tuple[float, float, float]] = {}
    for landmarks in (wild, nothing):
        result = replace(_measured(), landmarks=landmarks, outline_px=NOWHERE)
        shapes = build_overlay(result)
        texts = [line for s in shapes if isinstance(s, Label) for line in s.lines]
        assert texts[:2] == ["12° forward", "(8 to 16)"]
        assert all(math.isfinite(v) for s in shapes for v in _numbers(s, mirror=False))
        assert paint_overlay(_frame(0), shapes).any()
    near = _only(build_overlay(replace(_measured(), landmarks=wild)), Polyline, Role.NEAR_SIDE)
    assert (1.0, 1.0) not in near[0].points_px


def test_outline_of_several_pieces_is_parted_where_it_is_not_finite() -> None:
    gap = np.full((1, 2), np.nan, np.float32)
    outline = np.concatenate([_body(), gap, _body(500)])
    pieces = _only(build_overlay(replace(_measured(), outline_px=outline)), Polyline, Role.OUTLINE)
    assert [len(p.points_px) for p in pieces] == [80, 80]


@pytest.mark.parametrize("name", ["aus.png", "Füße größer.JPG", "b c.jpeg", "ж.webp"])
def test_saved_file_is_the_painted_picture(tmp_path: Path, name: str) -> None:
    frame, result, out = _frame(120), _measured(), tmp_path / name
    out.write_text("older")
    save_overlay(frame, result, out)
    read = cv2.imdecode(np.frombuffer(out.read_bytes(), np.uint8), cv2.IMREAD_COLOR)
    assert read is not None
    painted = paint_overlay(frame, build_overlay(result))
    assert np.abs(read[..., ::-1].astype(int) - painted).mean() < 3
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("plain", "format"),
        ("x.gif", "format"),
        ("missing/x.png", "no such file"),
        ("file.txt/x.png", "not a directory"),
        ("folder.png", "folder"),
        ("locked.png", "read-only"),
        ("n" * 300 + ".png", "too long"),
    ],
)
def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path, name: str, word: str) -> None:
    (tmp_path / "file.txt").write_text("text")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "locked.png").write_text("kept")
    (tmp_path / "locked.png").chmod(0o444)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(OverlayError) as caught:
        save_overlay(_frame(0), _measured(), tmp_path / name)
    assert word in caught.value.message.lower()
    assert caught.value.message.endswith(".")
    assert caught.value.fix.endswith(".")
    assert str(caught.value) == f"{caught.value.message} {caught.value.fix}"
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "locked.png").read_text() == "kept"


def test_failure_half_way_keeps_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "x.png"
    out.write_text("older")

    def full_disk(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OverlayError, match="no space left"):
        save_overlay(_frame(0), _measured(), out)
    assert out.read_text() == "older"
    assert list(tmp_path.iterdir()) == [out]
