"""Training goes on where it stopped, and what it ships is what it trained."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

pytest.importorskip("anny")
pytest.importorskip("pyvista")

from synthetic.training import network as network_module
from synthetic.training import train
from synthetic.training.augment import Look, TrainingData
from synthetic.training.dataset import SIDE_FACTS, WIDE_PX
from synthetic.training.network import (
    POINT_SCALE_TRUNKS,
    TILT_MIDDLE_DEG,
    TILT_SCALE_DEG,
    ContourNetwork,
    DegreesOut,
    split_raw,
    without_prior,
)
from synthetic.training.train import (
    BATCH,
    PICTURE_REPEATS,
    Trainer,
    calibrated_factor,
    errors_deg,
    loss_of,
    write_model,
)
from tests.made_up_results import measured, rejected, tilt
from tests.synthetic.training.made_up_samples import sample
from vision import model_files
from vision.model_files import CHECKSUMS, CONTOUR_MODEL, expected_sha256
from vision.result import Doubt
from vision.silhouette import EDGES, ROWS, ContourModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from torch import Tensor

    from synthetic.training.dataset import Sample
    from vision.result import Measured, Rejected

#: Two pictures of each of 100 bodies, and outlines that fill up some batches.
PICTURES, OUTLINES = 200, 2 * BATCH


def some_data(rows: int, seed: int) -> TrainingData:
    """Trunks of random width, with answers that have nothing to do with them."""
    rng = np.random.default_rng(seed)
    edges = np.zeros((rows, EDGES, WIDE_PX), np.float32)
    edges[:, [0, 2]] = rng.uniform(30, 50, (rows, 1, 1))
    edges[:, [1, 3]] = -rng.uniform(30, 50, (rows, 1, 1))
    edges[:, 4], edges[:, 5] = edges[:, 0] - edges[:, 1], 1
    return TrainingData(
        edges=edges.astype(np.float16),
        tilt_deg=rng.uniform(-10, 30, rows).astype(np.float32),
        loose=(rng.random(rows) < 0.3).astype(np.float32),
        points_px=rng.uniform(100, 280, (rows, 4)).astype(np.float32),
        facts=rng.normal(0, 5, (rows, len(SIDE_FACTS))).astype(np.float32),
        yaw_deg=rng.normal(0, 5, rows).astype(np.float32),
    )


def some_looks(count: int, seed: int = 0) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    rows = torch.randn(count, EDGES, ROWS, generator=generator)
    return rows, 6 * torch.randn(count, 1, generator=generator)


def trainer(checkpoint: Path, epochs: int = 2, seed: int = train.SEED) -> Trainer:
    data = some_data(PICTURES, 1), some_data(OUTLINES, 2)
    return Trainer(*data, epochs, checkpoint, seed)


def weights_of(run: Trainer) -> list[Tensor]:
    return [weights.float() for weights in run.average.state_dict().values()]


# -- a run


def test_an_epoch_shows_every_outline_once_and_every_picture_several_times(
    tmp_path: Path,
) -> None:
    run = trainer(tmp_path / "checkpoint.pt")
    # A tenth of the pictures is held out.
    assert len(run.lessons) == PICTURE_REPEATS * 180 + OUTLINES
    assert run.steps == len(run.lessons) // BATCH


def test_both_masks_of_a_body_are_held_out_or_neither(tmp_path: Path) -> None:
    for bodies in (55, 104):
        pictures = some_data(2 * bodies, 1)
        run = Trainer(pictures, some_data(BATCH, 2), 1, tmp_path / "checkpoint.pt")
        held_out = len(run.validation)
        assert held_out % 2 == 0
        np.testing.assert_array_equal(run.validation.tilt_deg, pictures.tilt_deg[:held_out])
        np.testing.assert_array_equal(
            run.lessons.tilt_deg[: len(pictures) - held_out], pictures.tilt_deg[held_out:]
        )


def test_an_interrupted_run_ends_like_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = trainer(tmp_path / "whole.pt")
    for _ in range(2):
        whole.run_epoch()
    first = trainer(tmp_path / "broken.pt")
    first.run_epoch()
    second = trainer(tmp_path / "broken.pt")
    second.resume()
    assert second.epoch == 1
    second.run_epoch()
    for one, other in zip(weights_of(whole), weights_of(second), strict=True):
        assert torch.allclose(one, other, atol=1e-4)


def test_a_checkpoint_of_another_run_is_not_taken_up(tmp_path: Path) -> None:
    run = trainer(tmp_path / "checkpoint.pt")
    run.epoch = 1
    run.keep()
    other = trainer(tmp_path / "checkpoint.pt", epochs=4)
    other.resume()
    assert other.epoch == 0
    same = trainer(tmp_path / "checkpoint.pt")
    same.resume()
    assert same.epoch == 1


def test_members_differ_by_their_random_start(tmp_path: Path) -> None:
    one, same, other = (
        weights_of(trainer(tmp_path / "checkpoint.pt", seed=seed)) for seed in (7, 7, 8)
    )
    assert all(torch.equal(a, b) for a, b in zip(one, same, strict=True))
    assert not all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


# -- the loss


LESSON = replace(
    some_data(1, 3), tilt_deg=np.array([15.0], np.float32), loose=np.array([0.0], np.float32),
    facts=train._FACTS_MIDDLE.numpy()[None],
)  # fmt: skip
SEEN = Look(
    rows=np.zeros((1, EDGES, ROWS), np.float32),
    yaw_deg=np.zeros((1, 1), np.float32),
    tilt_deg=np.array([15.0], np.float32),
    points_trunks=np.array([[0.3, -0.1, -0.2, -0.2]], np.float32),
)


def loss(
    tilt_deg: float = 15.0,
    log_sd: float = -1.0,
    loose: float = -5.0,
    points_trunks: Iterable[float] = (0.3, -0.1, -0.2, -0.2),
    fact: float = 0.0,
) -> float:
    points = torch.tensor(list(points_trunks)) / POINT_SCALE_TRUNKS
    main = torch.tensor([(tilt_deg - TILT_MIDDLE_DEG) / TILT_SCALE_DEG, log_sd, loose])
    raw = torch.cat([main, points, torch.full((len(SIDE_FACTS),), fact)])
    return float(loss_of(raw[None], SEEN, LESSON))


def test_the_loss_wants_the_truth_and_an_honest_spread() -> None:
    assert loss(15.0) < loss(17.0) < loss(19.0)
    # 4 deg off: a spread of about that says less wrong than a tenth of it.
    assert loss(19.0, -0.9) < loss(19.0, -3.2)


def test_the_loss_wants_all_that_is_asked_aside() -> None:
    assert loss() < loss(loose=5.0)
    assert loss() < loss(points_trunks=(0.4, -0.1, -0.2, -0.2))
    assert loss() < loss(points_trunks=(-0.2, -0.2, 0.3, -0.1))
    assert loss() < loss(fact=1.0)


def test_errors_are_those_of_undisturbed_looks() -> None:
    class Same(torch.nn.Module):
        def forward(self, rows: Tensor, yaw_deg: Tensor) -> Tensor:
            return torch.zeros(len(rows), 3)

    data = some_data(5, 4)
    np.testing.assert_allclose(errors_deg(Same(), data), TILT_MIDDLE_DEG - data.tilt_deg, rtol=1e-5)


# -- what ships


def test_what_ships_is_the_network_in_degrees_and_trunk_lengths() -> None:
    network = ContourNetwork().eval()
    looks = some_looks(2)
    with torch.no_grad():
        raw = network(*looks)
        tilt_deg, log_sd, loose = (part.numpy() for part in split_raw(raw))
        shipped = DegreesOut([network], sd_factor=2.0, by_outline_alone=False)(*looks).numpy()
    assert shipped.shape == (2, 5)
    np.testing.assert_allclose(shipped[:, 0], tilt_deg, rtol=1e-5)
    np.testing.assert_allclose(shipped[:, 1], 2 * TILT_SCALE_DEG * np.exp(log_sd), rtol=1e-4)
    np.testing.assert_allclose(shipped[:, 2], 1 / (1 + np.exp(-loose)), rtol=1e-5)
    asis, psis = raw[:, 3:5].numpy(), raw[:, 5:7].numpy()
    np.testing.assert_allclose(
        shipped[:, 3:], POINT_SCALE_TRUNKS * (asis + psis) / 2, rtol=1e-4, atol=1e-6
    )


def test_the_drawn_tilts_are_taken_out_of_an_answer_again() -> None:
    """Normal tilts seen with normal errors: the mean of what is likely, and back."""
    rng = np.random.default_rng(3)
    drawn_sd_deg, error_sd_deg = 40 / np.sqrt(12), 4.0
    true_deg = TILT_MIDDLE_DEG + rng.normal(0.0, drawn_sd_deg, 4_000)
    seen_deg = true_deg + rng.normal(0.0, error_sd_deg, 4_000)
    kept = drawn_sd_deg**2 / (drawn_sd_deg**2 + error_sd_deg**2)
    likely_deg = TILT_MIDDLE_DEG + kept * (seen_deg - TILT_MIDDLE_DEG)
    assert np.polyfit(true_deg, likely_deg, 1)[0] < 0.92
    sd_deg = np.full_like(likely_deg, np.sqrt(kept) * error_sd_deg)
    alone_deg, alone_sd_deg = without_prior(torch.from_numpy(likely_deg), torch.from_numpy(sd_deg))
    np.testing.assert_allclose(alone_deg.numpy(), seen_deg, rtol=1e-9)
    np.testing.assert_allclose(alone_sd_deg.numpy(), error_sd_deg, rtol=1e-9)


def test_an_outline_that_says_nothing_is_not_made_to_say_much() -> None:
    tilt_deg, sd_deg = without_prior(torch.tensor([12.0]), torch.tensor([30.0]))
    assert TILT_MIDDLE_DEG + 2 < float(tilt_deg) < TILT_MIDDLE_DEG + 4
    assert torch.isfinite(sd_deg).all()


def test_members_that_disagree_widen_the_spread() -> None:
    members = [ContourNetwork().eval() for _ in range(2)]
    members[1].load_state_dict(members[0].state_dict())
    looks = some_looks(3)
    with torch.no_grad():
        members[1].head.bias[0] += 0.8
        alone, both = (
            DegreesOut(m, 1.0, by_outline_alone=False)(*looks).numpy()
            for m in (members[:1], members)
        )
    np.testing.assert_allclose(both[:, 0], alone[:, 0] + 4, rtol=1e-4)
    np.testing.assert_allclose(both[:, 1], np.hypot(alone[:, 1], 4), rtol=1e-4)
    np.testing.assert_allclose(both[:, 2:], alone[:, 2:], rtol=1e-4, atol=1e-6)


def test_turned_one_way_is_not_turned_the_other() -> None:
    network = ContourNetwork().eval()
    rows, _ = some_looks(1)
    with torch.no_grad():
        answers = [network(rows, torch.tensor([[yaw]])) for yaw in (-15.0, 0.0, 15.0)]
    assert (answers[0] - answers[1]).abs().max() > 1e-3
    assert (answers[0] - answers[2]).abs().max() > 1e-3


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where models ship, with another one there already."""
    (tmp_path / CHECKSUMS).write_text(f"{'0' * 64}  other.onnx\n{'1' * 64}  {CONTOUR_MODEL}\n")
    for module in (network_module, model_files):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    expected_sha256.cache_clear()
    yield tmp_path
    expected_sha256.cache_clear()


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_what_is_shipped_reads_as_what_was_trained(folder: Path) -> None:
    members = [ContourNetwork().eval() for _ in range(2)]
    checksum = write_model(members, sd_factor=1.5)
    listed = (folder / CHECKSUMS).read_text().splitlines()
    assert listed == [f"{'0' * 64}  other.onnx", f"{checksum}  {CONTOUR_MODEL}"]
    model = ContourModel()
    assert model.sha256 == checksum
    for count in (1, 4, 2):
        rows, _ = some_looks(count, seed=count)
        with torch.no_grad():
            told = DegreesOut(members, 1.5)(rows, torch.full((count, 1), 7.0)).numpy()
        read = model.read(rows.numpy(), 7.0)
        answers = [[r.tilt_deg, r.sd_deg, r.loose_probability, *r.pelvis_trunks] for r in read]
        np.testing.assert_allclose(answers, told, rtol=1e-3, atol=1e-3)


def test_the_factor_makes_intervals_hold_the_truth_nine_times_in_ten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Errors of 3 deg that the network takes for 2, and a camera that is off by 3."""
    rng = np.random.default_rng(5)
    samples = [sample(number % 4) for number in range(3000)]

    def answered(
        known: Iterable[Sample], *, quick: bool
    ) -> Iterator[tuple[Sample, Measured | Rejected]]:
        assert quick
        for number, one in enumerate(known):
            if number % 5 == 0:
                yield one, rejected()
                continue
            truth_deg = one.truth["tilt_deg"] - one.truth["shape_deg"]
            angle_deg = truth_deg + rng.normal(0, 3.0) + rng.normal(0, 3.0)
            # What is known of the bones is no matter of reading.
            yield one, measured(replace(tilt(angle_deg), doubt=Doubt(2.0, 3.0, 4.5)))

    monkeypatch.setattr(train, "replay", answered)
    assert calibrated_factor(samples) == pytest.approx(1.5, rel=0.12)
