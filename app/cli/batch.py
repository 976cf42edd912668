"""Measures the photographs of one call, and writes what came of each in the order given.

Many are measured by several processes; whatever is written is written by this one.
"""

from __future__ import annotations

import logging
import shutil
import sys
import textwrap
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from app.cli.console import complain, pass_on, write_at_once
from app.cli.json_output import json_line, range_line, series_line
from app.cli.lines import plain, printable
from app.cli.one_photo import PhotoAnswer, PhotoJob, PhotoWork, internal_error
from app.history.errors import HistoryError, ProfileNotFound
from app.system.cores import worker_count
from app.system.shell import Status
from app.text import measurement, range_test
from app.text.measurement import TextLine, describe, describe_context, describe_series
from vision.range_of_motion import RefusedRange
from vision.result import Measured, Rejected, SaveOutcome, Shortfall, Unreadable
from vision.series import RefusedSeries, assess_series

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
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


def measure_all(options: Options, plan: OverlayPlan, *, as_json: bool) -> Status:
    """Measure and write every photograph, as JSON lines or for a person; see :class:`Batch`."""
    return Batch(options, plan, JsonWriter() if as_json else TextWriter()).run()


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
        self._keeps_photos = options.save
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
            calibration = self._find_calibration()
            if self._plan.problem is not None:
                self._complain(f"{self._plan.problem.message} {self._plan.problem.fix}")
            photos, targets = self._options.photos, self._plan.targets
            # Names of all others need not travel to each process.
            asked = replace(self._options, photos=())
            work = PhotoWork(asked, calibration, self._keeps_photos)
            jobs = [
                PhotoJob(photo, "" if target is None else target.suffix)
                for photo, target in zip(photos, targets, strict=True)
            ]
            answers = self._answers(work, jobs)
            for photo, target, answer in zip(photos, targets, answers, strict=True):
                self._answer(photo, target, answer)
                self._bar.advance()
            self._answer_together()
        self._writer.finish()
        return next((s for s in _WORST_FIRST if s in self._seen), Status.DONE)

    def _answers(self, work: PhotoWork, jobs: Sequence[PhotoJob]) -> Iterator[PhotoAnswer]:
        """Give what comes of each photograph, in order: here, or from as many processes as pay."""
        count = self._options.workers
        if count is None:
            count = worker_count(len(jobs), is_quick=self._options.quick)
        count = min(count, len(jobs))
        if count < 2:
            yield from map(work.do, jobs)
            return
        from app.cli.workers import PhotoWorkers

        workers = self._open.enter_context(PhotoWorkers(count, work))
        for job, done in zip(jobs, workers.results(jobs), strict=True):
            if done.result is not None:
                yield done.result
            else:
                lost = (
                    f"Measuring {plain(job.photo)} ended its process (exit code {done.exit_code})"
                )
                yield PhotoAnswer(internal_error(), bugs=(lost,))

    def _answer(self, photo: str, target: Path | None, answer: PhotoAnswer) -> None:
        for bug in answer.bugs:
            self._note(bug)
        kept = SaveOutcome()
        if not isinstance(answer.outcome, Unreadable):
            kept = self._save(photo, answer, target)
        if not isinstance(answer.outcome, Measured):
            self._seen.add(Status.NOT_ALL_MEASURED)
        self._take(photo, answer.outcome)
        with self._bar.aside():
            self._writer.write(photo, answer.outcome, kept)

    def _note(self, bug: str) -> None:
        """Log what should not have failed."""
        self._seen.add(Status.FAILED)
        with self._bar.aside():
            _log.error("%s", bug)

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

    def _save(self, photo: str, answer: PhotoAnswer, target: Path | None) -> SaveOutcome:
        """Write and keep what is wanted; what fails costs neither the number nor the rest."""
        if target is None:
            not_drawn = self._plan.problem  # told before the first photograph
        else:
            not_drawn = self._write_overlay(photo, answer, target)
        kept = self._keep(photo, answer)
        return SaveOutcome(
            None if not_drawn else target,
            kept if isinstance(kept, int) else None,
            tuple(one for one in (not_drawn, kept) if isinstance(one, Shortfall)),
        )

    def _write_overlay(self, photo: str, answer: PhotoAnswer, target: Path) -> Shortfall | None:
        """Write the picture with everything drawn on it; return why not, where that fails."""
        from vision.overlay.raster import OverlayError, write_picture

        try:
            if answer.overlay is not None:
                write_picture(answer.overlay, target)
                return None
        except OverlayError as error:
            self._complain(f"{error.message} {error.fix}")
            return _not_drawn(error.message, error.fix)
        except Exception:
            self._note_bug("Drawing %s failed", photo)
        return _not_drawn(measurement.NOT_DRAWN, measurement.INTERNAL_ERROR_FIX)

    def _keep(self, photo: str, answer: PhotoAnswer) -> int | Shortfall | None:
        """Keep a measurement; return its number, or why it is not kept, or None if unwanted."""
        result, asked = answer.outcome, self._options
        if not self._keeps_photos or not isinstance(result, Measured):
            return None
        from app.history.from_measurement import save_measured

        try:
            if answer.copy is not None:
                check = save_measured(
                    self._opened(),
                    photo,
                    answer.copy,
                    result,
                    profile_name=asked.profile,
                    note=asked.note,
                )
                return check.row.id
        except HistoryError as error:
            self._complain(f"{photo} was measured but not kept. {error}")
            return _not_kept(error.message, error.fix)
        except Exception:
            self._note_bug("Keeping %s failed", photo)
        self._complain(f"{photo} was measured but not kept. {measurement.NOT_KEPT}")
        return _not_kept(measurement.NOT_KEPT, measurement.INTERNAL_ERROR_FIX)

    def _complain(self, sentence: str) -> None:
        """Say on standard error what was asked for and cannot be done."""
        self._seen.add(Status.FAILED)
        with self._bar.aside():
            complain(sentence)


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
            print(_bold(shown) if line.strong else shown)
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


def _bold(text: str) -> str:
    """Return a text in bold letters for a terminal, as it is for anything else."""
    # Windows has terminals that would show the sequence.
    return f"\x1b[1m{text}\x1b[0m" if sys.stdout.isatty() and sys.platform != "win32" else text


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
