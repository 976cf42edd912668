"""The plots of a study's report, by matplotlib: as SVG for a paper and as PNG for the PDF.

Nothing depends on colour: points differ in form, lines in their dashes, so that a copy in grey
tells the same. Letters are outlines: any program shows them, of whatever script.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from app.report.fonts import font_files, readable
from app.study.analysis import ALL_RATERS
from app.text.research import study_report as text
from vision.native_output import keep_fonts_quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from app.study.agreement import Estimate, Limits
    from app.study.analysis import Analysis, PairAgreement, Ratings

_DOTS_PER_INCH = 200
_WIDE_IN, _TALL_IN, _SQUARE_IN = 6.6, 3.1, (5.2, 3.6)
_INK, _GREY, _BAND = "#1b2330", "#586172", "#dde1e7"
_FORMS = ("o", "^", "s", "D", "v", "P", "X", "<", ">")
#: More panels, or more raters in one, cannot be told apart.
_PANELS_MAX, _PANEL_COLUMNS = 6, 3
_RATERS_SHOWN = len(_FORMS)
_LETTERS_MAX = 18
#: No plot shows finer differences.
_LEAST_DEG = 0.5
_Z = 1.959963984540054
_SETTINGS: dict[Any, Any] = {
    "font.size": 8.0,
    "axes.edgecolor": _GREY,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "text.color": _INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.unicode_minus": True,
    "legend.frameon": False,
    "svg.fonttype": "path",
    "text.parse_math": False,  # a name may hold dollars
    # The same study gives the same file.
    "svg.hashsalt": "beltline",
    "figure.constrained_layout.use": True,
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot.

    Attributes
    ----------
    name
        Of its file, without a suffix.
    caption
        What it shows, in a sentence or two.
    svg, png
        The file, and the same at 200 dots an inch.
    width_in, height_in
        Its size in inches.
    """

    name: str
    caption: str
    svg: bytes
    png: bytes
    width_in: float
    height_in: float


def draw_plots(ratings: Ratings, analysis: Analysis) -> list[Plot]:
    """Return all plots that the answers allow.

    Parameters
    ----------
    ratings
        The long table as arrays.
    analysis
        What was worked out of it.
    """
    import matplotlib as mpl

    keep_fonts_quiet()
    with mpl.rc_context({**_SETTINGS, "font.family": _families("".join(ratings.raters))}):
        return [*_automatic(ratings, analysis), *_raters(ratings, analysis)]


def _automatic(ratings: Ratings, analysis: Analysis) -> Iterable[Plot]:
    whole = ALL_RATERS if len(ratings.raters) > 1 else ratings.raters[0]
    for pair in analysis.automatic_pairs:
        if pair.second != whole or pair.limits is None:
            continue
        automatic, by_hand = ratings.automatic_deg[pair.method], ratings.of_rater(whole)
        drawn = _new(_WIDE_IN, _TALL_IN)
        _bland_altman(drawn[1], automatic, by_hand, pair.limits)
        _label(drawn[1], text.MEAN_OF_BOTH_AXIS, text.AUTOMATIC_LESS_AXIS)
        caption = text.automatic_plot(pair)
        yield _plot(drawn[0], f"bland_altman_automatic_{pair.method}", caption)
        drawn = _new(*_SQUARE_IN)
        _against_each_other(drawn[1], ratings, pair)
        yield _plot(drawn[0], f"scatter_automatic_{pair.method}", text.SCATTER_PLOT)


def _raters(ratings: Ratings, analysis: Analysis) -> Iterable[Plot]:
    if len(ratings.raters) > 1:
        yield from _pairs(ratings, analysis)
        yield from _by_rater(ratings)
    if ratings.repeats > 1:
        yield from _repeated(ratings)


