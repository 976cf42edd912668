"""The page in a real browser with a made-up camera, if one is installed."""

from __future__ import annotations

import asyncio
import re
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from app.phone import words
from app.phone.gathering import PhonePace, PhoneStage
from tests.app.phone.browser import CHROMIUM, open_tab, write_film
from tests.app.phone.scripted_phone import SIDE, ScriptedPhone, Told, opened
from vision import measure_photo
from vision.result import Measured
from vision.series import Series, assess_series

if TYPE_CHECKING:
    from tests.app.phone.browser import Tab

PAGE = Path(words.__file__).parent / "page"
#: The computer says how fast the page goes; nobody on the network can.
QUICK = PhonePace(first_s=1.0, pause_s=0.4)
#: How a phone tells its turn (W3C Device Orientation), held upright: by 5 degrees against the
#: clock, as somebody sees it who looks at the screen, and so on.
LEVELS = (
    (85, -90, "level_right"),
    (85, 90, "level_left"),
    (80, 0, "level_upright"),
    (90, 0, "level_good"),
    (89.5, -90, "level_good"),
)
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium (apt-get install)")


def test_the_page_asks_for_every_sentence_and_there_is_no_other() -> None:
    html = (PAGE / "phone.html").read_text("utf-8")
    script = (PAGE / "phone.js").read_text("utf-8")
    asked = set(re.findall(r'data-say="(\w+)"', html)) | set(re.findall(r"words\.(\w+)", script))
    assert asked == set(words.PAGE)


def test_nothing_in_the_page_is_from_elsewhere() -> None:
    for file in PAGE.iterdir():
        assert "//" not in re.sub(r"^\s*//.*|/\*.*\*/", "", file.read_text("utf-8"), flags=re.M)
        assert "style=" not in file.read_text("utf-8"), "the page's own rule forbids it"


async def _take_series(tab: Tab, url: str) -> None:
    await tab.call("Page.navigate", url=url)
    await tab.until("document.body && document.body.dataset.state === 'ready'")
    await tab.click("go")
    await tab.until("!document.getElementById('camera').hidden")
    for beta, gamma, sentence in LEVELS:
        await tab.value(f"showLevel({{beta: {beta}, gamma: {gamma}}})")
        said = await tab.value("document.querySelector('#level span').textContent")
        assert said == words.PAGE[sentence], (beta, gamma)
    await tab.click("begin")
    await tab.until("document.body.dataset.state === 'done'")


@needs_browser
def test_five_pictures_by_a_real_browser_give_a_number(tmp_path: Path) -> None:
    film = tmp_path / "sways.y4m"
    write_film(SIDE, film)

    async def drive(url: str, told: Told) -> tuple[float, Tab]:
        async with open_tab(tmp_path, film) as tab:
            began_s = time.perf_counter()
            await _take_series(tab, url)
            await asyncio.to_thread(told.wait_for, PhoneStage.FINISHED)
            return began_s, tab

    with opened(pace=QUICK) as (server, phone, told):
        began_s, tab = asyncio.run(drive(phone.url, told))
        came = server.finish()
    taken_s = time.perf_counter() - began_s
    assert len(came.pictures) == 5
    moments = [picture.taken_at for picture in came.pictures]
    assert moments == sorted(moments)
    results = [measure_photo(picture.path) for picture in came.pictures]
    all_s = time.perf_counter() - began_s
    came.discard()
    assert all(isinstance(result, Measured) for result in results)
    series = assess_series(results)
    assert isinstance(series, Series)
    assert series.count == 5
    paced = PhonePace()
    waited_s = QUICK.first_s + 4 * QUICK.pause_s
    real_s = all_s - waited_s + paced.first_s + 4 * paced.pause_s
    print(
        f"from opening the page to the number {series.tilt.angle_deg:.1f} deg: {all_s:.1f} s, of "
        f"which {taken_s:.1f} s until all five had come; at the usual pace {real_s:.1f} s"
    )
    assert real_s < 60
    assert tab.complaints == []
    assert [url for url in tab.asked if not url.startswith((phone.url, "data:"))] == []


@needs_browser
def test_single_pictures_go_over_a_plain_connection_and_a_second_phone_is_told(
    tmp_path: Path,
) -> None:
    async def drive(url: str) -> None:
        # As on a network, where a page without encryption gets no camera.
        async with open_tab(tmp_path) as tab:
            hide = "Object.defineProperty(window, 'isSecureContext', {value: false});"
            await tab.call("Page.addScriptToEvaluateOnNewDocument", source=hide)
            await tab.call("Page.navigate", url=url)
            await tab.until("document.body && document.body.dataset.state === 'ready'")
            assert (
                await tab.value("document.getElementById('why').textContent")
                == (words.PAGE["no_camera"])
            )
            assert await tab.value("!document.getElementById('plain').hidden")
            root = (await tab.call("DOM.getDocument"))["root"]["nodeId"]
            found = await tab.call("DOM.querySelector", nodeId=root, selector="#file")
            for count in (1, 2):
                await tab.call("DOM.setFileInputFiles", nodeId=found["nodeId"], files=[str(SIDE)])
                arrived = words.PAGE["sent_of"].format(number=count, pictures=count)
                await tab.until(f"document.getElementById('news').textContent === '{arrived}'")
            second = ScriptedPhone(url)
            assert second.begin().text.strip() == words.ANOTHER_PHONE
            await tab.click("finish")
            await tab.until("document.body.dataset.state === 'done'")

    with opened(is_encrypted=False) as (server, phone, told):
        asyncio.run(drive(phone.url))
        told.wait_for(PhoneStage.FINISHED)
        came = server.finish()
        assert [picture.path.read_bytes() for picture in came.pictures] == [SIDE.read_bytes()] * 2
        came.discard()
