"""The parts of the report, built from one person's checks. Lengths are points."""

from __future__ import annotations

from functools import partial
from itertools import accumulate
from typing import TYPE_CHECKING

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.platypus import Flowable, PageBreak, TopPadder

from app.report import texts
from app.report.flow import (
    BODY,
    CAPTION,
    CELL_GAP_PT,
    CONTENT_WIDTH_PT,
    FINE,
    GAP_PT,
    GUTTER_PT,
    HEADING,
    LINE_GAP_PT,
    NAME,
    NUMBER,
    PAGE_ROOM_PT,
    PERSON,
    TITLE,
    Fitted,
    Text,
    beside,
    grid,
    height_pt,
    row_heights_pt,
    rule,
    spaced,
    stack,
)
from app.report.fonts import load_fonts, missing_letters
from app.report.picture import Picture, read_picture
from app.report.practice import practice_head
from app.report.trend import TrendChart, choose_points
from app.text import measurement, report
from app.text.change import progress as words
from app.text.languages.wording import day_text, time_text
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PIL.Image import Image
    from reportlab.platypus import Table

    from app.history.progress import Period
    from app.history.records import Check
    from app.report.contents import Contents

_HALF_PT = (CONTENT_WIDTH_PT - GUTTER_PT) / 2
_HALVES_PT = (_HALF_PT + GUTTER_PT, _HALF_PT)
#: The last column's gap lies outside.
_GRID_WIDTH_PT = CONTENT_WIDTH_PT + CELL_GAP_PT
#: For one check, and for more.
_CHART_HEIGHTS_PT = (105.0, 150.0)
#: The smallest and the largest.
_PICTURE_HEIGHTS_PT = (150.0, 310.0)
_CAPTION_GAP_PT = 4.0
_CAPTION_LINES, _ANSWER_LINES, _NAME_LINES = 2, 4, 2
#: In the facts: a longer text is cut.
_FACT_LINES, _NOTICED_LINES, _NOTE_LINES = 3, 12, 6
_NAMES_PT = 50.0
_PARTS_PT = 56.0
#: How much of the width the posture has when it stands beside the conditions.
_BODY_SHARE = 0.41
#: More weeks would break their dates.
_WEEKS_MAX = 8
_BRIEF_LINES, _NOTE_LINES = 2, 4
_WEEK_NAMES_PT = 84.0
_WEEK_PT = (_GRID_WIDTH_PT - _WEEK_NAMES_PT) / _WEEKS_MAX
#: Date, angle, method, clothes, arms; the note has what is left.
_TABLE_WIDTHS_PT = (82.0, 98.0, 62.0, 84.0, 60.0)
#: More rows than two pages ever have room for.
_ROWS_MAX = 90
#: A table is not begun at the foot of a page for fewer rows than these.
_ROWS_MIN = 3
#: Lines in a cell of the table: notes are cut shorter when that shows more checks.
_CELL_LINES = (6, 4, 3, 2)
_LAST_PAGE = 2


