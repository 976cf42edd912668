"""What a camera's run needs to know of the one who follows its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from app.gui.background.frames import look_at, nothing_seen

if TYPE_CHECKING:
    from concurrent.futures import Future

    from app.gui.background.frames import LiveLook
    from vision.camera.capture import CameraFrame
    from vision.camera.errors import CameraProblem
    from vision.live.events import AnyMoment, Sighting
    from vision.live.session import LiveSession


class PictureView(Protocol):
    """Finds in pictures what is to be followed, on a thread of its own."""

    def begin(self, camera_frame: CameraFrame, epoch: int = 0) -> Future[Any]:
        """Begin to look at a picture; answers come in order."""
        ...

    def close(self) -> None:
        """Wait for what is under way, and let the models go."""
        ...


class Look(Protocol):
    """What is shown of one picture."""

    @property
    def moment(self) -> Any:
        """What is said of it."""
        ...


class Followed(Protocol):
    """What goes on in front of a camera and outlives its pauses.

    All of it but the name is used off the GUI thread.
    """

    @property
    def name(self) -> str:
        """What it is, for the log."""
        ...

    def begin_camera(self) -> None:
        """Take what comes from now on for pictures after a pause."""
        ...

    def open_view(self) -> PictureView:
        """Return what looks at the pictures; loading its models may take a second."""
        ...

    def see(self, picture: CameraFrame, sighting: Any) -> Look:
        """Follow what the view answered on a picture."""
        ...

    def lose(self, problem: CameraProblem, t_ms: float) -> Look:
        """Take note of what keeps pictures from coming, at a time of the camera."""
        ...

    def is_to_be_kept(self, moment: Any) -> bool:
        """Tell whether a moment must reach the page even if newer ones overtake it."""
        ...


class FollowedCheck:
    """A live check or squeeze test."""

    name = "live check"

    def __init__(self, session: LiveSession) -> None:
        self._session = session

    def begin_camera(self) -> None:
        """See :class:`Followed`."""
        self._session.begin_camera()

    def open_view(self) -> PictureView:
        """See :class:`Followed`."""
        from vision.live.view import LiveView

        return LiveView()

    def see(self, picture: CameraFrame, sighting: Sighting) -> LiveLook:
        """See :class:`Followed`."""
        del picture  # the sighting holds it as it was measured
        return look_at(sighting, self._session.add(sighting))

    def lose(self, problem: CameraProblem, t_ms: float) -> LiveLook:
        """See :class:`Followed`."""
        return nothing_seen(self._session.lose(problem, t_ms))

    def is_to_be_kept(self, moment: AnyMoment) -> bool:
        """Keep captures, the end, and a raised arm."""
        has_capture = getattr(moment, "capture", None) is not None
        return has_capture or moment.finished is not None or moment.is_cancelled
