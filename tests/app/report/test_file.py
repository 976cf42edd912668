"""Where a report goes, what keeps it from being written, and ``beltline report``."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner, Result

from app.cli.commands import report
from app.history.diary import RangeKept
from app.history.records import Conditions, NewCheck, NewSqueeze
from app.history.store import History
from app.report import ReportError, fonts
from app.report.contents import arrange
from app.report.document import report_profile, write_report
from app.system.shell import Status
from tests.app.report.checks import PROFILE, START, Sample, make_check, text_of, tilt, trend_of
from tests.made_up_results import range_result
from vision.live.events import SqueezeResult
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from app.history.records import Check


@pytest.fixture
def check(woman: Sample) -> Check:
    return make_check(1, woman)


def write(out: Path, *checks: Check) -> None:
    write_report(out, arrange(PROFILE, checks, trend_of(checks)))


def refused(out: Path, *checks: Check) -> ReportError:
    """Return the error of a report that cannot be written; nothing new lies in its folder."""
    folder = next(folder for folder in out.parents if folder.is_dir())
    before = {path: path.stat().st_size for path in folder.iterdir()}
    with pytest.raises(ReportError) as caught:
        write(out, *checks)
    assert {path: path.stat().st_size for path in folder.iterdir()} == before
    error = caught.value
    for sentence in (error.message, error.fix):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
    return error


@contextmanager
def no_room(size_bytes: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that fills up."""
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_report_is_written_and_replaced(check: Check, tmp_path: Path) -> None:
    out = tmp_path / "Bericht für Łukasz.PDF"
    write(out, check)
    first = out.read_bytes()
    assert first.startswith(b"%PDF-")
    write(out, check, replace(check, row=replace(check.row, id=2)))
    assert out.read_bytes() != first
    assert list(tmp_path.iterdir()) == [out]


def test_a_profile_without_checks(tmp_path: Path) -> None:
    with pytest.raises(ReportError) as caught:
        write(tmp_path / "report.pdf")
    assert "Anna Größe" in caught.value.message
    assert "Save a check" in caught.value.fix
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_be_written(check: Check, tmp_path: Path) -> None:
    (tmp_path / "folder.pdf").mkdir()
    (tmp_path / "file").write_text("a file")
    for name, why in (
        ("gone/report.pdf", "its folder does not exist"),
        ("file/report.pdf", "its folder does not exist"),
        ("folder.pdf", "a folder has this name"),
        ("report.docx", "does not end in .pdf"),
        ("report", "does not end in .pdf"),
        ("x" * 300 + ".pdf", "name too long"),
    ):
        assert why in refused(tmp_path / name, check).message


def test_a_read_only_file_is_left_alone(check: Check, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"kept")
    out.chmod(0o444)
    assert "read-only" in refused(out, check).message
    assert out.read_bytes() == b"kept"


def test_a_full_disk_leaves_the_old_report(check: Check, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    out.write_bytes(b"kept")
    with no_room(10_000):
        error = refused(out, check)
    assert "room on its disk" in error.fix
    assert out.read_bytes() == b"kept"


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """Return the history that the command opens too."""
    folder = tmp_path / "data"
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: folder)
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    with History.open() as opened:
        yield opened


def save(
    history: History,
    sample: Sample,
    at: datetime = START,
    *,
    method: Method = Method.CONTOUR,
    name: str | None = None,
) -> None:
    profile = history.default_profile()
    if name is not None:
        profile = next(p for p in history.profiles() if p.name == name)
    result = replace(sample.result, tilt=tilt(12.0, method))
    worn = Conditions("Leggings")
    history.save(NewCheck(profile.id, at, result, sample.size_px, worn, None, sample.rgb[::2, ::2]))


def beltline_report(*arguments: object) -> Result:
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command()(report)
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def complaint(result: Result, status: int) -> str:
    assert result.exit_code == status
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("beltline: ")
    return line


def test_the_command_writes_and_tells_where(
    history: History, woman: Sample, tmp_path: Path
) -> None:
    save(history, woman)
    out = tmp_path / "report.pdf"
    result = beltline_report("--out", out)
    assert result.exit_code == 0
    assert result.stdout == f"{out}\n"
    assert "Estimated forward tilt 12° (likely 8 to 16)" in text_of(out.read_bytes())


def test_the_command_takes_profile_and_method(
    history: History, woman: Sample, tmp_path: Path
) -> None:
    history.add_profile("Юлия")
    history.default_profile()
    save(history, woman, name="Юлия")
    save(history, woman, name="Юлия", method=Method.STICKERS)
    out = tmp_path / "report.pdf"
    assert beltline_report("--out", out, "--profile", "Юлия").exit_code == 0
    text = text_of(out.read_bytes())
    assert "2 checks" in text
    result = beltline_report("--out", out, "--profile", "Юлия", "--method", "stickers")
    assert result.exit_code == 0
    text = text_of(out.read_bytes())
    assert "One check" in text
    assert "Measured from the two stickers." in text


