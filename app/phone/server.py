"""Serves one phone the page on one address of this computer, on a thread of its own.

aiohttp and the certificate's library are loaded there, when a phone is first wanted.
"""

from __future__ import annotations

import asyncio
import logging
import socket
from dataclasses import dataclass, replace
from threading import Lock, Thread
from time import monotonic
from typing import TYPE_CHECKING

from app.phone.gathering import Gathering, PhoneBounds, PhonePace, PhonePictures, PhoneStage

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from app.phone.answers import PhoneAnswers

_log = logging.getLogger(__name__)
_LOOK_S = 0.25
_JOIN_S = 5.0
_WAITING_CONNECTIONS = 16


@dataclass(frozen=True, slots=True)
class PhoneState:
    """How far it is, at a moment.

    Attributes
    ----------
    url
        The page's address with its token; empty before there is one.
    fingerprint
        The certificate's; empty without one.
    """

    stage: PhoneStage
    came: int = 0
    url: str = ""
    fingerprint: str = ""


class PhoneServer:
    """A page for one phone, once.

    Parameters
    ----------
    address
        Of this computer, IPv4: listened on alone.
    told
        Called with each new :class:`PhoneState`, on any thread.
    is_encrypted
        By HTTPS, or in the open.
    clock
        Seconds, for how long a phone has been silent.
    """

    def __init__(
        self,
        address: str,
        told: Callable[[PhoneState], None],
        *,
        is_encrypted: bool = True,
        pace: PhonePace | None = None,
        bounds: PhoneBounds | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._address, self._told_state = address, told
        self._is_encrypted = is_encrypted
        self._pace = pace if pace is not None else PhonePace()
        self._gathering = Gathering(bounds, clock)
        self._state = PhoneState(PhoneStage.STARTING)
        self._came: PhonePictures | None = None
        self._lock = Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_wanted: asyncio.Event | None = None
        self._thread = Thread(target=self._run, name="phone", daemon=True)

    @property
    def state(self) -> PhoneState:
        """How far it is."""
        return self._state

    def start(self) -> None:
        """Begin to listen; whether that worked is told."""
        self._thread.start()

    def finish(self) -> PhonePictures:
        """Stop listening and return what has come, whose folder is the caller's to delete."""
        if self._came is not None:
            return self._came
        self._came = self._gathering.hand_over()
        with self._lock:
            if self._loop is not None and self._is_wanted is not None:
                self._loop.call_soon_threadsafe(self._is_wanted.set)
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)
        return self._came

    def stop(self) -> None:
        """Stop listening and delete what has come, unless somebody has it."""
        if self._came is None:
            self.finish().discard()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception:
            _log.exception("The page for a phone failed")
            self._gathering.close(PhoneStage.FAILED)
        self._gathering.close()
        self._tell()

    def _tell(self) -> None:
        gathering, before = self._gathering, self._state
        self._state = replace(before, stage=gathering.stage, came=gathering.came)
        if self._state != before:
            self._told_state(self._state)

    async def _serve(self) -> None:
        """Listen until it is over."""
        is_over = asyncio.Event()
        with self._lock:
            if self._gathering.is_over:
                return
            self._loop, self._is_wanted = asyncio.get_running_loop(), is_over
        try:
            with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
                listener.setblocking(False)
                listener.bind((self._address, 0))
                answers, context = await asyncio.to_thread(self._make, listener)
                await self._listen(listener, answers, context, is_over)
        except OSError as error:
            # The network may have gone since its address was read.
            _log.info("No page for a phone: %s", type(error).__name__)
            self._gathering.close(PhoneStage.FAILED)
        finally:
            with self._lock:
                self._loop = self._is_wanted = None

    async def _listen(
        self,
        listener: socket.socket,
        answers: PhoneAnswers,
        context: ssl.SSLContext | None,
        is_over: asyncio.Event,
    ) -> None:
        from app.phone.wire import PhoneWire

        wire = PhoneWire(answers, self._gathering.bounds, context)
        listener.listen(_WAITING_CONNECTIONS)
        self._gathering.open()
        self._tell()
        taking = asyncio.create_task(wire.take_connections(listener))
        waiting = asyncio.create_task(self._wait(is_over))
        await asyncio.wait({taking, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if taking.done():
            taking.result()  # it ends by itself with a bug alone
        for task in (taking, waiting):
            task.cancel()
        await asyncio.gather(taking, waiting, return_exceptions=True)

    def _make(self, listener: socket.socket) -> tuple[PhoneAnswers, ssl.SSLContext | None]:
        """Load what is needed, which takes a moment, and make what answers."""
        from app.phone.answers import PhoneAnswers
        from app.phone.certificate import make_certificate

        certificate = make_certificate(self._address) if self._is_encrypted else None
        host = f"{self._address}:{listener.getsockname()[1]}"
        scheme = "http" if certificate is None else "https"
        url = f"{scheme}://{host}/{self._gathering.token}/"
        proof = "" if certificate is None else certificate.fingerprint
        self._state = replace(self._state, url=url, fingerprint=proof)
        answers = PhoneAnswers(self._gathering, self._pace, host, self._is_encrypted, self._tell)
        return answers, None if certificate is None else certificate.context

    async def _wait(self, is_over: asyncio.Event) -> None:
        """Wait until somebody has had enough, or the phone has been silent for too long."""
        while not self._gathering.look_at_the_clock():
            try:
                async with asyncio.timeout(_LOOK_S):
                    await is_over.wait()
            except TimeoutError:
                continue
            return
