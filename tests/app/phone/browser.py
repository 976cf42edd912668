"""A real browser without a screen, whose camera shows a film; driven by its DevTools protocol."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import aiohttp
import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
_WAIT_S = 30.0
_LOOK_S = 0.05
_FPS, _FILM_S = 5, 12


def write_film(photo: Path, film: Path) -> None:
    """Write a film (Y4M) of somebody who sways a little, as everybody does.

    No two pictures are alike, and it is longer than any series, since it begins again.
    """
    picture = cv2.imread(str(photo))
    assert picture is not None
    height, width = picture.shape[:2]
    noise = np.asarray(np.random.default_rng(8).normal(0, 2, picture.shape), np.float32)
    with film.open("wb") as stream:
        stream.write(f"YUV4MPEG2 W{width} H{height} F{_FPS}:1 Ip A1:1 C420jpeg\n".encode())
        for number in range(_FILM_S * _FPS):
            shift_px = 4 * np.sin(number / _FPS)
            move = np.array([[1, 0, shift_px], [0, 1, 0]], np.float64)
            moved = cv2.warpAffine(picture, move, (width, height), borderMode=cv2.BORDER_REPLICATE)
            grainy = moved + np.roll(noise, 7 * number, axis=0)
            noisy = np.asarray(np.clip(grainy, 0, 255), np.uint8)
            stream.write(b"FRAME\n" + cv2.cvtColor(noisy, cv2.COLOR_BGR2YUV_I420).tobytes())


class Tab:
    """One page of a browser.

    Attributes
    ----------
    asked
        Every address that the page asked for.
    complaints
        What its console was told that is no plain word.
    """

    def __init__(self, line: aiohttp.ClientWebSocketResponse) -> None:
        self._line, self._number = line, 0
        self.asked: list[str] = []
        self.complaints: list[str] = []

    async def call(self, method: str, **parameters: object) -> dict[str, Any]:
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters}
        await self._line.send_str(json.dumps(asked))
        while True:
            told = json.loads((await self._line.receive(timeout=_WAIT_S)).data)
            if told.get("id") == self._number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result
            self._note(told.get("method"), told.get("params", {}))

    async def value(self, script: str) -> Any:
        told = await self.call("Runtime.evaluate", expression=script, userGesture=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    async def until(self, script: str) -> None:
        async with asyncio.timeout(_WAIT_S):
            while not await self.value(script):
                await asyncio.sleep(_LOOK_S)

    async def click(self, name: str) -> None:
        await self.until(f"!document.getElementById('{name}').disabled")
        await self.value(f"document.getElementById('{name}').click()")

    def _note(self, method: str | None, told: dict[str, Any]) -> None:
        if method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(str(told["entry"]["text"]))


@asynccontextmanager
async def open_tab(folder: Path, film: Path | None = None) -> AsyncIterator[Tab]:
    """Open a browser of its own with one page, whose camera shows the film if there is one."""
    assert CHROMIUM is not None
    profile = folder / "profile"
    command = [
        CHROMIUM,
        "--headless=new",
        "--no-first-run",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
        "--ignore-certificate-errors",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--user-data-dir={profile}",
        "--remote-debugging-port=0",
        "about:blank",
    ]
    if film is not None:
        command.insert(-1, f"--use-file-for-fake-video-capture={film}")
    if sys.platform == "linux" and os.geteuid() == 0:
        command.insert(1, "--no-sandbox")
    browser = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder
    )
    try:
        port = profile / "DevToolsActivePort"
        async with asyncio.timeout(_WAIT_S):
            while not port.exists() or "\n" not in port.read_text():
                assert browser.poll() is None, "the browser has ended"
                await asyncio.sleep(_LOOK_S)
        async with aiohttp.ClientSession(trust_env=False) as session:
            devtools = f"http://127.0.0.1:{port.read_text().splitlines()[0]}/json/list"
            async with session.get(devtools) as answer:
                pages = [one for one in await answer.json() if one["type"] == "page"]
            async with session.ws_connect(pages[0]["webSocketDebuggerUrl"], max_msg_size=0) as line:
                tab = Tab(line)
                for part in ("Network", "Runtime", "Log", "Page"):
                    await tab.call(f"{part}.enable")
                yield tab
    finally:
        browser.terminate()
        try:
            browser.wait(10)
        except subprocess.TimeoutExpired:
            browser.kill()
            browser.wait()
