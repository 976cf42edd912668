"""The trend: choice of methods, the sentence that says what changed, angle over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from textwrap import shorten
from typing import TYPE_CHECKING, Any

from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QSizePolicy, QWidget

from app.gui.history.card import TrendCard
from app.gui.history.news import QUICK_CHECKS, TrendNews, read_news
from app.gui.history.scale import Span, in_view, nearest, whole_angles, whole_time
from app.gui.style.dates import date_and_time, date_only
from app.gui.style.theme import GAP_PX, Kind, paint_focus_frame, set_kind, text_factor
from app.gui.widgets.cards import in_column, in_row, make_button, named, say, words
from app.history.change.trend_line import read_line
from app.history.comparison import change_between
from app.text import history as history_words
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QResizeEvent

    from app.gui.background.jobs import Jobs
    from app.history.change.trend_line import TrendLine
    from app.history.records import CheckRow, RowQuery, Trend, TrendOutline
    from app.history.store import History

_KEY, _KEY_LINE, _KEY_POINTED = "history trend", "history line", "history pointed"
_KEY_WHOLE = "history whole trend"
_CARD_LETTERS = 90
_NEAR_PX = 14.0
#: In less height the trend needs the room of what it rests on.
_ROOM_FOR_BASIS_PX = 300
_ROOM_FOR_AXIS, _LEAST_PX = 70, 74  # in letters, and the height of a plot
_STEP, _ZOOM, _NEARLY, _FOCUS_PX = 0.2, 0.7, 0.01, 2
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_STEPS = (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End)


class TrendPanel(QFrame):
    """One person's trend, one method at a time."""

    check_chosen = pyqtSignal(int)
    failed = pyqtSignal(Exception)
    #: After each :meth:`show_list`.
    shown = pyqtSignal(object)

    def __init__(self, jobs: Jobs, open_history: Callable[[], History]) -> None:
        super().__init__()
        self._jobs, self._open = jobs, open_history
        self._query: RowQuery | None = None
        self._method: Method | None = None
        self._news: TrendNews | None = None
        self._line: TrendLine | None = None
        self._opened: int | None = None
        set_kind(self, Kind.CARD)
        self.sentence = words()
        self.basis, self.axis = words(kind=Kind.MUTED), words(kind=Kind.MUTED)
        self.choice = self._make_choice()
        self.plot = TrendPlot(self)
        self.plot.check_chosen.connect(self.check_chosen)
        self.plot.check_pointed.connect(self._read_pointed)
        parts = self.sentence, self.basis, self._make_row(), (self.plot, 1)
        margins_px = GAP_PX + 2, GAP_PX, GAP_PX + 2, GAP_PX // 2
        self._column = in_column(*parts, on=self, gap_px=GAP_PX // 2, margins_px=margins_px)

    def minimumSizeHint(self) -> QSize:
        """Ask for the height that the words need at this width: a splitter asks for no other."""
        least = super().minimumSizeHint()
        return least.expandedTo(QSize(0, self._column.minimumHeightForWidth(self.width())))

    def show_list(self, query: RowQuery) -> None:
        """Read the trend of these checks of a person and show it."""
        self._query, method = query, self._method
        self._jobs.start(
            _KEY, lambda: read_news(self._open(), query, method), self._show, self.failed.emit
        )

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave out what the trend rests on where that would leave it no room."""
        super().resizeEvent(event)
        self._offer_basis()
        if event is not None and event.oldSize().width() != self.width():
            self.updateGeometry()  # the words need another height

    def get_ready(self) -> None:
        """Make the plot before there is anything to show."""
        self.plot.build()

    def clear(self) -> None:
        """Show nothing."""
        self._news = None
        self.plot.clear()

    def mark_opened(self, check_id: int | None) -> None:
        """Put a ring round the check whose details are open."""
        self._opened = check_id
        self.plot.mark_opened(check_id)

    def make_room_for(self, time: Span | None) -> None:
        """Have room for this time beside the checks, in sight if all of them are."""
        self.plot.make_room_for(time)

    def add_below(self, widget: QWidget) -> None:
        """Put something below the plot."""
        self._column.addWidget(widget)

    def _make_choice(self) -> QComboBox:
        choice = QComboBox()
        choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        # As wide as its words, or less where there is no room for them.
        choice.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        named(
            choice,
            self.tr("Way of measuring that the trend shows"),
            self.tr("Different ways of measuring are never mixed: choose the one to see"),
        )
        choice.activated.connect(self._choose)
        return choice

    def _make_row(self) -> QHBoxLayout:
        """Return the choice of methods, what the axis says, and buttons to zoom."""
        row = in_row(self.choice, (self.axis, 1), gap_px=GAP_PX // 2)
        for text, name, do in (
            ("+", self.tr("Show less time (+)"), lambda: self.plot.zoom(0.7)),
            ("-", self.tr("Show more time (-)"), lambda: self.plot.zoom(1 / 0.7)),
            (self.tr("Show all"), self.tr("Show all checks in the trend (0)"), self.plot.show_all),
        ):
            button = named(make_button(text, act=do), name)
            set_kind(button, Kind.QUIET)
            row.addWidget(button)
        return row

    def _choose(self, index: int) -> None:
        self._method = Method(self.choice.itemData(index))
        if self._query is not None:
            self.show_list(self._query)

    def _show(self, news: TrendNews) -> None:
        self._news, self._line = news, news.line
        for key in (_KEY_LINE, _KEY_WHOLE):
            self._jobs.forget(key)
        self.choice.clear()
        for method in news.methods:
            self.choice.addItem(history_words.METHOD_NAMES[method], method)
        if news.method is None:
            self.plot.clear()
            say(self.sentence, history_words.NO_MATCH if news.methods else "")
            say(self.basis, "")
        else:
            self._show_trend(news, news.method)
        self.shown.emit(news)
        if news.method is not None and self._news is news:
            self._read_more(news, news.method)

    def _show_trend(self, news: TrendNews, method: Method) -> None:
        # Where the list is of one method, that is chosen above.
        is_chosen = self._query is not None and self._query.method is not None
        self.choice.setVisible(not is_chosen)
        if not is_chosen:
            self._method = method
        self.choice.setCurrentIndex(list(news.methods).index(method))
        is_belt = method is Method.BELT
        say(self.axis, history_words.BELT_AXIS if is_belt else history_words.TILT_AXIS)
        basis = history_words.changes_rest_on(method)
        self.basis.setText(f"{basis} {history_words.TREND_BARS}")
        self._offer_basis()
        self.axis.setToolTip(self.basis.text())
        self._say_all(news)
        if news.trend is not None:
            self.plot.show_trend(news.trend, news.line)
        elif news.outline is not None:
            self.plot.show_outline(news.outline)

    def _read_more(self, news: TrendNews, method: Method) -> None:
        """Read what takes longer of very many checks: their line, and each of them."""
        if self._query is None:
            return
        query = replace(self._query, method=method)
        if news.count > QUICK_CHECKS:
            self._jobs.start(
                _KEY_LINE,
                lambda: read_line(self._open(), query),
                lambda line: self._add_line(news, line),
                self.failed.emit,
            )
        if news.trend is None:
            self._jobs.start(
                _KEY_WHOLE,
                lambda: self._open().trend(query),
                lambda trend: self._add_trend(news, trend),
                self.failed.emit,
            )

    def _add_line(self, news: TrendNews, line: TrendLine | None) -> None:
        if self._news is news:
            self._line = line
            self._say_all(replace(news, line=line))
            self.plot.show_line(line)

    def _add_trend(self, news: TrendNews, trend: Trend) -> None:
        """Show each of the checks in place of their outline."""
        if self._news is news and len(trend.ids):
            self.plot.show_trend(trend, self._line)
            self.plot.mark_opened(self._opened)

    def _offer_basis(self) -> None:
        has_room = self.height() >= _ROOM_FOR_BASIS_PX * text_factor() ** 2
        self.basis.setVisible(bool(self.basis.text()) and has_room)
        room_px = _ROOM_FOR_AXIS * self.fontMetrics().averageCharWidth()
        self.axis.setVisible(self.width() >= room_px)  # else it is a tower

    def _say_all(self, news: TrendNews) -> None:
        said = self._what_changed(news)
        if news.line is not None and news.method is not None:
            said = f"{self._what_all_say(news.line, news.method, news.count)}\n{said}"
        say(self.sentence, said)

    def _what_all_say(self, line: TrendLine, method: Method, count: int) -> str:
        days = (datetime.fromtimestamp(at_s) for at_s in (line.first_s, line.last_s))
        first, last = (date_only(self.locale(), day) for day in days)
        return history_words.describe_line(line, method, first, last, count)

    def _what_changed(self, news: TrendNews) -> str:
        newest, earlier = news.newest, news.earlier
        if newest is None:
            return ""
        said = [history_words.describe_newest(newest, self._when(newest, earlier))]
        change = None if earlier is None else change_between(earlier, newest)
        if earlier is not None and change is not None:
            when = self._when(earlier, newest)
            said += history_words.describe_since(earlier, newest, when, change)
        else:
            said.append(
                history_words.ONLY_ONE if news.count == 1 else history_words.NOTHING_LIKE_IT
            )
        return " ".join(said)

    def _when(self, row: CheckRow, other: CheckRow | None) -> str:
        """Return the day of a check, with the time where the other was taken on the same."""
        day = date_only(self.locale(), row.taken_at)
        if other is None or day != date_only(self.locale(), other.taken_at):
            return day
        return date_and_time(self.locale(), row.taken_at)

    def _read_pointed(self, check_id: int) -> None:
        """Look up what was worn and noted, for the card beside the check pointed at."""
        self._jobs.start(
            _KEY_POINTED,
            lambda: self._open().check(check_id).row,
            self.plot.say_more,
            self.failed.emit,
        )


class TrendPlot(QWidget):
    """Shows one person's checks by one method.

    Left and Right go from check to check, Enter opens the one pointed at, plus and minus
    zoom, Shift with an arrow moves the view, 0 shows all.
    """

    #: The id of the check that was clicked, or entered by key.
    check_chosen = pyqtSignal(int)
    #: The id of the check pointed at: its conditions are wanted (see :meth:`say_more`).
    check_pointed = pyqtSignal(int)
    #: Another time is in view, or it lies elsewhere.
    time_moved = pyqtSignal()

    def __init__(self, card_room: QWidget | None = None) -> None:
        super().__init__()
        self._trend: Trend | None = None
        self._outline: TrendOutline | None = None
        self._pointed: int | None = None
        self._beside: Span | None = None
        self._plot: Any = None
        # A low plot has less room than the card needs.
        self._card = TrendCard(card_room or self)
        self._layout = in_column(on=self, margins_px=_FOCUS_PX)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumHeight(round(_LEAST_PX * text_factor() ** 1.5))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Tilt over time"))
        self.setAccessibleDescription(
            self.tr(
                "Left and Right go from check to check, Enter opens one, plus and minus zoom, "
                "Shift with an arrow moves the view, 0 shows all."
            )
        )

    @property
    def trend(self) -> Trend | None:
        """What is shown, or None; also None while there is but an outline of it."""
        return self._trend

    @property
    def outline(self) -> TrendOutline | None:
        """The outline of checks that are still being read, or None."""
        return self._outline

    @property
    def is_shown(self) -> bool:
        """Whether a trend or its outline is shown."""
        return (self._trend or self._outline) is not None

    @property
    def pointed_id(self) -> int | None:
        """The check pointed at by mouse or keys, or None."""
        return None if self._pointed is None else self._id(self._pointed)

    @property
    def words(self) -> str:
        """What is said beside the check pointed at; empty when none is."""
        return self._card.text() if self._pointed is not None else ""

    @property
    def time_in_view(self) -> Span:
        """From when to when the view goes, seconds since 1970."""
        first, last = self._plot.getViewBox().viewRange()[0]
        return Span(first, last)

    @property
    def time_px(self) -> Span:
        """Where that view begins and ends, from the left edge of this widget."""
        seen = self._plot.mapFromScene(self._plot.getViewBox().sceneBoundingRect()).boundingRect()
        left = self._plot.x() + seen.left()
        return Span(left, left + seen.width())

    def make_room_for(self, time: Span | None) -> None:
        """Have room for this time beside the checks, in sight if all of them are."""
        if time == self._beside or not self.is_shown:
            self._beside = time
            return
        sees_all = self._sees_all()
        self._beside = time
        if sees_all:
            self.show_all()
        self._plot.limit(self._whole())

    def show_trend(self, trend: Trend, line: TrendLine | None = None) -> None:
        """Show these checks; the view stays where it is if it was of the same method.

        Parameters
        ----------
        trend
            Oldest first, at least one check.
        line
            What they say together.
        """
        self._begin()
        before, had_all = self._method, self._outline is not None and self._sees_all()
        self._trend, self._outline = trend, None
        self._plot.show_trend(trend, line, trend.method is not Method.BELT)
        self._settle(trend, before if not had_all else None)

    def show_outline(self, outline: TrendOutline) -> None:
        """Show the outline of checks until they themselves are read; see :meth:`show_trend`."""
        self._begin()
        before = self._method
        self._trend, self._outline = None, outline
        self._plot.show_outline(outline, outline.method is not Method.BELT)
        self._settle(outline, before)

    @property
    def _method(self) -> Method | None:
        shown = self._trend or self._outline
        return None if shown is None else shown.method

    def _begin(self) -> None:
        self.build()
        self.point_at(None)

    def _settle(self, shown: Trend | TrendOutline, before: Method | None) -> None:
        """Leave the view where it is if it was of the same method, and anything is in it."""
        self._plot.show()
        seen = in_view(shown, self.time_in_view)
        if before is not shown.method or seen.start >= seen.stop:
            self.show_all()
        self._plot.limit(self._whole())

    def _sees_all(self) -> bool:
        """Tell whether all that is shown is in view."""
        seen, whole = self.time_in_view, self._whole()
        off_s = abs(seen.first - whole.first) + abs(seen.last - whole.last)
        return off_s < _NEARLY * (whole.last - whole.first)

    def show_line(self, line: TrendLine | None) -> None:
        """Show what the checks that are shown say together."""
        self._plot.show_line(line)

    def clear(self) -> None:
        """Show nothing."""
        self.point_at(None)
        self._trend = self._outline = None
        if self._plot is not None:
            self._plot.hide()

    def show_all(self) -> None:
        """Fit all checks into the view."""
        shown = self._trend or self._outline
        if shown is None:
            return
        time = self._whole()
        angles = whole_angles(shown, shown.method is not Method.BELT)
        box = self._plot.getViewBox()
        box.setLimits(xMin=None, xMax=None, yMin=None, yMax=None)
        box.setRange(xRange=(time.first, time.last), yRange=(angles.first, angles.last), padding=0)
        self._plot.limit(self._whole())

    def zoom(self, factor: float) -> None:
        """Show ``factor`` times as much time, around the check pointed at or the middle."""
        if not self.is_shown:
            return
        box = self._plot.getViewBox()
        middle = box.viewRect().center()
        if self._pointed is not None and self._trend is not None:
            middle.setX(float(self._trend.taken_at_s[self._pointed]))
        box.scaleBy(x=factor, center=middle)

    def mark_opened(self, check_id: int | None) -> None:
        """Put a ring round the check whose details are open."""
        if self._plot is not None and self._trend is not None:
            found = [] if check_id is None else (self._trend.ids == check_id).nonzero()[0]
            self._plot.mark_opened(int(found[0]) if len(found) else None)

    def point_at(self, index: int | None) -> None:
        """Point at a check of the trend and say its numbers beside it."""
        if index == self._pointed:
            return
        self._pointed = index
        if self._plot is not None:
            self._plot.point_at(index)
        if index is None:
            self._card.hide()
            return
        self._say("")
        self.check_pointed.emit(self._id(index))

    def say_more(self, row: CheckRow) -> None:
        """Add what else is known of the check pointed at; what is of another is ignored."""
        if row.id == self.pointed_id:
            more = history_words.more_about(row).splitlines()
            self._say("\n".join(shorten(line, _CARD_LETTERS, placeholder=" …") for line in more))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go from check to check, move and zoom."""
        if event is None or self._trend is None or not self._on_key(event):
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent | None) -> None:
        """Take on the colours of a new scheme."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self._recolour()
            self.setMinimumHeight(round(_LEAST_PX * text_factor() ** 1.5))

    def leaveEvent(self, event: QEvent | None) -> None:
        """Point at nothing when the mouse has gone."""
        super().leaveEvent(event)
        self.point_at(None)

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Take the card along."""
        super().hideEvent(event)
        self.point_at(None)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Frame the plot while keys go to it."""
        super().paintEvent(event)
        if self.hasFocus():
            paint_focus_frame(QPainter(self), QRectF(self.rect()))

    def build(self) -> None:
        """Make the plot, once; pyqtgraph takes long to import, so not before it is needed."""
        from app.gui.history.trend_items import TrendView

        if self._plot is not None:
            return
        self.ensurePolished()
        self._plot = TrendView(history_words.USUAL_RANGE, self.locale(), self)
        self._plot.scene().sigMouseMoved.connect(self._on_move)
        self._plot.scene().sigMouseClicked.connect(self._on_click)
        self._plot.sigRangeChanged.connect(self._place_card)
        self._plot.sigRangeChanged.connect(lambda *_: self.time_moved.emit())
        self._layout.addWidget(self._plot)
        self._recolour()

    def _recolour(self) -> None:
        self._card.recolour()
        if self._plot is not None:
            self._plot.recolour(self.font())

    def _id(self, index: int) -> int:
        assert self._trend is not None
        return int(self._trend.ids[index])

    def _whole(self) -> Span:
        """Return a time axis with room for the checks and whatever else is to be seen."""
        shown = self._trend or self._outline
        assert shown is not None
        time = whole_time(shown)
        beside = self._beside or time
        return Span(min(time.first, beside.first), max(time.last, beside.last))

    def _on_key(self, event: QKeyEvent) -> bool:
        key, shifted = Qt.Key(event.key()), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        box = self._plot.getViewBox()
        if shifted and key in _ARROWS:
            right, up = (_STEP * share for share in _ARROWS[key])
            box.translateBy(x=right * box.viewRect().width(), y=up * box.viewRect().height())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_ZOOM)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom(1 / _ZOOM)
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key in _STEPS:
            self._step(key)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._pointed is not None:
            self.check_chosen.emit(self._id(self._pointed))
        else:
            return False
        return True

    def _step(self, key: Qt.Key) -> None:
        """Point at the next check, or at the newest in view, and keep it in view."""
        assert self._trend is not None
        seen, last = self.time_in_view, len(self._trend.ids) - 1
        if key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            index = 0 if key == Qt.Key.Key_Home else last
        elif self._pointed is None:
            index = in_view(self._trend, seen).stop - 1
        else:
            index = self._pointed + (1 if key == Qt.Key.Key_Right else -1)
        index = min(max(index, 0), last)
        at_s = float(self._trend.taken_at_s[index])
        if not seen.first <= at_s <= seen.last:
            self._plot.getViewBox().translateBy(x=at_s - (seen.first + seen.last) / 2)
        self.point_at(index)

    def _nearest(self, scene_pos: QPointF) -> int | None:
        box = self._plot.getViewBox()
        if self._trend is None or not box.sceneBoundingRect().contains(scene_pos):
            return None
        at = box.mapSceneToView(scene_pos)
        per_s, per_deg = (1.0 / size for size in box.viewPixelSize())
        return nearest(self._trend, at.x(), at.y(), per_s, per_deg, _NEAR_PX)

    def _on_move(self, scene_pos: QPointF) -> None:
        self.point_at(self._nearest(scene_pos))

    def _on_click(self, event: Any) -> None:
        index = self._nearest(event.scenePos())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.check_chosen.emit(self._id(index))

    def _say(self, more: str) -> None:
        assert self._trend is not None
        assert self._pointed is not None
        self._card.say(self._trend, self._pointed, more)
        self._place_card()
        self._card.show()

    def _place_card(self) -> None:
        if self._trend is None or self._pointed is None:
            return
        index = self._pointed
        at = QPointF(float(self._trend.taken_at_s[index]), float(self._trend.angle_deg[index]))
        scene_pos = self._plot.getViewBox().mapViewToScene(at)
        room = self._card.parentWidget()
        self._card.place_beside(self._plot.mapTo(room, self._plot.mapFromScene(scene_pos)))
