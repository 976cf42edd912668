"""What scripts rely on, promise by promise, of the program itself with its real models.

Several promises are asked of one process, since a photograph takes a second or two. What single
modules promise one another has its tests beside them.
"""

from __future__ import annotations

import csv
import json
import math
import os
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import pytest
from PIL import Image

from app.exercises.shared_list import write_list
from app.history.place import Place
from app.history.store import History
from tests.app.exercises.made_up_lists import a_list

if TYPE_CHECKING:
    from collections.abc import Iterator

CLONE = Path(__file__).parents[3]
SAMPLES = CLONE / "sample_images"
PROGRAM = [sys.executable, "-m", "app"]
KEYS = {
    *("schema", "source", "status", "facing", "tilt", "contour", "marked", "belt_line"),
    *("posture", "capture", "reasons", "landmarks", "provenance"),
}
TILT = {"method", "angle_deg", "interval_deg", "level", "sd_deg"}
#: The two points on the pelvis of the sample that looks to the right, as somebody marks them.
POINTS = ("--asis", "520", "520", "--psis", "385", "500")
#: One process runs them all: each of the others would measure the same again.
pytestmark = pytest.mark.xdist_group("contract")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call of the program gave."""

    status: int
    out: bytes
    said: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of standard output is a JSON object in UTF-8, with finite numbers."""
        text = self.out.decode("utf-8")
        assert text == "" or text.endswith("\n")
        return [json.loads(line, parse_constant=_no_such_number) for line in text.splitlines()]


