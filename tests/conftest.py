"""What all tests share."""

from importlib.util import find_spec

#: The training code's own tests need its extra; the user's suite runs without.
_HAS_SYNTHETIC = all(find_spec(name) is not None for name in ("anny", "pyvista", "torch"))
collect_ignore = [] if _HAS_SYNTHETIC else ["synthetic"]


def pytest_report_header() -> str | None:
    if _HAS_SYNTHETIC:
        return None
    return "tests/synthetic: left out, it needs pip install '.[test,synthetic]'"
