"""Calibrating somebody, picture by picture: what each says, what it comes to, keeping it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QWidget

from app.gui.style.theme import GAP_PX, Kind, set_kind
from app.gui.widgets.cards import (
    Scroll,
    button_row,
    in_column,
    make_button,
    say,
    say_list,
    words,
)
from app.gui.widgets.status import sentence_of
from app.history.records import NewCheck
from app.system.clock import now
from app.text import calibration as text
from vision.marks.calibration import (
    Calibration,
    CalibrationPair,
    RefusedCalibration,
    calibrate,
    pair_of,
)
from vision.model_files import CONTOUR_MODEL, expected_sha256
from vision.result import Measured

if TYPE_CHECKING:
    from app.gui.background.history import HistoryService
    from app.gui.check.measurement import Photo
    from app.history.store import History
    from vision.result import BonyPoints, Rejected


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """A picture that tells something about the offset."""

    photo: Photo
    result: Measured
    suggested: BonyPoints | None
    pair: CalibrationPair


class CalibrationPanel(QFrame):
    """Collects pictures in which the bones are marked, and keeps what they come to."""

    #: The person has done with it.
    closed = pyqtSignal()
    status = pyqtSignal(str)

    def __init__(self, service: HistoryService) -> None:
        super().__init__()
        self._service = service
        self._pictures: list[_Taken] = []
        self._found: Calibration | RefusedCalibration | None = None
        self.keeps_pictures = True
        set_kind(self, Kind.CARD)
        self.setAccessibleName(text.TITLE)
        self._make_parts()
        self._lay_out()
        service.profiles_changed.connect(self._update)

    def begin(self) -> None:
        """Start with no pictures."""
        self._pictures.clear()
        self._say("")
        self._update()
        self.close_button.setFocus()

    def take(self, result: Measured | Rejected, photo: Photo, suggested: BonyPoints | None) -> None:
        """Take what a picture tells; what was marked anew in a picture replaces what was there.

        Parameters
        ----------
        suggested
            Where its marked points were suggested, or None.
        """
        pair = pair_of(result, photo.taken_at)
        self._pictures = [one for one in self._pictures if one.photo is not photo]
        if isinstance(result, Measured) and isinstance(pair, CalibrationPair):
            self._pictures.append(_Taken(photo, result, suggested, pair))
            self._say("")
        elif not isinstance(pair, CalibrationPair):
            self._say(f"{pair.message} {pair.fix}")
        self._update()

    def text(self) -> str:
        """Return all that is said, line by line."""
        labels = self.about, self.word, self.listed, self.outcome, self.known
        return "\n".join(label.text() for label in labels if label.text())

    def _make_parts(self) -> None:
        self.title = words(text.TITLE, Kind.HEADING)
        self.about = words(text.ABOUT)
        self.steps = words(kind=Kind.BODY)
        say_list(self.steps, text.STEPS, is_numbered=True)
        self.known = words(kind=Kind.MUTED)
        self.listed = words()
        self.word = words(kind=Kind.WARNING)
        self.outcome = words()
        self.keep = make_button("", is_main=True, act=self._keep)
        self.less = make_button(
            self.tr("Leave out the last picture"),
            self.tr("Work it out without the picture that was added last"),
            act=self._leave_out,
        )
        self.forget = make_button(
            self.tr("Forget"),
            self.tr("Drop the calibration; checks made with it stay as they are"),
            act=self._forget,
        )
        self.again = make_button(
            self.tr("Work it out again"),
            self.tr("Read the pictures that were kept of it with this version of Beltline"),
            act=self._work_out_anew,
        )
        self.close_button = make_button(
            self.tr("Done"), self.tr("Go back to measuring"), act=self.closed
        )

    def _lay_out(self) -> None:
        content = QWidget()
        content.setProperty("kind", "content")
        said = self.about, self.word, self.listed, self.outcome, self.steps, self.known
        in_column(*said, 1, on=content, margins_px=(0, 0, GAP_PX, 0))
        scroll = Scroll(content, is_clear=True)
        rows = (
            button_row(self.keep, self.close_button),
            button_row(self.less, self.again, self.forget),
        )
        in_column(self.title, (scroll, 1), *rows, on=self, margins_px=(12, 10, 12, 10))

    def _update(self) -> None:
        """Say what the pictures come to, and let the buttons say what can be done."""
        profile, known = self._service.current_profile(), self._service.calibration()
        pairs = [one.pair for one in self._pictures]
        self._found = calibrate(pairs) if pairs else None
        say_list(
            self.listed,
            [text.describe_picture(one.photo.frame.source, one.pair) for one in self._pictures],
        )
        self.steps.setVisible(not pairs)
        network = expected_sha256(CONTOUR_MODEL)
        about = [] if known is None else text.describe(known, now().local, network)
        say(self.known, "" if pairs else "\n".join(about))
        say(self.outcome, "\n".join(_comes_to(self._found)))
        name = "" if profile is None else profile.name
        self.keep.setText(self.tr("Keep for {name}").format(name=name.replace("&", "&&")))
        self.keep.setEnabled(isinstance(self._found, Calibration) and profile is not None)
        self.less.setVisible(bool(pairs))
        self.forget.setVisible(known is not None)
        is_outdated = known is not None and known.contour_model_sha256 != network
        self.again.setVisible(is_outdated)

    def _say(self, sentence: str) -> None:
        say(self.word, sentence)

    def _leave_out(self) -> None:
        if self._pictures:
            self._pictures.pop()
        self._say("")
        self._update()

    def _keep(self) -> None:
        profile_id, found = self._service.current_profile_id, self._found
        if profile_id is None or not isinstance(found, Calibration):
            return
        pictures, keeps_pictures = list(self._pictures), self.keeps_pictures
        kept: list[_KeptTogether] = []

        def work(history: History) -> None:
            kept.append(_keep_all(history, profile_id, found, pictures, keeps_pictures))

        def done() -> None:
            self._pictures = [one for one in self._pictures if one not in pictures]
            self._update()
            self._service.changes.keep(text.KEPT, kept[0].delete)

        self._service.change(work, done, self._fail)

    def _forget(self) -> None:
        profile = self._service.current_profile()
        if profile is None:
            return

        def forget(history: History) -> str | None:
            from app.history.calibration import forget_calibrations

            return forget_calibrations(history, profile.id)

        said = text.FORGOTTEN.format(name=profile.name)
        self._service.changes.delete(said, forget, self._fail)

    def _work_out_anew(self) -> None:
        profile_id = self._service.current_profile_id
        if profile_id is None:
            return
        found: list[Calibration | None] = []

        def work(history: History) -> None:
            from app.history.calibration import recalibrate

            found.append(recalibrate(history, profile_id))

        def done() -> None:
            self._say("" if found[0] else text.NOT_WORKED_OUT)

        self._service.change(work, done, self._fail)

    def _fail(self, error: Exception) -> None:
        self._say(sentence_of(error))
        self.status.emit(sentence_of(error))


@dataclass(frozen=True, slots=True)
class _KeptTogether:
    """What was kept together: numbers of the diary's entry and of the pictures' checks."""

    entry_id: int
    check_ids: tuple[int, ...]

    def delete(self, history: History) -> str:
        """Put all of it into the bin, and return the deletion's name."""
        return history.delete([self.entry_id], "diary", with_checks=self.check_ids)


