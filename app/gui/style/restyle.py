"""A new style sheet for all widgets: what is in sight at once, the rest between events.

Qt gives every widget a new sheet in one go, also those of pages that are not shown, and while it
replaces one sheet by another it comes by each widget once for each of its ancestors. With a few
pages open that holds the window up for the better part of a second.
"""

from __future__ import annotations

from collections import OrderedDict
from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING

from PyQt6 import sip
from PyQt6.QtCore import QEvent, QObject, Qt, QTimer
from PyQt6.QtWidgets import QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PyQt6.QtGui import QPalette

#: For so long widgets are seen to before other events have their turn.
_SLICE_MS = 6.0
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
#: What a widget hears of its looks.
_TOLD = (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange)


class Restyler(QObject):
    """Styles all widgets of the program anew.

    A widget that is not in sight waits for its turn; one that is shown meanwhile gets it just
    before.

    Parameters
    ----------
    app
        Owns it.

    Attributes
    ----------
    own_style
        Called with each widget before it gets the new sheet; sets its own one, if it has any.
    """

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self.own_style: Callable[[QWidget], None] = lambda _: None
        #: Those around others come first: what is inside takes some of its style from them.
        self._waiting: OrderedDict[int, QWidget] = OrderedDict()
        #: What is polished for the first time, the next one last.
        self._ahead: list[QWidget] = []
        self._is_told_later = False
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._go_on)

    def wear(self, style: str, palette: QPalette, sheet: str) -> None:
        """Have all widgets painted in a style of Qt's, with a palette and a sheet."""
        self._app.installEventFilter(self)
        in_sight = self._set_aside()
        with self._told_later(in_sight):
            for widget in in_sight:
                self.own_style(widget)
            # Without a sheet in between Qt comes by each widget once, not once for each ancestor.
            self._app.setStyleSheet("")
            before = self._app.style()
            if before is None or before.objectName() != style:
                self._app.setStyle(style)
            self._app.setPalette(palette)
            self._app.setStyleSheet(sheet)
        self._timer.start(0)

    def finish(self) -> None:
        """See to all that waits, now."""
        while self._waiting:
            self._restyle(self._waiting.popitem(last=False)[1])
        self._timer.stop()
        self._app.removeEventFilter(self)

    def polish_ahead(self, top: QWidget) -> None:
        """Style what was never shown, a few widgets at a time, so that showing it takes less."""
        self._ahead += [top, *top.findChildren(QWidget)]
        self._timer.start(0)

    def prepare(self, top: QWidget) -> None:
        """See to a widget and all in it before it is laid out and shown."""
        if self._waiting:
            for widget in (top, *top.findChildren(QWidget)):
                self._catch_up(widget)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """See to a widget that waits before it is shown; keep what is told later from the rest."""
        kind = None if event is None else event.type()
        if kind in _TOLD:
            return self._is_told_later and isinstance(watched, QWidget)
        if kind == QEvent.Type.Show and isinstance(watched, QWidget):
            self._catch_up(watched)
        return False

    def _catch_up(self, widget: QWidget | None) -> None:
        """See to a widget that waits, after what is around it."""
        if widget is not None and self._waiting.pop(id(widget), None) is not None:
            self._catch_up(widget.parentWidget())
            self._restyle(widget)

    def _set_aside(self) -> list[QWidget]:
        """Have Qt pass over what is not in sight, as if never shown; return what is in sight."""
        in_sight = []
        for top in self._app.topLevelWidgets():
            for widget in (top, *top.findChildren(QWidget)):
                if widget.isVisible():
                    in_sight.append(widget)
                elif widget.testAttribute(_POLISHED):
                    widget.setAttribute(_POLISHED, False)
                    self._waiting[id(widget)] = widget
        return in_sight

    def _go_on(self) -> None:
        until = perf_counter() + _SLICE_MS / 1000
        while (self._waiting or self._ahead) and perf_counter() < until:
            if self._waiting:
                self._restyle(self._waiting.popitem(last=False)[1])
                continue
            widget = self._ahead.pop()  # what is inside first: the rest would come along with it
            if not sip.isdeleted(widget):
                widget.ensurePolished()
        if not self._waiting and not self._ahead:
            self.finish()

    def _restyle(self, widget: QWidget) -> None:
        """Do for one widget what Qt does for all."""
        if sip.isdeleted(widget):
            return
        style = widget.style()
        with self._told_later([widget]):
            self.own_style(widget)
            if style is not None:
                style.unpolish(widget)
                style.polish(widget)
            widget.setAttribute(_POLISHED)

    @contextmanager
    def _told_later(self, widgets: list[QWidget]) -> Iterator[None]:
        """Tell these widgets that their looks have changed when all of it is done, once.

        In between letters and colours are neither the old nor the new ones.
        """
        self._is_told_later = True
        try:
            yield
        finally:
            self._is_told_later = False
        for widget in widgets:
            if sip.isdeleted(widget):
                continue
            for kind in _TOLD:
                QApplication.sendEvent(widget, QEvent(kind))
            widget.update()


def restyler() -> Restyler:
    """Return the one of this program's application, made at the first call."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)  # nothing has looks before it is there
    known = app.findChild(Restyler, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return known if known is not None else Restyler(app)
