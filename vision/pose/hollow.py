"""Load some modules of MediaPipe without what its packages load beside them.

``import mediapipe`` runs every package of it: sound, texts, drawing, and for these matplotlib and
a library that looks for microphones. A pose needs none of them, and they take six tenths of a
second and 40 MB. So the packages on the way to the modules that are wanted are found and not
run; the modules themselves are MediaPipe's own, as they are. Nothing of this stays in
``sys.modules``: whoever imports mediapipe afterwards gets all of it, loaded anew.

In that twentieth of a second another thread that imports mediapipe for the first time would find
the packages empty. A program that uses MediaPipe by itself, too, and from several threads, imports
it first: then nothing here is needed, and nothing is done.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType

WHOLE = "mediapipe"
_TASKS = f"{WHOLE}.tasks.python"
#: What these import is not needed; MediaPipe's other packages are run as usual.
_PACKAGES = frozenset(
    {WHOLE, _TASKS, f"{_TASKS}.vision", f"{_TASKS}.components", f"{_TASKS}.components.containers"}
)


@contextmanager
def hollow_packages() -> Iterator[None]:
    """Have MediaPipe's packages found and not run; forget all modules of it at the end."""
    finder = _Hollow()
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        for name in tuple(sys.modules):
            if name.partition(".")[0] == WHOLE:
                del sys.modules[name]


class _Hollow(MetaPathFinder, Loader):
    """Finds some packages where they are, and leaves them empty."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a package to be left empty lies; None for any other module."""
        if fullname not in _PACKAGES:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None:
            spec.loader = self
        return spec

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is."""
