"""Pictures of the pages about exercises and breaks, for :mod:`benchmarks.screenshots`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from app.gui.main_window import MainWindow
    from app.history.store import History

#: Days before today on which there were exercises.
_TRAINED = (61, 58, 54, 47, 44, 40, 33, 30, 26, 19, 16, 12, 9, 5, 2)
_BREAK_HOURS = (9, 11, 14, 16)


def fill_diary(history: History) -> None:
    """Keep two months of made-up exercises, breaks and self-checks."""
    from app.exercises.routine import usual_plan
    from app.history.diary import (
        Break,
        BreakKind,
        CountedBy,
        ExerciseSet,
        Screening,
        ScreeningOutcome,
        SelfCheck,
    )
    from app.history.records import Ability, SqueezeAnswers

    profile = history.default_profile()
    now = datetime.now(UTC).astimezone()
    history.note(profile.id, now - timedelta(days=12), Screening(ScreeningOutcome.CLEAR))
    noted: list[tuple[datetime, ExerciseSet | Break | SelfCheck]] = []
    for days in _TRAINED:
        at = (now - timedelta(days=days)).replace(hour=18, minute=5)
        for planned in usual_plan().exercises[:2]:
            done = ExerciseSet(
                planned.exercise,
                planned.repetitions,
                planned.hold_s,
                counted_by=CountedBy.TIMER,
            )
            noted += [(at, done)] * planned.sets
    for days in range(1, 62):
        at = now - timedelta(days=days)
        if at.weekday() < 5:
            noted += [
                (at.replace(hour=hour, minute=20), Break(BreakKind.TAKEN, 4.0))
                for hour in _BREAK_HOURS[: 1 + (days * 7) % 4]
            ]
    answers = (Ability.NO, Ability.PARTLY, Ability.PARTLY, Ability.YES)
    for days, right in zip((60, 40, 19, 3), answers, strict=True):
        given = SqueezeAnswers(Ability.YES, Ability.PARTLY, right)
        noted.append((now - timedelta(days=days), SelfCheck(given)))
    history.note_all(profile.id, noted)


def take_habits(
    window: MainWindow,
    out: Path,
    scheme: str,
    rest: Callable[[], None],
    wait: Callable[[Callable[[], bool]], None],
) -> None:
    """Save the pages about exercises and breaks in one scheme."""
    from app.gui.exercises.page import Screen

    def shot(name: str) -> None:
        rest()
        window.grab().save(str(out / f"{name}_{scheme}.png"))

    window.show_page("exercises")
    page = window.pages.exercises()
    wait(lambda: page.shown is Screen.HOME)
    shot("exercises")
    page.home.cards[1].open_button.click()
    shot("exercise")
    page.show_someone()
    shot("someone")
    window.show_page("sit_less")
    shot("sit_less")
    window.show_page("check")