class Sections:
    """Builds each part of the report.

    Parameters
    ----------
    contents
        What is to be printed.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        newest = read_picture(contents.newest, hides_face=contents.hides_face)
        self._no_picture = [newest] if isinstance(newest, str) else []
        #: What is shown, oldest first; none where the newest check has no picture.
        self._shown: list[tuple[Check, Image]] = []
        if not isinstance(newest, str):
            earlier = _first_readable(contents.comparable, hides_face=contents.hides_face)
            self._shown = [*earlier, (contents.newest, newest)]
        seen = [check for check, _ in self._shown if check is not contents.newest]
        self._earlier = next(iter([*seen, *contents.comparable]), None)
        self._closing = self._limits()
        self._closing_pt = GAP_PT + height_pt(self._closing)

    def title(self) -> str:
        """Return what the report is about, by the newest check."""
        belt = self._contents.newest.row.tilt.method is Method.BELT
        return report.TITLE_BELT if belt else report.TITLE

    def foot(self) -> str:
        """Return what stands at the foot of each page."""
        return report.FOOT.format(name=self._contents.profile.name)

    def story(self) -> list[Flowable]:
        """Return all parts in their order, for two pages at most."""
        alone, done, facts = self._contents.total_count == 1, self._done(), self._facts_beside()
        trend, tests = self._trend(), self._tests()
        below_pt = height_pt(trend) + GAP_PT
        if facts is not None:  # so the tests are next
            below_pt += sum(height_pt(part) + GAP_PT for part in tests)
        # A single check has been told already when a table would repeat it: one page will do.
        if alone and not done:
            below_pt += self._closing_pt
        return [
            self._head(),
            self._newest(),
            *self._pictures(facts, below_pt),
            trend,
            *([self._facts()] if facts is None else []),
            *tests,
            *([Fitted(partial(self._longest, done))] if done else []),
            *([] if alone else [Fitted(self._table)]),
            # Fine print belongs to the foot of its page.
            TopPadder(self._closing),
        ]

    def _head(self) -> Table:
        profile = self._contents.profile
        known = texts.known_of(profile)
        return stack(
            *practice_head(self._contents.practice),
            Text(self.title(), TITLE),
            Text(profile.name, PERSON, _NAME_LINES),
            *([Text(known, BODY)] if known else []),
            Text(texts.dates(self._contents), CAPTION),
            rule(),
        )

    def _newest(self) -> Table:
        newest = self._contents.newest
        when = time_text(newest.row.taken_at)
        changed = texts.change(self._earlier, newest) if self._earlier else None
        said = *texts.answers(newest), *([changed] if changed else []), *self._no_picture
        return stack(
            Text(report.NEWEST.format(when=when), HEADING),
            Text(measurement.headline(newest.result.tilt), NUMBER),
            *(Text(text, BODY, _ANSWER_LINES) for text in said),
            gap_pt=2.0,
        )

    def _pictures(self, facts: Table | None, below_pt: float) -> list[Flowable]:
        """Return two pictures, or one with the facts on its right if given, or nothing.

        They are as tall as the page has room for with what comes below.
        """

        def choose(room_pt: float, _page: int) -> list[Flowable]:
            smallest, largest = _PICTURE_HEIGHTS_PT
            caption_pt = _CAPTION_LINES * CAPTION.leading + _CAPTION_GAP_PT
            height = min(max(room_pt - below_pt - caption_pt, smallest), largest)
            columns: list[list[Flowable]] = [
                [
                    Picture(check, image, _HALF_PT, height, hides_face=self._contents.hides_face),
                    Text(texts.caption(check), CAPTION, _CAPTION_LINES),
                ]
                for check, image in self._shown
            ]
            columns += [] if facts is None else [[facts]]
            return [beside(columns, _HALVES_PT[: len(columns)], _CAPTION_GAP_PT)]

        return [Fitted(choose)] if self._shown else []

    def _trend(self) -> Table:
        trend, zone = self._contents.trend, self._contents.newest.row.taken_at.tzinfo
        method = measurement.METHOD_WORDS[trend.method]
        points = choose_points(trend)
        if not points.count:
            return stack(Text(report.NO_TREND.format(method=method), BODY))
        return stack(
            Text(report.TREND.format(method=method), HEADING),
            *([Text(said, BODY)] if (said := texts.all_together(self._contents)) else []),
            TrendChart(points, trend.method, zone, _CHART_HEIGHTS_PT[points.count > 1]),
            Text(texts.trend_notes(points, trend.method), CAPTION),
        )

    def _facts_beside(self) -> Table | None:
        """Return posture and conditions for the space beside a single picture, if they fit."""
        if len(self._shown) != 1:
            return None
        parts = self._body(_HALF_PT), self._capture(_HALF_PT)
        facts = stack(*parts, width_pt=_HALF_PT, gap_pt=0.0)
        return facts if height_pt(facts) <= _PICTURE_HEIGHTS_PT[1] else None

    def _facts(self) -> Table:
        """Return posture and conditions side by side."""
        left = _BODY_SHARE * CONTENT_WIDTH_PT
        right = CONTENT_WIDTH_PT - left
        return beside(((self._body(left - GUTTER_PT),), (self._capture(right),)), (left, right))

    def _body(self, room_pt: float) -> Table:
        newest = self._contents.newest
        posture = newest.result.posture
        rows = list(measurement.describe_posture(posture).items())
        widths = _PARTS_PT, room_pt - _PARTS_PT + CELL_GAP_PT
        day = day_text(newest.row.taken_at)
        notes = [report.BODY_NOT_TILT.format(day=day)]
        notes += [measurement.SWAY_BACK] if measurement.is_sway_back(posture) else []
        return stack(
            Text(report.BODY, HEADING),
            grid(widths, rows, most_lines=[_FACT_LINES] * len(rows), names_first=True),
            *(Text(note, CAPTION) for note in notes),
            width_pt=room_pt,
        )

    def _capture(self, room_pt: float) -> Table:
        """Return how the pictures that are shown were taken, side by side."""
        checks = [check for check, _ in self._shown] or [self._contents.newest]
        columns = [dict(texts.capture_rows(check)) for check in checks]
        names = dict.fromkeys(name for column in reversed(columns) for name in column)
        # No word is broken, however long it is in the reader's language.
        widest_pt = max(stringWidth(name, NAME.fontName, NAME.fontSize) for name in names)
        names_pt = max(_NAMES_PT, widest_pt + CELL_GAP_PT)
        share = (room_pt - names_pt + CELL_GAP_PT) / len(checks)
        days = [day_text(check.row.taken_at) for check in checks]
        # A longer text is cut.
        long_facts = {report.NOTICED: _NOTICED_LINES, report.NOTE: _NOTE_LINES}
        return stack(
            Text(report.CAPTURE if len(checks) > 1 else report.CAPTURE_ONE, HEADING),
            grid(
                (names_pt, *[share] * len(checks)),
                [(name, *(column.get(name, "") for column in columns)) for name in names],
                head=("", *days) if len(checks) > 1 else None,
                names_first=True,
                most_lines=[long_facts.get(name, _FACT_LINES) for name in names],
            ),
            width_pt=room_pt,
        )

    def _tests(self) -> tuple[Table, ...]:
        """Return a paragraph for each kind of test that was done."""
        squeeze, ranges = self._contents.squeeze, self._contents.ranges
        said = [] if squeeze is None else [texts.squeeze(squeeze)]
        said += [texts.range_tests(ranges)] if ranges else []
        return tuple(stack(Text(text, BODY)) for text in said)

    def _done(self) -> tuple[Table, ...]:
        """Return what the person did, longest form first; nothing where nothing was noted."""
        progress = self._contents.progress
        if progress is None or not progress.days:
            return ()
        title = Text(words.REPORT_TITLE, HEADING), _weeks(progress.weeks[-_WEEKS_MAX:])
        answers = [Text(text, CAPTION, _NOTE_LINES) for text in texts.self_checks(progress)]
        note = Text(words.REPORT_NOTE, CAPTION, _NOTE_LINES)
        brief = Text(texts.done_briefly(progress), BODY, _BRIEF_LINES)
        return stack(*title, *answers, note), stack(*title, note), stack(brief)

    def _longest(self, forms: Sequence[Table], room_pt: float, page: int) -> list[Flowable]:
        """Return the longest form that there is room for; the first page sends it to the next."""
        if page < _LAST_PAGE:
            return [forms[0]]
        total = self._contents.total_count
        about_table = height_pt(_table_title(total, total)) + height_pt(_left_out(total))
        room_pt -= self._closing_pt + about_table + 3 * GAP_PT
        return [form for form in forms if height_pt(form) <= room_pt][:1]

    def _table(self, room_pt: float, page: int) -> list[Flowable]:
        """Return the table of checks with as many rows as two pages leave room for."""
        total = self._contents.total_count
        rows = [texts.table_row(check.row) for check in self._contents.checks[:_ROWS_MAX]]
        widths = *_TABLE_WIDTHS_PT, _GRID_WIDTH_PT - sum(_TABLE_WIDTHS_PT)
        for most in _CELL_LINES:
            make = partial(grid, widths, head=report.COLUMNS)
            heights = row_heights_pt(make(rows, most_lines=[most] * len(rows)))
            first, shown = self._rows_fitting(heights, room_pt, page)
            if shown == len(rows):
                break
        parts: list[Flowable] = [] if first or page == _LAST_PAGE else [PageBreak()]
        parts.append(_table_title(shown, total))
        if shown:
            parts.append(spaced(make(rows[:shown], most_lines=[most] * shown)))
        if total > shown:
            parts.append(_left_out(total - shown))
        return parts

    def _rows_fitting(
        self, heights_pt: Sequence[float], room_pt: float, page: int
    ) -> tuple[int, int]:
        """Return how many rows fit on the first page, and how many on both.

        The title stands before them, the closing and what is left out after them.
        """
        total = self._contents.total_count
        head, *rows = heights_pt
        title_pt = height_pt(_table_title(total, total)) + LINE_GAP_PT
        after_pt = height_pt(_left_out(total)) + LINE_GAP_PT + self._closing_pt
        room_pt -= title_pt + head
        first = 0
        if page < _LAST_PAGE:
            if sum(rows) + after_pt <= room_pt:
                return len(rows), len(rows)
            first = _count_fitting(rows, room_pt)
            first = first if first >= min(_ROWS_MIN, len(rows)) else 0
            room_pt = PAGE_ROOM_PT - head - (0.0 if first else title_pt)
        return first, first + _count_fitting(rows[first:], room_pt - after_pt)

    def _limits(self) -> Table:
        """Return limits, sources and versions."""
        first, *others = report.LIMIT_TEXTS
        said = [f"{measurement.INTENDED_USE} {first}", *others, texts.versions(self._contents)]
        if missing_letters(self._contents.typed):
            said.append(report.LETTERS_MISSING.format(sign=load_fonts().stand_in))
        fine = (Text(text, FINE) for text in said)
        return stack(rule(), Text(report.LIMITS, HEADING), *fine, gap_pt=3.5)


def _first_readable(checks: Iterable[Check], *, hides_face: bool) -> list[tuple[Check, Image]]:
    """Return the first check whose picture can be shown, with it; else nothing."""
    for check in checks:
        image = read_picture(check, hides_face=hides_face)
        if not isinstance(image, str):
            return [(check, image)]
    return []


def _weeks(weeks: Sequence[Period]) -> Table:
    """Return the table of what was done week by week."""
    rows = [
        [name, *(texts.week_cell(number, week) for week in weeks)]
        for number, name in enumerate(words.REPORT_ROWS)
    ]
    return grid(
        (_WEEK_NAMES_PT, *[_WEEK_PT] * len(weeks)),
        rows,
        most_lines=[1] * len(rows),
        head=["", *(words.REPORT_WEEK.format(day=day_text(w.first)) for w in weeks)],
        names_first=True,
    )


def _table_title(shown: int, total: int) -> Table:
    some = report.TABLE_SOME.format(shown=shown, total=total)
    return stack(Text(report.TABLE if shown == total else some, HEADING))


def _left_out(count: int) -> Flowable:
    text = report.LEFT_OUT.of(count)
    return spaced(Text(text, CAPTION))


def _count_fitting(heights_pt: Sequence[float], room_pt: float) -> int:
    return sum(bottom <= room_pt for bottom in accumulate(heights_pt))
