from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.study import StudyError
from app.study.design import KEY, RATERS, Design, Study
from tests.app.study.studies import let_all_stand_alone, small_study

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text", ["raters=3,repeats=2,subjects=30", " subjects=30, raters=3,repeats = 2"]
)
def test_a_design_is_read_in_any_order(text: str) -> None:
    assert Design.parse(text) == Design(raters=3, repeats=2, subjects=30)
    assert (Design.parse(text).items, Design.parse(text).pictures) == (60, 180)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "cannot be read. Write it like raters=3,repeats=2,subjects=30."),
        ("raters=3,repeats=2", "cannot be read. Write"),
        ("raters=3,raters=4,repeats=2,subjects=30", "cannot be read. Write"),
        ("raters=3,repeats=2,subjects=30,seed=1", "cannot be read. Write"),
        ("raters=0,repeats=2,subjects=30", "raters has to be a whole number from 1 to 50."),
        ("raters=two,repeats=2,subjects=30", "raters has to be a whole number from 1 to 50."),
        ("raters=2,repeats=11,subjects=30", "repeats has to be a whole number from 1 to 10."),
        ("raters=2,repeats=1,subjects=2", "subjects has to be a whole number from 3 to 10,000."),
        ("raters=50,repeats=10,subjects=10000", "asks for 5,000,000 pictures; 100,000 are the"),
    ],
)
def test_a_design_that_makes_no_sense_is_told_in_a_sentence(text: str, told: str) -> None:
    with pytest.raises(StudyError) as caught:
        Design.parse(text)
    assert told in str(caught.value)


@given(st.text())
def test_anything_else_is_no_design(text: str) -> None:
    with pytest.raises(StudyError):
        Design.parse(text)


def test_a_folder_without_a_key_is_no_study(tmp_path: Path) -> None:
    for content in (b"", b"{}", b"\xff", b'{"beltline_study": 2}'):
        (tmp_path / KEY).write_bytes(content)
        with pytest.raises(StudyError, match="is no study"):
            Study(tmp_path)


def test_another_studys_worklist_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    let_all_stand_alone(monkeypatch)
    study = small_study(tmp_path)
    first, second = (study.folder / RATERS / rater for rater in study.raters)
    first.rename(tmp_path / "aside")
    second.rename(first)
    with pytest.raises(StudyError, match="belongs to another study, or to another rater"):
        study.worklist("rater-1")
    with pytest.raises(StudyError, match="is no worklist"):
        study.worklist("rater-2")
