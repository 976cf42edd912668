"""Room for what was done below the trend: all of it, the least of it, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PyQt6.QtCore import QEvent, QObject

if TYPE_CHECKING:
    from PyQt6.QtWidgets import QSplitter, QWidget

    from app.gui.history.progress__progress_card import ProgressCard

_MOMENTS = (QEvent.Type.Resize, QEvent.Type.LayoutRequest, QEvent.Type.Show)


class ProgressRoom(QObject):
    """Lets the card have what the plot and the table can spare, however wide the words run.

    Parameters
    ----------
    card
        Lies at the foot of ``panel``; asked to leave words out, or to hide.
    panel
        The upper part of ``splitter``.
    splitter
        Whose lower part keeps the height it needs.
    """

    def __init__(self, card: ProgressCard, panel: QWidget, splitter: QSplitter) -> None:
        super().__init__(splitter)
        self._card, self._panel, self._splitter = card, panel, splitter
        self._is_busy, self._was_shown = False, False
        panel.installEventFilter(self)

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Share the room anew whenever there is more or less of it."""
        if event is not None and event.type() in _MOMENTS:
            self.share()
        return super().eventFilter(watched, event)

    def share(self) -> None:
        """Show as much of the card as there is room for."""
        if self._is_busy:
            return
        self._is_busy = True
        try:
            self._share()
        finally:
            self._is_busy = False

    def _share(self) -> None:
        card, panel = self._card, self._panel
        if not card.has_any:
            card.hide()
            panel.setMinimumHeight(0)
            self._was_shown = False
            return
        rest, inside = self._without_card()
        least, all_ = (rest + card.height_for(inside, whole) for whole in (False, True))
        below = self._splitter.widget(1)
        taken = below.minimumSizeHint().height() if below is not None else 0
        most = self._splitter.height() - self._splitter.handleWidth() - taken
        fits = least <= most
        panel.setMinimumHeight(least if fits else 0)
        card.setVisible(fits)
        if fits and not self._was_shown and panel.height() < all_ <= most:
            self._splitter.setSizes([all_, self._splitter.height() - all_])
        self._was_shown = fits
        card.show_whole(panel.height() >= all_)

    def _without_card(self) -> tuple[int, int]:
        """Return the height of everything else on the panel, and the width inside it."""
        layout = self._panel.layout()
        assert layout is not None
        margins, wide = layout.contentsMargins(), self._panel.width()
        inside = wide - margins.left() - margins.right()
        tall = margins.top() + margins.bottom()
        for index in range(layout.count()):
            item = layout.itemAt(index)
            if item is None or item.widget() is self._card:
                continue
            by_width = item.hasHeightForWidth()
            least = item.minimumSize().height()
            tall += max(least, item.heightForWidth(inside)) if by_width else least
            tall += layout.spacing()
        return tall, inside
