"""What can be wrong with a photograph or a series, in plain sentences, and how to mend each.

The texts stand together so that they can be read and corrected as text.
"""

from __future__ import annotations

from vision.result import Reason, ReasonCode, Severity

_Code = ReasonCode
#: Code -> (what is wrong, how to take a better picture); ``{}`` takes a whole number.
REFUSALS: dict[ReasonCode, tuple[str, str]] = {
    _Code.NO_PERSON: (
        "Nobody could be found in the picture.",
        "Stand side-on with your whole body in the picture, in good light.",
    ),
    _Code.SEVERAL_PEOPLE: (
        "There are {} people of similar size in the picture.",
        "Take the picture with one person alone, and no mirror in view.",
    ),
    _Code.NOT_STANDING: (
        "The person does not seem to stand upright on straight legs.",
        "Stand relaxed with both knees straight, side-on to the camera.",
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
        "Hold the camera level, or mark something that is plumb, such as a handle frame.",
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
        "No belt line can be told in the picture.",
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
}
WARNINGS: dict[ReasonCode, tuple[str, str]] = {
    _Code.SEVERAL_PEOPLE: (
        "There is somebody else in the picture; the largest person was measured.",
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
        "Hold the camera level, or mark something that is plumb, such as a handle frame.",
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
    _Code.VERTICAL_ASSUMED: (
        "The camera was assumed to be level.",
        "A tilted camera changes the angle by as much as its own tilt; mark something "
        "plumb, such as a handle frame, to be more exact.",
    ),
    _Code.STICKERS_UNCLEAR: (
        "There is something like a coloured sticker on the pelvis, but not just two of one "
        "colour, so it was not used.",
        "Show two stickers of one colour, one on the bony point at the front and one on the "
        "dimple at the back.",
    ),
    _Code.SAME_PHOTOGRAPH: (
        "The same picture is there more than once and was counted once.",
        "Take a new picture for each repeat, and step away in between.",
    ),
}


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
