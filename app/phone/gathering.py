"""What one phone may send, and what has come of it: a token, bounds, and a folder that goes.

Knows no network, so that every bound can be tried without one.
"""

from __future__ import annotations

import math
import secrets
import shutil
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from threading import Lock
from time import monotonic, time
from typing import TYPE_CHECKING, BinaryIO

from app.phone import words

if TYPE_CHECKING:
    from collections.abc import Callable

#: Letters and digits that are not taken for one another when somebody types them.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
#: With them 49 bits: 600 s of a thousand guesses a second find one of a billion tokens.
_TOKEN_LETTERS = 10
_MB = 1_000_000
#: A picture that was chosen, not taken, may be old; beyond this a phone talks nonsense.
_OLDEST_S = 50 * 365.25 * 86_400
_PREFIX = "beltline-phone-"
#: What a program that was ended by force left behind is deleted after so long.
_LEFT_BEHIND_S = 2 * 86_400.0


@dataclass(frozen=True, slots=True)
class PhoneBounds:
    """How much a phone may send, and how long it may take.

    Attributes
    ----------
    silent_s
        Without a word from the phone for so long, it ends.
    stalled_s
        A connection that says nothing for so long is closed.
    request_s
        And one request takes at most this.
    """

    picture_bytes: int = 40 * _MB
    total_bytes: int = 240 * _MB
    pictures: int = 12
    silent_s: float = 600.0
    stalled_s: float = 10.0
    request_s: float = 120.0
    connections: int = 16
    from_one_address: int = 8


@dataclass(frozen=True, slots=True)
class PhonePace:
    """How a phone takes its pictures; the computer says so, and nobody on the network can.

    Attributes
    ----------
    pictures
        How many.
    first_s
        Before the first one, to walk into the picture.
    pause_s
        Before each of the others, to march on the spot and stand anew.
    """

    pictures: int = 5
    first_s: float = 10.0
    pause_s: float = 6.0


class PhoneStage(StrEnum):
    """How far it is with a phone."""

    STARTING = "starting"
    #: It can be reached, and nobody has begun.
    WAITING = "waiting"
    BEGUN = "begun"
    #: All pictures have come.
    FINISHED = "finished"
    #: Nobody has said a word for too long.
    SILENT = "silent"
    #: No phone can reach this computer.
    FAILED = "failed"
    CLOSED = "closed"


