"""Photographs that were opened last are offered again, as long as they are there."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from app.gui.check.recent import RECENT_MAX, RecentPhotos
from tests.app.gui.check.check_pages import wait_for_answer
from tests.app.gui.outcomes import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from app.gui.background.jobs import Jobs
    from app.gui.check.page import CheckPage
    from app.gui.preferences import CheckPreferences


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"side & {number}.jpg" for number in range(RECENT_MAX + 2)]
    for path in paths:
        shutil.copy(SAMPLE, path)
    return paths


def offered(recent: RecentPhotos) -> list[str]:
    menu = recent.buttons[0].menu()
    assert menu is not None
    return [action.text().replace("&&", "&") for action in menu.actions()]


def test_the_newest_come_first_and_those_that_are_gone_are_left_out(
    qtbot: QtBot, jobs: Jobs, photos: list[Path]
) -> None:
    recent = RecentPhotos(jobs, (), is_kept=True)
    qtbot.addWidget(recent.make_button())
    for path in [*photos, photos[0]]:
        recent.expect(path)
        recent.opened()
    assert recent.paths == (photos[0], *photos[:2:-1])
    photos[4].unlink()
    recent.expect(photos[1])
    recent.opened()
    left = [photos[1], photos[0], *(path for path in photos[:3:-1] if path != photos[4])]
    qtbot.waitUntil(lambda: offered(recent) == [path.name for path in left])


def test_a_page_remembers_what_it_could_read(
    qtbot: QtBot,
    page: CheckPage,
    instant: list[dict[str, object]],
    photos: list[Path],
    remembered: list[CheckPreferences],
) -> None:
    assert all(button.isHidden() for button in page.recent.buttons)
    page.open_photo(photos[0].with_name("gone.jpg"))
    qtbot.waitUntil(lambda: page.state == "unreadable")
    assert not page.recent.paths
    for path in photos[:2]:
        page.open_photo(path)
        wait_for_answer(qtbot, page)
    page.try_sample()
    wait_for_answer(qtbot, page)
    assert remembered[-1].recent == (photos[1], photos[0])
    qtbot.waitUntil(lambda: not page.recent.buttons[1].isHidden())
    menu = page.recent.buttons[1].menu()
    assert menu is not None
    menu.actions()[1].trigger()
    wait_for_answer(qtbot, page)
    assert page.recent.paths == (photos[0], photos[1])
    assert instant[-1]["name"] == photos[0].name


def test_nothing_is_remembered_where_that_is_not_wanted(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]], photos: list[Path]
) -> None:
    page.open_photo(photos[0])
    wait_for_answer(qtbot, page)
    page.recent.keep(False)
    assert page.recent.paths == ()
    page.open_photo(photos[1])
    wait_for_answer(qtbot, page)
    assert page.recent.paths == ()
    qtbot.waitUntil(lambda: all(button.isHidden() for button in page.recent.buttons))
    del instant
