"""The guidance: what is said about results and what to do, as data to be reviewed.

It stands in English in ``app/text/data/en.toml``, with the rules that tell when each sentence is
said; a file that lacks a key, has one too many or a value of the wrong kind is refused with the
key's name. The language files beside it translate its sentences like all others.
"""

from __future__ import annotations

import string
import tomllib
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from app.history.diary import ExerciseId, ScreeningOutcome
from vision.coach.events import CoachCue, FormFault
from vision.messages import current_translator
from vision.result import Method, ReasonCode  # noqa: TC001  (looked up by the models below)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from vision.messages import Translator

FILE = Path(__file__).with_name("data") / "en.toml"
#: Where the language files have the sentences that stand there.
GUIDANCE = "guidance"
#: Keys whose values are codes, which nobody reads.
_CODES = frozenset({"block", "group", "target", "method", "posture", "change", "reason", "code"})


class BadTexts(Exception):
    """Guidance that cannot be used; the text names the key."""


def _plain(text: str) -> str:
    if text != text.strip() or not text:
        raise ValueError("a text is empty or has blanks at its ends")
    return text


Text = Annotated[str, AfterValidator(_plain)]
Texts_ = Annotated[tuple[Text, ...], Field(min_length=1)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AdviceRule(_Part):
    """One sentence about a result, and when it is said; see the language file's head."""

    block: Literal["change", "next", "is", "is_not", "posture", "steps"]
    group: Text
    text: Text
    target: Literal["exercises", "sit_less", "live", "check", "someone"] | None = None
    method: tuple[Method, ...] = ()
    from_deg: int | None = None
    to_deg: int | None = None
    wider_than_deg: float | None = None
    posture: tuple[Literal["sway_back", "knees_back", "head_forward"], ...] = ()
    change: tuple[Literal["real", "none"], ...] = ()
    reason: tuple[ReasonCode, ...] = ()


class QuestionText(_Part):
    """One question before exercising."""

    code: Text
    outcome: ScreeningOutcome
    text: Text


class OutcomeText(_Part):
    """What answers lead to."""

    title: Text
    whom: Text
    how_soon: Text
    then: Text


class ScreeningTexts(_Part):
    """The questions before exercising."""

    questions: tuple[QuestionText, ...]
    outcomes: dict[ScreeningOutcome, OutcomeText]
    pain: OutcomeText


class SelfCheckTexts(_Part):
    """How to see whether one can squeeze at will."""

    title: Text
    steps: Texts_
    how_to_answer: Text
    meaning: Text


class SectionTexts(_Part):
    """A title and what stands below it."""

    title: Text
    lines: Texts_


class SomeoneTexts(_Part):
    """How to prepare for a physiotherapist."""

    title: Text
    sections: tuple[SectionTexts, ...]


class ExerciseTexts(_Part):
    """One exercise."""

    name: Text
    purpose: Text
    seen_from: str
    steps: Texts_
    faults: Texts_
    sets: Annotated[int, Field(ge=1)]
    repetitions: Annotated[int, Field(ge=1)]
    hold_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]
    each_side: bool
    rest_s: Annotated[float, Field(ge=0, allow_inf_nan=False)]


class DoseTexts(_Part):
    """How doses are said, how they grow, and what makes none."""

    one_set: Text
    several_sets: Text
    one_hold: Text
    one_hold_of_one: Text
    several_holds: Text
    each_side: Text
    more_repetitions: Text
    one_more_repetition: Text
    longer_hold: Text
    more_load: Text
    light_load: Text
    less: Text
    least: Text
    too_few_sets: Text
    too_many_sets: Text
    too_few_repetitions: Text
    too_many_repetitions: Text
    too_short_hold: Text
    too_long_hold: Text
    no_number: Text
    too_long_in_all: Text
    days: Text


