"""What the Check page shows before there is a photograph."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence, QResizeEvent
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.text import check
from vision.overlay.shapes import Layer


class CheckTools(QWidget):
    """Buttons, and a menu of layers."""

    open_wanted = pyqtSignal()
    camera_wanted = pyqtSignal()
    zoom_in_wanted = pyqtSignal()
    zoom_out_wanted = pyqtSignal()
    fit_wanted = pyqtSignal()
    #: The layers that are not drawn, a frozenset.
    hidden_layers_changed = pyqtSignal(object)

    def __init__(self, hidden_layers: frozenset[Layer], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open_button = QPushButton(self.tr("Open …"))
        self.open_button.setToolTip(tip(self.tr("Open another photograph"), "Ctrl+O"))
        self.open_button.clicked.connect(self.open_wanted)
        self.camera_button = QPushButton(self.tr("Camera"))
        self.camera_button.setToolTip(self.tr("Take a photograph with the camera"))
        self.camera_button.clicked.connect(self.camera_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        row.addWidget(self.open_button)
        row.addWidget(self.camera_button)
        row.addStretch(1)
        self.zoom_buttons = (
            self._tool("−", self.tr("Zoom out"), "Ctrl+-"),  # noqa: RUF001
            self._tool("+", self.tr("Zoom in"), "Ctrl++"),
            self._tool(self.tr("Fit"), self.tr("Show the whole picture"), "F"),
        )
        wanted = (self.zoom_out_wanted, self.zoom_in_wanted, self.fit_wanted)
        for button, signal in zip(self.zoom_buttons, wanted, strict=True):
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addWidget(self._layers(hidden_layers))

    @property
    def hidden_layers(self) -> frozenset[Layer]:
        """What is not drawn on the picture."""
        return frozenset(layer for layer, action in self.actions_by_layer if not action.isChecked())

    def toggle_all(self) -> None:
        """Draw nothing, or everything if something was left out."""
        show = bool(self.hidden_layers)
        for _, action in self.actions_by_layer:
            action.setChecked(show)
        self.hidden_layers_changed.emit(self.hidden_layers)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave out the zoom buttons where there is no room; wheel and keys zoom as well."""
        super().resizeEvent(event)
        buttons = (self.open_button, self.camera_button, *self.zoom_buttons, self.layers_button)
        needed_px = sum(button.sizeHint().width() + GAP_PX for button in buttons)
        for button in self.zoom_buttons:
            button.setVisible(self.width() >= needed_px)

    def _layers(self, hidden: frozenset[Layer]) -> QToolButton:
        names = (
            (Layer.TILT, self.tr("Tilt")),
            (Layer.HORIZONTAL, self.tr("Horizontal line")),
            (Layer.BELT, self.tr("Belt line")),
            (Layer.OUTLINE, self.tr("Outline of the body")),
            (Layer.LANDMARKS, self.tr("Joints")),
            (Layer.PLUMB, self.tr("Upright lines of the room")),
        )
        menu = QMenu(self)
        pairs = []
        for layer, name in names:
            action = QAction(name, menu)
            action.setCheckable(True)
            action.setChecked(layer not in hidden)
            action.triggered.connect(lambda _: self.hidden_layers_changed.emit(self.hidden_layers))
            menu.addAction(action)
            pairs.append((layer, action))
        self.actions_by_layer = tuple(pairs)
        menu.addSeparator()
        menu.addAction(self.tr("All or nothing (O)"), self.toggle_all)
        self.layers_button = self._tool(
            self.tr("Drawn lines"), self.tr("What is drawn on the picture; all or nothing:"), "O"
        )
        self.layers_button.setMenu(menu)
        self.layers_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        return self.layers_button

    def _tool(self, text: str, what: str, keys: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setAccessibleName(what)
        button.setToolTip(tip(what, keys))
        return button


def tip(text: str, keys: str) -> str:
    """Return a tooltip with its shortcut."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({shown})"


_WIDTH_PX = 620


class StartView(QScrollArea):
    """Says in three lines what to do, with the buttons for it."""

    open_wanted = pyqtSignal()
    camera_wanted = pyqtSignal()
    sample_wanted = pyqtSignal()

    def __init__(self, has_sample: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        set_kind(content, Kind.PAGE)
        middle = QHBoxLayout(content)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.addStretch(1)
        middle.addWidget(self._card(has_sample), 100, Qt.AlignmentFlag.AlignVCenter)
        middle.addStretch(1)
        self.setWidget(content)

    def show_problem(self, name: str, message: str, fix: str) -> None:
        """Say why nothing came of a photograph; empty texts say nothing."""
        self.problem.setText("\n".join(part for part in (name, f"{message} {fix}") if part))
        self.problem.setVisible(bool(message))
        self.ensureWidgetVisible(self.problem)

    def _card(self, has_sample: bool) -> QFrame:
        card = QFrame()
        card.setMaximumWidth(_WIDTH_PX)
        set_kind(card, Kind.CARD)
        column = QVBoxLayout(card)
        column.setContentsMargins(*(PAGE_MARGIN_PX + GAP_PX,) * 4)
        column.setSpacing(GROUP_GAP_PX)
        self.problem = _wrapped("", Kind.REFUSAL)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addWidget(_wrapped(check.START_TITLE, Kind.TITLE))
        column.addLayout(_steps())
        column.addLayout(self._buttons(has_sample))
        return card

    def _buttons(self, has_sample: bool) -> QGridLayout:
        self.open_button = QPushButton(self.tr("Open a photograph …"))
        set_kind(self.open_button, Kind.PRIMARY)
        self.open_button.setToolTip(_tip(self.tr("Choose a picture file"), "Ctrl+O"))
        self.open_button.clicked.connect(self.open_wanted)
        self.camera_button = QPushButton(self.tr("Take one with the camera"))
        self.camera_button.setToolTip(self.tr("With a countdown, so that you can step back"))
        self.camera_button.clicked.connect(self.camera_wanted)
        self.sample_button = QPushButton(self.tr("Try a sample"))
        self.sample_button.setToolTip(self.tr("A computer-made person, measured like a photograph"))
        self.sample_button.clicked.connect(self.sample_wanted)
        if not has_sample:
            self.sample_button.hide()
        row = QGridLayout()
        row.setHorizontalSpacing(GAP_PX)
        buttons = (self.open_button, self.camera_button, self.sample_button)
        for index, button in enumerate(buttons):
            row.addWidget(button, 0, index)
        row.setColumnStretch(len(buttons), 1)
        return row


def _steps() -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP_GAP_PX)
    grid.setVerticalSpacing(GAP_PX + GAP_PX // 2)
    grid.setColumnStretch(1, 1)
    for row, step in enumerate(check.START_STEPS):
        number = _wrapped(str(row + 1), Kind.HEADING)
        grid.addWidget(number, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_wrapped(step, Kind.BODY), row, 1)
    return grid


def _wrapped(text: str, kind: Kind) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_kind(label, kind)
    return label


def _tip(text: str, keys: str) -> str:
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return f"{text} ({shown})"
