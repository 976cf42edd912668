"""What was done beside the checks, in the report."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.history.diary import Break, BreakKind, Content, Entry, ExerciseSet, SelfCheck
from app.history.place import Place
from app.history.progress import Progress, progress_of
from app.history.records import Ability, Arms, Conditions, NewCheck, SqueezeAnswers
from app.history.store import History
from app.report.contents import arrange
from app.report.document import render, report_profile
from app.report.flow import PAGE_ROOM_PT
from app.text.change import progress as progress_words
from tests.app.report.checks import PROFILE, START, make_check, pages_of, placed, text_of, trend_of
from tests.app.report.test_pdf import VERDICTS
from vision.reasons import WARNINGS, warning

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from app.history.records import Check
    from tests.app.report.checks import Sample

SET, TAKEN = ExerciseSet("glute_bridge", 10), Break(BreakKind.TAKEN)
FIRST = SelfCheck(SqueezeAnswers(Ability.NO, Ability.PARTLY, None))
LAST = SelfCheck(SqueezeAnswers(Ability.YES, Ability.YES, Ability.YES))


def done(*kept: tuple[float, Content]) -> Progress:
    """Return what was done, so many days after Saturday 3 January 2026."""
    return progress_of(Entry(1, 1, START + timedelta(days=day), what) for day, what in kept)


def printed(checks: Sequence[Check], progress: Progress | None) -> bytes:
    return render(arrange(PROFILE, checks, trend_of(checks), None, None, progress))


@pytest.fixture
def check(woman: Sample, kept: Path) -> Check:
    return make_check(1, woman, picture=kept / "woman.jpg")


def test_weeks_and_self_checks_are_told(check: Check) -> None:
    progress = done(
        (0, SET), (0, SET), (3, SET), (4, SET), (4, TAKEN), (5, TAKEN), (1, FIRST), (10, LAST)
    )
    data = printed([check], progress)
    pages = pages_of(data)
    assert len(pages) == 2
    page = " ".join(pages)
    for part in (
        progress_words.REPORT_TITLE,
        "from 29 Dec 2025 from 5 Jan 2026 from 12 Jan 2026",
        "Days with exercises 1 2 -",
        "Sets 2 2 -",
        "Breaks - 2 -",
        "Self-check partly - yes",
        "4 Jan 2026: Could squeeze both sides: no; the left alone: partly; the right alone: not",
        "13 Jan 2026: Could squeeze both sides: yes; the left alone: yes; the right alone: yes.",
        "no explanation of the angles",
    ):
        assert part in page, part
    for word in VERDICTS:
        said = page[page.index(progress_words.REPORT_TITLE) :]
        assert not re.search(rf"\b{word}", said.partition("How far")[0], re.IGNORECASE), word


def test_the_newest_eight_weeks_are_shown(check: Check) -> None:
    progress = done(*((7.0 * week, SET) for week in range(20)))
    text = text_of(printed([check], progress))
    assert len(re.findall(r"from \d+ \w{3} 2026", text)) == 8
    assert "from 11 May 2026" in text
    assert "from 16 Mar 2026" not in text


@pytest.mark.parametrize("progress", [None, Progress()])
def test_without_entries_the_report_is_as_it_was(check: Check, progress: Progress | None) -> None:
    assert printed([check], progress) == render(arrange(PROFILE, [check], trend_of([check]), None))
    assert progress_words.REPORT_TITLE not in text_of(printed([check], progress))


LONG = st.builds(lambda text, times: text * times, st.text("abc wmü ", max_size=40), st.just(30))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=LONG,
    count=st.integers(1, 70),
    weeks=st.integers(1, 30),
    shown=st.booleans(),
    warned=st.integers(0, len(WARNINGS)),
)
def test_two_pages_hold_it_whatever_else_there_is(
    woman: Sample, kept: Path, text: str, count: int, weeks: int, shown: bool, warned: int
) -> None:
    reasons = tuple(warning(code, 12) for code in list(WARNINGS)[:warned])
    checks = []
    for number in range(count):
        worn = Conditions(text, Arms.COLLAR_BONES, text)
        picture = kept / "woman.jpg" if shown and number in (0, count - 1) else None
        one = make_check(number, woman, days=number, conditions=worn, picture=picture)
        checks.append(replace(one, result=replace(one.result, reasons=reasons)))
    progress = done(*((7.0 * week, what) for week in range(weeks) for what in (SET, TAKEN, FIRST)))
    contents = arrange(PROFILE, checks, trend_of(checks), count, None, progress)
    parts = placed(contents)
    assert {part.page for part in parts} <= {1, 2}
    for page in (1, 2):
        bottom = 0.0
        for part in (part for part in parts if part.page == page):
            assert part.top_pt >= bottom - 1e-6
            bottom = part.bottom_pt
            assert bottom <= PAGE_ROOM_PT + 1e-6


def test_it_comes_from_the_history(woman: Sample, tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    with History.open(Place(tmp_path / "data")) as history:
        me, other = history.default_profile(), history.add_profile("Anna")
        history.save(NewCheck(me.id, START, woman.result, woman.size_px))
        history.note_all(me.id, [(START, SET), (START, TAKEN)])
        history.note(other.id, START, FIRST)
        report_profile(out, history, me)
    text = text_of(out.read_bytes())
    assert "Days with exercises 1" in text
    assert "Could squeeze" not in text
