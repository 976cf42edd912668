"""`beltline doctor` tells what works here, and what to do about what does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from app.gui.help.examining import examine
from app.history.place import URL_VARIABLE, Place
from app.history.store import History
from app.system.shell import Status
from app.text.doctor import Health
from tests.app.cli.runner import beltline
from tests.app.history.protected import write_protected
from vision.camera.capture import CameraInfo
from vision.model_files import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from app.text.doctor import Finding


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return folder


@pytest.fixture
def cameras(monkeypatch: pytest.MonkeyPatch) -> list[CameraInfo]:
    found: list[CameraInfo] = []
    monkeypatch.setattr("vision.camera.capture.list_cameras", lambda: tuple(found))
    return found


def finding(part: str) -> Finding:
    return next(found for found in examine() if found.part == part)


def test_a_sound_installation_measures_and_changes_nothing(
    data_folder: Path, cameras: list[CameraInfo]
) -> None:
    cameras.append(CameraInfo(0, "Built-in camera"))
    result = beltline("doctor")
    assert result.exit_code == 0
    for words in ("Models: in order.", "The sample picture was measured: ", "Built-in camera"):
        assert words in result.stdout
    assert "Nothing is kept yet" in result.stdout
    assert list(data_folder.iterdir()) == []


def test_json_holds_every_part(cameras: list[CameraInfo]) -> None:
    result = beltline("doctor", "--json")
    assert result.exit_code == 0
    document: dict[str, Any] = json.loads(result.stdout)
    statuses = {part["part"]: part["status"] for part in document["parts"]}
    assert statuses == {
        "models": "works",
        "measuring": "works",
        "screen": "works",
        "camera": "absent",
        "history": "works",
    }
    assert cameras == []


def test_no_screen_is_no_fault(monkeypatch: pytest.MonkeyPatch, cameras: list[CameraInfo]) -> None:
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.platform", "linux")
    assert finding("screen").health is Health.ABSENT
    assert beltline("doctor").exit_code == 0
    assert cameras == []


def test_a_damaged_history_is_told_with_what_to_do(
    data_folder: Path, cameras: list[CameraInfo]
) -> None:
    folder = data_folder / "beltline"
    folder.mkdir()
    (folder / "history.sqlite3").write_bytes(b"something else" * 100)
    found = finding("history")
    assert found.health is Health.BROKEN
    assert found.fix
    result = beltline("doctor")
    assert result.exit_code == Status.FAILED
    assert "History: not working." in result.stdout
    assert cameras == []


def test_a_history_that_can_only_be_read_is_told(
    data_folder: Path, cameras: list[CameraInfo]
) -> None:
    place = Place(data_folder / "beltline")
    History.open(place).close()
    with write_protected(place.folder):
        found = finding("history")
    assert found.health is Health.BROKEN
    assert "can be read, but nothing can be saved there" in found.message
    assert found.fix
    assert finding("history").health is Health.WORKS
    assert cameras == []


def test_a_missing_model_is_told(
    monkeypatch: pytest.MonkeyPatch, cameras: list[CameraInfo]
) -> None:
    def missing(name: str) -> bytes:
        raise ModelError(f"The model {name} is missing.", "Install Beltline again.")

    monkeypatch.setattr("vision.model_files.read_model", missing)
    found = finding("models")
    assert found.health is Health.BROKEN
    assert "is missing" in found.message
    assert cameras == []


def test_a_server_that_is_none_is_told(
    monkeypatch: pytest.MonkeyPatch, cameras: list[CameraInfo]
) -> None:
    monkeypatch.setenv(URL_VARIABLE, "mysql://somewhere")
    assert finding("history").health is Health.BROKEN
    assert cameras == []


def test_a_library_that_does_not_load_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> tuple[CameraInfo, ...]:
        raise ImportError("libGL.so.1: cannot open shared object file", name="cv2")

    monkeypatch.setattr("vision.camera.capture.list_cameras", broken)
    found = finding("camera")
    assert found.health is Health.BROKEN
    assert "libGL.so.1" in found.message
