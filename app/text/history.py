"""What the history says about checks and the change between them; never a verdict."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING

from app.history.comparison import Limit, Unlike, change_between, why_unlike
from app.history.records import Arms
from app.text import measurement, range_test, squeeze
from app.text.languages.wording import inside, number_text
from app.text.measurement import METHOD_WORDS, describe, headline, measured_by
from vision.messages import Plural, translatable
from vision.result import Method, direction, tilt_text, whole_deg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.history.change.trend_line import TrendLine
    from app.history.comparison import Change
    from app.history.ranges import RangeTaken
    from app.history.records import Check, CheckRow, Conditions, Deletion, Repeat

#: The change for which is told how many checks it takes, deg.
CHANGE_TO_SEE_DEG = 3
#: More than these are no help to anybody.
_CHECKS_TO_SEE_MOST = 200

#: How each method is named in lists and choices.
METHOD_NAMES: Mapping[Method, str] = {
    Method.CONTOUR: "Body outline",
    Method.CALIBRATED: "Calibrated outline",
    Method.MARKED: "Two marked points",
    Method.STICKERS: "Two stickers",
    Method.BELT: "Belt line",
}
ARMS_NAMES: Mapping[Arms, str] = {
    Arms.COLLAR_BONES: "fists on the collar-bones",
    Arms.HANGING: "hanging",
    Arms.CROSSED: "crossed",
    Arms.FORWARD: "stretched forward",
}

TILT_AXIS = "Forward tilt in degrees, backward below 0"
BELT_AXIS = "Belt line in degrees: front lower above 0, front higher below 0"
USUAL_RANGE = "usual range of people without pain"
ON_COMPUTER_BODIES = "checked on computer-made bodies"
TREND_BARS = "Bars: how far checks differ by chance. Line: all of them together."

NO_CHECKS = "No checks yet"
NO_CHECKS_FIX = (
    "Measure a side-on photograph on the Check page and press Save. Your checks then appear "
    "here, with how they change over time."
)
NO_MATCH = "No check matches what you chose above."
NO_MATCH_FIX = "Choose something else, or show all checks again."

SINCE_LAST = "Since {day}: {change}"
NEWEST = "Newest, {when}: {angle}."
ONLY_ONE = "A second check, taken the same way and in the same clothes, shows whether it changes."
NOTHING_LIKE_IT = (
    "No earlier check was measured the same way, so there is nothing to compare it with."
)
NO_REAL_CHANGE = "no real change."
#: In the History page, which check the newest is compared with, why that one, and how.
SINCE = "Since {when}, {angle}, {why}: {change}"
SAME_CLOTHES_AND_ARMS = "the last with the same clothes and arms"
LAST_ONE = "the one before it"
BRIEF_REAL, BRIEF_NONE = (
    "{change} ({smallest}° or more is one).",
    "no real change ({apart} apart; a real one is {smallest}° or more).",
)
#: What all checks say together; dates are whole days.
FELL = "The forward tilt fell by about {change}° from {first} to {last} (likely {low} to {high}°)."
ROSE = "The forward tilt rose by about {change}° from {first} to {last} (likely {low} to {high}°)."
BELT_FELL = (
    "The front of the belt line rose by about {change}° from {first} to {last} "
    "(likely {low} to {high}°)."
)
BELT_ROSE = (
    "The front of the belt line sank by about {change}° from {first} to {last} "
    "(likely {low} to {high}°)."
)
STEADY = "No real change from {first} to {last}: if there is one, it is less than {most}°."
FROM_CHECKS = "All {count} checks say this together."
#: Where some have no other check like them.
FROM_SOME = (
    "{count} of {total} checks say this together. The others were taken in other ways, too "
    "seldom to show a change."
)
CHECKS_TO_SEE = "About {count} more checks like these would show a change of {change}°."
REAL_FORWARD = "{difference}° further forward, a real change."
REAL_BACKWARD = "{difference}° further backward, a real change."
REAL_LOWER = "the front of the belt line is {difference}° lower, a real change."
REAL_HIGHER = "the front of the belt line is {difference}° higher, a real change."
SAME_NUMBER = "The two are the same in whole degrees."
APART = "The two are {difference}° apart."
JUST_UNDER = "just under {smallest}"
#: By where the smallest change that counts comes from.
SMALLEST: Mapping[Limit, str] = {
    Limit.SINGLE_PICTURES: (
        "Between these two single pictures, less than {smallest}° is no real change: so much can "
        "come from measuring twice and from standing on another day."
    ),
    Limit.MIXED: (
        "Less than {smallest}° is no real change: so much can come from measuring twice and from "
        "standing on another day. Five repeats taken alike each time find your own limit."
    ),
    Limit.REPEATS: (
        "By their repeats, less than {smallest}° is no real change, if clothes, arms and camera "
        "were the same."
    ),
}

METHODS_DIFFER = (
    "These two were measured in different ways ({first}; {second}). The ways can differ by "
    "themselves, so no difference is given."
)
BELT_CLOTHES_DIFFER = (
    "A belt line can only be compared in the same clothes, so no difference is given."
)
CLOTHES_DIFFER = "The clothes differ ({first}; {second}), which can shift the number."
ARMS_DIFFER = "The arms differ ({first}; {second}), which can shift the number."
BOTH_DIFFER_BRIEFLY = "Clothes and arms were not the same, which can shift the number."
CLOTHES_DIFFER_BRIEFLY = "The clothes were not the same, which can shift the number."
ARMS_DIFFER_BRIEFLY = "The arms were not in the same place, which can shift the number."
NOT_SAID = "not said"

WITH_REPEATS = "{name}, {count} repeats"
MIDDLE_OF = "middle of {count} repeats"
REPEATS_SPREAD = "Middle (median) of {count} repeats, spread {spread}"
ONE_REPEAT = "One stance, measured for some seconds"
REPEATS_EACH = "One by one: {angles}"
NO_SPREAD = "less than 1°"

PICTURE_NOT_KEPT = "Only the numbers of this check were kept, no picture."
PICTURE_GONE = (
    "The picture of this check is no longer where it was kept. The numbers are still here; if "
    "you have the photograph, check it again to see it."
)
NO_OVERLAY = (
    "The two pictures cannot be laid over each other: ankles and shoulders have to be seen in "
    "both, and both pictures have to be kept."
)

#: In ``beltline history``.
CLOTHES_CHANGED, ARMS_CHANGED, NOTE_CHANGED = "Clothes changed", "Arms changed", "Note changed"
DATE_CHANGED = "Date changed"
NOTHING_KEPT = "No checks are kept yet. Keep one with: beltline measure --save PHOTO"
NONE_CHOSEN = "No check matches."
TREND_TITLE = "{profile}, measured {method}: {count}"
CHECKS = Plural(("1 check", "{count} checks"))
CHECKS_DELETED = Plural(("Deleted 1 check", "Deleted {count} checks"))
PROFILES = Plural(("1 new person", "{count} new people"))
FROM_FIRST_TO_LATEST = "From the first to the latest: {change}"
SINGLE = "A second check, taken the same way, shows whether it changes."
SINGLE_TEST = "A second test, done the same way, shows whether it changes."
CHECK_TITLE = "Check {id} of {profile}, {when}"
GARMENT = "Worn: {garment}"
ARMS = "Arms: {arms}"
NOTE = "Note: {note}"
PICTURE = "Picture: {path}"
PICTURE_LOST = "The picture is no longer where it was kept: {path}"
NUMBERS_ONLY = "Only the numbers were kept, no picture."
PEOPLE_DIFFER = "These two are checks of different people, so no difference is given."
ONE_CALIBRATION = "Only checks that rest on the same calibration are compared."
CALIBRATIONS_DIFFER = (
    "These two rest on different calibrations, which shift the number by themselves, so no "
    "difference is given."
)
BELT_CLOTHES = (
    "A belt line is compared in the same clothes only, and these two do not say that they are, "
    "so no difference is given."
)
CONFIRM_DELETE = "Delete {count} with picture? It can be had back for {days} days"
CONFIRM_FOR_GOOD = "Delete {count} with picture for good? This cannot be undone"
DELETED = "{count} deleted. For {days} days it can be had back: beltline history restore {name}"
DELETED_FOR_GOOD = "{count} deleted for good."
RESTORED = "Back in the history: {what}."
BIN_EMPTY = "Nothing was deleted in the last {days} days."
BIN_LINE = "{name}  {when}  {what}"
EMPTY_BIN = "Delete all that is in the bin for good? This cannot be undone"
BIN_EMPTIED = "The bin is empty now."
PICTURES = Plural(("1 picture", "{count} pictures"))
BACKED_UP = "{checks} and {pictures} written to {path}"
HEADS_UNKNOWN = "Pictures left out, because it is not known where all heads are in them: {count}."
BROUGHT_BACK = "{added} and {pictures} brought back; {duplicates} there already."
PERSON_WITH = "{names} with {what}"
PART_OF = "{what} of {names}"
NO_CHECKS_KEPT = "no checks"
ENTRIES = Plural(
    (
        "1 note of exercises, breaks or calibration",
        "{count} notes of exercises, breaks or calibration",
    )
)
AND = "{first} and {last}"
KEPT_ALL = "Nothing was deleted."
EXPORTED = "{count} written to {path}"
IMPORTED = "{added} added, {duplicates} there already, {profiles}."
IMPORTED_ENTRIES = "Exercises, breaks, self-checks, answers and calibrations added: {count}"
IMPORTED_TESTS = "{added} added, {duplicates} there already, {profiles}, {tests}."


def method_briefly(row: CheckRow, names: Mapping[Method, str] | None = None) -> str:
    """Return a check's method for lists, with its repeats where it has several."""
    name = (METHOD_NAMES if names is None else names)[row.tilt.method]
    return name if row.repeat_count < 2 else WITH_REPEATS.format(name=name, count=row.repeat_count)


