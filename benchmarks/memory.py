"""How much memory a 48-megapixel photograph takes.

From a clone::

    python -m benchmarks.memory [PICTURE]

The picture, one of ``sample_images`` unless given, is enlarged to 8000 by 6000 pixels and
measured by a process of its own, whose peak is what the system counted.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from benchmarks.table import print_table, verdict

ROOT = Path(__file__).parents[1]
TARGET_MB = 700.0
SIZE_PX = (8000, 6000)
_MEASURE = """
import resource, sys
if len(sys.argv) > 1:
    from vision import measure_photo
    print(type(measure_photo(sys.argv[1])).__name__)
else:
    import vision.pipeline
    print("nothing")
if sys.platform == "linux":
    # getrusage would count what the parent held when it started this process.
    status = open("/proc/self/status").read()
    print(int(status.split("VmHWM:")[1].split()[0]) / 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


def enlarge(source: Path, folder: Path) -> dict[str, Path]:
    """Write the picture as 48-megapixel files, the person as large as fits.

    Returns
    -------
    dict
        Kind of file to its path.
    """
    with Image.open(source) as small:
        picture = small.convert("RGB")
    height_px = SIZE_PX[1]
    width_px = min(SIZE_PX[0], round(picture.width * height_px / picture.height))
    large = Image.new("RGB", SIZE_PX, (150, 150, 145))
    large.paste(picture.resize((width_px, height_px)), ((SIZE_PX[0] - width_px) // 2, 0))
    files = {}
    files["JPEG"] = folder / "plain.jpg"
    large.save(files["JPEG"], quality=92)
    files["progressive JPEG"] = folder / "progressive.jpg"
    large.save(files["progressive JPEG"], quality=92, progressive=True)
    files["PNG"] = folder / "plain.png"
    large.save(files["PNG"], compress_level=1)
    return files


def peak_of(picture: Path | None) -> tuple[str, float]:
    """Return what a process of its own answers, and its peak in megabytes (of 2**20 bytes)."""
    arguments = [] if picture is None else [str(picture)]
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, *arguments],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )  # fmt: skip
    answer, peak_mb = done.stdout.split()
    return answer, float(peak_mb)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("picture", nargs="?", type=Path, help="default: the first sample image")
    source = parser.parse_args().picture or next(
        iter(sorted((ROOT / "sample_images").glob("*.jpg"))), None
    )
    if source is None:
        raise SystemExit("There are no sample images: name a picture of a person.")
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        kinds: dict[str, Path | None] = {"imports only": None, "as it is": source}
        kinds.update(enlarge(source, Path(folder)))
        for kind, path in kinds.items():
            answer, peak_mb = peak_of(path)
            judged = "-" if path in (None, source) else verdict(peak_mb, TARGET_MB)
            rows.append([kind, answer, f"{peak_mb:.0f}", f"{peak_mb / TARGET_MB:.2f}", judged])
    print_table(
        f"{source.name} at {SIZE_PX[0]} by {SIZE_PX[1]}: peak memory, target {TARGET_MB:.0f} MB",
        ["file", "answer", "MB", "of target", ""],
        rows,
    )


if __name__ == "__main__":
    main()
