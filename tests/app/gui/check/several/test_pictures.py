"""Several pictures: found, measured one after the other, kept at once, taken back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.gui.check.several import pictures
from app.gui.check.several.pictures import SeveralKind, find_pictures
from tests.app.gui.check.several.desk import TIMEOUT_MS
from tests.made_up_results import with_marks
from vision.marks.calibration import Calibration, calibrate, pair_of
from vision.result import Measured, Method
from vision.series import RefusedSeries, Series

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.app.gui.check.several.desk import Desk

BATCH, SERIES = SeveralKind.BATCH, SeveralKind.SERIES


def test_a_folder_gives_its_pictures_by_name(tmp_path: Path) -> None:
    for name in ("b.JPG", "A.jpg", "c.heic", "notes.txt"):
        (tmp_path / name).touch()
    (tmp_path / "d.jpg").mkdir()
    found = find_pictures([tmp_path])
    assert [path.name for path in found.paths] == ["A.jpg", "b.JPG", "c.heic"]
    assert found.folder == tmp_path.name
    assert found.left_out == 0


def test_files_are_taken_as_they_are_each_once(tmp_path: Path) -> None:
    one, other = tmp_path / "z.txt", tmp_path / "a.jpg"
    found = find_pictures([one, other, one])
    assert found.paths == (one, other)
    assert found.folder == ""


def test_no_more_than_so_many_are_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MOST_PICTURES", 3)
    for number in range(5):
        (tmp_path / f"{number}.jpg").touch()
    found = find_pictures([tmp_path])
    assert len(found.paths) == 3
    assert found.left_out == 2


def test_refused_and_unreadable_ones_are_lines_and_not_the_end(desk: Desk) -> None:
    several = desk.open("12.jpg", "front.jpg", "bad.jpg", "gone.jpg", "7.jpg")
    desk.finish()
    kinds = [type(line.outcome).__name__ for line in several.lines]
    assert kinds == ["Measured", "Rejected", "Unreadable", "Measured", "Measured"]
    assert not several.is_running
    assert all(line.thumbnail is not None for line in several.lines if line.answers is not None)


def test_a_bug_in_measuring_costs_one_line(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    measure = desk.measure

    def fail(photo: object) -> object:
        if "13" in photo.frame.source:  # type: ignore[attr-defined]
            raise ZeroDivisionError
        return measure(photo)  # type: ignore[arg-type]

    monkeypatch.setattr("app.gui.check.measurement.measure", fail)
    several = desk.open("12.jpg", "13.jpg", "14.jpg")
    desk.finish()
    assert [line.measured is not None for line in several.lines] == [True, False, True]
    assert caplog.records
    caplog.clear()


def test_pixels_are_let_go(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg")
    desk.finish()
    line = several.lines[0]
    assert line.answers is not None
    assert line.answers.answer.shapes == ()
    assert line.size_px == (900, 1200)
    assert line.thumbnail is not None
    assert max(line.thumbnail.width(), line.thumbnail.height()) <= 112


def test_measuring_can_be_stopped_and_goes_on_where_it_was(desk: Desk) -> None:
    desk.go.clear()
    several = desk.open(*(f"{number}.jpg" for number in range(10, 16)))
    several.stop()
    assert not several.is_running
    desk.go.set()
    desk.until(lambda: not desk.jobs.is_busy("nothing"))
    several.start()
    desk.finish()
    assert [line.measured is not None for line in several.lines] == [True] * 6


def test_a_series_is_one_median_with_all_repeats(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg", "14.jpg", "front.jpg")
    several.set_kind(SERIES)
    desk.finish()
    desk.until(lambda: several.series is not None)
    answer = several.series
    assert answer is not None
    assert isinstance(answer.series, Series)
    assert answer.series.tilt.angle_deg == 13
    assert answer.given == 4
    assert answer.result is not None
    assert answer.result.tilt == answer.series.tilt
    assert answer.result.source == "13.jpg"
    assert [repeat.tilt.angle_deg for repeat in answer.repeats] == [12, 13, 14]
    assert answer.photo is not None
    assert answer.photo.frame.source == "13.jpg"


def test_repeats_too_far_apart_give_no_number_until_one_is_left_out(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg", "30.jpg")
    several.set_kind(SERIES)
    desk.finish()
    desk.until(lambda: several.series is not None)
    assert several.series is not None
    assert isinstance(several.series.series, RefusedSeries)
    assert several.series.result is None
    several.set_wanted(2, False)
    desk.until(lambda: several.series is not None)
    assert several.series is not None
    assert isinstance(several.series.series, Series)
    assert several.series.series.count == 2


def test_all_are_kept_and_taken_back_at_once(desk: Desk) -> None:
    several = desk.open(*(f"{number}.jpg" for number in range(5, 30)), "front.jpg")
    several.set_kind(BATCH)
    desk.finish()
    several.set_wanted(0, False)
    with desk.qtbot.waitSignal(desk.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
        several.save_all(keeps_pictures=True)
    assert len(desk.rows()) == 24
    assert all(row.has_picture for row in desk.rows())
    assert desk.service.changes.stack.undoText() == "Saved 24 checks"
    assert several.waiting == []
    assert desk.service.changes.stack.count() == 1
    desk.undo()
    assert desk.rows() == []
    desk.until(lambda: len(several.waiting) == 24)
    with desk.qtbot.waitSignal(desk.service.changes.written, timeout=TIMEOUT_MS):
        desk.service.changes.stack.redo()
    assert len(desk.rows()) == 24
    desk.until(lambda: several.waiting == [])


def test_each_may_be_somebody_elses_and_pictures_are_kept_only_if_wanted(desk: Desk) -> None:
    anna = desk.handle.history().add_profile("Anna")
    several = desk.open("12.jpg", "13.jpg", "14.jpg")
    several.set_kind(BATCH)
    desk.finish()
    me = several.lines[0].profile_id
    several.set_person(anna.id, 1)
    with desk.qtbot.waitSignal(desk.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
        several.save_all(keeps_pictures=False)
    assert [row.tilt.angle_deg for row in desk.rows(anna.id)] == [13]
    assert len(desk.rows(me)) == 2
    assert not any(row.has_picture for row in desk.rows())


def test_a_file_that_has_gone_is_kept_as_numbers(desk: Desk) -> None:
    several = desk.open("12.jpg", "13.jpg")
    several.set_kind(BATCH)
    desk.finish()
    several.lines[0].path.unlink()
    with desk.qtbot.waitSignal(desk.service.changes.stack.indexChanged, timeout=TIMEOUT_MS):
        several.save_all(keeps_pictures=True)
    assert sorted(row.has_picture for row in desk.rows()) == [False, True]


def test_what_cannot_be_kept_is_told_and_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    several = desk.open("12.jpg", "13.jpg", "14.jpg")
    several.set_kind(BATCH)
    desk.finish()
    keep = pictures._keep

    def fail(history: object, line: pictures.PictureLine, keeps_picture: bool) -> int:
        if line.path.name == "13.jpg":
            from app.history.errors import CheckNotFound

            raise CheckNotFound(3)
        return keep(history, line, keeps_picture)  # type: ignore[arg-type]

    monkeypatch.setattr(pictures, "_keep", fail)
    several.save_all(keeps_pictures=False)
    desk.until(lambda: not several.is_saving)
    assert desk.said[-1].startswith("1 of 3 checks were saved. ")
    assert len(several.waiting) == 2
    assert desk.service.changes.stack.undoText() == "Saved 1 check"


def test_a_calibration_holds_for_the_pictures_of_its_person(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.gui.check.measurement import CheckAnswer
    from app.history.calibration import keep_calibration
    from app.system.clock import now

    monkeypatch.setattr(
        "app.gui.check.measurement.measure", lambda photo: CheckAnswer(with_marks(None), ())
    )
    history = desk.handle.history()
    me, anna = history.default_profile(), history.add_profile("Anna")
    several = desk.open("one.jpg", "two.jpg")
    several.set_kind(BATCH)
    desk.finish()
    pairs = [pair_of(with_marks(4.0), now().local)]
    found = calibrate(pairs)  # type: ignore[arg-type]
    assert isinstance(found, Calibration)
    keep_calibration(history, me.id, found, pairs)  # type: ignore[arg-type]
    desk.service.load()

    def method(number: int) -> Method:
        result = several.lines[number].outcome
        assert isinstance(result, Measured)
        return result.tilt.method

    desk.until(lambda: method(0) is Method.CALIBRATED)
    several.set_person(anna.id, 1)
    assert method(1) is Method.CONTOUR
    several.set_person(me.id, 1)
    assert method(1) is Method.CALIBRATED
