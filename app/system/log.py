"""The log: small files that tell what failed, without names, notes or anybody's files."""

from __future__ import annotations

import builtins
import faulthandler
import logging
import os
import platform
import re
import traceback
from contextlib import suppress
from copy import copy
from logging.handlers import RotatingFileHandler
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from app.settings import FOLDER_NAME
from vision._version import __version__
from vision.atomic_write import close_folder, close_to_others, make_own_folder, open_private

if TYPE_CHECKING:
    from types import TracebackType

WINDOW_LOG, REMINDER_LOG = "beltline.log", "reminder.log"
_CRASHES = "beltline_crash.log"
#: Three files of each, the newest and two before it.
_MOST_BYTES, _OLDER_FILES = 256 * 1024, 2
_ROOT = Path(__file__).parents[2]
_LETTERS_MAX = 400
#: What these say of code, such as the name of an attribute, tells nothing about a person.
_ABOUT_CODE = (AttributeError, TypeError, NameError, ImportError, RuntimeError)
_QUOTES = "'\"`\u2018\u2019\u201c\u201d\u00ab\u00bb"
#: From the first quote of a line to its last: a name may hold an apostrophe.
_QUOTED = re.compile(f"[{_QUOTES}].*[{_QUOTES}]")
#: What begins like somebody's name, or has letters that our sentences do not have.
_MAYBE_NAME = re.compile(r"\b[A-Z]\w*|\w*[^\W\x00-\x7f]\w*")
_LEFT_OUT = "…"
#: One word between quotes, as Python says what in the code it means.
_NAME_OF_CODE = re.compile(r"'([A-Za-z_][\w.]*)'(?!\w)")
_KNOWN_NAMES = frozenset((*dir(builtins), "NoneType", "function", "method", "module"))
#: An address with whatever it may hold, such as a password.
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,20}://[^\s'\"]+")
#: Two folders or more, with spaces in their names; one alone may be part of "and/or".
_PATH = re.compile(r"(?:[A-Za-z]:|~)?(?:[\\/][^\s\\/'\",:;][^\\/'\",:;\n]*){2,}[\\/]?")
#: A file without its folder.
_FILE = re.compile(
    r"(?<![^\s'\"<>:;,()])[^\s'\"<>:;,()]+\.(?:jpe?g|jfif|png|hei[cf]|avif|webp|tiff?|bmp|gif|mp4|mov|avi|mkv|webm"
    r"|csv|json|zip|pdf)\b",
    re.IGNORECASE,
)
#: Python's own way to say where something happened.
_PLACE = re.compile(r'File "([^"\n]+)"')
_log = logging.getLogger(__name__)


def log_folder() -> Path:
    """Return where the logs are, in this user's state folder."""
    from platformdirs import user_log_path

    return user_log_path(FOLDER_NAME, appauthor=False)


