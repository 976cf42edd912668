"""The settings survive damage entry by entry."""

from __future__ import annotations

import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.breaks.preferences import PreferencesFile
from app.settings import FOLDER_VARIABLE, Settings, SettingsFile, default_path

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def test_a_first_start_has_the_usual_settings_and_no_complaint(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "none" / "settings.json")
    assert settings.values == Settings()
    assert settings.complaint == ""


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    settings = SettingsFile(tmp_path / "deep" / "settings.json")
    settings.values.scheme = "dark"
    settings.values.hidden_layers = ["landmarks"]
    assert settings.save()
    assert SettingsFile(settings.path).values == settings.values
    assert [path.name for path in settings.path.parent.iterdir()] == ["settings.json"]


def test_valid_entries_of_a_damaged_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"scheme": "dark", "countdown_s": "soon", "page": 3, "new": 1}))
    settings = SettingsFile(path)
    assert settings.values == Settings(scheme="dark")
    assert "usual ones" in settings.complaint


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_ruined_file_gives_the_usual_settings(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    settings = SettingsFile(path)
    assert settings.values == Settings()
    assert settings.complaint
    assert settings.save()
    assert SettingsFile(path).complaint == ""


@pytest.mark.parametrize("content", [b"\xff\xfe", b"{", b'{"scheme": 3, "interval_min": "x"}'])
def test_a_complaint_is_in_the_language_that_is_chosen_after_reading(
    tmp_path: Path, content: bytes, request: pytest.FixtureRequest
) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    files = SettingsFile(path), PreferencesFile(path)
    assert all("usual ones" in file.complaint for file in files)
    in_pseudo: Callable[[str], bool] = request.getfixturevalue("in_pseudo")
    assert all(in_pseudo(file.complaint) for file in files)


@given(st.dictionaries(st.sampled_from([*Settings.model_fields, "else"]), _JSON))
def test_no_content_stops_the_start(tmp_path_factory: Any, content: dict[str, Any]) -> None:
    path = tmp_path_factory.mktemp("settings") / "settings.json"
    path.write_text(json.dumps(content))
    values = SettingsFile(path).values
    assert 1 <= values.countdown_s <= 60
    assert values.scheme in {"system", "light", "dark"}


def test_changes_are_written_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    file = SettingsFile(path)
    assert file.save_changes()
    assert not path.exists()
    file.values.text_percent = 150
    assert file.save_changes()
    assert SettingsFile(path).values.text_percent == 150
    path.unlink()
    assert file.save_changes()
    assert not path.exists()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings = SettingsFile(tmp_path / "none.json")
    settings.path = tmp_path / "file" / "settings.json"
    assert not settings.save()


def test_nobody_else_reads_them(tmp_path: Path) -> None:
    path = tmp_path / "beltline" / "settings.json"
    assert SettingsFile(path).save()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    # As earlier versions left them.
    path.chmod(0o644)
    path.parent.chmod(0o755)
    SettingsFile(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_folder_that_somebody_named_stays_as_it_is(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    SettingsFile(tmp_path / "settings.json").save()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_the_folder_can_be_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_path() == tmp_path / "settings.json"
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert default_path().name == "settings.json"
