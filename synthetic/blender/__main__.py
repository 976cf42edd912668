"""Draw photographic pictures of scenes with Blender: ``python -m synthetic.blender``.

A picture that is there already is kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from rich.progress import track

from synthetic.blender.studio import BlenderError, blender, draw_quick


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, nargs=2, required=True, metavar=("FIRST", "END"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--python", help="a Python that has bpy")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    # The truth is written last: a picture without it is drawn again.
    missing = [
        seed
        for seed in range(*arguments.seeds)
        if not (arguments.out / f"{seed:08d}.json").exists()
    ]
    try:
        with blender(arguments.python) as worker:
            for seed in track(missing, description="Blender pictures"):
                draw_quick(worker, seed, arguments.out)
    except BlenderError as error:
        parser.exit(1, f"{error}\n")


if __name__ == "__main__":
    main()
