"""A view of one flat thing that is fitted, zoomed and panned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QWheelEvent,
)
from PyQt6.QtWidgets import (
    QFrame,
    QGestureEvent,
    QGraphicsScene,
    QGraphicsView,
    QPinchGesture,
    QWidget,
)

from app.gui.style.theme import colours

if TYPE_CHECKING:
    from PyQt6.QtGui import QResizeEvent

_ZOOM_STEP = 1.25
#: A pixel of the full picture is never drawn larger than this, logical pixels.
_SCALE_MAX = 12.0
#: One notch of a mouse wheel as Qt counts it.
_NOTCH = 120
_FOCUS_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class ZoomView(QGraphicsView):
    """Shows a scene of a known size by wheel, fingers, mouse and keyboard.

    It fits the whole into itself until a person zooms, and again after :meth:`fit`.
    """

    #: Logical pixels of the screen to one unit of the scene.
    zoom_changed = pyqtSignal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setScene(QGraphicsScene(self))
        self.has_content = False
        self._fits = True
        self._has_ring = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        # Lines of a fixed width on the screen reach beyond what Qt thinks they cover.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        surface = self._surface()
        surface.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        surface.grabGesture(Qt.GestureType.PinchGesture)
        self.setBackgroundBrush(QColor(colours().stage))

    def set_content_size(self, size_px: tuple[int, int] | None) -> None:
        """Say how large the scene is, and fit it; None when there is nothing in it."""
        self.has_content = size_px is not None
        if size_px is not None:
            self._canvas().setSceneRect(QRectF(0, 0, *size_px))
            self.fit()

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture is shown, and stays so when the view's size changes."""
        return self._fits

    def fit(self) -> None:
        """Show the whole picture, and keep it so when the size of the view changes."""
        self._fits = True
        if self.has_content:
            self._set_scale(self._fitting_scale())
            self.centerOn(self.sceneRect().center())

    def zoom_in(self) -> None:
        """Show the middle larger."""
        self._zoom(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the middle smaller, at least the whole picture."""
        self._zoom(1 / _ZOOM_STEP)

    def actual_size(self) -> None:
        """Show one pixel of the full picture as one of the screen."""
        self._show_scale(1 / self.devicePixelRatioF())

    def show_area(self, area: QRectF) -> None:
        """Show a part of the picture as large as it goes, in pixels of the full picture."""
        surface = self._surface()
        scale = min(surface.width() / area.width(), surface.height() / area.height())
        self._zoom(scale / self.transform().m11())
        self.centerOn(area.center())

    def _canvas(self) -> QGraphicsScene:
        scene = self.scene()
        assert scene is not None  # set at the start, never changed
        return scene

    def _surface(self) -> QWidget:
        viewport = self.viewport()
        assert viewport is not None  # every scroll area has one
        return viewport

    def _zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Change the scale by a factor; coming from a larger one, stop at the whole."""
        if not self.has_content:
            return
        now, whole = self.transform().m11(), self._fitting_scale()
        smallest = min(whole, 1 / self.devicePixelRatioF())
        wanted = max(min(now * factor, _SCALE_MAX), smallest)
        if factor < 1 and wanted <= whole and (now > whole or smallest == whole):
            self.fit()
        else:
            self._show_scale(wanted, about)

    def _show_scale(self, scale: float, about: QPointF | None = None) -> None:
        """Show a scale; what is drawn at ``about``, else in the middle, stays there."""
        if not self.has_content:
            return
        at = (QRectF(self._surface().rect()).center() if about is None else about).toPoint()
        spot = self.mapToScene(at)
        self._fits = False
        self._set_scale(scale)
        self._scroll_by(self.mapFromScene(spot) - at)

    def _set_scale(self, scale: float) -> None:
        self.resetTransform()
        self.scale(scale, scale)
        self.zoom_changed.emit(scale)

    def _scroll_by(self, by: QPoint) -> None:
        for bar, distance in (
            (self.horizontalScrollBar(), by.x()),
            (self.verticalScrollBar(), by.y()),
        ):
            if bar is not None:
                bar.setValue(bar.value() + distance)

    def _fitting_scale(self) -> float:
        whole, surface = self.sceneRect(), self._surface()
        return max(min(surface.width() / whole.width(), surface.height() / whole.height()), 1e-3)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep a fitted picture fitted."""
        super().resizeEvent(event)
        if self._fits:
            self.fit()

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Zoom about the pointer."""
        if event is None or not event.angleDelta().y():
            return
        self._zoom(_ZOOM_STEP ** (event.angleDelta().y() / _NOTCH), event.position())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent | None) -> None:
        """Fit again, unless something on the picture takes the click."""
        super().mouseDoubleClickEvent(event)
        if event is not None and not event.isAccepted():
            self.fit()
            event.accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Zoom with + and -, fit with 0, one pixel to one with 1; arrows pan."""
        if event is None:
            return
        match event.key():
            case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
                self.zoom_in()
            case Qt.Key.Key_Minus:
                self.zoom_out()
            case Qt.Key.Key_0:
                self.fit()
            case Qt.Key.Key_1:
                self.actual_size()
            case _:
                super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent | None) -> bool:
        """Zoom with two fingers, on a screen or on a touchpad."""
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                at = self._surface().mapFromGlobal(pinch.centerPoint())
                self._zoom(pinch.scaleFactor(), at)
                return True
        if (
            isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        ):
            self._zoom(1 + event.value(), event.position())
            return True
        return super().viewportEvent(event)

    def drawForeground(self, painter: QPainter | None, rect: QRectF) -> None:
        """Draw a ring round the view that the keyboard has reached."""
        del rect
        if painter is None or not self._has_ring:
            return
        painter.resetTransform()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colours().accent), 2))
        painter.drawRect(QRectF(self._surface().rect()).adjusted(1, 1, -1, -1))

    def focusInEvent(self, event: QFocusEvent | None) -> None:
        """Show the ring to whom comes by keyboard."""
        super().focusInEvent(event)
        self._has_ring = event is not None and event.reason() in _FOCUS_REASONS
        self._surface().update()

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self._has_ring = False
        self._surface().update()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event is not None and event.type() == QEvent.Type.PaletteChange:
            self.setBackgroundBrush(QColor(colours().stage))
