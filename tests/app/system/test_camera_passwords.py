"""A camera's password is in the system's keyring or nowhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import keyring
import pytest
from keyring.backends import fail, null
from keyring.errors import KeyringLocked

from app.settings import SettingsFile
from app.system import camera_passwords
from app.system.camera_passwords import keep_password, move_password_out, with_password
from vision.camera.address import read_address

if TYPE_CHECKING:
    from pathlib import Path

    from keyring.backend import KeyringBackend

    from tests.keyrings import MemoryKeyring

FULL, PUBLIC = "http://me:secret@cam/video", "http://cam/video"


def test_a_password_comes_back(ring: MemoryKeyring) -> None:
    assert keep_password(read_address(FULL))
    assert with_password(PUBLIC) == FULL
    assert with_password("http://other/video") == "http://other/video"
    assert list(ring.kept) == [("Beltline camera", PUBLIC)]


def test_another_address_in_its_place_is_not_used(ring: MemoryKeyring) -> None:
    ring.kept["Beltline camera", PUBLIC] = "http://me:secret@elsewhere/video"
    assert with_password(PUBLIC) == PUBLIC


@pytest.mark.parametrize("without", [fail.Keyring, null.Keyring])
def test_without_a_keyring_nothing_is_kept(
    ring: MemoryKeyring, without: type[KeyringBackend]
) -> None:
    keyring.set_keyring(without())
    assert not keep_password(read_address(FULL))
    assert with_password(PUBLIC) == PUBLIC
    assert ring.kept == {}


def test_a_keyring_that_stays_locked_is_none(
    ring: MemoryKeyring, caplog: pytest.LogCaptureFixture
) -> None:
    ring.error = KeyringLocked("the secret of me is locked")
    with caplog.at_level("DEBUG"):
        assert not keep_password(read_address(FULL))
        assert with_password(PUBLIC) == PUBLIC
    assert "secret" not in caplog.text


def test_a_keyring_that_answers_never_is_not_waited_for(
    ring: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera_passwords, "_AT_MOST_S", 0.05)
    ring.wait_s = 0.4
    assert not keep_password(read_address(FULL))
    assert with_password(PUBLIC) == PUBLIC


def test_a_password_in_old_settings_is_moved_out_at_once(
    ring: MemoryKeyring, tmp_path: Path
) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"live_address": FULL, "live_uses_address": True}))
    settings = SettingsFile(path)
    move_password_out(settings)
    assert "secret" not in path.read_text()
    assert settings.values.live_address == PUBLIC
    assert settings.values.live_address_has_password
    assert ring.was_asked.wait(5)
    assert with_password(PUBLIC) == FULL


@pytest.mark.parametrize("address", ["", PUBLIC])
def test_settings_without_a_password_stay_as_they_are(
    ring: MemoryKeyring, tmp_path: Path, address: str
) -> None:
    settings = SettingsFile(tmp_path / "settings.json")
    settings.values.live_address = address
    move_password_out(settings)
    assert not (tmp_path / "settings.json").exists()
    assert not settings.values.live_address_has_password
    assert not ring.was_asked.is_set()
