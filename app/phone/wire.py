"""Takes connections for the phone's page: only so many at once, and none that stays silent.

aiohttp by itself would let any number of them stay silent for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aiohttp.web import Server

from app.phone.address import is_of_a_home_network

if TYPE_CHECKING:
    import socket
    import ssl

    from aiohttp.web import BaseRequest, Response
    from aiohttp.web_protocol import RequestHandler

    from app.phone.answers import PhoneAnswers
    from app.phone.gathering import PhoneBounds

#: For the last answer to reach the phone before the connection goes.
_FAREWELL_S, _FLUSH_S = 0.5, 0.03
#: What a refused upload still sends is read and thrown away for so long, that the answer is heard.
_LINGER_S = 2.0
#: No request of the page has longer lines, or as many.
_LINE_BYTES, _LINES = 4096, 64
#: How long to wait where the system has no room for another connection.
_NO_ROOM_S = 0.25


@dataclass(slots=True, eq=False)
class _Line:
    """A connection: since when it has rested, and whether it has ended."""

    rested_s: float
    is_busy: bool = False
    ended: asyncio.Event = field(default_factory=asyncio.Event)


class PhoneWire(Server):
    """Connections to one listening socket; made and used in a running loop.

    Parameters
    ----------
    context
        Encrypts them, or None.
    """

    def __init__(
        self, answers: PhoneAnswers, bounds: PhoneBounds, context: ssl.SSLContext | None
    ) -> None:
        self._loop_ = asyncio.get_running_loop()
        # Of what is no request nothing is logged: anybody on the network could fill a disk.
        silent = logging.Logger("phone", logging.CRITICAL + 1)
        super().__init__(
            self._answer,
            loop=self._loop_,
            logger=silent,
            access_log=None,
            auto_decompress=False,
            keepalive_timeout=bounds.stalled_s,
            lingering_time=_LINGER_S,
            max_line_size=_LINE_BYTES,
            max_field_size=_LINE_BYTES,
            max_headers=_LINES,
        )
        self._answers, self._bounds, self._context = answers, bounds, context
        self._lines: dict[object, _Line] = {}
        self._from: Counter[str] = Counter()

    def connection_lost(self, handler: RequestHandler, exc: BaseException | None = None) -> None:
        """Know that a connection has ended."""
        super().connection_lost(handler, exc)
        line = self._lines.get(handler)
        if line is not None:
            line.ended.set()

    async def take_connections(self, listener: socket.socket) -> None:
        """Take as many connections at once as are allowed, and close the others; until cancelled.

        Those that are being answered have a moment to end.
        """
        tasks: set[asyncio.Task[None]] = set()
        try:
            while True:
                try:
                    connection, (peer, _) = await self._loop_.sock_accept(listener)
                except OSError:  # too many files are open, or the caller has gone already
                    await asyncio.sleep(_NO_ROOM_S)
                    continue
                if not self._has_room(peer) or not is_of_a_home_network(peer):
                    connection.close()
                    continue
                self._from[peer] += 1
                task = asyncio.create_task(self._attend(connection, peer))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
        finally:
            listener.close()
            await self._say_goodbye()
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.shutdown(0)

    def _has_room(self, peer: str) -> bool:
        bounds = self._bounds
        is_full = self._from.total() >= bounds.connections
        return not is_full and self._from[peer] < bounds.from_one_address

    async def _say_goodbye(self) -> None:
        until_s = self._loop_.time() + _FAREWELL_S
        while any(line.is_busy for line in self._lines.values()):
            if self._loop_.time() > until_s:
                return
            await asyncio.sleep(_FLUSH_S)
        await asyncio.sleep(_FLUSH_S)

    async def _attend(self, connection: socket.socket, peer: str) -> None:
        """See to one connection until it ends, or has been silent for too long."""
        protocol, line = self(), _Line(self._loop_.time())
        self._lines[protocol] = line
        handshake_s = None if self._context is None else self._bounds.stalled_s
        try:
            transport, _ = await self._loop_.connect_accepted_socket(
                lambda: protocol,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=handshake_s,
            )
            line.rested_s = self._loop_.time()
            try:
                await self._watch(line)
            finally:
                # Python 3.11.2 falls over one that was closed twice.
                with suppress(AttributeError):
                    transport.abort()
        except OSError:
            connection.close()  # it spoke no TLS, or has gone
        finally:
            del self._lines[protocol]
            self._from[peer] -= 1
            if not self._from[peer]:
                del self._from[peer]

    async def _watch(self, line: _Line) -> None:
        stalled_s = self._bounds.stalled_s
        while True:
            left_s = line.rested_s + stalled_s - self._loop_.time()
            if left_s <= 0 and not line.is_busy:
                return
            try:
                async with asyncio.timeout(left_s if left_s > 0 else stalled_s):
                    await line.ended.wait()
            except TimeoutError:
                continue
            return

    async def _answer(self, request: BaseRequest) -> Response:
        line = self._lines.get(request.protocol)
        if line is None:  # it is being closed
            raise ConnectionResetError
        line.is_busy = True
        try:
            return await self._answers.answer(request)
        finally:
            line.is_busy, line.rested_s = False, self._loop_.time()
