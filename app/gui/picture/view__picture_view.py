"""A photograph with its overlay: fit, zoom and pan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.gui.picture.overlay import Layer, Overlay
from app.gui.picture.view import ZoomView
from app.gui.picture.view__picture_item import PictureItem

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray
    from PyQt6.QtCore import QRectF
    from PyQt6.QtGui import QPainter
    from PyQt6.QtWidgets import QWidget

    from vision.overlay.shapes import Shape


class PictureView(ZoomView):
    """Shows one picture; the scene's units are pixels of the full upright picture.

    It fits the picture into itself until a person zooms, and again after :meth:`fit`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: PictureItem | None = None
        self._size_px = (1, 1)
        self._overlay = Overlay((), self._size_px)
        self._hidden: set[Layer] = set()
        self.setAccessibleName(self.tr("Picture"))
        # A dropped photograph is the page's business.
        self.setAcceptDrops(False)
        self.zoom_changed.connect(self._rescale)

    def show_picture(self, rgb: NDArray[np.uint8], full_size_px: tuple[int, int]) -> None:
        """Show a picture without an overlay, fitted.

        Parameters
        ----------
        rgb
            Shape (height, width, 3), uint8, with contiguous rows: the upright picture or a
            smaller copy of it. It is not needed any more afterwards.
        full_size_px
            Width and height of the full upright picture.
        """
        self.clear_picture()
        self._picture = PictureItem(rgb, full_size_px)
        self._size_px = full_size_px
        self._canvas().addItem(self._picture)
        self.set_content_size(full_size_px)

    def clear_picture(self) -> None:
        """Show nothing."""
        self._remove_overlay()
        if self._picture is not None:
            self._canvas().removeItem(self._picture)
            self._picture = None
        self.set_content_size(None)

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
            self._canvas().addItem(item)

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

    def _rescale(self, scale: float) -> None:
        self._overlay.rescale(scale)

    def _remove_overlay(self) -> None:
        for _, item in self._overlay.items:
            self._canvas().removeItem(item)
        self._overlay = Overlay((), self._size_px)