def test_wrong_usage_is_told_in_one_line(history: History, woman: Sample, tmp_path: Path) -> None:
    save(history, woman)
    out = tmp_path / "report.pdf"
    assert "'Nobody'" in complaint(beltline_report("--out", out, "--profile", "Nobody"), 2)
    assert ".pdf" in complaint(beltline_report("--out", tmp_path / "report.txt"), 2)
    assert beltline_report("--out", out, "--method", "guess").exit_code == 2
    assert beltline_report().exit_code == 2
    assert not out.exists()


def test_failures_are_told_in_one_line(history: History, woman: Sample, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    assert "has no saved checks yet" in complaint(beltline_report("--out", out), Status.FAILED)
    save(history, woman)
    said = complaint(beltline_report("--out", out, "--method", "belt"), Status.FAILED)
    assert "from the line of the belt" in said
    assert "folder" in complaint(
        beltline_report("--out", tmp_path / "gone" / "r.pdf"), Status.FAILED
    )
    assert not out.exists()


def test_a_damaged_history_is_told_in_one_line(history: History, tmp_path: Path) -> None:
    history.close()
    for file in history.place.folder.glob("history.sqlite3*"):
        file.write_bytes(b"no database at all" * 400)
    assert complaint(beltline_report("--out", tmp_path / "report.pdf"), Status.FAILED)


def test_a_long_history_gives_its_newest_and_oldest(
    history: History, woman: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.report.contents._CHECKS_MAX", 2)
    for day in range(1, 6):
        save(history, woman, START.replace(day=day))
    me = history.default_profile()
    for day in (3, 4):
        squeeze = SqueezeResult(day, day - 1, day + 1, True, ())
        history.save_squeeze(NewSqueeze(me.id, START.replace(day=day), squeeze))
    out = tmp_path / "report.pdf"
    report_profile(out, history, me)
    text = text_of(out.read_bytes())
    assert "Newest squeeze test, 4 Jan 2026: turned back 4° on squeezing (likely 3 to 5)" in text
    assert "turned back 3°" not in text
    assert "5 checks" in text
    assert "From 1 Jan 2026 to 5 Jan 2026: no real change." in text


def test_the_newest_range_test_is_one_paragraph_with_its_change(
    history: History, woman: Sample, tmp_path: Path
) -> None:
    me = history.default_profile()
    save(history, woman, START)
    for day, result in ((1, range_result(20.0)), (2, range_result(32.0, 95.0))):
        history.note(me.id, START.replace(day=day), RangeKept(result))
    path = tmp_path / "report.pdf"
    report_profile(path, history, me)
    text = " ".join(text_of(path.read_bytes()).split())
    assert "Newest range test, 2 Jan 2026: the pelvis turned by 32° (likely 29 to 35°)" in text
    assert "relaxed standing lay at 95 % of the way (likely 85 to 105 %)" in text
    assert "Since the first one measured this way, 1 Jan 2026: The range is 12° wider." in text


def test_nothing_heavy_is_loaded_for_the_help() -> None:
    heavy = {"PIL", "PyQt6", "cv2", "matplotlib", "mediapipe", "numpy", "reportlab", "sqlalchemy"}
    code = (
        "import sys, app.cli; "
        f"found = sorted({heavy} & set(sys.modules)); sys.exit(str(found) if found else 0)"
    )
    root = Path(__file__).parents[3]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_letters_that_no_font_holds_are_told_before_the_report_is_written(
    history: History, woman: Sample, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "system_fonts", lru_cache(maxsize=1)(lambda: ()))
    save(history, woman)
    me = history.default_profile()
    history.change_profile(replace(me, name="Taro \u5c71\u7530 محمد"))
    out = tmp_path / "report.pdf"
    result = beltline_report("--out", out)
    assert result.exit_code == 0
    assert "\u5c71 \u7530. Install a font" in result.stderr
    assert out.exists()
    told: list[bool] = []
    report_profile(out, history, history.profiles()[0], warn=lambda _: told.append(out.exists()))
    out.unlink()
    report_profile(out, history, history.profiles()[0], warn=lambda _: told.append(out.exists()))
    assert told == [True, False]


def test_a_face_is_blurred_on_request(history: History, woman: Sample, tmp_path: Path) -> None:
    save(history, woman)
    plain, hidden = tmp_path / "plain.pdf", tmp_path / "hidden.pdf"
    assert beltline_report("--out", plain).exit_code == 0
    assert beltline_report("--out", hidden, "--blur-face").exit_code == 0
    assert plain.read_bytes() != hidden.read_bytes()
