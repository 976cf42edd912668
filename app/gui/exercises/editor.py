"""A person's own list of exercises, such as a physiotherapist gave them."""

from __future__ import annotations

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.exercises import text as said
from app.exercises.today import key_of
from app.gui.exercises.editor__exercise_editor_row import EditorRow, move_button_of
from app.gui.style.theme import GAP_PX, Kind
from app.gui.widgets.cards import Column, button_row, clear, say, words
from app.gui.widgets.cards__live_card import make_button
from app.history.diary import Plan


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
