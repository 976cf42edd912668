"""Cards to be read from the floor, before, between and after sets; and the button for pain."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)

from app.exercises import text
from app.exercises.routine import name_of
from app.gui.exercises.pictures import ExercisePicture, OwnPictures
from app.gui.style.theme import Kind, colours, scaled, set_style
from app.gui.widgets.camera import CameraChoice
from app.gui.widgets.cards import BODY, HUGE, LARGE, LiveCard, in_column, in_row, make_button
from app.text.language import texts
from app.text.languages.wording import inside, number_text
from vision.coach.events import FormFault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PyQt6.QtCore import pyqtBoundSignal
    from PyQt6.QtGui import QHideEvent, QShowEvent

    from app.exercises.sets import SetAtHand
    from app.exercises.today import Task, Training, Turn
    from app.gui.preferences import ExercisePreferences
    from app.history.diary import ExerciseSet

#: Somebody on the floor need not get up for a set to be kept.
KEEP_AFTER_S = 8
#: Large enough for somebody who reaches up from the floor.
BUTTON_STYLE = "font-size: 13pt; min-height: 36px;"
_SECOND_MS = 1000
_CHOICE_STYLE = "font-size: 13pt;"
_CAMERA_WIDTH_PX = 420
_PICTURE_PX = 240


class HurtsButton(QPushButton):
    """Always there, always the same, and large enough to be hit without looking closely."""

    def __init__(self) -> None:
        super().__init__(text.HURTS)
        self.setToolTip(self.tr("Stop at once (H)"))
        self.setAccessibleDescription(self.tr("Stops the exercise at once"))
        self._colour()

    def changeEvent(self, event: QEvent | None) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event is not None and event.type() is QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        now = colours()
        style = (
            f"QPushButton {{ color: {now.refusal}; background: {now.refusal_page}; "
            f"border: 2px solid {now.refusal}; font-size: 15pt; font-weight: 600; "
            "min-height: 44px; padding: 4px 20px; }"
            f"QPushButton:focus {{ border: 3px solid {now.text}; }}"
        )
        if scaled(style) != self.styleSheet():
            set_style(self, style)


class SetupCard(LiveCard):
    """The exercise, the choice between camera and timer, and a button that begins.

    Attributes
    ----------
    choice
        Which camera is used.
    """

    begin_wanted = pyqtSignal()
    left = pyqtSignal()
    #: Whether the camera is to count.
    camera_chosen = pyqtSignal(bool)
    #: Whether the picture is to be shown as in a mirror.
    mirror_chosen = pyqtSignal(bool)

    def __init__(self, preferences: ExercisePreferences) -> None:
        super().__init__()
        self.setAccessibleName(text.HOW_TO_COUNT)
        #: Those of the person's own exercises.
        self.pictures = OwnPictures()
        self.picture = ExercisePicture(_PICTURE_PX)
        self._can_coach = True
        self.camera, self.timer = QRadioButton(text.WITH_CAMERA), QRadioButton(text.WITH_TIMER)
        self.name = self.add_words(LARGE, is_bold=True)
        self.dose = self.add_words(BODY)
        self.how = self.add_words(BODY)
        self.column.addWidget(self.picture)
        group = QButtonGroup(self)
        for button, uses_camera in ((self.camera, True), (self.timer, False)):
            set_style(button, _CHOICE_STYLE)
            button.setChecked(preferences.uses_camera is uses_camera)
            group.addButton(button)
            self.column.addWidget(button)
        group.buttonToggled.connect(lambda _, on: self._choose() if on else None)
        self.about = self.add_words(BODY, kind=Kind.MUTED)
        self._place = self._make_place(preferences)
        self.column.addWidget(self._place)
        self.column.addStretch(1)
        self.begin = make_button(
            text.START, self.tr("Start this set after five seconds"), is_main=True
        )
        set_style(self.begin, "font-size: 16pt; min-width: 140px; min-height: 40px;")
        self.begin.clicked.connect(self.begin_wanted)
        self.back = make_button(text.BACK, self.tr("Leave this exercise (Esc)"), act=self.left)
        self.add_buttons(self.begin, self.back)

    @property
    def uses_camera(self) -> bool:
        """Whether a camera can count this exercise and is to."""
        return self._can_coach and self.camera.isChecked()

    def show_set(self, now: SetAtHand) -> None:
        """Show what is to be done."""
        self.name.say(now.title)
        self.dose.say(now.dose)
        self.how.say(now.planned.how)
        self.picture.show_planned(replace(now.planned, exercise=""), self.pictures)
        self._can_coach = now.exercise is not None
        for button in (self.camera, self.timer):
            button.setVisible(self._can_coach)
        places = text.CAMERA_PLACES[now.exercise] if now.exercise is not None else ()
        self.places.say("\n".join(f"• {place}" for place in places))
        self._show_choice()

    def take_focus(self) -> None:
        """Hand the keys to the button that begins."""
        self.begin.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make_place(self, preferences: ExercisePreferences) -> QWidget:
        heading = self.add_words(BODY, is_bold=True)
        heading.say(text.WHERE_CAMERA)
        self.places = self.add_words(BODY)
        self.choice = CameraChoice(preferences.address)
        self.choice.setMaximumWidth(_CAMERA_WIDTH_PX)
        self.mirror = QCheckBox(text.MIRROR)
        self.mirror.setToolTip(self.tr("Only what you see: it is counted in what the camera sees"))
        self.mirror.setChecked(preferences.is_mirrored)
        self.mirror.toggled.connect(self.mirror_chosen)
        place = QWidget()
        in_column(heading, self.places, self.choice, self.mirror, on=place)
        return place

    def _choose(self) -> None:
        self._show_choice()
        self.camera_chosen.emit(self.camera.isChecked())

    def _show_choice(self) -> None:
        self._place.setVisible(self.uses_camera)
        if not self._can_coach:
            self.about.say(text.NO_COUNTING)
        else:
            self.about.say(text.ABOUT_CAMERA if self.uses_camera else text.ABOUT_TIMER)


class EndCard(LiveCard):
    """Says how many repetitions there were, and asks where there is something to ask."""

    #: How many repetitions are to be kept, and whether the person has said so.
    kept = pyqtSignal(int, bool)
    go_on_wanted = pyqtSignal()
    again_wanted = pyqtSignal()
    #: The person leaves the exercise and keeps nothing of the set.
    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(self.tr("End of the set"))
        self._counted = self._left_s = 0
        self._seconds = QTimer(self)
        self._seconds.setInterval(_SECOND_MS)
        self._seconds.timeout.connect(self._count_down)
        self.title = self.add_words(HUGE, is_bold=True)
        self.count = self.add_words(LARGE)
        self.about = self.add_words(BODY)
        self._row = self._make_row()
        self.column.addWidget(self._row)
        self.column.addStretch(1)
        self.soon = self.add_words(BODY, kind=Kind.MUTED, at_foot=True)
        self.keep = make_button("", self.tr("Put this set into your diary"), is_main=True)
        self.again = make_button(text.AGAIN, self.tr("Start this set again"), is_main=True)
        self.fewer = make_button(text.FEWER, self.tr("Say how many repetitions you have done"))
        self.go_on = make_button(text.CONTINUE, self.tr("Go on with this set"))
        self.discard = make_button(text.DISCARD, self.tr("Do not keep this set"), act=self.left)
        self.back = make_button(text.BACK, self.tr("Leave this exercise"), act=self.left)
        self._buttons = self.keep, self.again, self.fewer, self.go_on, self.discard, self.back
        self.add_buttons(*self._buttons)
        for button in self._buttons:
            set_style(button, BUTTON_STYLE)
        self.keep.clicked.connect(lambda _: self._keep())
        self.again.clicked.connect(self.again_wanted)
        self.fewer.clicked.connect(lambda _: self._ask())
        self.go_on.clicked.connect(self.go_on_wanted)

    def show_done(self, count: int, hold_s: float) -> None:
        """Say that a timer's set is over; it is kept by itself unless the person objects."""
        self._show(text.DONE, count, (self.keep, self.fewer, self.discard))
        self.about.say(text.HELD.format(seconds=number_text(hold_s)) if hold_s else "")
        self._left_s = KEEP_AFTER_S
        self.soon.say(text.KEPT_SOON.format(seconds=self._left_s))
        self._seconds.start()
        self.keep.setFocus()

    def show_stopped(self, count: int) -> None:
        """Ask whether to keep what was counted before it was stopped."""
        if count:
            self._show(text.STOPPED, count, (self.keep, self.go_on, self.discard))
        else:
            self._show(text.STOPPED, None, (self.again, self.back))
        self.about.say(text.KEEP_QUESTION if count else text.NOTHING_DONE)
        (self.keep if count else self.again).setFocus()

    def show_kept(self, count: int) -> None:
        """Say that a set is over and kept."""
        self._show(text.DONE, count, ())
        self.about.say("")

    def leave(self) -> None:
        """Keep nothing by itself any more."""
        self._seconds.stop()

    def _make_row(self) -> QWidget:
        """Return what takes another number than the one that was counted."""
        label = QLabel(text.HOW_MANY)
        set_style(label, "font-size: 14pt;")
        self.number = QSpinBox()
        self.number.setAccessibleName(text.HOW_MANY)
        set_style(self.number, "font-size: 18pt; min-width: 56px; min-height: 40px;")
        # Its own arrows are too small for a hand that comes up from the floor.
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.number.valueChanged.connect(self._show_number)
        label.setBuddy(self.number)
        self.less = make_button("-", self.tr("One fewer"))
        self.more = make_button("+", self.tr("One more"))
        for button, step in ((self.less, -1), (self.more, 1)):
            set_style(button, "font-size: 18pt; min-width: 40px; min-height: 40px;")
            button.setAccessibleName(button.toolTip())
            button.clicked.connect(lambda _, step=step: self.number.stepBy(step))
        row = QWidget()
        in_row(label, self.less, self.number, self.more, 1, on=row)
        return row

    def _show(self, title: str, count: int | None, buttons: tuple[QPushButton, ...]) -> None:
        self.leave()
        self._counted = count or 0
        self.title.say(title)
        self.count.say(text.repetitions(count) if count is not None else "")
        self.keep.setText(text.keep_repetitions(self._counted))
        self.keep.setEnabled(True)
        self.soon.say("")
        self._row.hide()
        for button in self._buttons:
            button.setVisible(button in buttons)

    def _count_down(self) -> None:
        self._left_s -= 1
        self.soon.say(text.KEPT_SOON.format(seconds=max(0, self._left_s)))
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
        self.keep.setText(text.keep_repetitions(count))
        self.keep.setEnabled(count > 0)

    def _keep(self) -> None:
        self.leave()
        is_said = not self._row.isHidden()
        count = self.number.value() if is_said else self._counted
        self.kept.emit(count, is_said and count != self._counted)


