"""What the commands have in common."""

from __future__ import annotations

import pytest
import typer

from app.cli.console import complain, confirm, failing_in_a_sentence, show
from app.errors import AppError
from app.system.shell import Status


def test_whoever_breaks_a_question_off_has_said_no(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def break_off(*_: object, **__: object) -> bool:
        raise typer.Abort

    monkeypatch.setattr(typer, "confirm", break_off)
    assert not confirm("Delete all?")
    assert capsys.readouterr() == ("", "\n"), "what follows has a line of its own"
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: True)
    assert confirm("Delete all?")


def test_lines_for_people_hold_nothing_to_obey(capsys: pytest.CaptureFixture[str]) -> None:
    show("one\x1b[2J", "two\r")
    complain("The file 'a\x1b]0;title\x07b' is not there.\n")
    out, said = capsys.readouterr()
    assert out == "one\ntwo\n"
    assert said == "beltline: The file 'ab' is not there. \n"


@pytest.mark.parametrize(
    ("error", "status"),
    [(AppError("No.", "Do."), Status.FAILED), (ValueError("Wrong."), Status.WRONG_USAGE)],
)
def test_what_fails_leaves_in_a_sentence(error: Exception, status: Status) -> None:
    with pytest.raises(SystemExit) as left, failing_in_a_sentence(ValueError):
        raise error
    assert left.value.code == status
