"""The table of checks with its choices above and its buttons below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.gui.history.browser__check_filter import CheckFilter
from app.gui.history.table import CheckModel
from app.gui.history.table__check_list import CheckList
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.text import history as history_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.gui.background.jobs import Jobs
    from app.history.store import History
    from vision.result import Method

_TABLE, _NO_MATCH = 0, 1


@dataclass(frozen=True, slots=True)
class _Offers:
    methods: Sequence[Method]
    garments: Sequence[str]


class CheckBrowser(QWidget):
    """One person's checks: choose, sort, edit, select."""

    failed = pyqtSignal(Exception)
    #: The only check that is selected.
    chosen = pyqtSignal(int)
    #: Two checks to be compared.
    compare_wanted = pyqtSignal(int, int)
    #: Ids, as a tuple.
    delete_wanted = pyqtSignal(object)

    def __init__(
        self, jobs: Jobs, open_history: Callable[[], History], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._jobs, self._open = jobs, open_history
        self._profile_id: int | None = None
        self._row_wanted: int | None = None
        self._id_wanted: int | None = None
        self.model = CheckModel(jobs, open_history, self.locale(), self)
        self.filter, self.list = CheckFilter(), CheckList(self.model)
        self._build()
        self._connect()

    def show_profile(self, profile_id: int, keep_id: int | None = None) -> None:
        """Read this person's checks; ``keep_id`` stays selected if it is among them."""
        if profile_id != self._profile_id:
            self.filter.clear()
        self._profile_id, self._id_wanted = profile_id, keep_id
        self._read()
        self._jobs.start(
            "history offers",
            lambda: _Offers(self._open().methods(profile_id), self._open().garments(profile_id)),
            lambda offers: self.filter.offer(offers.methods, offers.garments),
            self.failed.emit,
        )

    def go_on_after_deleting(self) -> None:
        """Select what comes after the deleted rows once the table was read again."""
        parts = self.list.ranges()
        self._row_wanted = min((part.first for part in parts), default=None)

    def _build(self) -> None:
        self.count = QLabel()
        set_kind(self.count, Kind.MUTED)
        self.compare = QPushButton(self.tr("Compare the two"))
        self.compare.setToolTip(self.tr("Select two checks to compare them (Ctrl+K)"))
        self.delete = QPushButton(self.tr("Delete"))
        self.delete.setToolTip(self.tr("Delete the selected checks (Delete)"))
        for button in (self.compare, self.delete):
            button.setAccessibleName(button.toolTip())
        below = QHBoxLayout()
        below.addWidget(self.count, 1)
        below.addWidget(self.compare)
        below.addWidget(self.delete)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.list)
        self._pages.addWidget(self._no_match())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        layout.addWidget(self.filter)
        layout.addWidget(self._pages, 1)
        layout.addLayout(below)

    def _no_match(self) -> QWidget:
        page = QWidget()
        words = QLabel(f"{history_words.NO_MATCH} {history_words.NO_MATCH_FIX}")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_all = QPushButton(self.tr("Show all checks"))
        self.show_all.clicked.connect(self.filter.clear)
        layout = QVBoxLayout(page)
        layout.addStretch(1)
        layout.addWidget(words)
        layout.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    def _connect(self) -> None:
        self.filter.changed.connect(self._read)
        self.model.loaded.connect(self._loaded)
        self.model.failed.connect(self.failed)
        self.model.dataChanged.connect(lambda *_: self._follow_selection())
        self.list.selection_changed.connect(self._follow_selection)
        self.list.compare_wanted.connect(self._compare)
        self.list.delete_wanted.connect(self._delete)
        self.compare.clicked.connect(self._compare)
        self.delete.clicked.connect(self._delete)
        self._follow_selection()

    def _read(self) -> None:
        if self._profile_id is not None:
            self.model.show(self.filter.query(self._profile_id))

    def _loaded(self, count: int) -> None:
        nothing = count == 0 and self.filter.is_active
        self._pages.setCurrentIndex(_NO_MATCH if nothing else _TABLE)
        number = self.locale().toString(count)
        many = self.tr("{n} checks").format(n=number)
        self.count.setText(self.tr("1 check") if count == 1 else many)
        row, self._row_wanted = self._row_wanted, None
        if row is not None and count:
            self.list.select_row(min(row, count - 1))
        elif self._id_wanted is not None:
            self.list.select(self._id_wanted)
        self._follow_selection()

    def _follow_selection(self) -> None:
        chosen = self.list.selected_count()
        self.compare.setEnabled(chosen == 2)
        self.delete.setEnabled(chosen > 0)
        records = self.list.selected()
        if chosen == 1 and len(records) == 1 and records[0].id != self._id_wanted:
            self._id_wanted = records[0].id
            self.chosen.emit(records[0].id)

    def forget_chosen(self) -> None:
        """Let the same check be chosen again: its details were closed."""
        self._id_wanted = None

    def _compare(self) -> None:
        records = self.list.selected()
        if len(records) == 2:
            self.compare_wanted.emit(records[0].id, records[1].id)

    def _delete(self) -> None:
        """Find out which checks are meant, some of which may not have been read yet."""
        parts, query = self.list.ranges(), self.model.query
        if not parts or query is None:
            return

        def work() -> tuple[int, ...]:
            history = self._open()
            found = (row for part in parts for row in history.rows(query, part.first, part.count))
            return tuple(row.id for row in found)

        self._jobs.start("history to delete", work, self.delete_wanted.emit, self.failed.emit)
