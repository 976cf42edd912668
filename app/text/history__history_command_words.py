"""What ``beltline history`` says, in one place to be reviewed."""

from __future__ import annotations

NOTHING_KEPT = "No checks are kept yet. Keep one with: beltline measure --save PHOTO"
NOTHING_LIKE_IT = "No check that is kept is like that."
TREND_TITLE = "{profile}, measured {method}: {count}"
ONE_CHECK = "1 check"
CHECKS = "{count} checks"
PROFILES = "{count} new profiles"
ONE_PROFILE = "1 new profile"
FROM_FIRST_TO_LATEST = "From the first to the latest: {change}"
SINGLE = "A second check, taken the same way, shows whether it changes."
CHECK_TITLE = "Check {id} of {profile}, {when}"
GARMENT = "Worn: {garment}"
ARMS = "Arms: {arms}"
NOTE = "Note: {note}"
PICTURE = "Picture: {path}"
PICTURE_GONE = "The picture is no longer where it was kept: {path}"
NUMBERS_ONLY = "Only the numbers were kept, no picture."
PEOPLE_DIFFER = "These two are checks of different people, so no difference is given."
BELT_CLOTHES = (
    "A belt line is compared in the same clothes only, and these two do not say that they are, "
    "so no difference is given."
)
CONFIRM_DELETE = "Delete {count} with picture for good? This cannot be undone"
DELETED = "{count} deleted."
KEPT_ALL = "Nothing was deleted."
EXPORTED = "{count} written to {path}"
IMPORTED = "{added} added, {duplicates} there already, {profiles}."
IMPORTED_ENTRIES = "Exercises, breaks, self-checks and answers added: {count}"
IMPORTED_TESTS = "{added} added, {duplicates} there already, {profiles}, {tests}."


def count_checks(count: int) -> str:
    """Return a number of checks in words."""
    return ONE_CHECK if count == 1 else CHECKS.format(count=count)


def count_profiles(count: int) -> str:
    """Return a number of new profiles in words."""
    return ONE_PROFILE if count == 1 else PROFILES.format(count=count)
