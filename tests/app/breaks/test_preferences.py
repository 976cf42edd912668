"""What was chosen about reminders survives damage entry by entry."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.breaks.preferences import PreferencesFile, ReminderPreferences, default_path
from app.settings import FOLDER_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_MONDAY = datetime(2026, 6, 1)
_HOURS = st.times().map(lambda at: f"{at:%H:%M}")


def test_nobody_is_reminded_unasked(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "reminder.json")
    assert (file.values, file.complaint) == (ReminderPreferences(), "")
    assert not file.values.is_on
    assert not file.values.starts_with_session
    assert file.values.interval_min == 60


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    file = PreferencesFile(tmp_path / "deep" / "reminder.json")
    chosen = {"is_on": True, "interval_min": 30, "quiet_from": "22:00", "quiet_to": "07:30"}
    file.values = ReminderPreferences.model_validate({**chosen, "quiet_days": [5, 6]})
    assert file.save()
    again = PreferencesFile(file.path)
    assert (again.values, again.complaint) == (file.values, "")


def test_valid_entries_of_a_damaged_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "reminder.json"
    damaged = {"is_on": True, "interval_min": 4, "quiet_from": "25:00", "quiet_days": [6, 9]}
    path.write_text(json.dumps({**damaged, "quiet_to": "07:00", "new": 1}))
    file = PreferencesFile(path)
    assert file.values == ReminderPreferences(is_on=True, quiet_to="07:00")
    assert "usual ones" in file.complaint
    assert file.save()
    assert PreferencesFile(path).complaint == ""


@pytest.mark.parametrize("interval_min", [5, 7, 30, 47, 60, 120, 240])
def test_any_number_of_minutes_is_read_again(tmp_path: Path, interval_min: int) -> None:
    path = tmp_path / "reminder.json"
    path.write_text(json.dumps({"interval_min": interval_min}))
    file = PreferencesFile(path)
    assert (file.values.interval_min, file.complaint) == (interval_min, "")


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_ruined_file_gives_the_usual_choices(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "reminder.json"
    path.write_bytes(content)
    file = PreferencesFile(path)
    assert file.values == ReminderPreferences()
    assert file.complaint


@given(st.dictionaries(st.sampled_from([*ReminderPreferences.model_fields, "else"]), _JSON))
def test_no_content_stops_the_start(
    tmp_path_factory: pytest.TempPathFactory, content: dict[str, Any]
) -> None:
    path = tmp_path_factory.mktemp("reminder") / "reminder.json"
    path.write_text(json.dumps(content))
    values = PreferencesFile(path).values
    assert 5 <= values.interval_min <= 240
    assert 5 <= values.standing_min <= 240
    assert 2 <= values.break_min <= 30
    assert values.is_quiet(_MONDAY) in {True, False}


@pytest.mark.parametrize("wrong", ["7:00", "24:00", "12:60", "12:00\n", " 12:00", "noon"])
def test_a_time_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(ValidationError):
        ReminderPreferences(quiet_from=wrong)


@given(_HOURS, _HOURS, st.times())
def test_quiet_hours_last_from_the_first_time_round_to_the_second(
    begin: str, end: str, at: time
) -> None:
    chosen = ReminderPreferences(quiet_from=begin, quiet_to=end)
    day = timedelta(days=1)

    def since_midnight(one: time) -> timedelta:
        return datetime.combine(_MONDAY, one) - _MONDAY

    start = since_midnight(time.fromisoformat(begin))
    length = (since_midnight(time.fromisoformat(end)) - start) % day
    wanted = (since_midnight(at) - start) % day < length
    assert chosen.is_quiet(datetime.combine(_MONDAY, at)) is wanted


@pytest.mark.parametrize(("begin", "end"), [("", ""), ("", "07:00"), ("22:00", "")])
def test_half_a_choice_of_hours_is_none(begin: str, end: str) -> None:
    chosen = ReminderPreferences(quiet_from=begin, quiet_to=end)
    hours = (_MONDAY + timedelta(hours=hour) for hour in range(24))
    assert not any(chosen.is_quiet(at) for at in hours)


def test_quiet_days_begin_on_monday() -> None:
    chosen = ReminderPreferences(quiet_days=(0, 6))
    quiet = [chosen.is_quiet(_MONDAY + timedelta(days=number)) for number in range(7)]
    assert quiet == [True, False, False, False, False, False, True]


def test_it_lies_beside_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_path() == tmp_path / "reminder.json"
