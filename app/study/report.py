"""Writes the report of a study: one PDF, the long table, all figures, and the plots."""

from __future__ import annotations

import csv
import io
import json
import math
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import TYPE_CHECKING, Any

from app.report.document import set_pages
from app.report.fonts import look_anew, missing_letters
from app.study import StudyError
from app.study.automatic import automatic_rows
from app.study.table import COLUMNS, rated_rows
from app.text.research import study_report as text
from vision._version import __version__
from vision.atomic_write import make_own_folder, open_private, why_not_written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from app.study.analysis import Analysis
    from app.study.design import Study
    from app.study.plots import Plot
    from app.study.table import StudyRow

RESULTS, PDF, TABLE_CSV, TABLE_PARQUET, PLOTS = (
    *("results.json", "report.pdf", "table.csv", "table.parquet"),
    "plots",
)
SCHEMA = 1
_MARK = "beltline_study_report"
_PACKAGES = "pingouin", "statsmodels", "scipy", "numpy", "pandas", "matplotlib"
_WHOLE, _REAL = frozenset({"repeat", "belt"}), ("_deg", "_px", "seconds")


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file of the report: its path inside the folder, and what it holds."""

    path: str
    data: bytes


def write_report(
    study: Study, out: Path, tell: Callable[[str], object], *, anyway: bool = False
) -> None:
    """Measure what is not measured yet, work everything out, and write the report.

    Parameters
    ----------
    study
        Whose answers are told.
    out
        A folder: it appears whole or not at all. An earlier report in it is replaced.
    tell
        Told what is being done.
    anyway
        Whether to report before all is rated.

    Raises
    ------
    StudyError
        If not all is rated, a package is missing, or the folder cannot be written.
    app.errors.BrokenInstallation
        If nothing can be measured on this machine.
    """
    _check_target(out)
    rated = rated_rows(study)
    _check_rated(rated, anyway=anyway)
    tell(text.LOADING)
    _check_packages()
    rows = rated + automatic_rows(study, tell)
    files = list(report_files(study, rows, tell))
    _write(out, files)


def report_files(
    study: Study, rows: Sequence[StudyRow], tell: Callable[[str], object]
) -> Iterator[ReportFile]:
    """Return all files of the report; the same table gives the same files, to the byte."""
    from app.study.analysis import analyse, read_ratings
    from app.study.pages import Told, story
    from app.study.plots import draw_plots

    tell(text.WORKING_OUT)
    analysis = analyse(rows)
    tell(text.DRAWING)
    plots = draw_plots(read_ratings(rows), analysis)
    look_anew()
    letters = missing_letters("".join({row.rater for row in rows}))
    if letters:
        tell(text.LETTERS.format(letters=" ".join(letters)))
    last = max((row.rated_at for row in rows if row.rated_at), key=_when, default="")
    left_out = len(study.key.left_out)
    told = Told(study.key, analysis, tuple(plots), last, left_out, __version__, _packages())
    pages = set_pages(
        story(told),
        title=text.TITLE,
        foot=text.FOOT.format(study=study.key.study),
        made_at=_when(last or study.key.made_at),
    )
    yield ReportFile(PDF, pages)
    yield ReportFile(TABLE_CSV, _csv(rows))
    yield ReportFile(TABLE_PARQUET, _parquet(rows))
    for plot in plots:
        yield ReportFile(f"{PLOTS}/{plot.name}.svg", plot.svg)
    yield ReportFile(RESULTS, _results(study, analysis, plots))


def _check_target(out: Path) -> None:
    """Look whether the report may go there, before there is any work in it."""
    try:
        if out.is_dir():
            if any(out.iterdir()) and not _is_report(out):
                raise StudyError(text.HOLDS_OTHERS.format(out=out), text.HOLDS_OTHERS_FIX)
        elif out.exists() or out.is_symlink():
            raise StudyError(text.IS_FILE.format(out=out), text.IS_FILE_FIX)
        elif not out.absolute().parent.is_dir():
            raise _not_written(out, FileNotFoundError(0, "there is no such folder to put it in"))
    except (OSError, ValueError) as error:
        raise _not_written(out, error) from error


def _is_report(folder: Path) -> bool:
    try:
        known = json.loads((folder / RESULTS).read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(known, dict) and _MARK in known


def _check_rated(rows: Sequence[StudyRow], *, anyway: bool) -> None:
    from app.study.analysis import count_pictures

    counts = count_pictures(rows)
    if not any(one.answered or one.unmarkable for one in counts):
        raise StudyError(text.NOTHING_RATED, text.NOTHING_RATED_FIX)
    if not anyway and any(one.open for one in counts):
        raise StudyError(
            text.NOT_ALL_RATED.format(open=text.missing(counts)), text.NOT_ALL_RATED_FIX
        )


def _check_packages() -> None:
    try:
        import pandas  # noqa: F401
        import pingouin  # noqa: F401
        import pyarrow  # noqa: F401
        import statsmodels  # noqa: F401
    except ImportError as error:
        package = error.name or str(error)
        raise StudyError(text.EXTRA_MISSING.format(package=package), text.EXTRA_FIX) from error


def _packages() -> tuple[tuple[str, str], ...]:
    found = []
    for name in _PACKAGES:
        try:
            found.append((name, version_of(name)))
        except PackageNotFoundError:
            found.append((name, "?"))
    return tuple(found)


def _when(said: str) -> datetime:
    """Return a point of time; one without an offset is taken for UTC, one that is none for old."""
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        return datetime.fromtimestamp(0, UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _csv(rows: Sequence[StudyRow]) -> bytes:
    file = io.StringIO()
    writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(map(asdict, rows))
    return file.getvalue().encode()


def _parquet(rows: Sequence[StudyRow]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([(name, _arrow_type(name)) for name in COLUMNS])
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist([asdict(row) for row in rows], schema=schema), file)
    return file.getvalue()


def _arrow_type(name: str) -> str:
    if name in _WHOLE:
        return "int32"
    return "double" if name.endswith(_REAL) else "string"


def _results(study: Study, analysis: Analysis, plots: Sequence[Plot]) -> bytes:
    key = study.key
    told = {
        _MARK: SCHEMA,
        "study": key.study,
        "made_at": key.made_at,
        "seed": key.seed,
        "version": __version__,
        "packages": dict(_packages()),
        "is_complete": analysis.open == 0,
        "interval_level": 0.95,
        "plots": [f"{PLOTS}/{plot.name}.svg" for plot in plots],
        "figures": _plain(asdict(analysis)),
    }
    return json.dumps(told, indent=1, ensure_ascii=False, allow_nan=False).encode() + b"\n"


def _plain(value: Any) -> Any:
    """Return what JSON holds; what is unknown is null."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value


def _write(out: Path, files: Sequence[ReportFile]) -> None:
    """Write all files under another name, then give the folder its own."""
    out = out.absolute()
    part, old = (out.with_name(f".{secrets.token_hex(8)}.{end}") for end in ("part", "old"))
    try:
        make_own_folder(part)
        make_own_folder(part / PLOTS)
        for file in files:
            with open_private(part / file.path, "xb") as opened:
                opened.write(file.data)
        _swap(part, out, old)
    except OSError as error:
        raise _not_written(out, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)


def _swap(part: Path, out: Path, old: Path) -> None:
    """Put a folder where an earlier one may be, which comes back if that fails."""
    had_one = out.is_dir()
    if had_one:
        out.rename(old)
    try:
        part.rename(out)
    except OSError:
        if had_one:
            with suppress(OSError):
                old.rename(out)
        raise


def _not_written(out: Path, error: OSError | ValueError) -> StudyError:
    why = why_not_written(error) if isinstance(error, OSError) else str(error)
    return StudyError(text.NOT_WRITTEN.format(out=out, why=why), text.NOT_WRITTEN_FIX)
