"""The stance of the last check as a help to stand the same way again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.gui.background.history import HistoryHandle, HistoryService
from app.gui.live.page import PageState
from app.gui.preferences import LivePreferences
from app.history.change.stance import kept_stance
from app.history.records import Arms, Conditions
from app.settings import Settings
from app.text import live
from app.text.change import stance
from app.text.change.stance import remind
from tests.app.gui import kept_checks
from tests.app.gui.live_home import KNOWN, TIMEOUT_MS
from tests.app.gui.outcomes import pixels_of
from vision.live.events import LiveState
from vision.result import Facing

if TYPE_CHECKING:
    import pytest

    from app.gui.live.page import LivePage
    from tests.app.gui.live_home import Home
    from tests.app.gui.scripted_camera import Script

CLOTHES = Conditions("black leggings", Arms.COLLAR_BONES)


def keep(home: Home, facing: Facing = Facing.RIGHT) -> None:
    """Keep a check of the person in use, and have the page know."""
    result = replace(kept_checks.measured(), facing=facing)
    kept_checks.keep(home.handle.history(), result=result, conditions=CLOTHES)
    with home.qtbot.waitSignal(home.service.profiles_changed, timeout=TIMEOUT_MS):
        home.service.load()


def wait_for_note(home: Home, page: LivePage, said: str) -> None:
    home.qtbot.waitUntil(lambda: page.stage.note == said, timeout=TIMEOUT_MS)


def test_without_an_earlier_check_a_frame_says_where_to_stand(home: Home, script: Script) -> None:
    script.leave(20)
    page = home.open()
    wait_for_note(home, page, live.GUIDE)
    assert page.stage.ghost is None


def test_the_last_stance_is_said_and_shown_until_the_person_stands(
    home: Home, script: Script
) -> None:
    keep(home)
    script.leave(20)
    page = home.open()
    last = home.service.last_check()
    assert last is not None
    then = kept_stance(last)
    assert then is not None
    wait_for_note(home, page, remind(then))
    assert "black leggings" in page.stage.note
    assert page.stage.note in page.stage.accessibleDescription()
    box = [round(edge) for edge in page.stage.rooms().picture.getCoords()]
    shown = pixels_of(page.stage)[box[1] : box[3], box[0] : box[2]]
    assert shown.any(), "the scripted pictures are black, the ghost is not"
    page.setup.shows_last.click()
    wait_for_note(home, page, live.GUIDE)
    assert page.stage.ghost is None
    assert not home.remembered[-1].shows_last


def test_what_is_otherwise_is_said_in_one_sentence(home: Home, script: Script) -> None:
    keep(home, Facing.LEFT)
    script.turn_away(20)
    page = home.open()
    wait_for_note(home, page, "Last time you stood with your left side to the camera.")


def test_the_same_stance_is_confirmed_and_nothing_distracts_while_measuring(
    home: Home, script: Script
) -> None:
    keep(home)
    script.pace_s = 0.01
    script.turn_away(3).stand()
    page = home.open()
    notes: dict[LiveState, set[str]] = {}
    page.feed.arrived.connect(
        lambda look: notes.setdefault(look.moment.state, set()).add(page.stage.note)
    )
    home.wait_for(PageState.RESULT)
    assert stance.SAME in notes[LiveState.ADJUST] | notes[LiveState.READY]
    assert notes[LiveState.CAPTURING] == {""}


def test_what_was_otherwise_is_told_with_the_kept_check(home: Home, script: Script) -> None:
    keep(home, Facing.LEFT)
    script.stand()
    page = home.open()
    home.wait_for(PageState.RESULT)
    home.qtbot.waitUntil(lambda: live.SAVED in page.result.text(), timeout=TIMEOUT_MS)
    said = page.result.change.text()
    assert "At the check before, you stood with your left side to the camera" in said


def test_the_ghost_is_the_person_in_uses(home: Home, script: Script) -> None:
    keep(home)
    script.leave(20)
    page = home.open()
    assert page.stage.ghost is not None
    other = home.handle.history().add_profile("Ada")
    home.service.set_current_profile(other.id)
    assert page.stage.ghost is None, "at once, before anything is read"
    home.settle()
    assert page.stage.ghost is None


def test_a_check_that_cannot_be_read_stops_nobody(
    home: Home, script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError("tampered with")

    script.leave(5)
    home.open()
    kept_checks.keep(home.handle.history())
    monkeypatch.setattr("app.history.store.check_of", fail)
    service = HistoryService(home.jobs, HistoryHandle(home.handle.history), None)
    with home.qtbot.waitSignal(service.profiles_changed, timeout=TIMEOUT_MS):
        service.load()
    assert service.last_check() is None
    assert service.current_profile_id is not None


def test_the_choice_is_remembered() -> None:
    values = Settings()
    assert LivePreferences.read(values).shows_last
    replace(KNOWN, shows_last=False).write(values)
    assert not LivePreferences.read(values).shows_last
