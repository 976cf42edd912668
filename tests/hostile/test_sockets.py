"""No command and no page reaches for a network, unless a person named whom to reach.

Every call of the system that could is looked at, whoever makes it: the program itself, or what
it uses (Qt, mediapipe, matplotlib, the keyring). Looking a name up counts as well.
"""

from __future__ import annotations

import socket
import sys
from typing import TYPE_CHECKING

import cv2
import pytest
import typer
from typer.core import TyperGroup

from app import Page
from app.cli import app
from app.exercises.shared_list import SUFFIX, write_list
from tests.app.exercises.made_up_lists import a_list
from tests.app.history.postgres import other_user, programs, run_server
from tests.app.study.studies import rated_study, write_photographs
from tests.app.tray.test_on_a_desktop import desktop, needs_screen
from tests.app.tray.test_on_a_desktop import pytestmark as needs_bus
from tests.hostile.watched import CLONE, Watched, beltline, own_home, watch, why_not
from tests.vision.mjpeg_server import MjpegServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(_WHY_NOT is not None, reason=str(_WHY_NOT))

PHOTO = str(CLONE / "sample_images" / "man_average_right_tilt8.jpg")
OTHER = str(CLONE / "sample_images" / "woman_slim_left_tilt11.jpg")
THIRD = str(CLONE / "sample_images" / "man_muscular_right_tilt14.jpg")
SAMPLES = str(CLONE / "sample_images")
FILM = str(CLONE / "tests" / "clips" / "still_5.mp4")
#: An evening at the command line: each command at least once, in an order in which all have
#: something to do. `OUT` is a folder to write to, `STUDY` one of a study that is rated, `LIST` a
#: file with a list of exercises, `LAST` the word that the line before ended with.
EVENING = """
measure PHOTO OTHER --save --profile Ana --note dusk --overlay OUT
measure PHOTO --json --asis 478 505 --psis 375 490 --save --profile Ana
measure PHOTO OTHER --quick --workers 2
calibrate PHOTO --profile Ana --asis 478 505 --psis 375 490
range --tucked PHOTO --relaxed OTHER --arched THIRD --json
live --json --camera FILM
cohort measure PHOTO --out OUT/rows --quick --workers 1
cohort status OUT/rows
cohort merge OUT/rows --out OUT/rows.csv
exercises import LIST --profile Ana
exercises export --profile Ana --out OUT/list.beltline-exercises
exercises undo --profile Ana
history list --json
history trend --profile Ana
history show 1
history compare 1 2
history profiles
history profile Ana --born 1980
history export --out OUT/checks.csv
history backup --out OUT/all.zip
history salvage --out OUT/saved.sqlite3
history copies
history delete 1 --yes
history restore LAST
history use-copy OUT/saved.sqlite3 --yes
history delete 2 --yes
history bin
history import OUT/all.zip
history empty-bin --yes
report --out OUT/report.pdf --profile Ana
study init OUT/study --design raters=1,repeats=1,subjects=3 --photos SAMPLES
study protocol STUDY --out OUT/protocol.pdf
study import STUDY STUDY/raters/rater-1
study status STUDY
study report STUDY --out OUT/report
study export STUDY --out OUT/export
doctor
shortcut
shortcut --remove
open PHOTO
study rate STUDY/raters/rater-1
tray --quiet
"""
#: Its processes talk to one another, within this computer.
_TALKING_TO_ITSELF = "cohort measure "
#: In every run; all of it with ``--hostile``.
SHORT_EVENING = ("measure PHOTO --json", "history list")
#: These end by no means, so they are ended, after so many seconds.
_ENDLESS_S = {"open": 8.0, "tray": 3.0, "study rate": 6.0}
_STATUSES = {0, 3}
_ENDED = 124
_TIMES = 6
_SHORT_PAGES = (Page.CHECK, Page.HISTORY)


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "out").mkdir()
    return own_home(tmp_path)


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("hostile"))


