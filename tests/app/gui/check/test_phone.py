"""A phone as the camera: the square code, what has come, and the series it becomes."""

from __future__ import annotations

from functools import partial
from html import escape
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest
from PyQt6.QtGui import QImage

from app.gui.check.page import CheckPage, CheckState
from app.gui.check.phone import PhoneDialog, SquareCode, own_addresses
from app.gui.check.several.pictures import SeveralKind
from app.gui.style.theme import Scheme, apply_scheme
from app.phone import words as said
from app.phone.address import OwnAddress, is_of_a_home_network
from app.phone.gathering import PhoneStage
from app.phone.server import PhoneState
from tests.app.gui.check.check_pages import wait_for_answer
from tests.app.gui.words_that_fit import cut_words
from tests.app.phone.scripted_phone import SAMPLES, ScriptedPhone, listening_ports, port_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PyQt6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from tests.app.gui.scripted_camera import Script

HERE = OwnAddress("127.0.0.1", "lo")
_TIMEOUT_MS = 20_000


@pytest.fixture
def networks() -> list[OwnAddress]:
    return [HERE]


@pytest.fixture
def dialog(qtbot: QtBot, networks: list[OwnAddress]) -> Iterator[PhoneDialog]:
    made = PhoneDialog(lambda: networks)
    qtbot.addWidget(made)
    made.show()
    yield made
    made.reject()


def reached(qtbot: QtBot, dialog: PhoneDialog) -> ScriptedPhone:
    """Return a phone that has read the code, once there is one."""
    qtbot.waitUntil(lambda: bool(dialog.code.text), timeout=_TIMEOUT_MS)
    assert dialog.code.text == dialog.url.text()
    return ScriptedPhone(dialog.code.text)


def read_code(code: SquareCode) -> str:
    """Read the square as a phone's camera does."""
    image = code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    bits = image.constBits()
    assert bits is not None
    grey = np.frombuffer(bytes(bits.asarray(image.sizeInBytes())), np.uint8)
    grey = grey.reshape(image.height(), image.bytesPerLine())[:, : image.width()]
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(np.ascontiguousarray(grey))
    return str(text)


def asked(qtbot: QtBot, page: CheckPage) -> tuple[PhoneDialog, ScriptedPhone]:
    page.phone.find = lambda: [HERE]
    page.start.phone_button.click()
    dialog = page.phone.dialog
    assert dialog is not None
    return dialog, reached(qtbot, dialog)


def has_come(dialog: PhoneDialog, count: int) -> bool:
    return dialog.news.text() == said.came(count)


