"""The program's place on a desktop: menu entry, icons, manual page, completion for shells.

The same files go into a person's own folder and into a package.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import AppError
from app.system.desktop.entries import APPLICATION_ID, ASSETS, ICON_FILE, as_text, exec_line
from app.system.ipc import FOLDER, interpreter
from vision.atomic_write import atomic_write, why_not_written
from vision.messages import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Of the icons that are pictures; every other size is made from the drawing.
ICON_SIDES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
ENTRY = f"applications/{APPLICATION_ID}.desktop"
MANUAL = "man/man1/beltline.1.gz"
#: What is copied as it is: the place below ``share``, and the file among the assets.
_COPIED = {
    f"icons/hicolor/scalable/apps/{ICON_FILE.name}": ICON_FILE.name,
    f"metainfo/{APPLICATION_ID}.metainfo.xml": f"{APPLICATION_ID}.metainfo.xml",
    f"mime/packages/{APPLICATION_ID}.xml": "mime.xml",
    "bash-completion/completions/beltline": "completion.bash",
    "zsh/vendor-completions/_beltline": "completion.zsh",
    "fish/vendor_completions.d/beltline.fish": "completion.fish",
}
_PNG = "icons/hicolor/{0}x{0}/apps/" + f"{ICON_FILE.stem}.png"
#: All that is ever written, by which it is found when it is to go.
PLACES = (ENTRY, MANUAL, *_COPIED, *map(_PNG.format, ICON_SIDES_PX))
_FOR_EVERYBODY = 0o644
_LONGEST_S = 10.0
_MAKE_LINK = (
    "$link = (New-Object -ComObject WScript.Shell).CreateShortcut($env:BELTLINE_LINK); "
    "$link.TargetPath = $env:BELTLINE_TARGET; $link.Arguments = $env:BELTLINE_ARGUMENTS; "
    "$link.WorkingDirectory = $env:BELTLINE_FOLDER; $link.Save()"
)


class ShortcutError(AppError):
    """The menu entry could not be written or taken away."""

    def __init__(self, why: str) -> None:
        super().__init__(
            tr("The menu entry could not be changed ({why}).").format(why=why),
            tr("Beltline starts without one as well: write beltline in a terminal."),
        )


@dataclass(frozen=True, slots=True)
class Launch:
    """What starts the program.

    Attributes
    ----------
    command
        The program and the arguments before all others.
    folder
        Where it is to be run; None for anywhere.
    """

    command: Sequence[str]
    folder: Path | None = None


#: For a package, which brings a program of this name.
INSTALLED = Launch(("beltline",))


def usual_launch() -> Launch:
    """Return what starts this very installation from a menu, whichever Python it has."""
    if getattr(sys, "frozen", False):
        return Launch((sys.executable,))
    # The one that was called, and not the one of another installation that lies in PATH. A link
    # to it stays one: where it points may change with an update.
    called = Path(sys.argv[0]).absolute()
    if sys.platform != "win32" and called.name == "beltline" and called.is_file():
        return Launch((str(called),))
    return Launch((interpreter(), "-m", "app"), FOLDER)


def desktop_files(launch: Launch, manual: bytes) -> dict[str, bytes]:
    """Return every file by its place below ``share``; always the same bytes for the same launch.

    Parameters
    ----------
    manual
        The manual page, compressed.
    """
    files = {place: (ASSETS / name).read_bytes() for place, name in _COPIED.items()}
    files |= {ENTRY: _entry(launch), MANUAL: manual}
    pictures = icon_pngs(ICON_SIDES_PX)
    return files | {_PNG.format(side_px): picture for side_px, picture in pictures.items()}


def icon_pngs(sides_px: Iterable[int]) -> dict[int, bytes]:
    """Return the icon as square PNG files, drawn now so that they never differ from it.

    Raises
    ------
    ShortcutError
        If Qt's part that reads drawings is missing.
    """
    # Not by a painter: when a signal ends the program in the midst of painting, Qt falls over it.
    from PyQt6.QtCore import QBuffer, QSize
    from PyQt6.QtGui import QImageReader

    pictures = {}
    for side_px in sides_px:
        reader = QImageReader(str(ICON_FILE))
        reader.setScaledSize(QSize(side_px, side_px))
        image, buffer = reader.read(), QBuffer()
        if image.isNull():
            raise ShortcutError(
                tr("the icon cannot be drawn: {why}").format(why=reader.errorString().lower())
            )
        buffer.open(QBuffer.OpenModeFlag.WriteOnly)
        image.save(buffer, "PNG")
        pictures[side_px] = buffer.data().data()
    return pictures


def install(share: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a ``share`` folder, over those of another version.

    Raises
    ------
    ShortcutError
        If that is not possible; files that were written before stay.
    """
    try:
        for place, content in files.items():
            path = share / place
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic_write(path, content)
            path.chmod(_FOR_EVERYBODY)
    except OSError as error:
        raise ShortcutError(why_not_written(error)) from error


