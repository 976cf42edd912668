"""What makes the bundle that one installs without Python: its parts, without making one.

``deploy/desktop/try`` installs a whole one in a bare system.
"""

import hashlib
import io
import json
import os
import runpy
import shlex
import shutil
import subprocess
import sys
import tarfile
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.system import speech_process
from app.system.desktop.shortcut import icon_pngs
from benchmarks.shared import ROOT
from vision._version import __version__

DESKTOP = ROOT / "deploy" / "desktop"
_NEEDS_ELF = pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("objdump") is None,
    reason="needs Linux and binutils",
)


def _load(name: str) -> Any:
    spec = spec_from_file_location(f"desktop_{name}", DESKTOP / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def launched(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[str]]]:
    """Collect what is run in place of running it, with the arguments that it sees."""
    seen: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(
        runpy, "run_module", lambda name, **_: seen.append((name, list(sys.argv[1:])))
    )
    monkeypatch.setattr("app.__main__.main", lambda: seen.append(("app", list(sys.argv[1:]))))
    return seen


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["measure", "a.jpg"], ("app", ["measure", "a.jpg"])),
        ([], ("app", [])),
        (["-m", "app", "--page", "history"], ("app", ["--page", "history"])),
        (["-m", "app.tray", "--quiet"], ("app.tray", ["--quiet"])),
        (["-m", speech_process.__name__], (speech_process.__name__, [])),
        # No other module, whoever asks: that is wrong usage of the program.
        (["-m", "http.server"], ("app", ["-m", "http.server"])),
        (["-m"], ("app", ["-m"])),
    ],
)
def test_the_bundle_stands_in_for_python_where_it_starts_itself(
    launched: list[tuple[str, list[str]]],
    monkeypatch: pytest.MonkeyPatch,
    words: list[str],
    expected: tuple[str, list[str]],
) -> None:
    monkeypatch.setattr(sys, "argv", ["beltline", *words])
    _load("launcher").main()
    assert launched == [expected]


@pytest.mark.parametrize("before", [None, "", "/opt/lib"])
def test_programs_of_the_system_find_libraries_of_the_system(
    monkeypatch: pytest.MonkeyPatch, before: str | None
) -> None:
    monkeypatch.setenv("LD_LIBRARY_PATH", "/usr/lib/beltline/_internal")
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG", raising=False)
    if before is not None:
        monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", before)
    _load("launcher").spare_others()
    assert os.environ.get("LD_LIBRARY_PATH") == before
    assert "LD_LIBRARY_PATH_ORIG" not in os.environ


def _folder(place: Path) -> Path:
    bundle = place / "beltline"
    (bundle / "_internal" / "plugins" / "texttospeech").mkdir(parents=True)
    (bundle / "beltline").write_bytes(b"program")
    (bundle / "beltline").chmod(0o755)
    (bundle / "_internal" / "data.txt").write_text("data")
    (bundle / "_internal" / "link").symlink_to("data.txt")
    return bundle


@pytest.mark.skipif(shutil.which("gzip") is None, reason="needs gzip")
def test_an_archive_is_the_same_whenever_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    build, sums = _load("build"), []
    for number in range(2):
        place = tmp_path / str(number)
        place.mkdir()
        archive = build.write_archive(_folder(place), place / "beltline-1-linux-amd64.tar.gz")
        os.utime(place / "beltline" / "beltline", (number, number))
        sums.append(hashlib.sha256(archive.read_bytes()).hexdigest())
    assert sums[0] == sums[1]
    with tarfile.open(archive) as opened:
        entries = {entry.name: entry for entry in opened.getmembers()}
    assert entries["beltline/beltline"].mode & 0o111
    assert entries["beltline/_internal/link"].linkname == "data.txt"
    assert {entry.mtime for entry in entries.values()} == {1700000000}
    assert {(entry.uid, entry.uname) for entry in entries.values()} == {(0, "")}


