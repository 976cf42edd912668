"""A person's own list of exercises, such as a physiotherapist gave them."""

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
    QVBoxLayout,
    QWidget,
)

from app.exercises import text as said
from app.exercises.catalogue import all_exercises
from app.exercises.routine import check_dose
from app.exercises.today import key_of
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import Card, Column, button_row, clear, make_button, say, words
from app.history.diary import Plan, PlannedExercise

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


class ListEditor(Column):
    """Lines to fill in; what is not saved is kept for each person until the program ends."""

    #: The :class:`Plan`.
    saved = pyqtSignal(object)
    #: The list is to be gone.
    usual_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[EditorRow] = []
        self._profile_id: int | None = None
        self._drafts: dict[int, Plan] = {}
        self._saved = Plan()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(GAP_PX)
        self.add = make_button(said.ADD)
        self.usual = make_button(said.USE_USUAL)
        self.save = make_button(said.SAVE_LIST, is_main=True)
        self.discard = make_button(said.DISCARD_CHANGES)
        self.remark = words(kind=Kind.MUTED)
        self.column.addWidget(words(said.EDITOR_INTRO))
        self.column.addLayout(self._lines)
        self.column.addLayout(button_row(self.add))
        self.column.addStretch(1)
        self.foot.addWidget(self.remark)
        self.foot.addLayout(button_row(self.save, self.discard, self.usual))
        self.add.clicked.connect(lambda _: self._add())
        self.save.clicked.connect(lambda _: self._save())
        self.discard.clicked.connect(lambda _: self._discard())
        self.usual.clicked.connect(lambda _: self._use_usual())

    @property
    def plan(self) -> Plan:
        """What is filled in."""
        return Plan(tuple(row.planned for row in self.rows))

    def show_list(self, profile_id: int, plan: Plan, is_own: bool) -> None:
        """Show a person's list, or what they typed before and did not save.

        Parameters
        ----------
        is_own
            Whether the list was typed in; else it is the usual routine, to begin with.
        """
        self.put_by()
        self._profile_id, self._saved = profile_id, plan
        self.usual.setVisible(is_own)
        self._fill(self._drafts.get(profile_id, plan))

    def put_by(self) -> None:
        """Keep what is typed and not saved."""
        if self._profile_id is None:
            return
        if self.plan != self._saved:
            self._drafts[self._profile_id] = self.plan
        else:
            self._drafts.pop(self._profile_id, None)

    def take_focus(self) -> None:
        """Hand the keys to the first line."""
        super().take_focus()
        (self.rows[0].exercise if self.rows else self.add).setFocus()

    def _fill(self, plan: Plan) -> None:
        clear(self._lines)
        self.rows = []
        for planned in plan.exercises:
            self._append(EditorRow(planned))
        self._follow()

    def _append(self, row: EditorRow) -> None:
        row.changed.connect(self._follow)
        row.remove_wanted.connect(lambda: self._remove(row))
        row.move_wanted.connect(lambda step: self._move(row, step))
        self.rows.append(row)
        self._lines.addWidget(row)

    def _add(self) -> None:
        row = EditorRow.fresh()
        self._append(row)
        self._follow()
        row.exercise.setFocus()

    def _remove(self, row: EditorRow) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._follow()
        near = self.rows[min(place, len(self.rows) - 1)] if self.rows else None
        (near.remove if near is not None else self.add).setFocus()

    def _move(self, row: EditorRow, step: int) -> None:
        place = self.rows.index(row)
        self.rows.insert(place + step, self.rows.pop(place))
        self._lines.insertWidget(place + step, row)
        self._follow()
        self._tie_tabs()
        move_button_of(row, step).setFocus()

    def _follow(self) -> None:
        """Look at every line anew, and say whether something is not saved."""
        self._wrong()
        for place, row in enumerate(self.rows):
            row.number(place, len(self.rows))
        is_changed = self.plan != self._saved
        self.discard.setEnabled(is_changed)
        lines = [said.NOT_SAVED_YET] if is_changed else []
        lines += [said.LIST_EMPTY] if is_changed and not self.rows else []
        say(self.remark, " ".join(lines))

    def _wrong(self) -> list[EditorRow]:
        seen: set[str] = set()
        wrong = []
        for row in self.rows:
            key = key_of(row.planned)
            if row.remarks(is_twice=bool(key) and key in seen):
                wrong.append(row)
            seen.add(key)
        return wrong

    def _save(self) -> None:
        wrong = self._wrong()
        if wrong:
            say(self.remark, said.CANNOT_SAVE)
            self.area.ensureWidgetVisible(wrong[0])
            wrong[0].exercise.setFocus()
            return
        self._saved = self.plan
        self.put_by()
        self._follow()
        self.saved.emit(self._saved)

    def _discard(self) -> None:
        self._fill(self._saved)
        self.put_by()
        self.take_focus()

    def _use_usual(self) -> None:
        self._saved = self.plan
        self.put_by()
        self.usual_wanted.emit()

    def _tie_tabs(self) -> None:
        widgets = [widget for row in self.rows for widget in row.in_order()]
        for first, second in zip(widgets, [*widgets[1:], self.add], strict=True):
            QWidget.setTabOrder(first, second)
