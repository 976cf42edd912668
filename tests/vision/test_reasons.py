"""Every reason is two plain sentences, and says nothing that may not be said."""

from __future__ import annotations

import re
from itertools import combinations, product
from typing import TYPE_CHECKING

import pytest

from vision.reasons import REFUSALS, WARNINGS, refusal, warning, without_contradictions
from vision.result import ReasonCode, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from vision.result import Reason

    Told = Callable[..., Reason]

TEXTS = [
    *((Severity.REFUSE, code, texts) for code, texts in REFUSALS.items()),
    *((Severity.WARN, code, texts) for code, texts in WARNINGS.items()),
]
#: Told about files.
FILE_CODES = {ReasonCode.UNREADABLE, ReasonCode.TOO_LARGE}
FORBIDDEN = re.compile(r"diagnos|abnormal|weak glutes|corrected|failed|error|invalid|\buser", re.I)


@pytest.mark.parametrize(("severity", "code", "texts"), TEXTS)
def test_texts_are_plain_sentences(
    severity: Severity, code: ReasonCode, texts: tuple[str, str]
) -> None:
    reason = (refusal if severity is Severity.REFUSE else warning)(code, 12.4)
    assert (reason.code, reason.severity) == (code, severity)
    for sentence, text in zip((reason.message, reason.fix), texts, strict=True):
        assert sentence == text.format(12)
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert ". " not in sentence
        assert len(sentence) < 130
        assert not FORBIDDEN.search(sentence)


def test_every_code_about_the_scene_has_its_text() -> None:
    assert set(REFUSALS) | set(WARNINGS) | FILE_CODES == set(ReasonCode)


@pytest.mark.parametrize(
    ("code", "value", "part"),
    [
        (ReasonCode.NOT_SIDE_ON, 17.6, "about 18 degrees"),
        (ReasonCode.CAMERA_TILTED, 11.2, "about 11 degrees"),
        (ReasonCode.TOO_SMALL, 99.5, "100 pixels"),
        (ReasonCode.SEVERAL_PEOPLE, 2, "2 people"),
    ],
)
def test_numbers_are_whole(code: ReasonCode, value: float, part: str) -> None:
    assert part in refusal(code, value).message


def test_only_a_code_with_that_severity_can_be_told() -> None:
    with pytest.raises(KeyError):
        refusal(ReasonCode.VERTICAL_ASSUMED)
    with pytest.raises(KeyError):
        warning(ReasonCode.NO_PERSON)


@pytest.mark.parametrize(
    "reason",
    [
        refusal(ReasonCode.CAMERA_TILTED, 12),
        warning(ReasonCode.CAMERA_TILTED, 8),
        warning(ReasonCode.VERTICAL_ASSUMED),
    ],
)
def test_who_has_to_find_something_plumb_is_told_what(reason: Reason) -> None:
    assert "such as a door frame" in reason.fix


# -- reasons beside one another

ALL = [*map(refusal, REFUSALS), *map(warning, WARNINGS)]
PAIRS = [pair for pair in combinations(ALL, 2) if pair[0].code is not pair[1].code]
#: What a person would do about it: nobody can do both of one line.
OPPOSITES = [("Step back", "Come closer"), ("Turn the picture", "Step back until the feet")]
#: Read off the landmarks, which are guesses in the dark and mean nothing in a turned picture.
OF_THE_BODY = {
    ReasonCode.NOT_SIDE_ON, ReasonCode.CAMERA_TILTED, ReasonCode.TOO_SMALL,
    ReasonCode.ARMS_OVER_PELVIS, ReasonCode.HEAD_HIDDEN,
}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(one.code for one in pair))
def test_no_two_reasons_contradict(pair: tuple[Reason, Reason]) -> None:
    for reasons in (pair, pair[::-1]):
        told = without_contradictions(reasons)
        assert told
        assert set(told) <= set(reasons)
        assert without_contradictions(told) == told
        fixes = " ".join(reason.fix for reason in told)
        for one, other in OPPOSITES:
            assert not (one in fixes and other in fixes), fixes
        told_codes = {reason.code for reason in told}
        is_refused = any(reason.severity is Severity.REFUSE for reason in reasons)
        assert is_refused == any(reason.severity is Severity.REFUSE for reason in told)
        refused = {reason.code for reason in told if reason.severity is Severity.REFUSE}
        if refused & {ReasonCode.NOT_UPRIGHT, ReasonCode.TOO_DARK}:
            assert not told_codes & OF_THE_BODY


@pytest.mark.parametrize("other", ALL, ids=lambda one: f"{one.code}-{one.severity}")
def test_a_turned_picture_is_told_first(other: Reason) -> None:
    turned = refusal(ReasonCode.NOT_UPRIGHT)
    told = without_contradictions((other, turned))
    # A body that may be lying, or of which part is missing, may be no turned picture.
    beside = {
        (ReasonCode.NOT_STANDING, Severity.REFUSE),
        (ReasonCode.BODY_CUT_OFF, Severity.REFUSE),
    }
    assert turned in told
    assert {(one.code, one.severity) for one in told} - beside == {(turned.code, turned.severity)}


@pytest.mark.parametrize(("cut", "small"), list(product((refusal, warning), repeat=2)))
def test_of_cut_off_and_too_small_the_graver_speaks(cut: Told, small: Told) -> None:
    reasons = (small(ReasonCode.TOO_SMALL, 90), cut(ReasonCode.BODY_CUT_OFF))
    (told,) = without_contradictions(reasons)
    is_small_graver = small is refusal and cut is warning
    assert told is reasons[0 if is_small_graver else 1]
