"""The manual page: all that the commands say, and nothing that man stumbles over."""

from __future__ import annotations

import re
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest
import typer
from typer.core import TyperGroup
from typer.main import get_command

from app.cli import app
from app.cli.desktop.manual import compressed, manual_page
from vision._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def _context(program: typer.Typer = app) -> Any:
    return typer.Context(get_command(program), info_name="beltline")


def _plain(page: str) -> str:
    """Return what the page says, on one line."""
    text = page.replace(r"\-", "-").replace(r"\(aq", "'").replace(r"\(dq", '"')
    return " ".join(re.sub(r"\\f.", "", text).split())


def _all_commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    yield " ".join(("beltline", *path)), command
    if isinstance(command, TyperGroup):
        for name, inner in command.commands.items():
            yield from _all_commands(inner, (*path, name))


def test_every_command_and_option_is_on_the_page() -> None:
    page = _plain(manual_page(_context()))
    shown = [each for each in _all_commands(_context().command) if not each[1].hidden]
    assert len(shown) > 20
    for name, command in shown:
        assert name in page
        assert " ".join(command.help.split("\n\n")[0].split()) in page
        for parameter in command.params:
            if not getattr(parameter, "hidden", False) and parameter.opts[0].startswith("-"):
                assert f".B {parameter.opts[0]} " in f"{page} ", name
                assert " ".join(parameter.help.split()) in page, name


def test_what_is_hidden_is_not_on_it() -> None:
    page = _plain(manual_page(_context()))
    assert "beltline open" not in page
    assert "--into" not in page
    assert "--page" not in page


def test_it_names_the_version_and_is_the_same_each_time() -> None:
    page = manual_page(_context())
    assert f'"Beltline {__version__}"' in page
    assert compressed(page) == compressed(manual_page(_context()))


def test_man_shows_it_without_a_complaint(tmp_path: Path) -> None:
    if shutil.which("man") is None:
        pytest.skip("man is not installed")
    odd = typer.Typer()

    @odd.command("it's")
    def its(way: str = typer.Option("", help="'This' \\d and `that` ^ ~ \"so\" - end")) -> None:
        """.so a line that begins like a macro, and a back\\slash."""

    odd.command("other")(lambda: None)
    for name, program in (("real", app), ("odd", odd)):
        file = tmp_path / f"{name}.1.gz"
        file.write_bytes(compressed(manual_page(_context(program))))
        done = subprocess.run(
            ["man", "--warnings", "--encoding=UTF-8", "-l", file],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "MANWIDTH": "100"},
            capture_output=True,
            text=True,
            check=True,
            timeout=50,
        )
        assert done.stderr == ""
        shown = " ".join(done.stdout.split())
        for words in {
            "real": ["beltline history list [OPTIONS]", "--asis X Y", "128 + n"],
            "odd": [
                "beltline it's [OPTIONS]",
                "'This' \\d and `that` ^ ~ \"so\" - end",
                ".so a line that begins like a macro, and a back\\slash.",
            ],
        }[name]:
            assert words in shown
