"""What stands in the window's place of a photograph: before, between and after."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtCore import QUrl, pyqtSignal
from PyQt6.QtGui import QDesktopServices

from app.gui.picture.points_help import PointsDrawing
from app.gui.style.theme import PAGE_MARGIN_PX, Kind
from app.gui.widgets.cards import Card, Column, button_row, make_button, say, say_list, words
from app.text.research import rating

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class _Screen(Column):
    """As far from the window's edge as the photograph is."""

    def __init__(self) -> None:
        super().__init__()
        self.column.setContentsMargins(0, PAGE_MARGIN_PX, 0, 0)


class RaterChoice(_Screen):
    """Asks whose photographs are to be rated; says nothing about anybody's answers."""

    #: The rater's name.
    chosen = pyqtSignal(str)

    def __init__(self, raters: Iterable[str]) -> None:
        super().__init__()
        self.buttons = {
            rater: make_button(rater.replace("&", "&&"), act=partial(self._choose, rater))
            for rater in raters
        }
        self.first = next(iter(self.buttons.values()), None)
        self.problem = words(kind=Kind.REFUSAL)
        self.add(words(rating.CHOOSE_TITLE, Kind.TITLE), words(rating.CHOOSE))
        self.add(button_row(*self.buttons.values()), self.problem)

    def show_problem(self, text: str) -> None:
        """Say why a rater's photographs cannot be rated."""
        say(self.problem, text)

    def _choose(self, rater: str, _: bool = False) -> None:
        self.chosen.emit(rater)


class RatingStart(_Screen):
    """Says what is to be done and with which keys, before the clock runs."""

    begin_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self, keys: Mapping[str, str]) -> None:
        super().__init__()
        self.title, self.steps = words(kind=Kind.TITLE), words()
        self.begin = self.first = make_button("", is_main=True, act=self.begin_wanted)
        close = make_button(self.tr("Close"), act=self.close_wanted)
        self.add(self.title, Card("", self.steps), Card("", PointsDrawing()))
        self.add(words(rating.KEYS.format_map(keys), Kind.MUTED))
        self.foot.addLayout(button_row(self.begin, close))

    def show_state(self, answered: int, count: int) -> None:
        """Say how many are left to somebody who begins or comes back."""
        is_new = answered == 0
        say(self.title, rating.START_TITLE if is_new else rating.GO_ON_TITLE)
        self.begin.setText(self.tr("Begin") if is_new else self.tr("Go on"))
        first, *others = rating.START_STEPS
        say_list(self.steps, [first.format(left=count - answered), *others])


class RatingPause(_Screen):
    """Hides the photograph while the clock stands still."""

    go_on_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        go_on = self.first = make_button(self.tr("Go on"), is_main=True, act=self.go_on_wanted)
        close = make_button(self.tr("Close"), act=self.close_wanted)
        self.add(words(rating.PAUSED_TITLE, Kind.TITLE), words(rating.PAUSED))
        self.add(button_row(go_on, close))


class RatingEnd(_Screen):
    """Thanks, and says what to do with the folder."""

    back_wanted = pyqtSignal()
    close_wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.title, self.words = words(kind=Kind.TITLE), words()
        self.close_button = self.first = make_button(
            self.tr("Close"), is_main=True, act=self.close_wanted
        )
        self._folder = Path()
        self.back = make_button(self.tr("Change my last answer"), act=self.back_wanted)
        show = make_button(self.tr("Open folder"), act=self._open_folder)
        self.add(self.title, self.words, button_row(self.close_button, show, self.back))

    def show_end(self, answered: int, left_open: int, folder: Path, can_go_back: bool) -> None:
        """Say what was done, and what was not."""
        self._folder = folder
        say(self.title, rating.END_OPEN_TITLE if left_open else rating.END_TITLE)
        say(self.words, "\n".join(rating.end_words(answered, left_open, folder.absolute().name)))
        self.back.setVisible(can_go_back)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder.absolute())))
