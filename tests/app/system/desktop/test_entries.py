"""How desktop entries are written, and where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.system.desktop.entries import config_home, data_home, exec_line
from tests.app.system.desktop.reading import words_of

if TYPE_CHECKING:
    from pathlib import Path

_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1)


@given(st.lists(_TEXT))
def test_any_command_is_read_as_it_was_given(command: list[str]) -> None:
    line = exec_line(command)
    assert "\n" not in line
    assert words_of(line) == command


@pytest.mark.parametrize("named", ["", "not/absolute"])
def test_folders_are_the_usual_ones_unless_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, named)
    assert config_home() == tmp_path / ".config"
    assert data_home() == tmp_path / ".local" / "share"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "shared"))
    assert data_home() == tmp_path / "shared"
