"""What keeps a report from being written."""

from __future__ import annotations


class ReportError(Exception):
    """The report could not be written; what was there before is untouched.

    Attributes
    ----------
    message
        One sentence: what went wrong.
    fix
        One sentence: what to do about it.
    """

    def __init__(self, message: str, fix: str) -> None:
        super().__init__(f"{message} {fix}")
        self.message = message
        self.fix = fix
