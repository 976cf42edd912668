"""The reminder reminds, notes breaks, and remembers over a restart."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.breaks.preferences import ReminderPreferences
from app.breaks.protocol import Order, Wanted, read_wanted
from app.system.calm.occupied import Occupied
from app.text.breaks import SILENT, WAITED

if TYPE_CHECKING:
    from app.breaks.protocol import ReminderState
    from app.tray.service import ReminderService
    from tests.app.tray.conftest import World


def dues(service: ReminderService) -> list[ReminderState]:
    heard: list[ReminderState] = []
    service.due.connect(heard.append)
    return heard


def breaks(world: World) -> list[dict[str, Any]]:
    if not world.files.journal.exists():
        return []
    lines = world.files.journal.read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line]


def test_an_hour_of_sitting_is_enough(world: World) -> None:
    service = world.service()
    heard = dues(service)
    service.tick()
    world.sit(service, 59)
    assert heard == []
    assert not service.state.is_due
    world.sit(service, 1)
    assert [state.is_due for state in heard] == [True]
    assert heard[0].suggestion.startswith("stand up, then ")


def test_walking_away_is_noted_and_begins_anew(world: World) -> None:
    service = world.service(profile_id=7)
    heard = dues(service)
    service.tick()
    world.sit(service, 40)
    world.go(service, 6)
    world.sit(service, 40)
    assert heard == []
    (noted,) = breaks(world)
    assert (noted["how"], noted["profile_id"]) == ("away", 7)
    assert noted["minutes"] == pytest.approx(6, abs=0.5)


def test_a_break_that_is_said_is_noted(world: World) -> None:
    service = world.service()
    service.tick()
    world.sit(service, 60)
    before = service.state
    service.obey(Wanted(Order.TOOK_BREAK))
    after = service.state
    assert (before.is_due, after.is_due) == (True, False)
    assert after.sitting_min == 0
    assert after.suggestion != before.suggestion
    assert [noted["how"] for noted in breaks(world)] == ["taken"]


def test_standing_is_noted_as_what_it_is(world: World) -> None:
    service = world.service(can_stand=True, standing_min=20)
    heard = dues(service)
    service.tick()
    world.sit(service, 30)
    before = service.state.suggestion
    service.obey(Wanted(Order.STAND))
    assert service.state.is_standing
    world.sit(service, 20)
    assert [state.is_standing for state in heard] == [True]
    assert heard[0].suggestion.startswith("sit down, or walk for 3 to 5 minutes.")
    service.obey(Wanted(Order.SIT))
    after = service.state
    assert (after.is_standing, after.is_due, after.sitting_min) == (False, False, 30)
    (noted,) = breaks(world)
    assert (noted["how"], noted["minutes"]) == ("stood", 20)
    # It was no break, so the next one is still the same.
    assert after.suggestion == before
    service.obey(Wanted(Order.STAND))
    world.sit(service, 10)
    service.obey(Wanted(Order.TOOK_BREAK))
    assert [one["how"] for one in breaks(world)] == ["stood", "taken", "stood"]


def test_a_call_is_waited_for_while_standing(world: World) -> None:
    service = world.service(can_stand=True, standing_min=20)
    heard = dues(service)
    service.tick()
    service.obey(Wanted(Order.STAND))
    world.occupied = Occupied.MICROPHONE
    world.sit(service, 30)
    assert heard == []
    assert service.state.silence == SILENT[Occupied.MICROPHONE]
    world.occupied = None
    world.sit(service, 1)
    assert [state.silence for state in heard] == [WAITED[Occupied.MICROPHONE]]


def test_what_a_full_disk_refuses_is_written_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = world.service()
    service.tick()

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as full:
        full.setattr("app.breaks.journal.append", refuse)
        service.obey(Wanted(Order.TOOK_BREAK))
        service.obey(Wanted(Order.TOOK_BREAK))
    assert breaks(world) == []
    service.keep()
    assert len(breaks(world)) == 2
    service.keep()
    assert len(breaks(world)) == 2


def test_a_restart_goes_on(world: World) -> None:
    first = world.service()
    first.tick()
    world.sit(first, 50)
    first.stop()
    world.passed_s += 60
    second = world.service()
    heard = dues(second)
    second.tick()
    assert second.state.sitting_min == pytest.approx(51)
    world.sit(second, 10)
    assert len(heard) == 1


def test_a_pause_outlives_a_restart(world: World) -> None:
    first = world.service()
    first.tick()
    first.obey(Wanted(Order.PAUSE, 120))
    first.stop()
    second = world.service()
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
    service = world.service()
    service.tick()
    assert service.state.sitting_min == 0
    assert service.state.paused_until is None


def test_a_folder_that_cannot_be_written_stops_nobody(world: World) -> None:
    world.files.memory.parent.write_text("a file where a folder should be")
    service = world.service()
    heard = dues(service)
    service.tick()
    service.obey(Wanted(Order.TOOK_BREAK))
    world.sit(service, 60)
    assert len(heard) == 1


def test_snoozed_it_comes_again(world: World) -> None:
    service = world.service()
    heard = dues(service)
    service.tick()
    world.sit(service, 60)
    service.obey(Wanted(Order.SNOOZE, 10))
    assert not service.state.is_due
    world.sit(service, 9)
    assert len(heard) == 1
    world.sit(service, 2)
    assert len(heard) == 2


def test_a_pause_ends_when_asked(world: World) -> None:
    service = world.service()
    service.tick()
    for order in (Wanted(Order.PAUSE, 60), Wanted(Order.PAUSE_UNTIL_TOMORROW)):
        service.obey(order)
        assert service.state.paused_until is not None
        service.obey(Wanted(Order.RESUME))
        assert service.state.paused_until is None


def test_preferences_take_effect_at_once(world: World) -> None:
    service = world.service()
    heard = dues(service)
    service.tick()
    world.sit(service, 31)
    chosen = ReminderPreferences(is_on=True, interval_min=30)
    service.obey(Wanted(Order.PREFERENCES, preferences=chosen))
    assert service.preferences == chosen
    world.sit(service, 1)
    assert len(heard) == 1
    assert read_wanted(b'{"order": "preferences", "preferences": {"interval_min": 4}}') is None


def test_it_tells_when_it_reads_differently(world: World) -> None:
    service = world.service()
    told: list[ReminderState] = []
    service.changed.connect(told.append)
    service.tick()
    assert len(told) == 1
    world.sit(service, 10)
    # Four looks a minute; minutes sat and minutes left turn together or half a look apart.
    assert 10 <= len(told) - 1 <= 20
    told.clear()
    service.set_tray(True)
    service.set_tray(True)
    assert [state.has_tray for state in told] == [True]


def test_a_pause_is_not_told_again_and_again(world: World) -> None:
    service = world.service()
    service.tick()
    service.obey(Wanted(Order.PAUSE, 60))
    told: list[ReminderState] = []
    service.changed.connect(told.append)
    service.set_locked(True)
    world.sit(service, 30)
    assert len(told) <= 2


def test_a_locked_screen_is_a_break(world: World) -> None:
    service = world.service()
    world.idle_s = None
    service.tick()
    world.sit(service, 30)
    assert not service.state.knows_idle
    service.set_locked(True)
    world.sit(service, 5)
    service.set_locked(False)
    assert [noted["how"] for noted in breaks(world)] == ["away"]
    assert service.state.sitting_min == pytest.approx(0, abs=0.5)


def test_a_call_is_waited_for_and_told_of(world: World) -> None:
    world.occupied = Occupied.MICROPHONE
    service = world.service()
    heard = dues(service)
    service.tick()
    world.sit(service, 59)
    assert world.asked == 0
    world.sit(service, 11)
    assert heard == []
    assert 20 <= world.asked <= 23
    assert service.state.silence == SILENT[Occupied.MICROPHONE]
    assert not service.state.is_due
    world.occupied = None
    world.sit(service, 0.75)
    assert [state.silence for state in heard] == [WAITED[Occupied.MICROPHONE]]
    world.sit(service, 15)
    assert [state.silence for state in heard[1:]] == [""]


def test_a_break_in_the_middle_of_a_film_is_a_break(world: World) -> None:
    world.occupied = Occupied.FULL_SCREEN
    service = world.service()
    heard = dues(service)
    service.tick()
    world.sit(service, 70)
    world.go(service, 5)
    assert [noted["how"] for noted in breaks(world)] == ["away"]
    world.occupied = None
    world.sit(service, 30)
    assert heard == []
    assert service.state.silence == ""


def test_who_does_not_want_silence_is_reminded_in_a_call(world: World) -> None:
    world.occupied = Occupied.MICROPHONE
    service = world.service(is_calm=False)
    heard = dues(service)
    service.tick()
    world.sit(service, 61)
    assert (len(heard), world.asked) == (1, 0)
    service.obey(
        Wanted(Order.PREFERENCES, preferences=ReminderPreferences(is_on=True, is_calm=True))
    )
    world.sit(service, 20)
    assert len(heard) == 1
    assert service.state.is_due
    assert service.state.silence == SILENT[Occupied.MICROPHONE]


def test_while_it_waits_the_disk_rests(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.occupied = Occupied.CAMERA
    service = world.service()
    service.tick()
    world.sit(service, 62)
    kept: list[object] = []
    monkeypatch.setattr("app.tray.service.save_memory", lambda *what: kept.append(what))
    world.sit(service, 30)
    assert 10 <= len(kept) <= 25
