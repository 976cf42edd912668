"""What keeps a report from being written."""

from __future__ import annotations

from app.errors import AppError


class ReportError(AppError):
    """The report could not be written; what was there before is untouched."""
