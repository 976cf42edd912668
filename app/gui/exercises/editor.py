"""A person's own list of exercises, such as a physiotherapist gave them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QStandardPaths, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.exercises import text
from app.exercises.routine import check_dose, key_of, name_of, usual_dose
from app.gui.exercises.pictures import ExercisePicture, OwnPictures
from app.gui.style.theme import GAP_PX, Kind, set_kind, text_factor
from app.gui.widgets.cards import (
    Card,
    Column,
    WheelGuard,
    button_row,
    clear,
    flow,
    in_column,
    in_row,
    make_button,
    say,
    words,
)
from app.history.diary import ExerciseId, Plan, PlannedExercise
from app.text.languages.wording import number_text

if TYPE_CHECKING:
    from PyQt6.QtGui import QValidator

    from app.history.place import EncodedPicture

#: Far more than anybody does: what makes no sense gets a remark, and stays as it was typed.
_MOST = 99_999
_LETTERS = 300
#: With larger letters the fields of a line stand in several, so many beside one another.
_ONE_LINE_FACTOR, _FEW_COLUMNS = 1.3, 2
#: As wide as a picture is beside the fields, in logical pixels.
_PICTURE_PX = 112
_PICTURE_PATTERNS = "*.jpg *.jpeg *.png *.webp *.gif *.bmp *.tif *.tiff *.heic *.heif"


class SecondsBox(QDoubleSpinBox):
    """Takes seconds with one decimal, and a comma for the point."""

    def __init__(self) -> None:
        super().__init__()
        self.setLocale(QLocale.c())
        self.setDecimals(1)

    def textFromValue(self, seconds: float) -> str:
        """Show whole seconds without a decimal."""
        return number_text(seconds)

    def valueFromText(self, typed: str | None) -> float:
        """Return what is typed, in seconds."""
        return super().valueFromText((typed or "").replace(",", "."))

    def validate(self, typed: str | None, at: int) -> tuple[QValidator.State, str, int]:
        """Let numbers be typed, and nothing else."""
        return super().validate((typed or "").replace(",", "."), at)


class EditorRow(Card):
    """Fields for one exercise, and a remark where something makes no sense.

    Parameters
    ----------
    pictures
        Those of the person's own exercises.
    is_fresh
        Whether nobody has typed the dose yet, so that each choice of exercise brings its own.
    """

    changed = pyqtSignal()
    picture_wanted = pyqtSignal()
    remove_wanted = pyqtSignal()
    #: -1 for up, 1 for down.
    move_wanted = pyqtSignal(int)

    def __init__(
        self, planned: PlannedExercise, pictures: OwnPictures, is_fresh: bool = False
    ) -> None:
        super().__init__()
        self._pictures, self._sha256 = pictures, ""
        self.exercise, self.name = QComboBox(), QLineEdit()
        self.sets, self.repetitions, self.hold_s = QSpinBox(), QSpinBox(), SecondsBox()
        self.each_side = QCheckBox(text.EACH_SIDE)
        self.load, self.note, self.how = QLineEdit(), QLineEdit(), QLineEdit()
        self.picture = ExercisePicture(_PICTURE_PX, is_still=True)
        self.choose_picture = make_button(text.CHOOSE_PICTURE, text.CHOOSE_PICTURE_TIP)
        self.choose_picture.clicked.connect(self.picture_wanted)
        self.drop_picture = make_button(text.REMOVE_PICTURE, act=lambda _: self.take_picture(None))
        self.up = make_button(text.UP, act=lambda _: self.move_wanted.emit(-1))
        self.down = make_button(text.DOWN, act=lambda _: self.move_wanted.emit(1))
        self.remove = make_button(text.REMOVE, act=self.remove_wanted)
        self.remark, self.word = words(kind=Kind.WARNING), words(kind=Kind.WARNING)
        #: The fields in the order in which Tab is to reach them, and what they are called.
        self.fields: tuple[tuple[QWidget, str], ...] = (
            (self.exercise, text.TITLE),
            (self.name, text.ANOTHER_NAME),
            (self.up, text.UP),
            (self.down, text.DOWN),
            (self.remove, text.REMOVE),
            (self.sets, text.SETS),
            (self.repetitions, text.REPETITIONS),
            (self.hold_s, text.HOLD_S),
            (self.each_side, text.EACH_SIDE),
            (self.load, text.LOAD),
            (self.note, text.NOTE),
            (self.how, text.HOW),
            (self.choose_picture, text.CHOOSE_PICTURE),
            (self.drop_picture, text.REMOVE_PICTURE),
        )
        for field in (self.exercise, self.sets, self.repetitions, self.hold_s):
            WheelGuard(field)
        self._limit()
        self.add(self._top(), self._grid(), self._below(), self.word, self.remark)
        self._put(planned)
        self._fresh = self.planned if is_fresh else None
        self.name.setVisible(not self.exercise.currentData())
        self._connect()

    @property
    def planned(self) -> PlannedExercise:
        """What is filled in."""
        known = str(self.exercise.currentData())
        return PlannedExercise(
            exercise=known,
            name="" if known else self.name.text().strip(),
            sets=self.sets.value(),
            repetitions=self.repetitions.value(),
            hold_s=self.hold_s.value(),
            each_side=self.each_side.isChecked(),
            load=self.load.text().strip(),
            note=self.note.text().strip(),
            how=self.how.text().strip(),
            picture=self._sha256,
        )

    def take_picture(self, chosen: EncodedPicture | None) -> None:
        """Have a picture, or none."""
        self._pictures.add(() if chosen is None else (chosen,))
        self._show_picture("" if chosen is None else chosen.sha256)
        self.choose_picture.setFocus()
        self.changed.emit()

    def say_of_picture(self, sentence: str) -> None:
        """Say what is to be known of a picture that was chosen."""
        say(self.word, sentence)

    def remarks(self, is_twice: bool) -> tuple[str, ...]:
        """Show and return what makes no sense.

        Parameters
        ----------
        is_twice
            Whether a line above is about the same exercise.
        """
        planned = self.planned
        found = check_dose(planned)
        if not planned.exercise and not planned.name:
            found = (text.NAME_MISSING, *found)
        elif is_twice:
            found = (text.TWICE, *found)
        say(self.remark, "\n".join(found))
        return found

    def number(self, place: int, count: int) -> None:
        """Say where in the list this line is, for what is read aloud and for the arrows."""
        name = text.LINE.format(number=place + 1)
        self.setAccessibleName(name)
        for field, what in self.fields:
            field.setAccessibleName(f"{name}: {what}")
        self.up.setEnabled(place > 0)
        self.down.setEnabled(place < count - 1)

    def take_focus(self) -> None:
        """Hand the keys to the first field."""
        self.exercise.setFocus()

    def focus_remove(self) -> None:
        """Hand the keys to the button that removes this line."""
        self.remove.setFocus()

    def focus_arrow(self, step: int) -> None:
        """Hand the keys to the arrow that moves it further, or the other where it cannot."""
        wanted, other = (self.up, self.down) if step < 0 else (self.down, self.up)
        (wanted if wanted.isEnabled() else other).setFocus()

    def _limit(self) -> None:
        for exercise in ExerciseId:
            self.exercise.addItem(name_of(usual_dose(exercise)), exercise.value)
        self.exercise.addItem(text.ANOTHER, "")
        self.name.setPlaceholderText(text.ANOTHER_NAME)
        for line in (self.name, self.load, self.note, self.how):
            line.setMaxLength(_LETTERS)
        for number in (self.sets, self.repetitions, self.hold_s):
            number.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
            number.setMaximum(_MOST)

    def _top(self) -> QLayout:
        buttons = self.up, self.down, self.remove
        for button in buttons:
            set_kind(button, Kind.QUIET)
        if text_factor() > _ONE_LINE_FACTOR:
            return in_column(in_row(self.exercise, (self.name, 1)), flow(*buttons))
        return in_row(self.exercise, (self.name, 1), 0, *buttons)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(2)
        stretches: dict[QWidget, int] = {self.load: 1, self.note: 2}
        fields = self.fields[5:11]
        columns = _FEW_COLUMNS if text_factor() > _ONE_LINE_FACTOR else len(fields)
        for number, (field, name) in enumerate(fields):
            line, column = divmod(number, columns)
            label = QLabel("" if field is self.each_side else name)
            set_kind(label, Kind.MUTED)
            label.setBuddy(field)
            grid.addWidget(label, 2 * line, column)
            grid.addWidget(field, 2 * line + 1, column)
            grid.setColumnStretch(column, stretches.get(field, 0))
        return grid

    def _below(self) -> QHBoxLayout:
        label = QLabel(text.HOW)
        set_kind(label, Kind.MUTED)
        label.setBuddy(self.how)
        for button in (self.choose_picture, self.drop_picture):
            set_kind(button, Kind.QUIET)
        buttons = flow(self.choose_picture, self.drop_picture)
        column = in_column(label, self.how, buttons, gap_px=2)
        return in_row(self.picture, (column, 1))

    def _show_picture(self, sha256: str) -> None:
        """Show the picture that is chosen, if it is there."""
        self._sha256 = sha256
        self.say_of_picture("")
        self.picture.show_planned(
            PlannedExercise(name=self.name.text(), picture=sha256), self._pictures
        )
        self.drop_picture.setVisible(bool(sha256))

    def _put(self, planned: PlannedExercise) -> None:
        place = self.exercise.findData(planned.exercise)
        self.exercise.setCurrentIndex(place if place >= 0 else self.exercise.count() - 1)
        self.name.setText(planned.name or (planned.exercise if place < 0 else ""))
        self.sets.setValue(planned.sets)
        self.repetitions.setValue(planned.repetitions)
        self.hold_s.setValue(planned.hold_s)
        self.each_side.setChecked(planned.each_side)
        self.load.setText(planned.load)
        self.note.setText(planned.note)
        self.how.setText(planned.how)
        self.how.home(False)  # a long line is read from its beginning
        self._show_picture(planned.picture)

    def _connect(self) -> None:
        self.exercise.activated.connect(lambda _: self._choose())
        for line in (self.name, self.load, self.note, self.how):
            line.textEdited.connect(lambda _: self.changed.emit())
        for number in (self.sets, self.repetitions, self.hold_s):
            number.valueChanged.connect(lambda _: self.changed.emit())
        self.each_side.toggled.connect(lambda _: self.changed.emit())

    def _choose(self) -> None:
        """Take the usual dose along, unless somebody has typed one already."""
        now = self.planned
        fresh = self._fresh and replace(self._fresh, exercise=now.exercise, name=now.name)
        if now.exercise and now == fresh:
            self._put(usual_dose(ExerciseId(now.exercise)))
            self._fresh = self.planned
        self.name.setVisible(not now.exercise)
        if not now.exercise:
            self.name.setFocus()
        self.changed.emit()


class ListEditor(Column):
    """Lines to fill in; what is not saved is kept for each person until the program ends."""

    #: The :class:`Plan`.
    saved = pyqtSignal(object)
    #: The list is to be gone.
    usual_wanted = pyqtSignal()
    #: An :class:`EditorRow`, and the place of the picture that was chosen for it.
    picture_chosen = pyqtSignal(object, Path)

    def __init__(self) -> None:
        super().__init__()
        self.pictures = OwnPictures()
        self.rows: list[EditorRow] = []
        self._profile_id: int | None = None
        self._drafts: dict[int, Plan] = {}
        self._saved = Plan()
        self._lines = in_column()
        self.more = make_button(text.ADD, act=self._add_line)
        self.usual = make_button(text.USE_USUAL, act=self._use_usual)
        self.save = make_button(text.SAVE_LIST, is_main=True, act=self._save)
        self.discard = make_button(text.DISCARD_CHANGES, act=self._discard)
        self.remark = words(kind=Kind.MUTED)
        self.add(words(text.EDITOR_INTRO), self._lines, button_row(self.more))
        self.foot.addWidget(self.remark)
        self.foot.addLayout(button_row(self.save, self.discard, self.usual))

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
        if self.rows:
            self.rows[0].take_focus()
        else:
            self.more.setFocus()

    def _fill(self, plan: Plan) -> None:
        clear(self._lines)
        self.rows = []
        for planned in plan.exercises:
            self._append(EditorRow(planned, self.pictures))
        self._follow()

    def _append(self, row: EditorRow) -> None:
        row.changed.connect(self._follow)
        row.remove_wanted.connect(lambda: self._remove(row))
        row.move_wanted.connect(lambda step: self._move(row, step))
        row.picture_wanted.connect(lambda: self._choose_picture(row))
        self.rows.append(row)
        self._lines.addWidget(row)

    def _choose_picture(self, row: EditorRow) -> None:
        place = QStandardPaths.StandardLocation.PicturesLocation
        folder = QStandardPaths.writableLocation(place)
        dialog = QFileDialog(self.window(), text.CHOOSE_PICTURE.rstrip("…"), folder)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([text.PICTURE_FILES.format(patterns=_PICTURE_PATTERNS)])
        dialog.fileSelected.connect(lambda name: self.picture_chosen.emit(row, Path(name)))
        dialog.open()

    def _add_line(self) -> None:
        usual = usual_dose(next(iter(ExerciseId)))
        row = EditorRow(usual, self.pictures, is_fresh=True)
        self._append(row)
        self._follow()
        row.take_focus()

    def _remove(self, row: EditorRow) -> None:
        place = self.rows.index(row)
        self.rows.remove(row)
        self._lines.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._follow()
        if self.rows:
            self.rows[min(place, len(self.rows) - 1)].focus_remove()
        else:
            self.more.setFocus()

    def _move(self, row: EditorRow, step: int) -> None:
        place = self.rows.index(row)
        self.rows.insert(place + step, self.rows.pop(place))
        self._lines.insertWidget(place + step, row)
        self._follow()
        widgets = [field for one in self.rows for field, _ in one.fields]
        for first, second in pairwise([*widgets, self.more]):
            QWidget.setTabOrder(first, second)
        row.focus_arrow(step)

    def _follow(self) -> None:
        """Look at every line anew, and say whether something is not saved."""
        self._wrong()
        for place, row in enumerate(self.rows):
            row.number(place, len(self.rows))
        is_changed = self.plan != self._saved
        self.discard.setEnabled(is_changed)
        lines = [text.NOT_SAVED_YET] if is_changed else []
        lines += [text.LIST_EMPTY] if is_changed and not self.rows else []
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
            say(self.remark, text.CANNOT_SAVE)
            self.area.ensureWidgetVisible(wrong[0])
            wrong[0].take_focus()
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
