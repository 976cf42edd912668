"""Using a phone as the camera: its page's address as a square code, and what has come so far."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject, QRect, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QBoxLayout, QDialog, QWidget

from app.gui.style.theme import GROUP_GAP_PX, Kind, text_factor
from app.gui.widgets.cards import (
    Scroll,
    button_row,
    in_column,
    in_row,
    make_button,
    make_choice,
    say,
    say_list,
    words,
)
from app.gui.widgets.tick_box import TickBox
from app.phone import words as said
from app.phone.address import OwnAddress, best_first, default_address
from app.phone.gathering import PhoneStage
from app.phone.server import PhoneServer, PhoneState

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PyQt6.QtGui import QPaintEvent, QShowEvent

    from app.phone.gathering import PhonePictures

_SIZE_PX = 820, 560
_CODE_PX = 300
#: Around a code, in its own squares (ISO/IEC 18004).
_QUIET_SQUARES = 4
_PAIRS_IN_A_LINE = 8
#: With letters larger than this the words stand below the code.
_LARGE = 1.3
_GOING = frozenset({PhoneStage.STARTING, PhoneStage.WAITING, PhoneStage.BEGUN})


def own_addresses() -> tuple[OwnAddress, ...]:
    """Return this computer's addresses that a phone may reach, the likeliest first."""
    from PyQt6.QtNetwork import QAbstractSocket, QNetworkInterface

    flag = QNetworkInterface.InterfaceFlag
    found = [
        OwnAddress(entry.ip().toString(), way.humanReadableName())
        for way in QNetworkInterface.allInterfaces()
        if flag.IsUp in way.flags() and flag.IsLoopBack not in way.flags()
        for entry in way.addressEntries()
        if entry.ip().protocol() == QAbstractSocket.NetworkLayerProtocol.IPv4Protocol
    ]
    return best_first(found, default_address())


