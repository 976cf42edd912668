"""One line of a person's own list of exercises, to be filled in."""

from __future__ import annotations

import re
from dataclasses import replace

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QValidator
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.exercises import text as said
from app.exercises.catalogue import all_exercises
from app.exercises.routine import check_dose
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Card, say, words
from app.gui.widgets.cards__live_card import make_button
from app.history.diary import PlannedExercise

#: Far more than anybody does: what makes no sense gets a remark, and stays as it was typed.
_MOST = 99_999
_LETTERS = 300
_TENTHS = 10
_SECONDS = re.compile(r"\d{0,5}([.,]\d?)?")


class SecondsBox(QSpinBox):
    """Takes seconds with one decimal; its own value is in tenths of a second."""

    @property
    def seconds(self) -> float:
        """What is typed, in seconds."""
        return self.value() / _TENTHS

    def textFromValue(self, tenths: int) -> str:
        """Show whole seconds without a decimal."""
        return f"{tenths / _TENTHS:g}"

    def valueFromText(self, text: str | None) -> int:
        """Take a comma for a point."""
        try:
            return round(float((text or "0").replace(",", ".")) * _TENTHS)
        except ValueError:
            return 0

    def validate(self, text: str | None, at: int) -> tuple[QValidator.State, str, int]:
        """Let numbers be typed, and nothing else."""
        typed, states = text or "", QValidator.State
        if not _SECONDS.fullmatch(typed):
            return states.Invalid, typed, at
        is_whole = typed[-1:].isdigit()
        return states.Acceptable if is_whole else states.Intermediate, typed, at


