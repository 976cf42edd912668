"""The reminder reminds, notes breaks, and remembers over a restart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, Wanted, read_wanted

if TYPE_CHECKING:
    from app.breaks.protocol import ReminderState
    from app.tray.service import Engine
    from tests.app.tray.conftest import World


def dues(engine: Engine) -> list[ReminderState]:
    heard: list[ReminderState] = []
    engine.due.connect(heard.append)
    return heard


def breaks(world: World) -> list[dict[str, Any]]:
    if not world.files.journal.exists():
        return []
    lines = world.files.journal.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def test_an_hour_of_sitting_is_enough(world: World) -> None:
    engine = world.engine()
    heard = dues(engine)
    engine.tick()
    world.sit(engine, 59)
    assert heard == []
    assert not engine.state.is_due
    world.sit(engine, 1)
    assert [state.is_due for state in heard] == [True]
    assert heard[0].suggestion.startswith("stand up, then ")


def test_walking_away_is_noted_and_begins_anew(world: World) -> None:
    engine = world.engine(profile_id=7)
    heard = dues(engine)
    engine.tick()
    world.sit(engine, 40)
    world.go(engine, 6)
    world.sit(engine, 40)
    assert heard == []
    (noted,) = breaks(world)
    assert (noted["how"], noted["profile_id"]) == ("away", 7)
    assert noted["minutes"] == pytest.approx(6, abs=0.5)


def test_a_break_that_is_said_is_noted(world: World) -> None:
    engine = world.engine()
    engine.tick()
    world.sit(engine, 60)
    before = engine.state
    engine.obey(Wanted(Order.TOOK_BREAK))
    after = engine.state
    assert (before.is_due, after.is_due) == (True, False)
    assert after.sitting_min == 0
    assert after.suggestion != before.suggestion
    assert [noted["how"] for noted in breaks(world)] == ["taken"]


def test_what_a_full_disk_refuses_is_written_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = world.engine()
    engine.tick()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("app.breaks.journal.append", refuse)
        engine.obey(Wanted(Order.TOOK_BREAK))
        engine.obey(Wanted(Order.TOOK_BREAK))
    assert breaks(world) == []
    engine.keep()
    assert len(breaks(world)) == 2
    engine.keep()
    assert len(breaks(world)) == 2


def test_a_restart_goes_on(world: World) -> None:
    first = world.engine()
    first.tick()
    world.sit(first, 50)
    first.stop()
    world.passed_s += 60
    second = world.engine()
    heard = dues(second)
    second.tick()
    assert second.state.sitting_min == pytest.approx(51)
    world.sit(second, 10)
    assert len(heard) == 1


def test_a_pause_outlives_a_restart(world: World) -> None:
    first = world.engine()
    first.tick()
    first.obey(Wanted(Order.PAUSE, 120))
    first.stop()
    second = world.engine()
    second.tick()
    assert second.state.paused_until is not None
    heard = dues(second)
    world.sit(second, 119)
    assert heard == []
    world.sit(second, 2)
    assert len(heard) == 1


@pytest.mark.parametrize("left", [b"", b"{", b"[]", b'{"left_at": "never"}', b"\xff"])
def test_a_damaged_memory_is_a_fresh_start(world: World, left: bytes) -> None:
    world.files.memory.parent.mkdir()
    world.files.memory.write_bytes(left)
    engine = world.engine()
    engine.tick()
    assert engine.state.sitting_min == 0
    assert engine.state.paused_until is None


def test_a_folder_that_cannot_be_written_stops_nobody(world: World) -> None:
    world.files.memory.parent.write_text("a file where a folder should be")
    engine = world.engine()
    heard = dues(engine)
    engine.tick()
    engine.obey(Wanted(Order.TOOK_BREAK))
    world.sit(engine, 60)
    assert len(heard) == 1


def test_snoozed_it_comes_again(world: World) -> None:
    engine = world.engine()
    heard = dues(engine)
    engine.tick()
    world.sit(engine, 60)
    engine.obey(Wanted(Order.SNOOZE, 10))
    assert not engine.state.is_due
    world.sit(engine, 9)
    assert len(heard) == 1
    world.sit(engine, 2)
    assert len(heard) == 2


def test_a_pause_ends_when_asked(world: World) -> None:
    engine = world.engine()
    engine.tick()
    for order in (Wanted(Order.PAUSE, 60), Wanted(Order.PAUSE_UNTIL_TOMORROW)):
        engine.obey(order)
        assert engine.state.paused_until is not None
        engine.obey(Wanted(Order.RESUME))
        assert engine.state.paused_until is None


def test_preferences_take_effect_at_once(world: World) -> None:
    engine = world.engine()
    heard = dues(engine)
    engine.tick()
    world.sit(engine, 31)
    chosen = ReminderPreferences(is_on=True, interval_min=30)
    engine.obey(Wanted(Order.PREFERENCES, preferences=chosen))
    assert engine.preferences == chosen
    world.sit(engine, 1)
    assert len(heard) == 1
    assert read_wanted(b'{"order": "preferences", "preferences": {"interval_min": 31}}') is None


def test_it_tells_when_it_reads_differently(world: World) -> None:
    engine = world.engine()
    told: list[ReminderState] = []
    engine.changed.connect(told.append)
    engine.tick()
    assert len(told) == 1
    world.sit(engine, 10)
    # Four looks a minute; minutes sat and minutes left turn together or half a look apart.
    assert 10 <= len(told) - 1 <= 20
    told.clear()
    engine.set_tray(True)
    engine.set_tray(True)
    assert [state.has_tray for state in told] == [True]


def test_a_pause_is_not_told_again_and_again(world: World) -> None:
    engine = world.engine()
    engine.tick()
    engine.obey(Wanted(Order.PAUSE, 60))
    told: list[ReminderState] = []
    engine.changed.connect(told.append)
    engine.set_locked(True)
    world.sit(engine, 30)
    assert len(told) <= 2


def test_a_locked_screen_is_a_break(world: World) -> None:
    engine = world.engine()
    world.idle_s = None
    engine.tick()
    world.sit(engine, 30)
    assert not engine.state.knows_idle
    engine.set_locked(True)
    world.sit(engine, 5)
    engine.set_locked(False)
    assert [noted["how"] for noted in breaks(world)] == ["away"]
    assert engine.state.sitting_min == pytest.approx(0, abs=0.5)
