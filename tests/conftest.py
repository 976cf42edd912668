"""What all tests share."""

import os
from importlib.util import find_spec

from hypothesis import HealthCheck, settings

#: A slow machine is no fault of the program's: hypothesis makes its table of letters in the
#: first test that needs it, and other programs may be running.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
#: Windows are tested without a screen, unless somebody wants to see them.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

#: The training code's own tests need its extra; the user's suite runs without.
_HAS_SYNTHETIC = all(find_spec(name) is not None for name in ("anny", "pyvista", "torch"))
collect_ignore = [] if _HAS_SYNTHETIC else ["synthetic"]


def pytest_report_header() -> str | None:
    if _HAS_SYNTHETIC:
        return None
    return "tests/synthetic: left out, it needs pip install '.[test,synthetic]'"
