"""Sample images measured once, and their kept copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests import made_up_results
from tests.app.report.checks import Sample
from vision.image.frame import load_frame
from vision.pipeline import measure_photo
from vision.result import Measured

_SAMPLES = Path(__file__).parents[3] / "sample_images"


def _sample(name: str, angle_deg: float) -> Sample:
    """Measure a picture, and take a tilt that no new model changes."""
    frame = load_frame(_SAMPLES / f"{name}.jpg")
    result = measure_photo(frame)
    assert isinstance(result, Measured)
    tilt = made_up_results.tilt(angle_deg, 3.4)
    return Sample(replace(result, tilt=tilt, contour=tilt), frame.rgb)


@pytest.fixture(scope="session")
def woman() -> Sample:
    """Tilted forward by 11 deg, with no belt line to be seen."""
    return _sample("woman_slim_left_tilt11", 12.2)


@pytest.fixture(scope="session")
def strong_woman() -> Sample:
    """Tilted forward by 25 deg, with a belt line."""
    return _sample("woman_young_left_tilt25", 25.4)


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, woman: Sample, strong_woman: Sample) -> Path:
    """Return a folder with a smaller copy of each sample, as the history keeps them."""
    folder = tmp_path_factory.mktemp("kept")
    for name, sample in (("woman.jpg", woman), ("strong_woman.jpg", strong_woman)):
        Image.fromarray(sample.rgb).reduce(2).save(folder / name, quality=90)
    return folder
