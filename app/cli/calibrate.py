"""``beltline calibrate``: a person's own offset between bones and outline.

What measures and what reads the history is loaded when it is needed, so that help is quick.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import failing_in_a_sentence, pass_on, show, write_at_once
from app.cli.lines import as_line
from app.cli.options import Options, UsageError, check_options
from app.history.errors import ProfileNameError, ProfileNotFound
from app.system.shell import Status

if TYPE_CHECKING:
    from app.history.records import Profile
    from app.history.store import History
    from vision.image.frame import Frame
    from vision.marks.calibration import CalibrationPair, RefusedCalibration
    from vision.result import Measured, PhotoResult, Reason, Unreadable

PhotosArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PHOTO",
        help="Side-on photographs with two stickers, or one with --asis and --psis; without "
        "any, what is known is told.",
    ),
]
ProfileOption = Annotated[
    str, typer.Option("--profile", metavar="NAME", help="Whose they are; somebody new is added.")
]
AsisOption = Annotated[
    tuple[float, float] | None,
    typer.Option(metavar="X Y", help="As for measure; needs --psis, and one photograph."),
]
PsisOption = Annotated[
    tuple[float, float] | None, typer.Option(metavar="X Y", help="As for measure.")
]
ForgetOption = Annotated[
    bool, typer.Option("--forget", help="Drop the calibration; checks stay as they are.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON object per photograph, then the calibration.")
]


def calibrate(
    profile: ProfileOption,
    photos: PhotosArgument = None,
    asis: AsisOption = None,
    psis: PsisOption = None,
    forget: ForgetOption = False,
    as_json: JsonOption = False,
) -> None:
    """Learn once how a person's bones differ from their outline.

    From then on that person's checks by the outline are shifted by it, and called calibrated.
    The photographs are kept in the history as well.
    """
    given = tuple(photos or ())
    options = Options(given, asis, psis, None, "auto", profile=profile)
    wrong = UsageError, ProfileNotFound, ProfileNameError
    with failing_in_a_sentence(*wrong):
        check_options(options)
        if forget and given:
            raise UsageError("--forget takes no photographs. Leave them out.")
        if asis is not None and not given:
            raise UsageError("--asis and --psis belong to a photograph. Name it as well.")
        from app.history.store import History
        from app.history.values import tidy_name

        tidy_name(profile)
        with History.open() as history:
            call = _Call(pass_on(history), options, as_json)
            status = call.calibrate() if given else call.forget() if forget else call.tell()
    raise typer.Exit(status)


@dataclass(frozen=True, slots=True)
class _MarkedPhoto:
    """A photograph that tells something about the offset."""

    photo: str
    frame: "Frame"
    result: "Measured"
    pair: "CalibrationPair"


class _Call:
    """One call: whose, from what, and how the answer is written."""

    def __init__(self, history: "History", options: Options, as_json: bool) -> None:
        self._history, self._options, self._as_json = history, options, as_json

    def calibrate(self) -> Status:
        """Measure the photographs, and keep what comes of them."""
        from app.history.calibration import keep_calibration
        from vision.marks.calibration import RefusedCalibration, calibrate

        pictures = [one for photo in self._options.photos if (one := self._picture(photo))]
        all_used = len(pictures) == len(self._options.photos)
        status = Status.DONE if all_used else Status.NOT_ALL_MEASURED
        pairs = [one.pair for one in pictures]
        found = calibrate(pairs) if pairs else RefusedCalibration(())
        if isinstance(found, RefusedCalibration):
            self._refuse(found)
            return Status.NOT_ALL_MEASURED
        whose = self._history.find_or_add_profile(self._options.profile)
        for picture in pictures:
            self._keep(whose, picture)
        keep_calibration(self._history, whose.id, found, pairs)
        self._tell(whose)
        return status

    def tell(self) -> Status:
        """Tell what is known of the person; worked out anew where another network reads now."""
        from app.history.calibration import calibration_of, recalibrate
        from vision.model_files import CONTOUR_MODEL, expected_sha256

        whose = self._whose()
        known = calibration_of(self._history, whose.id)
        if known and known.contour_model_sha256 != expected_sha256(CONTOUR_MODEL):
            recalibrate(self._history, whose.id)
        self._tell(whose)
        return Status.DONE

    def forget(self) -> Status:
        """Drop the person's calibration, so that outlines are taken as they are again."""
        from app.history.calibration import forget_calibrations
        from app.text import calibration as text

        whose = self._whose()
        is_done = forget_calibrations(self._history, whose.id) is not None
        if self._as_json:
            self._tell(whose)
        else:
            said = text.FORGOTTEN if is_done else text.NOTHING_TO_FORGET
            show(said.format(name=whose.name))
        return Status.DONE

    def _whose(self) -> "Profile":
        return self._history.find_profile(self._options.profile or "")

    def _picture(self, photo: str) -> _MarkedPhoto | None:
        """Measure a photograph and say what it tells; None where that is nothing."""
        from app.cli.one_photo import measure_frame
        from app.history.from_measurement import taken_at
        from vision.image.frame import load_frame
        from vision.marks.calibration import CalibrationPair, pair_of
        from vision.reasons import PhotoError
        from vision.result import Measured, Unreadable

        try:
            frame = load_frame(photo)
            result = measure_frame(frame, self._options)
        except PhotoError as error:
            unreadable = Unreadable(error.code.value, error.message, error.fix)
            self._say(photo, unreadable, unreadable)
            return None
        pair = pair_of(result, taken_at(photo))
        self._say(photo, result, pair)
        if isinstance(result, Measured) and isinstance(pair, CalibrationPair):
            return _MarkedPhoto(photo, frame, result, pair)
        return None

    def _keep(self, whose: "Profile", picture: _MarkedPhoto) -> None:
        """Keep a photograph as a check of its own, unless it is there already."""
        from app.history.calibration import check_of_picture
        from app.history.from_measurement import save_measured

        pair = picture.pair
        if check_of_picture(self._history, whose.id, pair.taken_at, pair.marks.method) is None:
            save_measured(
                self._history,
                picture.photo,
                picture.frame,
                picture.result,
                profile_name=whose.name,
            )

    def _say(
        self, photo: str, outcome: "PhotoResult", pair: "CalibrationPair | Reason | Unreadable"
    ) -> None:
        from app.cli.json_output import calibration_picture
        from app.text import calibration as text
        from vision.marks.calibration import CalibrationPair

        if self._as_json:
            write_at_once(as_line(calibration_picture(photo, outcome, pair)))
        elif isinstance(pair, CalibrationPair):
            show(text.describe_picture(photo, pair))
        else:
            show(text.PICTURE_USELESS.format(source=photo, message=pair.message, fix=pair.fix))

    def _refuse(self, refused: "RefusedCalibration") -> None:
        from app.cli.json_output import calibration_object
        from app.text import calibration as text

        if self._as_json:
            name = self._options.profile or ""
            write_at_once(as_line(calibration_object(name, None, refused.reasons)))
            return
        for reason in refused.reasons:
            show(f"{reason.message} {reason.fix}")
        show(text.NOT_KEPT)

    def _tell(self, whose: "Profile") -> None:
        from app.cli.json_output import calibration_object
        from app.history.calibration import calibration_of
        from app.history.values import now
        from app.text import calibration as text
        from vision.model_files import CONTOUR_MODEL, expected_sha256

        known = calibration_of(self._history, whose.id)
        if self._as_json:
            write_at_once(as_line(calibration_object(whose.name, known)))
        elif known is None:
            show(text.NONE.format(name=whose.name))
        else:
            show(*text.describe(known, now(), expected_sha256(CONTOUR_MODEL)))
