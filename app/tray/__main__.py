"""``python -m app.tray``: the reminder as the window starts it."""

from __future__ import annotations

import sys

from app.tray.command import start

if __name__ == "__main__":
    sys.exit(start("--quiet" in sys.argv, lambda sentence: print(sentence, file=sys.stderr)))