def _pairs(ratings: Ratings, analysis: Analysis) -> Iterable[Plot]:
    """Draw a panel for each pair of raters, the first few of them."""
    all_ = [(pair, pair.limits) for pair in analysis.rater_pairs if pair.limits is not None]
    shown = all_[:_PANELS_MAX]
    if not shown:
        return
    columns = min(_PANEL_COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = _figure(_WIDE_IN, 0.6 + 2.1 * rows)
    axes = figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).ravel()
    for axis, (pair, limits) in zip(axes, shown, strict=False):
        first, second = (
            ratings.tilt_deg[:, ratings.raters.index(name)].ravel()
            for name in (pair.first, pair.second)
        )
        _bland_altman(axis, first, second, limits, names_lines=False)
        axis.set_title("\n".join(map(_short, text.pair_name(pair).split("\n"))), fontsize=8)
    for axis in axes[len(shown) :]:
        axis.set_visible(False)
    figure.supxlabel(text.MEAN_OF_BOTH_AXIS, fontsize=8)
    figure.supylabel(text.FIRST_LESS_SECOND_AXIS, fontsize=8)
    yield _plot(figure, "bland_altman_raters", text.pairs_plot(len(shown), len(all_)))


def _by_rater(ratings: Ratings) -> Iterable[Plot]:
    """Draw how far each rater is from the mean of all others."""
    means = np.stack([ratings.of_rater(rater) for rater in ratings.raters], 1)
    whole = means[np.isfinite(means).all(axis=1)]
    if len(whole) < 2:
        return
    others = (whole.sum(axis=1, keepdims=True) - whole) / (whole.shape[1] - 1)
    figure, axis = _new(_WIDE_IN, 1.2 + 0.32 * whole.shape[1])
    rng = np.random.default_rng(0)
    axis.axvline(0, color=_GREY, lw=0.8)
    for number, away in enumerate((whole - others).T):
        up = number + rng.uniform(-0.18, 0.18, len(away))
        axis.plot(away, up, "o", ms=3, mfc="none", mec=_GREY, mew=0.6)
        reach = _Z * away.std(ddof=1)
        axis.errorbar(
            *(away.mean(), number), xerr=reach, fmt="s", ms=5, color=_INK, capsize=4, lw=1.2
        )
    axis.set_yticks(range(len(ratings.raters)), [_short(name) for name in ratings.raters])
    axis.invert_yaxis()
    low, high = axis.get_xlim()
    axis.set_xlim(min(low, -_LEAST_DEG), max(high, _LEAST_DEG))
    axis.set_xlabel(text.LESS_OTHERS_AXIS)
    yield _plot(figure, "differences_by_rater", text.BY_RATER_PLOT)


def _repeated(ratings: Ratings) -> Iterable[Plot]:
    """Draw the first rating less the second of each rater."""
    figure, axis = _new(_WIDE_IN, _TALL_IN)
    shown = 0
    for number, rater in enumerate(ratings.raters[:_RATERS_SHOWN]):
        first, second = ratings.tilt_deg[:, number, 0], ratings.tilt_deg[:, number, 1]
        is_pair = np.isfinite(first) & np.isfinite(second)
        shown += int(is_pair.sum())
        axis.plot(
            ((first + second) / 2)[is_pair],
            (first - second)[is_pair],
            _FORMS[number],
            **_hollow(4),
            label=_short(rater),
        )
    if not shown:
        return
    axis.axhline(0, color=_GREY, lw=0.8)
    _label(axis, text.MEAN_OF_BOTH_AXIS, text.FIRST_RATING_LESS_AXIS)
    _legend_beside(axis)
    yield _plot(figure, "repeats", text.repeats_plot(_RATERS_SHOWN, len(ratings.raters)))


