"""``--series``: what is written after the single photographs, and wrong uses of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from app.cli.json_output import series_line
from app.text import measurement
from app.text.measurement import describe_series
from tests import made_up_results
from tests.app.cli.runner import Request, beltline, complaint, json_lines
from vision.reasons import refusal, warning
from vision.result import Measured, ReasonCode, Rejected
from vision.series import Outlier, RefusedSeries, Series

if TYPE_CHECKING:
    from vision.image.frame import Frame

KEYS = [
    *("status", "tilt", "spread_deg", "count", "outliers"),
    *("smallest_change_deg", "reasons"),
]


@pytest.fixture
def series() -> Series:
    return Series(
        tilt=made_up_results.tilt(12.3, 6.2),
        spread_deg=1.26,
        range_deg=3.4,
        count=5,
        outliers=(),
        smallest_change_deg=5.013,
        reasons=(),
    )


@pytest.fixture
def refused() -> RefusedSeries:
    return RefusedSeries(
        reasons=(refusal(ReasonCode.SPREAD_TOO_LARGE, 9.3),),
        count=4,
        spread_deg=4.444,
        outliers=(Outlier("c.jpg", -8.6),),
    )


@pytest.fixture
def named_angles(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    measured: Measured,
    rejected: Rejected,
    one_process: None,
) -> Path:
    """Return a folder in which a picture's name is its angle, and others are refused."""

    def measure(frame: Frame, **asked: object) -> Measured | Rejected:
        name = Path(frame.source).stem.partition(" ")[0]
        if not re.fullmatch(r"-?[\d.]+", name):
            return rejected
        angle = float(name)
        tilt = made_up_results.tilt(angle, 6)
        place = {"left_hip": (300.0, 400.0 + angle, 0.99)}
        return replace(measured, tilt=tilt, contour=tilt, landmarks=place)

    monkeypatch.setattr("app.cli.one_photo.measure_photo", measure)
    return tmp_path


def pictures(folder: Path, *names: object) -> list[Path]:
    paths = [folder / f"{name}.png" for name in names]
    for path in paths:
        Image.new("RGB", (64, 96), "lightgrey").save(path)
    return paths


def document(outcome: Series | RefusedSeries) -> dict[str, Any]:
    line = series_line(outcome)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    found: dict[str, Any] = json.loads(line.decode("utf-8"))
    assert list(found) == ["schema", "series"]
    assert found["schema"] == 1
    assert list(found["series"]) == KEYS
    together: dict[str, Any] = found["series"]
    return together


def text_of(outcome: Series | RefusedSeries, given: int = 5) -> str:
    return "\n".join(line.text for line in describe_series(outcome, given))


def test_the_line_of_a_measured_series(series: Series) -> None:
    copies = warning(ReasonCode.SAME_PHOTOGRAPH)
    apart = (Outlier("pictures/Größe.jpg", 6.0), Outlier("bad\udcff.jpg", -6.0))
    found = document(replace(series, outliers=apart, reasons=(copies,)))
    assert found == {
        "status": "measured",
        "tilt": {
            "method": "contour",
            "angle_deg": 12.3,
            "interval_deg": [6.1, 18.5],
            "level": 0.9,
            "sd_deg": {"reading": 3.77, "roll": 0.0, "bones": 0.0},
        },
        "spread_deg": 1.26,
        "count": 5,
        "outliers": ["pictures/Größe.jpg", "bad\udcff.jpg"],
        "smallest_change_deg": 5.01,
        "reasons": [
            {
                "code": "same_photograph",
                "severity": "warn",
                "message": copies.message,
                "fix": copies.fix,
            }
        ],
    }


def test_the_line_of_a_refused_series_has_no_angle(refused: RefusedSeries) -> None:
    found = document(refused)
    assert (found["status"], found["tilt"], found["smallest_change_deg"]) == (
        "rejected",
        None,
        None,
    )
    assert (found["spread_deg"], found["count"], found["outliers"]) == (4.44, 4, ["c.jpg"])
    assert [reason["code"] for reason in found["reasons"]] == ["spread_too_large"]
    few = RefusedSeries((refusal(ReasonCode.TOO_FEW_PHOTOGRAPHS),), 0, None, ())
    assert document(few)["spread_deg"] is None


def test_a_series_in_words(series: Series) -> None:
    text = text_of(series)
    assert text.startswith(
        f"{measurement.SERIES_TITLE}\nEstimated forward tilt 12° (likely 6 to 19)\n"
    )
    for part in (
        "The middle of 5 photographs, measured from the outline of the body.",
        "up to 3° apart, with a spread of 1° (standard deviation)",
        "more pictures do not cure that",
        # 5.01 is rounded up: 5 must not pass for a change.
        "Smallest change that counts: 6°.",
        "your own photographs differ",
    ):
        assert text.count(part) == 1, part


def test_outliers_are_named_with_their_direction(series: Series) -> None:
    apart = (Outlier("a.jpg", 6.4), Outlier("b.jpg", -5.5))
    text = text_of(replace(series, outliers=apart))
    assert "- a.jpg stands apart: 6° further forward than the middle." in text
    assert "- b.jpg stands apart: 6° further backward than the middle." in text