def _keep_all(
    history: History,
    profile_id: int,
    calibration: Calibration,
    pictures: list[_Taken],
    keeps_pictures: bool,
) -> _KeptTogether:
    """Keep a calibration, and each of its pictures as a check of its own."""
    from app.history.calibration import check_of_picture, keep_calibration

    check_ids = []
    for one in pictures:
        pair, frame = one.pair, one.photo.frame
        if check_of_picture(history, profile_id, pair.taken_at, pair.marks.method) is None:
            new = NewCheck(
                profile_id=profile_id,
                taken_at=pair.taken_at,
                result=one.result,
                size_px=(frame.width_px, frame.height_px),
                suggested_points=one.suggested,
                rgb=frame.rgb if keeps_pictures else None,
            )
            check_ids.append(history.save(new).row.id)
    pairs = [one.pair for one in pictures]
    return _KeptTogether(
        keep_calibration(history, profile_id, calibration, pairs), tuple(check_ids)
    )


def _comes_to(found: Calibration | RefusedCalibration | None) -> list[str]:
    if found is None:
        return []
    if isinstance(found, RefusedCalibration):
        return [f"{reason.message} {reason.fix}" for reason in found.reasons]
    more = [text.MORE_IS_SURER] if found.count == 1 else []
    return [text.describe_offset(found), text.describe_effect(found), *more]