def arms_name(arms: Arms | None) -> str:
    """Return where the arms were; empty where nobody said."""
    return ARMS_NAMES[arms] if arms is not None else ""


def rests_on(method: Method, calibrated_at: datetime | None = None) -> str:
    """Say what one angle by this method comes from, how sure it is, and how that was checked.

    Parameters
    ----------
    calibrated_at
        When the calibration was made on which it rests, if any.
    """
    return _with_belt_note(method, measured_by(method, calibrated_at))


def changes_rest_on(method: Method) -> str:
    """Say what angles by this method come from, where the change between them is told."""
    text = measurement.MEASURED.format(method=METHOD_WORDS[method]).rstrip(".")
    if method in (Method.CONTOUR, Method.CALIBRATED):
        text = f"{text}, {ON_COMPUTER_BODIES}"
    text = f"{text}. {ONE_CALIBRATION}" if method is Method.CALIBRATED else f"{text}."
    return _with_belt_note(method, text)


def describe_newest(newest: CheckRow, when: str) -> str:
    """Say the newest check in one sentence; ``when`` is its date in the reader's language."""
    return NEWEST.format(when=when, angle=tilt_text(newest.tilt))


def describe_since(
    earlier: CheckRow, newest: CheckRow, when: str, change: Change
) -> tuple[str, ...]:
    """Say which check the newest is compared with, why that one, what changed, what differed."""
    differ = conditions_differ_briefly(earlier.conditions, newest.conditions)
    is_said = bool(newest.conditions.clothes) or newest.conditions.arms is not None
    why = SAME_CLOTHES_AND_ARMS if is_said and not differ else LAST_ONE
    said = change_briefly(earlier.tilt.method, change)
    since = SINCE.format(when=when, angle=tilt_text(earlier.tilt), why=why, change=said)
    return (since, differ) if differ else (since,)


