"""Decoding picture files with Pillow and pillow-heif into upright 8-bit RGB."""

from __future__ import annotations

import logging
import re
import struct
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
from PIL import Image, ImageFile

from vision.image.jpeg_damage import is_jpeg_damaged
from vision.image.optics import focal_px
from vision.native_output import overheard
from vision.reasons import FileProblem, check_pixels, too_many_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray


class FileFormat(StrEnum):
    """The kinds of file that are read, by Pillow's names (HEIF is pillow-heif's)."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    TIFF = "TIFF"
    GIF = "GIF"
    BMP = "BMP"
    AVIF = "AVIF"
    HEIF = "HEIF"
    FILM = "FILM"


_SIGNATURE = {
    b"\xff\xd8\xff": FileFormat.JPEG,
    b"\x89PNG\r\n\x1a\n": FileFormat.PNG,
    b"GIF8": FileFormat.GIF,
    b"II*\0": FileFormat.TIFF,
    b"MM\0*": FileFormat.TIFF,
    b"II+\0": FileFormat.TIFF,
    b"MM\0+": FileFormat.TIFF,
    b"BM": FileFormat.BMP,
    b"\x1aE\xdf\xa3": FileFormat.FILM,
}
#: Brands of the ISO base media container (ISO/IEC 23008-12, annexes B and C).
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_AVIF_BRANDS = {b"avif", b"avis"}
#: Enough of a file for its signature and the brands of an ISO container.
HEAD_BYTES = 64


def format_of(head: bytes) -> FileFormat | None:
    """Return the format of a file, or None when it is none of those known.

    Parameters
    ----------
    head
        The file's first :data:`HEAD_BYTES` bytes, or all of a shorter one.
    """
    if head[4:8] == b"ftyp":
        end = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[8:12], *(head[i : i + 4] for i in range(16, end, 4))}
        if brands & _AVIF_BRANDS:
            return FileFormat.AVIF
        return FileFormat.HEIF if brands & _HEIF_BRANDS else FileFormat.FILM
    if head[:4] == b"RIFF":
        return {b"WEBP": FileFormat.WEBP, b"AVI ": FileFormat.FILM}.get(head[8:12])
    for signature, file_format in _SIGNATURE.items():
        if head.startswith(signature):
            return file_format
    return None


# Without any handler, Python prints what Pillow logs about damaged files to the terminal.
logging.getLogger("PIL").addHandler(logging.NullHandler())

_PLUGIN = {
    FileFormat.JPEG: "PIL.JpegImagePlugin",
    FileFormat.PNG: "PIL.PngImagePlugin",
    FileFormat.WEBP: "PIL.WebPImagePlugin",
    FileFormat.TIFF: "PIL.TiffImagePlugin",
    FileFormat.GIF: "PIL.GifImagePlugin",
    FileFormat.BMP: "PIL.BmpImagePlugin",
    FileFormat.AVIF: "PIL.AvifImagePlugin",
}
#: What the decoders raise for files they cannot make sense of.
DECODER_ERRORS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RuntimeError,
    struct.error,
    zlib.error,
)
#: Formats whose decoder has turned the picture upright itself: libheif obeys the container's
#: own rotation, beside which EXIF only repeats the same turn, and Pillow's TIFF reader
#: transposes while loading.
_UPRIGHT_ALREADY = {FileFormat.HEIF, FileFormat.TIFF}
_EXIF_ORIENTATION = 0x0112
#: How to undo each orientation (EXIF 2.32, tag 0x0112).
_UPRIGHT_BY = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_TIFF_BITS_PER_SAMPLE = 258
_TIFF_PHOTOMETRIC = 262
_TIFF_COMPRESSION = 259
_TIFF_DEFLATED = frozenset({8, 32946})
#: Where the parts of a picture begin, and how long they are.
_TIFF_STRIPS, _TIFF_TILES = (273, 279), (324, 325)
_TIFF_LOST_PART = re.compile(r"^JPEGLib: (?!Warning)", re.MULTILINE)
#: Red, green, blue and opacity as floats.
_TIFF_PIXEL_BYTES = 16
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A decoded picture.

    Attributes
    ----------
    rgb
        Shape (height, width, 3), uint8, upright, possibly already reduced.
    width_px, height_px
        Size of the full upright picture.
    focal_px
        Focal length in its pixels, where the file tells one.
    """

    rgb: NDArray[np.uint8]
    width_px: int
    height_px: int
    focal_px: float | None


