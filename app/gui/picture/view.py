"""A picture with what was found in it, that is fitted, zoomed and panned."""

from __future__ import annotations

from math import hypot
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QPixmap,
    QWheelEvent,
)
from PyQt6.QtWidgets import (
    QFrame,
    QGestureEvent,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QPinchGesture,
    QWidget,
)

from app.gui.picture.overlay import DrawnItem, Overlay
from app.gui.style.theme import colours

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtGui import QResizeEvent

    from vision.overlay.shapes import Layer, Shape


#: No half is made of a picture whose shorter side is less than this.
_HALVED_MIN_PX = 64
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


class PictureView(QGraphicsView):
    """Shows one picture; the scene's units are pixels of the full upright picture.

    It fits the picture into itself until a person zooms by wheel, fingers, mouse or keyboard,
    and again after :meth:`fit`.
    """

    #: Logical pixels of the screen to one pixel of the full picture.
    zoom_changed = pyqtSignal(float)

    def __init__(self) -> None:
        super().__init__()
        self._canvas = QGraphicsScene(self)
        self.setScene(self._canvas)
        self._picture: PictureItem | None = None
        self._size_px = (1, 1)
        self._overlay = Overlay((), self._size_px)
        self._hidden: set[Layer] = set()
        self._fits = True
        self._has_ring = False
        self.setAccessibleName(self.tr("Picture"))
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
        # A dropped photograph is the page's business.
        self.setAcceptDrops(False)
        surface.setAcceptDrops(False)
        self.setBackgroundBrush(QColor(colours().stage))

    def show_picture(
        self, picture: NDArray[np.uint8] | QImage, full_size_px: tuple[int, int]
    ) -> None:
        """Show a picture without an overlay, fitted.

        Parameters
        ----------
        picture
            Shape (height, width, 3), uint8, with contiguous rows: the upright picture or a
            smaller copy of it. It is not needed any more afterwards. Or what :func:`image_of`
            makes of it.
        full_size_px
            Width and height of the full upright picture.
        """
        self.clear_picture()
        self._picture = PictureItem(picture, full_size_px)
        self._size_px = full_size_px
        self._canvas.addItem(self._picture)
        self._canvas.setSceneRect(QRectF(0, 0, *full_size_px))
        self.fit()

    def clear_picture(self) -> None:
        """Show nothing."""
        self._remove_overlay()
        if self._picture is not None:
            self._canvas.removeItem(self._picture)
            self._picture = None

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to look at."""
        return self._picture is not None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the full picture."""
        return self._size_px

    def show_shapes(self, shapes: Sequence[Shape]) -> None:
        """Draw these over the picture, in place of what was drawn before."""
        self._remove_overlay()
        self._overlay = Overlay(shapes, self._size_px)
        self._overlay.rescale(self.transform().m11())
        for layer, item in self._overlay.items:
            item.setVisible(layer not in self._hidden)
            self._canvas.addItem(item)

    def set_layer_visible(self, layer: Layer, visible: bool) -> None:
        """Show or hide one kind of thing, in this picture and those to come."""
        (self._hidden.discard if visible else self._hidden.add)(layer)
        for own, item in self._overlay.items:
            if own is layer:
                item.setVisible(visible)

    def draw_picture(self, painter: QPainter, target: QRectF, source: QRectF) -> None:
        """Draw a part of the picture elsewhere, without what lies over it.

        Parameters
        ----------
        painter, target
            Where to.
        source
            Which part, pixels of the full picture.
        """
        if self._picture is not None:
            self._picture.draw_part(painter, target, source)

    @property
    def is_fitted(self) -> bool:
        """Whether the whole picture is shown, and stays so when the view's size changes."""
        return self._fits

    def fit(self) -> None:
        """Show the whole picture, and keep it so when the size of the view changes."""
        self._fits = True
        if self.has_picture:
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
        painter.setPen(QPen(QColor(colours().on_stage), 2))
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

    def _remove_overlay(self) -> None:
        for _, item in self._overlay.items:
            self._canvas.removeItem(item)
        self._overlay = Overlay((), self._size_px)

    def _surface(self) -> QWidget:
        viewport = self.viewport()
        assert viewport is not None  # every scroll area has one
        return viewport

    def _zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Change the scale by a factor; coming from a larger one, stop at the whole."""
        if not self.has_picture:
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
        if not self.has_picture:
            return
        at = (QRectF(self._surface().rect()).center() if about is None else about).toPoint()
        spot = self.mapToScene(at)
        self._fits = False
        self._set_scale(scale)
        self._scroll_by(self.mapFromScene(spot) - at)

    def _set_scale(self, scale: float) -> None:
        self.resetTransform()
        self.scale(scale, scale)
        self._overlay.rescale(scale)
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


class PictureItem(DrawnItem, QGraphicsItem):
    """A picture that covers its full size in the scene, of whatever size its pixels are.

    Smooth drawing looks at four pixels for each one drawn and passes over the others when
    the picture is made much smaller; so halves and quarters are made when first needed.

    Parameters
    ----------
    picture
        Shape (height, width, 3), uint8, with contiguous rows; or what :func:`image_of` makes of
        it.
    full_size_px
        Width and height in the scene.
    """

    def __init__(self, picture: NDArray[np.uint8] | QImage, full_size_px: tuple[int, int]) -> None:
        super().__init__()
        image = picture if isinstance(picture, QImage) else image_of(picture)
        self._levels = [QPixmap.fromImage(image)]
        self._box = QRectF(0.0, 0.0, *full_size_px)

    def boundingRect(self) -> QRectF:
        """Return the full picture."""
        return self._box

    def draw(self, painter: QPainter) -> None:
        """Draw the whole picture; what does not show costs nothing."""
        seen = painter.deviceTransform()  # it may be turned or mirrored
        self._draw(painter, self._box, self._box, hypot(seen.m11(), seen.m12()))

    def draw_part(self, painter: QPainter, target: QRectF, source: QRectF) -> None:
        """Draw a part of the picture elsewhere, such as into a magnifying glass.

        Parameters
        ----------
        painter
            Any.
        target
            Where to, in the painter's units.
        source
            Which part, in pixels of the full picture; what lies outside it stays as it was.
        """
        part = source & self._box
        if part.isEmpty():
            return
        scale = target.width() / source.width()
        left_top = target.topLeft() + (part.topLeft() - source.topLeft()) * scale
        shown = QRectF(left_top, part.size() * scale)
        self._draw(painter, shown, part, scale * painter.deviceTransform().m11())

    def _draw(self, painter: QPainter, target: QRectF, part: QRectF, ratio: float) -> None:
        """Draw with ``ratio`` pixels of the device to one of the full picture."""
        wanted_px = ratio * self._box.width()
        level = 0
        while self._has_level(level + 1) and wanted_px <= self._levels[level].width() / 2:
            level += 1
        pixmap = self._levels[level]
        across, down = pixmap.width() / self._box.width(), pixmap.height() / self._box.height()
        source = QRectF(
            part.x() * across, part.y() * down, part.width() * across, part.height() * down
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, pixmap, source)

    def _has_level(self, level: int) -> bool:
        """Tell whether there is one; each is half of the one before."""
        last = self._levels[-1]
        if level < len(self._levels):
            return True
        if min(last.width(), last.height()) < 2 * _HALVED_MIN_PX:
            return False
        half = last.scaled(
            last.width() // 2,
            last.height() // 2,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        self._levels.append(half)
        return True


def image_of(rgb: NDArray[np.uint8]) -> QImage:
    """Return a picture in the form in which it is painted; may be called on any thread.

    Parameters
    ----------
    rgb
        Shape (height, width, 3), uint8, with contiguous rows; not needed any more afterwards.
    """
    height, width = rgb.shape[:2]
    stride, form = rgb.strides[0], QImage.Format.Format_RGB888
    image: QImage = QImage(rgb.data, width, height, stride, form)  # type: ignore[call-overload]
    return image.convertToFormat(QImage.Format.Format_RGB32)