@pytest.fixture
def _only_long(is_long: bool) -> None:
    if not is_long:
        pytest.skip("part of the long form: --hostile")


def _leaves(command: object, *names: str) -> Iterator[str]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from _leaves(part, *names, name)
    else:
        yield " ".join(names)


def _said(done: Watched) -> str:
    return f"{done}\n{done.said}\n{done.complained}"


def _filled(line: str, folder: Path, last: str) -> list[str]:
    places = {"PHOTO": PHOTO, "OTHER": OTHER, "THIRD": THIRD, "FILM": FILM, "LAST": last}
    places |= {"SAMPLES": SAMPLES, "LIST": str(folder / f"list{SUFFIX}")}
    folders = {"OUT": str(folder / "out"), "STUDY": str(folder / "study")}
    for name, path in folders.items():
        line = line.replace(name, path)
    return [places.get(word, word) for word in line.split()]


def test_each_command_has_its_place_in_the_evening() -> None:
    lines = EVENING.split("\n")
    forgotten = [
        name
        for name in _leaves(typer.main.get_command(app))
        if not any(line.startswith(f"{name} ") or line == name for line in lines)
    ]
    assert forgotten == []


def test_the_watch_sees_everything(tmp_path: Path, home: dict[str, str]) -> None:
    reaching = """
import socket, subprocess, sys
for kind, host in ((socket.AF_INET, "127.0.0.9"), (socket.AF_INET6, "::1")):
    try:
        socket.socket(kind, socket.SOCK_DGRAM).connect((host, 9))
    except OSError:
        pass
try:
    socket.socket(socket.AF_UNIX).connect("/run/systemd/resolve/io.systemd.Resolve")
except OSError:
    pass
subprocess.run([sys.executable, "-c", "import socket; socket.socket(socket.AF_NETLINK)"])
"""
    done = watch([sys.executable, "-c", reaching], tmp_path, home)
    assert done.families >= {"AF_INET", "AF_INET6", "AF_NETLINK"}
    assert done.addresses >= {"127.0.0.9:9", "::1:9"}
    assert done.look_ups == {"/run/systemd/resolve/io.systemd.Resolve"}


def test_no_command_reaches_for_a_network(
    tmp_path: Path, home: dict[str, str], is_long: bool
) -> None:
    last = ""
    if is_long:
        write_photographs(tmp_path / "people", 3)
        rated_study(tmp_path / "study", tmp_path / "people")
        write_list(tmp_path / f"list{SUFFIX}", a_list())
    for line in EVENING.strip().split("\n"):
        if not is_long and not line.startswith(SHORT_EVENING):
            continue
        ends = (end_s for name, end_s in _ENDLESS_S.items() if line.startswith(name))
        ends_after_s = next(ends, None)
        command = beltline(*_filled(line, tmp_path, last), for_s=ends_after_s)
        done = watch(command, tmp_path, home)
        assert done.status in (_STATUSES if ends_after_s is None else {_ENDED}), line + _said(done)
        _reached_nobody(done, line)
        last = (done.said.split() or [""])[-1]


def _reached_nobody(done: Watched, line: str) -> None:
    if not line.startswith(_TALKING_TO_ITSELF):
        assert done.reached == frozenset(), line + _said(done)
        return
    strangers = [address for address in done.addresses if not address.startswith("127.0.0.1:")]
    assert strangers == [], line + _said(done)
    assert done.look_ups == frozenset(), line + _said(done)


def test_no_page_reaches_for_a_network(tmp_path: Path, home: dict[str, str], is_long: bool) -> None:
    pages = list(Page) if is_long else _SHORT_PAGES
    _tour(tmp_path, home, [page.value for page in pages])


@needs_bus
@needs_screen
@pytest.mark.usefixtures("_only_long")
def test_on_a_desktop_no_page_does_either(tmp_path: Path, home: dict[str, str]) -> None:
    with desktop(tmp_path, "idle", "login", "active", has_screen=True) as screen:
        names = "DISPLAY", "QT_QPA_PLATFORM", "DBUS_SESSION_BUS_ADDRESS", "DBUS_SYSTEM_BUS_ADDRESS"
        _tour(
            tmp_path, home | {name: screen.environment[name] for name in names}, [*map(str, Page)]
        )


