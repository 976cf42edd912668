"""The program's place on a desktop: real files, read back as desktops read them."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
import tomllib
import xml.etree.ElementTree as Xml
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PyQt6.QtGui import QImage

from app.exercises.shared_list import SUFFIX
from app.system.desktop import shortcut
from app.system.desktop.entries import APPLICATION_ID, ASSETS, ICON_NAME
from app.system.desktop.shortcut import ENTRY, INSTALLED, PLACES, Launch, ShortcutError
from app.system.ipc import FOLDER
from tests.app.system.desktop.reading import groups_of, text_of, words_of
from vision._version import __version__
from vision.image.decode import FileFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PYTHON = Launch(("/opt/my python/bin/python", "-m", "app"), Path("/opt/my python/50% Ümläut"))
_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1)
_ODD = 'Müller\'s "Gerät" 50% $HOME `x` \\n ~'


@pytest.fixture(scope="module")
def files() -> Mapping[str, bytes]:
    return shortcut.desktop_files(INSTALLED, b"a page")


def _files(launch: Launch, like: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the files with another entry; drawing all icons anew takes its time."""
    return {**like, ENTRY: shortcut._entry(launch)}


def _checked(program: str, *arguments: object) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    command = [program, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    assert not re.search(r"^[EW]: ", done.stdout, re.M), done.stdout


def test_everything_that_is_written_is_known_and_can_be_read_by_all(
    tmp_path: Path, files: Mapping[str, bytes]
) -> None:
    shortcut.install(tmp_path, files)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {str(path.relative_to(tmp_path)) for path in found} == set(PLACES)
    assert {path.stat().st_mode & 0o777 for path in found} == {0o644}


def test_the_same_bytes_each_time(files: Mapping[str, bytes]) -> None:
    assert shortcut.desktop_files(INSTALLED, b"a page") == files


def test_pictures_are_the_drawing_at_each_size(files: Mapping[str, bytes]) -> None:
    for side_px in shortcut.ICON_SIDES_PX:
        image = QImage.fromData(files[f"icons/hicolor/{side_px}x{side_px}/apps/{ICON_NAME}.png"])
        assert (image.width(), image.height()) == (side_px, side_px)
        assert image.pixelColor(0, 0).alpha() < 128, "the corners are round"
        middle, head = image.pixelColor(side_px // 2, 39 * side_px // 64), side_px * 12 // 64
        assert middle.red() > 200 > 120 > middle.blue(), "the belt line is amber"
        assert image.pixelColor(side_px // 2 - 1, head).lightness() > 200, "the head is white"
        assert image.pixelColor(side_px * 8 // 64, side_px // 2).blue() > 140, "the ground is blue"


def test_a_drawing_that_cannot_be_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shortcut, "ICON_FILE", tmp_path / "gone.svg")
    with pytest.raises(ShortcutError, match="the icon cannot be drawn"):
        shortcut.icon_pngs((16,))


@pytest.mark.parametrize("launch", [INSTALLED, _PYTHON])
def test_the_entry_names_what_starts_the_program(
    tmp_path: Path, files: Mapping[str, bytes], launch: Launch
) -> None:
    shortcut.install(tmp_path, _files(launch, files))
    groups = groups_of(tmp_path / ENTRY)
    main = groups["Desktop Entry"]
    command = list(launch.command)
    assert words_of(main["Exec"]) == [*command, "%F"]
    assert words_of(groups["Desktop Action live"]["Exec"]) == [*command, "live"]
    assert words_of(groups["Desktop Action history"]["Exec"]) == [*command, "--page", "history"]
    assert text_of(main["TryExec"]) == command[0]
    assert main.get("Path") == (None if launch.folder is None else str(launch.folder))
    assert main["Icon"] == ICON_NAME
    assert set(main["Actions"].split(";")) - {""} == {"live", "history"}


@given(st.lists(_TEXT, min_size=1))
def test_any_command_comes_back_from_the_entry(command: list[str]) -> None:
    text = shortcut._entry(Launch(command)).decode()
    (line,) = re.findall(r"(?m)^Exec=(.*) %F$", text)
    (tried,) = re.findall(r"(?m)^TryExec=(.*)$", text)
    assert words_of(line) == command
    assert text_of(tried) == command[0]


def test_a_path_in_no_encoding_stays_as_it_is() -> None:
    entry = shortcut._entry(Launch(("/home/M\udcfcller/beltline",)))
    assert b'Exec="/home/M\xfcller/beltline" %F\n' in entry


@pytest.mark.parametrize("launch", [INSTALLED, _PYTHON, Launch((f"/opt/{_ODD}/beltline",))])
def test_desktops_find_nothing_wrong_with_the_entry(
    tmp_path: Path, files: Mapping[str, bytes], launch: Launch
) -> None:
    shortcut.install(tmp_path, _files(launch, files))
    _checked("desktop-file-validate", tmp_path / ENTRY)


@pytest.mark.skipif(sys.platform != "linux", reason="starts programs as desktops of Linux do")
def test_a_desktop_starts_it_wherever_it_lies(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    if shutil.which("gio") is None:
        pytest.skip("gio is not installed")
    program, told = tmp_path / _ODD / "beltline", tmp_path / "told"
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$0" "$@" >"{told}.part"\nmv "{told}.part" "{told}"\n'
    )
    program.chmod(0o755)
    photo = tmp_path / "von der Seite.jpg"
    photo.touch()
    shortcut.install(tmp_path, _files(Launch((str(program),)), files))
    subprocess.run(["gio", "launch", tmp_path / ENTRY, photo], check=True, timeout=60)
    until_s = time.monotonic() + 20
    while not told.exists() and time.monotonic() < until_s:
        time.sleep(0.02)
    assert told.read_text().splitlines() == [str(program), str(photo)]


def test_software_centres_find_nothing_wrong() -> None:
    _checked("appstreamcli", "validate", "--no-net", ASSETS / f"{APPLICATION_ID}.metainfo.xml")


def test_what_software_centres_show_agrees_with_the_program() -> None:
    told = Xml.parse(ASSETS / f"{APPLICATION_ID}.metainfo.xml").getroot()
    project = tomllib.loads((FOLDER / "pyproject.toml").read_text("utf-8"))["project"]
    main = groups_of(ASSETS / f"{APPLICATION_ID}.desktop")["Desktop Entry"]
    assert told.findtext("id") == APPLICATION_ID
    assert told.findtext("launchable") == Path(ENTRY).name
    assert told.findtext("project_license") == project["license"]
    assert [told.findtext("provides/binary")] == list(project["scripts"])
    newest = told.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__
    mime = Xml.parse(ASSETS / "mime.xml").getroot()
    (pattern,) = mime.iterfind("{*}mime-type/{*}glob")
    assert pattern.get("pattern") == f"*{SUFFIX}"
    (shared,) = (each.get("type") for each in mime)
    kinds = {one.text for one in told.iterfind("provides/mediatype")}
    assert kinds == set(main["MimeType"].split(";")) - {""}
    read = {f"image/{one.value.lower()}" for one in FileFormat if one is not FileFormat.FILM}
    assert kinds == read | {"image/heic", shared}


def test_another_version_is_written_over(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    old = tmp_path / ENTRY
    old.parent.mkdir(parents=True)
    old.write_text("[Desktop Entry]\nExec=/gone/beltline\n")
    old.chmod(0o444)
    shortcut.install(tmp_path, files)
    assert old.read_bytes() == files[ENTRY]


def test_what_was_written_goes_and_nothing_else(tmp_path: Path, files: Mapping[str, bytes]) -> None:
    neighbour = tmp_path / "applications" / "other.desktop"
    neighbour.parent.mkdir()
    neighbour.touch()
    shortcut.install(tmp_path, files)
    assert shortcut.remove(tmp_path)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [neighbour]
    assert list(tmp_path.iterdir()) == [neighbour.parent]
    assert not shortcut.remove(tmp_path)
    assert not shortcut.remove(tmp_path / "was" / "never")


def test_a_folder_that_takes_nothing_is_told_in_one_sentence(
    tmp_path: Path, files: Mapping[str, bytes]
) -> None:
    share = tmp_path / "share"
    share.write_text("a file where the folder belongs")
    for change in (lambda: shortcut.install(share, files), lambda: shortcut.remove(share)):
        with pytest.raises(ShortcutError, match=r"could not be changed \([^)]+\)\.") as told:
            change()
        assert "write beltline in a terminal" in told.value.fix


def test_what_was_called_is_what_the_menu_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "inside").touch()
    called = tmp_path / "beltline"
    called.symlink_to("inside")
    monkeypatch.setattr(sys, "argv", [str(called), "shortcut"])
    assert shortcut.usual_launch() == Launch((str(called),))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["beltline", "shortcut"])
    assert shortcut.usual_launch() == Launch((str(called),))
    monkeypatch.setattr(sys, "argv", [str(FOLDER / "app" / "__main__.py"), "shortcut"])
    assert shortcut.usual_launch() == Launch((sys.executable, "-m", "app"), FOLDER)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert shortcut.usual_launch() == Launch((sys.executable,))


def test_a_desktop_without_the_tool_is_told_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    shortcut.tell_desktop(tmp_path)


def test_windows_is_asked_for_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    def run(command: list[str], **how: Any) -> None:
        asked.append((command, how["env"]))

    monkeypatch.setenv("APPDATA", str(tmp_path))
    monkeypatch.setattr(subprocess, "run", run)
    shortcut.link_in_start_menu(_PYTHON)
    ((command, told),) = asked
    assert command[0] == "powershell"
    assert told["BELTLINE_LINK"] == str(shortcut.start_menu_link())
    assert told["BELTLINE_TARGET"] == _PYTHON.command[0]
    assert told["BELTLINE_ARGUMENTS"] == "-m app"
    assert told["BELTLINE_FOLDER"] == str(_PYTHON.folder)
    assert set(re.findall(r"\$env:(\w+)", command[-1])) == {
        name for name in told if name.startswith("BELTLINE_") and "PHOTOS" not in name
    }
    assert shortcut.start_menu_link().parent.is_dir()


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (FileNotFoundError(2, "No such file or directory"), "no such file or directory"),
        (subprocess.CalledProcessError(1, "powershell"), "PowerShell ended with 1"),
    ],
)
def test_a_link_that_fails_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, why: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setenv("APPDATA", str(tmp_path))
    known = SimpleNamespace(**(vars(subprocess) | {"run": fail}))
    monkeypatch.setattr(shortcut, "subprocess", known)
    with pytest.raises(ShortcutError, match=why):
        shortcut.link_in_start_menu(_PYTHON)


def test_what_cannot_be_changed_is_told_in_the_language(
    tmp_path: Path, in_pseudo: Callable[[str], bool]
) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(ShortcutError) as caught:
        shortcut.install(tmp_path, {"folder": b""})
    assert in_pseudo(caught.value.message)
    assert in_pseudo(caught.value.fix)
    assert in_pseudo(caught.value.message.partition("(")[2].rpartition(")")[0])
