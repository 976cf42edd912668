"""What the report of an agreement study says: each figure in plain words, and no verdict.

Read by clinicians, reviewers and editors. Nothing is called good or poor: whether a difference
matters is for those to judge who use the angle.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

_MINUS, _NONE = "\N{MINUS SIGN}", "\N{EN DASH}"
MEASURING = "Measuring photograph {number} of {photos}"
LOADING = "Loading the statistics; this takes some seconds"
WORKING_OUT = "Working out the figures"
DRAWING = "Drawing the plots"
LETTERS = "No font of this computer holds these letters, so boxes stand for them: {letters}"
EXTRA_MISSING = "A report on a study needs more packages ({package} is missing)."
EXTRA_FIX = (
    "Where Beltline was installed with Python, install them with: pip install 'beltline[study]'"
)
NOT_ALL_RATED = "Not all pictures are rated yet: {open}."
NOT_ALL_RATED_FIX = "Wait for the rest, or add --anyway for a report on what there is."
OPEN_OF = "{rater} lacks {open} of {asked}"
NOTHING_RATED = "Nothing is rated yet, so there is nothing to report on."
NOTHING_RATED_FIX = "Have the pictures rated first: beltline study rate."
NOT_WRITTEN = "The report was not written to '{out}': {why}."
NOT_WRITTEN_FIX = "Choose another folder, or make room on the disk."
HOLDS_OTHERS = "'{out}' holds something else than an earlier report, and was left as it is."
HOLDS_OTHERS_FIX = "Name another folder, or an empty one."
IS_FILE = "'{out}' is a file, and the report needs a folder."
IS_FILE_FIX = "Name a folder."

TITLE = "Agreement of raters and of Beltline on pelvic tilt"
ABOUT = (
    "Study {study}, made {made} with Beltline {made_version}; report by Beltline {version}. Last "
    "rating: {last}."
)
FOOT = "Study {study}. Agreement on photographs, which does not prove accuracy on bones."
INCOMPLETE = (
    "Not finished: {open} of {asked} pictures are not yet rated. Every figure here may still "
    "change, and whoever has seen this report is no longer blind to the results."
)
DECIMALS = (
    "All intervals are 95 % unless another level is named. Beltline tells a single angle in whole "
    "degrees, because it is no surer than that; figures about many ratings (bias, limits, errors) "
    "have one decimal, as is usual in papers. results.json holds all digits."
)
MEANING = (
    "What these figures cannot tell. All raters marked the same photographs, so nothing here "
    "covers how a person stands on another day, how the camera was set up, or fingers on the "
    "bones: a real change between two visits has to be larger than the smallest change given "
    "here. Agreement is not accuracy: all may be wrong in the same way. The figures hold for "
    "photographs and raters like these. They name no limit between good and poor; what difference "
    "matters should have been settled before looking at them."
)

IN_SHORT = "In short"
SHORT_AUTOMATIC = (
    "Beltline less {second}, {pairs} photographs: on average {bias}. Of such differences, 95 % "
    "are expected from {lower} to {upper}."
)
SHORT_RATERS = (
    "Single ratings by different raters: ICC(2,1) {icc}. Standard error of measurement {sem}; two "
    "ratings of one picture by two raters differ by less than {mdc} in 95 % of cases."
)
SHORT_REPEATS = (
    "One rater, the same picture twice: standard error of measurement {sem}; the two differ by "
    "less than {mdc} in 95 % of cases."
)

DESIGN = "How the study was done"
DESIGN_TEXT = (
    "{raters}, {repeats}, {photos} of as many subjects. Each rater had a worklist in an order "
    "drawn at random (seed {seed}), without names, earlier answers or anything that tells which "
    "pictures are the same. A rating is two points, ASIS and PSIS, and, where the rater drew one, "
    "a plumb line; the tilt is the angle of the line through both points against the horizontal, "
    "forward positive. Beltline measured every photograph once, with the "
    "careful look, without seeing any rating."
)
COUNTS = "What was rated"
COUNTS_HEAD = (
    "Rater",
    "Pictures",
    "Marked",
    "Points not seen",
    "Not yet rated",
    "Seconds per picture: middle (middle half)",
    "Time between repeats: middle (range)",
)
COUNTS_TEXT = (
    "Where a rater could not tell the points, there is no angle; it is missing from the figures "
    "and counted here."
)
AUTOMATIC_COUNTS = (
    "Beltline measured {answered} of {asked} photographs and gave no angle for {refused}{why}."
)
REFUSED_FOR = " (reasons: {reasons})"
LEFT_OUT_BIAS = (
    " Photographs that Beltline refuses are likely to be the harder ones, so its figures hold for "
    "photographs that it accepts."
)

AUTOMATIC = "Beltline against raters"
AUTOMATIC_TEXT = (
    "Beltline's angle less the rater's mean over the repeats. Bias is the mean difference. Between "
    "the limits of agreement lie 95 % of such differences for single photographs: they tell how "
    "far Beltline may be from this rater on the next one (Bland and Altman 1986; intervals after "
    "Carkeet 2015). A mean of several ratings scatters less than a single one, so against single "
    "ratings the limits are wider. ICC(2,1) counts a constant difference as disagreement, ICC(3,1) "
    "does not; both grow with how much the subjects differ from one another, so they cannot be "
    "compared between studies of different people."
)
SLOPE_TEXT = (
    "Slope: by how many degrees the difference changes with each degree of tilt, with the test of "
    "none (proportional bias). It also differs from 0 when one of the two scatters more than the "
    "other, as an outline's angle does less than marks (Bland and Altman 1995)."
)
NO_AUTOMATIC = "Beltline measured too few of these photographs to be compared."
PAIRS_HEAD = (
    "Compared",
    "Photo-\ngraphs",
    "Bias",
    "Lower limit",
    "Upper limit",
    "ICC(2,1)",
    "ICC(3,1)",
    "Slope",
)
METHODS = {"contour": "outline", "stickers": "stickers"}

RATERS = "Rater against rater"
RATERS_TEXT = (
    "From each rater's first rating of the photographs that all could mark ({subjects}). The "
    "intraclass correlation is the share of the differences between ratings that comes from the "
    "subjects and not from the rating: 1 if raters always gave the same, 0 if nothing but chance. "
    "Which form to quote depends on the question (Shrout and Fleiss 1979):"
)
FORMS_HEAD = ("Form", "The question it answers", "Value")
FORMS = {
    "ICC(1,1)": "May one rating be trusted when each picture may have been rated by anybody?",
    "ICC(2,1)": "May one rating by one such rater stand for that of another? (Usually this one.)",
    "ICC(3,1)": "Do just these raters rank people alike, whatever they differ by always?",
    "ICC(1,k)": "As ICC(1,1), for the mean of {raters} ratings.",
    "ICC(2,k)": "As ICC(2,1), for the mean of {raters} raters.",
    "ICC(3,k)": "As ICC(3,1), for the mean of just these {raters} raters.",
}
ERRORS_TEXT = (
    "Standard error of measurement (SEM), with what raters always differ by in it: {sem}; without: "
    "{consistency}. Smallest detectable change (MDC95), 1.96 times the square root of 2 times SEM: "
    "{mdc} (Weir 2005). With few raters the upper ends are far off: {raters} tell little about all "
    "raters there are."
)
PAIRS_TEXT = (
    "Two raters at a time, single ratings, the first rater's less the second's; with repeats, "
    "those of one subject are taken together (Bland and Altman 2007, intervals after Zou 2013)."
)
PAIRS_LEFT_OUT = "The first {shown} of {pairs} pairs; results.json holds all."
ONE_RATER = "There is one rater, so raters cannot be compared."

REPEATS = "Repeat against repeat"
REPEATS_TEXT = (
    "The same photograph, shown again to the same rater, who was not told. ICC(1,1), because the "
    "order of the repeats means nothing. SEM is the standard deviation of one rater's marks on one "
    "picture; two of them differ by less than MDC95, the repeatability coefficient, in 95 % of "
    "cases (Bland and Altman 1996). Bias and limits: first rating less second."
)
REPEATS_HEAD = ("Rater", "ICC(1,1)", "SEM", "MDC95", "Bias", "Lower limit", "Upper limit")
ONE_REPEAT = "Each photograph was rated once, so raters cannot be compared with themselves."

MIXED = "With every mark that there is"
MIXED_TEXT = (
    "The figures above leave out photographs that some rater could not mark. A mixed model with "
    "subjects and raters as random effects uses all {marks} marks ({missing} are missing), and is "
    "right as long as marks are not missing because of the angle itself. If it tells much the same "
    "as the figures above, what is missing did not matter."
)
MIXED_HEAD = ("Figure", "Value")
MIXED_ROWS = (
    ("icc", "Agreement of single ratings by different raters, as ICC(2,1)"),
    ("icc_repeats", "Agreement of single ratings by the same rater"),
    ("sem", "Standard error of measurement, different raters"),
    ("mdc95", "Smallest detectable change, different raters"),
    ("subjects_sd", "Standard deviation between subjects"),
    ("raters_sd", "Standard deviation between raters"),
    ("rest_sd", "Standard deviation of the rest"),
    ("repeats_sd", "of which between one rater's repeats"),
)

BELTS = "The belt line: seen or not"
BELTS_TEXT = (
    "Raters said whether they see the belt line not at all, partly or clearly; Beltline finds it "
    "or does not, so beside Beltline partly and clearly are one. Kappa is agreement beyond chance: "
    "1 if always the same, 0 if no more often than by chance; with three steps, being one step "
    "apart counts half (linear weights: Cohen 1968; interval: Fleiss, Cohen and Everitt 1969). "
    "Where nearly all pictures are alike kappa can be low although the two nearly always agree, so "
    "the share of the same answers stands beside it. First ratings only."
)
BELTS_HEAD = ("Compared", "Photographs", "Same answer", "Kappa")
NO_BELTS = "Raters were not asked for the belt line."

PLANS = "How many subjects the next study needs"
PLANS_TEXT = (
    "If the next study is like this one ({raters}). For the ICC: so that its whole 95 % interval "
    "has this width (Bonett 2002). For limits of agreement: so that each is known to within this "
    "many degrees (Bland and Altman 1986). What this study found is itself unsure, so take more "
    "rather than fewer, and add what may be refused or not be markable."
)
PLANS_HEAD = ("Wanted", "Expected from this study", "Subjects")
PLAN_ICC = "95 % interval of ICC(2,1) {wanted:.1f} wide"
PLAN_LIMITS = "Limits of Beltline against raters to within {wanted:.1f}°"
EXPECTED_ICC = "ICC {expected:.2f}"
EXPECTED_SD = "standard deviation of differences {expected:.1f}°"
NO_PLANS = "Too little is known yet to plan another study from."

WITH, NOT_NOTED = "{first} and {second}", "not said"
NOT_WORKED_OUT, NO_INTERVAL = "cannot be worked out", "(no interval)"
WHY_NOT = "Not everything could be worked out: {why}"

GRRAS = "What reviewers ask for (GRRAS, Kottner and others 2011)"
GRRAS_TEXT = (
    "The fifteen items of the Guidelines for Reporting Reliability and Agreement Studies, and "
    "where this report answers them. What is yours to write, no program can know. STARD does not "
    "fit: nobody is found ill or well, and there is no reference standard."
)
GRRAS_HEAD = ("Item", "Asked for", "Answer")
YOURS = "Yours to write."

GRRAS_ITEMS = (
    "Title or abstract names the kind of study",
    "The instrument",
    "Population of subjects",
    "Population of raters",
    "What is known already, and why this study",
    "How the sample size was chosen; numbers planned",
    "How subjects and raters were sampled",
    "How it was rated: interval, information, blinding",
    "Whether ratings were independent",
    "Statistical analysis",
    "Numbers that took part",
    "What subjects and raters were like",
    "Estimates with their uncertainty",
    "Practical relevance",
    "Detailed results",
)
_GRRAS_ANSWERS = {
    1: "Agreement between raters, within raters, and of Beltline with raters; say so in yours.",
    2: "Two points marked on photographs; Beltline {version}, pose model {pose}, outline model "
    "{contour} (first letters of their SHA-256).",
    6: "Planned: {raters}, {repeats}, {subjects}. Why so many is yours to write.",
    7: "The order of pictures was drawn at random (seed {seed}). How people were found is yours.",
    8: "Time between repeats, blinding and what raters saw: see above, 'How the study was done' "
    "and 'What was rated'.",
    9: "Each rater had an order of pictures and a folder of answers of their own. Whether they "
    "talked is yours to say.",
    10: "See 'How the figures were worked out', and the form named with each figure.",
    11: "{answered} of {asked} pictures marked, {unmarkable} without points, {open} not yet rated.",
    13: "All estimates stand with 95 % intervals.",
    15: "table.csv, table.parquet and results.json.",
}

METHODS_HEAD = "How the figures were worked out"
MADE_WITH = (
    "Intraclass correlations by pingouin {pingouin}, mixed model, kappa and slopes by statsmodels "
    "{statsmodels}, distributions by scipy {scipy}; numpy {numpy}, pandas {pandas}, plots by "
    "matplotlib {matplotlib}."
)
REFERENCES = (
    "Bland JM, Altman DG. Lancet 1986; 327: 307-310 (limits of agreement).",
    "Bland JM, Altman DG. Lancet 1995; 346: 1085-1087 (slopes against one of two methods mislead).",
    "Bland JM, Altman DG. BMJ 1996; 312: 1654 (measurement error, repeatability).",
    "Bland JM, Altman DG. J Biopharm Stat 2007; 17: 571-582 (several pairs of a subject).",
    "Bonett DG. Stat Med 2002; 21: 1331-1335 (sample size for an ICC).",
    "Burdick RK, Borror CM, Montgomery DC. Design and Analysis of Gauge R&R Studies. SIAM 2005; "
    "Weerahandi S. J Am Stat Assoc 1993; 88: 899-905 (intervals of the mixed model).",
    "Carkeet A. Optom Vis Sci 2015; 92: e71-e80; Zou GY. Stat Methods Med Res 2013; 22: 630-642 "
    "(intervals of the limits).",
    "Cohen J. Psychol Bull 1968; 70: 213-220; Fleiss JL, Cohen J, Everitt BS. Psychol Bull 1969; "
    "72: 323-327 (weighted kappa and its error).",
    "Graybill FA, Wang CM. J Am Stat Assoc 1980; 75: 869-873 (interval of the SEM).",
    "Kottner J and others. J Clin Epidemiol 2011; 64: 96-106 (GRRAS).",
    "McGraw KO, Wong SP. Psychol Methods 1996; 1: 30-46; Shrout PE, Fleiss JL. Psychol Bull 1979; "
    "86: 420-428 (intraclass correlations and their intervals).",
    "Weir JP. J Strength Cond Res 2005; 19: 231-240 (SEM and smallest detectable change).",
)
FILES = (
    "Beside this file: table.csv and table.parquet, every rating and automatic measurement, one a "
    "row; results.json, every figure with all digits; plots, each plot as SVG."
)

BIAS, UPPER_LIMIT, LOWER_LIMIT = "bias", "upper limit", "lower limit"
IDENTITY, PHOTOGRAPH = "both alike", "photograph"
INTERVAL_90 = "Beltline's 90 % interval"
MEAN_OF_BOTH_AXIS = "mean of both (degrees, forward positive)"
AUTOMATIC_LESS_AXIS = "Beltline less raters (degrees)"
FIRST_LESS_SECOND_AXIS = "first less second (degrees)"
FIRST_RATING_LESS_AXIS = "first rating less second (degrees)"
LESS_OTHERS_AXIS = "rater less the mean of the other raters (degrees)"
AUTOMATIC_AXIS = "Beltline (degrees, forward positive)"
#: In two lines: names may run from right to left.
PAIR = "{first}\nless {second}"
SCATTER_PLOT = (
    "Beltline's angle over the raters' mean, with Beltline's own 90 % interval. On the dashed line "
    "both are alike."
)
BY_RATER_PLOT = (
    "How far each rater is from the mean of all others: each ring a photograph, the square the "
    "mean, the line where 95 % are expected. Means over repeats, of photographs that all could "
    "mark."
)


class _Estimate(Protocol):
    @property
    def value(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def high(self) -> float: ...


class _Compared(Protocol):
    @property
    def first(self) -> str: ...
    @property
    def second(self) -> str: ...
    @property
    def method(self) -> str: ...


class _Counted(Protocol):
    @property
    def rater(self) -> str: ...
    @property
    def asked(self) -> int: ...
    @property
    def open(self) -> int: ...


def number(value: float, decimals: int = 1) -> str:
    """Return a number as it is printed; a dash where there is none."""
    if not math.isfinite(value):
        return _NONE
    shown = f"{value:.{decimals}f}"
    shown = shown.lstrip("-") if float(shown) == 0 else shown
    return shown.replace("-", _MINUS)


def angle(value: float) -> str:
    """Return degrees with one decimal."""
    return number(value) if not math.isfinite(value) else f"{number(value)}°"


def degrees(found: _Estimate) -> str:
    """Return degrees with their interval."""
    return _with_interval(angle(found.value), found, 1)


def share(found: _Estimate) -> str:
    """Return a correlation or kappa with its interval."""
    return _with_interval(number(found.value, 2), found, 2)


def _with_interval(shown: str, found: _Estimate, decimals: int) -> str:
    if not math.isfinite(found.value):
        return NOT_WORKED_OUT
    if not (math.isfinite(found.low) and math.isfinite(found.high)):
        return f"{shown} {NO_INTERVAL}"
    return f"{shown} ({number(found.low, decimals)} to {number(found.high, decimals)})"


def slope(found: _Estimate, p: float) -> str:
    """Return the slope of the differences, and how likely it is where there is none."""
    if not math.isfinite(found.value):
        return _NONE
    return f"{number(found.value, 2)}\n{p_value(p)}"


def p_value(p: float) -> str:
    """Return how likely something is by chance."""
    if not math.isfinite(p):
        return _NONE
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def spread(values: Sequence[float], decimals: int) -> str:
    """Return the middle of three numbers, and the two around it."""
    if not values:
        return _NONE
    low, middle, high = (number(value, decimals) for value in values)
    return f"{middle} ({low} to {high})"


def counted(count: int, one: str, several: str) -> str:
    """Return a number with what it counts."""
    return f"{count:,} {one if count == 1 else several}"


def left_out(count: int) -> str:
    """Return that photographs were left out before any rating, or nothing."""
    if not count:
        return ""
    photographs = counted(count, "photograph was", "photographs were")
    return (
        f"Before any rating, {photographs} drawn and left out as not fit for measuring; study.json "
        "tells why."
    )


def percent(part: float) -> str:
    """Return a share in whole percent."""
    return f"{100 * part:.0f} %" if math.isfinite(part) else _NONE


def repeats_told(repeats: int) -> str:
    """Return how many times each rater saw each photograph."""
    times = {1: "once", 2: "twice"}.get(repeats, f"{repeats} times")
    return f"each photograph {times}"


def missing(counts: Sequence[_Counted]) -> str:
    """Return who lacks how many."""
    lacking = [one for one in counts if one.open]
    told = [OPEN_OF.format(rater=one.rater, open=one.open, asked=one.asked) for one in lacking[:5]]
    if len(lacking) > len(told):
        told.append(counted(len(lacking) - len(told), "more rater", "more raters"))
    return ", ".join(told)


def apart(hours: Sequence[float]) -> str:
    """Return the times between repeats in the unit that suits the middle one."""
    if not hours:
        return _NONE
    units = ((48.0, "days", 24.0), (2.0, "hours", 1.0), (0.0, "minutes", 1 / 60))
    unit, of_hours = next((unit, each) for most, unit, each in units if hours[1] >= most)
    return f"{spread([each / of_hours for each in hours], 0)} {unit}"


def below(found: str) -> str:
    """Return a figure with its interval on a line of its own."""
    return found.replace(" (", "\n(", 1)


def short_name(name: str) -> str:
    """Return what a rater, or all of them together, is called in a table."""
    return {"all raters": "all raters together", "beltline": "Beltline"}.get(name, name)


def name_of(name: str) -> str:
    """Return what a way to measure is called inside a sentence."""
    return "the mean of all raters" if name == "all raters" else name


def pair_name(pair: _Compared) -> str:
    """Return who is compared with whom."""
    if pair.method:
        who = "mean of all raters" if pair.second == "all raters" else pair.second
        return f"{METHODS.get(pair.method, pair.method)} less\n{who}"
    return PAIR.format(first=pair.first, second=pair.second)


def line_name(name: str, value: float) -> str:
    """Return what stands beside a line of a plot."""
    return f"{name}\n{angle(value)}"


def by_hand_axis(rater: str) -> str:
    """Return what the axis of the ratings is called."""
    who = "mean of all raters" if rater == "all raters" else f"mean of {rater}'s ratings"
    return f"{who} (degrees, forward positive)"


def automatic_plot(pair: _Compared) -> str:
    """Return what the plot of Beltline against raters shows."""
    return (
        f"Beltline ({METHODS.get(pair.method, pair.method)}) less {name_of(pair.second)}, over the "
        "mean of both. Full line: bias; dashed: limits of agreement; grey: their 95 % intervals."
    )


def pairs_plot(shown: int, pairs: int) -> str:
    """Return what the plot of pairs of raters shows."""
    all_ = "All pairs of raters" if shown == pairs else f"The first {shown} of {pairs} pairs"
    return (
        f"{all_}: single ratings, first less second, over the mean of both. Full line: bias; "
        "dashed: limits of agreement; grey: their 95 % intervals."
    )


def repeats_plot(most: int, raters: int) -> str:
    """Return what the plot of repeats shows."""
    who = "" if raters <= most else f" The first {most} of {raters} raters."
    return f"Each rater's first rating less the second of the same photograph.{who}"


def grras(**facts: object) -> list[tuple[str, str, str]]:
    """Return the items of the guidelines with the answer that a study's figures give to each."""
    return [
        (str(item), asked, _GRRAS_ANSWERS.get(item, YOURS).format(**facts))
        for item, asked in enumerate(GRRAS_ITEMS, 1)
    ]
