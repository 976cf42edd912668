"""What the person did, for the report: weeks in columns, and first and last self-check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.history.progress import level_of
from app.report.flow import CELL_GAP_PT, make_grid
from app.report.flow__blocks import Stack, paragraph
from app.report.flow__sheet import CONTENT_WIDTH_PT
from app.report.flow__typesetting import BODY, CAPTION, HEADING
from app.text import progress as progress_words
from app.text import squeeze as squeeze_words
from app.text.report import day_text

if TYPE_CHECKING:
    from app.history.progress import Period, Progress
    from app.report.flow__blocks import Block
    from app.report.flow__typesetting import Typesetter

#: More columns would break their dates.
_WEEKS_MAX = 8
_NAMES_PT = 84.0
_COLUMN_PT = (CONTENT_WIDTH_PT + CELL_GAP_PT - _NAMES_PT) / _WEEKS_MAX
_ANSWER_LINES = 2


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
            self.typesetter, brief_text(self.progress), BODY, CONTENT_WIDTH_PT, _ANSWER_LINES
        )
        grid = self._grid()
        return Stack((title, grid, *answers, note)), Stack((title, grid, note)), brief

    def _text(self, text: str) -> Block:
        return paragraph(self.typesetter, text, CAPTION, CONTENT_WIDTH_PT, 2 * _ANSWER_LINES)

    def _grid(self) -> Block:
        weeks = self.progress.weeks[-_WEEKS_MAX:]
        head = ["", *(progress_words.REPORT_WEEK.format(day=day_text(w.first)) for w in weeks)]
        rows = [
            [name, *(cell(number, week) for week in weeks)]
            for number, name in enumerate(progress_words.REPORT_ROWS)
        ]
        return make_grid(
            self.typesetter,
            (_NAMES_PT, *[_COLUMN_PT] * len(weeks)),
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
