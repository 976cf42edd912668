"""What the reminder remembers over a restart, in a small file of its own."""

from __future__ import annotations

import logging
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from app.breaks.schedule import Memory

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger(__name__)
_MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)


def load_memory(path: Path) -> Memory | None:
    """Return what was remembered; None where there is nothing, or nothing that makes sense."""
    try:
        return _MEMORY.validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except (OSError, ValidationError) as error:
        _log.info("The reminder begins anew, its memory cannot be read: %s", error)
        return None


def save_memory(path: Path, memory: Memory) -> bool:
    """Write it, whole or not at all; tell whether that was possible."""
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(_MEMORY.dump_json(memory))
        unfinished.replace(path)
    except OSError as error:
        _log.info("The reminder's memory cannot be written: %s", error)
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        return False
    return True
