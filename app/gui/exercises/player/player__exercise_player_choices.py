"""What a person chooses on the exercise player, followed at once and remembered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PyQt6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.gui.exercises.player.announcer import ExerciseAnnouncer
    from app.gui.exercises.player.camera import CoachRun
    from app.gui.exercises.player.player__exercise_player_layout import PlayerLayout
    from app.gui.preferences__exercise_preferences import ExercisePreferences
    from app.gui.widgets.camera_picker import ChosenCamera


class PlayerChoices(QObject):
    """Hands every change on to the part it is for.

    Attributes
    ----------
    now
        What is chosen.
    """

    def __init__(
        self,
        preferences: ExercisePreferences,
        remember: Callable[[ExercisePreferences], None],
        parts: PlayerLayout,
        announcer: ExerciseAnnouncer,
        run: CoachRun,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.now, self._remember = preferences, remember
        self._parts, self._announcer, self._run = parts, announcer, run
        parts.setup.camera_chosen.connect(self._choose_counting)
        parts.setup.mirror_chosen.connect(self._mirror)
        parts.voice.toggled.connect(self._have_voice)
        parts.tones.toggled.connect(self._have_tones)
        run.chosen.connect(self._choose_camera)

    def offer_cameras(self) -> None:
        """Show which webcams there are, if one is to count; none is switched on."""
        if self.now.uses_camera and self._parts.setup.can_coach:
            self._run.source.offer()

    def _choose_counting(self, uses_camera: bool) -> None:
        self._prefer(replace(self.now, uses_camera=uses_camera))
        self.offer_cameras()

    def _mirror(self, is_mirrored: bool) -> None:
        self._parts.stage.set_mirrored(is_mirrored)
        self._prefer(replace(self.now, is_mirrored=is_mirrored))

    def _choose_camera(self, camera: ChosenCamera) -> None:
        live = self._run.source.remembered(self.now.live, camera)
        self._prefer(self.now.with_camera(live))

    def _have_voice(self, has_voice: bool) -> None:
        self._announcer.voice.set_muted(not has_voice)
        self._prefer(replace(self.now, has_voice=has_voice))

    def _have_tones(self, has_tones: bool) -> None:
        self._announcer.tones.is_muted = not has_tones
        self._prefer(replace(self.now, has_tones=has_tones))

    def _prefer(self, chosen: ExercisePreferences) -> None:
        self.now = chosen
        self._remember(chosen)
