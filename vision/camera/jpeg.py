"""JPEGs out of a stream of bytes, and pixels out of a JPEG, whatever the bytes may be.

A stream's own words on where a picture begins and how long it is are not relied on: JPEG tells
both itself (ITU-T T.81, annex B). What a picture may cost is bounded before it is decoded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

#: The best JPEG of 8 megapixels has about half of it.
MAX_JPEG_BYTES = 16_000_000
#: Twice 4K.
MAX_JPEG_PIXELS = 16_600_000
#: For pictures in several scans, as progressive ones are, six times their size is kept in memory
#: while they are decoded. Cameras send pictures in one.
MAX_SCANNED_PIXELS = 4_200_000
#: Larger ones than 4K are decoded at a half: the working picture is smaller still, and three or
#: four pictures are in memory at a time.
_HALVED_PIXELS = 9_000_000
#: Each scan goes over the whole picture; the usual script of a progressive JPEG has ten.
_MOST_SCANS = 64
_START = b"\xff\xd8\xff"
_START_OF_SCAN, _END = b"\xff\xda", b"\xff\xd9"
_FILL, _END_CODE, _START_CODE, _SCAN_CODE = 0xFF, 0xD9, 0xD8, 0xDA
#: Markers that stand alone: TEM and RST0 to RST7.
_LONELY = frozenset({0x01, *range(0xD0, 0xD8)})
#: SOF0 to SOF15, without DHT, JPG and DAC.
_FRAME_CODES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
#: In a scan, FF is followed by 0, by the number of a restart, or by the next marker.
_NEXT_MARKER = re.compile(rb"\xff[\x01-\xcf\xd8-\xfe]")


class JpegCutter:
    """Finds the JPEGs in bytes that come bit by bit; what is none, or too long, is passed over."""

    def __init__(self) -> None:
        self._kept = bytearray()
        #: Up to where the JPEG that begins the kept bytes is known; 0: none has begun.
        self._at = 0
        self._is_in_scan = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._kept += data

    def next(self) -> bytes | None:
        """Return the next whole JPEG, or None until more bytes have come."""
        while self._begin():
            is_whole = self._walk()
            if is_whole is None and len(self._kept) <= MAX_JPEG_BYTES:
                return None
            if is_whole is None:
                self._at = len(self._kept)
            # Whatever was walked over is done with, so that no byte is looked at twice.
            found = bytes(self._kept[: self._at])
            del self._kept[: self._at]
            self._at = 0
            if is_whole and len(found) <= MAX_JPEG_BYTES:
                return found
        return None

    def _begin(self) -> bool:
        """Let the kept bytes begin with a JPEG; tell whether there is one."""
        if self._at > 0:
            return True
        start = self._kept.find(_START)
        if start < 0:
            del self._kept[: max(0, len(self._kept) - len(_START) + 1)]
            return False
        del self._kept[:start]
        self._at, self._is_in_scan = 2, False
        return True

    def _walk(self) -> bool | None:
        """Go from marker to marker, up to the end or to where another JPEG or rubbish begins.

        Returns
        -------
        bool or None
            Whether it is a whole JPEG; None when more bytes are needed to tell.
        """
        kept = self._kept
        while True:
            if self._is_in_scan:
                found = _NEXT_MARKER.search(kept, self._at)
                if found is None:
                    self._at = max(self._at, len(kept) - 1)
                    return None
                self._at, self._is_in_scan = found.start(), False
            if self._at + 4 > len(kept) and kept[self._at : self._at + 2] != _END:
                return None
            if kept[self._at] != _FILL:
                return False
            code = kept[self._at + 1]
            if code == _END_CODE:
                self._at += 2
                return True
            if code == _START_CODE:
                return False
            if code == _FILL:
                self._at += 1
            elif code in _LONELY:
                self._at += 2
            else:
                length = int.from_bytes(kept[self._at + 2 : self._at + 4], "big")
                if code == 0 or length < 2:
                    return False
                self._at += 2 + length
                self._is_in_scan = code == _SCAN_CODE


@dataclass(frozen=True, slots=True)
class JpegHeader:
    """What the header of a JPEG says.

    Attributes
    ----------
    width_px, height_px
        As the picture is stored.
    at
        Where it says so. What comes before, such as a thumbnail, is no part of the picture.
    """

    width_px: int
    height_px: int
    at: int


def jpeg_header(data: bytes) -> JpegHeader | None:
    """Return what a JPEG's header says; None where there is none."""
    if not data.startswith(_START):
        return None
    at = 2
    while at + 9 <= len(data) and data[at] == _FILL:
        code = data[at + 1]
        if code == _FILL:
            at += 1
        elif code in _FRAME_CODES:
            height_px = int.from_bytes(data[at + 5 : at + 7], "big")
            return JpegHeader(int.from_bytes(data[at + 7 : at + 9], "big"), height_px, at)
        elif code in _LONELY:
            at += 2
        elif code in (_SCAN_CODE, _END_CODE, _START_CODE):
            return None
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def decode_jpeg(data: bytes) -> NDArray[np.uint8] | None:
    """Return the pixels of a camera's JPEG.

    Parameters
    ----------
    data
        The whole JPEG.

    Returns
    -------
    ndarray or None
        Shape (height, width, 3), uint8, in the order red, green, blue, the way up that the
        file asks for; at half the size where it has more than 9 megapixels. None for what is
        no JPEG, or would cost more than any camera's picture does.
    """
    import cv2
    import numpy as np

    header = jpeg_header(data)
    if header is None or len(data) > MAX_JPEG_BYTES:
        return None
    pixels = header.width_px * header.height_px
    scans = data.count(_START_OF_SCAN, header.at)
    most_pixels = MAX_JPEG_PIXELS if scans < 2 else MAX_SCANNED_PIXELS
    if not 0 < pixels <= most_pixels or scans > _MOST_SCANS:
        return None
    is_large = pixels > _HALVED_PIXELS
    try:
        rgb = cv2.imdecode(
            np.frombuffer(data, np.uint8),
            cv2.IMREAD_REDUCED_COLOR_2 if is_large else cv2.IMREAD_COLOR_RGB,
        )
        if is_large and rgb is not None:
            cv2.cvtColor(rgb, cv2.COLOR_BGR2RGB, dst=rgb)
    except cv2.error:
        return None
    # None for what is no picture, whatever OpenCV's types say.
    return None if rgb is None else np.asarray(rgb, np.uint8)
