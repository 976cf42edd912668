"""Telling the kind of a picture file by its first bytes, whatever its name says."""

from __future__ import annotations

from enum import StrEnum


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
