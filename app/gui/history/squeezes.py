"""Squeeze tests on the History page: the turn of each, and the answers, which can be changed."""

from __future__ import annotations

from dataclasses import replace
from enum import IntEnum
from typing import TYPE_CHECKING, Any, ClassVar

from PyQt6.QtCore import QLocale, QModelIndex, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QGridLayout, QLabel

from app.gui.history.self_tests import SelfTestList, SelfTestModel, SelfTestSection
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX
from app.gui.widgets.cards import in_column, named
from app.history.records import Ability, Squeeze
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.records import SqueezeAnswers
    from app.history.store import History, OwnedName


class SqueezeSection(SelfTestSection[Squeeze]):
    """Squeeze tests; their answers are kept when they are changed."""

    key: ClassVar[str] = "history squeezes"
    table: ClassVar[OwnedName] = "squeezes"

    def _read(self, history: History, profile_id: int) -> Sequence[Squeeze]:
        return history.squeezes(profile_id)

    def _make_list(self) -> SqueezeList:
        made = SqueezeList()
        made.edited.connect(self._edit)
        return made

    def _newest(self, test: Squeeze, when: str) -> str:
        return squeeze_words.NEWEST.format(when=when, turned=squeeze_words.turn_text(test.result))

    def _counted(self, count: int) -> str:
        return squeeze_words.COUNTED.format(count=count)

    def _in_words(self, count: int) -> str:
        return squeeze_words.count_tests(count)

    def _edit(self, before: Squeeze, answers: SqueezeAnswers) -> None:
        self._changes.edit(
            self.tr("Answer changed"),
            before.answers,
            answers,
            lambda given: self.list.put_answers(before.id, given),
            lambda history, given: history.set_squeeze_answers(before.id, given),
        )


class SqueezeList(SelfTestList[Squeeze]):
    """Shows tests in a table, and the chosen one below it with answers to choose."""

    #: The test as it was, and the answers as somebody just chose them.
    edited = pyqtSignal(object, object)

    def __init__(self) -> None:
        self.answers: dict[str, QComboBox] = {}
        title, about = squeeze_words.TITLE_SEVERAL, squeeze_words.SELF_CHECK
        super().__init__(SqueezeModel(QLocale()), title, about, SqueezeColumn.TURN)

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        row = self.model.row_of(squeeze_id)
        if row is not None:
            self.model.tests[row] = replace(self.model.tests[row], answers=answers)
            self.model.rows_changed(row, row)
        self.show_chosen()

    def _fill_card(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX * 2)
        grid.setVerticalSpacing(GAP_PX // 2)
        for place, (name, short, question) in enumerate(_asked()):
            choice = named(QComboBox(), question)
            choice.addItem(squeeze_words.NOT_SAID, None)
            for ability in Ability:
                choice.addItem(squeeze_words.ability_name(ability), ability)
            choice.activated.connect(lambda _, name=name: self._edit(name))
            label = QLabel(short)
            label.setBuddy(choice)
            grid.addWidget(label, 0, place)
            grid.addWidget(choice, 1, place)
            grid.setColumnStretch(place, 1)
            self.answers[name] = choice
        parts = self.when, self.said, QLabel(squeeze_words.COULD_SQUEEZE), grid
        in_column(*parts, on=self.card, margins_px=GAP_PX + 2)

    def _lines(self, test: Squeeze) -> Sequence[str]:
        for name, choice in self.answers.items():
            given = getattr(test.answers, name)
            choice.setCurrentIndex(0 if given is None else 1 + list(Ability).index(given))
        turned = squeeze_words.describe_turn(test.result)
        first = f"{turned}. {squeeze_words.describe_noise(test.result)}"
        return first, squeeze_words.describe_rounds(test.result), test.note

    def _edit(self, name: str) -> None:
        squeeze = self.chosen
        if squeeze is None:
            return
        chosen = self.answers[name].currentData()
        given = None if chosen is None else Ability(chosen)
        answers = replace(squeeze.answers, **{name: given})
        if answers != squeeze.answers:
            self.edited.emit(squeeze, answers)


class SqueezeColumn(IntEnum):
    """The columns, from left to right."""

    DATE = 0
    TURN = 1
    NOISE = 2
    BOTH = 3
    LEFT = 4
    RIGHT = 5


class SqueezeModel(SelfTestModel[Squeeze]):
    """Squeeze tests that were read."""

    def __init__(self, locale: QLocale, parent: QObject | None = None) -> None:
        super().__init__(locale, parent)
        self.headers = [self.tr("Date"), self.tr("Turn (likely)"), squeeze_words.MORE_COLUMN]
        self.headers += [short for _, short, _ in _asked()]

    def data(self, index: QModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return a cell."""
        squeeze = self.test(index.row()) if index.isValid() else None
        if squeeze is None:
            return None
        column, answers = SqueezeColumn(index.column()), squeeze.answers
        if role == Qt.ItemDataRole.ToolTipRole:
            if column is SqueezeColumn.TURN:
                return squeeze_words.describe_turn(squeeze.result)
            is_noise = column is SqueezeColumn.NOISE
            return squeeze_words.describe_noise(squeeze.result) if is_noise else None
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        if column is SqueezeColumn.DATE:
            return date_and_time(self._locale, squeeze.taken_at)
        if column is SqueezeColumn.TURN:
            return squeeze_words.turn_text(squeeze.result)
        if column is SqueezeColumn.NOISE:
            is_real = squeeze.result.is_more_than_noise
            return squeeze_words.MORE_YES if is_real else squeeze_words.MORE_NO
        given = {
            SqueezeColumn.BOTH: answers.both,
            SqueezeColumn.LEFT: answers.left,
            SqueezeColumn.RIGHT: answers.right,
        }
        return squeeze_words.ability_name(given[column])


def _asked() -> tuple[tuple[str, str, str], ...]:
    """Return the fields of the answers, with what is asked, shortly and as a question."""
    return (
        ("both", squeeze_words.BOTH, squeeze_words.ASK_BOTH),
        ("left", squeeze_words.LEFT, squeeze_words.ASK_LEFT),
        ("right", squeeze_words.RIGHT, squeeze_words.ASK_RIGHT),
    )