def describe_line(line: TrendLine, method: Method, first: str, last: str, total: int) -> str:
    """Say what all checks by one method say together.

    Parameters
    ----------
    first, last
        When the first and the last of them were taken, in the reader's language.
    total
        How many checks there are, also those the line does not rest on.
    """
    basis = (FROM_CHECKS if line.checks == total else FROM_SOME).format(
        count=number_text(line.checks), total=number_text(total)
    )
    if line.is_real:
        fell, rose = (BELT_FELL, BELT_ROSE) if method is Method.BELT else (FELL, ROSE)
        ends = sorted(abs(whole_deg(end)) for end in (line.low_deg, line.high_deg))
        said = (rose if line.change_deg > 0 else fell).format(
            change=abs(whole_deg(line.change_deg)),
            first=first,
            last=last,
            low=max(1, ends[0]),
            high=ends[1],
        )
        return f"{said} {basis}"
    most = math.ceil(max(abs(line.low_deg), abs(line.high_deg)))
    said = STEADY.format(first=first, last=last, most=most)
    more = line.checks_to_see(CHANGE_TO_SEE_DEG)
    more = 5 * math.ceil(more / 5)  # no more exact than that
    if not 0 < more <= _CHECKS_TO_SEE_MOST:
        return f"{said} {basis}"
    return (
        f"{said} {basis} {CHECKS_TO_SEE.format(count=number_text(more), change=CHANGE_TO_SEE_DEG)}"
    )