def decode(stream: BinaryIO, least_side_px: int, source: str) -> Decoded:
    """Decode one picture, and reduce a large one on the way to spare memory.

    Parameters
    ----------
    stream
        A file at its beginning.
    least_side_px
        The longer side is not reduced below this.
    source
        The file's name, for errors.

    Returns
    -------
    Decoded
        The picture, upright, in RGB.

    Raises
    ------
    PhotoError
        If the data is not one still picture that can be decoded, or is too large.
    """
    head = stream.read(HEAD_BYTES)
    stream.seek(0)
    if not head:
        raise FileProblem.EMPTY.error(source)
    file_format = format_of(head)
    if file_format is None:
        raise FileProblem.UNKNOWN.error(source)
    if file_format is FileFormat.FILM:
        raise FileProblem.FILM.error(source)
    _silence_pillow()
    try:
        with _opened(stream, file_format) as image:
            width_px, height_px = image.size
            check_pixels(width_px, height_px, source)
            if _is_moving(image, file_format):
                raise FileProblem.MOVING.error(source)
            return _decode_image(image, stream, file_format, least_side_px)
    except (Image.DecompressionBombError, MemoryError):
        raise too_many_bytes(source) from None
    except DECODER_ERRORS:
        raise FileProblem.DAMAGED.error(source) from None


def _silence_pillow() -> None:
    """Keep Pillow's warnings about odd metadata and large pictures off the terminal.

    What matters in them is told as an error here. ``warnings.catch_warnings`` is not safe
    in threads, so one filter for Pillow's modules is added, once, and stays.
    """
    quiet = ("ignore", None, Warning, re.compile(r"PIL\."), 0)
    if quiet not in warnings.filters:
        warnings.filterwarnings("ignore", module=r"PIL\.")


def _opened(stream: BinaryIO, file_format: FileFormat) -> ImageFile.ImageFile:
    """Read a picture's header only."""
    if file_format is FileFormat.HEIF:
        from pillow_heif import HeifImageFile

        heif: ImageFile.ImageFile = HeifImageFile(stream)  # type: ignore[no-untyped-call]
        return heif
    # Registering one format spares importing every plugin that Pillow has.
    import_module(_PLUGIN[file_format])
    return Image.open(stream, formats=(file_format.value,))


def _is_moving(image: ImageFile.ImageFile, file_format: FileFormat) -> bool:
    """Tell an animation from files that hold several stills (TIFF pages, stereo JPEG)."""
    animated = {FileFormat.GIF, FileFormat.PNG, FileFormat.WEBP, FileFormat.AVIF}
    return file_format in animated and bool(getattr(image, "is_animated", False))


