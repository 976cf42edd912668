"""What is chosen before a set: who counts, and where the camera stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from app.exercises import text__player_words as player_words
from app.gui.style.theme import GAP_PX, Kind
from app.gui.widgets.camera_picker import CameraChoice
from app.gui.widgets.cards__live_card import BODY, LARGE, LiveCard, make_button

if TYPE_CHECKING:
    from app.gui.preferences__exercise_preferences import ExercisePreferences
    from vision.coach.events import CoachedExercise

_CHOICE_STYLE = "font-size: 13pt;"
_CAMERA_WIDTH_PX = 420


class SetupCard(LiveCard):
    """The exercise, the choice between camera and timer, and a button that begins.

    Attributes
    ----------
    can_coach
        Whether a camera can count this exercise.
    """

    #: Whether the camera is to count.
    camera_chosen = pyqtSignal(bool)
    #: Whether the picture is to be shown as in a mirror.
    mirror_chosen = pyqtSignal(bool)

    def __init__(self, preferences: ExercisePreferences, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(player_words.HOW_TO_COUNT)
        self.can_coach = True
        self.camera = QRadioButton(player_words.WITH_CAMERA)
        self.timer = QRadioButton(player_words.WITH_TIMER)
        self.name = self.add_words(LARGE, is_bold=True)
        self.dose = self.add_words(BODY)
        self._add_choice(preferences)
        self.about = self.add_words(BODY, kind=Kind.MUTED)
        self._add_place(preferences)
        self.column.addStretch(1)
        self.begin = make_button(
            player_words.BEGIN, self.tr("Begin this set after five seconds"), is_main=True
        )
        self.begin.setStyleSheet("font-size: 16pt; min-width: 140px; min-height: 40px;")
        self.back = make_button(player_words.BACK, self.tr("Leave this exercise (Esc)"))
        self.add_buttons(self.begin, self.back)

    def show_exercise(self, name: str, dose: str, exercise: CoachedExercise | None) -> None:
        """Show what is to be done.

        Parameters
        ----------
        exercise
            What the camera can count of it; None when there is nothing to choose.
        """
        self.name.say(name)
        self.dose.say(dose)
        for button in (self.camera, self.timer):
            button.setVisible(exercise is not None)
        places = player_words.camera_places(exercise) if exercise is not None else ()
        self.places.say("\n".join(f"• {place}" for place in places))
        self.can_coach = exercise is not None
        self._show_choice()

    def _add_choice(self, preferences: ExercisePreferences) -> None:
        group = QButtonGroup(self)
        for button, uses_camera in ((self.camera, True), (self.timer, False)):
            button.setStyleSheet(_CHOICE_STYLE)
            button.setChecked(preferences.uses_camera is uses_camera)
            group.addButton(button)
            self.column.addWidget(button)
        group.buttonToggled.connect(lambda _, on: self._choose() if on else None)

    def _add_place(self, preferences: ExercisePreferences) -> None:
        self._place = QWidget()
        column = QVBoxLayout(self._place)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_PX)
        heading = self.add_words(BODY, is_bold=True)
        heading.say(player_words.WHERE_CAMERA)
        self.places = self.add_words(BODY)
        self.choice = CameraChoice(preferences.address)
        self.choice.setMaximumWidth(_CAMERA_WIDTH_PX)
        self.mirror = QCheckBox(player_words.MIRROR)
        self.mirror.setToolTip(self.tr("Only what you see: it is counted in what the camera sees"))
        self.mirror.setChecked(preferences.is_mirrored)
        self.mirror.toggled.connect(self.mirror_chosen)
        for part in (heading, self.places, self.choice, self.mirror):
            column.addWidget(part)
        self.column.addWidget(self._place)

    def _choose(self) -> None:
        self._show_choice()
        self.camera_chosen.emit(self.camera.isChecked())

    def _show_choice(self) -> None:
        uses_camera = self.can_coach and self.camera.isChecked()
        self._place.setVisible(uses_camera)
        if not self.can_coach:
            self.about.say(player_words.NO_COUNTING)
        elif uses_camera:
            self.about.say(player_words.ABOUT_CAMERA)
        else:
            self.about.say(player_words.ABOUT_TIMER)
