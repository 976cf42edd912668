"""``python -m app.tray``: the reminder as the window starts it."""

from __future__ import annotations

import sys

from app.tray.main__command import start
from vision.native_output import separate_streams

if __name__ == "__main__":
    separate_streams()
    sys.exit(start("--quiet" in sys.argv, lambda sentence: print(sentence, file=sys.stderr)))
