"""One thing at a time, and not for ever."""

from __future__ import annotations

from vision.coach.coaching import Debounce, FaultVoice
from vision.coach.events import CoachCue, FormFault


def test_a_wish_of_a_moment_is_not_shown() -> None:
    wish = Debounce()
    assert wish.add(CoachCue.LIE_ON_BACK, 0.0) is CoachCue.LIE_ON_BACK
    assert wish.add(None, 100.0) is CoachCue.LIE_ON_BACK
    assert wish.add(CoachCue.BEND_KNEES, 200.0) is CoachCue.LIE_ON_BACK
    assert wish.add(CoachCue.BEND_KNEES, 650.0) is CoachCue.LIE_ON_BACK
    assert wish.add(CoachCue.BEND_KNEES, 700.0) is CoachCue.BEND_KNEES


def test_two_people_are_told_at_once_and_a_new_start_waits_for_nothing() -> None:
    wish = Debounce()
    wish.add(None, 0.0)
    assert wish.add(CoachCue.ONE_PERSON, 10.0) is CoachCue.ONE_PERSON
    wish.reset()
    assert wish.add(CoachCue.WHOLE_BODY, 20.0) is CoachCue.WHOLE_BODY


def test_one_fault_a_repetition_and_the_same_one_only_now_and_then() -> None:
    voice = FaultVoice()
    both = (FormFault.OVER_ARCHED, FormFault.FEET_TOO_NEAR)
    named = []
    for _ in range(5):
        named.append((voice.name(both), voice.name(both)))
        voice.next_attempt()
    arched, near = FormFault.OVER_ARCHED, FormFault.FEET_TOO_NEAR
    assert named == [(arched, None), (near, None), (None, None), (arched, None), (near, None)]
