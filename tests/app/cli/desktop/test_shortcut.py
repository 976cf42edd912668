"""``beltline shortcut``: into a home of every kind, out of it, and into a package."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.system.desktop import shortcut
from app.system.desktop.shortcut import ENTRY, MANUAL, PLACES
from app.system.shell import Status
from tests.app.cli.runner import beltline
from tests.app.system.desktop.reading import groups_of, words_of
from vision._version import __version__

_CLONE = Path(__file__).parents[4]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's own folder, and nothing that names another."""
    own = tmp_path / "Zoë Müller"
    own.mkdir()
    monkeypatch.setenv("HOME", str(own))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    return own


def _written(share: Path) -> set[str]:
    written = {str(path.relative_to(share)) for path in share.rglob("*") if path.is_file()}
    # Where the desktop's own tools are, they make lists of what opens what.
    return {name for name in written if not re.match(r"mime/(?!packages/)|.*/mimeinfo.cache", name)}


def test_it_comes_and_goes(home: Path) -> None:
    share = home / ".local" / "share"
    entry = share / ENTRY
    added = beltline("shortcut")
    assert added.stdout == f"Beltline is in your menu now, by {entry}.\n"
    assert (added.exit_code, added.stderr) == (0, "")
    assert _written(share) == set(PLACES)
    assert beltline("shortcut").exit_code == 0, "once more does no harm"
    removed = beltline("shortcut", "--remove")
    assert removed.stdout == f"Beltline is no longer in your menu; {entry} is gone.\n"
    assert _written(share) == set()
    again = beltline("shortcut", "--remove")
    assert again.stdout == f"There was no menu entry of Beltline's: {entry} is not there.\n"
    assert again.exit_code == 0


def test_the_menu_starts_what_was_called(home: Path) -> None:
    program = home / "Programme für mich" / "beltline"
    program.parent.mkdir()
    program.write_text(
        # What pip writes where the path is too odd for the first line of a script.
        f"#!/bin/sh\n'''exec' \"{sys.executable}\" \"$0\" \"$@\"\n' '''\n"
        "from app.__main__ import main\nmain()\n"
    )
    program.chmod(0o755)
    place = home / "shared data"
    known = {"HOME": str(home), "XDG_DATA_HOME": str(place), "PYTHONPATH": str(_CLONE)}
    environment = os.environ | known
    subprocess.run([program, "shortcut"], env=environment, check=True, cwd=home, timeout=50)
    *command, photos = words_of(groups_of(place / ENTRY)["Desktop Entry"]["Exec"])
    assert photos == "%F"
    answer = subprocess.run(
        [*command, "--version"], env=environment, check=True, capture_output=True, timeout=50
    )
    assert answer.stdout.decode() == f"beltline {__version__}\n"


def test_a_home_that_takes_nothing_is_told(home: Path) -> None:
    (home / ".local").write_text("a file where the folder belongs")
    for arguments in ((), ("--remove",)):
        result = beltline("shortcut", *arguments)
        assert (result.exit_code, result.stdout) == (Status.FAILED, "")
        (line,) = result.stderr.splitlines()
        assert line.startswith("beltline: The menu entry could not be changed (")


def test_a_package_gets_the_same_each_time(home: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        result = beltline("shortcut", "--into", tmp_path / name)
        assert result.stdout.endswith(f" is in {tmp_path / name / 'share'}.\n")
    one, two = tmp_path / "one" / "share", tmp_path / "two" / "share"
    assert _written(one) == set(PLACES)
    for place in PLACES:
        assert (one / place).read_bytes() == (two / place).read_bytes(), place
    assert "Exec=beltline %F\n" in (one / ENTRY).read_text("utf-8")
    assert gzip.decompress((one / MANUAL).read_bytes()).startswith(b".TH BELTLINE 1 ")
    assert list(home.iterdir()) == [], "a person's own folder is left alone"


def test_macos_says_what_to_do_instead(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    result = beltline("shortcut")
    assert result.exit_code == Status.FAILED
    assert "write beltline" in result.stderr
    assert list(home.iterdir()) == []


def test_windows_has_a_link(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link = home / "Beltline.lnk"
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(shortcut, "start_menu_link", lambda: link)
    monkeypatch.setattr(shortcut, "link_in_start_menu", lambda _: link.touch())
    assert beltline("shortcut").stdout == f"Beltline is in your menu now, by {link}.\n"
    assert " is gone." in beltline("shortcut", "--remove").stdout
    assert not link.exists()
    assert "is not there" in beltline("shortcut", "--remove").stdout