def _decode_image(
    image: ImageFile.ImageFile,
    stream: BinaryIO,
    file_format: FileFormat,
    least_side_px: int,
) -> Decoded:
    width_px, height_px = image.size
    if file_format is FileFormat.JPEG:
        ratio = least_side_px / max(width_px, height_px)
        if ratio < 1:
            # JPEG can be decoded at 1/2, 1/4 or 1/8; the draft is never below this size.
            least = (max(1, round(width_px * ratio)), max(1, round(height_px * ratio)))
            image.draft(None, least)
        _load_jpeg(image, stream)
    elif file_format is FileFormat.TIFF:
        _check_sums(image, stream)
        # libtiff writes a line for every damaged row, and goes on after a lost part of JPEG.
        _, said = overheard(image.load)
        if _TIFF_LOST_PART.search(said):
            raise OSError("a part of the TIFF is damaged")
        width_px, height_px = image.size
    elif file_format is not FileFormat.WEBP:
        image.load()
        width_px, height_px = image.size
    orientation = 1 if file_format in _UPRIGHT_ALREADY else _exif_orientation(image)
    focal = _focal_px(image, width_px, height_px)
    picture = _webp_pixels(image, stream) if file_format is FileFormat.WEBP else image
    picture = _to_rgb(picture, max(1, max(picture.size) // least_side_px))
    if orientation in _UPRIGHT_BY:
        picture = picture.transpose(_UPRIGHT_BY[orientation])
    if orientation >= 5:
        width_px, height_px = height_px, width_px
    return Decoded(np.asarray(picture), width_px, height_px, focal)


def _load_jpeg(image: Image.Image, stream: BinaryIO) -> None:
    """Decode, and look for damage on another core meanwhile."""
    stream.seek(0)
    data = stream.read()
    with ThreadPoolExecutor(1, "jpeg") as beside:
        is_damaged = beside.submit(is_jpeg_damaged, data)
        image.load()
        if is_damaged.result():
            raise OSError("the JPEG data is damaged")


def _check_sums(image: Image.Image, stream: BinaryIO) -> None:
    """Look at the sums that end each part of a deflated TIFF, which libtiff never reaches.

    Raises
    ------
    zlib.error
        When pixels are not what was saved.
    """
    tags = getattr(image, "tag_v2", {})
    if tags.get(_TIFF_COMPRESSION) not in _TIFF_DEFLATED:
        return
    place = stream.tell()
    # No honest file unpacks to more, and no other is worth the time.
    most_bytes = image.width * image.height * _TIFF_PIXEL_BYTES + _PIECE_BYTES
    for offsets, lengths in (_TIFF_STRIPS, _TIFF_TILES):
        for offset, length in zip(tags.get(offsets, ()), tags.get(lengths, ()), strict=False):
            stream.seek(offset)
            most_bytes -= _unpacked_bytes(stream, length, most_bytes)
    stream.seek(place)


def _unpacked_bytes(stream: BinaryIO, length: int, most_bytes: int) -> int:
    """Return how much a deflated part holds, having looked at its sum; a little over the most."""
    unpacking, count = zlib.decompressobj(), 0
    while length > 0 and not unpacking.eof and count < most_bytes:
        piece = stream.read(min(length, _PIECE_BYTES))
        length -= len(piece) or length
        while piece and count < most_bytes:
            count += len(unpacking.decompress(piece, _PIECE_BYTES)) + 1
            piece = unpacking.unconsumed_tail
    return count


def _webp_pixels(image: Image.Image, stream: BinaryIO) -> Image.Image:
    """Decode a still WebP with OpenCV, in under half of the memory that Pillow takes.

    Pillow reads every WebP as an animation: 48 megapixels need 800 MB, here 500 MB.
    """
    import cv2

    stream.seek(0)
    data = np.frombuffer(stream.read(), np.uint8)
    opaque = image.mode == "RGB"
    colours = cv2.IMREAD_COLOR_RGB if opaque else cv2.IMREAD_UNCHANGED
    try:
        pixels = cv2.imdecode(data, colours | cv2.IMREAD_IGNORE_ORIENTATION)
    except cv2.error as error:
        raise OSError(str(error)) from error
    if pixels is None:
        raise OSError("the WebP data cannot be decoded")
    if not opaque:
        cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA, dst=pixels)
    return Image.fromarray(pixels)


def _exif_orientation(image: Image.Image) -> int:
    """Return EXIF's orientation, 1..8; 1 when there is none or it is nonsense."""
    try:
        value = image.getexif().get(_EXIF_ORIENTATION, 1)
    except DECODER_ERRORS:
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _focal_px(image: Image.Image, width_px: int, height_px: int) -> float | None:
    """Return the focal length that EXIF tells; None when there is none or it is nonsense."""
    try:
        return focal_px(image.getexif(), width_px, height_px)
    except DECODER_ERRORS:
        return None


def _to_rgb(image: Image.Image, factor: int) -> Image.Image:
    """Convert to RGB on white, after averaging blocks of ``factor`` by ``factor`` pixels."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        image = Image.fromarray(_grey_8bit(image))
    elif image.mode == "PA" or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in {"P", "1"}:
        image = image.convert("RGB" if image.mode == "P" else "L")
    if factor > 1:
        image = image.reduce(factor)
    if image.mode in {"La", "RGBa"}:
        image = image.convert({"La": "LA", "RGBa": "RGBA"}[image.mode])
    if image.mode in {"LA", "RGBA"}:
        white = Image.new("RGB", image.size, "white")
        white.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return white
    return image if image.mode == "RGB" else image.convert("RGB")


def _grey_8bit(image: Image.Image) -> NDArray[np.uint8]:
    """Bring grey values of more than 8 bits to 0..255.

    A 16-bit file states its depth. Integers of 32 bits and floats do not, so their full
    scale is taken as the smallest usual one that holds the largest value: 1 (floats only),
    255, 65535, or that value itself. What is not a number becomes black.
    """
    tags = getattr(image, "tag_v2", {})
    values = np.asarray(image)
    if values.dtype.kind == "u":
        depth_bits = int(np.ravel(tags.get(_TIFF_BITS_PER_SAMPLE, 16))[0])
        grey: NDArray[np.uint8] = np.minimum(values >> max(0, depth_bits - 8), 255).astype(np.uint8)
    else:
        values = np.nan_to_num(values.astype(np.float32), nan=0, posinf=0, neginf=0)
        usual = (1.0, 255.0, 65535.0) if image.mode == "F" else (255.0, 65535.0)
        largest = float(values.max())
        full_scale = next((scale for scale in usual if largest <= scale), largest)
        np.clip(values, 0, full_scale, out=values)
        values *= 255 / full_scale
        grey = np.rint(values).astype(np.uint8)
    if tags.get(_TIFF_PHOTOMETRIC) == 0:
        # "White is zero", which Pillow leaves to the reader above 8 bits.
        np.invert(grey, out=grey)
    return grey