def _long_film(folder: Path) -> str:
    """Write the film of somebody who stands still so often that a busy machine can measure them."""
    film = cv2.VideoCapture(FILM)
    pictures = []
    while (read := film.read())[0]:
        pictures.append(read[1])
    height_px, width_px = pictures[0].shape[:2]
    path, fps = str(folder / "long.mp4"), film.get(cv2.CAP_PROP_FPS)
    writer = cv2.VideoWriter(path, cv2.VideoWriter.fourcc(*"mp4v"), fps, (width_px, height_px))
    # Forth and back, so that nobody jumps.
    for picture in (pictures + pictures[::-1]) * _TIMES:
        writer.write(picture)
    writer.release()
    return path


def _tour(folder: Path, environment: dict[str, str], pages: list[str]) -> None:
    film = _long_film(folder) if Page.LIVE in pages else FILM
    command = [sys.executable, "-m", "tests.hostile.window_tour", PHOTO, film, *pages]
    done = watch(command, folder, environment)
    ends = {Page.CHECK: ":measured", Page.LIVE: ":result"}
    went = " ".join(page + ends.get(Page(page), "") for page in pages)
    assert done.status == 0, _said(done)
    assert f"went: {went}\n" in done.said, _said(done)
    assert done.reached == frozenset(), _said(done)


def test_a_camera_in_the_network_is_all_that_is_reached(
    tmp_path: Path, home: dict[str, str]
) -> None:
    with MjpegServer() as camera:
        address = camera.address.replace("//", "//ana:secret@")
        # Two lines are enough, however long a busy machine takes.
        first_lines = ["sh", "-c", '"$@" | head -n 2', "sh"]
        live = beltline("live", "--json", "--camera", address, for_s=50.0)
        done = watch([*first_lines, *live], tmp_path, home)
        assert camera.connections > 0
    assert '"state"' in done.said, _said(done)
    _reached_only(done, camera.address.split("/")[2])


@pytest.mark.usefixtures("_only_long")
def test_a_window_with_a_camera_in_the_network_reaches_only_that(
    tmp_path: Path, home: dict[str, str]
) -> None:
    with MjpegServer() as camera:
        address = camera.address.replace("//", "//ana:secret@")
        done = watch(beltline("live", "--camera", address, for_s=10.0), tmp_path, home)
        assert camera.connections > 0
    _reached_only(done, camera.address.split("/")[2])


@pytest.mark.usefixtures("_only_long")
def test_a_server_on_this_computer_is_reached_without_a_network(
    tmp_path: Path, home: dict[str, str]
) -> None:
    folder, user = programs(), other_user()
    if folder is None or user is None:
        pytest.skip("needs PostgreSQL, and somebody to run it")
    for server in run_server(folder, user):
        done = watch(
            beltline("history", "list"), tmp_path, home | {"BELTLINE_DATABASE_URL": server.url}
        )
        assert done.status == 0, _said(done)
        assert done.reached == frozenset(), _said(done)


def test_a_named_server_is_all_that_is_reached(tmp_path: Path, home: dict[str, str]) -> None:
    with socket.socket() as held:
        # Bound and not listening: nobody answers, and nobody else gets the port.
        held.bind(("127.0.0.1", 0))
        named = f"127.0.0.1:{held.getsockname()[1]}"
        url = f"postgresql://desk@{named}/beltline"
        done = watch(beltline("history", "list"), tmp_path, home | {"BELTLINE_DATABASE_URL": url})
    assert done.status not in _STATUSES, _said(done)
    _reached_only(done, named)


def _reached_only(done: Watched, address: str) -> None:
    assert done.addresses == {address}, _said(done)
    assert done.families == {"AF_INET"}, _said(done)
    assert done.look_ups == frozenset(), _said(done)
