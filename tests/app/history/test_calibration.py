"""Calibrations in the history: kept, forgotten and back, exported, worked out anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from app.history.calibration import (
    calibration_of,
    check_of_picture,
    forget_calibrations,
    keep_calibration,
    recalibrate,
)
from app.history.comparison import Unlike, change_between, why_unlike
from app.history.diary import EntryKind, KeptCalibration
from app.history.exchange.files import export_file, import_file
from app.history.records import RowQuery
from tests.app.history.made_up import WHEN, measured, new_check, picture
from vision.marks.calibration import Calibration, CalibrationPair, calibrate, calibrated
from vision.result import BONES_SD_DEG, Doubt, Measured, Method, TiltEstimate

if TYPE_CHECKING:
    from pathlib import Path

    from app.history.records import Profile
    from app.history.store import History

NETWORK = measured().provenance.contour_model_sha256


def contour(angle_deg: float = 10.0) -> TiltEstimate:
    return TiltEstimate(Method.CONTOUR, angle_deg, Doubt(3.5, 1.0, BONES_SD_DEG))


def pairs_by(offset_deg: float, count: int = 3) -> list[CalibrationPair]:
    marks = [
        TiltEstimate(Method.STICKERS, 10 + offset_deg + number / 4, Doubt(3.0, 1.0, 0.0))
        for number in range(count)
    ]
    return [
        CalibrationPair(WHEN + timedelta(minutes=number), one, contour(), NETWORK)
        for number, one in enumerate(marks)
    ]


def keep(history: History, profile: Profile, offset_deg: float = 5.0) -> Calibration:
    pairs = pairs_by(offset_deg)
    found = calibrate(pairs)
    assert isinstance(found, Calibration)
    keep_calibration(history, profile.id, found, pairs)
    return found


def by_outline() -> Measured:
    return replace(measured(), tilt=contour(), contour=contour(), marked=None, stickers=None)


def test_a_calibration_comes_back_as_it_was(history: History, me: Profile) -> None:
    assert calibration_of(history, me.id) is None
    kept = keep(history, me)
    assert calibration_of(history, me.id) == kept
    (entry,) = history.entries(me.id, EntryKind.CALIBRATION)
    assert isinstance(entry.content, KeptCalibration)
    assert [one.taken_at for one in entry.content.pictures] == [
        pair.taken_at for pair in pairs_by(5)
    ]


def test_everybody_has_their_own(history: History, me: Profile) -> None:
    keep(history, me)
    assert calibration_of(history, history.add_profile("Anna").id) is None


def test_the_one_kept_last_holds_whenever_its_pictures_were_taken(
    history: History, me: Profile
) -> None:
    keep(history, me)
    earlier = [replace(one, taken_at=one.taken_at - timedelta(days=90)) for one in pairs_by(-3)]
    found = calibrate(earlier)
    assert isinstance(found, Calibration)
    keep_calibration(history, me.id, found, earlier)
    assert calibration_of(history, me.id) == found


def test_forgetting_drops_all_of_them_and_can_be_taken_back(history: History, me: Profile) -> None:
    keep(history, me, -3.0)
    newest = keep(history, me)
    deletion = forget_calibrations(history, me.id)
    assert deletion is not None
    assert calibration_of(history, me.id) is None
    assert forget_calibrations(history, me.id) is None
    history.restore(deletion)
    assert calibration_of(history, me.id) == newest
    again = forget_calibrations(history, me.id)
    assert again is not None
    history.purge(again)
    history.restore(again)
    assert calibration_of(history, me.id) is None


def test_a_calibrated_check_says_on_which_day_it_rests(history: History, me: Profile) -> None:
    kept = keep(history, me)
    check = history.save(new_check(me.id, calibrated(by_outline(), kept)))
    plain = history.save(new_check(me.id, by_outline()))
    assert check.result.calibrated_at == check.row.calibrated_at == kept.taken_at
    assert history.check(check.row.id).result.tilt.method is Method.CALIBRATED
    rows = {row.id: row for row in history.rows(RowQuery(me.id), 0, 9)}
    assert rows[check.row.id].calibrated_at == kept.taken_at
    assert rows[plain.row.id].calibrated_at is None
    assert why_unlike(plain.row, check.row) is Unlike.METHODS
    assert history.trend(RowQuery(me.id, Method.CALIBRATED)).ids.tolist() == [check.row.id]


def test_only_checks_by_one_calibration_are_compared(history: History, me: Profile) -> None:
    first = keep(history, me)
    second = replace(first, offset_deg=-2.0, taken_at=first.taken_at + timedelta(days=200))
    one, same, other = (
        history.save(new_check(me.id, calibrated(by_outline(), by))).row
        for by in (first, first, second)
    )
    assert change_between(one, same) is not None
    assert why_unlike(one, other) is Unlike.CALIBRATIONS
    assert change_between(one, other) is None


@pytest.mark.parametrize("suffix", [".json", ".csv"])
def test_exports_carry_it(history: History, me: Profile, tmp_path: Path, suffix: str) -> None:
    kept = keep(history, me)
    history.save(new_check(me.id, calibrated(by_outline(), kept)))
    file = tmp_path / f"all{suffix}"
    export_file(history, file)
    history.delete_everything()
    history.purge()
    import_file(history, file)
    (again,) = history.profiles()
    (row,) = history.rows(RowQuery(again.id), 0, 9)
    assert row.calibrated_at == kept.taken_at
    if suffix == ".json":
        assert calibration_of(history, again.id) == kept


def keep_pictures(history: History, me: Profile) -> None:
    for pair in pairs_by(5.0):
        result = replace(by_outline(), tilt=pair.marks, stickers=pair.marks)
        new = new_check(me.id, result, rgb=picture())
        history.save(replace(new, taken_at=pair.taken_at))


def test_its_pictures_are_found_among_the_checks(history: History, me: Profile) -> None:
    keep_pictures(history, me)
    pair = pairs_by(5.0)[1]
    found = check_of_picture(history, me.id, pair.taken_at, Method.STICKERS)
    assert found is not None
    assert found.row.taken_at == pair.taken_at
    assert check_of_picture(history, me.id, pair.taken_at, Method.MARKED) is None
    late = pair.taken_at + timedelta(days=1)
    assert check_of_picture(history, me.id, late, Method.STICKERS) is None


def test_another_network_reads_its_pictures_again(
    history: History, me: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(history, me)
    keep_pictures(history, me)
    network = replace(by_outline().provenance, contour_model_sha256="c" * 64)

    def measure(photo: Path) -> Measured:
        assert photo.exists()
        return replace(by_outline(), contour=contour(13.0), provenance=network)

    monkeypatch.setattr("vision.pipeline.measure_photo", measure)
    found = recalibrate(history, me.id)
    assert found is not None
    assert found == calibration_of(history, me.id)
    assert found.contour_model_sha256 == "c" * 64
    assert 0 < found.offset_deg < 3


def test_without_pictures_nothing_is_worked_out_anew(history: History, me: Profile) -> None:
    assert recalibrate(history, me.id) is None
    kept = keep(history, me)
    assert recalibrate(history, me.id) is None
    assert calibration_of(history, me.id) == kept