def describe_change(method: Method, change: Change) -> str:
    """Say a difference between two checks by one method, and whether it counts.

    Parameters
    ----------
    method
        What both were measured by.
    change
        From the earlier to the newer one.
    """
    smallest = SMALLEST[change.limit].format(smallest=whole_deg(change.smallest_deg))
    if change.is_real:
        return f"{_real(method, change.difference_deg)} {smallest}"
    apart = _apart(change.difference_deg, change.smallest_deg)
    return f"{NO_REAL_CHANGE} {apart} {smallest}"


def repeats_briefly(count: int) -> str:
    """Say of how many repeats an angle is the middle; empty where it is of one measurement."""
    return MIDDLE_OF.format(count=count) if count > 1 else ""


def more_about(row: CheckRow) -> str:
    """Say what a check is the middle of, what was worn and noted, each on a line of its own."""
    worn = row.conditions
    said = repeats_briefly(row.repeat_count), worn.garment.strip(), worn.note.strip()
    return "\n".join(part for part in said if part)


def describe_repeats(repeats: Sequence[Repeat], spread_deg: float | None) -> tuple[str, ...]:
    """Say what repeats a check is made of; nothing for a single picture.

    Parameters
    ----------
    repeats
        All by one method.
    spread_deg
        Their standard deviation; None where there is one only.
    """
    if not repeats:
        return ()
    if len(repeats) == 1 or spread_deg is None:
        return (f"{ONE_REPEAT}.",)
    spread = f"{whole_deg(spread_deg)}°" if whole_deg(spread_deg) else NO_SPREAD
    said = REPEATS_SPREAD.format(count=len(repeats), spread=spread)
    return f"{said}.", f"{REPEATS_EACH.format(angles=list_angles(repeats))}."


def list_angles(repeats: Sequence[Repeat]) -> str:
    """Return the repeats' angles in whole degrees, the direction once where it is the same."""
    angles = [whole_deg(repeat.tilt.angle_deg) for repeat in repeats]
    method = repeats[0].tilt.method
    ways = {direction(angle, method) for angle in angles if angle}
    if len(ways) > 1:
        each = (f"{abs(angle)}° {direction(angle, method)}" if angle else "0°" for angle in angles)
        return ", ".join(each)
    return " ".join((", ".join(f"{abs(angle)}°" for angle in angles), *ways))


