"""What helps somebody who is new or stuck."""

from enum import StrEnum


class Help(StrEnum):
    """What can be asked for from the settings and the list of keys."""

    FIRST_STEPS = "first_steps"
