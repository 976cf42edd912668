"""Folders that nothing can be written to, for root and for anybody else."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def write_protected(folder: Path) -> Iterator[None]:
    """Let nothing be written into a folder: by its permissions, or for root by a mount."""
    if os.geteuid() != 0:
        mode = stat.S_IMODE(folder.stat().st_mode)
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(mode)
        return
    mount = ["mount", "--bind", "-o", "ro", str(folder), str(folder)]
    if sys.platform != "linux" or subprocess.call(mount, stderr=subprocess.DEVNULL) != 0:
        pytest.skip("root may write everywhere, and may not mount a folder here")
    try:
        yield
    finally:
        subprocess.check_call(["umount", "-l", str(folder)])