def _no_such_number(name: str) -> float:
    raise AssertionError(f"{name} is no finite number")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A person who begins, for all tests here."""
    folder = tmp_path_factory.mktemp("contract")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATA", "CONFIG", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(folder / name.lower()))
        patch.setenv("BELTLINE_CONFIG_DIR", str(folder / "config"))
        patch.setenv("QT_QPA_PLATFORM", "offscreen")
        patch.delenv("BELTLINE_DATABASE_URL", raising=False)
        yield folder


def beltline(*arguments: object) -> Answer:
    done = subprocess.run(
        [*PROGRAM, *(str(argument) for argument in arguments)],
        cwd=CLONE,
        env=os.environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr.decode())


@pytest.fixture(scope="module")
def photos(home: Path) -> list[Path]:
    """The same picture three times, one of nobody, one that is not there, one that is no picture.

    Mirrored, and as a camera keeps it that was held on its side.
    """
    measured = home / "side with spaces, Größe.jpg"
    measured.write_bytes((SAMPLES / "man_average_right_tilt8.jpg").read_bytes())
    Image.new("RGB", (300, 400), "grey").save(home / "nobody.png")
    (home / "text.jpg").write_text("no picture")
    with Image.open(measured) as picture:
        picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT).save(home / "mirrored.png")
        exif = Image.Exif()
        exif[0x0112] = 6
        picture.transpose(Image.Transpose.ROTATE_90).save(home / "turned.png", exif=exif)
    names = "nobody.png", "gone.jpg", "text.jpg", "mirrored.png", "turned.png"
    return [measured, *(home / name for name in names)]


@pytest.fixture(scope="module")
def several(photos: list[Path]) -> Answer:
    """Every kind of answer at once, on a quick look."""
    return beltline("measure", "--json", "--quick", *photos)


@pytest.fixture(scope="module")
def kept(home: Path, photos: list[Path]) -> Answer:
    """All that goes with one photograph at once: points, a plumb line, an overlay, a check."""
    return beltline(
        *("measure", photos[0], "--json", "--save", "--profile", "Ana", "--note", "barefoot"),
        *("--overlay", home / "drawn.png", "--vertical", "100", "10", "101", "900"),
        *POINTS,
    )


def test_one_line_a_photograph_in_the_order_given(several: Answer, photos: list[Path]) -> None:
    assert [line["source"] for line in several.lines] == [str(photo) for photo in photos]
    statuses = [line["status"] for line in several.lines]
    assert statuses == ["measured", "rejected", "error", "error", "measured", "measured"]
    assert all(line.keys() >= KEYS for line in several.lines)
    assert {line["schema"] for line in several.lines} == {1}
    assert several.said == "", "progress and warnings go to standard error, and here are none"


def test_a_photograph_that_gives_no_number_is_status_3(several: Answer, kept: Answer) -> None:
    assert several.status == 3
    assert kept.status == 0


def test_what_gives_no_number_has_reasons(several: Answer) -> None:
    measured, *others, _, _ = several.lines
    for line in others:
        for key in ("tilt", "contour", "marked", "belt_line"):
            assert line[key] is None
        assert line["reasons"]
    codes = [[reason["code"] for reason in line["reasons"]] for line in others]
    assert codes == [["no_person"], ["unreadable"], ["unreadable"]]
    for line in several.lines:
        for reason in line["reasons"]:
            assert reason.keys() == {"code", "severity", "message", "fix"}
            assert reason["severity"] in {"refuse", "warn"}
    assert {reason["severity"] for reason in measured["reasons"]} <= {"warn"}


def test_a_measured_line(several: Answer) -> None:
    line = several.lines[0]
    assert line["facing"] == "right"
    tilt = line["tilt"]
    assert tilt.keys() >= TILT
    assert (tilt["method"], tilt["level"]) == ("contour", 0.9)
    assert tilt["sd_deg"].keys() == {"reading", "roll", "bones"}
    low, high = tilt["interval_deg"]
    assert low < tilt["angle_deg"] < high
    half_deg = 1.645 * math.hypot(*tilt["sd_deg"].values())
    assert high - tilt["angle_deg"] == pytest.approx(half_deg, abs=0.05), "90 % from all parts"
    assert line["contour"]["angle_deg"] == tilt["angle_deg"]
    assert line["marked"] is None
    names = {"trunk_lean_deg", "hip_sway_percent", "knee_angle_deg", "head_forward_deg"}
    assert line["posture"].keys() >= names
    names = {"yaw_deg", "roll_deg", "vertical", "trunk_px", "people"}
    assert line["capture"].keys() >= names
    assert line["capture"]["vertical"] in {"assumed", "given", "found"}
    assert all(len(point) == 3 for point in line["landmarks"].values())
    assert "left_hip" in line["landmarks"]
    names = {"version", "pose_model_sha256", "contour_model_sha256"}
    assert line["provenance"].keys() >= names


def test_signs_do_not_depend_on_the_way_somebody_faces(several: Answer) -> None:
    one, other = several.lines[0], several.lines[-2]
    assert (one["facing"], other["facing"]) == ("right", "left")
    assert other["tilt"]["angle_deg"] == pytest.approx(one["tilt"]["angle_deg"], abs=1.5)


def test_pixels_are_those_of_the_upright_picture(several: Answer) -> None:
    upright, turned = several.lines[0]["landmarks"], several.lines[-1]["landmarks"]
    for name, (x_px, y_px, _) in upright.items():
        assert turned[name][:2] == pytest.approx([x_px, y_px], abs=12)


def test_points_a_plumb_line_and_an_overlay(kept: Answer, home: Path) -> None:
    (line,) = kept.lines
    assert kept.said == ""
    assert line["status"] == "measured", line["reasons"]
    assert line["tilt"]["method"] == "marked"
    assert line["marked"]["angle_deg"] == line["tilt"]["angle_deg"]
    assert line["contour"] is not None, "each holds what its method found"
    assert line["capture"]["vertical"] == "given"
    assert line["capture"]["roll_deg"] == pytest.approx(0.0, abs=1.0)
    assert line["tilt"]["angle_deg"] > 0, "the front point is lower"
    with Image.open(home / "drawn.png") as drawn:
        assert drawn.size == (900, 1200)


def test_what_was_kept_is_listed(kept: Answer) -> None:
    (line,) = kept.lines
    listed = beltline("history", "list", "--json")
    assert (listed.status, listed.said) == (0, "")
    (row,) = listed.lines
    assert row.keys() >= {"id", "taken_at", "profile", "tilt", "note"}
    assert row["id"] == line["check_id"]
    assert (row["profile"], row["note"]) == ("Ana", "barefoot")
    assert row["tilt"] == line["tilt"]
    assert datetime.fromisoformat(row["taken_at"]).utcoffset() is not None
    for command in ("list", "trend"):
        chosen = beltline("history", command, "--profile", "ana", "--method", "marked", "--json")
        assert [one["id"] for one in chosen.lines] == [row["id"]]
    assert beltline("history", "list", "--method", "contour", "--json").lines == []


def test_checks_are_shown_and_compared(kept: Answer) -> None:
    number = kept.lines[0]["check_id"]
    (shown,) = beltline("history", "show", number, "--json").lines
    assert shown["tilt"] == kept.lines[0]["tilt"]
    assert shown.keys() >= KEYS
    (compared,) = beltline("history", "compare", number, number, "--json").lines
    assert compared["first"] == compared["second"]


def test_checks_are_exported_imported_and_deleted(kept: Answer, home: Path) -> None:
    number = kept.lines[0]["check_id"]
    for name in ("all.csv", "all.json"):
        assert beltline("history", "export", "--out", home / name).status == 0
    with (home / "all.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 1
    assert beltline("history", "import", home / "all.json").status == 0
    assert len(beltline("history", "list", "--json").lines) == 1, "nothing comes twice"
    (deleted,) = beltline("history", "delete", number, "--json").lines
    assert deleted["deleted"] == [number]
    assert beltline("history", "list", "--json").lines == []
    assert beltline("history", "restore", deleted["name"]).status == 0
    assert len(beltline("history", "list", "--json").lines) == 1


def test_a_report_for_whoever_is_named(kept: Answer, home: Path) -> None:
    out = home / "out.pdf"
    assert beltline("report", "--out", out, "--profile", "ana").status == 0
    assert out.read_bytes().startswith(b"%PDF")
    answer = beltline("report", "--out", home / "nobody.pdf", "--profile", "Nobody")
    assert answer.status == 2
    assert len(answer.said.splitlines()) == 1


def test_the_language_changes_a_report_and_no_output(
    photos: list[Path], kept: Answer, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = (
        ("measure", "--quick", "--json", photos[0], photos[1]),
        ("measure", "--quick", photos[0], photos[1]),
        ("history", "list", "--json"),
    )
    english = [beltline(*call) for call in calls]
    settings = home / "config" / "settings.json"
    settings.parent.mkdir(exist_ok=True)
    settings.write_text(json.dumps({"language": "de"}))
    monkeypatch.setenv("BELTLINE_LANGUAGE", "de")
    monkeypatch.setenv("LANGUAGE", "de")
    assert [beltline(*call) for call in calls] == english
    settings.unlink()
    out = home / "bericht.pdf"
    assert beltline("report", "--out", out, "--profile", "Ana", "--language", "de").status == 0
    assert b"/Lang (de)" in out.read_bytes()
    unknown = beltline("report", "--out", out, "--language", "tlh")
    assert unknown.status == 2
    assert "'tlh'" in unknown.said
    assert len(unknown.said.splitlines()) == 1


def test_a_calibration_is_made_used_and_forgotten(photos: list[Path], kept: Answer) -> None:
    made = beltline("calibrate", photos[0], "--profile", "Ana", *POINTS, "--json")
    assert made.status == 0, made.said
    *pictures, last = made.lines
    assert [picture["source"] for picture in pictures] == [str(photos[0])]
    assert last["profile"] == "Ana"
    assert math.isfinite(last["calibration"]["offset_deg"])
    (line,) = beltline("measure", photos[0], "--profile", "ana", "--quick", "--json").lines
    assert line["tilt"]["method"] == "calibrated"
    forgotten = beltline("calibrate", "--profile", "Ana", "--forget", "--json")
    assert forgotten.status == 0
    assert forgotten.lines[-1]["calibration"] is None


def test_a_method_that_is_asked_for(photos: list[Path]) -> None:
    answer = beltline("measure", photos[0], "--method", "belt", "--quick", "--json")
    (line,) = answer.lines
    assert (answer.status, line["status"], line["tilt"]["method"]) == (0, "measured", "belt")
    assert line["belt_line"].keys() >= {"angle_deg", "interval_deg", "front_px", "back_px"}


def test_wrong_usage_is_status_2_and_prints_nothing(photos: list[Path]) -> None:
    for arguments in (
        ("measure", photos[0], "--method", "guess"),
        ("measure", photos[0], "--method", "marked"),
        ("history", "show", "99"),
        ("history", "list", "--profile", "Nobody"),
        ("no such thing",),
    ):
        answer = beltline(*arguments)
        assert (answer.status, answer.out) == (2, b""), arguments
        assert answer.said, arguments


def test_points_outside_the_picture_refuse_it(photos: list[Path]) -> None:
    points = ("--asis", "5000", "1", "--psis", "6000", "2")
    for options in (points, ("--vertical", "-5", "1", "-5", "900")):
        answer = beltline("measure", photos[0], *options, "--quick", "--json")
        assert (answer.status, answer.said) == (3, "")
        (line,) = answer.lines
        assert (line["status"], line["tilt"]) == ("rejected", None)
        assert [reason["code"] for reason in line["reasons"]] == ["points_unusable"]
    answer = beltline("calibrate", photos[0], "--profile", "Ana", *points, "--json")
    assert answer.status == 3
    assert answer.lines[0]["reasons"][0]["code"] == "points_unusable"


def test_what_cannot_be_drawn_or_kept_costs_no_number(photos: list[Path], home: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        (home / "damaged" / "beltline").mkdir(parents=True)
        (home / "damaged" / "beltline" / "history.sqlite3").write_bytes(b"no database" * 99)
        patch.setenv("XDG_DATA_HOME", str(home / "damaged"))
        out = home / "no such folder" / "drawn.png"
        answer = beltline("measure", photos[0], "--quick", "--json", "--overlay", out, "--save")
    assert answer.status == 4
    (line,) = answer.lines
    assert (line["status"], line["check_id"]) == ("measured", None)
    assert line["tilt"]["angle_deg"] is not None
    codes = [(reason["code"], reason["severity"]) for reason in line["reasons"]]
    assert codes[-2:] == [("overlay_not_written", "warn"), ("not_kept", "warn")]
    assert len(answer.said.splitlines()) == 2, "each is told once for people as well"


def test_a_film_is_followed_line_by_line_and_ends_with_0() -> None:
    answer = beltline("live", "--json", "--camera", CLONE / "tests" / "clips" / "still_5.mp4")
    assert (answer.status, answer.said) == (0, "")
    states = {"searching", "adjust", "ready", "capturing", "captured", "lost"}
    before_ms = -1
    for line in answer.lines:
        assert line.keys() >= {"t_ms", "state", "instruction", "tilt"}
        assert line["state"] in states
        assert line["t_ms"] > before_ms
        assert before_ms < 0 or line["t_ms"] - before_ms <= 1000, "at least one a second"
        before_ms = line["t_ms"]
    assert any(line["tilt"] for line in answer.lines)
    captures = [line["capture"] for line in answer.lines if "capture" in line]
    assert captures
    assert all(one.keys() >= {"frames", "median_deg", "spread_deg"} for one in captures)


@pytest.mark.parametrize("test", ["range", "squeeze"])
def test_a_test_ends_with_its_result(home: Path, test: str) -> None:
    """Here with none: nobody moves. What is measured, the tests of single modules look at."""
    film = home / "film.avi"
    writer = cv2.VideoWriter(str(film), cv2.VideoWriter.fourcc(*"MJPG"), 5, (90, 120))
    for level in range(100, 104):
        writer.write(np.full((120, 90, 3), level, np.uint8))
    writer.release()
    answer = beltline("live", "--json", "--camera", film, "--test", test)
    assert answer.status == 0
    assert answer.lines[-1][test] is None
    assert answer.lines[-1]["reasons"]


def test_a_folder_becomes_a_table(home: Path, photos: list[Path], several: Answer) -> None:
    """By the pipeline that measures one photograph, with a row for every one."""
    rows, table = home / "rows", home / "rows.csv"
    answer = beltline(
        *("cohort", "measure", photos[0], home / "nobody.png", home / "text.jpg"),
        *("--out", rows, "--quick", "--workers", 1),
    )
    assert (answer.status, answer.out.count(b"\n")) == (3, 1)
    assert answer.out.startswith(b"1 measured, 1 refused, 1 unreadable. ")
    assert "http://127.0.0.1:" in answer.said
    merged = beltline("cohort", "merge", rows, "--out", table)
    assert (merged.status, merged.said) == (0, "")
    with table.open(newline="", encoding="utf-8") as file:
        nobody, measured, text = csv.DictReader(file)
    assert [row["status"] for row in (nobody, measured, text)] == ["rejected", "measured", "error"]
    alone = several.lines[0]
    assert float(measured["tilt_deg"]) == pytest.approx(alone["tilt"]["angle_deg"], abs=0.06)
    assert nobody["refused_for"] == "no_person"
    status = beltline("cohort", "status", rows)
    assert (status.status, status.said) == (0, "")
    assert status.out.startswith(b"1 measured, 1 refused, 1 unreadable.\n")


def test_a_list_of_exercises_goes_from_one_person_to_another(home: Path) -> None:
    given, back = home / "given.beltline-exercises", home / "back.beltline-exercises"
    write_list(given, a_list())
    for name in ("Ben", "Cleo"):
        with History.open(Place(home / "data" / "beltline")) as history:
            history.find_or_add_profile(name)
    taken = beltline("exercises", "import", given, "--profile", "Ben")
    assert (taken.status, taken.said) == (0, "")
    written = beltline("exercises", "export", "--profile", "Ben", "--out", back)
    assert (written.status, written.said) == (0, "")
    with zipfile.ZipFile(back) as archive:
        about = json.loads(archive.read("beltline_exercises.json"))
        listed = json.loads(archive.read("list.json"))
        names = set(archive.namelist())
    assert about["beltline_exercises"] == 1
    assert set(about) == {"beltline_exercises", "version", "sha256"}
    assert set(about["sha256"]) == names - {"beltline_exercises.json"}
    assert set(listed) == {"practice", "made_on", "exercises"}
    fields = {"exercise", "name", "sets", "repetitions", "hold_s", "each_side"}
    assert set(listed["exercises"][0]) == fields | {"load", "note", "how", "picture"}
    assert b"Ben" not in back.read_bytes()
    nothing = beltline("exercises", "export", "--profile", "Cleo", "--out", back)
    assert (nothing.status, nothing.out) == (2, b"")
    given.write_bytes(given.read_bytes()[:-40])
    damaged = beltline("exercises", "import", given, "--profile", "Cleo")
    assert (damaged.status, damaged.out) == (2, b"")
    assert beltline("exercises", "undo", "--profile", "Ben").status == 0


def test_the_doctor_tells_what_works() -> None:
    answer = beltline("doctor", "--json")
    assert answer.status == 0
    (document,) = answer.lines
    parts = {part["part"]: part["status"] for part in document["parts"]}
    assert parts.keys() >= {"models", "camera", "screen", "history"}
    assert parts["models"] == "works"


def test_a_study_from_photographs_to_answers(home: Path) -> None:
    study, page = home / "study", home / "page.pdf"
    (home / "people.csv").write_text(
        "photo,subject\n"
        + "".join(
            f"{SAMPLES / name}.jpg,{name}\n"
            for name in ("man_average_right_tilt8", "woman_slim_left_tilt11", "woman_frontal")
        )
    )
    design = "--design", "raters=1,repeats=2,subjects=3"
    made = beltline("study", "init", study, *design, "--photos", home / "people.csv")
    assert (made.status, made.said) == (0, "")
    worklist = json.loads((study / "raters" / "rater-1" / "worklist.json").read_bytes())
    with (home / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("item", "asis_x_px", "asis_y_px", "psis_x_px", "psis_y_px"))
        writer.writerows((item["id"], 520, 520, 385, 500) for item in worklist["items"])
    taken = beltline("study", "import", study, home / "answers.csv", "--rater", "rater-1")
    assert (taken.status, taken.said) == (0, "")
    told = beltline("study", "status", study)
    assert told.out == b"rater-1: 6 of 6 rated.\n"
    assert beltline("study", "protocol", study, "--out", page).status == 0
    assert page.read_bytes().startswith(b"%PDF")
    assert beltline("study", "init", study, *design, "--photos", SAMPLES).status == 4


def test_a_study_of_photographs_without_one_person_is_not_made(
    home: Path, photos: list[Path]
) -> None:
    names = "man_average_right_tilt8", "woman_slim_left_tilt11"
    listed = [*(SAMPLES / f"{name}.jpg" for name in names), photos[1]]
    (home / "nobody.csv").write_text("photo\n" + "".join(f"{path}\n" for path in listed))
    refused = beltline(
        *("study", "init", home / "no-study", "--photos", home / "nobody.csv"),
        *("--design", "raters=1,repeats=1,subjects=3"),
    )
    assert (refused.status, refused.out) == (4, b"")
    assert "nobody.png': Nobody could be found in the picture." in refused.said
    assert len(refused.said.splitlines()) == 1
    assert not (home / "no-study").exists()
