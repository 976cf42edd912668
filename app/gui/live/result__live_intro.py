"""What somebody reads before the camera of the Live page is switched on for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.gui.style.theme import Kind
from app.gui.widgets.cards__live_card import BODY, LARGE, LiveCard, make_button
from app.text import live

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QWidget


class LiveIntro(LiveCard):
    """How it goes, and a button that begins."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(live.INTRO_TITLE)
        self.add_words(LARGE, is_bold=True).say(live.INTRO_TITLE)
        for number, step in enumerate(live.intro_steps(), start=1):
            self.add_words(BODY).say(f"{number}.  {step}")
        self.add_words(BODY, kind=Kind.MUTED).say(live.INTRO_PRIVACY)
        self.start = make_button(
            self.tr("Start"), self.tr("Switch the camera on and begin"), is_main=True
        )
        self.start.setStyleSheet("font-size: 16pt; min-width: 140px; min-height: 40px;")
        self.column.addSpacing(8)
        self.add_buttons(self.start)
        self.column.addStretch(1)
