"""``--overlay``: where the pictures go, and what happens when they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from app.system.shell import Status
from tests.app.cli.runner import Request, beltline, complaint, json_lines


def test_a_file_for_one_photograph(photo: Path, tmp_path: Path, answers: list[Request]) -> None:
    out = tmp_path / "drawn.png"
    result = beltline("measure", photo, "--overlay", out)
    assert result.exit_code == 0
    assert str(out) in result.stdout
    with Image.open(out) as drawn:
        assert drawn.size == (640, 960)


def test_a_folder_for_several(
    photo: Path, more_photos: list[Path], tmp_path: Path, answers: list[Request]
) -> None:
    folder = tmp_path / "new" / "drawn"
    twin = tmp_path / "twin" / "one.jpg"
    twin.parent.mkdir()
    photo.rename(twin)
    gone = tmp_path / "gone.jpg"
    result = beltline("measure", "--json", *more_photos, gone, twin, "--overlay", folder)
    assert result.exit_code == 3
    assert sorted(path.name for path in folder.iterdir()) == [
        "Größe mit Leer_overlay.png",
        "one_overlay-2.png",
        "one_overlay.png",
        "three_overlay.png",
    ]


def test_no_photograph_is_written_over(photo: Path, answers: list[Request]) -> None:
    before = photo.read_bytes()
    assert "the photograph itself" in complaint(beltline("measure", photo, "--overlay", photo))
    drawn = photo.with_name("side_overlay.png")
    photo.rename(drawn)
    result = beltline("measure", drawn, drawn, "--overlay", drawn.parent)
    assert result.exit_code == 0
    assert drawn.read_bytes() == before


@pytest.mark.parametrize("name", ["drawn", "drawn.txt", "drawn.png.gz"])
def test_a_name_without_a_format(
    photo: Path, tmp_path: Path, answers: list[Request], name: str
) -> None:
    said = complaint(beltline("measure", photo, "--overlay", tmp_path / name))
    assert "which kind of picture" in said


def test_one_file_for_several_photographs(
    more_photos: list[Path], tmp_path: Path, answers: list[Request]
) -> None:
    for name in ("drawn.png", "one.png"):
        said = complaint(beltline("measure", *more_photos, "--overlay", tmp_path / name))
        assert "folder instead" in said
    assert answers == []


@pytest.mark.parametrize("where", ["gone/drawn.png", "side.jpg/drawn.png", "x" * 300 + ".png"])
def test_a_place_that_cannot_be_written(
    photo: Path, tmp_path: Path, answers: list[Request], where: str
) -> None:
    result = beltline("measure", "--json", photo, "--overlay", tmp_path / where)
    assert result.exit_code == Status.FAILED
    (document,) = json_lines(result)
    assert document["status"] == "measured"
    assert document["reasons"][-1]["code"] == "overlay_not_written"
    assert document["reasons"][-1]["severity"] == "warn"
    (line,) = result.stderr.splitlines()
    assert line.startswith("beltline: The overlay cannot be written to ")


def test_a_folder_that_cannot_be_made(
    photo: Path, more_photos: list[Path], answers: list[Request]
) -> None:
    result = beltline("measure", "--json", *more_photos, "--overlay", photo / "inside")
    assert result.exit_code == Status.FAILED
    assert len(json_lines(result)) == len(more_photos)
    assert len(result.stderr.splitlines()) == 1


def test_a_disk_that_fails_late(
    more_photos: list[Path],
    tmp_path: Path,
    answers: list[Request],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(_self: Path, _target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    folder = tmp_path / "drawn"
    result = beltline("measure", "--json", *more_photos, "--overlay", folder)
    assert result.exit_code == Status.FAILED
    assert [line["status"] for line in json_lines(result)] == ["measured"] * 3
    assert all("no space left" in line["reasons"][-1]["message"] for line in json_lines(result))
    assert result.stderr.count("no space left on device") == 3
    assert list(folder.iterdir()) == []