@dataclass(frozen=True, slots=True)
class Cue:
    """What is said to somebody three metres away: two to five large words, a spoken sentence."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    shown: Text
    spoken: Text


class CoachTexts(_Part):
    """What the coach says."""

    cues: dict[CoachCue, Cue]
    faults: dict[FormFault, Cue]


class Texts(_Part):
    """All guidance."""

    advice: tuple[AdviceRule, ...]
    screening: ScreeningTexts
    self_check: SelfCheckTexts
    someone: SomeoneTexts
    exercises: dict[ExerciseId, ExerciseTexts]
    dose: DoseTexts
    coach: CoachTexts


_SETS = frozenset({"sets", "repetitions", "hold"})
#: Placeholders that are filled in, by key; all other texts have none, but for ``{smallest}`` in
#: rules about a result, ``{difference}``, ``{way}``, ``{since}`` and ``{then}`` in those about a
#: change, and ``{fix}`` in those about a picture that is in doubt.
PLACEHOLDERS = {
    "dose.one_set": _SETS,
    "dose.several_sets": _SETS,
    "dose.one_hold_of_one": _SETS,
    "dose.several_holds": _SETS,
    "dose.one_hold": frozenset({"hold"}),
    "dose.more_repetitions": frozenset({"more"}),
    "dose.one_more_repetition": frozenset({"more"}),
    "dose.longer_hold": frozenset({"more"}),
    "dose.too_many_sets": frozenset({"sets"}),
    "dose.too_many_repetitions": frozenset({"repetitions"}),
    "dose.too_long_hold": frozenset({"hold"}),
    "dose.too_long_in_all": frozenset({"minutes"}),
}
OF_CHANGES = frozenset({"difference", "way", "since", "then"})
OF_REASONS = frozenset({"fix"})
OF_RESULTS = frozenset({"smallest"})


def texts() -> Texts:
    """Return the texts in the language that is spoken."""
    return _in_language(current_translator())


@lru_cache(maxsize=4)
def _in_language(translator: Translator | None) -> Texts:
    english = english_texts()
    if translator is None:
        return english
    said = _changed(english, partial(translator.text, GUIDANCE))
    assert isinstance(said, Texts)
    return said


@cache
def english_texts() -> Texts:
    """Return the texts as they were written."""
    return read_texts(FILE.read_text("utf-8"))


def texts_to_translate() -> Iterator[str]:
    """Give every sentence of the guidance in English."""
    return (sentence for _, sentence in sentences(english_texts()))


def _changed(part: object, translate: Callable[[str], str]) -> object:
    """Return a part with every sentence in it translated."""
    if isinstance(part, BaseModel):
        return part.model_copy(update=dict(_each_changed(part, translate)))
    if isinstance(part, Cue):
        return Cue(translate(part.shown), translate(part.spoken))
    if isinstance(part, dict):
        return {key: _changed(each, translate) for key, each in part.items()}
    if isinstance(part, tuple):
        return tuple(_changed(each, translate) for each in part)
    return translate(part) if isinstance(part, str) and not isinstance(part, Enum) else part


def _each_changed(
    part: Iterable[tuple[str, object]], translate: Callable[[str], str]
) -> Iterator[tuple[str, object]]:
    return ((name, _changed(each, translate)) for name, each in part if name not in _CODES)


def read_texts(text: str) -> Texts:
    """Return what a file of guidance holds; :class:`BadTexts` if it cannot be used."""
    try:
        found = Texts.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadTexts(f"The file is damaged: {error}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        raise BadTexts(f"{key}: {first['msg']}.") from error
    _check_completeness(found)
    allowed_at = PLACEHOLDERS | {
        f"advice.{number}.text": OF_RESULTS
        | (OF_CHANGES if rule.change else frozenset())
        | (OF_REASONS if rule.reason else frozenset())
        for number, rule in enumerate(found.advice)
    }
    for key, sentence in sentences(found):
        allowed = allowed_at.get(key, frozenset())
        unknown = _placeholders(key, sentence) - allowed
        if unknown:
            raise BadTexts(f"{key}: an unknown placeholder, {', '.join(sorted(unknown))}.")
    return found


def sentences(part: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Give every text of a part with its key, such as ``someone.sections.0.title``."""
    inside: Iterable[tuple[object, object]] = ()
    if isinstance(part, BaseModel):
        inside = part
    elif isinstance(part, Cue):
        inside = ("shown", part.shown), ("spoken", part.spoken)
    elif isinstance(part, dict):
        inside = part.items()
    elif isinstance(part, tuple):
        inside = enumerate(part)
    elif isinstance(part, str) and not isinstance(part, Enum):
        yield key, part
    for name, each in inside:
        if not isinstance(part, BaseModel) or name not in _CODES:
            yield from sentences(each, f"{key}.{name}" if key else str(name))


def _check_completeness(found: Texts) -> None:
    for key, kind, given in (
        ("screening.outcomes", ScreeningOutcome, found.screening.outcomes),
        ("exercises", ExerciseId, found.exercises),
        ("coach.cues", CoachCue, found.coach.cues),
        ("coach.faults", FormFault, found.coach.faults),
    ):
        missing = [one.value for one in kind if one not in given]
        if missing:
            raise BadTexts(f"{key}: missing {', '.join(missing)}.")
    codes = [question.code for question in found.screening.questions]
    if len(codes) != len(set(codes)):
        raise BadTexts("screening.questions: a code stands there twice.")


def _placeholders(key: str, sentence: str) -> set[str]:
    try:
        fields = [each for each in string.Formatter().parse(sentence) if each[1] is not None]
    except ValueError as error:
        raise BadTexts(f"{key}: {error}.") from error
    if any(spec or conversion for _, _, spec, conversion in fields):
        raise BadTexts(f"{key}: a placeholder holds more than a name.")
    return {name or "{}" for _, name, _, _ in fields}
