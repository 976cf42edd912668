"""What was dropped or pasted: a photograph, or a sentence on why it is none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QImage

from app.text import check
from vision.image.errors import FileProblem

if TYPE_CHECKING:
    from PyQt6.QtCore import QMimeData


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file to open, and a sentence if it was not the only one."""

    path: Path
    remark: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class IncomingPixels:
    """A picture without a file."""

    image: QImage


@dataclass(frozen=True, slots=True)
class NoPhotograph:
    """What is wrong, and what to do."""

    message: str
    fix: str


def read_incoming(
    mime: QMimeData | None, nothing: tuple[str, str]
) -> IncomingFile | IncomingPixels | NoPhotograph:
    """Find the photograph in what was dropped or pasted.

    Parameters
    ----------
    mime
        What came.
    nothing
        What to say, and to advise, when there is neither picture nor file in it.
    """
    if mime is None:
        return NoPhotograph(*nothing)
    urls = mime.urls() if mime.hasUrls() else []
    local = [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
    if local:
        return _first_file(local)
    # A picture dragged out of a browser comes as its link and its pixels.
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return IncomingPixels(image)
    if urls or _looks_like_link(mime.text()):
        return NoPhotograph(*check.WEB_LINK)
    return NoPhotograph(*nothing)


def _first_file(paths: list[Path]) -> IncomingFile | NoPhotograph:
    if paths[0].is_dir():
        return NoPhotograph(*FileProblem.FOLDER.value)
    if len(paths) == 1:
        return IncomingFile(paths[0])
    return IncomingFile(paths[0], check.FIRST_OF_SEVERAL.format(count=len(paths)))


def _looks_like_link(text: str) -> bool:
    return text.strip().lower().startswith(("http://", "https://", "www."))