class RestCard(LiveCard):
    """Counts the seconds until the next set; only while it is in sight."""

    #: The next set is to begin.
    over = pyqtSignal()
    #: Somebody has done enough for now.
    stopped = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(text.REST)
        self._left_s = 0
        self._clock = QTimer(self)
        self._clock.setInterval(_SECOND_MS)
        self._clock.timeout.connect(self._tick)
        self.title = self.add_words(LARGE, is_bold=True)
        self.count = self.add_words(HUGE, is_bold=True)
        self.next = self.add_words(LARGE)
        self.last = self.add_words(BODY, kind=Kind.MUTED)
        self.column.addStretch(1)
        self.now = make_button(text.SKIP_REST, "", True, lambda _: self._end(self.over))
        self.wait = make_button(text.WAIT)
        self.wait.setCheckable(True)
        self.wait.toggled.connect(self._wait)
        self.stop = make_button(text.STOP_HERE, act=lambda _: self._end(self.stopped))
        self.add_buttons(self.now, self.wait, self.stop)

    def begin(self, rest_s: float, done: ExerciseSet, turn: Turn) -> None:
        """Rest for so long between a set and the one whose turn it is."""
        self._left_s = max(1, round(rest_s))
        changes = turn.side and turn.side != done.side
        self.title.say(text.CHANGE_SIDES if changes else text.REST)
        self.next.say(text.next_set(turn))
        self.last.say(text.set_line(done))
        self.wait.setChecked(False)
        self._show()
        self._run()

    def take_focus(self) -> None:
        """Hand the keys to the button that begins at once."""
        self.now.setFocus()

    def halt(self) -> None:
        """Stop counting."""
        self._clock.stop()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Count on."""
        super().showEvent(event)
        self._run()

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Begin no set that nobody sees."""
        super().hideEvent(event)
        self._clock.stop()

    def _run(self) -> None:
        if self.isVisible() and self._left_s > 0 and not self.wait.isChecked():
            self._clock.start()

    def _tick(self) -> None:
        self._left_s -= 1
        self._show()
        if self._left_s <= 0:
            self._end(self.over)

    def _show(self) -> None:
        is_waiting = self.wait.isChecked()
        self.count.say(text.WAITING if is_waiting else text.REST_OVER.format(seconds=self._left_s))

    def _wait(self, is_waiting: bool) -> None:
        self._clock.stop()
        self.wait.setText(text.GO_ON if is_waiting else text.WAIT)
        self._show()
        if not is_waiting:
            self._run()

    def _end(self, how: pyqtBoundSignal) -> None:
        self._clock.stop()
        self._left_s = 0
        how.emit()