class SquareCode(QWidget):
    """A QR code, black on white whatever the window's colours are.

    Attributes
    ----------
    text
        What it says; nothing paints nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._squares: tuple[tuple[bool, ...], ...] = ()
        self.setMinimumSize(_CODE_PX, _CODE_PX)
        self.setAccessibleName(said.QR_NAME)

    def show_text(self, text: str) -> None:
        """Show a code for this."""
        if text == self.text:
            return
        self.text = text
        if text:
            import segno

            matrix = segno.make(text, micro=False, error="m").matrix
            self._squares = tuple(tuple(bool(square) for square in row) for row in matrix)
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room that a phone at arm's length reads it from."""
        return QSize(_CODE_PX, _CODE_PX)

    def paintEvent(self, event: QPaintEvent | None) -> None:
        """Paint whole pixels for each square, so that their edges are sharp."""
        del event
        if not self.text:
            return
        painter = QPainter(self)
        count = len(self._squares) + 2 * _QUIET_SQUARES
        side_px = max(1, min(self.width(), self.height()) // count)
        left = (self.width() - side_px * count) // 2
        top = (self.height() - side_px * count) // 2
        white, black = QColor("white"), QColor("black")
        painter.fillRect(QRect(left, top, side_px * count, side_px * count), white)
        for row, squares in enumerate(self._squares, _QUIET_SQUARES):
            for column, is_black in enumerate(squares, _QUIET_SQUARES):
                if is_black:
                    x, y = left + column * side_px, top + row * side_px
                    painter.fillRect(QRect(x, y, side_px, side_px), black)
        painter.end()


class PhoneDialog(QDialog):
    """Shows where a phone finds the page; while it is open, and no longer, the page is there.

    Parameters
    ----------
    find
        Tells the addresses to choose from.
    """

    #: A :class:`PhonePictures` with at least one, whose folder is the receiver's to delete.
    came = pyqtSignal(object)
    #: The number of a server and its :class:`PhoneState`, from its thread to this one.
    _told = pyqtSignal(int, object)

    def __init__(
        self,
        find: Callable[[], Sequence[OwnAddress]] = own_addresses,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(said.TITLE)
        self._find, self._number = find, 0
        self.server: PhoneServer | None = None
        self._make_parts()
        self._lay_out()
        self._told.connect(self._follow)
        self.resize(*_SIZE_PX)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Open the page once the dialog is there."""
        super().showEvent(event)
        if self.server is None:
            self.begin()

    def begin(self) -> None:
        """Look for the network anew, and open a page on it."""
        chosen = self.networks.currentData()
        self.networks.clear()
        for one in self._find():
            name = f"{one.name} ({one.address})" if one.name else one.address
            self.networks.addItem(name, one.address)
        self.networks.setCurrentIndex(max(self.networks.findData(chosen), 0))
        self._open_page()

    def done(self, result: int) -> None:
        """Close the page as well; pictures that nobody took are deleted."""
        self._close_page()
        super().done(result)

    def use(self) -> None:
        """Take what has come."""
        if self.server is None or not self.server.state.came:
            return
        pictures = self.server.finish()
        self.accept()
        self.came.emit(pictures)

    def _make_parts(self) -> None:
        self.code = SquareCode()
        self.steps = words()
        self._is_large = text_factor() > _LARGE
        # An address has no place to break either.
        kind = Kind.BODY if self._is_large else Kind.HEADING
        self.by_hand, self.url = words(said.BY_HAND, Kind.MUTED), words("", kind)
        self.about_print, self.fingerprint = words(said.FINGERPRINT, Kind.MUTED), words()
        self.news, self.problem = words("", Kind.HEADING), words("", Kind.WARNING)
        self.networks = make_choice(said.NETWORK, said.ABOUT_NETWORK, letters=16)
        self.networks.activated.connect(lambda _: self._open_page())
        self.network_word = words(said.NETWORK, Kind.MUTED, can_copy=False)
        self.network_word.setWordWrap(False)
        self.plain = TickBox(said.PLAIN)
        self.plain.setToolTip(said.ABOUT_PLAIN)
        self.plain.toggled.connect(lambda _: self._open_page())
        self.use_button = make_button(said.USE_THEM, is_main=True, act=self.use)
        self.again_button = make_button(said.TRY_AGAIN, act=self.begin)
        self.cancel_button = make_button(self.tr("Cancel"), act=self.reject)

    def _lay_out(self) -> None:
        beside = in_column(
            self.steps,
            self.by_hand,
            self.url,
            self.about_print,
            self.fingerprint,
            self.plain,
            in_row(self.network_word, self.networks, 1),
            1,
        )
        content = QWidget()
        code = in_column(self.code, 1)
        above = in_row(code, (beside, 1), gap_px=GROUP_GAP_PX)
        if self._is_large:
            above.setDirection(QBoxLayout.Direction.TopToBottom)
        in_column(self.news, self.problem, above, 1, on=content)
        self.area = scroll = Scroll(content, is_clear=True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        buttons = button_row(self.use_button, self.again_button, self.cancel_button)
        in_column((scroll, 1), buttons, on=self, margins_px=16)

    def _open_page(self) -> None:
        self._close_page()
        address = self.networks.currentData()
        if address is None:
            self._show(PhoneState(PhoneStage.FAILED))
            return
        number = self._number

        def tell(state: PhoneState) -> None:
            with suppress(RuntimeError):  # the window was closed meanwhile
                self._told.emit(number, state)

        self.server = PhoneServer(address, tell, is_encrypted=not self.plain.isChecked())
        self._show(self.server.state)
        self.server.start()

    def _close_page(self) -> None:
        self._number += 1
        if self.server is not None:
            self.server.stop()
            self.server = None

    def _follow(self, number: int, state: PhoneState) -> None:
        if number != self._number:
            return
        if state.stage is PhoneStage.FINISHED:
            self.use()
        else:
            self._show(state)

    def _show(self, state: PhoneState) -> None:
        stage, is_going = state.stage, state.stage in _GOING
        is_reachable = is_going and bool(state.url)
        self.code.show_text(state.url if is_reachable else "")
        say(self.url, state.url if is_reachable else "")
        say(self.fingerprint, _in_lines(state.fingerprint) if is_reachable else "")
        for part, is_there in (
            (self.code, is_going),
            (self.by_hand, is_reachable),
            (self.about_print, is_reachable and bool(state.fingerprint)),
            (self.plain, is_going),
            (self.again_button, not is_going),
            (self.use_button, state.came > 0),
        ):
            part.setVisible(is_there)
        steps = said.PLAIN_STEPS if self.plain.isChecked() else said.STEPS
        say_list(self.steps, steps if is_going else (), is_numbered=True)
        # Whoever has begun is not sent away by a slip of the mouse.
        has_choice = self.networks.count() > 1 and stage is not PhoneStage.BEGUN
        self.networks.setVisible(has_choice)
        self.network_word.setVisible(has_choice)
        self.plain.setEnabled(stage is not PhoneStage.BEGUN)
        say(self.news, self._news(state))
        say(self.problem, self._trouble(stage))

    def _news(self, state: PhoneState) -> str:
        if state.stage is PhoneStage.WAITING:
            return said.WAITING
        if state.stage is PhoneStage.BEGUN or state.came:
            return said.came(state.came)
        return said.STARTING if state.stage is PhoneStage.STARTING else ""

    def _trouble(self, stage: PhoneStage) -> str:
        if stage is PhoneStage.SILENT:
            return said.SILENT
        if stage is not PhoneStage.FAILED:
            return ""
        if self.networks.count():
            return f"{said.CANNOT_OPEN} {said.CANNOT_OPEN_FIX}"
        return f"{said.NO_NETWORK} {said.NO_NETWORK_FIX}"


def _in_lines(fingerprint: str) -> str:
    """Return it in lines that fit beside the code in large letters; it has no place to break."""
    pairs = fingerprint.split(":")
    rows = [pairs[n : n + _PAIRS_IN_A_LINE] for n in range(0, len(pairs), _PAIRS_IN_A_LINE)]
    return "\n".join(":".join(row) for row in rows)


class PhoneIntake(QObject):
    """Asks a phone for pictures, and has them as long as the window is there to look at them."""

    #: The :class:`PhonePicture` s that came, a tuple of at least one.
    came = pyqtSignal(object)

    def __init__(
        self, window: QWidget, find: Callable[[], Sequence[OwnAddress]] = own_addresses
    ) -> None:
        super().__init__(window)
        self._window, self.find = window, find
        self._kept: list[PhonePictures] = []
        self.dialog: PhoneDialog | None = None

    def ask(self) -> None:
        """Show a phone where to send pictures to."""
        self.dialog = dialog = PhoneDialog(self.find, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.came.connect(self._take)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def close(self) -> None:
        """Close the page, if it is open, and delete the pictures."""
        if self.dialog is not None:
            self.dialog.reject()
        for pictures in self._kept:
            pictures.discard()
        self._kept.clear()

    def _take(self, pictures: PhonePictures) -> None:
        self._kept.append(pictures)
        self.came.emit(pictures.pictures)

    def _forget_dialog(self) -> None:
        self.dialog = None
