from __future__ import annotations

import math
from dataclasses import replace

import pytest

from app.cohort.listing import CohortPhoto
from app.cohort.lists import Listed
from app.cohort.rows import COLUMNS, KEY, arrow_schema, row_of, sidecar
from tests import made_up_results
from tests.app.cohort.made_up_rows import photos
from vision.reasons import refusal, warning
from vision.result import Facing, Method, ReasonCode, Unreadable

(PHOTO,) = photos("side")
SUM = "0" * 64


def _listed(**said: str) -> CohortPhoto:
    return replace(PHOTO, listed=Listed(**said))  # type: ignore[arg-type]


def test_every_column_is_described_with_its_unit() -> None:
    told = sidecar()
    assert told.pop("BeltlineCohort") == 1
    assert list(told) == [column.name for column in COLUMNS] == arrow_schema().names
    for column in COLUMNS:
        about = told[column.name]
        assert isinstance(about, dict)
        assert about["Description"]
        for ending, unit in (("_deg", "deg"), ("_px", "px"), ("_percent", "percent")):
            assert (about.get("Units") == unit) == column.name.endswith(ending)
        metadata = arrow_schema().field(column.name).metadata
        assert metadata[b"meaning"].decode() == about["Description"]


def test_every_code_of_one_photograph_is_explained() -> None:
    told = sidecar()
    refused, warned = (told[name]["Levels"] for name in ("refused_for", "warned_of"))  # type: ignore[index]
    assert refused["not_side_on"] == "The body is turned about N degrees away from side-on."
    assert {"unreadable", "changed", "not_read", "points_outside", "killed"} <= refused.keys()
    assert {"loose_clothing", "vertical_assumed", "other_side"} <= warned.keys()
    assert "too_few_photographs" not in refused


def test_a_measured_photograph() -> None:
    said = {"subject": "P1", "session": "before", "rater": "Ana", "side": "left"}
    row = row_of(_listed(**said), "f", SUM, made_up_results.measured())
    assert list(row) == [column.name for column in COLUMNS]
    assert {name: row[name] for name in ("subject", "session", "rater")} == {
        name: said[name] for name in ("subject", "session", "rater")
    }
    assert (row["status"], row["facing"], row["side_wanted"]) == ("measured", "left", "left")
    assert (row["tilt_method"], row["tilt_deg"], row["contour_deg"]) == ("contour", 12.3, 12.3)
    assert row["marked_deg"] is None
    assert row["tilt_low_deg"] == pytest.approx(12.3 - 4.2)
    assert row["warned_of"] == "loose_clothing"
    assert row["refused_for"] == ""


def test_the_other_side_is_told_and_the_numbers_stay() -> None:
    found = made_up_results.measured(facing=Facing.RIGHT)
    row = row_of(_listed(side="left"), "f", SUM, found)
    assert row["warned_of"] == "loose_clothing other_side"
    assert row["message"] == "The person looks to the right, and the list wants left."
    assert row["tilt_deg"] == 12.3


def test_a_refusal_keeps_its_own_message() -> None:
    reasons = refusal(ReasonCode.NOT_SIDE_ON, 80), warning(ReasonCode.BLURRED)
    found = replace(made_up_results.rejected(*reasons), facing=Facing.RIGHT)
    row = row_of(_listed(side="left"), "f", SUM, found)
    assert (row["status"], row["refused_for"]) == ("rejected", "not_side_on")
    assert row["warned_of"] == "blurred other_side"
    assert row["message"] == reasons[0].message
    assert row["tilt_deg"] is None


@pytest.mark.parametrize(
    ("code", "status"),
    [("unreadable", "error"), ("changed", "error"), ("points_outside", "rejected")],
)
def test_what_gave_no_measurement(code: str, status: str) -> None:
    row = row_of(PHOTO, "f", None, Unreadable(code, "It is so.", "Mend it."))
    assert (row["status"], row["refused_for"], row["message"]) == (status, code, "It is so.")
    assert row["version"]


def test_what_is_no_number_is_null() -> None:
    tilt = made_up_results.tilt(math.nan, method=Method.MARKED)
    row = row_of(PHOTO, "f", SUM, made_up_results.measured(tilt))
    assert (row["tilt_deg"], row["marked_deg"], row["contour_deg"]) == (None, None, None)


def test_a_name_in_no_writing_is_told_and_kept_apart() -> None:
    names = "/a/\udcff.jpg", "/a/\udcfe.jpg", "/a/Größe.jpg"
    told = [
        row_of(CohortPhoto(name, "1 1"), "f", None, Unreadable("unreadable", "", ""))[KEY[0]]
        for name in names
    ]
    assert told == ["/a/\\udcff.jpg", "/a/\\udcfe.jpg", "/a/Größe.jpg"]