def photo(number: int) -> bytes:
    return sorted(SAMPLES.glob("*tilt*.jpg"))[number].read_bytes()


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_camera_reads_the_code_in_the_dark_as_well(
    qtbot: QtBot, qapp: QApplication, scheme: Scheme
) -> None:
    apply_scheme(qapp, scheme, 100)
    dialog = PhoneDialog(lambda: [HERE])
    qtbot.addWidget(dialog)
    dialog.show()
    phone = reached(qtbot, dialog)
    assert phone.url.startswith("https://127.0.0.1:")
    assert phone.ask("GET").status == 200
    # OpenCV's reader fails with a code now and then, so it is given one that it is known to read.
    text = "https://192.168.178.123:54321/abcdefghjk/"
    dialog.code.show_text(text)
    assert read_code(dialog.code) == text
    image = dialog.code.grab().toImage()
    assert image.pixelColor(image.width() // 2, 12).name() == "#ffffff", "the quiet zone"
    assert len(dialog.fingerprint.text().replace("\n", ":").split(":")) == 32
    dialog.reject()
    apply_scheme(qapp, Scheme.LIGHT, 100)


def test_five_pictures_become_a_series(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    dialog, phone = asked(qtbot, page)
    assert said.WAITING in dialog.news.text()
    phone.begin()
    qtbot.waitUntil(lambda: dialog.news.text() == said.BEGUN, timeout=_TIMEOUT_MS)
    assert not dialog.plain.isEnabled()
    for number in range(5):
        assert phone.send(number + 1, photo(number), ago="60").status == 200
        qtbot.waitUntil(partial(has_come, dialog, number + 1), timeout=_TIMEOUT_MS)
    assert phone.done().status == 200
    qtbot.waitUntil(lambda: page.state is CheckState.SEVERAL, timeout=_TIMEOUT_MS)
    pictures = page.several.pictures
    assert pictures is not None
    assert pictures.kind is SeveralKind.SERIES, "nobody is asked what they are"
    qtbot.waitUntil(lambda: pictures.done_count == 5, timeout=_TIMEOUT_MS)
    assert [line.path.name for line in pictures.lines] == [
        said.PICTURE_NAME.format(number=number) for number in range(1, 6)
    ]
    moments = [line.taken_at for line in pictures.lines]
    assert None not in moments
    assert moments == sorted(moments, key=str), "by this computer's clock, not by the pictures'"
    assert page.phone.dialog is None
    assert port_of(phone.url) not in listening_ports()
    assert page.recent.paths == ()
    folder = pictures.lines[0].path.parent
    assert folder.exists()
    page.close()
    assert not folder.exists()
    assert len(instant) == 5


def test_one_picture_is_measured_alone(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    dialog, phone = asked(qtbot, page)
    assert not dialog.use_button.isVisible()
    phone.begin()
    phone.send(1)
    qtbot.waitUntil(dialog.use_button.isVisible, timeout=_TIMEOUT_MS)
    dialog.use_button.click()
    wait_for_answer(qtbot, page)
    assert page.state is CheckState.MEASURED
    assert instant[0]["name"] == said.PICTURE_NAME.format(number=1)


def test_for_a_calibration_the_first_is_measured(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    page.begin_calibration()
    _, phone = asked(qtbot, page)
    phone.begin()
    phone.send(1)
    phone.send(2)
    phone.done()
    qtbot.waitUntil(lambda: page.state is not CheckState.EMPTY, timeout=_TIMEOUT_MS)
    assert "the first of 2 was opened" in page.notice.text()
    wait_for_answer(qtbot, page)
    assert len(instant) == 1


def test_cancel_closes_the_page_and_deletes_what_came(
    qtbot: QtBot, page: CheckPage, instant: list[dict[str, object]]
) -> None:
    dialog, phone = asked(qtbot, page)
    phone.begin()
    phone.send(1)
    server = dialog.server
    assert server is not None
    dialog.cancel_button.click()
    assert port_of(phone.url) not in listening_ports()
    assert not server.finish().folder.exists()
    qtbot.wait(50)
    assert page.state is CheckState.EMPTY
    assert instant == []


def test_closing_the_window_closes_the_page(qtbot: QtBot, page: CheckPage) -> None:
    _, phone = asked(qtbot, page)
    page.close()
    assert port_of(phone.url) not in listening_ports()


def test_without_a_network_one_sentence_and_a_way_out(
    qtbot: QtBot, dialog: PhoneDialog, networks: list[OwnAddress]
) -> None:
    reached(qtbot, dialog)
    networks.clear()
    dialog.begin()
    assert said.NO_NETWORK in dialog.problem.text()
    assert not dialog.code.isVisible()
    assert dialog.again_button.isVisible()
    assert dialog.cancel_button.isVisible()
    networks.append(HERE)
    dialog.again_button.click()
    reached(qtbot, dialog)
    assert not dialog.problem.isVisible()
    assert not dialog.networks.isVisible(), "there is nothing to choose"


def test_of_two_networks_one_is_chosen(
    qtbot: QtBot, dialog: PhoneDialog, networks: list[OwnAddress]
) -> None:
    first = reached(qtbot, dialog)
    networks.append(OwnAddress("127.0.0.2", "wlan9"))
    dialog.begin()
    before = reached(qtbot, dialog)
    assert before.url != first.url, "each page has a token of its own"
    assert dialog.networks.itemText(1) == "wlan9 (127.0.0.2)"
    dialog.networks.setCurrentIndex(1)
    dialog.networks.activated.emit(1)
    other = reached(qtbot, dialog)
    assert other.url.startswith("https://127.0.0.2:")
    assert port_of(before.url) not in listening_ports()
    networks[:] = [OwnAddress("192.0.2.77", "gone")]
    dialog.begin()
    qtbot.waitUntil(lambda: said.CANNOT_OPEN in dialog.problem.text(), timeout=_TIMEOUT_MS)
    assert dialog.again_button.isVisible()


def test_without_encryption_only_when_asked(qtbot: QtBot, dialog: PhoneDialog) -> None:
    reached(qtbot, dialog)
    dialog.plain.click()
    phone = reached(qtbot, dialog)
    assert phone.url.startswith("http://")
    assert not dialog.fingerprint.isVisible()
    assert escape(said.PLAIN_STEPS[2]) in dialog.steps.text()
    assert phone.begin().status == 200


def test_what_came_of_a_silent_phone_is_offered(qtbot: QtBot, dialog: PhoneDialog) -> None:
    phone = reached(qtbot, dialog)
    phone.begin()
    phone.send(1)
    qtbot.waitUntil(dialog.use_button.isVisible, timeout=_TIMEOUT_MS)
    dialog._follow(dialog._number, PhoneState(PhoneStage.SILENT, 1))
    assert said.SILENT in dialog.problem.text()
    assert dialog.news.text() == said.CAME.of(1)
    assert dialog.again_button.isVisible()
    with qtbot.waitSignal(dialog.came) as came:
        dialog.use_button.click()
    assert came.args is not None
    assert len(came.args[0].pictures) == 1
    came.args[0].discard()


def test_a_late_word_of_a_page_that_is_closed_is_dropped(qtbot: QtBot, dialog: PhoneDialog) -> None:
    reached(qtbot, dialog)
    dialog._follow(dialog._number - 1, PhoneState(PhoneStage.FAILED))
    assert not dialog.problem.isVisible()


def test_where_the_camera_is_shown_the_phone_is_offered(
    qtbot: QtBot, page: CheckPage, script: Script
) -> None:
    page.phone.find = lambda: [HERE]
    page.show_camera()
    page.camera.phone_button.click()
    dialog = page.phone.dialog
    assert dialog is not None
    assert page.state is CheckState.EMPTY
    assert not page.camera.is_camera_on
    reached(qtbot, dialog)
    dialog.reject()
    del script


@pytest.mark.parametrize("percent", [100, 200])
def test_nothing_is_cut(
    qtbot: QtBot, qapp: QApplication, networks: list[OwnAddress], percent: int
) -> None:
    apply_scheme(qapp, Scheme.LIGHT, percent)
    networks.append(OwnAddress("127.0.0.2", "Ethernet of the dock"))
    dialog = PhoneDialog(lambda: networks)
    qtbot.addWidget(dialog)
    dialog.show()
    reached(qtbot, dialog)
    qtbot.wait(30)
    longest = "https://192.168.178.123:54321/" + 10 * "m" + "/"
    proof = ":".join(32 * ["DD"])
    dialog._follow(dialog._number, PhoneState(PhoneStage.WAITING, 0, longest, proof))
    qtbot.wait(30)
    assert cut_words(dialog) == []
    bar = dialog.area.horizontalScrollBar()
    assert bar is not None
    assert bar.maximum() == 0
    for state in (PhoneState(PhoneStage.SILENT, 3), PhoneState(PhoneStage.FAILED)):
        dialog._follow(dialog._number, state)
        qtbot.wait(30)
        assert cut_words(dialog) == []
    dialog.reject()


def test_the_systems_addresses_are_ones_that_a_phone_can_reach(qapp: QApplication) -> None:
    for one in own_addresses():
        assert is_of_a_home_network(one.address)
        assert not one.address.startswith("127.")
    del qapp
