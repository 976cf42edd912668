"""What all tests share."""

import os
from importlib.util import find_spec

#: Windows are tested without a screen, unless somebody wants to see them.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

#: The training code's own tests need its extra; the user's suite runs without.
_HAS_SYNTHETIC = all(find_spec(name) is not None for name in ("anny", "pyvista", "torch"))
collect_ignore = [] if _HAS_SYNTHETIC else ["synthetic"]


def pytest_report_header() -> str | None:
    if _HAS_SYNTHETIC:
        return None
    return "tests/synthetic: left out, it needs pip install '.[test,synthetic]'"