class SummaryCard(LiveCard):
    """What was done of an exercise, and what comes next."""

    next_wanted = pyqtSignal()
    closed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(text.SUMMARY_TITLE)
        self.title = self.add_words(LARGE, is_bold=True)
        self.sets = self.add_words(BODY)
        self.faults = self.add_words(BODY, kind=Kind.MUTED)
        self.left = self.add_words(BODY)
        self.column.addStretch(1)
        self.next = make_button("", is_main=True, act=self.next_wanted)
        self.next.hide()
        self.back = make_button(text.BACK_TO_TODAY, act=self.closed)
        self.add_buttons(self.next, self.back)

    def show_training(self, training: Training, following: Task | None) -> None:
        """Show what was done of an exercise, and offer the one that follows, if any does."""
        task, left = training.task, training.left
        self.title.say(f"{name_of(task.planned)}: {inside(text.SUMMARY_TITLE)}")
        self.sets.say("\n".join(text.set_line(one) for one in training.done))
        self.faults.say(_faults(training.done))
        self.left.say(text.SUMMARY_LEFT.format(left=left, wanted=task.wanted) if left else "")
        if following is not None:
            self.next.setText(text.NEXT_EXERCISE.format(name=name_of(following.planned)))
        self.next.setVisible(following is not None)

    def take_focus(self) -> None:
        """Hand the keys to what comes next."""
        (self.next if self.next.isVisibleTo(self) else self.back).setFocus()


def _faults(done: Sequence[ExerciseSet]) -> str:
    """Say which form faults were seen how often, most often first."""
    counts: Counter[str] = Counter()
    for one in done:
        counts.update(one.faults)
    lines = [
        f"\N{BULLET} {text.times(texts().coach.faults[FormFault(value)].shown, count)}"
        for value, count in counts.most_common()
        if count and value in set(FormFault)
    ]
    return "\n".join([text.SAID_WHILE_COUNTING, *lines]) if lines else ""