def test_few_photographs_have_the_change_of_single_ones(series: Series) -> None:
    text = text_of(replace(series, count=3, smallest_change_deg=10.0, spread_deg=0.2, range_deg=0))
    assert "The middle of 3 photographs (of 5 that were given), measured" in text
    assert "up to less than 1° apart" not in text
    assert "less than 1° apart" in text
    assert "Smallest change that counts: 10°." in text
    assert "With 5 photographs or more" in text


def test_a_refused_series_says_why_and_has_no_degree_of_tilt(refused: RefusedSeries) -> None:
    title, headline, *notes = text_of(refused).splitlines()
    assert (title, headline) == (measurement.SERIES_TITLE, measurement.SERIES_REFUSED_HEADLINE)
    assert len(notes) == 2
    assert notes[0].startswith("- The angles lie up to 9 degrees apart")
    assert "march five steps" in notes[0]
    assert notes[1].startswith("- c.jpg stands apart: 9° further backward")


def test_no_verdict_is_spoken(series: Series, refused: RefusedSeries) -> None:
    for outcome in (series, replace(series, count=2), refused):
        text = text_of(outcome)
        assert not re.search(r"diagnos|abnormal|weak|corrected|ASIS|PSIS|healthy|better", text)


def test_single_lines_stay_as_they_are_and_one_is_added(named_angles: Path) -> None:
    given = pictures(named_angles, 11.5, 12, 12.5, 13, 11)
    alone = beltline("measure", "--json", *given)
    together = beltline("measure", "--json", "--series", *given)
    assert alone.exit_code == together.exit_code == 0
    *singles, last = together.stdout.splitlines(keepends=True)
    assert "".join(singles) == alone.stdout
    found = json.loads(last)["series"]
    assert found["tilt"]["angle_deg"] == 12
    assert (found["count"], found["outliers"], found["reasons"]) == (5, [], [])


def test_an_outlier_is_named_as_it_was_typed(named_angles: Path) -> None:
    given = pictures(named_angles, "10 a", 11, 10.5, 11.5, 11.2, 10.2, 17.5)
    result = beltline("measure", "--json", "--series", *given)
    assert result.exit_code == 0
    assert json_lines(result)[-1]["series"]["outliers"] == [str(given[-1])]
    text = beltline("measure", "--series", *given).stdout
    assert f"- {given[-1]} stands apart: 7° further forward" in text.replace("\n    ", " ")


def test_one_refused_photograph_is_left_out_and_shows_in_the_status(named_angles: Path) -> None:
    given = pictures(named_angles, 11.5, 12, "front", 13)
    result = beltline("measure", "--json", "--series", *given, named_angles / "gone.png")
    assert result.exit_code == 3
    *singles, last = json_lines(result)
    assert [line["status"] for line in singles] == [
        *("measured", "measured", "rejected", "measured", "error")
    ]
    assert (last["series"]["status"], last["series"]["count"]) == ("measured", 3)
    text = beltline("measure", "--series", *given).stdout
    assert "The middle of 3 photographs (of 4 that were given)" in text


@pytest.mark.parametrize(
    ("names", "code"),
    [
        ((5, 12, 19), "spread_too_large"),
        ((12, "front"), "too_few_photographs"),
        (("front", "back"), "too_few_photographs"),
    ],
)
def test_a_refused_series_shows_in_the_status(
    named_angles: Path, names: tuple[object, ...], code: str
) -> None:
    given = pictures(named_angles, *names)
    result = beltline("measure", "--json", "--series", *given)
    assert result.exit_code == 3
    assert result.stderr == ""
    last = json_lines(result)[-1]["series"]
    assert (last["status"], last["tilt"]) == ("rejected", None)
    assert [reason["code"] for reason in last["reasons"]] == [code]
    text = beltline("measure", "--series", *given)
    assert text.exit_code == 3
    assert measurement.SERIES_REFUSED_HEADLINE in text.stdout


def test_the_same_file_twice_is_one_photograph(named_angles: Path) -> None:
    (one,) = pictures(named_angles, 12)
    result = beltline("measure", "--json", "--series", one, one, one)
    assert result.exit_code == 3
    last = json_lines(result)[-1]["series"]
    codes = [reason["code"] for reason in last["reasons"]]
    assert (last["count"], codes) == (1, ["too_few_photographs", "same_photograph"])


def test_the_explanation_comes_last(named_angles: Path) -> None:
    text = beltline("measure", "--series", *pictures(named_angles, 12, 13)).stdout
    places = [
        text.index(part)
        for part in (measurement.SERIES_TITLE, "Smallest change", measurement.MEANING)
    ]
    assert places == sorted(places)
    assert text.rindex("Loose clothes.") < places[0]
    assert (
        measurement.SERIES_TITLE not in beltline("measure", *pictures(named_angles, 12, 13)).stdout
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--asis", "1", "2", "--psis", "3", "4"), "--asis and --psis belong to one photograph"),
        (("--asis", "1", "2"), "--asis and --psis belong to one photograph"),
        (("--method", "marked"), "cannot be measured from marked points"),
    ],
)
def test_marked_points_make_no_series(
    more_photos: list[Path], answers: list[Request], options: tuple[str, ...], said: str
) -> None:
    for extra in ((), ("--json",)):
        assert said in complaint(beltline("measure", "--series", *more_photos, *options, *extra))
    assert answers == []


def test_one_photograph_is_wrong_usage(photo: Path, answers: list[Request]) -> None:
    for extra in ((), ("--json",)):
        said = complaint(beltline("measure", "--series", photo, *extra))
        assert "two or more photographs" in said
    assert answers == []
