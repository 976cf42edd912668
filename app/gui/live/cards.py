"""What stands before, beside and after a live check: the way it goes, its set-up, its result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QButtonGroup, QCheckBox, QComboBox, QLabel, QRadioButton, QWidget

from app.gui.preferences import SIZES_PX, LivePreferences
from app.gui.style.theme import GAP_PX, Kind, set_kind, set_style
from app.gui.widgets.camera import CameraChoice
from app.gui.widgets.cards import (
    BODY,
    HUGE,
    LARGE,
    LiveCard,
    Scroll,
    in_column,
    make_button,
    named,
    say,
    words,
)
from app.gui.widgets.disclosure import Disclosure
from app.gui.widgets.tilt_dial import TiltDial
from app.history.from_measurement import tilt_of
from app.text import check, live, range_test
from app.text.advice import Target, advise
from app.text.change import stance
from app.text.live import describe_check
from vision.live.session import LiveKind
from vision.result import Method

if TYPE_CHECKING:
    from vision.live.events import FinishedCheck
    from vision.result import TiltEstimate

_SETUP_WIDTH_PX = 286
_REPEATS_MAX = 5
#: The steps that are worth a sentence in large letters.
_SHOWN = frozenset({Target.CHECK, Target.EXERCISES})


class LiveIntro(LiveCard):
    """How it goes, and a button that begins."""

    start_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(live.INTRO_TITLE)
        self.add_words(LARGE, is_bold=True).say(live.INTRO_TITLE)
        for number, step in enumerate(live.INTRO_STEPS, start=1):
            self.add_words(BODY).say(f"{number}.  {step}")
        self.add_words(BODY, kind=Kind.MUTED).say(live.INTRO_PRIVACY)
        about = self.tr("Switch the camera on and begin")
        self.start = make_button(self.tr("Start"), about, True, self.start_wanted)
        set_style(self.start, "font-size: 16pt; min-width: 140px; min-height: 40px;")
        self.setFocusProxy(self.start)
        self.column.addSpacing(GAP_PX)
        self.add_buttons(self.start)
        self.column.addStretch(1)


class LiveSetup(Scroll):
    """Every choice takes effect at once; there is nothing to confirm."""

    #: The new :class:`LivePreferences`.
    changed = pyqtSignal(object)
    #: A range test is to be worked out from photographs.
    photographs_wanted = pyqtSignal()

    def __init__(self, preferences: LivePreferences) -> None:
        super().__init__()
        self.preferences = preferences
        self.setFixedWidth(_SETUP_WIDTH_PX)
        self.setAccessibleName(self.tr("Set-up"))
        content = QWidget()
        set_kind(content, Kind.PAGE)
        self._column = in_column(on=content, margins_px=(0, 0, GAP_PX, 0))
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
        self.range = QRadioButton(range_test.TITLE)
        self.range.setToolTip(
            self.tr("See how far you can turn the pelvis, and where you stand in between")
        )
        group = QButtonGroup(self)
        self._kinds = {
            LiveKind.CHECK: self.check,
            LiveKind.SQUEEZE: self.squeeze,
            LiveKind.RANGE: self.range,
        }
        for kind, button in self._kinds.items():
            group.addButton(button)
            button.setChecked(self.preferences.kind is kind)
            self._column.addWidget(button)
        group.buttonToggled.connect(lambda _, on: self._choose_kind() if on else None)
        self.photographs = make_button(
            self.tr("From three photographs…"),
            self.tr("Work out the range test from a picture of each position"),
            act=self.photographs_wanted,
        )
        self._column.addWidget(self.photographs)
        self.photographs.setVisible(self.preferences.kind is LiveKind.RANGE)
        about = self.tr("Measuring more often makes a check surer")
        self.repeats = named(QComboBox(), self.tr("Repeats"), about)
        for count in range(1, _REPEATS_MAX + 1):
            self.repeats.addItem(live.MEASURE.of(count), count)
        self.repeats.setCurrentIndex(self.preferences.repeats - 1)
        self.repeats.activated.connect(lambda _: self._change(repeats=self.repeats.currentData()))
        self._column.addWidget(self.repeats)
        self.repeats.setVisible(self.preferences.kind is LiveKind.CHECK)

    def _add_camera(self) -> None:
        self._say(self.tr("Camera"), Kind.HEADING)
        self.camera = CameraChoice(self.preferences.address)
        self._column.addWidget(self.camera)
        about = self.tr("More shows the outline better, but is slower")
        self.size_choice = named(QComboBox(), self.tr("Resolution"), about)
        for name, (width, height) in SIZES_PX.items():
            self.size_choice.addItem(f"{width} × {height}", name)  # noqa: RUF001
        self.size_choice.setCurrentIndex(list(SIZES_PX).index(self.preferences.size))
        self.size_choice.activated.connect(
            lambda _: self._change(size=self.size_choice.currentData())
        )
        self._column.addWidget(self.size_choice)
        self.mirror = self._switch(
            self.tr("Mirror the picture"),
            self.tr("This changes what you see, not what is measured"),
            "is_mirrored",
        )
        self.shows_last = self._switch(stance.SHOW, stance.SHOW_TIP, "shows_last")
        self.starts_itself = self._switch(
            self.tr("Start when this page opens"),
            self.tr("Otherwise the camera waits for Start each time"),
            "starts_itself",
        )

    def _add_place(self) -> None:
        self._say(self.tr("Where the camera stands"), Kind.HEADING)
        for line in live.ADVICE:
            self._say(f"• {line}", Kind.BODY)
        self.level = self._say(live.LEVEL_UNKNOWN, Kind.MUTED)

    def _add_switches(self) -> None:
        self._say(self.tr("Sound"), Kind.HEADING)
        self.voice = self._switch(self.tr("Voice"), self.tr("Instructions are spoken"), "has_voice")
        self.voice_note = self._say("", Kind.MUTED)
        self.tones = self._switch(
            self.tr("Tones"),
            self.tr("For the beginning and the end, and where there is no voice"),
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
        kind = next(kind for kind, button in self._kinds.items() if button.isChecked())
        self.repeats.setVisible(kind is LiveKind.CHECK)
        self.photographs.setVisible(kind is LiveKind.RANGE)
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


class LiveResult(LiveCard):
    """A number or a refusal, and what can be done with it."""

    #: Where a step leads; see :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)
    keep_wanted = pyqtSignal()
    discard_wanted = pyqtSignal()
    delete_wanted = pyqtSignal()
    calibrate_wanted = pyqtSignal()
    again_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._has_stickers = False
        self.setAccessibleName(self.tr("Result of the live check"))
        self.question = self.add_words(LARGE, is_bold=True)
        self.caption = self.add_words(BODY, kind=Kind.MUTED)
        self.value = self.add_words(HUGE, is_bold=True)
        self.likely = self.add_words(LARGE)
        self.dial = TiltDial()
        self.column.addWidget(self.dial)
        self.change, self.next = self.add_words(BODY), self.add_words(BODY)
        self._target: Target | None = None
        self.steps = make_button("", act=self._take_step)
        self.column.addWidget(self.steps, alignment=Qt.AlignmentFlag.AlignLeft)
        self.more = Disclosure(self.tr("More about this result"), is_open=False)
        self.column.addWidget(self.more)
        self.lines, self.meaning, self.others = (
            self.add_words(BODY, kind=kind, column=self.more.column)
            for kind in (Kind.BODY, Kind.MUTED, Kind.BODY)
        )
        self.outcome = self.add_words(BODY, is_bold=True, at_foot=True)
        self.column.addStretch(1)
        self.again = make_button(
            self.tr("Check again"), self.tr("Switch the camera on once more"), is_main=True
        )
        self.delete = make_button(self.tr("Delete"), self.tr("Remove this check from the history"))
        self.keep = make_button(
            self.tr("Keep"), self.tr("Save what was measured so far"), is_main=True
        )
        self.discard = make_button(self.tr("Discard"), self.tr("Save nothing"))
        self.calibrate = make_button(
            self.tr("Calibrate with this check"),
            self.tr("Learn from the stickers how your bones differ from your outline"),
            act=self.calibrate_wanted,
        )
        self.keep.clicked.connect(self.keep_wanted)
        self.discard.clicked.connect(self.discard_wanted)
        self.delete.clicked.connect(self.delete_wanted)
        self.again.clicked.connect(self.again_wanted)
        self.add_buttons(self.keep, self.discard, self.again, self.calibrate, self.delete)

    def show_check(self, finished: FinishedCheck, question: str = "") -> None:
        """Show a check; with a question, whether to keep it is up to the person."""
        said = describe_check(finished)
        tilt = tilt_of(finished)
        self.question.say(question)
        self.caption.say(said.caption)
        self.value.say(said.value)
        self.value.setAccessibleName(f"{said.caption} {said.value} {said.likely}".strip())
        self.likely.say(said.likely)
        lines = "\n".join(said.lines)
        self.lines.say(lines if tilt is not None else "")
        # Where there is no number, why stands in its place.
        self.change.say("" if tilt is not None else lines)
        self._show_advice(finished, tilt)
        self.dial.setVisible(tilt is not None)
        if tilt is not None:
            self.dial.show_tilt(tilt)
        is_open = bool(question)
        can_keep = is_open and tilt is not None
        self.keep.setVisible(can_keep)
        self.discard.setVisible(can_keep)
        self.again.setVisible(not can_keep)
        self.delete.hide()
        self.calibrate.hide()
        self._has_stickers = tilt is not None and tilt.method is Method.STICKERS
        self.outcome.say("")
        (self.keep if can_keep else self.again).setFocus()

    def _show_advice(self, finished: FinishedCheck, tilt: TiltEstimate | None) -> None:
        self._target = None
        self.more.setVisible(tilt is not None)
        if tilt is None:
            self.steps.hide()
            for label in (self.meaning, self.next, self.others):
                label.say("")
            return
        advice = advise(replace(finished.best.result, tilt=tilt))
        self.meaning.say(" ".join((*advice.is_, *advice.is_not, *advice.posture)))
        self.next.say(advice.next_.text)
        # A button leads to what the sentence above it says, and nowhere else.
        self._target = advice.next_.target
        link = check.STEP_LINKS.get(self._target, "") if self._target else ""
        self.steps.setText(link)
        self.steps.setVisible(bool(link) and self._target is not Target.LIVE)
        steps = (step.text for step in advice.steps if step.target in _SHOWN)
        self.others.say(" ".join(text for text in steps if text != advice.next_.text))

    def _take_step(self) -> None:
        if self._target is not None:
            self.step_wanted.emit(self._target.value)

    def show_saving(self) -> None:
        """Say that it is being kept."""
        self.question.say("")
        self.keep.hide()
        self.discard.hide()
        self.again.show()
        self.outcome.say(live.SAVING)
        self.again.setFocus()

    def show_kept(self, change: str) -> None:
        """Say that it is in the history, and how it differs from the one before."""
        self.outcome.say(live.SAVED)
        self.change.say(change)
        self.delete.show()
        self.calibrate.setVisible(self._has_stickers)

    def show_calibration(self, sentence: str, is_done: bool) -> None:
        """Say what calibrating with the check came to."""
        self.outcome.say(sentence)
        self.calibrate.setVisible(not is_done)

    def show_gone(self, sentence: str) -> None:
        """Say that it is not kept, or no longer."""
        self.question.say("")
        self.outcome.say(sentence)
        self.change.say("")
        for button in (self.keep, self.discard, self.delete, self.calibrate):
            button.hide()
        self.again.show()
        self.again.setFocus()

    def show_problem(self, sentence: str) -> None:
        """Say that keeping it failed; it can be tried again."""
        self.outcome.say(sentence)
        self.keep.show()
