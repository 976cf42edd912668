"""Who records is learned from programs that come with the sound server, whatever they say."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.system.calm import recording

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="for Linux")
SOURCES = "58\tspeakers.monitor\tPipeWire\n59\tmicrophone\tPipeWire\n"
CALL = {
    "index": 90,
    "source": 59,
    "corked": False,
    "resample_method": "copy",
    "properties": {"application.name": "Firefox", "media.name": "AudioCallbackDriver"},
}
NODE = {
    "type": "PipeWire:Interface:Node",
    "info": {"state": "running", "props": {"media.class": "Stream/Input/Audio"}},
}
#: Says what a test wrote down for these words; anything else is a failure.
SCRIPT = """#!/bin/sh
file="{folder}/$(echo "$*" | tr -d ' -').said"
[ -f "$file" ] || exit 1
[ -f "{folder}/slow" ] && exec sleep 5
exec cat "$file"
"""


class Sound:
    """A folder with all the programs that there are."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def have(self, program: str) -> None:
        path = self._folder / program
        path.write_text(SCRIPT.format(folder=self._folder), encoding="utf-8")
        path.chmod(0o755)

    def pulse(self, recordings: object) -> None:
        self.have("pactl")
        said = recordings if isinstance(recordings, str) else json.dumps(recordings)
        self._say("fjsonlistsourceoutputs", said)
        self._say("listshortsources", SOURCES)

    def pipewire(self, things: object) -> None:
        self.have("pw-dump")
        self._say("", things if isinstance(things, str) else json.dumps(things))

    def hang(self) -> None:
        (self._folder / "slow").touch()

    def _say(self, to: str, what: str) -> None:
        (self._folder / f"{to}.said").write_text(what, encoding="utf-8")


@pytest.fixture
def sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sound:
    folder = tmp_path / "programs"
    folder.mkdir()
    for name in ("sh", "cat", "tr", "sleep"):
        (folder / name).symlink_to(
            next(p for p in (Path("/bin", name), Path("/usr/bin", name)) if p.exists())
        )
    monkeypatch.setenv("PATH", str(folder))
    return Sound(folder)


def test_a_call_is_noticed(sound: Sound) -> None:
    sound.pulse([CALL])
    assert recording.microphone_in_use() is True


@pytest.mark.parametrize(
    "other",
    [
        {"corked": True},
        {"source": 58},
        {"resample_method": "peaks"},
        {"properties": {"media.name": "Peak detect"}},
        {"properties": {"media.role": "filter"}},
        {"properties": {"stream.monitor": "true"}},
    ],
)
def test_what_does_not_listen_to_the_room_is_no_call(
    sound: Sound, other: dict[str, object]
) -> None:
    sound.pulse([CALL | other])
    assert recording.microphone_in_use() is False
    sound.pulse([CALL | other, CALL])
    assert recording.microphone_in_use() is True


def test_silence_is_no_call(sound: Sound) -> None:
    sound.pulse([])
    assert recording.microphone_in_use() is False


@pytest.mark.parametrize("said", ["", "no", "{}", "null", '["x", 3]', "[" * 20_000, '[{"a": '])
def test_nonsense_is_no_call(sound: Sound, said: str) -> None:
    sound.pulse(said)
    assert not recording.microphone_in_use()
    sound.pipewire(said)
    assert not recording.microphone_in_use()


def test_without_any_program_nobody_knows(sound: Sound) -> None:
    assert recording.microphone_in_use() is None


def test_where_one_program_fails_the_other_is_asked(sound: Sound) -> None:
    sound.have("pactl")
    sound.pipewire([{"id": 1}, NODE])
    assert recording.microphone_in_use() is True


@pytest.mark.parametrize(
    "other",
    [
        {"state": "suspended"},
        {"props": {"media.class": "Stream/Output/Audio"}},
        {"props": {"media.class": "Stream/Input/Audio", "stream.monitor": True}},
        {"props": {"media.class": "Stream/Input/Audio", "stream.capture.sink": "true"}},
        {"props": None},
    ],
)
def test_pipewire_tells_what_does_not_listen(sound: Sound, other: dict[str, object]) -> None:
    sound.pipewire([NODE | {"info": NODE["info"] | other}])  # type: ignore[operator]
    assert recording.microphone_in_use() is False


def test_a_sound_server_that_hangs_is_left_alone(
    sound: Sound, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording, "LONGEST_S", 0.2)
    sound.pulse([CALL])
    sound.hang()
    began_s = time.monotonic()
    assert recording.microphone_in_use() is None
    assert time.monotonic() - began_s < 2


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_thing_of_pipewires_is_looked_at(thing: object) -> None:
    assert recording._runs(thing, "Audio") is False


@pytest.fixture
def processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sound: Sound) -> Path:
    """Stand in for /proc, with a camera that a test may open."""
    folder = tmp_path / "proc"
    (folder / "self").mkdir(parents=True)
    monkeypatch.setattr(recording, "_PROC", folder)
    return folder


def run_one(processes: Path, number: int, name: str, opened: str) -> None:
    folder = processes / str(number) / "fd"
    folder.mkdir(parents=True)
    (folder / "4").symlink_to(opened)
    (processes / str(number) / "comm").write_text(f"{name}\n")


@pytest.mark.parametrize(
    ("name", "opened", "answer"),
    [
        ("cheese", "/dev/video0", True),
        ("wireplumber", "/dev/video0", None),
        ("cheese", "/dev/null", None),
    ],
)
def test_an_open_camera_is_noticed(
    processes: Path, name: str, opened: str, answer: bool | None
) -> None:
    run_one(processes, 7, name, opened)
    assert recording.camera_in_use() is answer


def test_a_camera_by_way_of_pipewire_is_noticed(processes: Path, sound: Sound) -> None:
    video = {"state": "running", "props": {"media.class": "Stream/Input/Video"}}
    sound.pipewire([NODE | {"info": video}])
    assert recording.camera_in_use() is True
    assert recording.microphone_in_use() is False


@pytest.mark.skipif(os.name != "posix" or not Path("/proc/self/fd").exists(), reason="needs /proc")
def test_real_processes_are_looked_through() -> None:
    assert recording.camera_in_use() in (True, False, None)
