"""One person's squeeze tests as a table, newest first."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt

from app.gui.style.dates import date_and_time
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtCore import QLocale, QObject

    from app.history.records import Squeeze, SqueezeAnswers


class SqueezeColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    TURN = 1
    NOISE = 2
    BOTH = 3
    LEFT = 4
    RIGHT = 5


class SqueezeModel(QAbstractTableModel):
    """Squeeze tests that were read.

    Parameters
    ----------
    locale
        For dates.
    """

    def __init__(self, locale: QLocale, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._locale = locale
        self._newest_first: list[Squeeze] = []

    def show(self, squeezes: Sequence[Squeeze]) -> None:
        """Show these tests, which come oldest first."""
        self.beginResetModel()
        self._newest_first = list(reversed(squeezes))
        self.endResetModel()

    def squeeze(self, row: int) -> Squeeze | None:
        """Return the test in a row."""
        return self._newest_first[row] if 0 <= row < len(self._newest_first) else None

    def row_of(self, squeeze_id: int) -> int | None:
        """Return where a test stands."""
        rows = (row for row, one in enumerate(self._newest_first) if one.id == squeeze_id)
        return next(rows, None)

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        row = self.row_of(squeeze_id)
        if row is None:
            return
        self._newest_first[row] = replace(self._newest_first[row], answers=answers)
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(SqueezeColumn) - 1))

    def rowCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many tests there are."""
        return 0 if parent is not None and parent.isValid() else len(self._newest_first)

    def columnCount(self, parent: QModelIndex | None = None) -> int:
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(SqueezeColumn)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Return the columns' names."""
        if orientation is not Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return {
            SqueezeColumn.DATE: self.tr("Date"),
            SqueezeColumn.TURN: self.tr("Turn (likely)"),
            SqueezeColumn.NOISE: self.tr(squeeze_words.MORE_COLUMN),
            SqueezeColumn.BOTH: self.tr(squeeze_words.BOTH),
            SqueezeColumn.LEFT: self.tr(squeeze_words.LEFT),
            SqueezeColumn.RIGHT: self.tr(squeeze_words.RIGHT),
        }[SqueezeColumn(section)]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        squeeze = self.squeeze(index.row()) if index.isValid() else None
        if squeeze is None:
            return None
        column, answers = SqueezeColumn(index.column()), squeeze.answers
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tip(squeeze, column)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column is SqueezeColumn.DATE:
            return date_and_time(self._locale, squeeze.taken_at)
        if column is SqueezeColumn.TURN:
            return self.tr(squeeze_words.turn_text(squeeze.result))
        if column is SqueezeColumn.NOISE:
            return self.tr(squeeze_words.noise_in_list(squeeze.result))
        answer = {
            SqueezeColumn.BOTH: answers.both,
            SqueezeColumn.LEFT: answers.left,
            SqueezeColumn.RIGHT: answers.right,
        }[column]
        return self.tr(squeeze_words.ability_name(answer))

    def _tip(self, squeeze: Squeeze, column: SqueezeColumn) -> str | None:
        if column is SqueezeColumn.TURN:
            return self.tr(squeeze_words.describe_turn(squeeze.result))
        if column is SqueezeColumn.NOISE:
            return self.tr(squeeze_words.describe_noise(squeeze.result))
        return None
