"""`beltline calibrate` learns a person's own offset, and `measure --profile` uses it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from app.history.calibration import calibration_of
from app.history.records import RowQuery
from app.history.store import History
from tests.app.cli.runner import beltline, complaint, json_lines
from tests.made_up_results import OUTLINE_DEG, rejected, with_marks
from vision.reasons import refusal, warning
from vision.result import Method, ReasonCode

if TYPE_CHECKING:
    from pathlib import Path

    from vision.image.frame import Frame
    from vision.marks.calibration import Calibration
    from vision.result import Measured, Rejected

#: What the stickers say beyond the outline, by a part of the photograph's name.
OFFSETS_DEG = {"one": 5.0, "two": 4.0, "three": 6.0, "other": -9.0, "hip": 40.0}


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    return folder


@pytest.fixture(autouse=True)
def pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a photograph's name say what is in it."""

    def measure(frame: Frame, **asked: object) -> Measured | Rejected:
        if "front" in frame.source:
            return rejected(refusal(ReasonCode.NOT_SIDE_ON, 80))
        if asked["points"] is not None:
            return with_marks(5.0, Method.MARKED)
        if "coat" in frame.source:
            return replace(with_marks(5.0), reasons=(warning(ReasonCode.LOOSE_CLOTHING),))
        name = next((name for name in OFFSETS_DEG if name in frame.source), "")
        return with_marks(OFFSETS_DEG.get(name))

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)


@pytest.fixture
def photos(tmp_path: Path) -> dict[str, Path]:
    names = (*OFFSETS_DEG, "plain", "front", "coat")
    found = {name: tmp_path / f"{name}.jpg" for name in names}
    for number, path in enumerate(found.values()):
        Image.new("RGB", (640, 960), (200, 200, number)).save(path)
    return found


def known(name: str = "Ana") -> Calibration | None:
    with History.open() as history:
        return calibration_of(history, history.find_profile(name).id)


def test_pictures_with_stickers_give_the_offset(photos: dict[str, Path]) -> None:
    given = [photos[name] for name in ("one", "two", "three")]
    result = beltline("calibrate", *given, "--profile", "Ana")
    assert result.exit_code == 0
    assert "one.jpg: your bones are tilted 5° further forward than" in result.stdout
    assert "further forward than your outline shows (likely" in result.stdout
    assert "are added whenever you are measured by your outline" in result.stdout
    assert "It rests on 3 pictures, the last of" in result.stdout
    calibration = known()
    assert calibration is not None
    assert 3 < calibration.offset_deg < 5
    with History.open() as history:
        rows = history.rows(RowQuery(None), 0, 9)
    assert {row.tilt.method for row in rows} == {Method.STICKERS}
    assert len(rows) == 3


def test_the_same_pictures_again_are_kept_once(photos: dict[str, Path]) -> None:
    for _ in range(2):
        assert beltline("calibrate", photos["one"], "--profile", "Ana").exit_code == 0
    with History.open() as history:
        assert history.count(RowQuery(None)) == 1


def test_json_has_a_line_for_each_photograph_and_one_for_all(photos: dict[str, Path]) -> None:
    result = beltline("calibrate", photos["one"], photos["front"], "--profile", "Ana", "--json")
    assert result.exit_code == 3
    one, front, together = json_lines(result)
    assert (one["status"], one["difference_deg"]) == ("measured", 5.0)
    assert one["stickers"]["angle_deg"] == OUTLINE_DEG + 5
    assert (front["status"], front["difference_deg"]) == ("rejected", None)
    assert [reason["code"] for reason in front["reasons"]] == ["not_side_on"]
    assert together["profile"] == "Ana"
    found = together["calibration"]
    assert found["pictures"] == 1
    low, high = found["interval_deg"]
    assert low < found["offset_deg"] < high


def test_marked_points_give_it_too(photos: dict[str, Path]) -> None:
    points = ("--asis", 243, 396, "--psis", 346, 390)
    assert beltline("calibrate", photos["plain"], *points, "--profile", "Ana").exit_code == 0
    assert known() is not None


@pytest.mark.parametrize(
    ("names", "code", "sentence"),
    [
        (["plain"], "no_marks", "Nothing in the picture shows where the bones are."),
        (["coat"], "loose_clothing", "The clothing seems too loose to calibrate by."),
        (["front"], "not_side_on", "The body is turned about 80 degrees"),
        (["one", "two", "other"], "pictures_disagree", "The pictures do not agree"),
        (["hip"], "offset_too_large", "more than in any body"),
    ],
)
def test_bad_pictures_keep_no_offset_and_lose_nothing(
    photos: dict[str, Path], names: list[str], code: str, sentence: str
) -> None:
    beltline("calibrate", photos["three"], "--profile", "Ana")
    before = known()
    given = [photos[name] for name in names]
    result = beltline("calibrate", *given, "--profile", "Ana")
    assert result.exit_code == 3
    assert sentence in result.stdout
    assert "No calibration was kept, and nothing else has changed." in result.stdout
    assert known() == before
    with History.open() as history:
        assert history.count(RowQuery(None)) == 1
    lines = json_lines(beltline("calibrate", *given, "--profile", "Ben", "--json"))
    assert lines[-1]["calibration"] is None
    assert code in [reason["code"] for line in lines for reason in line["reasons"]]


def test_a_file_that_is_no_photograph_is_told(photos: dict[str, Path], tmp_path: Path) -> None:
    result = beltline("calibrate", tmp_path / "gone.jpg", photos["one"], "--profile", "Ana")
    assert result.exit_code == 3
    assert "gone.jpg: There is no such file." in result.stdout
    assert known() is not None


