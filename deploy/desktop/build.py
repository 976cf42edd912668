"""Build what one installs without Python: ``python deploy/desktop/build.py``.

A folder with the program, its Python and all its libraries and models, the same as an archive, and
a ``.deb`` of it, with checksums and a bill of materials. Everything is made in a virtual
environment of its own from ``constraints.txt``; twice from the same commit on the same machine
gives the same bytes. ``README.md`` beside this file says what is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import tarfile
import tempfile
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
#: Where the .deb puts the program.
HOME = "usr/lib/beltline"
#: What carries names for debuggers that nobody needs who runs the program. Libraries in ``*.libs``
#: are left alone: what was once edited to find its neighbours can break.
STRIPPED = ("libpython3*", "mediapipe/tasks/c/*.so", "python3*/lib-dynload/*.so")
#: Plugins of Qt's that are used where the system has what they want: a voice, a printer. The .deb
#: recommends the packages.
OPTIONAL = re.compile(r"/plugins/(texttospeech|printsupport)/")
LDCONFIG = "/sbin/ldconfig"
_ELF = b"\x7fELF"
_SUMS = "SHA256SUMS"


def main() -> None:
    """Build everything into a folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=ROOT / "dist" / "desktop")
    parser.add_argument("--only-folder", action="store_true", help="neither archive nor .deb")
    arguments = parser.parse_args()
    out: Path = arguments.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        python = make_environment(Path(scratch) / "venv")
        bundle = freeze(python, Path(scratch), out)
        lacks = missing_libraries(bundle)
        if lacks:
            raise SystemExit(f"Neither in the bundle nor of the system: {', '.join(lacks)}")
        version = run(str(bundle / "beltline"), "--version").split()[-1]
        write_bill(python, out / f"beltline-{version}.cdx.json")
        if not arguments.only_folder:
            archive = write_archive(bundle, out / f"beltline-{version}-linux-{machine()}.tar.gz")
            deb = write_deb(bundle, out, version)
            write_sums([archive, deb, out / f"beltline-{version}.cdx.json"], out / _SUMS)
    print(f"{size_mb(bundle):.0f} MB in {bundle}")


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a program that must do well, and return what it said."""
    done = subprocess.run(
        [str(part) for part in command],
        check=True, stdout=subprocess.PIPE, text=True, env=os.environ | built_at(), cwd=cwd,
    )  # fmt: skip
    return done.stdout


def built_at() -> dict[str, str]:
    """Return the environment that has the same made twice: the commit's time for all times."""
    told = (
        os.environ.get("SOURCE_DATE_EPOCH")
        or subprocess.run(
            ["git", "log", "-1", "--format=%ct"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        ).stdout.strip()
    )
    return {"SOURCE_DATE_EPOCH": told or "0", "PYTHONHASHSEED": "0"}


def machine() -> str:
    """Return the processor's kind as Debian calls it."""
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine)