def _bland_altman(
    axis: Axes,
    first: NDArray[np.float64],
    second: NDArray[np.float64],
    limits: Limits,
    *,
    names_lines: bool = True,
) -> None:
    is_pair = np.isfinite(first) & np.isfinite(second)
    first, second = first[is_pair], second[is_pair]
    lines: tuple[tuple[Estimate, str, str], ...] = (
        (limits.upper, "--", text.UPPER_LIMIT),
        (limits.bias, "-", text.BIAS),
        (limits.lower, "--", text.LOWER_LIMIT),
    )
    axis.axhline(0, color=_GREY, lw=0.6, ls=":")
    for line, dashes, name in lines:
        axis.axhspan(line.low, line.high, color=_BAND, lw=0, zorder=0)
        axis.axhline(line.value, color=_INK, lw=1.0, ls=dashes)
        if names_lines:
            axis.annotate(
                text.line_name(name, line.value),
                (1.01, line.value),
                xycoords=("axes fraction", "data"),
                va="center",
                fontsize=7,
                annotation_clip=False,
            )
    axis.plot((first + second) / 2, first - second, "o", **_hollow(4))
    low, high = axis.get_ylim()
    if high - low < _LEAST_DEG:  # else rounding would fill the plot
        axis.set_ylim(limits.bias.value - _LEAST_DEG, limits.bias.value + _LEAST_DEG)


def _against_each_other(axis: Axes, ratings: Ratings, pair: PairAgreement) -> None:
    """Draw the automatic measurements over those by hand, with the line where both are alike."""
    automatic, by_hand = ratings.automatic_deg[pair.method], ratings.of_rater(pair.second)
    is_pair = np.isfinite(automatic) & np.isfinite(by_hand)
    ends = ratings.automatic_low_deg[is_pair], ratings.automatic_high_deg[is_pair]
    both = np.concatenate([automatic[is_pair], by_hand[is_pair], *ends])
    low, high = np.nanmin(both) - 1, np.nanmax(both) + 1
    axis.plot([low, high], [low, high], "--", color=_INK, lw=1.0, label=text.IDENTITY)
    axis.vlines(by_hand[is_pair], *ends, color=_GREY, lw=0.5, label=text.INTERVAL_90)
    axis.plot(by_hand[is_pair], automatic[is_pair], "o", **_hollow(4), label=text.PHOTOGRAPH)
    axis.set_xlim(low, high)
    axis.set_ylim(low, high)
    axis.set_aspect("equal")
    _label(axis, readable(text.by_hand_axis(_short(pair.second))), text.AUTOMATIC_AXIS)
    _legend_beside(axis)


def _short(name: str) -> str:
    """Return a name in letters that there are, and no longer than a plot has room for."""
    name = readable(name)
    return name if len(name) <= _LETTERS_MAX else f"{name[:_LETTERS_MAX]}…"


def _hollow(size_pt: float) -> dict[str, Any]:
    return {"ms": size_pt, "mfc": "white", "mec": _INK, "mew": 0.8, "ls": "none"}


def _legend_beside(axis: Axes) -> None:
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), fontsize=7)


def _label(axis: Axes, across: str, up: str) -> None:
    axis.set_xlabel(across)
    axis.set_ylabel(up)


def _figure(width_in: float, height_in: float) -> Figure:
    from matplotlib.figure import Figure

    return Figure(figsize=(width_in, height_in))


def _new(width_in: float, height_in: float) -> tuple[Figure, Axes]:
    figure = _figure(width_in, height_in)
    return figure, figure.subplots()


def _families(letters: str) -> Sequence[str]:
    """Return names of fonts that hold these letters together."""
    from matplotlib.font_manager import FontProperties, fontManager

    files = [str(file) for file in font_files(letters, is_bold=False)]
    for file in files[1:]:
        fontManager.addfont(file)
    return ["DejaVu Sans", *(FontProperties(fname=file).get_name() for file in files[1:])]


def _plot(figure: Figure, name: str, caption: str) -> Plot:
    width_in, height_in = map(float, figure.get_size_inches())
    return Plot(
        name,
        caption,
        svg=_written(lambda file: figure.savefig(file, format="svg", metadata={"Date": None})),
        png=_written(
            lambda file: figure.savefig(
                file, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None}
            )
        ),
        width_in=width_in,
        height_in=height_in,
    )


def _written(write: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()