class EditorRow(Card):
    """Fields for one exercise, and a remark where something makes no sense."""

    changed = pyqtSignal()
    remove_wanted = pyqtSignal()
    #: -1 for up, 1 for down.
    move_wanted = pyqtSignal(int)

    def __init__(self, planned: PlannedExercise, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._fresh: PlannedExercise | None = None
        self.exercise, self.name = QComboBox(), QLineEdit()
        self.sets, self.repetitions, self.hold_s = QSpinBox(), QSpinBox(), SecondsBox()
        self.each_side = QCheckBox(said.EACH_SIDE)
        self.load, self.note = QLineEdit(), QLineEdit()
        self.up, self.down = make_button(said.UP), make_button(said.DOWN)
        self.remove = make_button(said.REMOVE)
        self.remark = words(kind=Kind.WARNING)
        for exercise in all_exercises():
            self.exercise.addItem(exercise.name, exercise.id.value)
        self.exercise.addItem(said.ANOTHER, "")
        self._lay_out()
        self._put(planned)
        self._connect()
        self._follow_kind()

    @classmethod
    def fresh(cls) -> EditorRow:
        """Return a line for the first known exercise with its usual dose."""
        row = cls(_usual(all_exercises()[0].id.value))
        row._fresh = row.planned
        return row

    @property
    def planned(self) -> PlannedExercise:
        """What is filled in."""
        known = str(self.exercise.currentData())
        return PlannedExercise(
            exercise=known,
            name="" if known else self.name.text().strip(),
            sets=self.sets.value(),
            repetitions=self.repetitions.value(),
            hold_s=self.hold_s.seconds,
            each_side=self.each_side.isChecked(),
            load=self.load.text().strip(),
            note=self.note.text().strip(),
        )

    def remarks(self, is_twice: bool) -> tuple[str, ...]:
        """Show and return what makes no sense.

        Parameters
        ----------
        is_twice
            Whether a line above is about the same exercise.
        """
        planned = self.planned
        found = list(check_dose(planned))
        if not planned.exercise and not planned.name:
            found.insert(0, said.NAME_MISSING)
        elif is_twice:
            found.insert(0, said.TWICE)
        say(self.remark, "\n".join(found))
        return tuple(found)

    def number(self, place: int, count: int) -> None:
        """Say where in the list this line is, for what is read aloud and for the arrows."""
        name = said.LINE.format(number=place + 1)
        self.setAccessibleName(name)
        for widget, what in self._named:
            widget.setAccessibleName(f"{name}: {what}")
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)

    def in_order(self) -> tuple[QWidget, ...]:
        """Return the fields in the order in which Tab is to reach them."""
        arrows = self.up, self.down, self.remove
        numbers = self.sets, self.repetitions, self.hold_s, self.each_side
        return self.exercise, self.name, *arrows, *numbers, self.load, self.note

    def _lay_out(self) -> None:
        self._named: tuple[tuple[QWidget, str], ...] = (
            (self.exercise, said.TITLE),
            (self.name, said.ANOTHER_NAME),
            (self.sets, said.SETS),
            (self.repetitions, said.REPETITIONS),
            (self.hold_s, said.HOLD_S),
            (self.each_side, said.EACH_SIDE),
            (self.load, said.LOAD),
            (self.note, said.NOTE),
            (self.up, said.UP),
            (self.down, said.DOWN),
            (self.remove, said.REMOVE),
        )
        self.column.addLayout(self._top())
        self.column.addLayout(self._fields())
        self.column.addWidget(self.remark)

    def _top(self) -> QHBoxLayout:
        self.name.setPlaceholderText(said.ANOTHER_NAME)
        top = QHBoxLayout()
        top.setSpacing(GAP_PX)
        top.addWidget(self.exercise)
        top.addWidget(self.name, 1)
        top.addStretch(0)
        for button in (self.up, self.down, self.remove):
            set_kind(button, Kind.QUIET)
            top.addWidget(button)
        return top

    def _fields(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(2)
        fields = (
            (said.SETS, self.sets, 0),
            (said.REPETITIONS, self.repetitions, 0),
            (said.HOLD_S, self.hold_s, 0),
            ("", self.each_side, 0),
            (said.LOAD, self.load, 1),
            (said.NOTE, self.note, 2),
        )
        for column, (text, field, stretch) in enumerate(fields):
            label = QLabel(text)
            set_kind(label, Kind.MUTED)
            label.setBuddy(field)
            grid.addWidget(label, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, stretch)
        for line in (self.name, self.load, self.note):
            line.setMaxLength(_LETTERS)
        for number in (self.sets, self.repetitions, self.hold_s):
            number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.sets.setMaximum(_MOST)
        self.repetitions.setMaximum(_MOST)
        self.hold_s.setMaximum(_MOST * _TENTHS)
        self.hold_s.setSingleStep(_TENTHS)
        return grid

    def _put(self, planned: PlannedExercise) -> None:
        place = self.exercise.findData(planned.exercise)
        self.exercise.setCurrentIndex(place if place >= 0 else self.exercise.count() - 1)
        self.name.setText(planned.name or (planned.exercise if place < 0 else ""))
        self.sets.setValue(planned.sets)
        self.repetitions.setValue(planned.repetitions)
        self.hold_s.setValue(round(planned.hold_s * _TENTHS))
        self.each_side.setChecked(planned.each_side)
        self.load.setText(planned.load)
        self.note.setText(planned.note)

    def _connect(self) -> None:
        self.exercise.activated.connect(lambda _: self._choose())
        for line in (self.name, self.load, self.note):
            line.textEdited.connect(lambda _: self.changed.emit())
        for number in (self.sets, self.repetitions, self.hold_s):
            number.valueChanged.connect(lambda _: self.changed.emit())
        self.each_side.toggled.connect(lambda _: self.changed.emit())
        self.up.clicked.connect(lambda _: self.move_wanted.emit(-1))
        self.down.clicked.connect(lambda _: self.move_wanted.emit(1))
        self.remove.clicked.connect(lambda _: self.remove_wanted.emit())

    def _choose(self) -> None:
        """Take the usual dose along, unless somebody has typed one already."""
        known = str(self.exercise.currentData())
        if known and self._fresh is not None and self._dose_of(self._fresh) == self.planned:
            self._put(_usual(known))
            self._fresh = self.planned
        self._follow_kind()
        if not known:
            self.name.setFocus()
        self.changed.emit()

    def _dose_of(self, planned: PlannedExercise) -> PlannedExercise:
        now = self.planned
        return replace(planned, exercise=now.exercise, name=now.name)

    def _follow_kind(self) -> None:
        self.name.setVisible(not self.exercise.currentData())


def _usual(exercise: str) -> PlannedExercise:
    return next(one.planned for one in all_exercises() if one.id == exercise)


def move_button_of(row: EditorRow, step: int) -> QPushButton:
    """Return the arrow that moves a line further, or the other where it cannot move on."""
    wanted, other = (row.up, row.down) if step < 0 else (row.down, row.up)
    return wanted if wanted.isEnabled() else other
