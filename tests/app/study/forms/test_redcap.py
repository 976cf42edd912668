from __future__ import annotations

import pytest
from hypothesis import given, settings

from app.history.exchange.csv_format import unguarded
from app.study.forms.columns import clean_text
from app.study.forms.redcap import DICTIONARY_FILE, HEADINGS, IMPORT_FILE, redcap_files
from app.study.table import StudyRow
from tests.app.study.forms.redcap_rules import dictionary_faults, import_faults, read
from tests.app.study.forms.studies import (
    MEASURED,
    OPEN,
    RATED,
    ROWS,
    SECRET,
    UNMARKABLE,
    rows,
)

REPEATING = {"rating", "measurement"}


def lines_of(found: list[StudyRow]) -> list[dict[str, str]]:
    return read(redcap_files("trial", found)[IMPORT_FILE])


def filled(line: dict[str, str]) -> dict[str, str]:
    return {name: cell for name, cell in line.items() if cell}


def test_the_dictionary_has_the_eighteen_columns_and_no_fault() -> None:
    assert len(HEADINGS) == 18
    assert list(dictionary_faults(redcap_files("trial", [])[DICTIONARY_FILE])) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"rating_tilt_deg", b"rating_Tilt_deg"),
        (b"rating_tilt_deg", b"rating_belt"),
        (b"measurement_photo_sha256", b"measurement_photograph_sha256"),
        (b'"0, No | 1', b'"No | 1'),
        (b",number,", b",nombre,"),
        (b"Field Note", b"Note"),
        (b"rating_seconds,rating", b"rating_seconds,subject"),
    ],
)
def test_the_rules_see_a_fault_in_a_dictionary(old: bytes, new: bytes) -> None:
    good = redcap_files("trial", [])[DICTIONARY_FILE]
    assert old in good
    assert list(dictionary_faults(good.replace(old, new)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b",rating,1,", b",rating,,"),
        (b",rating,2,", b",rating,1,"),
        (b"unmarkable", b"Unmarkable"),
        (b",3.125,", b",3.1.25,"),
        (b"2026-05-31 10", b"31.05.2026 10"),
        (b"S1,rating,1,,", b"S1,rating,1,x,"),
    ],
)
def test_the_rules_see_a_fault_in_data(old: bytes, new: bytes) -> None:
    files = redcap_files("trial", [RATED, UNMARKABLE])
    good = files[IMPORT_FILE]
    assert old in good
    assert list(import_faults(files[DICTIONARY_FILE], good.replace(old, new), REPEATING))


def test_each_rating_and_each_measurement_is_an_instance() -> None:
    lines = lines_of([RATED, UNMARKABLE, MEASURED])
    assert [
        (line["record_id"], line["redcap_repeat_instrument"], line["redcap_repeat_instance"])
        for line in lines
    ] == [("S1", "", ""), ("S1", "rating", "1"), ("S1", "rating", "2"), ("S1", "measurement", "1")]


def test_a_rating_has_its_points_and_the_clock_with_its_offset() -> None:
    _, line = lines_of([RATED])
    assert filled(line) == {
        "record_id": "S1",
        "redcap_repeat_instrument": "rating",
        "redcap_repeat_instance": "1",
        "rating_rater": "rater-1",
        "rating_repeat": "1",
        "rating_item": "bcdf",
        "rating_status": "rated",
        "rating_tilt_deg": "3.125",
        "rating_asis_x_px": "300",
        "rating_asis_y_px": "405.5",
        "rating_psis_x_px": "200",
        "rating_psis_y_px": "400",
        "rating_belt": "1",
        "rating_seconds": "12.5",
        "rating_rated_at": "2026-05-31 10:20:30",
        "rating_utc_offset": "UTC+05:30",
        "rating_complete": "2",
    }


def test_a_picture_that_waits_for_its_rater_is_incomplete() -> None:
    _, line = lines_of([OPEN])
    assert (line["rating_status"], line["rating_complete"]) == ("open", "0")


def test_records_are_numbered_where_redcap_would_mix_the_subjects_up() -> None:
    for labels in (("a", "A"), ("=1+1", "b"), (" a", "b"), ("x" * 101, "b"), ("é", "e")):
        lines = lines_of([StudyRow(label, "rater-1", 1) for label in labels])
        assert {line["record_id"] for line in lines} == {"1", "2"}
        told = [unguarded(line["subject_label"]) for line in lines if line["subject_label"]]
        assert told == list(labels)


def test_no_path_gets_out() -> None:
    assert SECRET.encode() not in b"".join(redcap_files("trial", ROWS).values())


@given(rows())
@settings(max_examples=25)
def test_redcap_takes_any_rows(found: list[StudyRow]) -> None:
    files = redcap_files("trial", found)
    assert list(import_faults(files[DICTIONARY_FILE], files[IMPORT_FILE], REPEATING)) == []
    subjects = [line for line in read(files[IMPORT_FILE]) if not line["redcap_repeat_instrument"]]
    labels = list(dict.fromkeys(row.subject for row in found))
    assert [unguarded(line["subject_label"]) for line in subjects] == list(map(clean_text, labels))
    assert len({line["record_id"] for line in subjects}) == len(labels)
