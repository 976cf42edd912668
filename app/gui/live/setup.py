"""The set-up beside the live picture: what is done, with which camera, and what is heard."""

from __future__ import annotations

from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.gui.preferences import SIZES_PX, LivePreferences
from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.camera import CameraChoice
from app.gui.widgets.cards import say, words
from app.text import live
from vision.live.session import LiveKind

_WIDTH_PX = 286
_REPEATS_MAX = 5


class LiveSetup(QScrollArea):
    """Every choice takes effect at once; there is nothing to confirm."""

    #: The new :class:`LivePreferences`.
    changed = pyqtSignal(object)

    def __init__(self, preferences: LivePreferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.preferences = preferences
        self.setWidgetResizable(True)
        self.setFixedWidth(_WIDTH_PX)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Set-up"))
        content = QWidget()
        set_kind(content, Kind.PAGE)
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, 0, GAP_PX, 0)
        self._column.setSpacing(GAP_PX)
        self._add_kind()
        self._add_camera()
        self._add_place()
        self._add_switches()
        self._column.addStretch(1)
        self.setWidget(content)

    def show_level(self, sentence: str) -> None:
        """Say whether the camera is level."""
        if sentence != self.level.text():
            self.level.setText(sentence)

    def _add_kind(self) -> None:
        self._say(self.tr("What to do"), Kind.HEADING)
        self.check = QRadioButton(self.tr("Check"))
        self.check.setToolTip(self.tr("Measure the tilt of the pelvis"))
        self.squeeze = QRadioButton(self.tr("Squeeze test"))
        self.squeeze.setToolTip(
            self.tr("See how far the pelvis turns backward when you squeeze your buttocks")
        )
        group = QButtonGroup(self)
        row = QHBoxLayout()
        for button, kind in ((self.check, LiveKind.CHECK), (self.squeeze, LiveKind.SQUEEZE)):
            group.addButton(button)
            button.setChecked(self.preferences.kind is kind)
            row.addWidget(button)
        row.addStretch(1)
        group.buttonToggled.connect(lambda _, on: self._choose_kind() if on else None)
        self._column.addLayout(row)
        self.repeats = QComboBox()
        self.repeats.setAccessibleName(self.tr("Repeats"))
        self.repeats.setToolTip(self.tr("How often a check measures; more make it surer"))
        for count in range(1, _REPEATS_MAX + 1):
            text = self.tr("Measure once") if count == 1 else self.tr("Measure {count} times")
            self.repeats.addItem(text.format(count=count), count)
        self.repeats.setCurrentIndex(self.preferences.repeats - 1)
        self.repeats.activated.connect(lambda _: self._change(repeats=self.repeats.currentData()))
        self._column.addWidget(self.repeats)
        self.repeats.setVisible(self.preferences.kind is LiveKind.CHECK)

    def _add_camera(self) -> None:
        self._say(self.tr("Camera"), Kind.HEADING)
        self.camera = CameraChoice(self.preferences.address)
        self._column.addWidget(self.camera)
        self.size_choice = QComboBox()
        self.size_choice.setAccessibleName(self.tr("Resolution"))
        self.size_choice.setToolTip(
            self.tr("What a webcam is asked for; more shows the outline better, but is slower")
        )
        for name, (width, height) in SIZES_PX.items():
            self.size_choice.addItem(f"{width} by {height}", name)
        self.size_choice.setCurrentIndex(list(SIZES_PX).index(self.preferences.size))
        self.size_choice.activated.connect(
            lambda _: self._change(size=self.size_choice.currentData())
        )
        self._column.addWidget(self.size_choice)
        self.mirror = self._switch(
            self.tr("Mirror the picture"),
            self.tr("Only what you see: it is measured as the camera sees it"),
            "is_mirrored",
        )

    def _add_place(self) -> None:
        self._say(self.tr("Where it stands"), Kind.HEADING)
        for line in live.advice():
            self._say(f"• {line}", Kind.BODY)
        self.level = self._say(live.LEVEL_UNKNOWN, Kind.MUTED)

    def _add_switches(self) -> None:
        self._say(self.tr("Sound"), Kind.HEADING)
        self.voice = self._switch(self.tr("Voice"), self.tr("Instructions are spoken"), "has_voice")
        self.voice_note = self._say("", Kind.MUTED)
        self.tones = self._switch(
            self.tr("Tones"),
            self.tr("Tones mark the beginning and the end, and stand in for a voice"),
            "has_tones",
        )

    def show_voice(self, has_voice: bool) -> None:
        """Say so when the system has no voice."""
        self.voice.setEnabled(has_voice)
        say(self.voice_note, "" if has_voice else live.NO_VOICE)

    def choose_squeeze(self) -> None:
        """Have the squeeze test chosen."""
        self.squeeze.setChecked(True)

    def _choose_kind(self) -> None:
        kind = LiveKind.SQUEEZE if self.squeeze.isChecked() else LiveKind.CHECK
        self.repeats.setVisible(kind is LiveKind.CHECK)
        self._change(kind=kind)

    def _switch(self, text: str, tip: str, field: str) -> QCheckBox:
        box = QCheckBox(text)
        box.setToolTip(tip)
        box.setChecked(getattr(self.preferences, field))
        box.toggled.connect(lambda on: self._change(**{field: on}))
        self._column.addWidget(box)
        return box

    def _change(self, **changes: object) -> None:
        self.preferences = replace(self.preferences, **changes)  # type: ignore[arg-type]
        self.changed.emit(self.preferences)

    def _say(self, text: str, kind: Kind) -> QLabel:
        # Words that take the focus would take the keys that stop a check.
        label = words(text, kind, can_copy=False)
        self._column.addWidget(label)
        return label
