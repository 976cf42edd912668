"""Files of ours, spoilt: their bytes, and what they hold."""

from __future__ import annotations

import csv
import io
import json
import struct
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from random import Random

#: What somebody may put in the place of anything else.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**63, -(2**64), 10**30, 1e9, 1e308, -1e308, 5e-324),
    *("", "x", "\0", "nan", "Infinity", "=1+1", "<img src=file:///etc/passwd>", "\x1b]52;c;eA==\a"),
    *("\ud800", "a" * 70_000, "2026-03-01T09:30:00", "0001-01-01T00:00:00+14:00", "2026-02-30"),
    *("9999-12-31T23:59:59-12:00", "1e308", "../../../etc/passwd", "none", "contour"),
    *(
        [],
        {},
        [[]],
        [[1e308, 1e308]],
        [None],
        {"": None},
        {"item": 1},
        [[1, 2], [3]],
        [float("nan")],
    ),
)
_ELSEWHERE = ("../../evil.jpg", "/etc/evil", "pictures/../x.jpg", "C:\\x.jpg")
_ENCODINGS = ("utf-16", "utf-32", "latin-1", "utf-8-sig", "utf-7", "cp037")


def spoilt_bytes(data: bytes, rng: Random) -> bytes:
    """Return a file with some bits, bytes or parts of it changed."""
    spoilt = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 5, 40))):
        at = rng.randrange(len(spoilt) + 1)
        until = min(len(spoilt), at + rng.choice((1, 1, 4, 100, 5000)))
        match rng.randrange(6):
            case 0 if at < len(spoilt):
                spoilt[at] ^= 1 << rng.randrange(8)
            case 1:
                spoilt[at:until] = rng.randbytes(until - at)
            case 2:
                del spoilt[at:until]
            case 3:
                spoilt[at:at] = spoilt[at:until]
            case 4:
                spoilt[at:at] = rng.choice((b"\0", b"\xff", b'"', b"{" * 5000, b"NaN", b"1e999"))
            case _:
                del spoilt[at if rng.random() < 0.3 else len(spoilt) :]
    return bytes(spoilt)


def spoilt_json(data: bytes, rng: Random) -> bytes:
    """Return an export into JSON in which some values are others, or elsewhere."""
    document = json.loads(data)
    for _ in range(rng.choice((1, 1, 1, 2, 6))):
        _spoil(document, rng)
    text = json.dumps(document, ensure_ascii=rng.random() < 0.5, indent=rng.choice((None, None, 2)))
    match rng.randrange(12):
        case 0:
            return text.encode(rng.choice(_ENCODINGS), "replace")
        case 1:  # a name that is there twice
            at = text.find('"', rng.randrange(len(text)))
            until = text.find(",", at)
            return (text[:until] + "," + text[at:until] + text[until:]).encode("utf-8", "replace")
        case 2:
            deep = rng.choice((40, 3000, 100_000))
            return text.replace("null", "[" * deep + "]" * deep, 1).encode("utf-8", "replace")
        case 3:
            number = rng.choice(("1e400", "9" * 5000, "-0", "00", "NaN", "0x10", ".5", "1e-400"))
            return text.replace("null", number, 1).encode("utf-8", "replace")
    return text.encode("utf-8", "surrogatepass" if rng.random() < 0.5 else "replace")


def spoilt_csv(data: bytes, rng: Random) -> bytes:
    """Return a table in which some cells, columns or lines are others."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    for _ in range(rng.choice((1, 1, 1, 2, 6))):
        row = rng.randrange(len(rows))
        match rng.randrange(7):
            case 0 if len(rows) > 1:
                rows[row] = rows[rng.randrange(len(rows))]
            case 1 if rows[row]:
                del rows[row][rng.randrange(len(rows[row]))]
            case 2:
                rows[row].append("more")
            case 3:  # another column's cell
                if rows[row]:
                    rows[row][rng.randrange(len(rows[row]))] = rng.choice(rng.choice(rows) or [""])
            case _:
                if rows[row]:
                    odd = rng.choice(ODD)
                    text = odd if isinstance(odd, str) else json.dumps(odd)
                    rows[row][rng.randrange(len(rows[row]))] = text
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=rng.choice((",",) * 8 + (";", "\t"))).writerows(rows)
    encoding = rng.choice(("utf-8-sig",) * 8 + _ENCODINGS)
    return stream.getvalue().encode(encoding, "replace")


def spoilt_backup(data: bytes, rng: Random) -> bytes:
    """Return a backup whose parts are others; often with the digests that belong to them."""
    import hashlib

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(info.filename, archive.read(info)) for info in archive.infolist()]
    held = dict(parts)
    names = list(held)
    match rng.randrange(8):
        case 0:
            del held[rng.choice(names)]
        case 1:
            held[rng.choice(("../../evil.jpg", "/etc/evil", "pictures/../x.jpg", "C:\\x.jpg"))] = (
                b"x"
            )
        case 2:
            others = b"", b"\xff\xd8\xff", b"{}", rng.randbytes(500)
            held[rng.choice(names)] = rng.choice(others)
        case 3:
            held[rng.choice(names)] = spoilt_bytes(held[rng.choice(names)], rng)
        case 4:
            pictures = [name for name in names if name.startswith("pictures/")]
            held[rng.choice(pictures)] = _large_jpeg(held[pictures[0]])
        case _:
            held["history.json"] = spoilt_json(held["history.json"], rng)
    told = json.loads(dict(parts)["beltline_backup.json"])
    if rng.random() < 0.8:
        told["sha256"] = {
            name: hashlib.sha256(part).hexdigest()
            for name, part in held.items()
            if name != "beltline_backup.json"
        }
    if rng.random() < 0.2:
        _spoil(told, rng)
    if "beltline_backup.json" in held:
        held["beltline_backup.json"] = json.dumps(told).encode()
    stream = io.BytesIO()
    packed = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2))
    with zipfile.ZipFile(stream, "w", packed) as archive:
        for name, part in held.items():
            info = zipfile.ZipInfo(name)
            if rng.random() < 0.02:
                info.external_attr = 0o120777 << 16  # says that it is a link
            archive.writestr(info, part, packed)
    return stream.getvalue()


def _spoil(document: Any, rng: Random) -> None:
    """Change one value somewhere in lists and objects."""
    holder: Any = document
    while True:
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        if not keys:
            return
        key = rng.choice(keys)
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or rng.random() < 0.25:
            break
        holder = inner
    match rng.randrange(7):
        case 0:
            del holder[key]
        case 1 if isinstance(holder, dict):
            holder["added"] = rng.choice(ODD)
        case 2 if isinstance(holder, list):
            holder.insert(0, holder[key])
        case 3:  # somebody else's
            holder[key] = holder[rng.choice(keys)]
        case 4 if isinstance(inner, int | float):
            holder[key] = rng.choice((str(inner), inner * 1e300, -inner, [inner]))
        case _:
            holder[key] = rng.choice(ODD)


def _large_jpeg(jpeg: bytes) -> bytes:
    """Return a JPEG file that says it is 65,500 pixels wide and high."""
    at = jpeg.index(b"\xff\xc0")
    return jpeg[: at + 5] + struct.pack(">HH", 65_500, 65_500) + jpeg[at + 9 :]
