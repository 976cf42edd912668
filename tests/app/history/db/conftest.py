"""A history of a few checks that is read as one of very many."""

from __future__ import annotations

import pytest

from app.history.db import days, trends


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Use days for as few checks as tests have."""
    monkeypatch.setattr(days, "MANY", 0)
    monkeypatch.setattr(trends, "_AT_ONCE", 0)