def log_to_file(name: str) -> Path | None:
    """Have everything logged in a file that stays small; return it, or None without one."""
    folder = log_folder()
    path = folder / name
    handler: logging.Handler = logging.StreamHandler()
    has_file = False
    try:
        make_own_folder(folder)
        close_folder(folder)
        if folder.parent.name == FOLDER_NAME:
            close_to_others(folder.parent)
        handler = _PrivateFiles(
            path, maxBytes=_MOST_BYTES, backupCount=_OLDER_FILES, encoding="utf-8"
        )
        has_file = True
    except OSError as error:
        _log.debug("No log file: %s", error)
    handler.setFormatter(DiscreetFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    # What a person is told in a sentence stands there in the words of the database.
    logging.getLogger("app.history").setLevel(logging.INFO)
    handler.handle(_begin_record())
    return path if has_file else None


def note_crashes() -> None:
    """Have Python write where it was when the process is ended by a fault in a library.

    What it wrote the last time goes into the log.
    """
    path = log_folder() / _CRASHES
    with suppress(OSError):
        if path.exists() and (before := path.read_text("utf-8", "replace")).strip():
            _log.critical("The program was ended by a fault the last time:\n%s", before)
        # Open as long as the process lives: a fault leaves no time to open it.
        faulthandler.enable(open_private(path, "w", encoding="utf-8"))


def read_log(name: str = WINDOW_LOG) -> str:
    """Return all that is in a log, oldest first."""
    files = [log_folder() / f"{name}.{number}" for number in range(_OLDER_FILES, 0, -1)]
    parts = []
    for path in (*files, log_folder() / name):
        with suppress(OSError):
            parts.append(path.read_text("utf-8", "replace"))
    return "".join(parts)


class _PrivateFiles(RotatingFileHandler):
    """Files that only their owner reads."""

    def _open(self) -> Any:
        return open_private(Path(self.baseFilename), self.mode, encoding=self.encoding)


class DiscreetFormatter(logging.Formatter):
    """Leaves out what may be somebody's: folders, names of files, quoted words of data."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record, whatever another log has made of its error before."""
        record = copy(record)
        record.exc_text = None
        if isinstance(record.args, tuple):
            record.args = tuple(map(_argument, record.args))
        return super().format(record)

    def formatStack(self, stack_info: str) -> str:
        """Return where the program was."""
        return discreet(stack_info)

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without paths."""
        return discreet(super().formatMessage(record))

    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        """Return where an error came from and of what kind it is."""
        error = ei[1]
        return "" if error is None else "\n".join(_told(error))


def discreet(text: str) -> str:
    """Return text in which no path tells more than where in the program it lies."""
    placed = _PLACE.sub(lambda found: f"File <{_short(found[1])}>", text)
    return _FILE.sub("<file>", _PATH.sub("<path>", _ADDRESS.sub("<address>", placed)))


def _argument(said: object) -> object:
    """Return what a message tells of something: numbers and words of ours stay."""
    if isinstance(said, BaseException):
        return f"{type(said).__name__}: {_message_of(said)}"
    return "<path>" if isinstance(said, PurePath) else said


def _told(error: BaseException) -> list[str]:
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    lines = [*_told(before), "Then:"] if before is not None else []
    lines += [discreet(line.rstrip()) for line in traceback.format_tb(error.__traceback__)]
    return [*lines, f"{type(error).__name__}: {_message_of(error)}"]


def _message_of(error: BaseException) -> str:
    """Return what an error says, as far as it cannot hold what somebody wrote."""
    if isinstance(error, OSError):
        return discreet(error.strerror or "")
    # What databases and validators add on further lines is data.
    first = str(error).partition("\n")[0][: 2 * _LETTERS_MAX]
    known, parts = frozenset[str](), list[str]()
    if isinstance(error, _ABOUT_CODE):
        known = _KNOWN_NAMES | _names_at(error)
        parts = _NAME_OF_CODE.split(first)
    parts = parts or [first]
    kept = [f"'{name}'" if name in known else _LEFT_OUT for name in parts[1::2]]
    between = [_QUOTED.sub(_LEFT_OUT, part) for part in parts[::2]]
    said = "".join(part for pair in zip(between, [*kept, ""], strict=True) for part in pair)
    words = _MAYBE_NAME.sub(lambda word: word[0] if word[0] in known else _LEFT_OUT, said)
    return discreet(words)[:_LETTERS_MAX]


def _names_at(error: BaseException) -> frozenset[str]:
    """Return the names that stand in the code where an error came from."""
    names = {str(getattr(error, "name", None)), type(getattr(error, "obj", None)).__name__}
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        names |= {*code.co_names, *code.co_varnames, *code.co_freevars}
        trace = trace.tb_next
    return frozenset(names)


def _short(path: str) -> str:
    """Return a file of the program or of a library without the folders above."""
    for above in (f"{_ROOT}{os.sep}", f"site-packages{os.sep}"):
        _, found, rest = path.rpartition(above)
        if found:
            return rest.replace(os.sep, ".")
    return Path(path).name


def _begin_record() -> logging.LogRecord:
    said = f"Beltline {__version__}, Python {platform.python_version()}, {platform.system()}"
    return logging.LogRecord(__name__, logging.INFO, "", 0, said, None, None)
