"""What can be chosen about the reminder; every choice takes effect at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QLocale, QSignalBlocker, QTime, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QWidget,
)

from app.gui.style.theme import Kind
from app.gui.widgets.cards import Card, words
from app.text import breaks as sit_less_words

if TYPE_CHECKING:
    from app.breaks.preferences import ReminderPreferences

_EVERY_MIN = (30, 60, 120)
_STEP_MIN, _DAY_MIN = 30, 24 * 60
_TIME, _DAY_COLUMNS = "HH:mm", 4
#: Where nobody chose other quiet hours.
_NIGHT = ("22:00", "07:00")


class ChoicesCard(Card):
    """Switch, interval, quiet hours and days, sound, start with the session.

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
        super().__init__(sit_less_words.CHOICES, parent=parent)
        self.preferences = preferences
        self._quiet = _NIGHT
        self.switch = QCheckBox(sit_less_words.SWITCH)
        self.has_quiet = QCheckBox(sit_less_words.QUIET)
        self.sound = QCheckBox(sit_less_words.SOUND)
        self.session = QCheckBox(sit_less_words.SESSION)
        self.every = _choice(sit_less_words.EVERY)
        for minutes in _EVERY_MIN:
            self.every.addItem(sit_less_words.EVERY_MINUTES.format(minutes=minutes), minutes)
        self.quiet_from = _choice(sit_less_words.QUIET_FROM_NAME)
        self.quiet_to = _choice(sit_less_words.QUIET_TO_NAME)
        self.days = [QCheckBox(day) for day in _weekdays(self.locale())]
        self._lay_out()
        self.show_preferences(preferences)
        self._connect()

    def show_preferences(self, preferences: ReminderPreferences) -> None:
        """Show these, without telling anybody of a change."""
        self.preferences = preferences
        blockers = [QSignalBlocker(part) for part in self._parts()]
        self.switch.setChecked(preferences.is_on)
        self.every.setCurrentIndex(self.every.findData(preferences.interval_min))
        self.sound.setChecked(preferences.has_sound)
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
        choices = self.every, self.quiet_from, self.quiet_to
        return [self.switch, self.has_quiet, self.sound, self.session, *choices, *self.days]

    def _lay_out(self) -> None:
        days = QGridLayout()
        for number, day in enumerate(self.days):
            days.addWidget(day, number // _DAY_COLUMNS, number % _DAY_COLUMNS)
        self.add(self.switch, _row(sit_less_words.EVERY, self.every))
        self.add(words(sit_less_words.EVERY_WHY, Kind.MUTED))
        self.add_gap()
        first, last = sit_less_words.QUIET_FROM, sit_less_words.QUIET_TO
        self.add(_row(self.has_quiet, first, self.quiet_from, last, self.quiet_to))
        self.add(
            words(sit_less_words.QUIET_DAYS), days, words(sit_less_words.QUIET_WHY, Kind.MUTED)
        )
        self.add_gap()
        self.add(self.sound, self.session, words(sit_less_words.SESSION_WHY, Kind.MUTED))

    def _connect(self) -> None:
        self.switch.toggled.connect(lambda on: self.change(is_on=on))
        self.sound.toggled.connect(lambda on: self.change(has_sound=on))
        self.has_quiet.toggled.connect(self._turn_quiet)
        self.session.toggled.connect(self.session_wanted)
        self.every.activated.connect(lambda _: self.change(interval_min=self.every.currentData()))
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

    def _show_what_counts(self) -> None:
        """Grey out what has no effect as things are chosen."""
        is_on = self.preferences.is_on
        for part in (self.every, self.has_quiet, self.sound, *self.days):
            part.setEnabled(is_on)
        for choice in (self.quiet_from, self.quiet_to):
            choice.setEnabled(is_on and self.has_quiet.isChecked())


def _choice(name: str) -> QComboBox:
    choice = QComboBox()
    choice.setAccessibleName(name)
    return choice


def _row(*parts: QWidget | str) -> QHBoxLayout:
    row = QHBoxLayout()
    for part in parts:
        row.addWidget(QLabel(part) if isinstance(part, str) else part)
    row.addStretch(1)
    return row


def _weekdays(locale: QLocale) -> list[str]:
    """Return Monday to Sunday in the reader's words."""
    return [locale.standaloneDayName(day) for day in range(1, 8)]


def _fill_times(choice: QComboBox, chosen: str, locale: QLocale) -> None:
    """Offer every half hour, and the time that is chosen."""
    texts = {f"{at // 60:02}:{at % 60:02}" for at in range(0, _DAY_MIN, _STEP_MIN)} | {chosen}
    choice.clear()
    for text in sorted(texts):
        time = QTime.fromString(text, _TIME)
        choice.addItem(locale.toString(time, QLocale.FormatType.ShortFormat), text)
    choice.setCurrentIndex(choice.findData(chosen))
