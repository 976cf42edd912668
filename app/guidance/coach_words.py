"""What the coach says, from the language file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.guidance.live_words import Cue
from app.guidance.texts import texts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision.coach.moments import CoachCue, FormFault

CUES: Mapping[CoachCue, Cue] = {
    cue: Cue(said.shown, said.spoken) for cue, said in texts().coach.cues.items()
}
FAULTS: Mapping[FormFault, Cue] = {
    fault: Cue(said.shown, said.spoken) for fault, said in texts().coach.faults.items()
}
