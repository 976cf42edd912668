"""How one person's Beltline processes start and find each other on this computer.

No network is used: one line of text at a time goes each way. A lock file says who may listen:
it outlives no process, so whatever a killed one left behind is cleared away by the next.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import os
import signal
import socket
import stat
import sys
import tempfile
import time
from contextlib import suppress
from enum import StrEnum
from pathlib import Path

from PyQt6 import sip
from PyQt6.QtCore import QLockFile, QObject, QProcess, QSocketNotifier, pyqtSignal
from PyQt6.QtNetwork import QLocalServer, QLocalSocket

from app.settings import default_path
from app.system import shell
from vision.atomic_write import close_to_others

_log = logging.getLogger(__name__)
#: Where the program lies: started there, it is found, installed or not.
FOLDER = Path(__file__).parents[2]
#: The system allows a socket's path no more than 104 to 108 bytes.
_LONGEST_PATH = 100
#: Nothing that is said here comes near it, not even the names of some hundred photographs.
_LONGEST_LINE = 1_000_000
#: How long a process that has just taken the lock may need until it listens.
_STARTING_S, _AGAIN_S = 1.0, 0.05


class Endpoint(StrEnum):
    """What is looked for."""

    WINDOW = "window"
    REMINDER = "reminder"


def address_of(endpoint: Endpoint) -> str:
    """Return the name to listen or connect to, for this person and this settings folder.

    Raises
    ------
    OSError
        If there is no folder that belongs to this person alone.
    """
    folder = os.fsencode(default_path().parent.resolve())
    name = f"{endpoint.value}-{hashlib.sha256(folder).hexdigest()[:12]}"
    if sys.platform == "win32":
        return f"beltline-{getpass.getuser()}-{name}"
    return str(_own_folder(len(name)) / name)


def _own_folder(name_length: int) -> Path:
    """Return a folder nobody else can put anything in, made now if need be."""
    user = os.getuid()
    places = (os.environ.get("XDG_RUNTIME_DIR"), tempfile.gettempdir(), "/tmp")
    for place in filter(None, places):
        folder = Path(place) / f"beltline-{user}"
        if not Path(place).is_dir() or len(os.fsencode(folder)) + name_length > _LONGEST_PATH:
            continue
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != user or found.st_mode & 0o077:
            raise PermissionError(f"{folder} is open to other people")
        return folder
    raise FileNotFoundError("there is no folder for sockets")


class IpcServer(QObject):
    """Listens for other processes of the same person."""

    came = pyqtSignal(QLocalSocket)
    left = pyqtSignal()
    #: Who said it, and one line without its end.
    received = pyqtSignal(QLocalSocket, bytes)

    def __init__(self, endpoint: Endpoint, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._endpoint = endpoint
        self._lock: QLockFile | None = None
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._welcome)
        self.clients: list[QLocalSocket] = []

    def open(self) -> bool:
        """Listen, unless another process does already; tell which.

        Raises
        ------
        OSError
            If this system has no place to listen at.
        """
        address = address_of(self._endpoint)
        lock = QLockFile(_lock_path(address))
        # Only whether its process is alive counts, however old it is.
        lock.setStaleLockTime(0)
        if not lock.tryLock(0) and not (_is_deserted(address) and lock.tryLock(0)):
            return False
        QLocalServer.removeServer(address)
        if not self._server.listen(address):
            lock.unlock()
            raise OSError(self._server.errorString())
        if sys.platform != "win32":
            close_to_others(Path(_lock_path(address)))
        self._lock = lock
        return True

    def send(self, client: QLocalSocket, line: bytes) -> None:
        """Say one line to one process; one that never reads is left."""
        if client.bytesToWrite() > _LONGEST_LINE:
            client.abort()
            return
        client.write(line + b"\n")
        client.flush()

    def send_all(self, line: bytes) -> None:
        """Say one line to everybody."""
        for client in tuple(self.clients):
            self.send(client, line)

    def close(self) -> None:
        """Listen no longer, and let the next process do so."""
        clients, self.clients = self.clients, []
        for client in clients:
            client.disconnectFromServer()
        self._server.close()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _welcome(self) -> None:
        while (client := self._server.nextPendingConnection()) is not None:
            self.clients.append(client)
            client.readyRead.connect(lambda client=client: self._hear(client))
            client.disconnected.connect(lambda client=client: self._lose(client))
            self.came.emit(client)
            self._hear(client)

    def _hear(self, client: QLocalSocket) -> None:
        for line in lines_of(client):
            self.received.emit(client, line)

    def _lose(self, client: QLocalSocket) -> None:
        if client in self.clients:
            self.clients.remove(client)
            self.left.emit()
        client.deleteLater()


def lines_of(socket: QLocalSocket) -> list[bytes]:
    """Return the whole lines that have come; who writes without end is left."""
    lines = []
    while socket.canReadLine():
        lines.append(socket.readLine().data().rstrip(b"\r\n"))
    if socket.bytesAvailable() > _LONGEST_LINE:
        _log.info("Somebody wrote a line without end; the connection is closed.")
        socket.abort()
    return lines


def ask(endpoint: Endpoint, line: bytes, timeout_ms: int) -> bytes | None:
    """Say one line and wait for one; None where nobody listens, or answers in time.

    For processes that have no window yet: nothing else happens meanwhile.
    """
    try:
        address = address_of(endpoint)
    except OSError:
        return None
    socket = QLocalSocket()
    socket.connectToServer(address)
    if not socket.waitForConnected(timeout_ms):
        return None
    socket.write(line + b"\n")
    until_s = time.monotonic() + timeout_ms / 1000
    while not socket.canReadLine():
        left_ms = round(1000 * (until_s - time.monotonic()))
        if left_ms <= 0 or not socket.waitForReadyRead(left_ms):
            return None
    answer = socket.readLine().data().rstrip(b"\r\n")
    socket.disconnectFromServer()
    return answer


def interpreter() -> str:
    """Return the Python to start other processes of the program with."""
    if sys.platform == "win32":
        # The other one opens a black window.
        without_console = Path(sys.executable).with_name("pythonw.exe")
        if without_console.exists():
            return str(without_console)
    return sys.executable


def reminder_command() -> tuple[str, ...]:
    """Return what starts the reminder, to be run in :data:`FOLDER`."""
    return interpreter(), "-m", "app.tray", "--quiet"


def start_reminder() -> bool:
    """Start the reminder, which outlives this process; tell whether that was possible."""
    return start_detached(*reminder_command())


def start_window(page: str = "") -> bool:
    """Open the window, or show the one that is open; tell whether that was possible."""
    return start_detached(interpreter(), "-m", "app", *(("--page", page) if page else ()))


def start_detached(program: str, *arguments: str) -> bool:
    """Start a program that nobody hears and that outlives this one; tell whether it began."""
    process = QProcess()
    process.setProgram(program)
    process.setArguments(arguments)
    process.setWorkingDirectory(str(FOLDER))
    for turn in (process.setStandardInputFile, process.setStandardOutputFile):
        turn(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    started, _ = process.startDetached()
    return bool(started)


def _lock_path(address: str) -> str:
    if sys.platform == "win32":
        return str(Path(tempfile.gettempdir()) / f"{address}.lock")
    return f"{address}.lock"


def _is_deserted(address: str) -> bool:
    """Tell whether nobody listens though there is a lock, and clear it away.

    Its process number may belong to another program by now.
    """
    until_s = time.monotonic() + _STARTING_S
    while True:
        socket = QLocalSocket()
        socket.connectToServer(address)
        if socket.waitForConnected(100):
            socket.abort()
            return False
        if socket.error() is QLocalSocket.LocalSocketError.SocketTimeoutError:
            return False
        if time.monotonic() > until_s:
            break
        time.sleep(_AGAIN_S)
    try:
        Path(_lock_path(address)).unlink(missing_ok=True)
    except OSError:
        return False
    return True


class EndingSignals(QObject):
    """Hears the signals that end a process, which Python sees only when Qt lets it run.

    Until all is written the process lives.
    """

    wanted = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._ear, self._mouth = socket.socketpair()
        for end in (self._ear, self._mouth):
            end.setblocking(False)
        self._before = signal.set_wakeup_fd(self._mouth.fileno(), warn_on_full_buffer=False)
        shell.hear(lambda number, _: shell.note_signal(number))
        self._notifier = QSocketNotifier(
            sip.voidptr(self._ear.fileno()), QSocketNotifier.Type.Read, self
        )
        self._notifier.activated.connect(self._tell)

    def close(self) -> None:
        """Hear no longer."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._before)
        self._ear.close()
        self._mouth.close()

    def _tell(self) -> None:
        self._ear.recv(64)
        self.wanted.emit()
