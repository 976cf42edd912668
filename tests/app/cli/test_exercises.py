"""``beltline exercises`` in this process, on a real database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from app.cli.exercises import exercises_app
from app.exercises.shared_list import SUFFIX, read_list, write_list
from app.history.diary import EntryKind, Plan, PlannedExercise
from app.history.place import URL_VARIABLE, Place
from app.history.practice import Practice, write_practice
from app.history.store import History
from app.system.shell import Status
from tests.app.exercises.made_up_lists import a_list
from tests.app.history.made_up import WHEN
from tests.app.history.protected import write_protected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.history.records import Profile

CLAM = Plan((PlannedExercise(name="Clam"),))
SHOWN = """\
From Praxis Süd, 4 May 2026
1. Clam: 3 sets of 10, hold 2.5 s, with a picture
2. Bridge: 2 sets of 10, each side, with a picture
3. Side-lying leg lift: 2 sets of 10
"""
TAKEN = """\
Zora has this list now: 3 exercises, 2 pictures.
The one before comes back with: beltline exercises undo.
"""


@pytest.fixture
def history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[History]:
    """The user's own history, in a folder of the test's."""
    place = Place(tmp_path / "data")
    monkeypatch.delenv(URL_VARIABLE, raising=False)
    monkeypatch.setattr("app.history.store.usual_place", lambda: place)
    with History.open(place) as opened:
        yield opened


@pytest.fixture
def zora(history: History) -> Profile:
    history.default_profile()
    whose = history.add_profile("Zora")
    history.note(whose.id, WHEN, CLAM)
    return whose


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / f"a{SUFFIX}"
    write_list(path, a_list())
    return path


def call(*arguments: object, text: str | None = None) -> Result:
    words = [str(argument) for argument in arguments]
    result = CliRunner().invoke(exercises_app, words, input=text)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def answer(*arguments: object) -> str:
    result = call(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def complaint(*arguments: object) -> str:
    result = call(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith("beltline: ")
    return line


def plans(history: History, whose: Profile) -> list[object]:
    return [entry.content for entry in history.entries(whose.id, EntryKind.PLAN)]


def test_a_list_comes_in_goes_out_and_is_taken_back(
    history: History, zora: Profile, file: Path, tmp_path: Path
) -> None:
    assert answer("import", file, "--profile", "zora") == SHOWN + TAKEN
    assert plans(history, zora) == [CLAM, a_list().plan]
    write_practice(history.place.folder, Practice("Praxis am Park"))
    out = tmp_path / f"out{SUFFIX}"
    said = answer("export", "--out", out, "--profile", "Zora")
    assert said == f"3 exercises, 2 pictures written to {out}\n"
    found = read_list(out)
    assert (found.practice, found.plan) == ("Praxis am Park", a_list().plan)
    assert b"Zora" not in out.read_bytes()
    assert set(found.pictures) == set(a_list().pictures)
    for left in (1, 0):
        assert answer("undo", "--profile", "Zora") == (
            "The newest list of Zora is in the bin; what was used before is used again.\n"
        )
        assert plans(history, zora) == [CLAM][:left]
    assert answer("undo", "--profile", "Zora") == "Zora has no list that could be taken back.\n"


def test_the_first_person_is_meant_where_none_is_named(history: History, file: Path) -> None:
    assert "Me has this list now" in answer("import", file)
    assert plans(history, history.default_profile()) == [a_list().plan]


def test_it_asks_at_a_terminal(
    history: History, zora: Profile, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal:
        def isatty(self) -> bool:
            return True

    class System:
        stdin = Terminal()

    monkeypatch.setattr("app.cli.exercises.sys", System())
    said = call("import", file, "--profile", "Zora", text="n\n")
    assert said.stdout.startswith(SHOWN)
    assert said.stdout.endswith("Nothing was changed.\n")
    assert "Use this list in place of the one of Zora?" in said.stderr
    assert plans(history, zora) == [CLAM]
    said = call("import", file, "--profile", "Zora", text="y\n")
    assert said.stdout.startswith(SHOWN)
    assert said.stdout.endswith(TAKEN)
    assert answer("import", file, "--profile", "Zora", "--yes") == SHOWN + TAKEN
    assert plans(history, zora) == [CLAM, a_list().plan, a_list().plan]


def test_what_is_wrong_is_told_in_a_sentence(
    history: History, zora: Profile, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"out{SUFFIX}"
    assert "Me has no list" in complaint("export", "--out", out)
    history.note(zora.id, WHEN, Plan())
    assert "Zora has no list" in complaint("export", "--out", out, "--profile", "Zora")
    assert "nobody" in complaint("import", file, "--profile", "nobody")
    assert "cannot be read" in complaint("import", tmp_path / "none")
    assert "is no list of exercises" in complaint("import", history.place.database)
    file.write_bytes(file.read_bytes()[:-9])
    assert "is damaged or was changed" in complaint("import", file)
    assert plans(history, zora) == [CLAM, Plan()]
    assert not out.exists()


def test_a_folder_that_takes_nothing_is_told(
    history: History, zora: Profile, tmp_path: Path
) -> None:
    history.note(zora.id, WHEN, CLAM)
    assert "ends in .beltline-exercises" in complaint(
        "export", "--out", tmp_path / "a.zip", "--profile", "Zora"
    )
    none = tmp_path / "none" / f"a{SUFFIX}"
    assert "cannot be written" in complaint("export", "--out", none, "--profile", "Zora")


def test_a_history_that_takes_nothing_is_told(history: History, zora: Profile, file: Path) -> None:
    with write_protected(history.place.folder):
        result = call("import", file, "--profile", "Zora")
    assert (result.exit_code, result.stdout) == (Status.FAILED, "")
    assert plans(history, zora) == [CLAM]
