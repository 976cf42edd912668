"""Measures the photographs of one call, one after the other, and writes what came of each."""

from __future__ import annotations

import logging
import shutil
import sys
import textwrap
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import typer

from app.cli.console import complain, pass_on, write_at_once
from app.cli.json_output import json_line, range_line, series_line
from app.cli.lines import plain, printable
from app.errors import BrokenInstallation, missing_library
from app.history.errors import HistoryError, ProfileNotFound
from app.system.shell import Status
from app.text import measurement, range_test
from app.text.measurement import TextLine, describe, describe_context, describe_series
from vision.image.frame import Frame, load_frame
from vision.marks.calibration import calibrated
from vision.marks.points import PointsError
from vision.model_files import ModelError
from vision.overlay.raster import OverlayError, save_overlay
from vision.pipeline import measure_photo, reject_for_points
from vision.range_of_motion import RefusedRange
from vision.reasons import PhotoError
from vision.result import BonyPoints, Measured, Method, Rejected, SaveOutcome, Shortfall, Unreadable
from vision.series import RefusedSeries, assess_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rich.progress import Progress

    from app.cli.options import Options, OverlayPlan
    from app.history.store import History
    from vision.marks.calibration import Calibration
    from vision.range_of_motion import RangeResult
    from vision.result import PhotoResult
    from vision.series import Series

_log = logging.getLogger(__name__)
#: Which status counts when several apply.
_WORST_FIRST = (Status.FAILED, Status.NOT_ALL_MEASURED)
#: Lines longer than this are hard to follow on a wide screen.
_WIDTH_MAX = 92


