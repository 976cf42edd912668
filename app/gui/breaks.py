"""The Sit less page, and a bar for desktops without a tray."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QSignalBlocker, Qt, QTime, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QLabel,
    QPushButton,
    QSpinBox,
    QWidget,
)

from app.breaks.preferences import BREAK_MIN_LIMITS, INTERVAL_MIN_LIMITS
from app.breaks.protocol import Order, Wanted
from app.gui.style.dates import time_and_other_day, time_of_day
from app.gui.style.theme import Kind, set_kind
from app.gui.widgets.cards import (
    Card,
    PlainPage,
    button_row,
    flow,
    in_row,
    make_button,
    named,
    say,
    words,
)
from app.gui.widgets.status import sentence_of
from app.gui.widgets.tick_box import TickBox
from app.history.diary import Break, BreakKind, Entry, EntryKind
from app.system.desktop import autostart
from app.text import breaks as text

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QHideEvent, QShowEvent, QWheelEvent
    from PyQt6.QtWidgets import QLayout

    from app.breaks.preferences import ReminderPreferences
    from app.breaks.protocol import ReminderState
    from app.gui.background.jobs import Jobs
    from app.gui.background.reminder import ReminderLink
    from app.history.store import History

SNOOZE_MIN = 10
_ONE_HOUR_MIN, _TWO_HOURS_MIN = 60, 120
_TODAY, _NOTE, _SESSION = "sit less today", "sit less break", "sit less session"
#: Midnight, and breaks that were noticed, come without anybody pressing a button.
_LOOK_AGAIN_MS = 60_000
_USUAL_MIN, _EVERY_STEP_MIN = (30, 60, 120), 5
_STEP_MIN, _DAY_MIN = 30, 24 * 60
_TIME = "HH:mm"
#: Where nobody chose other quiet hours.
_NIGHT = ("22:00", "07:00")


@dataclass(frozen=True, slots=True)
class Session:
    """What makes the reminder start with the session; the system's own unless a test brings it.

    Attributes
    ----------
    is_on
        Tells whether it does.
    turn
        Has it start, or no longer; raises an error with one sentence where that fails.
    """

    is_on: Callable[[], bool] = autostart.is_on
    turn: Callable[[bool], None] = lambda on: (autostart.turn_on if on else autostart.turn_off)()


class SitLessPage(PlainPage):
    """Everything about breaks; every choice takes effect at once.

    Parameters
    ----------
    link
        To the reminder, which runs as a process of its own.
    preferences
        As they were kept.
    jobs, open_history
        Today's breaks are read and noted with these.
    session
        Starts the reminder with the session.
    """

    status = pyqtSignal(str)
    #: What was chosen, a :class:`~app.breaks.preferences.ReminderPreferences`, to be kept.
    preferences_changed = pyqtSignal(object)

    def __init__(
        self,
        link: ReminderLink,
        preferences: ReminderPreferences,
        jobs: Jobs,
        open_history: Callable[[], History],
        session: Session | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(text.TITLE, parent)
        self._link, self._jobs, self._open = link, jobs, open_history
        self._session = session if session is not None else Session()
        self._state: ReminderState | None = None
        self._profile_id: int | None = None
        self._errors: dict[str, str] = {}
        self.choices = ChoicesCard(preferences)
        self.now = NowCard(self.choices.switch)
        self.error = words(kind=Kind.WARNING)
        self.add(self.error, self.now, self.choices, words(text.INTRO), _hints())
        self._connect()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self.refresh)
        self._show_state()

    def set_profile(self, profile_id: int) -> None:
        """Show another person's breaks."""
        if profile_id == self._profile_id:
            return
        self._profile_id = profile_id
        self.now.show_today(())
        self.refresh()

    def refresh(self) -> None:
        """Read today's breaks anew."""
        profile_id = self._profile_id
        if profile_id is None:
            return
        today = datetime.now().astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        # Midnight may lie on the other side of a change of the clock.
        since = today.replace(tzinfo=None).astimezone()
        self._jobs.start(
            _TODAY,
            lambda: self._open().entries(profile_id, EntryKind.BREAK, since=since),
            self._show_today,
            self._today_failed,
        )

    def show_state(self, state: ReminderState | None) -> None:
        """Follow the reminder; None where it is not to be reached."""
        had_due = self._state is not None and self._state.is_due
        self._state = state
        self._show_state()
        if had_due and state is not None and not state.is_due:
            self.refresh()

    def show_preferences(self, preferences: ReminderPreferences) -> None:
        """Show what was chosen elsewhere, such as in the tray."""
        self.choices.show_preferences(preferences)
        self._show_state()

    def show_error(self, sentence: str, about: str = "") -> None:
        """Say what went wrong; an empty text takes back what was said about the same."""
        self._errors[about] = sentence
        say(self.error, " ".join(filter(None, self._errors.values())))

    def showEvent(self, event: QShowEvent | None) -> None:
        """Keep today's breaks up to date while they can be seen."""
        super().showEvent(event)
        self._timer.start()
        self.refresh()
        self._jobs.start(_SESSION, self._session.is_on, self.choices.show_session, lambda _: None)

    def hideEvent(self, event: QHideEvent | None) -> None:
        """Rest while nobody looks."""
        super().hideEvent(event)
        self._timer.stop()

    def _connect(self) -> None:
        self._link.state_changed.connect(self.show_state)
        self.now.wanted.connect(self._ask)
        self.choices.changed.connect(self._changed)
        self.choices.session_wanted.connect(self._turn_session)

    def _show_state(self) -> None:
        is_on = self.choices.preferences.is_on
        self.now.show_state(self._state, is_on=is_on)
        self.choices.setVisible(is_on)

    def _changed(self, preferences: ReminderPreferences) -> None:
        if preferences.is_on:
            self._link.connect_or_start()
        self._link.send_preferences(preferences)
        self._show_state()
        self.preferences_changed.emit(preferences)

    def _ask(self, wanted: Wanted) -> None:
        """Ask the reminder, which counts anew after a break; without it a break is noted here."""
        has_reminder = self.choices.preferences.is_on and self._state is not None
        if has_reminder or wanted.order is not Order.TOOK_BREAK:
            self._link.send(wanted)
        elif self._profile_id is not None:
            self._note_break(self._profile_id)

    def _note_break(self, profile_id: int) -> None:
        now = datetime.now().astimezone()
        self._jobs.start(
            _NOTE,
            lambda: self._open().note(profile_id, now, Break(BreakKind.TAKEN)),
            lambda _: self.refresh(),
            self._today_failed,
            in_order=True,
        )

    def _turn_session(self, on: bool) -> None:
        def done(_: None) -> None:
            self.show_error("", _SESSION)
            self.choices.change(starts_with_session=on)

        def failed(error: Exception) -> None:
            self.choices.show_session(not on)
            why = sentence_of(error)
            self.show_error(text.SESSION_FAILED.format(why=why), _SESSION)

        self._jobs.start(_SESSION, lambda: self._session.turn(on), done, failed, in_order=True)

    def _show_today(self, breaks: list[Entry]) -> None:
        self.show_error("", _TODAY)
        self.now.show_today(breaks)

    def _today_failed(self, error: Exception) -> None:
        why = sentence_of(error)
        self.show_error(text.BREAKS_UNREAD.format(why=why), _TODAY)


