"""What pages are put together from: cards, columns, words and buttons."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from PyQt6.QtCore import QDate, QEvent, QObject, Qt
from PyQt6.QtGui import QKeySequence
from PyQt6.QtWidgets import (
    QAbstractSpinBox,
    QBoxLayout,
    QComboBox,
    QDateEdit,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.dates import day_format
from app.gui.style.theme import (
    GAP_PX,
    GROUP_GAP_PX,
    PAGE_MARGIN_PX,
    Kind,
    set_kind,
    text_factor,
)
from app.gui.widgets.flow import FlowRow
from app.gui.widgets.plain import plain_tip

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PyQt6.QtCore import pyqtBoundSignal
    from PyQt6.QtGui import QResizeEvent

#: What a row or column is made of; see :func:`in_column`.
Part: TypeAlias = "QWidget | QLayout | int | tuple[QWidget | QLayout, int]"
Box = TypeVar("Box", bound=QBoxLayout)
Named = TypeVar("Named", bound=QWidget)

#: Letters in shares of the card's height, and the least of them in logical pixels.
HUGE, LARGE, BODY = (1 / 8, 48), (1 / 17, 26), (1 / 30, 15)
#: On a card narrower than this share of its height, the width counts.
_WIDTH_SHARE = 1.15
_PAGE_WIDTH_PX, _COLUMN_WIDTH_PX = 760, 1040
#: Qt's own indent of lists is as wide as five letters; this is room for a number.
_LIST_STYLE, _NUMBER_PX = "margin: 0 0 0 {margin}px; -qt-list-indent: 0;", 18


class BigLabel(QLabel):
    """Words whose size follows that of the card they are on."""

    def __init__(self, size: tuple[float, int], is_bold: bool = False) -> None:
        super().__init__()
        self._share, self._least_px = size
        self._weight = 600 if is_bold else 400
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.fit(0, 0)

    def fit(self, width_px: int, height_px: int) -> None:
        """Set the size of the letters for a card of this size."""
        side_px = min(height_px, width_px / _WIDTH_SHARE)
        letters_px = max(round(self._least_px * text_factor()), round(side_px * self._share))
        # The program's style sheet would win over a font that is set.
        style = f"font-size: {letters_px}px; font-weight: {self._weight};"
        if style != self.styleSheet():
            self.setStyleSheet(style)

    def say(self, text: str) -> None:
        """Show this; an empty text takes no room."""
        self.setText(text)
        self.setVisible(bool(text))


class LiveCard(QFrame):
    """A column of words that scrolls where it is too small, and buttons that stay below it.

    Attributes
    ----------
    column
        What scrolls.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.CARD)
        content = QWidget()
        content.setProperty("kind", "content")
        self.column, self._foot = in_column(on=content), in_column()
        scroll = Scroll(content, is_clear=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        in_column((scroll, 1), self._foot, on=self, margins_px=GROUP_GAP_PX)
        self._labels: list[BigLabel] = []

    def add_words(
        self,
        size: tuple[float, int],
        is_bold: bool = False,
        kind: Kind = Kind.BODY,
        at_foot: bool = False,
        column: QBoxLayout | None = None,
    ) -> BigLabel:
        """Add a line of words, empty for now; at the foot it does not scroll.

        It goes into the card's own column unless another one is given.
        """
        label = BigLabel(size, is_bold)
        label.setProperty("kind", kind.value)
        label.hide()
        self._labels.append(label)
        place = self.column if column is None else column
        (self._foot if at_foot else place).addWidget(label)
        return label

    def add_buttons(self, *buttons: QPushButton) -> None:
        """Add a row of buttons at the foot."""
        self._foot.addLayout(button_row(*buttons))

    def text(self) -> str:
        """Return all that is said, line by line."""
        return "\n".join(label.text() for label in self._labels if label.text())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Let the letters follow."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent | None) -> None:
        """Let the letters follow another text size."""
        super().changeEvent(event)
        # The first change of style comes while the card is being made.
        if event is not None and event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._fit()

    def _fit(self) -> None:
        for label in self._labels:
            label.fit(self.width(), self.height())


class Scroll(QScrollArea):
    """Lets what is in it scroll, without a frame.

    Parameters
    ----------
    content
        What scrolls; None where it comes later.
    is_clear
        Whether what lies behind shows through, such as a card, instead of the window's colour.
    """

    def __init__(
        self, content: QWidget | None = None, parent: QWidget | None = None, is_clear: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        if content is not None:
            self.setWidget(content)
        for part in (content, self.viewport()):
            if part is not None and is_clear:
                part.setAutoFillBackground(False)


class PageView(QScrollArea):
    """Shows a page in all the room there is; scrolls where large letters need more than that.

    In the usual size every page fits into the smallest window, where some of it gives way.
    """

    def __init__(self, page: QWidget, parent: QWidget | None = None) -> None:
        # With its parent from the beginning: what moves afterwards is styled once more.
        super().__init__(parent)
        self._page = page
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(page)
        page.installEventFilter(self)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the page its room."""
        super().resizeEvent(event)
        self._fit()

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Follow what the page needs at least."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def _fit(self) -> None:
        room, page = self.maximumViewportSize(), self._page
        if text_factor() <= 1.0:
            page.resize(room)
            return
        least, bar = page.minimumSizeHint(), self.verticalScrollBar()
        width = max(room.width(), least.width())
        height = _least_height(page, width)
        if height > room.height() and bar is not None:
            # The bar takes some of the width, for which nothing must scroll sideways.
            width = max(room.width() - bar.sizeHint().width(), least.width())
            height = _least_height(page, width)
        page.resize(width, max(room.height(), height))


def _least_height(page: QWidget, width: int) -> int:
    layout = page.layout()
    if layout is not None and layout.hasHeightForWidth():
        return layout.minimumHeightForWidth(width)
    return page.minimumSizeHint().height()


class _Narrow(QWidget):
    """No wider than is good to read, in the text size that was chosen.

    Parameters
    ----------
    width_px
        At the usual text size.
    """

    def __init__(self, width_px: int) -> None:
        super().__init__()
        self._width_px = width_px
        self._fit_text()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow another text size."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.StyleChange:
            self._fit_text()

    def _fit_text(self) -> None:
        self.setMaximumWidth(round(self._width_px * max(1.0, text_factor())))


class PlainPage(Scroll):
    """A page that scrolls as a whole: a title and parts one below the other, at a fixed width."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        page = QWidget()
        set_kind(page, Kind.PAGE)
        # The width is limited in one place, so that wrapped lines get the height they need.
        column = _Narrow(_PAGE_WIDTH_PX)
        in_row((column, 1), on=page, margins_px=PAGE_MARGIN_PX)
        self._parts = in_column(gap_px=GROUP_GAP_PX)
        in_column(self._parts, 1, on=column)
        self.setWidget(page)
        self.add(words(title, Kind.TITLE))

    def add(self, *parts: QWidget) -> None:
        """Put these below what is there."""
        _add(self._parts, parts)


class Column(QWidget):
    """A screen that scrolls, no wider than is good to read, with a foot that stays.

    Attributes
    ----------
    column
        What scrolls.
    foot
        What stays below it; empty for nothing.
    first
        What is most likely to be pressed.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first: QWidget | None = None
        self.column, self.foot = in_column(gap_px=GROUP_GAP_PX), in_column()
        page = narrow(in_column(self.column, 1, gap_px=0))
        set_kind(page, Kind.PAGE)
        self.area = Scroll(page)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        in_column((self.area, 1), narrow(self.foot), on=self)

    def take_focus(self) -> None:
        """Hand the keys to what is most likely to be pressed, and begin at the top."""
        bar = self.area.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)
        if self.first is not None:
            self.first.setFocus()

    def add(self, *parts: QWidget | QLayout) -> None:
        """Put these below what is there."""
        _add(self.column, parts)


def narrow(column: QLayout, foot_px: int = PAGE_MARGIN_PX // 2) -> QWidget:
    """Return a widget with this in it, at the page's margins and no wider than a column."""
    inside = _Narrow(_COLUMN_WIDTH_PX)
    inside.setLayout(column)
    column.setContentsMargins(0, 0, 0, 0)
    outside = QWidget()
    in_row((inside, 1), on=outside, margins_px=(PAGE_MARGIN_PX, 0, PAGE_MARGIN_PX, foot_px))
    return outside


class Card(QFrame):
    """A raised part with a column of its own.

    Parameters
    ----------
    title
        Stands above its parts, if any.
    parts
        One below the other.
    """

    def __init__(
        self,
        title: str = "",
        *parts: QWidget | QLayout,
        gap_px: int = GAP_PX,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        set_kind(self, Kind.CARD)
        margins_px = GROUP_GAP_PX, 12, GROUP_GAP_PX, 14
        self._column = in_column(on=self, gap_px=gap_px, margins_px=margins_px)
        if title:
            self.setAccessibleName(title)
            self.add(words(title, Kind.HEADING))
        self.add(*parts)

    def add(self, *parts: QWidget | QLayout) -> None:
        """Put these below what is there."""
        _add(self._column, parts)

    def add_stretch(self) -> None:
        """Keep what comes next at the foot."""
        self._column.addStretch(1)

    def add_gap(self) -> None:
        """Set what comes next a little apart."""
        self._column.addSpacing(GAP_PX)


class LateStack(QStackedWidget):
    """Views of which each is laid out when it is first shown."""

    def expect(self, *views: QWidget) -> None:
        """Own views that may be shown later.

        They get no parent before: Qt would style each of them there and then. Python may let go
        of them meanwhile, which it does in the window's thread alone (:mod:`app.gui.app`).
        """
        self._waiting = views

    def show_view(self, view: QWidget) -> None:
        """Show a view, put here now if it never was."""
        if self.indexOf(view) < 0:
            self.addWidget(view)
        self.setCurrentWidget(view)


def in_column(
    *parts: Part,
    on: QWidget | None = None,
    gap_px: int = GAP_PX,
    margins_px: int | tuple[int, int, int, int] = 0,
) -> QVBoxLayout:
    """Return parts one below the other.

    Parameters
    ----------
    parts
        Each alone or with its share of the room to spare; a share alone is left empty.
    on
        The widget that they fill; None for a part of another row or column.
    gap_px
        Between them.
    margins_px
        Round them: the same everywhere, or left, top, right and bottom.
    """
    return _filled(QVBoxLayout(on), parts, gap_px, margins_px)


def in_row(
    *parts: Part,
    on: QWidget | None = None,
    gap_px: int = GAP_PX,
    margins_px: int | tuple[int, int, int, int] = 0,
) -> QHBoxLayout:
    """Return parts side by side; see :func:`in_column`."""
    return _filled(QHBoxLayout(on), parts, gap_px, margins_px)


def words(text: str = "", kind: Kind = Kind.BODY, *, can_copy: bool = True) -> QLabel:
    """Return plain words that wrap; without any there is nothing to see until :func:`say`.

    Parameters
    ----------
    can_copy
        Whether the mouse selects them, which also gives them the focus.
    """
    label = QLabel()
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    if can_copy:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    set_kind(label, kind)
    label.setText(text)
    if not text:
        label.hide()
    return label


def say_list(label: QLabel, items: Sequence[str], is_numbered: bool = False) -> None:
    """Show these one below the other, with a number or a dot before each."""
    tag = "ol" if is_numbered else "ul"
    inside = "".join(f"<li>{escape(item)}</li>" for item in items)
    style = _LIST_STYLE.format(margin=round(_NUMBER_PX * text_factor()))
    label.setTextFormat(Qt.TextFormat.RichText)
    say(label, f'<{tag} style="{style}">{inside}</{tag}>' if items else "")


def say(label: QLabel, text: str) -> None:
    """Show this on a label; an empty text takes no room."""
    label.setText(text)
    if text and label.parentWidget() is None:
        return  # it would become a window; it is shown with whatever it is put into
    label.setVisible(bool(text))


def flow(*widgets: QWidget) -> FlowRow:
    """Return widgets side by side at their own width, in as many lines as they need."""
    return FlowRow(*widgets, gap_px=GAP_PX)


def button_row(*buttons: QPushButton) -> FlowRow:
    """Return buttons as in :func:`flow`, pressed by Enter as well."""
    for button in buttons:
        button.setAutoDefault(True)
    return flow(*buttons)


def make_button(
    text: str,
    tip: str = "",
    is_main: bool = False,
    act: Callable[..., object] | pyqtBoundSignal | None = None,
) -> QPushButton:
    """Return a button; the main one invites to be pressed, which calls or emits ``act``."""
    button = QPushButton(text)
    button.setToolTip(tip)
    if is_main:
        set_kind(button, Kind.PRIMARY)
    if act is not None:
        button.clicked.connect(act)
    return button


def make_choice(
    name: str, tip: str = "", items: Iterable[tuple[str, object]] = (), letters: int = 8
) -> QComboBox:
    """Return a choice that asks for the room of so many letters, however long its items are.

    Parameters
    ----------
    name
        For those who do not see it.
    items
        Words, and what they stand for.
    """
    choice = named(QComboBox(), name, tip)
    choice.setMinimumContentsLength(letters)
    choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    for text, value in items:
        choice.addItem(text, value)
    return choice


def make_day(name: str, tip: str) -> QDateEdit:
    """Return a field for a day up to today, with a calendar; ``name`` as in :func:`named`."""
    field = named(QDateEdit(), name, tip)
    field.setCalendarPopup(True)
    field.setDisplayFormat(day_format(field.locale()))
    field.setMaximumDate(QDate.currentDate())
    return field


def named(widget: Named, name: str, tip: str | None = None) -> Named:
    """Return the widget with a name for those who do not see it, and a tooltip, if other."""
    widget.setAccessibleName(name)
    widget.setToolTip(plain_tip(name if tip is None else tip))
    if isinstance(widget, QComboBox | QAbstractSpinBox):
        WheelGuard(widget)
    return widget


class WheelGuard(QObject):
    """Hands the wheel on to whatever scrolls: who passes a field must not change what it says.

    A number or day that has the focus takes it.
    """

    def __init__(self, field: QComboBox | QAbstractSpinBox) -> None:
        super().__init__(field)
        self._field = field
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let everything through but the wheel."""
        if event is None or event.type() != QEvent.Type.Wheel:
            return super().eventFilter(watched, event)
        # After choosing from a list the focus stays, and scrolling on is what comes next.
        if self._field.hasFocus() and not isinstance(self._field, QComboBox):
            return False
        event.ignore()
        return True


def tip(text: str, keys: str) -> str:
    """Return a tooltip with its shortcut."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({shown})"


def clear(layout: QVBoxLayout) -> None:
    """Remove everything from a layout that holds widgets only."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()


def _add(column: QBoxLayout, parts: Iterable[QWidget | QLayout], share: int = 0) -> None:
    for part in parts:
        if isinstance(part, QWidget):
            column.addWidget(part, share)
        else:
            column.addLayout(part, share)


def _filled(
    box: Box, parts: Iterable[Part], gap_px: int, margins_px: int | tuple[int, int, int, int]
) -> Box:
    box.setSpacing(gap_px)
    box.setContentsMargins(*((margins_px,) * 4 if isinstance(margins_px, int) else margins_px))
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
        else:
            inside, share = part if isinstance(part, tuple) else (part, 0)
            _add(box, [inside], share)
    return box
