"""Which photographs there are to measure: a folder, a pattern, a bucket, or a list with columns."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.cohort import CohortError, CohortUsageError
from app.cohort.lists import Listed, ListFault, faulty, read_list
from app.cohort.storage import is_here, opened, path_of, patiently, stamp_of, why_not

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from app.cohort.lists import ListedLine

SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".tif", ".tiff", ".bmp", ".gif")
)
_LISTS = (".csv", ".tsv")
_WILD = "*?["
#: A list of every person alive has fewer letters.
_LIST_BYTES_MAX = 1 << 32
#: Cannot be listed, so nobody knows whether a file there is another by now.
_WEB = ("http", "https")
#: Of a file that is there and may not be looked at: measuring it says so in its row.
_CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class CohortPhoto:
    """One photograph to measure.

    Attributes
    ----------
    path
        A file's whole path, or an address such as ``s3://bucket/name.jpg``.
    stamp
        Size and time of change, or an object's ETag: another stamp, another content.
    listed
        What a list says of it.
    """

    path: str
    stamp: str
    listed: Listed = field(default_factory=Listed)

    def fingerprint(self, measured_by: str) -> str:
        """Return what is the same only if measuring again would give the same row.

        Parameters
        ----------
        measured_by
            Versions and options.
        """
        said = repr((self.path, self.stamp, self.listed, measured_by))
        return blake2b(said.encode("utf-8", "surrogateescape"), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Listing:
    """All photographs in order, and what is to be said about how they were found."""

    photos: tuple[CohortPhoto, ...]
    notes: tuple[str, ...] = ()


def find_photos(places: Sequence[str]) -> Listing:
    """Return the photographs below or named by these, each once, in the order of their names.

    Parameters
    ----------
    places
        Folders, photographs, patterns with ``*``, lists (``.csv``), or addresses that fsspec
        knows, such as ``s3://bucket/prefix``.

    Raises
    ------
    CohortUsageError
        If there is no such place, a list has faults, two lists name one photograph, or none is
        found.
    CohortError
        If one cannot be read.
    """
    found: dict[tuple[str, str, str], CohortPhoto] = {}
    sources: dict[tuple[str, str, str], str] = {}
    notes: list[str] = []
    for place in dict.fromkeys(places):
        for photo in _photos_of(place, notes):
            key = photo.path, photo.listed.session, photo.listed.rater
            other = sources.setdefault(key, place)
            if other != place and (_is_list(other) or _is_list(place)):
                raise CohortUsageError(
                    f"The photograph '{photo.path}' is named by '{other}' and by '{place}'.",
                    "Take it out of one of them.",
                )
            found[key] = photo
    if not found:
        where = ", ".join(f"'{place}'" for place in places)
        raise CohortUsageError(
            " ".join((f"There is no photograph in {where}.", *notes)),
            f"Name a folder with files such as {', '.join(sorted(SUFFIXES)[:4])}.",
        )
    return Listing(tuple(found[key] for key in sorted(found)), tuple(notes))


def _is_list(place: str) -> bool:
    return place.lower().endswith(_LISTS)


def _photos_of(place: str, notes: list[str]) -> Iterator[CohortPhoto]:
    if _is_list(place):
        yield from _of_list(place)
        return
    if not is_here(place):
        yield from _of_bucket(place)
        return
    path = path_of(place)
    try:
        is_there = bool(place) and path.exists()
        if is_there and path.is_dir():
            yield from _of_files(_below(path, notes))
        elif is_there:
            yield from _of_files([path])
        elif any(letter in place for letter in _WILD):
            yield from _of_files(_matching(path, notes))
        else:
            raise CohortUsageError(
                f"There is no folder, photograph or list '{place}'.", "Check the name."
            )
    except (OSError, ValueError) as error:
        # The system has no such name: too long, or with letters that no name has.
        raise CohortUsageError(
            f"'{place}' is no name of a folder ({error}).", "Check it."
        ) from None


def _of_files(paths: Iterable[Path]) -> Iterator[CohortPhoto]:
    for path in paths:
        stamp = _stamp_here(path)
        if stamp:
            yield CohortPhoto(str(path.absolute()), stamp)


def _stamp_here(path: Path) -> str:
    """Return the stamp of a file; empty if it is none."""
    try:
        return stamp_of(path)
    except OSError:  # a broken link, or somebody else's folder
        return _CLOSED


def _below(folder: Path, notes: list[str]) -> Iterator[Path]:
    """Give every photograph below a folder, links followed once each."""
    seen: set[tuple[int, int]] = set()
    circles = closed = 0

    def tell(_: OSError) -> None:
        nonlocal closed
        closed += 1

    for place, folders, files in os.walk(folder, followlinks=True, onerror=tell):
        try:
            status = Path(place).stat()
        except OSError:  # gone since its name was read
            folders.clear()
            closed += 1
            continue
        if (status.st_dev, status.st_ino) in seen:
            folders.clear()
            circles += 1
            continue
        seen.add((status.st_dev, status.st_ino))
        # What begins with a dot is another program's.
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith("."):
                yield Path(place, name)
    if circles:
        notes.append(f"Links that lead to a folder already seen: {circles}, each followed once.")
    if closed:
        notes.append(f"Folders that this user may not read: {closed}, left out.")


def _matching(pattern: Path, notes: list[str]) -> Iterator[Path]:
    root = Path(pattern.anchor) if pattern.anchor else Path()
    parts = pattern.relative_to(pattern.anchor) if pattern.anchor else pattern
    asked = set(pattern.parts)
    for path in sorted(root.glob(str(parts))):
        if any(part.startswith(".") and part not in asked for part in path.parts):
            continue
        if path.suffix.lower() in SUFFIXES:
            yield path
        elif path.is_dir():
            yield from _below(path, notes)


# Addresses


def _of_bucket(address: str) -> Iterator[CohortPhoto]:
    """Give every photograph below an address that fsspec knows."""
    system, root = opened(address)
    is_pattern = any(letter in root for letter in _WILD)
    look = system.glob if is_pattern else system.find
    infos: Mapping[str, Mapping[str, Any]] = _looked(address, lambda: look(root, detail=True))
    if not infos and not is_pattern:
        # A bucket that is not there is as empty as one that is, until it is asked for.
        _looked(address, lambda: system.ls(root.partition("/")[0], detail=False))
    scheme = address.partition("://")[0]
    for name, info in sorted(infos.items()):
        if Path(name).suffix.lower() in SUFFIXES and info.get("type") != "directory":
            yield CohortPhoto(f"{scheme}://{name.lstrip('/')}", _stamp_there(info))


def _looked(address: str, act: Callable[[], Any]) -> Any:
    try:
        return patiently(act)
    except OSError as error:
        raise CohortError(
            f"What is at '{address}' cannot be listed: {why_not(error)}.",
            "Check the address, and that you may read there.",
        ) from error


def _stamp_there(info: Mapping[str, Any]) -> str:
    mark = info.get("ETag") or info.get("LastModified") or info.get("mtime") or ""
    return f"{info.get('size')} {mark}"


def _stamps_there(addresses: Iterable[str]) -> dict[str, str]:
    """Return the stamps of the objects that there are, with one look at each folder."""
    stamps: dict[str, str] = {}
    folders: dict[str, list[str]] = {}
    for address in addresses:
        folders.setdefault(address.rpartition("/")[0], []).append(address)
    for folder, asked in folders.items():
        if folder.partition("://")[0] in _WEB:
            stamps |= dict.fromkeys(asked, "listed")
            continue
        system, root = opened(folder)
        try:
            infos = patiently(lambda: system.ls(root, detail=True))  # noqa: B023
        except FileNotFoundError:
            continue
        except OSError as error:
            raise CohortError(
                f"What is at '{folder}' cannot be listed: {why_not(error)}.",
                "Check the address, and that you may read there.",
            ) from error
        found = {str(info["name"]).rpartition("/")[2]: _stamp_there(info) for info in infos}
        names = {address: address.rpartition("/")[2] for address in asked}
        stamps |= {address: found[name] for address, name in names.items() if name in found}
    return stamps


# Lists


def _of_list(place: str) -> list[CohortPhoto]:
    """Return what a list names, once all of it was found to be right."""
    faults: list[ListFault] = []
    lines = read_list(_bytes_of_list(place), place, faults)
    names = [_name_of(place, line.photo) for line in lines]
    there = _stamps_there(name for name in names if not is_here(name))
    photos: list[CohortPhoto] = []
    seen: dict[tuple[str, str, str], int] = {}
    for line, name in zip(lines, names, strict=True):
        stamp = _stamp_listed(name) if is_here(name) else there.get(name, "")
        key = name, line.listed.session, line.listed.rater
        if not stamp:
            faults.append(ListFault(line.number, f"there is no photograph '{line.photo}'"))
        elif key in seen:
            faults.append(ListFault(line.number, _twice(line, seen[key])))
        seen.setdefault(key, line.number)
        photos.append(CohortPhoto(name, stamp, line.listed))
    if faults:
        raise faulty(place, faults)
    return photos


def _twice(line: ListedLine, before: int) -> str:
    whose = f" by rater '{line.listed.rater}'" if line.listed.rater else ""
    when = f" in session '{line.listed.session}'" if line.listed.session else ""
    return f"'{line.photo}'{whose}{when} stands in line {before}, too"


def _stamp_listed(name: str) -> str:
    """Return the stamp of a file that a list names; empty if it is none that can be read."""
    try:
        return stamp_of(Path(name))
    except (OSError, ValueError):
        return ""


def _name_of(place: str, photo: str) -> str:
    """Return the whole path or address of what a list names; a short name lies beside the list."""
    if not is_here(photo):
        return photo
    if is_here(place):
        return os.path.normpath((path_of(place).parent / path_of(photo)).absolute())
    return f"{place.rpartition('/')[0]}/{photo.lstrip('/')}"


def _bytes_of_list(place: str) -> bytes:
    try:
        if not is_here(place):
            system, name = opened(place)
            return bytes(patiently(lambda: system.cat_file(name)))
        path = path_of(place)
        if path.stat().st_size <= _LIST_BYTES_MAX:
            return path.read_bytes()
        why = "it is too large to be one"
    except (OSError, ValueError) as error:
        why = why_not(error) if isinstance(error, OSError) else str(error)
    raise CohortUsageError(f"The list '{place}' cannot be read: {why}.", "Check its name.")
