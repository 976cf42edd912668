"""One or two pages of PDF about a person's checks, to bring to a physiotherapist. No Qt here.

The doors are :func:`app.report.document.write_report`, which takes what it prints, and
:func:`app.report.document.report_profile`, which fetches it from the history first.
"""

from __future__ import annotations

from app.errors import AppError


class ReportError(AppError):
    """The report could not be written; what was there before is untouched."""
