"""``beltline range``: a range test from photographs of the three positions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.cli.batch import Batch
from app.cli.options import Options, OverlayPlan, UsageError
from app.history.errors import HistoryError
from app.system.shell import Status
from app.text import measurement
from vision.range_of_motion import PositionTilts, RangeResult, assess_range
from vision.result import Measured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.batch import Writer
    from vision.result import PhotoResult, TiltEstimate


class RangeBatch(Batch):
    """Measures the photographs of each position, and then says what they make together.

    Parameters
    ----------
    tucked, relaxed, arched
        Names as given, at least one each.
    writer
        Where the answers go.
    save, profile, note
        Whether to keep the test, whose it is, and what is kept beside it.

    Raises
    ------
    UsageError
        When a photograph is given twice, or something is to be kept beside nothing.
    """

    def __init__(
        self,
        tucked: Sequence[str],
        relaxed: Sequence[str],
        arched: Sequence[str],
        writer: Writer,
        *,
        save: bool = False,
        profile: str | None = None,
        note: str = "",
    ) -> None:
        photos = (*tucked, *relaxed, *arched)
        _check(photos, save=save, is_beside=profile is not None or bool(note))
        options = Options(
            photos, None, None, None, "auto", save=save, profile=profile, note=note, workers=1
        )
        super().__init__(options, OverlayPlan((None,) * len(photos)), writer)
        # None by itself: a tucked or arched pelvis is no check.
        self._keeps_photos = False
        self._counts = len(tucked), len(relaxed), len(arched)
        self._tilts: list[TiltEstimate | None] = []

    def _take(self, photo: str, outcome: PhotoResult) -> None:
        self._tilts.append(outcome.tilt if isinstance(outcome, Measured) else None)

    def _answer_together(self) -> None:
        tilts = iter(self._tilts)
        each = [[next(tilts) for _ in range(count)] for count in self._counts]
        # A photograph without an angle leaves its position to the others.
        tucked, relaxed, arched = (
            tuple(tilt for tilt in position if tilt is not None) for position in each
        )
        result = assess_range(PositionTilts(tucked, relaxed, arched), is_one_camera=False)
        entry_id = self._keep_range(result) if isinstance(result, RangeResult) else None
        if not isinstance(result, RangeResult):
            self._seen.add(Status.NOT_ALL_MEASURED)
        with self._bar.aside():
            self._writer.write_range(result, entry_id)

    def _keep_range(self, result: RangeResult) -> int | None:
        """Keep the test by the newest photograph's time; None where that is not wanted."""
        asked = self._options
        if not asked.save:
            return None
        from app.history.diary import RangeKept, RangeSource
        from app.history.from_measurement import taken_at

        try:
            history = self._opened()
            profile = history.find_or_add_profile(asked.profile)
            when = max(taken_at(photo) for photo in asked.photos)
            kept = RangeKept(result, RangeSource.PHOTOGRAPHS, asked.note)
            return history.note(profile.id, when, kept).id
        except HistoryError as error:
            self._complain(f"The range was measured but not kept. {error}")
            return None
        except Exception:
            self._note_bug("Keeping the range of %s failed", asked.photos[0])
            self._complain(f"The range was measured but not kept. {measurement.NOT_KEPT}")
            return None


def _check(photos: Sequence[str], *, save: bool, is_beside: bool) -> None:
    if len(set(photos)) < len(photos):
        raise UsageError(
            "One photograph is given for more than one position. Give each position its own."
        )
    if is_beside and not save:
        raise UsageError("--profile and --note go with --save. Give it as well, or leave them out.")