def as_sentence(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


def conditions_differ(first: Conditions, second: Conditions) -> tuple[str, ...]:
    """Say in which conditions two checks differ; one sentence each, none where they agree."""
    said = []
    if first.clothes != second.clothes:
        said.append(_differ(CLOTHES_DIFFER, first.garment.strip(), second.garment.strip()))
    if first.arms is not second.arms:
        said.append(_differ(ARMS_DIFFER, arms_name(first.arms), arms_name(second.arms)))
    return tuple(said)


def conditions_differ_briefly(first: Conditions, second: Conditions) -> str:
    """Say in one sentence that clothes or arms differ; empty where they agree."""
    clothes = first.clothes != second.clothes
    arms = first.arms is not second.arms
    if clothes and arms:
        return BOTH_DIFFER_BRIEFLY
    if clothes:
        return CLOTHES_DIFFER_BRIEFLY
    return ARMS_DIFFER_BRIEFLY if arms else ""


def methods_differ(first: Method, second: Method) -> str:
    """Say why checks by two methods have no difference."""
    names = inside(METHOD_NAMES[first]), inside(METHOD_NAMES[second])
    return METHODS_DIFFER.format(first=names[0], second=names[1])


def count_checks(count: int) -> str:
    """Return a number of checks in words."""
    return CHECKS.of(count)


def count_pictures(count: int) -> str:
    """Return a number of pictures in words."""
    return PICTURES.of(count)


def count_profiles(count: int) -> str:
    """Return a number of new profiles in words."""
    return PROFILES.of(count)


def change_words(before: Conditions, after: Conditions) -> str:
    """Return which of what was said of a check has changed."""
    if before.garment != after.garment:
        return CLOTHES_CHANGED
    return ARMS_CHANGED if before.arms is not after.arms else NOTE_CHANGED


def describe_deletion(deletion: Deletion) -> str:
    """Return what a deletion took away, such as "Anna with 3 checks" or "1 check of Ben"."""
    counts = (deletion.checks, count_checks), (deletion.tests, squeeze.count_tests)
    parts = [in_words(count) for count, in_words in counts if count]
    if deletion.entries:
        parts.append(ENTRIES.of(deletion.entries))
    what = listed(parts)
    if deletion.people:
        return PERSON_WITH.format(names=listed(deletion.people), what=what or NO_CHECKS_KEPT)
    return PART_OF.format(what=what, names=listed(deletion.owners))


def listed(parts: Sequence[str]) -> str:
    """Return words one after the other, with "and" before the last."""
    *most, last = parts or ("",)
    return AND.format(first=", ".join(most), last=last) if most else last


def row_line(row: CheckRow, profile_name: str = "") -> str:
    """Return one line about a check for a list."""
    parts = [f"{row.id:>5}", time_text(row.taken_at)]
    if profile_name:
        parts.append(profile_name)
    parts.append(f"{headline(row.tilt)}, {METHOD_WORDS[row.tilt.method]}")
    parts.append(repeats_briefly(row.repeat_count))
    conditions = row.conditions
    worn = [conditions.garment, arms_name(conditions.arms), conditions.note]
    parts.append("; ".join(" ".join(text.split()) for text in worn if text.strip()))
    return "  ".join(part for part in parts if part)


def range_line(test: RangeTaken, profile_name: str = "") -> str:
    """Return one line about a range test for a list."""
    said, note = range_test.list_parts(test)
    parts = [" " * 5, time_text(test.taken_at), profile_name, said, note]
    return "  ".join(part for part in parts if part)


def trend_title(profile_name: str, method: Method, count: int) -> str:
    """Return the line above the checks of one person by one method."""
    return TREND_TITLE.format(
        profile=profile_name, method=METHOD_WORDS[method], count=count_checks(count)
    )


def trend_end(first: CheckRow, latest: CheckRow, line: TrendLine | None, count: int) -> str:
    """Return the line below them: what all say together; of a few, first and latest compared."""
    if first.id == latest.id:
        return SINGLE
    if line is not None:
        ends = (datetime.fromtimestamp(at_s).date() for at_s in (line.first_s, line.last_s))
        since, until = (day.isoformat() for day in ends)
        return describe_line(line, latest.tilt.method, since, until, count)
    return FROM_FIRST_TO_LATEST.format(change=describe_difference(first, latest))


def describe_difference(first: CheckRow, second: CheckRow) -> str:
    """Say how the second check differs from the first, or why that is not said."""
    change = change_between(first, second)
    if change is not None:
        return describe_change(first.tilt.method, change)
    match why_unlike(first, second):
        case Unlike.METHODS:
            return methods_differ(first.tilt.method, second.tilt.method)
        case Unlike.PROFILES:
            return PEOPLE_DIFFER
        case Unlike.CALIBRATIONS:
            return CALIBRATIONS_DIFFER
    return BELT_CLOTHES


def check_lines(check: Check, *, is_picture_there: bool) -> list[str]:
    """Return everything about one check.

    Parameters
    ----------
    is_picture_there
        Whether the picture that was kept, if any, still is where it was put.
    """
    conditions, picture = check.row.conditions, check.picture
    about = []
    if conditions.garment:
        about.append(GARMENT.format(garment=conditions.garment))
    if conditions.arms:
        about.append(ARMS.format(arms=arms_name(conditions.arms)))
    if conditions.note:
        about.append(NOTE.format(note=conditions.note))
    if picture is None:
        about.append(NUMBERS_ONLY)
    else:
        about.append((PICTURE if is_picture_there else PICTURE_LOST).format(path=picture.picture))
    repeats = describe_repeats(check.repeats, check.row.repeat_spread_deg)
    lines = [check_title(check)]
    lines += [" " * line.indent + line.text for line in describe("", check.result)[1:]]
    lines += ["  " + text for text in (*repeats, "", *about)]
    return [line.rstrip() for line in lines]


def compare_lines(first: Check, second: Check) -> list[str]:
    """Return both checks, and the difference."""
    lines = []
    for check in (first, second):
        tilt = check.row.tilt
        repeats = describe_repeats(check.repeats, check.row.repeat_spread_deg)
        said = (
            headline(tilt),
            measurement.MEASURED.format(method=METHOD_WORDS[tilt.method]),
            *repeats,
        )
        lines += [check_title(check), *(f"  {text}" for text in said)]
    return [*lines, as_sentence(describe_difference(first.row, second.row))]


def check_title(check: Check) -> str:
    """Return which check it is, whose, and when it was taken."""
    return CHECK_TITLE.format(
        id=check.row.id, profile=check.profile.name, when=time_text(check.row.taken_at)
    )


def time_text(moment: datetime) -> str:
    """Return a time as it was where the picture was taken."""
    return moment.strftime("%Y-%m-%d %H:%M")


def _with_belt_note(method: Method, text: str) -> str:
    return f"{text} {measurement.BELT_LINE_NOT_PELVIS}" if method is Method.BELT else text


def _differ(template: str, first: str, second: str) -> str:
    return template.format(first=first or NOT_SAID, second=second or NOT_SAID)


def _real(method: Method, difference_deg: float) -> str:
    forward = difference_deg > 0
    if method is Method.BELT:
        template = REAL_LOWER if forward else REAL_HIGHER
    else:
        template = REAL_FORWARD if forward else REAL_BACKWARD
    return template.format(difference=abs(whole_deg(difference_deg)))


def change_briefly(method: Method, change: Change) -> str:
    """Say a difference, and from which one on it counts, in few words."""
    smallest = whole_deg(change.smallest_deg)
    if change.is_real:
        said = _real(method, change.difference_deg).rstrip(".")
        return BRIEF_REAL.format(change=said, smallest=smallest)
    difference = abs(whole_deg(change.difference_deg))
    apart = JUST_UNDER.format(smallest=smallest) if difference >= smallest else difference
    return BRIEF_NONE.format(apart=f"{apart}°", smallest=smallest)


def _apart(difference_deg: float, smallest_deg: float) -> str:
    """Say a difference that does not count, so that rounding never makes it seem to."""
    difference, smallest = abs(whole_deg(difference_deg)), whole_deg(smallest_deg)
    if difference == 0:
        return SAME_NUMBER
    if difference >= smallest:
        return APART.format(difference=JUST_UNDER.format(smallest=smallest))
    return APART.format(difference=difference)


translatable(__name__)