class Batch:
    """One call: what was asked for, where the answers go, what has gone wrong so far."""

    def __init__(self, options: Options, plan: OverlayPlan, writer: Writer) -> None:
        self._options = options
        self._plan = plan
        self._writer = writer
        self._bar = _Bar(len(options.photos))
        self._seen: set[Status] = set()
        self._repeats: list[Measured | Rejected] = []
        self._history: History | None = None
        self._calibration: Calibration | None = None
        self._open = ExitStack()

    def run(self) -> Status:
        """Measure and write every photograph in the order given.

        Raises
        ------
        BrokenInstallation
            When a model or a system library is missing; what came before is written.
        ProfileNotFound
            When nothing is to be kept, and nobody has the name that was given.
        """
        with closing(self._bar), self._open:
            self._calibration = self._find_calibration()
            if self._plan.problem is not None:
                self._complain(f"{self._plan.problem.message} {self._plan.problem.fix}")
            for photo, target in zip(self._options.photos, self._plan.targets, strict=True):
                self._answer(photo, target)
                self._bar.advance()
            self._answer_together()
        self._writer.finish()
        return next((s for s in _WORST_FIRST if s in self._seen), Status.DONE)

    def _answer(self, photo: str, target: Path | None) -> None:
        kept = SaveOutcome()
        try:
            frame = load_frame(photo)
            result = self._measure(photo, frame)
        except PhotoError as error:
            outcome: PhotoResult = Unreadable(error.code.value, error.message, error.fix)
        except BrokenInstallation:
            raise
        except Exception:
            # A bug must not cost the other photographs their answers.
            self._note_bug("Measuring %s failed", photo)
            outcome = Unreadable(
                "internal_error", measurement.INTERNAL_ERROR, measurement.INTERNAL_ERROR_FIX
            )
        else:
            outcome, kept = result, self._save(photo, frame, result, target)
        if not isinstance(outcome, Measured):
            self._seen.add(Status.NOT_ALL_MEASURED)
        self._take(photo, outcome)
        with self._bar.aside():
            self._writer.write(photo, outcome, kept)

    def _note_bug(self, what: str, photo: str) -> None:
        self._seen.add(Status.FAILED)
        with self._bar.aside():
            _log.exception(what, plain(photo))

    def _take(self, photo: str, outcome: PhotoResult) -> None:
        """Remember what is to be put together at the end."""
        if self._options.series and not isinstance(outcome, Unreadable):
            # The series names photographs as they were typed.
            self._repeats.append(replace(outcome, source=photo))

    def _answer_together(self) -> None:
        """Write what the photographs say together, where that is wanted."""
        if not self._options.series:
            return
        series = assess_series(self._repeats)
        if isinstance(series, RefusedSeries):
            self._seen.add(Status.NOT_ALL_MEASURED)
        with self._bar.aside():
            self._writer.write_series(series)

    def _measure(self, photo: str, frame: Frame) -> Measured | Rejected:
        asked = self._options
        result = measure_frame(frame, asked)
        if self._calibration is None or not isinstance(result, Measured):
            return result
        from app.history.from_measurement import taken_at

        return calibrated(result, self._calibration, taken_at(photo))

    def _find_calibration(self) -> Calibration | None:
        """Return the calibration of the person whose photographs these are, if any."""
        asked = self._options
        if asked.method != "auto" or not (asked.save or asked.profile):
            return None
        from app.history.calibration import calibration_of

        try:
            history = self._opened()
            if asked.profile is None:
                whose = next(iter(history.profiles()), None)
            else:
                whose = history.find_profile(asked.profile)
            return None if whose is None else calibration_of(history, whose.id)
        except HistoryError as error:
            if asked.save:  # somebody new; what else is wrong is told when something is kept
                return None
            if isinstance(error, ProfileNotFound):
                raise
            self._complain(str(error))
            return None
        except Exception:
            self._note_bug("Reading the calibration for %s failed", asked.photos[0])
            self._complain(measurement.NO_CALIBRATION)
            return None

    def _opened(self) -> History:
        """Return the history; its library takes a quarter of a second to load."""
        from app.history.store import History

        if self._history is None:
            self._history = self._open.enter_context(History.open())
            with self._bar.aside():
                pass_on(self._history)
        return self._history

    def _save(
        self, photo: str, frame: Frame, result: Measured | Rejected, target: Path | None
    ) -> SaveOutcome:
        """Draw and keep what is wanted; what fails costs neither the number nor the rest."""
        short: list[Shortfall] = []
        overlay = check_id = None
        if target is None and self._plan.problem is not None:
            short.append(self._plan.problem)  # told before the first photograph
        try:
            if target is not None:
                save_overlay(frame, result, target)
                overlay = target
        except OverlayError as error:
            short.append(_not_drawn(error.message, error.fix))
            self._complain(f"{error.message} {error.fix}")
        except Exception:
            self._note_bug("Drawing %s failed", photo)
            short.append(_not_drawn(measurement.NOT_DRAWN, measurement.INTERNAL_ERROR_FIX))
        try:
            check_id = self._keep(photo, frame, result)
        except HistoryError as error:
            short.append(_not_kept(error.message, error.fix))
            self._complain(f"{photo} was measured but not kept. {error}")
        except Exception:
            self._note_bug("Keeping %s failed", photo)
            short.append(_not_kept(measurement.NOT_KEPT, measurement.INTERNAL_ERROR_FIX))
            self._complain(f"{photo} was measured but not kept. {measurement.NOT_KEPT}")
        return SaveOutcome(overlay, check_id, tuple(short))

    def _keep(self, photo: str, frame: Frame, result: Measured | Rejected) -> int | None:
        if not self._options.save or isinstance(result, Rejected):
            return None
        from app.history.from_measurement import save_measured

        asked = self._options
        check = save_measured(
            self._opened(), photo, frame, result, profile_name=asked.profile, note=asked.note
        )
        return check.row.id

    def _complain(self, sentence: str) -> None:
        """Say on standard error what was asked for and cannot be done."""
        self._seen.add(Status.FAILED)
        with self._bar.aside():
            complain(sentence)


def measure_frame(frame: Frame, asked: Options) -> Measured | Rejected:
    """Measure a photograph as the command line asks for.

    Points that do not belong to the picture are a reason to refuse it, like any other.

    Raises
    ------
    BrokenInstallation
        When a model or a system library is missing.
    """
    points = vertical = None
    if asked.asis_px is not None and asked.psis_px is not None:
        points = BonyPoints(asis_px=asked.asis_px, psis_px=asked.psis_px)
    if asked.vertical_px is not None:
        x1, y1, x2, y2 = asked.vertical_px
        vertical = (x1, y1), (x2, y2)
    method = None if asked.method == "auto" else Method(asked.method)
    try:
        return measure_photo(
            frame,
            points=points,
            vertical=vertical,
            method=method,
            quick=asked.quick,
            person_at=asked.person_px,
        )
    except PointsError as error:
        return reject_for_points(frame, error)
    except ModelError as error:
        raise BrokenInstallation(error.message, error.fix) from error
    except (ImportError, OSError) as error:  # MediaPipe's native library loads only now
        raise missing_library(error) from error


def _not_drawn(message: str, fix: str) -> Shortfall:
    return Shortfall("overlay_not_written", message, fix)


def _not_kept(message: str, fix: str) -> Shortfall:
    return Shortfall("not_kept", message, fix)


