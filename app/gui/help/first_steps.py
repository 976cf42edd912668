"""The first questions: who it is for, how pictures are taken, and what to see first."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QLineEdit,
    QRadioButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.style.theme import GROUP_GAP_PX, Kind, text_factor
from app.gui.widgets.cards import Scroll, in_column, in_row, make_button, named, words
from app.history.values import NAME_MAX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SIZE_PX = 560, 470
#: What is explained stands below the words of its button, not below the round sign.
_INDENT_PX = 26
#: The dialog leaves so much of the window to be seen round it.
_ROUND_PX = 40


class Way(StrEnum):
    """How somebody means to get a picture."""

    CAMERA = "camera"
    PHONE = "phone"
    PHOTO = "photo"
    LOOK = "look"


class Next(StrEnum):
    """What comes after the questions."""

    SAMPLE = "sample"
    TOUR = "tour"
    OWN = "own"


@dataclass(frozen=True, slots=True)
class FirstChoice:
    """What was answered.

    Attributes
    ----------
    name
        The first of several people; empty where the program is for one person, or for nobody
        named yet.
    way
        How pictures are to come.
    then
        What is shown first.
    """

    name: str
    way: Way
    then: Next


class Choices(QWidget):
    """Some answers of which one is chosen, each with what it means below it.

    Parameters
    ----------
    answers
        What each stands for, its words, and what it means; the first is chosen.
    """

    changed = pyqtSignal()

    def __init__(self, answers: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self._group, self._keys = QButtonGroup(self), [key for key, *_ in answers]
        column = in_column(on=self)
        for number, (_, text, meaning) in enumerate(answers):
            button = QRadioButton(text)
            button.setAccessibleDescription(meaning)
            self._group.addButton(button, number)
            label = words(meaning, Kind.MUTED, can_copy=False)
            label.setContentsMargins(_INDENT_PX, 0, 0, 0)
            column.addWidget(button)
            column.addWidget(label)
        self.buttons = self._group.buttons()
        self.buttons[0].setChecked(True)
        self._group.idToggled.connect(lambda _, is_on: self.changed.emit() if is_on else None)

    @property
    def chosen(self) -> str:
        """What the chosen answer stands for."""
        return self._keys[self._group.checkedId()]

    def take_focus(self) -> None:
        """Hand the keys to the chosen answer."""
        self.buttons[self._group.checkedId()].setFocus()


class FirstSteps(QDialog):
    """Three questions, one at a time; closing it at any of them changes nothing.

    Parameters
    ----------
    folder
        Where people and checks are kept.
    """

    #: A :class:`FirstChoice`.
    answered = pyqtSignal(object)

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._make_questions(folder)
        self.stack = QStackedWidget()
        self._views = [Scroll(step) for step in (self._who(), self._how(), self._first())]
        for view in self._views:
            self.stack.addWidget(view)
        self.progress = words(kind=Kind.MUTED, can_copy=False)
        self.later = make_button(
            self.tr("Not now"), self.tr("Settings asks again whenever you like"), act=self.reject
        )
        self.back = make_button(self.tr("Back"), act=lambda: self.show_step(self.step - 1))
        self.next = make_button("", is_main=True, act=self._go_on)
        self.next.setDefault(True)
        buttons = in_row(self.later, 1, self.back, self.next)
        in_column(self.progress, (self.stack, 1), buttons, on=self, margins_px=GROUP_GAP_PX)
        self._fit(parent)
        self.who.changed.connect(self._follow)
        self.how.changed.connect(self._follow)
        self.show_step(0)

    @property
    def step(self) -> int:
        """Which question is shown, from 0."""
        return self.stack.currentIndex()

    @property
    def answers(self) -> FirstChoice:
        """What has been answered so far."""
        is_several = self.who.chosen == "several"
        name = " ".join(self.name.text().split()) if is_several else ""
        return FirstChoice(name, Way(self.how.chosen), Next(self.first.chosen))

    def show_step(self, step: int) -> None:
        """Show one of the questions, with the keys on its answers."""
        self.stack.setCurrentIndex(step)
        count, titles = self.stack.count(), self._titles()
        self.progress.setText(self.tr("Step {n} of {count}").format(n=step + 1, count=count))
        self.progress.show()
        # Read out when it changes, with the answer that has the keys.
        self.setWindowTitle(titles[step])
        self.back.setEnabled(step > 0)
        self.next.setText(self.tr("Begin") if step == count - 1 else self.tr("Next"))
        self._follow()
        (self.who, self.how, self.first)[step].take_focus()

    def _titles(self) -> tuple[str, str, str]:
        return (
            self.tr("Who is it for?"),
            self.tr("How do you get a picture?"),
            self.tr("What first?"),
        )

    def _make_questions(self, folder: Path) -> None:
        self.who = Choices(
            (
                ("me", self.tr("Only me"), self.tr("Nothing to set up.")),
                (
                    "several",
                    self.tr("Several people"),
                    self.tr("A practice or a family: each person has a history of their own."),
                ),
            )
        )
        self.name = named(QLineEdit(), self.tr("Name of the first person"), "")
        self.name.setPlaceholderText(self.tr("Name of the first person"))
        self.name.setMaxLength(NAME_MAX)
        self.kept = words(
            self.tr(
                "You choose whose turn it is at the bottom left of the window, and add people "
                "under Settings. Everything stays on this computer, in {folder}."
            ).format(folder=folder),
            Kind.MUTED,
        )
        self.how = Choices(
            (
                (
                    Way.CAMERA,
                    self.tr("This computer's camera"),
                    self.tr("It counts down, so that you can step back."),
                ),
                (
                    Way.PHONE,
                    self.tr("My phone"),
                    self.tr("It sends the pictures over your own network, to this computer only."),
                ),
                (
                    Way.PHOTO,
                    self.tr("A photograph"),
                    self.tr("A picture file that you have already."),
                ),
                (Way.LOOK, self.tr("I only look around"), self.tr("No picture for now.")),
            )
        )
        self.first = Choices(
            (
                (
                    Next.SAMPLE,
                    self.tr("The sample picture"),
                    self.tr("A computer-made person, so that you see what comes out of it."),
                ),
                (
                    Next.TOUR,
                    self.tr("A short tour"),
                    self.tr("Two minutes through the window; you can leave it at any time."),
                ),
                (Next.OWN, self.tr("Straight on"), self.tr("To where your own pictures begin.")),
            )
        )

    def _who(self) -> QWidget:
        about = self.tr(
            "Beltline measures in a picture from the side how far your pelvis is tilted. It "
            "measures; it is no doctor. Three questions, and you can begin."
        )
        return self._question(0, words(about), self.who, self.name, self.kept)

    def _how(self) -> QWidget:
        about = self.tr("All of these are there later, too.")
        return self._question(1, self.how, words(about, Kind.MUTED))

    def _first(self) -> QWidget:
        return self._question(2, self.first)

    def _question(self, step: int, *parts: QWidget) -> QWidget:
        page = QWidget()
        column: QVBoxLayout = in_column(
            words(self._titles()[step], Kind.TITLE, can_copy=False), on=page, gap_px=GROUP_GAP_PX
        )
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        return page

    def _follow(self) -> None:
        is_several = self.who.chosen == "several"
        self.name.setVisible(is_several)
        self.kept.setVisible(is_several)
        if is_several and self.step == 0:
            # Large letters leave no room for it below the answers.
            QTimer.singleShot(0, self._show_name)

    def _show_name(self) -> None:
        self._views[0].ensureWidgetVisible(self.kept)
        self._views[0].ensureWidgetVisible(self.name)

    def _go_on(self) -> None:
        if self.step < self.stack.count() - 1:
            self.show_step(self.step + 1)
            return
        self.accept()
        self.answered.emit(self.answers)

    def _fit(self, parent: QWidget | None) -> None:
        """Grow with the letters, as far as the window has room."""
        width, height = (round(side * max(1.0, text_factor())) for side in _SIZE_PX)
        if parent is not None:
            width = min(width, parent.width() - _ROUND_PX)
            height = min(height, parent.height() - _ROUND_PX)
        self.resize(width, height)
        self.setWindowModality(Qt.WindowModality.WindowModal)