def test_measuring_uses_it(photos: dict[str, Path]) -> None:
    beltline("calibrate", photos["one"], photos["two"], "--profile", "Ana")
    calibration = known()
    assert calibration is not None
    result = beltline("measure", photos["plain"], "--profile", "ana", "--json")
    assert result.exit_code == 0
    (line,) = json_lines(result)
    assert line["tilt"]["method"] == "calibrated"
    expected_deg = pytest.approx(OUTLINE_DEG + calibration.offset_deg, abs=0.01)
    assert line["tilt"]["angle_deg"] == expected_deg
    assert line["tilt"]["sd_deg"]["bones"] == pytest.approx(calibration.sd_deg, abs=0.01)
    assert line["calibrated_at"] == calibration.taken_at.isoformat()
    assert line["contour"]["angle_deg"] == OUTLINE_DEG
    with History.open() as history:
        assert history.count(RowQuery(None)) == 2
    said = beltline("measure", photos["plain"], "--profile", "Ana").stdout
    assert "It rests on the calibration of" in said
    (line,) = json_lines(beltline("measure", photos["one"], "--profile", "Ana", "--json"))
    assert (line["tilt"]["method"], line["calibrated_at"]) == ("stickers", None)


@pytest.mark.parametrize(
    "options", [(), ("--profile", "Ana", "--method", "contour"), ("--profile", "Ben", "--save")]
)
def test_nobody_elses_and_not_unasked(photos: dict[str, Path], options: tuple[str, ...]) -> None:
    beltline("calibrate", photos["one"], "--profile", "Ana")
    (line,) = json_lines(beltline("measure", photos["plain"], *options, "--json"))
    assert (line["tilt"]["method"], line["calibrated_at"]) == ("contour", None)


def test_what_is_kept_is_calibrated(photos: dict[str, Path]) -> None:
    beltline("calibrate", photos["one"], "--profile", "Ana")
    beltline("measure", photos["plain"], "--profile", "Ana", "--save")
    (line,) = json_lines(beltline("history", "list", "--method", "calibrated", "--json"))
    assert line["tilt"]["method"] == "calibrated"
    calibration = known()
    assert calibration is not None
    assert line["calibrated_at"] == calibration.taken_at.isoformat()
    (line,) = json_lines(beltline("measure", photos["plain"], "--save", "--json"))
    assert line["tilt"]["method"] == "calibrated"  # Ana is the first, whose check it becomes


def test_it_is_told_and_forgotten(photos: dict[str, Path]) -> None:
    beltline("calibrate", photos["one"], "--profile", "Ana")
    told = beltline("calibrate", "--profile", "Ana")
    assert told.exit_code == 0
    assert "It rests on 1 picture, of" in told.stdout
    assert "Calibrate again after a year" in told.stdout
    assert "The calibration of Ana is forgotten" in (
        beltline("calibrate", "--profile", "Ana", "--forget").stdout
    )
    assert known() is None
    assert "so there is nothing to forget" in (
        beltline("calibrate", "--profile", "Ana", "--forget").stdout
    )
    assert "Ana is not calibrated yet" in beltline("calibrate", "--profile", "Ana").stdout
    (line,) = json_lines(beltline("calibrate", "--profile", "Ana", "--json"))
    assert line["calibration"] is None
    (line,) = json_lines(beltline("measure", photos["plain"], "--profile", "Ana", "--json"))
    assert line["tilt"]["method"] == "contour"


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["one", "--profile", "Ana", "--forget"], "--forget takes no photographs"),
        (["--profile", "Ana", "--asis", "1", "2", "--psis", "3", "4"], "belong to a photograph"),
        (["--profile", "Nobody"], "no person named 'Nobody'"),
        (["one", "--profile", "Ana", "--asis", "1", "2"], "Give --psis X Y"),
        (["one", "--profile", " "], "name is empty"),
    ],
)
def test_wrong_usage(photos: dict[str, Path], arguments: list[str], part: str) -> None:
    given = [photos.get(one, one) for one in arguments]
    assert part in complaint(beltline("calibrate", *given))


def test_an_unknown_person_is_told_before_measuring(photos: dict[str, Path]) -> None:
    said = complaint(beltline("measure", photos["plain"], "--profile", "Nobody"))
    assert "no person named 'Nobody'" in said


def test_a_calibration_of_another_network_is_told_and_not_used(
    photos: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    beltline("calibrate", photos["one"], "--profile", "Ana")
    plain = with_marks(None)
    newer = replace(plain, provenance=replace(plain.provenance, contour_model_sha256="c" * 64))
    monkeypatch.setattr("app.cli.one_photo.measure_photo", lambda frame, **asked: newer)
    monkeypatch.setattr("vision.model_files.expected_sha256", lambda name: "c" * 64)
    monkeypatch.setattr("vision.pipeline.measure_photo", lambda photo: rejected())
    (line,) = json_lines(beltline("measure", photos["plain"], "--profile", "Ana", "--json"))
    assert line["tilt"]["method"] == "contour"
    assert [reason["code"] for reason in line["reasons"]] == ["calibration_outdated"]
    told = beltline("calibrate", "--profile", "Ana").stdout
    assert "is not used any more. Please calibrate again." in told
    monkeypatch.setattr("vision.pipeline.measure_photo", lambda photo: newer)
    told = beltline("calibrate", "--profile", "Ana").stdout
    assert "Calibrate again after a year" in told
    (line,) = json_lines(beltline("measure", photos["plain"], "--profile", "Ana", "--json"))
    assert line["tilt"]["method"] == "calibrated"
