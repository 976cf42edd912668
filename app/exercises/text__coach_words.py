"""What the coach says, from the language file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.text.language import texts
from app.text.live import Cue

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vision.coach.events import CoachCue, FormFault

CUES: Mapping[CoachCue, Cue] = {
    cue: Cue(said.shown, said.spoken) for cue, said in texts().coach.cues.items()
}
FAULTS: Mapping[FormFault, Cue] = {
    fault: Cue(said.shown, said.spoken) for fault, said in texts().coach.faults.items()
}
