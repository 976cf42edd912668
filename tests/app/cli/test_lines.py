"""Nothing that a terminal would obey reaches it, in any command: from notes, names, or files."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cli import live_stream
from app.cli.lines import as_line, plain
from app.system.shell import Status
from tests.app.cli.runner import Request, beltline, json_lines
from tests.app.cli.test_live import View
from tests.hostile.shell_calls import CALLS, Call, Home, furnish

if TYPE_CHECKING:
    from pathlib import Path

_CLIPBOARD, _CLEAR, _TITLE = "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J", "\x1b]0;title\x1b\\"
#: And more: colours, a sixel, and what turns writing round.
EVIL = f"bare{_CLIPBOARD}foot{_CLEAR} \x9b31m\x1bPq\x1b\\{_TITLE}\r\u202etoday\x7f\x85"
SHOWN = "barefoot today"
OBEYED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
AWAY = [call for call in CALLS if not call.stays and call.path != ("doctor",)]


def test_sequences_go_with_all_that_belongs_to_them() -> None:
    assert plain(EVIL) == SHOWN
    assert plain("Größe\tin cm: 3 % [m] ]52;c; مرحبا") == "Größe\tin cm: 3 % [m] ]52;c; مرحبا"
    assert plain("one\nbeltline: another") == "one beltline: another"
    assert plain("\x1b]never ends and goes on") == "never ends and goes on"


@given(st.text() | st.text(alphabet="\x1b\x9b\x9d\x07\x9c[]\\0;mJ \n"))
def test_whatever_is_written(text: str) -> None:
    assert not OBEYED.search(plain(text))
    assert "\n" not in plain(text)
    line = as_line({"note": text}).decode()
    assert not OBEYED.search(line)
    assert json.loads(line) == {"note": text}
    if not re.search(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]", text):
        assert plain(text) == text


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("words") / "model"
    return folder, furnish(folder)


@pytest.fixture
def home(model: tuple[Path, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A history of somebody whose every word is evil, and photographs with such names."""
    made = Home(*model, tmp_path / "home")
    for name, folder in made.environment().items():
        monkeypatch.setenv(name, folder)
    monkeypatch.delenv("BELTLINE_DATABASE_URL", raising=False)
    with sqlite3.connect(made.database) as database:
        database.execute("UPDATE checks SET note = ?, garment = ?", (EVIL, EVIL))
        database.execute("UPDATE profiles SET name = ?", (EVIL,))
    database.close()
    return made


def _with_evil(call: Call, home: Home) -> list[str]:
    """Return the arguments, with files and people of evil names."""
    arguments: list[str] = []
    renamed: dict[str, str] = {}
    for text in home.filled(call):
        path = home.path / text
        folder = next((old for old in renamed if text.startswith(f"{old}/")), None)
        if text == "Me":
            text = EVIL
        elif folder is not None:  # what lies in it keeps its own name
            text = renamed[folder] + text.removeprefix(folder)
        elif str(home.path) in text:
            evil = path.with_name(f"{EVIL.replace('/', '')}{path.name}")
            if path.exists():
                path.rename(evil)
                renamed[text] = str(evil)
            text = str(evil)
        arguments.append(text)
    return arguments


@pytest.mark.parametrize("call", AWAY, ids=str)
def test_every_command(
    call: Call, home: Home, answers: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_stream, "LiveView", View)
    arguments = _with_evil(call, home)
    words = [argument for argument in arguments if argument != "--json"]
    if call.path != ("live",):
        result = beltline(*call.path, *words)
        # Nobody's name can be typed like that.
        is_found = call.path != ("history", "profile")
        assert result.exit_code in ({0, 3} if is_found else {2}), result.stderr
        assert not OBEYED.search(result.stdout)
        assert not OBEYED.search(result.stderr)
    result = beltline(*call.path, *words, "--json")
    assert not OBEYED.search(result.stdout), "and what has no such option says so"
    assert not OBEYED.search(result.stderr)
    if result.exit_code == 0:
        assert json_lines(result)


def test_an_id_that_nobody_could_type_is_left_out(home: Home) -> None:
    database = home.path / "data" / "beltline" / "history.sqlite3"
    with closing(sqlite3.connect(database)) as raw:
        raw.execute("UPDATE profiles SET client_id = ?", (EVIL,))
        raw.commit()
    for arguments in ((), ("--json",)):
        result = beltline("history", "profiles", *arguments)
        assert result.exit_code == Status.FAILED
        assert not OBEYED.search(result.stdout + result.stderr)
        assert "person 1" in result.stderr


def test_names_and_notes_come_back_whole_in_json(home: Home) -> None:
    first, *_ = json_lines(beltline("history", "list", "--json"))
    assert (first["note"], first["profile"]) == (EVIL, EVIL)
    shown = beltline("history", "show", 1).stdout
    assert SHOWN in shown


def test_what_is_wrong_is_told_without_it(home: Home) -> None:
    for arguments in (
        ("measure", EVIL),
        (EVIL,),
        ("history", EVIL),
        ("history", "list", "--profile", f"{EVIL}2"),
        ("history", "import", EVIL),
        ("history", "export", "--out", f"{home.path}/{EVIL}"),
        ("report", "--out", f"{home.path}/gone/{EVIL}.pdf"),
        ("live", "--json", "--camera", EVIL),
        ("measure", "--method", EVIL, "x.jpg"),
        ("measure", f"--{EVIL}"),
    ):
        result = beltline(*arguments)
        assert result.exit_code != 0
        assert not OBEYED.search(result.stdout), arguments
        assert not OBEYED.search(result.stderr), arguments