class JsonWriter:
    """One JSON object a line, out of the program at once, and nothing else."""

    def write(self, source: str, outcome: PhotoResult, kept: SaveOutcome) -> None:
        """Write what became of a photograph, by the name that was given for it.

        Where the overlay went is not part of it.
        """
        write_at_once(json_line(source, outcome, kept.check_id, kept.shortfalls))

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write what the photographs say together, after the last of them."""
        write_at_once(series_line(series))

    def write_range(self, result: RangeResult | RefusedRange, entry_id: int | None) -> None:
        """Write what photographs of three positions make, and its number in the history."""
        write_at_once(range_line(result, entry_id))

    def finish(self) -> None:
        """Write nothing: there are only lines."""


class TextWriter:
    """The same as paragraphs for a person, wrapped on a terminal."""

    def __init__(self) -> None:
        self._outcomes: list[PhotoResult] = []
        self._width = 0
        if sys.stdout.isatty():
            self._width = min(shutil.get_terminal_size().columns, _WIDTH_MAX)

    def write(self, source: str, outcome: PhotoResult, kept: SaveOutcome) -> None:
        """Write what became of a photograph, and what is kept of it."""
        lines = [*describe(source, outcome)]
        if kept.overlay is not None:
            lines += [TextLine(""), TextLine(measurement.OVERLAY_WRITTEN.format(path=kept.overlay))]
        if kept.check_id is not None:
            lines += [TextLine(""), TextLine(measurement.CHECK_KEPT.format(number=kept.check_id))]
        if self._outcomes:
            lines.insert(0, TextLine(""))
        self._outcomes.append(outcome)
        self._print(lines)

    def write_series(self, series: Series | RefusedSeries) -> None:
        """Write what the photographs say together."""
        gap = [TextLine("")] if self._outcomes else []
        self._print([*gap, *describe_series(series, len(self._outcomes))])

    def write_range(self, result: RangeResult | RefusedRange, entry_id: int | None) -> None:
        """Write what photographs of three positions make, and its number in the history."""
        lines = [TextLine(""), *range_lines(result)]
        if entry_id is not None:
            lines += [TextLine(""), TextLine(range_test.KEPT.format(number=entry_id))]
        self._print(lines)

    def finish(self) -> None:
        """Write once what a tilt means."""
        self._print(describe_context(self._outcomes))

    def _print(self, lines: Iterable[TextLine]) -> None:
        for line in lines:
            shown = self._shaped(line)
            typer.echo(typer.style(shown, bold=True) if line.strong else shown)
        sys.stdout.flush()

    def _shaped(self, line: TextLine) -> str:
        text = printable(line.text)
        indent = " " * line.indent if text else ""
        if not self._width:
            return indent + text
        return textwrap.fill(
            text,
            max(self._width, 40),
            initial_indent=indent,
            subsequent_indent=indent + ("  " if text.startswith("- ") else ""),
            break_long_words=False,
            break_on_hyphens=False,
        )


def range_lines(result: RangeResult | RefusedRange) -> list[TextLine]:
    """Return what is said of a range test, for a person."""
    if isinstance(result, RefusedRange):
        said = (f"{reason.message} {reason.fix}" for reason in result.reasons)
        return [TextLine(range_test.NO_RESULT, strong=True), *map(TextLine, said)]
    first = f"{range_test.describe_range(result)}."
    return [
        TextLine(first, strong=True),
        TextLine(f"{range_test.describe_place(result)}.", strong=True),
        TextLine(range_test.describe_positions(result)),
        TextLine(range_test.MEANING),
        TextLine(range_test.NOT_MEANING),
    ]


Writer: TypeAlias = JsonWriter | TextWriter


class _Bar:
    """How many photographs are done; silent without a terminal or with one photograph."""

    def __init__(self, total: int) -> None:
        self._progress = _start(total) if total > 1 and sys.stderr.isatty() else None

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Take the bar off the screen while the caller writes."""
        if self._progress is None:
            yield
            return
        self._progress.stop()
        try:
            yield
        finally:
            self._progress.start()

    def advance(self) -> None:
        """Count one photograph as done."""
        if self._progress is not None:
            self._progress.advance(self._progress.task_ids[0])

    def close(self) -> None:
        """Take the bar off the screen for good."""
        if self._progress is not None:
            self._progress.stop()


def _start(total: int) -> Progress:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    progress = Progress(
        TextColumn("Measuring"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    progress.add_task("", total=total)
    progress.start()
    return progress
