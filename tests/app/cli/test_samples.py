"""The sample pictures through the whole program, with the real models."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

CLONE = Path(__file__).parents[3]
SAMPLES = sorted((CLONE / "sample_images").glob("*.jpg"))
# All samples are measured once, in one process of tests.
pytestmark = pytest.mark.xdist_group("samples on the command line")


def beltline(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "app", "measure", *(str(argument) for argument in arguments)],
        cwd=CLONE,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("drawn")


@pytest.fixture(scope="module")
def lines(drawn: Path) -> dict[str, dict[str, object]]:
    done = beltline("--json", "--overlay", drawn, *SAMPLES)
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["source"] for line in found] == [str(path) for path in SAMPLES]
    return {line["source"]: line for line in found}


def test_most_are_measured_and_some_refused(lines: dict[str, dict[str, object]]) -> None:
    statuses = [line["status"] for line in lines.values()]
    assert statuses.count("measured") >= 6
    assert statuses.count("rejected") >= 2
    assert "error" not in statuses


def test_each_has_its_overlay(lines: dict[str, dict[str, object]], drawn: Path) -> None:
    for source in map(Path, lines):
        with Image.open(source) as photo, Image.open(drawn / f"{source.stem}_overlay.png") as out:
            assert max(out.size) == min(max(photo.size), 1600)


def test_the_text_and_the_json_agree(lines: dict[str, dict[str, object]]) -> None:
    source, line = next(item for item in lines.items() if item[1]["status"] == "measured")
    tilt = line["tilt"]
    assert isinstance(tilt, dict)
    done = beltline(source)
    assert done.returncode == 0
    assert done.stderr == ""
    assert f" tilt {abs(round(tilt['angle_deg']))}°" in done.stdout


def test_different_people_are_no_series(lines: dict[str, dict[str, object]]) -> None:
    done = beltline("--json", "--series", *SAMPLES)
    assert done.returncode == 3
    assert done.stderr == ""
    *singles, last = (json.loads(line) for line in done.stdout.splitlines())
    assert singles == list(lines.values())
    series = last["series"]
    assert (series["status"], series["tilt"]) == ("rejected", None)
    assert [reason["code"] for reason in series["reasons"]] == ["spread_too_large"]
    statuses = [line["status"] for line in singles]
    assert series["count"] == statuses.count("measured")