class Refused(Exception):
    """Something that a phone is not given, with what to tell whoever holds it."""

    def __init__(self, status: HTTPStatus, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@dataclass(frozen=True, slots=True)
class PhonePicture:
    """A picture that came, and when it was taken by this computer's clock."""

    path: Path
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class PhonePictures:
    """What came, in order; whoever has it deletes the folder.

    Attributes
    ----------
    folder
        Holds the pictures and nothing else.
    """

    folder: Path
    pictures: tuple[PhonePicture, ...]

    def discard(self) -> None:
        """Delete the pictures."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Gathering:
    """Gathers what one phone sends.

    Parameters
    ----------
    clock
        Seconds, for how long a phone has been silent.

    Attributes
    ----------
    token
        Stands in the page's address; whoever has it may begin, once.
    stage
        How far it is.
    """

    def __init__(
        self, bounds: PhoneBounds | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self.bounds = bounds if bounds is not None else PhoneBounds()
        self._clock = clock
        self.token = "".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LETTERS))
        self.stage = PhoneStage.STARTING
        self._key: str | None = None
        self._last_word_s = clock()
        _sweep()
        self._folder = Path(mkdtemp(prefix=_PREFIX))
        self._came: dict[int, PhonePicture] = {}
        self._sizes: dict[int, int] = {}
        self._lock = Lock()
        self._is_handed_over = False

    @property
    def came(self) -> int:
        """How many pictures have come."""
        return len(self._came)

    @property
    def last(self) -> int:
        """The highest number of a picture that has come; 0 before."""
        return max(self._came, default=0)

    @property
    def is_over(self) -> bool:
        """Whether nobody gets anything any more."""
        return self.stage not in (PhoneStage.STARTING, PhoneStage.WAITING, PhoneStage.BEGUN)

    def open(self) -> None:
        """Begin to wait for a phone, unless it is over already."""
        self._last_word_s = self._clock()
        if not self.is_over:
            self.stage = PhoneStage.WAITING

    def close(self, stage: PhoneStage = PhoneStage.CLOSED) -> None:
        """Give nobody anything from now on; how it ended first stays."""
        if not self.is_over:
            self.stage = stage

    def knows(self, token: str) -> bool:
        """Tell whether a token is the one, in the same time whatever it is, and note the word."""
        is_right = secrets.compare_digest(_bytes_of(token), _bytes_of(self.token))
        is_known = is_right and not self.is_over
        if is_known:
            self._last_word_s = self._clock()
        return is_known

    def is_theirs(self, key: str) -> bool:
        """Tell whether a key is that of the phone that has begun."""
        theirs = self._key
        return theirs is not None and secrets.compare_digest(_bytes_of(key), _bytes_of(theirs))

    def begin(self, key: str) -> str:
        """Have the first phone that asks be the one, and return its key.

        Parameters
        ----------
        key
            The one that it has, or nothing: a page may be loaded again.

        Raises
        ------
        Refused
            When another phone has begun.
        """
        if self._key is None:
            self._key, self.stage = secrets.token_urlsafe(24), PhoneStage.BEGUN
        elif not self.is_theirs(key):
            raise Refused(HTTPStatus.CONFLICT, words.ANOTHER_PHONE)
        return self._key

    def finish(self) -> None:
        """Take it that no more pictures are coming.

        Raises
        ------
        Refused
            When none has come.
        """
        if not self._came:
            raise Refused(HTTPStatus.CONFLICT, words.NONE_CAME)
        self.close(PhoneStage.FINISHED)

    def look_at_the_clock(self) -> bool:
        """End it if nobody has said a word for too long; tell whether it is over."""
        is_waiting = self.stage in (PhoneStage.WAITING, PhoneStage.BEGUN)
        if is_waiting and self._clock() - self._last_word_s >= self.bounds.silent_s:
            self.close(PhoneStage.SILENT)
        return self.is_over

    def expect(self, number: int, said_bytes: int | None) -> BinaryIO:
        """Return a file to write a picture to; what is written counts from the beginning.

        Parameters
        ----------
        number
            Its place among the pictures, from 1; the same one again takes its place.
        said_bytes
            How long it is said to be, or None.

        Raises
        ------
        Refused
            When it is said to be too large, or is one too many.
        """
        if not 1 <= number <= self.bounds.pictures:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_MANY)
        self.allow(number, said_bytes or 0)
        return (self._folder / f"{number}.part").open("wb")

    def allow(self, number: int, size_bytes: int) -> None:
        """Raise :class:`Refused` if a picture may not be as large as this."""
        others = sum(size for other, size in self._sizes.items() if other != number)
        if size_bytes > self.bounds.picture_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_LARGE)
        if others + size_bytes > self.bounds.total_bytes:
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_MUCH)

    def take(self, number: int, taken_at: datetime) -> None:
        """Look at a picture that was written; takes a while.

        Raises
        ------
        Refused
            When it is no picture that can be read.
        """
        from vision.image.frame import load_frame
        from vision.reasons import PhotoError

        part = self._folder / f"{number}.part"
        try:
            load_frame(part)
        except PhotoError as error:
            raise Refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, error.message) from None
        # Nothing in its name is the phone's.
        path = self._folder / words.PICTURE_NAME.format(number=number)
        with self._lock:
            if self.is_over or self._is_handed_over:
                raise Refused(HTTPStatus.FORBIDDEN, words.NOT_HERE)
            self._sizes[number] = part.stat().st_size
            part.replace(path)
            self._came[number] = PhonePicture(path, taken_at)

    def drop(self, number: int) -> None:
        """Forget what was written of a picture that did not come whole."""
        (self._folder / f"{number}.part").unlink(missing_ok=True)

    def hand_over(self) -> PhonePictures:
        """End it, and return what has come."""
        self.close()
        with self._lock:
            self._is_handed_over = True
            came = tuple(picture for _, picture in sorted(self._came.items()))
            for part in self._folder.glob("*.part"):
                part.unlink(missing_ok=True)
            return PhonePictures(self._folder, came)


def _sweep() -> None:
    """Delete pictures that a program which was ended by force could not delete."""
    for folder in Path(gettempdir()).glob(f"{_PREFIX}*"):
        with suppress(OSError):
            status = folder.lstat()
            is_ours = stat.S_ISDIR(status.st_mode) and status.st_uid == Path.home().stat().st_uid
            if is_ours and time() - status.st_mtime > _LEFT_BEHIND_S:
                shutil.rmtree(folder, ignore_errors=True)


def _bytes_of(text: str) -> bytes:
    # What came by a network may be no text at all.
    return text.encode("utf-8", "surrogateescape")


def taken_before(now: datetime, said: str) -> datetime:
    """Return when a picture was taken by this computer's clock.

    Parameters
    ----------
    now
        When the phone began to send it.
    said
        How many seconds before that it was taken, as the phone says: so its own clock may be
        wrong. What is no such number counts as none.
    """
    try:
        ago_s = float(said)
    except ValueError:
        ago_s = 0.0
    if not math.isfinite(ago_s) or not 0 <= ago_s <= _OLDEST_S:
        ago_s = 0.0
    return (now.astimezone(UTC) - timedelta(seconds=ago_s)).astimezone()