class NowCard(Card):
    """The switch, when the next reminder comes, and buttons for a break and for pauses.

    What cannot be done just now is not there.

    Parameters
    ----------
    switch
        Turns reminders on and off; stands first.
    """

    #: A :class:`~app.breaks.protocol.Wanted`.
    wanted = pyqtSignal(object)

    def __init__(self, switch: QCheckBox, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName(text.NOW)
        set_kind(switch, Kind.HEADING)
        self.state, self.suggestion = words(), words()
        self.today, self.limits = words(), words(kind=Kind.MUTED)
        self._posture = Order.STAND
        self.add(switch, self.state, self.suggestion)
        self.add(*self._buttons(), self.today, self.limits)
        self.show_state(None, is_on=False)

    def _buttons(self) -> Sequence[QLayout]:
        one, two, help_ = _ONE_HOUR_MIN, _TWO_HOURS_MIN, text.PAUSE_TOMORROW_HELP
        self.take = self._button(text.TAKE_BREAK, text.TAKE_BREAK_HELP, Order.TOOK_BREAK)
        set_kind(self.take, Kind.PRIMARY)
        self.posture = make_button(
            text.STAND, text.STAND_HELP, act=lambda _: self.wanted.emit(Wanted(self._posture))
        )
        self.snooze = self._button(text.SNOOZE, text.SNOOZE_HELP, Order.SNOOZE, SNOOZE_MIN)
        self.pause_one = self._button(text.PAUSE_ONE, text.PAUSE_HELP, Order.PAUSE, one)
        self.pause_two = self._button(text.PAUSE_TWO, text.PAUSE_HELP, Order.PAUSE, two)
        self.tomorrow = self._button(text.PAUSE_TOMORROW, help_, Order.PAUSE_UNTIL_TOMORROW)
        self.resume = self._button(text.RESUME, text.RESUME_HELP, Order.RESUME)
        self._pauses = self.pause_one, self.pause_two, self.tomorrow
        first = button_row(self.take, self.posture, self.snooze, self.resume)
        return first, button_row(*self._pauses)

    def _button(self, name: str, help_: str, order: Order, minutes: int = 0) -> QPushButton:
        wanted = Wanted(order, minutes)
        button = make_button(name, help_, act=lambda _: self.wanted.emit(wanted))
        button.setAccessibleDescription(help_)
        return button

    def show_state(self, state: ReminderState | None, *, is_on: bool) -> None:
        """Show how the reminder stands.

        Parameters
        ----------
        state
            None while it has not answered.
        is_on
            Whether the person wants it.
        """
        answers = is_on and state is not None
        is_due = is_on and state is not None and state.is_due
        say(self.state, self._standing(state, is_on))
        what = state.suggestion if state is not None and is_due else ""
        because = state.silence if state is not None and is_due else ""
        what = text.SUGGESTED.format(what=what) if what else ""
        say(self.suggestion, f"{what} {because}".strip())
        say(self.limits, _limits(state) if state is not None and is_on else "")
        is_paused = state is not None and state.paused_until is not None
        for button in self._pauses:
            button.setVisible(answers and not is_paused)
        self._show_posture(state if answers else None)
        self.snooze.setVisible(is_due)
        self.resume.setVisible(is_on and is_paused)

    def show_today(self, breaks: Sequence[Entry]) -> None:
        """Say which breaks were noted today, oldest first, and how long somebody stood."""
        noted = [(entry.at, entry.content) for entry in breaks if isinstance(entry.content, Break)]
        stood_min = sum(one.minutes for _, one in noted if one.how is BreakKind.STOOD)
        hows = [one.how for _, one in noted if one.how is not BreakKind.STOOD]
        ends = [at for at, one in noted if one.how is not BreakKind.STOOD]
        last = time_of_day(self.locale(), ends[-1]) if ends else ""
        away = hows.count(BreakKind.AWAY)
        say(self.today, text.today_text(len(hows), away, last, stood_min))

    def _show_posture(self, state: ReminderState | None) -> None:
        """Offer the other posture, to whoever has a desk to stand at."""
        is_standing = state is not None and state.is_standing
        self._posture = Order.SIT if is_standing else Order.STAND
        name, help_ = (text.SIT, text.SIT_HELP) if is_standing else (text.STAND, text.STAND_HELP)
        self.posture.setText(name)
        self.posture.setToolTip(help_)
        self.posture.setAccessibleDescription(help_)
        self.posture.setVisible(state is not None and state.can_stand)

    def _standing(self, state: ReminderState | None, is_on: bool) -> str:
        if not is_on:
            return text.OFF
        if state is None:
            return text.STARTING
        if state.paused_until is not None:
            until = time_and_other_day(self.locale(), state.paused_until)
            return text.PAUSED.format(until=until)
        if state.is_due:
            return text.due_text(is_standing=state.is_standing)
        return state.silence or text.next_text(state.next_in_min, is_standing=state.is_standing)


class ChoicesCard(Card):
    """Switch, interval, quiet hours and days, sound, start with the session.

    The switch is made here, and laid out by whoever shows it.

    Parameters
    ----------
    preferences
        As they are; kept up to date.
    """

    #: The preferences as they are now.
    changed = pyqtSignal(object)
    #: Whether the reminder shall start with the session.
    session_wanted = pyqtSignal(bool)

    def __init__(self, preferences: ReminderPreferences, parent: QWidget | None = None) -> None:
        super().__init__(text.CHOICES, parent=parent)
        self.preferences = preferences
        self._quiet = _NIGHT
        self.switch = QCheckBox(text.SWITCH)
        self.has_quiet = TickBox(text.QUIET)
        self.sound = TickBox(text.SOUND)
        self.calm = TickBox(text.CALM)
        self.session = TickBox(text.SESSION)
        self.every = _Minutes(text.EVERY, INTERVAL_MIN_LIMITS)
        self.break_for = _Minutes(text.BREAK_FOR, BREAK_MIN_LIMITS, step_min=1)
        self.can_stand = TickBox(text.CAN_STAND)
        self.standing = _Minutes(text.STANDING_FOR, INTERVAL_MIN_LIMITS)
        self.quiet_from = named(QComboBox(), text.QUIET_FROM_NAME, "")
        self.quiet_to = named(QComboBox(), text.QUIET_TO_NAME, "")
        self.usual = [self._usual_button(minutes) for minutes in _USUAL_MIN]
        names = [self.locale().standaloneDayName(day) for day in range(1, 8)]
        self.days = [QCheckBox(name) for name in names]
        self._lay_out()
        self.show_preferences(preferences)
        self._connect()

    def show_preferences(self, preferences: ReminderPreferences) -> None:
        """Show these, without telling anybody of a change."""
        self.preferences = preferences
        blockers = [QSignalBlocker(part) for part in self._parts()]
        self.switch.setChecked(preferences.is_on)
        self.every.setValue(preferences.interval_min)
        self.break_for.setValue(preferences.break_min)
        self.can_stand.setChecked(preferences.can_stand)
        self.standing.setValue(preferences.standing_min)
        self.sound.setChecked(preferences.has_sound)
        self.calm.setChecked(preferences.is_calm)
        self.session.setChecked(preferences.starts_with_session)
        has_quiet = preferences.quiet_from != preferences.quiet_to
        self.has_quiet.setChecked(has_quiet)
        times = (preferences.quiet_from, preferences.quiet_to) if has_quiet else self._quiet
        for choice, time in zip((self.quiet_from, self.quiet_to), times, strict=True):
            _fill_times(choice, time, self.locale())
        for number, day in enumerate(self.days):
            day.setChecked(number in preferences.quiet_days)
        self._show_what_counts()
        del blockers

    def show_session(self, starts: bool) -> None:
        """Show whether the reminder starts with the session."""
        blocker = QSignalBlocker(self.session)
        self.session.setChecked(starts)
        del blocker

    def change(self, **values: object) -> None:
        """Take on a change and tell of it."""
        self.preferences = self.preferences.model_copy(update=values)
        self._show_what_counts()
        self.changed.emit(self.preferences)

    def _parts(self) -> list[QWidget]:
        lengths = self.every, self.break_for, self.standing
        choices = *lengths, self.quiet_from, self.quiet_to
        return [
            self.can_stand,
            self.switch,
            self.has_quiet,
            self.calm,
            self.sound,
            self.session,
            *choices,
            *self.days,
        ]

    def _lay_out(self) -> None:
        self.add(flow(QLabel(text.EVERY), self.every, *self.usual))
        least, most = INTERVAL_MIN_LIMITS
        self.add(words(text.EVERY_WHY.format(least=least, most=most), Kind.MUTED))
        self.add(flow(QLabel(text.BREAK_FOR), self.break_for), words(text.BREAK_WHY, Kind.MUTED))
        self.add_gap()
        standing = QLabel(text.STANDING_FOR)
        self._standing = standing, self.standing
        self.add(self.can_stand, flow(*self._standing), words(text.STANDING_WHY, Kind.MUTED))
        self.add_gap()
        first, last = QLabel(text.QUIET_FROM), QLabel(text.QUIET_TO)
        self._times = first, self.quiet_from, last, self.quiet_to
        self.add(flow(self.has_quiet, *self._times))
        self.add(words(text.QUIET_DAYS), flow(*self.days), words(text.QUIET_WHY, Kind.MUTED))
        self.add_gap()
        self.add(self.calm, words(text.CALM_WHY, Kind.MUTED))
        self.add_gap()
        self.add(self.sound, self.session, words(text.SESSION_WHY, Kind.MUTED))

    def _connect(self) -> None:
        self.switch.toggled.connect(lambda on: self.change(is_on=on))
        self.sound.toggled.connect(lambda on: self.change(has_sound=on))
        self.calm.toggled.connect(lambda on: self.change(is_calm=on))
        self.has_quiet.toggled.connect(self._turn_quiet)
        self.session.toggled.connect(self.session_wanted)
        self.every.valueChanged.connect(lambda minutes: self.change(interval_min=minutes))
        self.break_for.valueChanged.connect(lambda minutes: self.change(break_min=minutes))
        self.standing.valueChanged.connect(lambda minutes: self.change(standing_min=minutes))
        self.can_stand.toggled.connect(lambda on: self.change(can_stand=on))
        self.quiet_from.activated.connect(
            lambda _: self.change(quiet_from=self.quiet_from.currentData())
        )
        self.quiet_to.activated.connect(lambda _: self.change(quiet_to=self.quiet_to.currentData()))
        for day in self.days:
            day.toggled.connect(lambda _: self.change(quiet_days=self._chosen_days()))

    def _turn_quiet(self, on: bool) -> None:
        """Have quiet hours or none; those chosen before come back while the page is there."""
        chosen = self.preferences.quiet_from, self.preferences.quiet_to
        if not on:
            self._quiet = chosen
        first, last = self._quiet if on else (chosen[0], chosen[0])
        self.change(quiet_from=first, quiet_to=last)
        self.show_preferences(self.preferences)

    def _chosen_days(self) -> tuple[int, ...]:
        return tuple(number for number, day in enumerate(self.days) if day.isChecked())

    def _usual_button(self, minutes: int) -> QPushButton:
        button = make_button(
            text.EVERY_USUAL.format(minutes=minutes), act=lambda: self.every.setValue(minutes)
        )
        set_kind(button, Kind.QUIET)
        return named(button, text.EVERY_USUAL_NAME.format(minutes=minutes))

    def _show_what_counts(self) -> None:
        """Leave out what has no effect as things are chosen."""
        counting = (self._times, self.has_quiet), (self._standing, self.can_stand)
        for parts, choice in counting:
            for part in parts:
                part.setVisible(choice.isChecked())


class _Minutes(QSpinBox):
    """Any number of minutes; the wheel turns it only while it has the keys: the page scrolls."""

    def __init__(
        self, name: str, limits_min: tuple[int, int], step_min: int = _EVERY_STEP_MIN
    ) -> None:
        super().__init__()
        self.setRange(*limits_min)
        self.setSingleStep(step_min)
        self.setSuffix(text.EVERY_UNIT)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)  # "4" on the way to "45" is no choice
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent | None) -> None:
        """Leave the wheel to the page, unless somebody is at this field."""
        if self.hasFocus():
            super().wheelEvent(event)
        elif event is not None:
            event.ignore()