@_NEEDS_ELF
def test_a_library_that_is_nowhere_is_found_before_anybody_installs_it(tmp_path: Path) -> None:
    compiler = shutil.which("gcc")
    if compiler is None:
        pytest.skip("needs a compiler")
    build, bundle = _load("build"), _folder(tmp_path)
    inside = bundle / "_internal"
    for name in ("libinner.so", "libouter.so"):
        others = [str(inside / "libinner.so")] if name == "libouter.so" else []
        command = [compiler, "-shared", "-x", "c", "/dev/null", "-o", str(inside / name)]
        links = "-x", "none", f"-Wl,-soname,{name}", "-Wl,--no-as-needed"
        subprocess.run([*command, *links, *others], check=True)
    found = [file.name for file in build.libraries_of(bundle)]
    assert found == ["libinner.so", "libouter.so"]
    assert build.missing_libraries(bundle) == []
    (inside / "libinner.so").unlink()
    assert build.missing_libraries(bundle) == ["libinner.so"]
    # What only a voice wants is not missed.
    (inside / "libouter.so").rename(inside / "plugins" / "texttospeech" / "libvoice.so")
    assert build.missing_libraries(bundle) == []


@_NEEDS_ELF
def test_the_c_library_that_is_asked_for_is_no_newer_than_this_one() -> None:
    build = _load("build")
    files = [Path(os.path.realpath(sys.executable))]
    version = tuple(map(int, build.newest_glibc(files).split(".")))
    here = os.confstr("CS_GNU_LIBC_VERSION")
    assert here is not None
    assert (2, 2) <= version <= tuple(map(int, here.split()[1].split(".")))


def test_checksums_are_those_that_sha256sum_reads(tmp_path: Path) -> None:
    (tmp_path / "one.deb").write_bytes(b"1")
    build = _load("build")
    build.write_sums([tmp_path / "one.deb"], tmp_path / "SHA256SUMS")
    digest = hashlib.sha256(b"1").hexdigest()
    assert (tmp_path / "SHA256SUMS").read_text() == f"{digest}  one.deb\n"


def test_the_packages_description_can_be_filled_in() -> None:
    control = (DESKTOP / "control").read_text("utf-8").format(
        version="1.2", machine="amd64", size_kb=700, depends="libc6 (>= 2.35), libegl1"
    )  # fmt: skip
    fields = dict(line.split(": ", 1) for line in control.splitlines() if ": " in line[:20])
    assert fields["Depends"].startswith("libc6 (>= 2.35), libegl1, ")
    assert fields["Architecture"] == "amd64"
    assert fields["Installed-Size"] == "700"


def test_the_wheels_bill_names_every_model_as_it_is() -> None:
    bill = json.loads((ROOT / "vision" / "models" / "beltline.cdx.json").read_text("utf-8"))
    assert bill["metadata"]["component"]["version"] == __version__
    sums = (ROOT / "vision" / "models" / "SHA256SUMS").read_text("ascii").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in sums)}
    named = {
        one["properties"][0]["value"].removeprefix("vision/models/"): one["hashes"][0]["content"]
        for one in bill["components"]
    }
    assert named == listed
    assert all(one["licenses"] for one in bill["components"])


@pytest.mark.parametrize("system", ["windows", "macos"])
def test_packages_for_other_systems_are_said_and_name_what_is_there(
    system: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["elsewhere.py", "--dry-run", system])
    _load("elsewhere").main()
    said = [shlex.split(line) for line in capsys.readouterr().out.splitlines()]
    assert [Path(one[0].replace("\\", "/")).name for one in said] == {
        "windows": ["py", "python.exe", "python.exe", "wix"],
        "macos": ["python3", "python", "iconutil", "python", "codesign", "hdiutil"],
    }[system]
    named = [word.replace("\\", "/") for one in said for word in one if "deploy" in word]
    assert named
    assert all((ROOT / word).is_file() for word in named)
    assert any(__version__ in word for word in said[-1])


def test_an_icon_for_windows_is_one_that_others_read() -> None:
    pictures = icon_pngs([256])
    with Image.open(io.BytesIO(_load("elsewhere").windows_icon(pictures[256]))) as icon:
        assert (icon.format, icon.size) == ("ICO", (256, 256))
        assert icon.convert("RGBA").getbbox() is not None


def test_the_description_for_windows_is_well_formed() -> None:
    root = ElementTree.parse(DESKTOP / "beltline.wxs").getroot()
    name = "{http://wixtoolset.org/schemas/v4/wxs}"
    package = root.find(f"{name}Package")
    assert package is not None
    assert {part.get("Id") for part in package.iter(f"{name}ComponentGroup")} == {"Everything"}
    refs = {part.get("Id") for part in package.iter(f"{name}ComponentGroupRef")}
    assert refs == {"Everything"}


def test_scripts_are_sound() -> None:
    subprocess.run(["bash", "-n", str(DESKTOP / "try")], check=True)
    compile((DESKTOP / "beltline.spec").read_text("utf-8"), "beltline.spec", "exec")
