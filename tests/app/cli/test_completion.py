"""What bash, zsh and fish offer when somebody presses the tabulator."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.app.cli.runner import beltline, complaint

_CLONE = Path(__file__).parents[3]
_TYPED = {
    "beltline me": ["measure"],
    "beltline history ex": ["export"],
    "beltline measure side.jpg --me": ["--method"],
    "beltline measure --method st": [],
    "beltline measure --method c": ["contour"],
}
#: Has bash do what it does at a tabulator, with the last word as it is so far.
_BASH = """
source <("{program}" --show-completion bash)
COMP_WORDS=({line}) COMP_CWORD=$(({words} - 1))
_beltline "{program}"
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
#: In place of the function that shows them in a running zsh.
_ZSH = """
_arguments() {{ print -r -- "$1" }}
_files() {{ print files }}
compdef() {{ print -r -- "$1 for $2" }}
source <("{program}" --show-completion zsh)
words=({line}) CURRENT={words}
typed="{program}"
words[1]=${{(q)typed}}
_beltline
"""
_FISH = "source ('{program}' --show-completion fish | psub); complete --do-complete '{line}'"


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program by its name, in a folder with a space, first in PATH."""
    script = tmp_path / "my bin" / "beltline"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m app "$@"\n')
    script.chmod(0o755)
    return script


def _offered(shell: str, text: str, program: Path, line: str) -> str:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    script = text.format(program=program, line=line, words=len(line.split()))
    known = {"PATH": f"{program.parent}:{os.environ['PATH']}", "PYTHONPATH": str(_CLONE)}
    known |= {"HOME": str(program.parents[1]), "XDG_CONFIG_HOME": str(program.parents[1])}
    quiet = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[shell]
    done = subprocess.run(
        [shell, *quiet, "-c", script],
        env=os.environ | known,
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("line", _TYPED)
def test_bash(program: Path, line: str) -> None:
    assert _offered("bash", _BASH, program, line).split() == _TYPED[line]


def test_zsh(program: Path) -> None:
    said = _offered("zsh", _ZSH, program, "beltline me")
    assert said.startswith("_beltline for beltline\n")
    assert '(("measure":"Measure the forward tilt' in said
    assert "files" in _offered("zsh", _ZSH, program, "beltline measure side")


def test_fish(program: Path) -> None:
    (line,) = _offered("fish", _FISH, program, "beltline me").splitlines()
    assert line.startswith("measure\tMeasure the forward tilt")
    (program.parent / "side.jpg").touch()
    assert _offered("fish", _FISH, program, "beltline measure si").split() == ["side.jpg"]


def test_a_shell_that_is_not_known_is_wrong_usage() -> None:
    result = beltline("--show-completion", "tcsh")
    assert result.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in result.stderr
    assert complaint(beltline("mesure")), "and all else is as it was"
