"""Groups of measured pictures, to see where the answers are better or worse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from synthetic.evaluate.figures import agreement

if TYPE_CHECKING:
    from collections.abc import Callable

    from synthetic.evaluate.figures import Agreement
    from vision.result import Measured


class Known(Protocol):
    """A picture whose truth is known."""

    @property
    def truth(self) -> dict[str, Any]:
        """See :meth:`synthetic.scene.arrangement.Truth.to_dict`."""
        ...

    @property
    def jpeg(self) -> bytes:
        """The picture, encoded."""
        ...


Pair: TypeAlias = "tuple[Known, Measured]"


def _between(value: float, limits: tuple[float, ...], unit: str) -> str:
    """Return the name of the interval that a size lies in, sortable as text."""
    low = max((limit for limit in limits if limit <= value), default=0.0)
    above = [limit for limit in limits if limit > value]
    return f"{low:g} to {above[0]:g} {unit}" if above else f"over {low:g} {unit}"


def _build(pair: Pair) -> str:
    bmi = pair[0].truth["bmi"]
    return "build: " + ("slim" if bmi < 22 else "middle" if bmi < 28 else "heavy")


#: Each gives the name of the group that a pair belongs to.
STRATA: tuple[Callable[[Pair], str], ...] = (
    lambda pair: "all",
    lambda pair: f"clothing: {pair[0].truth['fit']}",
    lambda pair: f"top: {pair[0].truth['tuck']}",
    lambda pair: f"arms: {pair[0].truth['arms']}",
    lambda pair: f"sex: {pair[0].truth['sex']}",
    _build,
    lambda pair: "yaw: " + _between(abs(pair[0].truth["yaw_deg"]), (0, 5, 10), "deg"),
    lambda pair: "camera roll: " + _between(abs(pair[0].truth["roll_deg"]), (0, 0.5, 1.5), "deg"),
    lambda pair: "vertical: " + pair[1].capture.vertical.value,
    lambda pair: "lens height: " + _between(pair[0].truth["camera_height_m"], (0, 0.9, 1.3), "m"),
    lambda pair: f"facing: {pair[0].truth['facing']}",
)


def agreement_of(pairs: list[Pair]) -> Agreement:
    """Return how well the contour's answers agree with the truth."""
    contours = [result.contour for _, result in pairs]
    return agreement(
        [picture.truth["tilt_deg"] for picture, _ in pairs],
        [contour.angle_deg for contour in contours if contour],
        [(contour.low_deg, contour.high_deg) for contour in contours if contour],
    )


def by_stratum(pairs: list[Pair]) -> dict[str, Agreement]:
    """Return the agreement of the contour's answers in each group."""
    groups: dict[str, list[Pair]] = {}
    for name_of in STRATA:
        for pair in sorted(pairs, key=name_of):
            groups.setdefault(name_of(pair), []).append(pair)
    return {name: agreement_of(group) for name, group in groups.items()}
