"""A session of somebody who is calibrated measures by that."""

from __future__ import annotations

from datetime import UTC, datetime

from tests import made_up_results
from tests.vision.sightings import sighting
from vision.live.events import Moment
from vision.live.session import LiveSession
from vision.marks.calibration import Calibration
from vision.result import Method

NETWORK = made_up_results.MADE_BY.contour_model_sha256


def shown(session: LiveSession) -> Moment:
    moment = session.add(sighting(tilt_deg=12.0))
    assert isinstance(moment, Moment)
    assert moment.tilt is not None
    return moment


def test_what_is_shown_rests_on_the_calibration() -> None:
    plain, session = LiveSession(), LiveSession()
    session.calibration = Calibration(datetime.now(UTC), 4.0, 2.5, 3.0, 5, NETWORK)
    before, after = shown(plain).tilt, shown(session).tilt
    assert before is not None
    assert after is not None
    assert (before.method, after.method) == (Method.CONTOUR, Method.CALIBRATED)
    assert after.angle_deg == before.angle_deg + 4.0
    assert after.doubt.bones_deg == 2.5
