"""The Sit less page: how the reminder stands, what was chosen, what to do in a break."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from PyQt6.QtCore import QDateTime, QLocale, Qt, QTime, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.breaks.protocol import needs_badge
from app.gui.breaks.choices import ChoicesCard
from app.gui.style.theme import GAP_PX, GROUP_GAP_PX, PAGE_MARGIN_PX, Kind, set_kind
from app.history.diary import Break, BreakKind, Entry, EntryKind
from app.system import autostart
from app.text import breaks__sit_less_words as sit_less_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QHideEvent, QShowEvent

    from app.breaks.protocol import (
        ReminderLinkLike,
        ReminderPreferencesLike,
        ReminderStateLike,
    )
    from app.gui.background.jobs import Jobs
    from app.history.store import History


SNOOZE_MIN = 10
_ONE_HOUR_MIN, _TWO_HOURS_MIN = 60, 120
_COLUMNS = 3


class NowCard(QFrame):
    """Says when the next reminder comes, with buttons for a break and for pauses."""

    break_taken = pyqtSignal()
    snooze_wanted = pyqtSignal(int)
    pause_wanted = pyqtSignal(int)
    pause_until_tomorrow_wanted = pyqtSignal()
    resume_wanted = pyqtSignal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_kind(self, Kind.CARD)
        self.setAccessibleName(self.tr(sit_less_words.NOW))
        self.state, self.suggestion, self.today, self.limits = (QLabel() for _ in range(4))
        kinds = Kind.HEADING, Kind.BODY, Kind.BODY, Kind.MUTED
        layout = QVBoxLayout(self)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(GAP_PX)
        labels = self.state, self.suggestion, self.today, self.limits
        for label, kind in zip(labels, kinds, strict=True):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            set_kind(label, kind)
        layout.addWidget(self.state)
        layout.addWidget(self.suggestion)
        layout.addLayout(self._buttons())
        layout.addWidget(self.today)
        layout.addWidget(self.limits)
        self.show_state(None, is_on=False)

    def _buttons(self) -> QGridLayout:
        words = sit_less_words
        self.take = self._button(words.TAKE_BREAK, words.TAKE_BREAK_HELP)
        set_kind(self.take, Kind.PRIMARY)
        self.snooze = self._button(words.SNOOZE, words.SNOOZE_HELP)
        self.pause_one = self._button(words.PAUSE_ONE, words.PAUSE_HELP)
        self.pause_two = self._button(words.PAUSE_TWO, words.PAUSE_HELP)
        self.tomorrow = self._button(words.PAUSE_TOMORROW, words.PAUSE_TOMORROW_HELP)
        self.resume = self._button(words.RESUME, words.RESUME_HELP)
        self.take.clicked.connect(self.break_taken)
        self.snooze.clicked.connect(lambda: self.snooze_wanted.emit(SNOOZE_MIN))
        self.pause_one.clicked.connect(lambda: self.pause_wanted.emit(_ONE_HOUR_MIN))
        self.pause_two.clicked.connect(lambda: self.pause_wanted.emit(_TWO_HOURS_MIN))
        self.tomorrow.clicked.connect(self.pause_until_tomorrow_wanted)
        self.resume.clicked.connect(self.resume_wanted)
        rows = QGridLayout()
        buttons = self.take, self.snooze, self.resume, self.pause_one, self.pause_two, self.tomorrow
        for number, button in enumerate(buttons):
            rows.addWidget(button, number // _COLUMNS, number % _COLUMNS)
        return rows

    def _button(self, text: str, help_: str) -> QPushButton:
        button = QPushButton(self.tr(text))
        button.setToolTip(self.tr(help_))
        button.setAccessibleDescription(self.tr(help_))
        return button

    def show_state(self, state: ReminderStateLike | None, *, is_on: bool) -> None:
        """Show how the reminder stands.

        Parameters
        ----------
        state
            None while it has not answered.
        is_on
            Whether the person wants it.
        """
        is_due = is_on and state is not None and state.is_due
        is_paused = is_on and state is not None and state.paused_until is not None
        self.state.setText(self.tr(self._said(state, is_on)))
        shown = self.tr(sit_less_words.SUGGESTED).format(what=state.suggestion) if state else ""
        self.suggestion.setText(shown)
        self.suggestion.setVisible(bool(state and state.suggestion and is_due))
        limits = [] if state is None else _limits(state)
        self.limits.setText(" ".join(map(self.tr, limits)))
        self.limits.setVisible(is_on and bool(limits))
        answers = is_on and state is not None
        for button in (self.pause_one, self.pause_two, self.tomorrow):
            button.setEnabled(answers)
        self.snooze.setEnabled(answers and is_due)
        self.resume.setEnabled(is_paused)

    def show_today(self, breaks: Sequence[Entry]) -> None:
        """Say which breaks were noted today, oldest first."""
        away = sum(_is_away(entry) for entry in breaks)
        last = _time_of(self.locale(), breaks[-1].at) if breaks else ""
        self.today.setText(self.tr(sit_less_words.today_text(len(breaks), away, last)))

    def _said(self, state: ReminderStateLike | None, is_on: bool) -> str:
        if not is_on:
            return sit_less_words.OFF
        if state is None:
            return sit_less_words.STARTING
        if state.paused_until is not None:
            until = _moment_text(self.locale(), state.paused_until)
            return sit_less_words.PAUSED.format(until=until)
        return sit_less_words.DUE if state.is_due else sit_less_words.next_text(state.next_in_min)


def _limits(state: ReminderStateLike) -> list[str]:
    """Say what this desktop cannot do."""
    said = [] if state.has_tray else [sit_less_words.NO_TRAY]
    return said if state.knows_idle else [*said, sit_less_words.NO_IDLE]


def _is_away(entry: Entry) -> bool:
    return isinstance(entry.content, Break) and entry.content.how is BreakKind.AWAY


def _time_of(locale: QLocale, at: datetime) -> str:
    return locale.toString(QTime(at.hour, at.minute), QLocale.FormatType.ShortFormat)


def _moment_text(locale: QLocale, at: datetime) -> str:
    """Return a time of day, with the weekday where it is not today."""
    moment = QDateTime.fromSecsSinceEpoch(round(at.timestamp()))
    time = locale.toString(moment.time(), QLocale.FormatType.ShortFormat)
    if moment.date() == QDateTime.currentDateTime().date():
        return time
    return f"{locale.toString(moment.date(), 'dddd')}, {time}"


_TODAY, _NOTE, _SESSION = "sit less today", "sit less break", "sit less session"
_WIDTH_PX = 760
#: Midnight, and breaks that were noticed, come without anybody pressing a button.
_LOOK_AGAIN_MS = 60_000


def _turn_autostart(on: bool) -> None:
    (autostart.turn_on if on else autostart.turn_off)()


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
    turn: Callable[[bool], None] = _turn_autostart


class SitLessPage(QScrollArea):
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
    #: Whether the page's button in the rail should carry a sign.
    badge_changed = pyqtSignal(bool)

    def __init__(
        self,
        link: ReminderLinkLike,
        preferences: ReminderPreferencesLike,
        jobs: Jobs,
        open_history: Callable[[], History],
        session: Session | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._link, self._jobs, self._open = link, jobs, open_history
        self._session = session if session is not None else Session()
        self._state: ReminderStateLike | None = None
        self._profile_id: int | None = None
        self._has_badge = False
        self._errors: dict[str, str] = {}
        self.now, self.choices = NowCard(), ChoicesCard(preferences)
        self._build()
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

    def show_state(self, state: ReminderStateLike | None) -> None:
        """Follow the reminder; None where it is not to be reached."""
        had_due = self._state is not None and self._state.is_due
        self._state = state
        self._show_state()
        if had_due and state is not None and not state.is_due:
            self.refresh()

    def show_preferences(self, preferences: ReminderPreferencesLike) -> None:
        """Show what was chosen elsewhere, such as in the tray."""
        self.choices.show_preferences(preferences)
        self._show_state()

    def show_error(self, sentence: str, about: str = "") -> None:
        """Say what went wrong; an empty text takes back what was said about the same."""
        self._errors[about] = sentence
        said = " ".join(text for text in self._errors.values() if text)
        self.error.setText(said)
        self.error.setVisible(bool(said))

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

    def _build(self) -> None:
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        page, column = QWidget(), QWidget()
        set_kind(page, Kind.PAGE)
        column.setMaximumWidth(_WIDTH_PX)
        across = QHBoxLayout(page)
        across.setContentsMargins(*(PAGE_MARGIN_PX,) * 4)
        across.addWidget(column, 1)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GROUP_GAP_PX)
        self.error = _label("", Kind.WARNING)
        self.error.hide()
        for part in (
            _label(self.tr(sit_less_words.TITLE), Kind.TITLE),
            _label(self.tr(sit_less_words.INTRO)),
            self.error,
            self.now,
            self.choices,
            self._hints(),
        ):
            layout.addWidget(part)
        layout.addStretch(1)
        self.setWidget(page)

    def _hints(self) -> QFrame:
        card = QFrame()
        set_kind(card, Kind.CARD)
        card.setAccessibleName(self.tr(sit_less_words.HINTS))
        layout = QVBoxLayout(card)
        layout.setContentsMargins(16, 12, 16, 14)
        layout.setSpacing(GAP_PX)
        layout.addWidget(_label(self.tr(sit_less_words.HINTS), Kind.HEADING))
        for hint in sit_less_words.ALL_HINTS:
            layout.addWidget(_label(self.tr(hint.title)))
            layout.addWidget(_label(self.tr(hint.how), Kind.MUTED))
        return card

    def _connect(self) -> None:
        self._link.state_changed.connect(self.show_state)
        self.now.break_taken.connect(self._take_break)
        self.now.snooze_wanted.connect(self._link.snooze)
        self.now.pause_wanted.connect(self._link.pause)
        self.now.pause_until_tomorrow_wanted.connect(self._link.pause_until_tomorrow)
        self.now.resume_wanted.connect(self._link.resume)
        self.choices.changed.connect(self._changed)
        self.choices.session_wanted.connect(self._turn_session)

    def _show_state(self) -> None:
        is_on = self.choices.preferences.is_on
        self.now.show_state(self._state, is_on=is_on)
        badge = is_on and self._state is not None and needs_badge(self._state)
        if badge != self._has_badge:
            self._has_badge = badge
            self.badge_changed.emit(badge)

    def _changed(self, preferences: ReminderPreferencesLike) -> None:
        if preferences.is_on:
            self._link.connect_or_start()
        self._link.send_preferences(preferences)
        self._show_state()
        self.preferences_changed.emit(preferences)

    def _take_break(self) -> None:
        """Note a break: by the reminder, which counts anew, or here where there is none."""
        if self.choices.preferences.is_on and self._state is not None:
            self._link.took_break()
            return
        profile_id = self._profile_id
        if profile_id is None:
            return
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
            self.show_error(
                self.tr(sit_less_words.SESSION_FAILED).format(why=_why(error)), _SESSION
            )

        self._jobs.start(_SESSION, lambda: self._session.turn(on), done, failed, in_order=True)

    def _show_today(self, breaks: list[Entry]) -> None:
        self.show_error("", _TODAY)
        self.now.show_today(breaks)

    def _today_failed(self, error: Exception) -> None:
        self.show_error(self.tr(sit_less_words.BREAKS_UNREAD).format(why=_why(error)), _TODAY)


def _why(error: Exception) -> str:
    """Return what went wrong and what to do, as far as the error says."""
    said = f"{getattr(error, 'message', str(error))} {getattr(error, 'fix', '')}"
    return said.strip()


def _label(text: str, kind: Kind = Kind.BODY) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    set_kind(label, kind)
    return label
