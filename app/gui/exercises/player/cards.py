"""What is chosen before a set: who counts, and where the camera stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.exercises import text__player_words as player_words
from app.gui.style.theme import GAP_PX, Kind
from app.gui.widgets.camera_picker import CameraChoice
from app.gui.widgets.cards import BODY, HUGE, LARGE, LiveCard, make_button

if TYPE_CHECKING:
    from app.gui.preferences import ExercisePreferences
    from vision.coach.events import CoachedExercise


#: Somebody on the floor need not get up for a set to be kept.
KEEP_AFTER_S = 8
#: Large enough for somebody who reaches up from the floor.
BUTTON_STYLE = "font-size: 13pt; min-height: 36px;"


class EndCard(LiveCard):
    """Says how many repetitions there were, and asks where there is something to ask."""

    #: How many repetitions are to be kept, and whether the person has said so.
    kept = pyqtSignal(int, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("End of the set"))
        self.title = self.add_words(HUGE, is_bold=True)
        self.count = self.add_words(LARGE)
        self.about = self.add_words(BODY)
        self._add_number()
        self.column.addStretch(1)
        self.soon = self.add_words(BODY, kind=Kind.MUTED, at_foot=True)
        self.keep = make_button("", self.tr("Put this set into your diary"), is_main=True)
        self.fewer = make_button(
            player_words.FEWER, self.tr("Say how many repetitions you have done")
        )
        self.go_on = make_button(player_words.GO_ON, self.tr("Go on with this set"))
        self.again = make_button(player_words.AGAIN, self.tr("Begin this set anew"), is_main=True)
        self.discard = make_button(player_words.DISCARD, self.tr("Do not keep this set"))
        self.back = make_button(player_words.BACK, self.tr("Leave this exercise"))
        self.add_buttons(*self._buttons())
        for button in self._buttons():
            button.setStyleSheet(BUTTON_STYLE)
        self.keep.clicked.connect(self._keep)
        self.fewer.clicked.connect(self._ask)
        self.number.valueChanged.connect(self._show_number)
        self._counted = self._left_s = 0
        self._seconds = QTimer(self)
        self._seconds.setInterval(1000)
        self._seconds.timeout.connect(self._count_down)

    def show_done(self, count: int, hold_s: float) -> None:
        """Say that a timer's set is over; it is kept by itself unless the person objects."""
        self._show(player_words.DONE, count, (self.keep, self.fewer, self.discard))
        self.about.say(player_words.HELD.format(seconds=f"{hold_s:g}") if hold_s else "")
        self._left_s = KEEP_AFTER_S
        self.soon.say(player_words.KEPT_SOON.format(seconds=self._left_s))
        self._seconds.start()
        self.keep.setFocus()

    def show_stopped(self, count: int) -> None:
        """Ask whether to keep what was counted before it was stopped."""
        if not count:
            self._show(player_words.STOPPED, None, (self.again, self.back))
            self.about.say(player_words.NOTHING_DONE)
            self.again.setFocus()
            return
        self._show(player_words.STOPPED, count, (self.keep, self.go_on, self.discard))
        self.about.say(player_words.KEEP_QUESTION)
        self.keep.setFocus()

    def show_kept(self, count: int) -> None:
        """Say that a set is over and kept."""
        self._show(player_words.DONE, count, ())
        self.about.say("")

    def leave(self) -> None:
        """Keep nothing by itself any more."""
        self._seconds.stop()

    def _add_number(self) -> None:
        self._row = QWidget()
        row = QHBoxLayout(self._row)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP_PX)
        label = QLabel(player_words.HOW_MANY)
        label.setStyleSheet("font-size: 14pt;")
        self.number = QSpinBox()
        self.number.setAccessibleName(player_words.HOW_MANY)
        self.number.setStyleSheet("font-size: 18pt; min-width: 56px; min-height: 40px;")
        # Its own arrows are too small for a hand that comes up from the floor.
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        label.setBuddy(self.number)
        self.less = make_button("-", self.tr("One fewer"))
        self.more = make_button("+", self.tr("One more"))
        for button, step in ((self.less, -1), (self.more, 1)):
            button.setStyleSheet("font-size: 18pt; min-width: 40px; min-height: 40px;")
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _, step=step: self.number.stepBy(step))
        for part in (label, self.less, self.number, self.more):
            row.addWidget(part)
        row.addStretch(1)
        self.column.addWidget(self._row)

    def _show(self, title: str, count: int | None, buttons: tuple[QWidget, ...]) -> None:
        self.leave()
        self._counted = count or 0
        self.title.say(title)
        self.count.say(player_words.repetitions(count) if count is not None else "")
        self.keep.setText(player_words.keep_repetitions(self._counted))
        self.keep.setEnabled(True)
        self.soon.say("")
        self._row.hide()
        for button in self._buttons():
            button.setVisible(button in buttons)

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.keep, self.again, self.fewer, self.go_on, self.discard, self.back

    def _count_down(self) -> None:
        self._left_s -= 1
        self.soon.say(player_words.KEPT_SOON.format(seconds=max(0, self._left_s)))
        if self._left_s <= 0:
            self._keep()

    def _ask(self) -> None:
        """Let the person say how many there were; nothing is kept by itself meanwhile."""
        self.leave()
        self.soon.say("")
        self.number.setRange(0, self._counted)
        self.number.setValue(self._counted)
        self.fewer.hide()
        self._row.show()
        self.number.setFocus()
        self.number.selectAll()

    def _show_number(self, count: int) -> None:
        self.keep.setText(player_words.keep_repetitions(count))
        self.keep.setEnabled(count > 0)

    def _keep(self) -> None:
        self.leave()
        is_said = not self._row.isHidden()
        count = self.number.value() if is_said else self._counted
        self.kept.emit(count, is_said and count != self._counted)


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
