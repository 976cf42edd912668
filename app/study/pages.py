"""The pages of a study's report: every figure with a sentence on what it means."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from reportlab.platypus import Image, Table

from app.report.flow import (
    BODY,
    CAPTION,
    CELL_GAP_PT,
    CONTENT_WIDTH_PT,
    FINE,
    GRID,
    HEADING,
    PAGE_ROOM_PT,
    TABLE,
    TABLE_HEAD,
    TITLE,
    Text,
    height_pt,
    rule,
    spaced,
    stack,
)
from app.study.agreement import IccForm
from app.study.analysis import ALL_RATERS, form_of
from app.text.research import study_report as text
from vision.model_files import CONTOUR_MODEL, POSE_BUNDLE, expected_sha256

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Flowable

    from app.study.agreement import Estimate, Icc, Limits
    from app.study.analysis import Analysis, Counted, PairAgreement
    from app.study.plots import Plot

_POINTS_PER_INCH = 72.0
#: Of each line of a cell, should it be a long name.
_LINES_MAX = 3
#: More rows of pairs than these tell a reader nothing; the file of results holds them all.
_PAIRS_SHOWN = 21
_SHA256_SHOWN = 12
#: No plot takes more of a page from top to bottom, so that its caption stays with it.
_PLOT_MAX = 0.9


class StudyAbout(Protocol):
    """What the head of the report tells of a study."""

    @property
    def study(self) -> str:
        """Return its name."""

    @property
    def made_at(self) -> str:
        """Return when it was made, ISO 8601."""

    @property
    def seed(self) -> int:
        """Return by what its orders were drawn."""

    @property
    def version(self) -> str:
        """Return the version of Beltline that made it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that is printed.

    Attributes
    ----------
    about
        The study.
    analysis
        Its figures.
    plots
        In the order in which they are printed.
    last_rated_at
        ISO 8601; empty if nobody noted it.
    left_out
        How many photographs were drawn and could not be used.
    version
        Of Beltline, which writes the report.
    packages
        Name and version of what the figures were worked out with.
    """

    about: StudyAbout
    analysis: Analysis
    plots: tuple[Plot, ...]
    last_rated_at: str
    left_out: int
    version: str
    packages: tuple[tuple[str, str], ...]


def story(told: Told) -> list[Flowable]:
    """Return the parts of the report from top to bottom."""
    return [
        *_head(told),
        *_short(told.analysis),
        *_design(told),
        *_counts(told),
        *_automatic(told),
        *_raters(told),
        *_repeats(told),
        *_mixed(told.analysis),
        *_belts(told.analysis),
        *_plans(told.analysis),
        *_grras(told),
        *_methods(told),
    ]


def _head(told: Told) -> Iterable[Flowable]:
    about = text.ABOUT.format(
        study=told.about.study,
        made=told.about.made_at[:10],
        made_version=told.about.version,
        version=told.version,
        last=told.last_rated_at[:10] or text.NOT_NOTED,
    )
    yield Text(text.TITLE, TITLE)
    yield spaced(Text(about, CAPTION))
    yield spaced(rule())
    if told.analysis.open:
        asked = sum(counted.asked for counted in told.analysis.counts)
        incomplete = text.INCOMPLETE.format(open=told.analysis.open, asked=asked)
        yield stack(Text(incomplete, HEADING))


def _short(analysis: Analysis) -> Iterable[Flowable]:
    lines: list[str] = []
    for pair in analysis.automatic_pairs:
        if pair.limits is not None and pair.second in (ALL_RATERS, analysis.raters[0]):
            limits = pair.limits
            ends = {"lower": text.degrees(limits.lower), "upper": text.degrees(limits.upper)}
            line = text.SHORT_AUTOMATIC.format(
                second=text.name_of(pair.second),
                pairs=limits.pairs,
                bias=text.degrees(limits.bias),
                **ends,
            )
            # All raters come last, and stand for the first.
            lines = [*lines[: -(pair.second == ALL_RATERS) or None], line]
    together = analysis.raters_together
    form = form_of(together.forms, IccForm.AGREEMENT)
    if form and together.error:
        sem, mdc = text.degrees(together.error.sem), text.degrees(together.error.mdc95)
        lines.append(text.SHORT_RATERS.format(icc=text.share(form.icc), sem=sem, mdc=mdc))
    if analysis.repeats_of and (error := analysis.repeats_of[-1].error):
        sem, mdc = text.degrees(error.sem), text.degrees(error.mdc95)
        lines.append(text.SHORT_REPEATS.format(sem=sem, mdc=mdc))
    yield _part(text.IN_SHORT, *lines, text.MEANING)
    yield spaced(Text(text.DECIMALS, CAPTION))


def _design(told: Told) -> Iterable[Flowable]:
    analysis = told.analysis
    yield _part(
        text.DESIGN,
        text.DESIGN_TEXT.format(
            raters=_raters_told(analysis),
            repeats=text.repeats_told(analysis.repeats),
            photos=text.counted(analysis.subjects, "photograph", "photographs"),
            seed=told.about.seed,
        ),
    )


def _counts(told: Told) -> Iterable[Flowable]:
    analysis, own = told.analysis, told.analysis.automatic
    if own.unmarkable:
        reasons = ", ".join(f"{code} {count}" for code, count in analysis.refused_for)
        why = text.REFUSED_FOR.format(reasons=reasons)
    else:
        why = ""
    measured = text.AUTOMATIC_COUNTS.format(
        answered=own.answered, asked=own.asked, refused=own.unmarkable, why=why
    )
    bias = text.LEFT_OUT_BIAS if own.unmarkable else ""
    yield from _together(
        _part(text.COUNTS, text.COUNTS_TEXT, f"{measured}{bias}", text.left_out(told.left_out)),
        _table(
            (96.0, 50.0, 50.0, 60.0, 60.0, 100.0, 95.0),
            [_counts_row(counted) for counted in analysis.counts],
            text.COUNTS_HEAD,
        ),
    )


def _counts_row(counted: Counted) -> Sequence[str]:
    return (
        counted.rater,
        str(counted.asked),
        str(counted.answered),
        str(counted.unmarkable),
        str(counted.open),
        text.spread(counted.seconds, 1),
        text.apart(counted.hours_apart),
    )


def _automatic(told: Told) -> Iterable[Flowable]:
    pairs = told.analysis.automatic_pairs
    if not any(pair.limits for pair in pairs):
        yield _part(text.AUTOMATIC, text.NO_AUTOMATIC)
        return
    yield _part(text.AUTOMATIC, text.AUTOMATIC_TEXT, text.SLOPE_TEXT, *_why(pairs[-1].why))
    yield from _pairs_table(pairs)
    yield from _shown(told, "bland_altman_automatic", "scatter_automatic")


def _raters(told: Told) -> Iterable[Flowable]:
    analysis = told.analysis
    if len(analysis.raters) < 2:
        yield _part(text.RATERS, text.ONE_RATER)
        return
    together = analysis.raters_together
    subjects = text.counted(
        together.forms[0].subjects if together.forms else 0, "photograph", "photographs"
    )
    part = _part(text.RATERS, text.RATERS_TEXT.format(subjects=subjects), *_why(together.why))
    if not together.forms:
        yield part
    else:
        rows = [
            (
                one.form.value,
                text.FORMS[one.form.value].format(raters=one.raters),
                text.share(one.icc),
            )
            for one in together.forms
        ]
        yield from _together(part, _table((60.0, 331.0, 120.0), rows, text.FORMS_HEAD))
    if together.error:
        error = together.error
        said = text.ERRORS_TEXT.format(
            sem=text.degrees(error.sem),
            consistency=text.degrees(error.sem_consistency),
            mdc=text.degrees(error.mdc95),
            raters=_raters_told(analysis),
        )
        yield stack(Text(said, BODY))
    yield from _together(stack(Text(text.PAIRS_TEXT, BODY)), *_pairs_table(analysis.rater_pairs))
    yield from _shown(told, "bland_altman_raters", "differences_by_rater")


def _pairs_table(pairs: Sequence[PairAgreement]) -> Iterable[Flowable]:
    shown = pairs[:_PAIRS_SHOWN]
    rows = [
        (
            text.pair_name(pair),
            str(pair.limits.subjects) if pair.limits else "",
            *_limits_cells(pair.limits, text.NOT_WORKED_OUT),
            _form_cell(pair.forms, IccForm.AGREEMENT),
            _form_cell(pair.forms, IccForm.CONSISTENCY),
            text.slope(pair.limits.slope, pair.limits.slope_p) if pair.limits else "",
        )
        for pair in shown
    ]
    yield _table((66.0, 38.0, 66.0, 78.0, 72.0, 70.0, 70.0, 51.0), rows, text.PAIRS_HEAD)
    if len(shown) < len(pairs):
        said = text.PAIRS_LEFT_OUT.format(shown=len(shown), pairs=len(pairs))
        yield spaced(Text(said, CAPTION))


def _repeats(told: Told) -> Iterable[Flowable]:
    repeats = told.analysis.repeats_of
    if not repeats:
        yield _part(text.REPEATS, text.ONE_REPEAT)
        return
    part = _part(text.REPEATS, text.REPEATS_TEXT, *_why(repeats[-1].why))
    rows = [
        (
            text.short_name(one.rater),
            _form_cell(one.forms, IccForm.ONE),
            *(_degrees(one.error.sem if one.error else None),),
            *(_degrees(one.error.mdc95 if one.error else None),),
            *_limits_cells(one.limits),
        )
        for one in repeats
    ]
    widths_pt = 82.0, 74.0, 71.0, 71.0, 71.0, 71.0, 71.0
    yield from _together(part, _table(widths_pt, rows, text.REPEATS_HEAD))
    yield from _shown(told, "repeats")


def _mixed(analysis: Analysis) -> Iterable[Flowable]:
    model = analysis.mixed
    if model is None:
        yield _part(text.MIXED, *_why(analysis.why_not_mixed))
        return
    said = text.MIXED_TEXT.format(marks=model.marks, missing=model.missing)
    shares = model.icc, model.icc_repeats
    rows = []
    for name, meaning in text.MIXED_ROWS:
        found: Estimate = getattr(model, name)
        rows.append((meaning, text.share(found) if found in shares else text.degrees(found)))
    table = _table((361.0, 150.0), rows, text.MIXED_HEAD)
    yield from _together(_part(text.MIXED, said), table)


def _belts(analysis: Analysis) -> Iterable[Flowable]:
    asked = [belt for belt in analysis.belts if belt.photos]
    if not asked:
        yield _part(text.BELTS, text.NO_BELTS)
        return
    rows = [
        (
            text.WITH.format(first=text.short_name(belt.first), second=belt.second),
            str(belt.photos),
            text.percent(belt.same_share),
            text.share(belt.kappa) if belt.kappa else belt.why,
        )
        for belt in asked[:_PAIRS_SHOWN]
    ]
    table = _table((191.0, 80.0, 80.0, 160.0), rows, text.BELTS_HEAD)
    yield from _together(_part(text.BELTS, text.BELTS_TEXT), table)


def _plans(analysis: Analysis) -> Iterable[Flowable]:
    if not analysis.plans:
        yield _part(text.PLANS, text.NO_PLANS)
        return
    rows = []
    for plan in analysis.plans:
        is_icc = plan.figure == "icc"
        wanted = text.PLAN_ICC if is_icc else text.PLAN_LIMITS
        expected = text.EXPECTED_ICC if is_icc else text.EXPECTED_SD
        rows.append(
            (
                wanted.format(wanted=plan.wanted),
                expected.format(expected=plan.expected),
                f"{plan.subjects:,}",
            )
        )
    part = _part(text.PLANS, text.PLANS_TEXT.format(raters=_raters_told(analysis)))
    yield from _together(part, _table((231.0, 200.0, 80.0), rows, text.PLANS_HEAD))


def _grras(told: Told) -> Iterable[Flowable]:
    analysis = told.analysis
    pose, contour = (expected_sha256(name)[:_SHA256_SHOWN] for name in (POSE_BUNDLE, CONTOUR_MODEL))
    rows = text.grras(
        version=told.version,
        pose=pose,
        contour=contour,
        raters=_raters_told(analysis),
        repeats=text.repeats_told(analysis.repeats),
        subjects=text.counted(analysis.subjects, "subject", "subjects"),
        seed=told.about.seed,
        asked=sum(one.asked for one in analysis.counts),
        answered=sum(one.answered for one in analysis.counts),
        unmarkable=sum(one.unmarkable for one in analysis.counts),
        open=analysis.open,
    )
    yield _part(text.GRRAS, text.GRRAS_TEXT)
    yield _table((36.0, 205.0, 270.0), rows, text.GRRAS_HEAD)


def _methods(told: Told) -> Iterable[Flowable]:
    made_with = text.MADE_WITH.format(**dict(told.packages))
    yield _part(text.METHODS_HEAD, made_with, text.FILES)
    for reference in text.REFERENCES:
        yield spaced(Text(reference, FINE))


def _raters_told(analysis: Analysis) -> str:
    return text.counted(len(analysis.raters), "rater", "raters")


def _why(why: str) -> tuple[str, ...]:
    return (text.WHY_NOT.format(why=why),) if why else ()


def _part(heading: str, *paragraphs: str) -> Flowable:
    return stack(Text(heading, HEADING), *(Text(said, BODY) for said in paragraphs if said))


def _table(
    widths_pt: Sequence[float], rows: Sequence[Sequence[str]], head: Sequence[str]
) -> Flowable:
    """Return a table whose cells may have several lines."""
    cells = [[_cell(told, TABLE_HEAD) for told in head]]
    cells += [[_cell(told, TABLE) for told in row] for row in rows]
    scale = CONTENT_WIDTH_PT / sum(widths_pt)
    widths = [width * scale for width in widths_pt]
    table = Table(cells, widths, style=GRID, hAlign="LEFT", repeatRows=1)
    table.spaceBefore = CELL_GAP_PT
    return table


def _together(*parts: Flowable) -> Sequence[Flowable]:
    """Return parts that stay on one page, as far as a page has room for them."""
    whole = stack(*parts, gap_pt=CELL_GAP_PT)
    return (whole,) if height_pt(whole) <= PAGE_ROOM_PT / 2 else parts


def _cell(told: str, style: ParagraphStyle) -> list[Flowable]:
    return [Text(line, style, _LINES_MAX) for line in told.split("\n")]


def _limits_cells(limits: Limits | None, lacking: str = "") -> tuple[str, str, str]:
    if limits is None:
        return (lacking, "", "")
    lines = limits.bias, limits.lower, limits.upper
    bias, lower, upper = (text.below(text.degrees(line)) for line in lines)
    return bias, lower, upper


def _form_cell(forms: Sequence[Icc], wanted: IccForm) -> str:
    form = form_of(forms, wanted)
    return text.below(text.share(form.icc)) if form else ""


def _degrees(found: Estimate | None) -> str:
    return text.below(text.degrees(found)) if found else text.NOT_WORKED_OUT


def _shown(told: Told, *names: str) -> Iterable[Flowable]:
    """Return the plots whose names begin so, each with what it shows."""
    for plot in told.plots:
        if plot.name.startswith(names):
            wide, tall = (size * _POINTS_PER_INCH for size in (plot.width_in, plot.height_in))
            scale = min(1.0, _PLOT_MAX * PAGE_ROOM_PT / tall)
            picture = Image(io.BytesIO(plot.png), scale * wide, scale * tall, hAlign="LEFT")
            yield stack(picture, Text(plot.caption, CAPTION))
