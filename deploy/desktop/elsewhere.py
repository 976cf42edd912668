"""Packages for Windows (.msi) and macOS (.dmg). NEVER RUN: nobody has had such a machine yet.

``python deploy/desktop/elsewhere.py`` on the system that it is for. Anywhere, ``--dry-run windows``
or ``macos`` prints what would be called, one command a line. ``README.md`` says what each needs.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import sys
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import PurePath

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SYSTEMS = {"win32": "windows", "darwin": "macos"}
#: What iconutil makes a macOS icon of: names, and sides in pixels.
MACOS_ICONS = {
    f"icon_{side}x{side}{suffix}.png": side * factor
    for side in (16, 32, 128, 256, 512)
    for suffix, factor in (("", 1), ("@2x", 2))
}


def main() -> None:
    """Build for this system, or say how for another one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dry-run", choices=sorted(SYSTEMS.values()))
    system = parser.parse_args().dry_run
    if system is not None:
        for command in commands(system, version()):
            print(shlex.join(command))
        return
    if sys.platform not in SYSTEMS:
        raise SystemExit("Here build.py makes the packages; --dry-run shows those of others.")
    out = ROOT / "dist" / "desktop"
    out.mkdir(parents=True, exist_ok=True)
    write_icons(out)
    for command in commands(SYSTEMS[sys.platform], version()):
        subprocess.run(command, check=True, cwd=ROOT)


def version() -> str:
    """Return the program's version, without loading the program."""
    line = (ROOT / "vision" / "_version.py").read_text("utf-8")
    return line.partition('__version__ = "')[2].partition('"')[0]


def commands(system: str, named: str) -> Iterator[Sequence[str]]:
    """Yield what is called, in order, in the clone's folder."""
    is_windows = system == "windows"
    kind: type[PurePath] = PureWindowsPath if is_windows else PurePosixPath
    out = kind("dist/desktop")
    python = str(out / ("venv/Scripts/python.exe" if is_windows else "venv/bin/python"))
    spec = str(kind("deploy/desktop/beltline.spec"))
    yield ("py" if is_windows else "python3", "-m", "venv", str(out / "venv"))
    yield (python, "-m", "pip", "install", "-c", "constraints.txt", ".[bundle]")
    if not is_windows:
        yield ("iconutil", "-c", "icns", str(out / "beltline.iconset"))
    yield (
        *(python, "-m", "PyInstaller", "--noconfirm"),
        *("--workpath", str(out / "work"), "--distpath", str(out), spec),
    )
    if is_windows:
        # WiX 5 or newer takes whole folders.
        yield (
            *("wix", "build", str(kind("deploy/desktop/beltline.wxs"))),
            *("-arch", "x64", "-d", f"Version={named}", "-d", f"Bundle={out / 'beltline'}"),
            *("-out", str(out / f"beltline-{named}.msi")),
        )
        return
    app, image = str(out / "Beltline.app"), str(out / f"beltline-{named}.dmg")
    # "-" signs for this machine; one that others may open without a word needs a paid identity.
    yield ("codesign", "--force", "--deep", "--sign", os.environ.get("SIGN_WITH", "-"), app)
    yield ("hdiutil", "create", "-volname", "Beltline", "-srcfolder", app, "-ov", image)


def write_icons(out: Path) -> None:
    """Draw the icon as each system wants it, by Qt, which the program has anyway."""
    from app.system.desktop.shortcut import icon_pngs

    pictures = icon_pngs(set(MACOS_ICONS.values()))
    folder = out / "beltline.iconset"
    folder.mkdir(exist_ok=True)
    for name, side_px in MACOS_ICONS.items():
        (folder / name).write_bytes(pictures[side_px])
    (out / "beltline.ico").write_bytes(windows_icon(pictures[256]))


def windows_icon(png: bytes) -> bytes:
    """Return a Windows icon that holds one picture of 256 by 256 pixels, as PNG.

    The header is Microsoft's ICONDIR and ICONDIRENTRY: a side of 0 stands for 256, one plane, 32
    bits a pixel, the picture after the 22 bytes of the header.
    """
    header = (0, 1, 1), (0, 0, 0, 0), (1, 32), (len(png), 22)
    sizes = 2, 1, 2, 4
    packed = (
        number.to_bytes(size, "little")
        for numbers, size in zip(header, sizes, strict=True)
        for number in numbers
    )
    return b"".join(packed) + png


if __name__ == "__main__":
    main()
