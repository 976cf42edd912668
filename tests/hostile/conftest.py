"""How often the hostile tests try: a few times in every run, and as often as anyone likes."""

from __future__ import annotations

import pytest

_HERE = "tests/hostile/"


@pytest.fixture
def seeds(request: pytest.FixtureRequest) -> range:
    """Seeds to try one after the other; what fails names the one it failed with.

    A test says how many with ``@pytest.mark.rounds(short=12, long=300)``: the first number in
    every run, the second with ``pytest tests/hostile --hostile``. ``--first-seed 500`` begins
    there instead of at 0.
    """
    marker = request.node.get_closest_marker("rounds")
    assert marker is not None, "says how often: @pytest.mark.rounds(short=..., long=...)"
    is_long = request.config.getoption("hostile")
    first = request.config.getoption("first_seed")
    return range(first, first + marker.kwargs["long" if is_long else "short"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long form takes as long as it takes."""
    if not config.getoption("hostile"):
        return
    for item in items:
        if _HERE in item.path.as_posix():
            # Before a limit of its own, which is for the short form.
            item.add_marker(pytest.mark.timeout(0), append=False)
