"""One page on a study for an ethics committee: people, data, programs."""

from __future__ import annotations

import hashlib
import platform
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from app.report.document import check_target, set_pages, write_pages
from app.report.flow import (
    BODY,
    CELL_GAP_PT,
    CONTENT_WIDTH_PT,
    HEADING,
    TITLE,
    Text,
    grid,
    rule,
    spaced,
    stack,
)
from app.study.ordering import fair_distance
from app.text.measurement import INTENDED_USE
from app.text.research import protocol as words
from vision._version import __version__
from vision.model_files import BELT_MODEL, CONTOUR_MODEL, MASK_MODEL, POSE_BUNDLE, expected_sha256

if TYPE_CHECKING:
    from pathlib import Path

    from reportlab.platypus import Flowable

    from app.study.design import Design, Study

#: What measures, and what works the statistics out, by the names of their packages.
_LIBRARIES = (
    *("mediapipe", "opencv-contrib-python", "numpy", "pillow", "scipy"),
    *("pandas", "pingouin", "statsmodels"),
)
_MODELS = POSE_BUNDLE, CONTOUR_MODEL, MASK_MODEL, BELT_MODEL
_NAME_PT = 130.0
_LINES_MAX = 3
#: A folder's name may be long; the page is one.
_PATH_LETTERS_MAX = 90


def write_protocol(out: Path, design: Design, study: Study | None = None) -> None:
    """Write the page.

    Parameters
    ----------
    out
        A name that ends in ``.pdf``; a file that is there already is replaced.
    design
        Of the study.
    study
        None where it is only planned.

    Raises
    ------
    app.report.ReportError
        If the file cannot be written.
    """
    check_target(out)
    made_at = datetime.now(UTC) if study is None else datetime.fromisoformat(study.key.made_at)
    pages = set_pages(
        [*_head(study), *_paragraphs(design, study), *_versions(study)],
        title=words.TITLE,
        foot=words.FOOT,
        made_at=made_at,
    )
    write_pages(out, pages)


def photographs_sha256(study: Study) -> str:
    """Return one checksum of all photographs: of the sorted list of theirs, one a line."""
    lines = sorted(f"{photo.sha256}\n" for photo in study.key.photos)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _head(study: Study | None) -> list[Flowable]:
    if study is None:
        which = words.PLANNED.format(version=__version__)
    else:
        key = study.key
        which = words.MADE.format(study=key.study, day=key.made_at[:10], version=key.version)
    blanks = (Text(line, BODY) for line in words.BLANKS)
    return [
        Text(words.TITLE, TITLE),
        spaced(Text(which, BODY)),
        stack(Text(words.FILLED_IN_BY, HEADING), *blanks),
    ]


def _paragraphs(design: Design, study: Study | None) -> list[Flowable]:
    if study is None:
        folder = words.FOLDER_LATER
    else:
        folder = words.FOLDER.format(folder=_shortened(str(study.folder.absolute())))
    return [
        stack(Text(heading, HEADING), Text(text, BODY))
        for heading, text in (
            (words.PURPOSE, f"{words.PURPOSE_TEXT} {INTENDED_USE}"),
            (words.DESIGN, _design_told(design, study)),
            (words.KEPT, f"{folder} {words.KEPT_TEXT}"),
            (words.SEEN, words.SEEN_TEXT),
            (words.LEAVES, words.LEAVES_TEXT),
            (words.DELETED, words.DELETED_TEXT),
        )
    ]


def _design_told(design: Design, study: Study | None) -> str:
    told = [
        words.DESIGN_TEXT.format(
            **design.model_dump(), items=design.items, pictures=design.pictures
        )
    ]
    if design.repeats > 1:
        told.append(words.REPEATS_TEXT.format(others=fair_distance(design.subjects) - 1))
    told.append(words.BLIND_TEXT)
    told.append(words.SEED_LATER if study is None else words.SEED.format(seed=study.key.seed))
    if study is not None and study.key.left_out:
        told.append(words.LEFT_OUT.format(count=len(study.key.left_out)))
    return " ".join(told)


def _versions(study: Study | None) -> list[Flowable]:
    if study is None:
        photographs = words.PHOTOGRAPHS_LATER
    else:
        photographs = words.PHOTOGRAPHS_TEXT.format(
            count=len(study.key.photos), sha256=photographs_sha256(study)
        )
    rows = [
        (words.PROGRAM, _program()),
        *((name, expected_sha256(name)) for name in _MODELS),
        (words.PHOTOGRAPHS, photographs),
    ]
    widths = _NAME_PT, CONTENT_WIDTH_PT + CELL_GAP_PT - _NAME_PT
    table = grid(widths, rows, most_lines=[_LINES_MAX] * len(rows), names_first=True)
    return [stack(Text(words.VERSIONS, HEADING), rule(), table)]


def _program() -> str:
    """Return the versions of whatever has a say in the numbers."""
    parts = [f"Beltline {__version__}", f"Python {platform.python_version()}"]
    for name in _LIBRARIES:
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:  # an extra that is not installed
            continue
    return ", ".join(parts)


def _shortened(path: str) -> str:
    return path if len(path) <= _PATH_LETTERS_MAX else f"…{path[1 - _PATH_LETTERS_MAX :]}"
