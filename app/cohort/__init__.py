"""Folders of photographs on all cores of one machine, or of a cluster."""

from app.errors import AppError


class CohortError(AppError):
    """What was asked for a folder of photographs cannot be done."""


class CohortUsageError(CohortError):
    """It was asked wrongly: a name, a pattern, a list with faults, or a folder for another use."""
