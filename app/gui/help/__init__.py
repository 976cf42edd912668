"""What helps somebody who is new or stuck."""

from enum import StrEnum


class Help(StrEnum):
    """What can be asked for, by settings, keys, the first start or an error."""

    #: The first steps, where nothing was ever kept.
    WELCOME = "welcome"
    FIRST_STEPS = "first_steps"
    DOCTOR = "doctor"
