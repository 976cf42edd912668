"""What can be wrong with a picture, its file or a series, in plain sentences, and how to mend each.

The texts stand together so that they can be read and corrected as text.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, TypeAlias

from vision.messages import tr, translatable
from vision.result import Reason, ReasonCode, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable

_Code = ReasonCode
#: Larger pictures are refused before they are decoded.
MAX_PIXELS = 100_000_000
#: Code -> (what is wrong, how to take a better picture); ``{}`` takes a whole number.
REFUSALS: dict[ReasonCode, tuple[str, str]] = {
    _Code.NO_PERSON: (
        "Nobody could be found in the picture.",
        "Stand side-on with your whole body in the picture, your face not covered, in good light.",
    ),
    _Code.SEVERAL_PEOPLE: (
        "There are {} people of similar size in the picture.",
        "Take the picture with one person alone, and no mirror in view.",
    ),
    _Code.PEOPLE_TOUCH: (
        "The person you chose touches somebody else in the picture, or stands too close.",
        "Take the picture with one person alone, or with a clear gap between people.",
    ),
    _Code.NOT_STANDING: (
        "The person does not seem to stand upright on straight legs, with both feet side by side.",
        "Stand relaxed and side-on, both knees straight, both feet side by side on the floor.",
    ),
    _Code.NOT_UPRIGHT: (
        "The picture seems to be turned on its side or upside down.",
        "Turn the picture so that the feet are at the bottom, then try again.",
    ),
    _Code.BODY_CUT_OFF: (
        "Part of the body is outside the picture.",
        "Step back until everything from the head to the feet is in the picture.",
    ),
    _Code.NOT_SIDE_ON: (
        "The body is turned about {} degrees away from side-on.",
        "Turn until one shoulder points straight at the camera.",
    ),
    _Code.CAMERA_TILTED: (
        "The whole body leans by about {} degrees, so the camera was probably tilted.",
        "Hold the camera level, or mark something upright, such as a door frame.",
    ),
    _Code.TOO_SMALL: (
        "The person is too small in the picture: {} pixels from hip to shoulder.",
        "Come closer, or use a higher resolution: at least 200 pixels are best.",
    ),
    _Code.TOO_DARK: (
        "The picture is too dark.",
        "Turn on more light and keep it in front of the person, not behind.",
    ),
    _Code.BLURRED: (
        "The picture is blurred.",
        "Rest the camera on something firm, stand still and use more light.",
    ),
    _Code.POINTS_UNUSABLE: (
        "The two marked points do not lie on the pelvis of the person found.",
        "Mark the bony point at the front and the dimple at the back once more.",
    ),
    _Code.NO_BELT_LINE: (
        "No belt line can be seen in the picture.",
        "Tuck the top in, or wear a belt or trousers of another colour than the top.",
    ),
    _Code.SPREAD_TOO_LARGE: (
        "The angles lie up to {} degrees apart, too far for repeats of one stance.",
        "Each time, march five steps on the spot, stand relaxed, look ahead, breathe out; "
        "same arms and clothes, camera on something firm.",
    ),
    _Code.MIXED_METHODS: (
        "The photographs were measured in different ways, which cannot be put together.",
        "Measure all of them in the same way, for example from the outline of the body.",
    ),
    _Code.TOO_FEW_PHOTOGRAPHS: (
        "Fewer than two different photographs could be measured.",
        "Take two or more pictures of the same stance; five are best.",
    ),
    _Code.LOOSE_CLOTHING: (
        "The clothing seems too loose to calibrate by.",
        "Wear something that fits closely around waist and hips.",
    ),
    _Code.STICKERS_UNCLEAR: (
        "There is something like a coloured sticker on the pelvis, but not just two of one colour.",
        "Show two stickers of one colour, one on the bony point at the front and one on the "
        "dimple at the back.",
    ),
    _Code.NO_MARKS: (
        "Nothing in the picture shows where the bones are.",
        "Put a sticker on the bony point at the front and one of the same colour on the dimple "
        "at the back, or mark both points.",
    ),
    _Code.PICTURES_DISAGREE: (
        "The pictures do not agree: what they say differs by up to {} degrees.",
        "See that all of them show the same person with both marks on the bones, and take "
        "them again.",
    ),
    _Code.OFFSET_TOO_LARGE: (
        "The marks and the outline of the body differ by {} degrees, more than in any body.",
        "See that one mark is on the bony point at the front and the other on the dimple at "
        "the back, and take the picture again.",
    ),
    _Code.TAKEN_FAR_APART: (
        "The pictures were taken up to {} days apart, and a body changes.",
        "Use pictures of one day.",
    ),
    _Code.NO_MOVEMENT: (
        "No clear movement of the pelvis was seen between tucked and arched.",
        "Arch and tuck as far as is comfortable, and hold each position for two seconds.",
    ),
    _Code.WRONG_WAY: (
        "The pelvis was tilted further forward when tucked than when arched.",
        "To arch, stick your bottom out; to tuck, pull your bottom under.",
    ),
    _Code.POSITION_MISSING: (
        "Not all three positions could be measured: tucked, relaxed and arched.",
        "Take a new picture of each position that is missing.",
    ),
    _Code.TOO_FEW_ROUNDS: (
        "The test ended before two rounds were complete.",
        "Stay side-on in the picture until the test says that it is done.",
    ),
}
WARNINGS: dict[ReasonCode, tuple[str, str]] = {
    _Code.SEVERAL_PEOPLE: (
        "There is somebody else in the picture; the largest person was measured.",
        "Take the picture with one person alone.",
    ),
    _Code.PERSON_CHOSEN: (
        "There are other people in the picture; the person you chose was measured.",
        "Take the picture with one person alone.",
    ),
    _Code.BODY_CUT_OFF: (
        "The feet are not fully in the picture.",
        "Step back until the feet are in the picture.",
    ),
    _Code.NOT_SIDE_ON: (
        "The body is turned about {} degrees away from side-on.",
        "Turn until one shoulder points straight at the camera.",
    ),
    _Code.CAMERA_TILTED: (
        "The whole body leans by about {} degrees; the camera may have been tilted.",
        "Hold the camera level, or mark something upright, such as a door frame.",
    ),
    _Code.TOO_SMALL: (
        "The person is rather small in the picture: {} pixels from hip to shoulder.",
        "Come closer, or use a higher resolution: at least 200 pixels are best.",
    ),
    _Code.TOO_DARK: (
        "The picture is rather dark.",
        "Turn on more light.",
    ),
    _Code.BLURRED: (
        "The picture is a little blurred.",
        "Rest the camera on something firm and stand still.",
    ),
    _Code.ARMS_OVER_PELVIS: (
        "An arm or a hand hides part of the pelvis.",
        "Rest your fists on your collar-bones.",
    ),
    _Code.LOOSE_CLOTHING: (
        "The clothing seems loose, which hides the outline of the body.",
        "Wear something that fits closely around waist and hips.",
    ),
    _Code.HEAD_HIDDEN: (
        "The head could not be seen, which makes the angle less sure.",
        "Show the head as well if you can; you may cover the face in the picture afterwards.",
    ),
    _Code.VERTICAL_ASSUMED: (
        "The camera was assumed to be level.",
        "A tilted camera changes the angle by as much as its own tilt; mark something "
        "upright, such as a door frame, to be more exact.",
    ),
    _Code.STICKERS_UNCLEAR: (
        "There is something like a coloured sticker on the pelvis, but not just two of one "
        "colour, so it was not used.",
        "Show two stickers of one colour, one on the bony point at the front and one on the "
        "dimple at the back.",
    ),
    _Code.LENS_HIGH: (
        "The camera stood about {} cm above the hips.",
        "Put it at the height of the hips.",
    ),
    _Code.LENS_LOW: (
        "The camera stood about {} cm below the hips.",
        "Put it at the height of the hips.",
    ),
    _Code.SAME_PHOTOGRAPH: (
        "The same picture is there more than once and was counted once.",
        "Take a new picture for each repeat, and step away in between.",
    ),
    _Code.CALIBRATION_OLD: (
        "The calibration is more than a year old.",
        "Calibrate again, and whenever your weight has changed much.",
    ),
    _Code.CALIBRATION_OUTDATED: (
        "The calibration belongs to an earlier version of Beltline and was not used.",
        "Calibrate again.",
    ),
}


_Spoken: TypeAlias = tuple[ReasonCode, Severity]


def _of_any_severity(*codes: ReasonCode) -> frozenset[_Spoken]:
    return frozenset((code, severity) for code in codes for severity in Severity)


#: Which reason speaks for which others, the strongest first: their fixes contradict its own, or
#: they were read off landmarks that it says are guesses.
_SPEAKS_FOR: tuple[tuple[_Spoken, frozenset[_Spoken]], ...] = (
    # Turned first; whatever else there is can be told anew afterwards. Only where part of the
    # body is missing as well may it be no turned picture at all.
    (
        (_Code.NOT_UPRIGHT, Severity.REFUSE),
        _of_any_severity(*_Code)
        - {
            (_Code.NOT_UPRIGHT, Severity.REFUSE),
            (_Code.NOT_STANDING, Severity.REFUSE),
            (_Code.BODY_CUT_OFF, Severity.REFUSE),
        },
    ),
    (
        (_Code.TOO_DARK, Severity.REFUSE),
        _of_any_severity(
            _Code.NOT_STANDING,
            _Code.BODY_CUT_OFF,
            _Code.NOT_SIDE_ON,
            _Code.CAMERA_TILTED,
            _Code.TOO_SMALL,
            _Code.ARMS_OVER_PELVIS,
            _Code.HEAD_HIDDEN,
        ),
    ),
    # Nobody can step back and come closer.
    (
        (_Code.BODY_CUT_OFF, Severity.REFUSE),
        _of_any_severity(_Code.TOO_SMALL, _Code.HEAD_HIDDEN),
    ),
    ((_Code.TOO_SMALL, Severity.REFUSE), frozenset({(_Code.BODY_CUT_OFF, Severity.WARN)})),
    ((_Code.BODY_CUT_OFF, Severity.WARN), frozenset({(_Code.TOO_SMALL, Severity.WARN)})),
)


class ExplainedError(Exception):
    """Something that the environment or a person got wrong.

    Attributes
    ----------
    message, fix
        One plain sentence each: what is wrong, and what to do about it.
    """

    def __init__(self, message: str, fix: str) -> None:
        self.message = message
        self.fix = fix
        super().__init__(f"{message} {fix}")


class PhotoError(ExplainedError):
    """A photograph that could not be read.

    Attributes
    ----------
    code
        :attr:`ReasonCode.UNREADABLE` or :attr:`ReasonCode.TOO_LARGE`.
    source
        The file's name or a label.
    """

    def __init__(self, code: ReasonCode, message: str, fix: str, source: str) -> None:
        super().__init__(message, fix)
        self.code = code
        self.source = source


class FileProblem(Enum):
    """Everything that makes a file unreadable: what is wrong, and the fix."""

    MISSING = ("There is no such file.", "Check the name and the folder it should be in.")
    FOLDER = ("This is a folder, not a photograph.", "Choose a photograph inside it.")
    NOT_A_FILE = ("This is not an ordinary file.", "Choose a photograph that is saved on a disk.")
    FORBIDDEN = (
        "You do not have permission to read this file.",
        "Allow reading it in its properties, or copy it into a folder of your own.",
    )
    UNOPENABLE = (
        "The file cannot be opened.",
        "Copy it to a folder on this computer and try again.",
    )
    EMPTY = ("The file is empty.", "Copy it again from the phone or camera.")
    UNKNOWN = (
        "The file is not a picture of a kind that can be read.",
        "Choose a photograph saved as JPEG, PNG, WebP, TIFF or HEIC.",
    )
    FILM = (
        "The file is a film, not a photograph.",
        "Save one picture of it as JPEG or PNG and choose that.",
    )
    MOVING = (
        "The file holds moving pictures, not one photograph.",
        "Save one picture of it as JPEG or PNG and choose that.",
    )
    DAMAGED = (
        "The picture is damaged or incomplete.",
        "Copy or download it again, or save it again as JPEG or PNG.",
    )

    def error(self, source: str) -> PhotoError:
        """Return the error to raise for the file called ``source``."""
        message, fix = self.value
        return PhotoError(ReasonCode.UNREADABLE, tr(message), tr(fix), source)


def check_pixels(width_px: int, height_px: int, source: str) -> None:
    """Raise a :class:`PhotoError` for a picture above :data:`MAX_PIXELS`."""
    if width_px * height_px > MAX_PIXELS:
        raise PhotoError(
            ReasonCode.TOO_LARGE,
            tr(
                "The picture is too large: {width} by {height} pixels, "
                "and at most {most} megapixels can be read."
            ).format(width=width_px, height=height_px, most=MAX_PIXELS // 1_000_000),
            tr("Save it smaller, for example 4000 pixels along its longer side."),
            source,
        )


def too_many_bytes(source: str) -> PhotoError:
    """Return the error for a picture that asks for more memory than is sensible."""
    return PhotoError(
        ReasonCode.TOO_LARGE,
        tr("The picture is too large to be read into memory."),
        tr("Save it smaller, for example as a JPEG with 4000 pixels along its longer side."),
        source,
    )


def without_contradictions(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Leave out what must not be told beside something else; the order stays.

    Parameters
    ----------
    reasons
        Everything found against one picture.
    """
    told = tuple(reasons)
    for speaker, silent in _SPEAKS_FOR:
        if any((reason.code, reason.severity) == speaker for reason in told):
            told = tuple(one for one in told if (one.code, one.severity) not in silent)
    return told


def refusal(code: ReasonCode, value: float = 0.0) -> Reason:
    """Return the reason that forbids a number, with ``value`` rounded into its sentence."""
    return _reason(code, Severity.REFUSE, REFUSALS[code], value)


def warning(code: ReasonCode, value: float = 0.0) -> Reason:
    """Return the reason that only qualifies a number."""
    return _reason(code, Severity.WARN, WARNINGS[code], value)


def _reason(code: ReasonCode, severity: Severity, words: tuple[str, str], value: float) -> Reason:
    message, fix = words
    number = round(value) if "{}" in message else None
    return Reason(code, severity, message.format(number), fix, number)


translatable(__name__)