def make_environment(folder: Path) -> Path:
    """Install the program and what builds it, all in the versions that were tested."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    pip = (python, "-m", "pip", "install", "-q", "--disable-pip-version-check")
    run(*pip, "-c", ROOT / "constraints.txt", f"{ROOT}[bundle]")
    return python


def freeze(python: Path, scratch: Path, out: Path) -> Path:
    """Have PyInstaller make the folder, and take out what only debuggers want."""
    bundle = out / "beltline"
    shutil.rmtree(bundle, ignore_errors=True)
    run(
        python, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN",
        "--workpath", scratch / "work", "--distpath", out, HERE / "beltline.spec",
        cwd=scratch,
    )  # fmt: skip
    inside = bundle / "_internal"
    for pattern in STRIPPED:
        for file in inside.glob(pattern):
            run("strip", "--strip-unneeded", file)
    return bundle


def libraries_of(bundle: Path) -> list[Path]:
    """Return every program and library of a folder that the program cannot do without."""
    files = (file for file in sorted(bundle.rglob("*")) if file.is_file() and not file.is_symlink())
    found = []
    for file in files:
        if OPTIONAL.search(str(file)):
            continue
        with file.open("rb") as opened:
            if opened.read(4) == _ELF:
                found.append(file)
    return found


def wanted_by(files: list[Path]) -> set[str]:
    """Return the names of all libraries that some programs and libraries ask for."""
    return {
        name
        for file in files
        for name in re.findall(r"^\s+NEEDED\s+(\S+)", run("objdump", "-p", file), re.MULTILINE)
    }


def missing_libraries(bundle: Path) -> list[str]:
    """Return what some library wants that is neither there nor installed on this machine."""
    there = set(re.findall(r"^\s+(\S+)", run(LDCONFIG, "-p"), re.MULTILINE))
    found = libraries_of(bundle)
    return sorted(wanted_by(found) - there - {file.name for file in found})


def write_bill(python: Path, file: Path) -> None:
    """Write what the bundle is made of, as CycloneDX."""
    run(
        python, "-m", "cyclonedx_py", "environment", python, "--pyproject", ROOT / "pyproject.toml",
        "--output-reproducible", "--output-format", "JSON", "--output-file", file,
    )  # fmt: skip


def write_archive(bundle: Path, file: Path) -> Path:
    """Write the folder as an archive, in order and with one time for all."""
    when = int(built_at()["SOURCE_DATE_EPOCH"])

    def plainly(entry: tarfile.TarInfo) -> tarfile.TarInfo:
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = ""
        entry.mtime = when
        return entry

    plain = file.with_suffix("")
    with tarfile.open(plain, "w", format=tarfile.PAX_FORMAT) as archive:
        archive.add(bundle, bundle.name, recursive=False, filter=plainly)
        for path in sorted(bundle.rglob("*")):
            inside = str(path.relative_to(bundle.parent))
            archive.add(path, inside, recursive=False, filter=plainly)
    run("gzip", "--no-name", "--force", plain)
    return file


def write_deb(bundle: Path, out: Path, version: str) -> Path:
    """Write the package: the program, its place in the menus, and what it wants of the system."""
    tree = out / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    home = tree / HOME
    home.parent.mkdir(parents=True)
    shutil.copytree(bundle, home, symlinks=True)
    (tree / "usr" / "bin").mkdir()
    (tree / "usr" / "bin" / "beltline").symlink_to("../lib/beltline/beltline")
    # Menu entry, icons, manual and completion, as the program itself knows them.
    run(bundle / "beltline", "shortcut", "--into", tree / "usr")
    copyright_folder = tree / "usr" / "share" / "doc" / "beltline"
    copyright_folder.mkdir(parents=True)
    shutil.copy(HERE / "copyright", copyright_folder)
    control = (HERE / "control").read_text("utf-8").format(
        version=version, machine=machine(), size_kb=round(size_mb(tree) * 1024),
        depends=", ".join(dependencies(home)),
    )  # fmt: skip
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN" / "control").write_text(control, "utf-8")
    run("chmod", "-R", "u=rwX,go=rX", tree)
    for library in home.rglob("*.so*"):
        if not library.is_symlink():
            library.chmod(0o644)
    file = out / f"beltline_{version}_{machine()}.deb"
    run("dpkg-deb", "--root-owner-group", "-Zxz", "-z3", "--build", tree, file)
    shutil.rmtree(tree)
    return file


def dependencies(home: Path) -> list[str]:
    """Return the Debian packages with the libraries that a bundle wants and does not hold."""
    needed = {packages_of(path) for path in system_libraries(home)} - {"", "libc6"}
    return [f"libc6 (>= {newest_glibc(libraries_of(home))})", *sorted(needed)]


def newest_glibc(files: list[Path]) -> str:
    """Return the oldest C library that has all that some programs and libraries ask of it."""
    asked = {
        tuple(map(int, version.split(".")))
        for file in files
        for version in re.findall(r"\bGLIBC_([\d.]+)", run("objdump", "-p", file))
    }
    return ".".join(map(str, max(asked)))


def system_libraries(home: Path) -> list[str]:
    """Return where this system has the libraries that a bundle wants and does not hold."""
    known = dict(re.findall(r"^\s+(\S+) \(.*x86-64.*\) => (\S+)", run(LDCONFIG, "-p"), re.M))
    known |= dict(re.findall(r"^\s+(\S+) \(.*AArch64.*\) => (\S+)", run(LDCONFIG, "-p"), re.M))
    found = libraries_of(home)
    there = {file.name for file in found}
    return [known[name] for name in wanted_by(found) if name in known and name not in there]


def packages_of(path: str) -> str:
    """Return the Debian package of an installed library."""
    for place in (path, os.path.realpath(path), path.removeprefix("/usr"), f"/usr{path}"):
        told = subprocess.run(["dpkg", "-S", place], capture_output=True, text=True, check=False)
        if told.returncode == 0:
            return told.stdout.partition(":")[0]
    return ""


def write_sums(files: list[Path], sums: Path) -> None:
    """Write checksums, as ``sha256sum -c`` reads them."""
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    sums.write_text("".join(lines), "utf-8")


def size_mb(folder: Path) -> float:
    """Return how much the files of a folder hold, in 2**20 bytes."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files) / 2**20


if __name__ == "__main__":
    main()
