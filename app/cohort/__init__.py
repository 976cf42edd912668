"""Folders of photographs on all cores of one machine, or of a cluster."""

from app.errors import AppError


class CohortError(AppError):
    """What was asked for a folder of photographs cannot be done."""
