"""The row of buttons above the picture: another picture, zoom, and what is drawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QAbstractButton, QMenu, QToolButton, QWidget

from app.gui.style.theme import GAP_PX
from app.gui.widgets.cards import make_button, named, tip
from app.gui.widgets.flow import FlowRow
from vision.overlay.shapes import Layer

if TYPE_CHECKING:
    from collections.abc import Callable

    from PyQt6.QtGui import QResizeEvent

    from app.gui.picture.view import PictureView


class PictureTools(QWidget):
    """Buttons, and a menu of layers.

    Parameters
    ----------
    view
        What is zoomed, and whose layers are shown or hidden.
    hidden_layers
        As they were when last used.
    """

    open_wanted = pyqtSignal()
    camera_wanted = pyqtSignal()
    back_wanted = pyqtSignal()
    #: The layers that are not drawn, a frozenset.
    hidden_layers_changed = pyqtSignal(object)

    def __init__(self, view: PictureView, hidden_layers: frozenset[Layer]) -> None:
        super().__init__()
        self.open_button = make_button(
            self.tr("Open…"),
            tip(self.tr("Open another photograph"), "Ctrl+O"),
            act=self.open_wanted,
        )
        self.camera_button = make_button(
            self.tr("Camera"), self.tr("Take a photograph with the camera"), act=self.camera_wanted
        )
        self.back_button = make_button(
            self.tr("Back"),
            tip(self.tr("The result before this one"), "Alt+Left"),
            act=self.back_wanted,
        )
        self.back_button.hide()
        self.zoom_buttons = (
            self._tool("−", self.tr("Zoom out"), "Ctrl+-", view.zoom_out),  # noqa: RUF001
            self._tool("+", self.tr("Zoom in"), "Ctrl++", view.zoom_in),
            self._tool(self.tr("Fit"), self.tr("Show the whole picture"), "F", view.fit),
        )
        on_the_right = *self.zoom_buttons, self._layers(view, hidden_layers)
        on_the_left = self.back_button, self.open_button, self.camera_button
        self._row = FlowRow(*on_the_left, *on_the_right, gap_px=GAP_PX, at_the_end=on_the_right)
        self.setLayout(self._row)
        self._always: list[QAbstractButton] = [
            self.back_button,
            self.open_button,
            self.camera_button,
            self.layers_button,
        ]

    def add_recent(self, button: QToolButton) -> None:
        """Put a list of photographs beside the button that opens one; its word has no room."""
        button.setText("\N{HORIZONTAL ELLIPSIS}")
        self._row.insert(self._row.indexOf(self.open_button) + 1, button)
        self._always.append(button)

    def show_back(self, is_there: bool) -> None:
        """Offer the way back while there is one."""
        self.back_button.setVisible(is_there)

    @property
    def hidden_layers(self) -> frozenset[Layer]:
        """What is not drawn on the picture."""
        return frozenset(layer for layer, action in self.actions_by_layer if not action.isChecked())

    def toggle_all(self) -> None:
        """Draw nothing, or everything if something was left out."""
        show = bool(self.hidden_layers)
        for _, action in self.actions_by_layer:
            action.setChecked(show)
        self._tell_layers()

    def hasHeightForWidth(self) -> bool:
        """Give the picture below what is left: it would else be given all that it would like."""
        return False

    def event(self, event: QEvent | None) -> bool:
        """Follow what there is to show."""
        if event is not None and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Leave out the zoom buttons where there is no room; wheel and keys zoom as well."""
        shown = [button for button in self._always if not button.isHidden()]
        needed_px = sum(b.sizeHint().width() + GAP_PX for b in (*shown, *self.zoom_buttons))
        for button in self.zoom_buttons:
            button.setVisible(self.width() >= needed_px)
        self.setFixedHeight(self._row.heightForWidth(self.width()))

    def _layers(self, view: PictureView, hidden: frozenset[Layer]) -> QToolButton:
        names = (
            (Layer.TILT, self.tr("Tilt")),
            (Layer.HORIZONTAL, self.tr("Horizontal line")),
            (Layer.BELT, self.tr("Belt line")),
            (Layer.OUTLINE, self.tr("Outline of the body")),
            (Layer.LANDMARKS, self.tr("Joints")),
            (Layer.PLUMB, self.tr("Upright lines of the room")),
        )
        menu = QMenu(self)
        self.actions_by_layer: list[tuple[Layer, QAction]] = []
        for layer, name in names:
            action = QAction(name, menu)
            action.setCheckable(True)
            action.setChecked(True)
            action.toggled.connect(partial(view.set_layer_visible, layer))
            action.setChecked(layer not in hidden)
            action.triggered.connect(self._tell_layers)
            menu.addAction(action)
            self.actions_by_layer.append((layer, action))
        menu.addSeparator()
        menu.addAction(self.tr("All or nothing (O)"), self.toggle_all)
        self.layers_button = self._tool(
            self.tr("Lines"), self.tr("What is drawn on the picture; all or nothing:"), "O"
        )
        self.layers_button.setMenu(menu)
        self.layers_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return self.layers_button

    def _tell_layers(self) -> None:
        self.hidden_layers_changed.emit(self.hidden_layers)

    def _tool(
        self, text: str, what: str, keys: str, act: Callable[[], None] | None = None
    ) -> QToolButton:
        button = named(QToolButton(), what, tip(what, keys))
        button.setText(text)
        if act is not None:
            button.clicked.connect(act)
        return button
