"""Every reason is two plain sentences, and says nothing that may not be said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from vision.reasons import REFUSALS, WARNINGS, refusal, warning
from vision.result import ReasonCode, Severity

if TYPE_CHECKING:
    from vision.result import Reason

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
