"""Agreement studies: the same photographs, several raters, several times."""

from app.errors import AppError


class StudyError(AppError):
    """What was asked for a study cannot be done."""
