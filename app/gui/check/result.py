"""What came of a photograph: all that is said about it, and keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDate, QSignalBlocker, QStringListModel, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCompleter,
    QDateEdit,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from app.gui.check.measurement import told
from app.gui.style.dates import day_format
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, Kind, set_kind
from app.gui.widgets.cards import (
    Scroll,
    in_column,
    make_button,
    make_choice,
    named,
    say,
    tip,
    words,
)
from app.gui.widgets.disclosure import Disclosure
from app.gui.widgets.stance import DRAWN, MendDrawing
from app.gui.widgets.status import is_in_sight
from app.gui.widgets.tick_box import TickBox
from app.gui.widgets.tilt_dial import TiltDial
from app.history.records import Arms, Conditions, NewCheck
from app.text import check, measurement
from app.text.advice import advise
from app.text.calibration import since
from app.text.history import change_words
from app.text.measurement import describe_posture
from vision.result import Method

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    import numpy as np
    from numpy.typing import NDArray

    from app.gui.background.history import HistoryService, SavedCheck
    from app.history.comparison import Change
    from app.history.records import Repeat
    from app.text.advice import Advice, NextStep
    from vision.result import BonyPoints, Measured, Posture, Reason, Rejected

_TEXT_MAX = 500


class ResultPanel(Scroll):
    """A measurement in three lines and more for whoever asks, or a refusal without any number.

    Scrolls where it is too small.

    Parameters
    ----------
    shows_more
        Whether all there is to say is shown, as it was left.
    """

    #: Where a step leads: a value of :class:`app.text.advice.Target`.
    step_wanted = pyqtSignal(str)
    #: Somebody wants to see all there is to say about results, or no longer.
    more_toggled = pyqtSignal(bool)

    def __init__(self, shows_more: bool = False) -> None:
        super().__init__()
        self._shows_more = shows_more
        self._more: Disclosure | None = None
        self.setAccessibleName(self.tr("Result"))

    def show_waiting(self, name: str) -> None:
        """Say that a photograph is being measured."""
        self._begin()
        self._say(name, Kind.MUTED)
        self._say(self.tr("Measuring…"), Kind.HEADING)
        self._end()

    def show_measured(
        self, result: Measured, name: str, change: Change | None = None, is_compared: bool = False
    ) -> None:
        """Show the number and everything that belongs to it.

        Parameters
        ----------
        change
            Against the last check like this one, or None.
        is_compared
            Whether an earlier one was looked for, so that None means that there is none.
        """
        self._begin()
        number = check.number_words(result.tilt)
        self._say(f"{name}\n{number.caption}", Kind.MUTED)
        value = self._say(number.value, Kind.NUMBER)
        value.setAccessibleName(str(number))
        self._say(number.likely, Kind.HEADING)
        dial = TiltDial()
        dial.show_tilt(result.tilt)
        self._column.addWidget(dial)
        for reason in measurement.warnings(result):
            self._say(reason.message, Kind.WARNING)
        advice = advise(result, change)
        if is_compared:
            self._say(advice.change)
        self._add_step(advice.next_)
        self._tell_more(result, advice)
        self._end()

    def show_refused(self, result: Rejected, name: str) -> None:
        """Show what is wrong with the photograph and how to take it again; no number."""
        self._begin()
        self._say(name, Kind.MUTED)
        self._say(measurement.REFUSED_HEADLINE, Kind.HEADING)
        for reason in measurement.refusals(result):
            self._say(reason.message, Kind.REFUSAL)
            self._say(reason.fix)
        drawn = [one.code for one in measurement.refusals(result) if one.code in DRAWN]
        if drawn:
            self._column.addWidget(MendDrawing(drawn[0]))
        others = measurement.warnings(result)
        if others:
            self._begin_more(self.tr("More about this picture"))
            self._mend(others)
        self._end()

    def text(self) -> str:
        """Return all that is said, line by line, shown or not."""
        content = self.widget()
        labels = [] if content is None else content.findChildren(QLabel)
        return "\n".join(label.text() for label in labels)

    def _tell_more(self, result: Measured, advice: Advice) -> None:
        """Add what only those read who want to know more."""
        self._begin_more(self.tr("More about this result"))
        said = advice.next_.text
        self._mend(one for one in measurement.warnings(result) if one.fix not in said)
        self._say(self.tr("What this number is"), Kind.HEADING)
        self._say(" ".join(advice.is_))
        self._say(since(result.tilt.method, result.calibrated_at))
        self._say(self.tr("What it is not"), Kind.HEADING)
        self._say(" ".join(advice.is_not))
        for sentence in advice.posture:
            self._say(sentence)
        self._say(check.vertical_sentence(result.capture))
        for sentence in check.other_sentences(result):
            self._say(sentence)
        if result.tilt.method is not Method.BELT:
            self._say(check.belt_sentence(result))
        self._column.addSpacing(GAP_PX)
        self._say(self.tr("What else you can do"), Kind.HEADING)
        for step in advice.steps:
            self._add_step(step, is_linked=step.target is not advice.next_.target)
        self._column.addSpacing(GAP_PX)
        self._add_posture(result.posture)

    def _add_posture(self, posture: Posture) -> None:
        self._say(measurement.BODY_HEADING, Kind.HEADING)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GROUP_GAP_PX)
        grid.setVerticalSpacing(GAP_PX // 2)
        grid.setColumnStretch(1, 1)
        for row, (part, text) in enumerate(describe_posture(posture).items()):
            grid.addWidget(_label(part, Kind.MUTED), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(_label(text, Kind.BODY), row, 1)
        self._column.addLayout(grid)

    def _add_step(self, step: NextStep, is_linked: bool = True) -> None:
        self._say(step.text)
        link = "" if step.target is None else check.STEP_LINKS.get(step.target, "")
        if step.target is None or not link or not is_linked:
            return
        target = step.target.value
        button = make_button(link, act=lambda: self.step_wanted.emit(target))
        self._column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)

    def _begin(self) -> None:
        content = QWidget()
        content.setProperty("kind", Kind.PAGE.value)
        self._page = self._column = in_column(on=content, margins_px=(0, 0, GAP_PX, 0))
        self._next = content
        self._had_focus = self._more is not None and self._more.has_keys()
        self._more = None

    def _begin_more(self, about: str) -> None:
        """Have whatever is added next shown only to whoever asks for it."""
        self._more = Disclosure(about, self._shows_more)
        self._more.toggled.connect(self._remember_more)
        self._page.addWidget(self._more)
        self._column = self._more.column

    def _remember_more(self, is_wanted: bool) -> None:
        self._shows_more = is_wanted
        self.more_toggled.emit(is_wanted)

    def _end(self) -> None:
        self._page.addStretch(1)
        self.setWidget(self._next)
        if self._more is not None and self._had_focus:
            self._more.take_keys()
        bar = self.verticalScrollBar()
        if bar is not None:
            bar.setValue(0)

    def _say(self, text: str, kind: Kind = Kind.BODY) -> QLabel:
        """Add a sentence; an empty one takes no room."""
        label = _label(text, kind)
        if text:
            self._column.addWidget(label)
        return label

    def _mend(self, reasons: Iterable[Reason]) -> None:
        """Add what qualifies a number, each with what to do."""
        for reason in reasons:
            self._say(f"{reason.message} {reason.fix}")


@dataclass(frozen=True, slots=True, eq=False)
class SaveRequest:
    """A measurement that can be kept; see :class:`app.history.records.NewCheck`."""

    result: Measured
    taken_at: datetime
    size_px: tuple[int, int]
    suggested_points: BonyPoints | None
    rgb: NDArray[np.uint8]
    repeats: tuple[Repeat, ...] = ()


@dataclass(slots=True, eq=False)
class _KeptResult:
    """A result that was kept, or is being kept, for somebody; with a number once it is."""

    result: Measured
    profile_id: int
    conditions: Conditions
    check_id: int | None = None


class SaveBar(QFrame):
    """Fields and a button that keeps a measurement once for one person.

    What is typed after that changes the check that was kept.
    """

    #: The new check's number in the history.
    saved = pyqtSignal(int)
    status = pyqtSignal(str)
    keep_picture_changed = pyqtSignal(bool)

    def __init__(self, service: HistoryService, keep_picture: bool = True) -> None:
        super().__init__()
        self._service = service
        self._request: SaveRequest | None = None
        #: All of this sitting: results can be come back to.
        self._kept: list[_KeptResult] = []
        self._saving: Measured | None = None
        set_kind(self, Kind.CARD)
        self._make_fields(keep_picture)
        self._lay_out()
        self.refresh_people()

    def offer(self, request: SaveRequest | None) -> None:
        """Have this measurement ready to be kept; None hides the bar."""
        self.setVisible(request is not None)
        before = self._request
        if request is None or (before is not None and request.result is before.result):
            return
        self._change_kept()
        if before is None or request.rgb is not before.rgb:
            self.note.clear()
        self._request = request
        day = request.taken_at.astimezone().date()
        self.taken.setMaximumDate(QDate.currentDate())
        self.taken.setDate(QDate(day.year, day.month, day.day))
        kept = self._kept_now()
        if kept is not None:
            self._fill(kept.conditions)
        self._say("")
        self._update()

    def refresh_people(self) -> None:
        """Read the profiles and the clothes worn before anew."""
        with QSignalBlocker(self.person):
            self.person.clear()
            for profile in self._service.profiles():
                self.person.addItem(profile.name, profile.id)
            self.person.setCurrentIndex(self.person.findData(self._service.current_profile_id))
        self._worn_before.setStringList(list(self._service.garments()))
        self._update()

    def set_keep_picture(self, keep: bool) -> None:
        """Follow a choice made elsewhere."""
        with QSignalBlocker(self.keep_picture):
            self.keep_picture.setChecked(keep)

    def save(self) -> None:
        """Keep what is offered, or what was typed since it was kept for this person."""
        request, profile_id = self._request, self.person.currentData()
        if request is None or profile_id is None:
            return
        if self._kept_now() is not None:
            self._change_kept()
            return
        new = NewCheck(
            profile_id=profile_id,
            taken_at=self._taken_at(request),
            result=request.result,
            size_px=request.size_px,
            conditions=self.conditions(),
            suggested_points=request.suggested_points,
            rgb=request.rgb if self.keep_picture.isChecked() else None,
            repeats=request.repeats,
        )
        self._saving = request.result
        kept = _KeptResult(request.result, profile_id, new.conditions)
        self._kept.append(kept)
        self._say("")
        self._update()
        self._service.save(
            new,
            lambda saved: self._done(request, kept, saved),
            lambda error: self._failed(request, kept, error),
        )

    def know(self, result: Measured, profile_id: int, check_id: int | None) -> None:
        """Know under which number a result was kept elsewhere; None if it is not kept any more."""
        known = [one for one in self._kept if one.result is result and one.profile_id == profile_id]
        if check_id is None:
            self._kept = [one for one in self._kept if one not in known]
        elif not known:
            self._kept.append(_KeptResult(result, profile_id, Conditions(), check_id))
        self._update()

    def conditions(self) -> Conditions:
        """Return what the fields say."""
        return Conditions(
            garment=self.garment.text().strip(),
            arms=self.arms.currentData(),
            note=self.note.text().strip(),
        )

    def _make_fields(self, keep_picture: bool) -> None:
        # A long name must not make the whole column wider.
        whose = self.tr("Whose history this check belongs to")
        self.person = make_choice(self.tr("Person"), whose, letters=6)
        self.person.activated.connect(self._choose_person)
        wrong = self.tr("The day of the picture; correct it if the file is wrong")
        self.taken = named(QDateEdit(), self.tr("Taken"), wrong)
        self.taken.setCalendarPopup(True)
        self.taken.setDisplayFormat(day_format(self.taken.locale()))
        self.garment = _line(self.tr("Clothes"), self.tr("such as grey leggings"))
        self.garment.editingFinished.connect(self._change_kept)
        self._worn_before = QStringListModel(self)
        completer = QCompleter(self._worn_before, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.garment.setCompleter(completer)
        self.arms = make_choice(
            self.tr("Arms"),
            self.tr("Where the arms were: they shift the balance of the body"),
            [(self.tr("Not said"), None), *((check.ARMS_WORDS[arms], arms) for arms in Arms)],
            letters=6,
        )
        self.arms.activated.connect(self._change_kept)
        self.note = _line(self.tr("Note"), self.tr("anything to remember"))
        self.note.editingFinished.connect(self._change_kept)
        self.keep_picture = TickBox(self.tr("Keep a small copy of the picture"))
        self.keep_picture.setToolTip(self.tr("Without it only the numbers are kept"))
        self.keep_picture.setChecked(keep_picture)
        self.keep_picture.toggled.connect(self.keep_picture_changed)
        self.button = make_button("", is_main=True, act=self.save)
        self.outcome = words()

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_PX)
        grid.setVerticalSpacing(GAP_PX // 2)
        grid.setColumnStretch(1, 1)
        fields = self.person, self.taken, self.garment, self.arms, self.note
        for row, field in enumerate(fields):
            caption = QLabel(field.accessibleName())
            set_kind(caption, Kind.MUTED)
            caption.setBuddy(field)
            grid.addWidget(caption, row, 0)
            grid.addWidget(field, row, 1, 1, 2 if row else 1)
        grid.addWidget(self.button, 0, 2)
        margins_px = 12, 10, 12, 10
        parts = grid, self.keep_picture, self.outcome
        in_column(*parts, on=self, gap_px=GAP_PX // 2, margins_px=margins_px)

    def _choose_person(self) -> None:
        profile_id = self.person.currentData()
        if profile_id is not None:
            self._service.set_current_profile(profile_id)
        self._say("")
        self._update()

    def _done(self, request: SaveRequest, kept: _KeptResult, saved: SavedCheck) -> None:
        kept.check_id = saved.check_id
        if not self._shows(request, saved.change):
            self.status.emit(self.tr("Saved. {change}").format(change=saved.change).strip())
        self.saved.emit(saved.check_id)

    def _failed(self, request: SaveRequest, kept: _KeptResult, error: Exception) -> None:
        said = " ".join(told(error, check.NOT_KEPT))
        self._kept = [one for one in self._kept if one is not kept]
        if not self._shows(request, said, Kind.REFUSAL):
            self.status.emit(said)

    def _shows(self, request: SaveRequest, said: str, kind: Kind = Kind.BODY) -> bool:
        """Say what came of keeping, if it still belongs here; tell whether that can be seen."""
        if not self._ended(request):
            return False
        self._say(said, kind)
        self._update()
        return is_in_sight(self.button)

    def _ended(self, request: SaveRequest) -> bool:
        """Tell whether the bar still shows what was being kept."""
        if self._saving is request.result:
            self._saving = None
        return self._request is not None and self._request.result is request.result

    def _taken_at(self, request: SaveRequest) -> datetime:
        """Return when the picture was taken: on the day that stands there, else as it says."""
        taken, day = request.taken_at, self.taken.date().toPyDate()
        here = taken.astimezone()
        if day == here.date():
            return taken
        return here.replace(year=day.year, month=day.month, day=day.day, tzinfo=None).astimezone()

    def _kept_now(self) -> _KeptResult | None:
        """Return what was kept of the result at hand for the person chosen."""
        result = None if self._request is None else self._request.result
        whose = self.person.currentData()
        same = (one for one in self._kept if one.result is result and one.profile_id == whose)
        return next(same, None)

    def _fill(self, said: Conditions) -> None:
        self.garment.setText(said.garment)
        self.arms.setCurrentIndex(self.arms.findData(said.arms))
        self.note.setText(said.note)

    def _change_kept(self) -> None:
        """Write what was typed since the check was kept; Undo takes it back."""
        kept = self._kept_now()
        if kept is None or kept.check_id is None:
            return
        check_id, before, after = kept.check_id, kept.conditions, self.conditions()
        if after == before:
            return

        def show(said: Conditions) -> None:
            kept.conditions = said
            if kept is self._kept_now() and said != self.conditions():
                self._fill(said)

        self._service.changes.edit(
            change_words(before, after),
            before,
            after,
            show,
            lambda history, said: history.set_conditions(check_id, said),
        )

    def _say(self, text: str, kind: Kind = Kind.BODY) -> None:
        set_kind(self.outcome, kind)
        say(self.outcome, text)

    def _update(self) -> None:
        """Let the button and the fields say what can be done."""
        profile_id = self.person.currentData()
        result = None if self._request is None else self._request.result
        is_kept = self._kept_now() is not None
        can_save = result is not None and profile_id is not None
        settled_fields = self.button, self.keep_picture, self.taken
        if is_kept and any(field.hasFocus() for field in settled_fields):
            # Keys typed next belong to the check, not to whatever button comes after.
            self.note.setFocus()
        self.button.setEnabled(can_save and not is_kept)
        if is_kept:
            self.button.setText(self.tr("Saving…") if self._saving is result else self.tr("Saved"))
            self.button.setToolTip(self.tr("This check is in the history"))
        else:
            self.button.setText(self.tr("Save"))
            self.button.setToolTip(tip(self.tr("Keep this check"), "Ctrl+S"))
        for settled in (self.keep_picture, self.taken):
            settled.setEnabled(not is_kept)


def _label(text: str, kind: Kind) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse
        | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    # Reading goes by the panel's own scrolling; twenty stops of the Tab key would be too many.
    label.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    # Not set_kind(), which styles a widget anew: this one gets its style when it is shown.
    label.setProperty("kind", kind.value)
    return label


def _line(name: str, example: str) -> QLineEdit:
    line = QLineEdit()
    line.setMaxLength(_TEXT_MAX)
    line.setPlaceholderText(example)
    line.setAccessibleName(name)
    line.setAcceptDrops(False)  # a photograph dropped here is to be measured
    return line