class ReminderBar(QFrame):
    """Shown while a break is due that no tray can tell of.

    It takes no focus by itself; Tab reaches its buttons as it does all others.
    """

    #: The person took a break.
    done = pyqtSignal()
    #: The person wants to be reminded again.
    later = pyqtSignal()
    #: Whether the page's button in the navigation should carry a sign.
    badge_changed = pyqtSignal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.STATUS)
        self.setAccessibleName(text.BAR_NAME)
        self.words = words(can_copy=False)
        done, later = text.BAR_DONE_HELP, text.BAR_LATER_HELP
        self.done_button = named(make_button(text.BAR_DONE, act=self.done), done)
        self.later_button = named(make_button(text.BAR_LATER, act=self.later), later)
        for button in (self.done_button, self.later_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda: self._turn(False))
        parts = (self.words, 1), self.done_button, self.later_button
        in_row(*parts, on=self, margins_px=(16, 6, 16, 6))
        self.hide()

    def show_state(self, state: ReminderState) -> None:
        """Follow the reminder."""
        what = text.SUGGESTED.format(what=state.suggestion) if state.suggestion else ""
        due = text.due_text(is_standing=state.is_standing)
        say(self.words, f"{due} {what}".strip())
        self._turn(state.needs_badge)

    def _turn(self, on: bool) -> None:
        if on == self.isHidden():
            self.setVisible(on)
            self.badge_changed.emit(on)


def _limits(state: ReminderState) -> str:
    """Say what this desktop cannot do."""
    tray = "" if state.has_tray else text.NO_TRAY
    return f"{tray} {'' if state.knows_idle else text.NO_IDLE}".strip()


def _fill_times(choice: QComboBox, chosen: str, locale: QLocale) -> None:
    """Offer every half hour, and the time that is chosen."""
    times = {f"{at // 60:02}:{at % 60:02}" for at in range(0, _DAY_MIN, _STEP_MIN)} | {chosen}
    choice.clear()
    for at in sorted(times):
        shown = locale.toString(QTime.fromString(at, _TIME), QLocale.FormatType.ShortFormat)
        choice.addItem(shown, at)
    choice.setCurrentIndex(choice.findData(chosen))


def _hints() -> Card:
    card = Card(text.HINTS)
    for hint in text.ALL_HINTS:
        card.add(words(hint.title), words(hint.how, Kind.MUTED))
    return card
