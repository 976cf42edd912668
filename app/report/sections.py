"""The parts of the report, built from one person's checks. Lengths are points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.progress import level_of
from app.report import texts
from app.report.flow import (
    BODY,
    CAPTION,
    CELL_GAP_PT,
    CONTENT_WIDTH_PT,
    FINE,
    HEADING,
    NUMBER,
    TITLE,
    Beside,
    Rule,
    Stack,
    Style,
    Text,
    make_grid,
    paragraph,
)
from app.report.picture import Picture, PictureProblem, cut_picture, read_picture
from app.report.trend import TrendChart, choose_points
from app.text import measurement, report
from app.text import progress as progress_words
from app.text import squeeze as squeeze_words
from app.text.measurement import headline
from app.text.report import day_text
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PIL.Image import Image

    from app.history.progress import Period, Progress
    from app.history.records import Check
    from app.report.contents import Contents
    from app.report.flow import Block, Grid, Typesetter


#: More columns would break their dates.
_WEEKS_MAX = 8
_DONE_NAMES_PT = 84.0
_COLUMN_PT = (CONTENT_WIDTH_PT + CELL_GAP_PT - _DONE_NAMES_PT) / _WEEKS_MAX
_DONE_ANSWER_LINES = 2


@dataclass(frozen=True, slots=True)
class Done:
    """Builds the section.

    Attributes
    ----------
    progress
        What was done; at least one day.
    typesetter
        Its fonts.
    """

    progress: Progress
    typesetter: Typesetter

    def blocks(self) -> tuple[Block, ...]:
        """Return the section in several lengths, the longest first."""
        title = paragraph(self.typesetter, progress_words.REPORT_TITLE, HEADING, CONTENT_WIDTH_PT)
        note = self._text(progress_words.REPORT_NOTE)
        answers = [self._text(text) for text in self_check_texts(self.progress)]
        brief = paragraph(
            self.typesetter, brief_text(self.progress), BODY, CONTENT_WIDTH_PT, _DONE_ANSWER_LINES
        )
        grid = self._grid()
        return Stack((title, grid, *answers, note)), Stack((title, grid, note)), brief

    def _text(self, text: str) -> Block:
        return paragraph(self.typesetter, text, CAPTION, CONTENT_WIDTH_PT, 2 * _DONE_ANSWER_LINES)

    def _grid(self) -> Block:
        weeks = self.progress.weeks[-_WEEKS_MAX:]
        head = ["", *(progress_words.REPORT_WEEK.format(day=day_text(w.first)) for w in weeks)]
        rows = [
            [name, *(cell(number, week) for week in weeks)]
            for number, name in enumerate(progress_words.REPORT_ROWS)
        ]
        return make_grid(
            self.typesetter,
            (_DONE_NAMES_PT, *[_COLUMN_PT] * len(weeks)),
            rows,
            most_lines=[1] * len(rows),
            head=head,
            names_first=True,
        )


def cell(row: int, week: Period) -> str:
    """Return what one row of :data:`progress_words.REPORT_ROWS` says of a week."""
    level = None if week.answers is None else level_of(week.answers)
    said = squeeze_words.ability_name(level) if level is not None else ""
    texts = (str(week.exercise_days), str(week.sets), str(week.breaks), said)
    return progress_words.REPORT_NONE if texts[row] in ("", "0") else texts[row]


def self_check_texts(progress: Progress) -> tuple[str, ...]:
    """Say what the first and the last self-check were answered."""
    said = [day for day in progress.days if day.answers is not None]
    shown = [said[0], said[-1]] if len(said) > 1 else said
    return tuple(
        progress_words.REPORT_ANSWERS.format(
            day=day_text(day.first), answers=squeeze_words.describe_answers(day.answers)
        )
        for day in shown
        if day.answers is not None
    )


def brief_text(progress: Progress) -> str:
    """Say all of it in one sentence, where there is no room for more."""
    days = progress.days
    return progress_words.REPORT_BRIEF.format(
        day=day_text(days[0].first),
        days=sum(day.exercise_days for day in days),
        sets=sum(day.sets for day in days),
        breaks=sum(day.breaks for day in days),
    )


_GUTTER_PT = 16.0
#: The last column's gap lies outside.
_GRID_WIDTH_PT = CONTENT_WIDTH_PT + CELL_GAP_PT
_HALF_PT = (CONTENT_WIDTH_PT - _GUTTER_PT) / 2
#: For one check, and for more.
_CHART_HEIGHTS_PT = (105.0, 150.0)
_PICTURE_HEIGHTS_PT = (150.0, 310.0)
_CAPTION_LINES, _ANSWER_LINES, _NAME_LINES = 2, 4, 2
#: In the facts: a longer text is cut.
_FACT_LINES, _LONG_FACTS = 3, {report.NOTICED: 12, report.NOTE: 6}
#: More rows than two pages ever have room for.
_ROWS_MAX = 90
#: Date, angle, method, clothes, arms; the note has what is left.
_TABLE_WIDTHS_PT = (82.0, 98.0, 62.0, 84.0, 60.0)
_NAMES_PT = 50.0
#: How much of the width the posture has when it stands beside the conditions.
_BODY_SHARE = 0.41
_PROBLEMS = {
    PictureProblem.NOT_KEPT: report.NO_PICTURE,
    PictureProblem.GONE: report.PICTURE_GONE,
    PictureProblem.UNREADABLE: report.PICTURE_UNREADABLE,
}


class Sections:
    """Builds each part of the report.

    Parameters
    ----------
    contents
        What is to be printed.
    typesetter
        Its fonts.
    """

    def __init__(self, contents: Contents, typesetter: Typesetter) -> None:
        self._contents = contents
        self._typesetter = typesetter
        newest = read_picture(contents.newest)
        self._problem = newest if isinstance(newest, PictureProblem) else None
        #: What is shown, oldest first; none where the newest check has no picture.
        self._shown: list[tuple[Check, Image]] = []
        if not isinstance(newest, PictureProblem):
            self._shown = [*_first_readable(contents.comparable), (contents.newest, newest)]
        seen = [check for check, _ in self._shown if check is not contents.newest]
        self._earlier = next(iter([*seen, *contents.comparable]), None)

    def front(self, room_pt: float, gap_pt: float) -> tuple[Block, ...]:
        """Return title, newest check, pictures, trend, facts and squeeze test, in their order.

        Pictures are as tall as leaves room for everything down to the trend in
        ``room_pt``, with ``gap_pt`` between parts.
        """
        before, trend, squeeze = (self._title(), self._newest()), self._trend(), self._squeeze()
        smallest, largest = _PICTURE_HEIGHTS_PT
        taken = sum(block.height_pt for block in (*before, trend)) + 3 * gap_pt
        if self._facts_beside() is not None:  # so the squeeze test is next
            taken += sum(block.height_pt + gap_pt for block in squeeze)
        caption = _CAPTION_LINES * CAPTION.leading_pt + 4.0
        height = min(max(room_pt - taken - caption, smallest), largest)
        return (*before, *self._pictures(height), trend, *self._facts(), *squeeze)

    def table(self, most_lines: int) -> Grid:
        """Return the table of checks, with no more lines than that in a cell."""
        rows = [texts.table_row(check.row) for check in self._contents.checks[:_ROWS_MAX]]
        lines = [most_lines] * len(rows)
        widths = *_TABLE_WIDTHS_PT, _GRID_WIDTH_PT - sum(_TABLE_WIDTHS_PT)
        head = report.COLUMNS
        return make_grid(self._typesetter, widths, rows, head=head, most_lines=lines)

    @property
    def total_count(self) -> int:
        """How many checks there are, in the table or not."""
        return self._contents.total_count

    def table_title(self, shown: int, total: int) -> Text:
        """Return the heading of the table."""
        if shown == total:
            return self._text(report.TABLE, HEADING)
        return self._text(report.TABLE_SOME.format(shown=shown, total=total), HEADING)

    def left_out(self, count: int) -> Text:
        """Say how many checks are not in the table."""
        if count == 1:
            return self._text(report.LEFT_OUT_ONE, CAPTION)
        return self._text(report.LEFT_OUT.format(count=count), CAPTION)

    def done(self) -> tuple[Block, ...]:
        """Return what the person did, longest form first; nothing where nothing was noted."""
        progress = self._contents.progress
        if progress is None or not progress.days:
            return ()
        return Done(progress, self._typesetter).blocks()

    def closing(self) -> Block:
        """Return limits, sources and versions."""
        said = [*report.LIMIT_TEXTS, texts.versions(self._contents)]
        fonts = self._typesetter.fonts
        if any(map(fonts.lack, self._own_words())):
            said.append(report.LETTERS_MISSING.format(sign=fonts.stand_in))
        paragraphs = [self._text(text, FINE) for text in said]
        return Stack((Rule(CONTENT_WIDTH_PT), self._heading(report.LIMITS), *paragraphs), 3.5)

    def title(self) -> str:
        """Return what the report is about, by the newest check."""
        belt = self._contents.newest.row.tilt.method is Method.BELT
        return report.TITLE_BELT if belt else report.TITLE

    def foot(self) -> str:
        """Return what stands at the foot of each page."""
        return report.FOOT.format(name=self._contents.profile.name)

    def _own_words(self) -> list[str]:
        conditions = [check.row.conditions for check in self._contents.checks]
        return [self._contents.profile.name, *(f"{c.garment} {c.note}" for c in conditions)]

    def _text(
        self, text: str, style: Style, room_pt: float = CONTENT_WIDTH_PT, most: int | None = None
    ) -> Text:
        return paragraph(self._typesetter, text, style, room_pt, most)

    def _heading(self, text: str) -> Text:
        return self._text(text, HEADING)

    def _title(self) -> Block:
        return Stack(
            (
                self._text(self.title(), TITLE),
                self._text(self._contents.profile.name, Style(12.0, bold=True), most=_NAME_LINES),
                self._text(texts.dates(self._contents), CAPTION),
                Rule(CONTENT_WIDTH_PT),
            )
        )

    def _newest(self) -> Block:
        newest = self._contents.newest
        when = report.time_text(newest.row.taken_at)
        said = list(texts.answers(newest))
        changed = texts.change(self._earlier, newest) if self._earlier else None
        said += [changed] if changed else []
        if self._problem is not None:
            said.append(_PROBLEMS[self._problem])
        return Stack(
            (
                self._heading(report.NEWEST.format(when=when)),
                self._text(headline(newest.result.tilt), NUMBER),
                *(self._text(text, BODY, most=_ANSWER_LINES) for text in said),
            ),
            gap_pt=2.0,
        )

    def _pictures(self, height_pt: float) -> tuple[Block, ...]:
        """Return two pictures, or one and the facts on its right if they fit, or nothing."""
        pictures = [self._picture(check, image, height_pt) for check, image in self._shown]
        offset = _HALF_PT + _GUTTER_PT
        if len(pictures) == 2:
            return (Beside(pictures[0], pictures[1], offset),)
        facts = self._facts_beside()
        if facts is None:
            return tuple(pictures)
        return tuple(Beside(picture, facts, offset) for picture in pictures)

    def _facts_beside(self) -> Block | None:
        """Return posture and conditions for the space beside a single picture, if they fit."""
        facts = Stack((self._body(_HALF_PT), self._capture(_HALF_PT)), 10.0)
        fit = facts.height_pt <= _PICTURE_HEIGHTS_PT[1]
        return facts if len(self._shown) == 1 and fit else None

    def _picture(self, check: Check, image: Image, height_pt: float) -> Picture:
        caption = self._text(texts.caption(check), CAPTION, _HALF_PT, _CAPTION_LINES)
        return cut_picture(check, image, (_HALF_PT, height_pt), caption)

    def _facts(self) -> tuple[Block, ...]:
        """Return posture and conditions, unless they stand beside a single picture."""
        if self._facts_beside() is not None:
            return ()
        offset = _BODY_SHARE * CONTENT_WIDTH_PT
        room = CONTENT_WIDTH_PT - offset
        return (Beside(self._body(offset - _GUTTER_PT), self._capture(room), offset),)

    def _squeeze(self) -> tuple[Block, ...]:
        test = self._contents.squeeze
        if test is None:
            return ()
        return (self._text(texts.squeeze(test), BODY),)

    def _body(self, room_pt: float) -> Block:
        newest = self._contents.newest
        day = report.day_text(newest.row.taken_at)
        widths = _NAMES_PT, room_pt - _NAMES_PT + CELL_GAP_PT
        rows = texts.posture_rows(newest)
        lines = [_FACT_LINES] * len(rows)
        grid = make_grid(self._typesetter, widths, rows, most_lines=lines, names_first=True)
        notes = [report.BODY_NOT_TILT.format(day=day), texts.sway_back(newest)]
        below = (self._text(note, CAPTION, room_pt) for note in notes if note)
        title = self._text(report.BODY, HEADING, room_pt)
        return Stack((title, grid, *below))

    def _capture(self, room_pt: float) -> Block:
        """Return how the pictures that are shown were taken, side by side."""
        checks = [check for check, _ in self._shown] or [self._contents.newest]
        columns = [dict(texts.capture_rows(check)) for check in checks]
        names = dict.fromkeys(name for column in reversed(columns) for name in column)
        rows = [(name, *(column.get(name, "") for column in columns)) for name in names]
        share = (room_pt - _NAMES_PT + CELL_GAP_PT) / len(checks)
        days = [report.day_text(check.row.taken_at) for check in checks]
        grid = make_grid(
            self._typesetter,
            (_NAMES_PT, *[share] * len(checks)),
            rows,
            head=("", *days) if len(checks) > 1 else None,
            names_first=True,
            most_lines=[_LONG_FACTS.get(name, _FACT_LINES) for name in names],
        )
        title = report.CAPTURE if len(checks) > 1 else report.CAPTURE_ONE
        return Stack((self._text(title, HEADING, room_pt), grid))

    def _trend(self) -> Block:
        trend, zone = self._contents.trend, self._contents.newest.row.taken_at.tzinfo
        method = measurement.METHOD_WORDS[trend.method]
        points = choose_points(trend)
        if not points.count:
            return self._text(report.NO_TREND.format(method=method), BODY)
        belt = trend.method is Method.BELT
        title = report.TREND_AXIS_BELT if belt else report.TREND_AXIS
        height = _CHART_HEIGHTS_PT[points.count > 1]
        chart = TrendChart(points, title, not belt, zone, CONTENT_WIDTH_PT, height)
        notes = self._text(texts.trend_notes(points, trend.method), CAPTION)
        return Stack((self._heading(report.TREND.format(method=method)), chart, notes))


def _first_readable(checks: Iterable[Check]) -> list[tuple[Check, Image]]:
    """Return the first check whose picture can be read, with it; else nothing."""
    for check in checks:
        image = read_picture(check)
        if not isinstance(image, PictureProblem):
            return [(check, image)]
    return []
