"""What leaves the program is short, says no name, and what Beltline is for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from app.text.measurement import INTENDED_USE
from app.text.share import file_name, share_lines
from tests.made_up_results import measured, tilt
from vision.result import Method


def test_four_short_lines() -> None:
    angle, how, day, purpose = share_lines(measured(), "3 Mar 2026")
    assert angle.startswith("Estimated ")
    assert how == "Measured from the outline of the body."
    assert (day, purpose) == ("3 Mar 2026", INTENDED_USE)


def test_the_belt_line_is_told_as_what_it_is() -> None:
    angle, how, *_ = share_lines(replace(measured(), tilt=tilt(9.0, 2.0, Method.BELT)), "today")
    assert angle.startswith("Belt line")
    assert how == "Measured from the line of the belt."


def test_a_file_is_called_by_its_day_alone() -> None:
    assert file_name(date(2026, 3, 4)) == "check_2026-03-04.png"
