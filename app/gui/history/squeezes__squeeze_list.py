"""All squeeze tests of one person: what came of each, and what the person answered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.gui.history.squeezes__squeeze_table import SqueezeColumn, SqueezeModel
from app.gui.style.dates import date_and_time
from app.gui.style.theme import GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.records import Ability
from app.text import squeeze as squeeze_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.history.records import Squeeze, SqueezeAnswers

_ROW_PADDING_PX = 12
_LIST_MIN_PX = 110
_COLUMN_MIN_PX = 70
#: The fields of :class:`~app.history.records.SqueezeAnswers`, with what is asked.
_ASKED = (
    ("both", squeeze_words.BOTH, squeeze_words.ASK_BOTH),
    ("left", squeeze_words.LEFT, squeeze_words.ASK_LEFT),
    ("right", squeeze_words.RIGHT, squeeze_words.ASK_RIGHT),
)


class SqueezeList(QWidget):
    """Shows tests in a table, and the chosen one below it with answers to choose."""

    closed = pyqtSignal()
    #: The test as it was, and the answers as somebody just chose them.
    edited = pyqtSignal(object, object)
    #: The ids of tests, a tuple.
    delete_wanted = pyqtSignal(tuple)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr(squeeze_words.TITLE_SEVERAL))
        self.model = SqueezeModel(self.locale(), self)
        self._build()

    @property
    def chosen(self) -> Squeeze | None:
        """The test shown below the table."""
        return self.model.squeeze(self.table.currentIndex().row())

    def show_squeezes(self, squeezes: Sequence[Squeeze]) -> None:
        """Show these tests, oldest first; the chosen one stays, or else the newest is."""
        before = self.chosen
        self.model.show(squeezes)
        row = None if before is None else self.model.row_of(before.id)
        if squeezes:
            self.table.selectRow(row or 0)
        self._show_chosen()

    def put_answers(self, squeeze_id: int, answers: SqueezeAnswers) -> None:
        """Show what was answered, without reading it again."""
        self.model.put_answers(squeeze_id, answers)
        self._show_chosen()

    def selected_ids(self) -> tuple[int, ...]:
        """Return the selected tests."""
        chosen = self.table.selectionModel()
        rows = [] if chosen is None else sorted(index.row() for index in chosen.selectedRows())
        found = (self.model.squeeze(row) for row in rows)
        return tuple(squeeze.id for squeeze in found if squeeze is not None)

    def _build(self) -> None:
        back = QPushButton(self.tr("Back to all checks"))
        back.setToolTip(self.tr("Back to all checks (Escape)"))
        back.clicked.connect(self.closed)
        heading = QLabel(self.tr(squeeze_words.TITLE_SEVERAL))
        set_kind(heading, Kind.HEADING)
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setToolTip(self.tr("Delete the selected squeeze tests (Delete)"))
        self.delete.clicked.connect(self._delete)
        top = QHBoxLayout()
        top.addWidget(back)
        top.addWidget(heading, 1)
        top.addWidget(self.delete)
        about = QLabel(self.tr(squeeze_words.SELF_CHECK))
        about.setWordWrap(True)
        set_kind(about, Kind.MUTED)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, 0)
        layout.setSpacing(GAP_PX)
        layout.addLayout(top)
        layout.addWidget(about)
        layout.addWidget(self._table(), 1)
        layout.addWidget(self._card())

    def _table(self) -> QTableView:
        self.table = QTableView()
        self.table.setModel(self.model)
        self.table.setAccessibleName(self.tr(squeeze_words.TITLE_SEVERAL))
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.setAlternatingRowColors(True)
        self.table.setShowGrid(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 5px; }")
        self.table.setTabKeyNavigation(False)
        self.table.setWordWrap(False)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setMinimumHeight(_LIST_MIN_PX)
        across, down = self.table.horizontalHeader(), self.table.verticalHeader()
        assert across is not None
        assert down is not None
        # Only what is in view is measured, however many tests there are.
        across.setResizeContentsPrecision(0)
        across.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        across.setSectionResizeMode(SqueezeColumn.TURN, QHeaderView.ResizeMode.Stretch)
        across.setMinimumSectionSize(_COLUMN_MIN_PX)
        across.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        across.setHighlightSections(False)
        down.hide()
        down.setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING_PX)
        delete = QAction(self.tr("Delete"), self.table)
        delete.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        delete.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        delete.triggered.connect(self._delete)
        self.table.addAction(delete)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        chosen = self.table.selectionModel()
        assert chosen is not None
        chosen.selectionChanged.connect(lambda *_: self._show_chosen())
        return self.table

    def _card(self) -> QFrame:
        self.card, self.when, self.said = QFrame(), QLabel(), QLabel()
        set_kind(self.card, Kind.CARD)
        for label, kind in ((self.when, Kind.MUTED), (self.said, Kind.BODY)):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            set_kind(label, kind)
        self.answers: dict[str, QComboBox] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX * 2)
        grid.setVerticalSpacing(GAP_PX // 2)
        for place, (name, short, question) in enumerate(_ASKED):
            choice = QComboBox()
            choice.addItem(self.tr(squeeze_words.NOT_SAID), None)
            for ability in Ability:
                choice.addItem(self.tr(squeeze_words.ability_name(ability)), ability)
            choice.setAccessibleName(self.tr(question))
            choice.setToolTip(self.tr(question))
            choice.activated.connect(lambda _, name=name: self._edit(name))
            label = QLabel(self.tr(short))
            label.setBuddy(choice)
            grid.addWidget(label, 0, place)
            grid.addWidget(choice, 1, place)
            grid.setColumnStretch(place, 1)
            self.answers[name] = choice
        layout = QVBoxLayout(self.card)
        layout.setSpacing(GAP_PX)
        for part in (self.when, self.said):
            layout.addWidget(part)
        could = QLabel(self.tr(squeeze_words.COULD_TIGHTEN))
        layout.addWidget(could)
        layout.addLayout(grid)
        return self.card

    def _show_chosen(self) -> None:
        squeeze = self.chosen
        self.card.setVisible(squeeze is not None)
        self.delete.setEnabled(bool(self.selected_ids()))
        if squeeze is None:
            return
        self.when.setText(date_and_time(self.locale(), squeeze.taken_at))
        said = squeeze_words.describe_turn(squeeze.result) + "."
        lines = [f"{said} {squeeze_words.describe_noise(squeeze.result)}"]
        lines += [squeeze_words.describe_rounds(squeeze.result), squeeze.note]
        self.said.setText("\n".join(line for line in lines if line))
        for name, choice in self.answers.items():
            given = getattr(squeeze.answers, name)
            choice.setCurrentIndex(0 if given is None else 1 + list(Ability).index(given))

    def _edit(self, name: str) -> None:
        squeeze = self.chosen
        if squeeze is None:
            return
        chosen = self.answers[name].currentData()
        given = None if chosen is None else Ability(chosen)
        answers = replace(squeeze.answers, **{name: given})
        if answers != squeeze.answers:
            self.edited.emit(squeeze, answers)

    def _delete(self) -> None:
        ids = self.selected_ids()
        if ids:
            self.delete_wanted.emit(ids)