def remove(share: Path) -> bool:
    """Take all of it away, with folders that are empty then; tell whether there was an entry.

    Raises
    ------
    ShortcutError
        If that is not possible.
    """
    was_there = (share / ENTRY).exists()
    try:
        for place in PLACES:
            path = share / place
            path.unlink(missing_ok=True)
            for folder in path.parents[: len(Path(place).parts) - 1]:
                with suppress(OSError):  # something else lies in it, or it is not there
                    folder.rmdir()
    except OSError as error:
        raise ShortcutError(why_not_written(error)) from error
    return was_there


def tell_desktop(share: Path) -> None:
    """Have "Open with" know of the change, where the desktop does not see it by itself."""
    if (share / "mime").is_dir():  # else the second does not forget what is gone
        (share / "mime" / "packages").mkdir(exist_ok=True)
    for command in (
        ["update-desktop-database", "--quiet", str(share / "applications")],
        ["update-mime-database", str(share / "mime")],
    ):
        with suppress(OSError, subprocess.SubprocessError):
            subprocess.run(command, capture_output=True, timeout=_LONGEST_S, check=False)


def start_menu_link() -> Path:
    """Return where Windows looks for a person's own programs."""
    roaming = Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming"))
    return roaming / "Microsoft" / "Windows" / "Start Menu" / "Programs" / "Beltline.lnk"


def link_in_start_menu(launch: Launch) -> None:
    """Put the program into the Start menu of Windows; ShortcutError if that fails.

    Written by what Windows documents, and never run there.
    """
    link = start_menu_link()
    values = {
        "BELTLINE_LINK": str(link),
        "BELTLINE_TARGET": launch.command[0],
        "BELTLINE_ARGUMENTS": subprocess.list2cmdline(launch.command[1:]),
        "BELTLINE_FOLDER": str(launch.folder or Path.home()),
    }
    command = ["powershell", "-NoProfile", "-NonInteractive", "-Command", _MAKE_LINK]
    try:
        link.parent.mkdir(parents=True, exist_ok=True)
        subprocess.run(command, env=os.environ | values, capture_output=True, check=True)
    except OSError as error:
        raise ShortcutError(why_not_written(error)) from error
    except subprocess.CalledProcessError as error:
        raise ShortcutError(
            tr("PowerShell ended with {code}").format(code=error.returncode)
        ) from error


def _entry(launch: Launch) -> bytes:
    """Return the menu entry with what starts this installation in it."""
    text = (ASSETS / f"{APPLICATION_ID}.desktop").read_text("utf-8")
    if launch != INSTALLED:
        program, command = as_text(launch.command[0]), exec_line(launch.command)
        if launch.folder is not None:
            program += f"\nPath={as_text(str(launch.folder))}"
        # By functions, since in a path a backslash is no more than that.
        text = re.sub(r"(?m)^TryExec=beltline", lambda _: f"TryExec={program}", text)
        text = re.sub(r"(?m)^Exec=beltline", lambda _: f"Exec={command}", text)
    # Whatever bytes a path has, the desktop gets the same.
    return text.encode("utf-8", "surrogateescape")
