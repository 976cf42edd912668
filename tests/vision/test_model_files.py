"""The shipped model files are the tested ones, and a damaged one is told plainly."""

from __future__ import annotations

import hashlib
import os
import struct
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import flatbuffers
import numpy as np
import pytest

from vision import model_files
from vision.belt import patch
from vision.belt.edge import CHANNELS
from vision.model_files import (
    BELT_MODEL,
    CHECKSUMS,
    CONTOUR_MODEL,
    FOLDER,
    MASK_MODEL,
    POSE_BUNDLE,
    ModelError,
    Network,
    expected_sha256,
    once,
    read_model,
)
from vision.models import build_pose_bundle
from vision.silhouette import EDGES, ROWS, ContourModel

if TYPE_CHECKING:
    from collections.abc import Iterator

WHEEL = os.environ.get("BELTLINE_MEDIAPIPE_0_10_21_WHEEL", "")
NETWORKS = ["pose_detector.tflite", "pose_landmarks_detector.tflite"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A models folder with one small file, listed with its checksum."""
    (tmp_path / "small.onnx").write_bytes(b"weights")
    checksum = hashlib.sha256(b"weights").hexdigest()
    (tmp_path / CHECKSUMS).write_text(f"{checksum}  small.onnx\n", "ascii")
    monkeypatch.setattr(model_files, "FOLDER", tmp_path)
    expected_sha256.cache_clear()
    yield tmp_path
    expected_sha256.cache_clear()


def assert_told(error: ModelError, part: str) -> None:
    assert part in error.message
    assert str(error) == f"{error.message} {error.fix}"
    for sentence in (error.message, error.fix):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


def test_every_listed_checksum_is_true() -> None:
    lines = (FOLDER / CHECKSUMS).read_text("ascii").splitlines()
    shipped = {POSE_BUNDLE, CONTOUR_MODEL, BELT_MODEL, MASK_MODEL}
    assert {line.split("  ")[1] for line in lines} >= shipped
    for line in lines:
        checksum, name = line.split("  ")
        assert hashlib.sha256((FOLDER / name).read_bytes()).hexdigest() == checksum
        assert expected_sha256(name) == checksum


def test_a_whole_file_is_read(folder: Path) -> None:
    assert read_model("small.onnx") == b"weights"


def test_a_damaged_file(folder: Path) -> None:
    (folder / "small.onnx").write_bytes(b"weight")
    with pytest.raises(ModelError) as caught:
        read_model("small.onnx")
    assert_told(caught.value, "small.onnx is damaged")


def test_a_missing_file(folder: Path) -> None:
    (folder / "small.onnx").unlink()
    with pytest.raises(ModelError) as caught:
        read_model("small.onnx")
    assert_told(caught.value, "small.onnx is missing")


def test_a_file_that_is_not_listed(folder: Path) -> None:
    (folder / "other.onnx").write_bytes(b"")
    with pytest.raises(ModelError) as caught:
        read_model("other.onnx")
    assert_told(caught.value, "other.onnx is not in the list")


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_list_that_cannot_be_read(folder: Path, content: bytes | None) -> None:
    (folder / CHECKSUMS).unlink()
    if content is not None:
        (folder / CHECKSUMS).write_bytes(content)
    with pytest.raises(ModelError) as caught:
        read_model("small.onnx")
    assert_told(caught.value, CHECKSUMS)


def test_a_damaged_contour_model_is_noticed_before_it_is_run(folder: Path) -> None:
    (folder / CONTOUR_MODEL).write_bytes(b"not a network")
    (folder / CHECKSUMS).write_text(f"{'0' * 64}  {CONTOUR_MODEL}\n", "ascii")
    with pytest.raises(ModelError, match="damaged"):
        ContourModel()


def test_the_contour_model_reads_looks_each_for_itself() -> None:
    model = ContourModel()
    rows = np.zeros((3, EDGES, ROWS), np.float32)
    rows[:, [0, 2]], rows[:, [1, 3]] = 1.6, -1.4
    rows[:, 4:], rows[1:, :4] = [[3.0], [1.0]], rows[1:, :4] + 0.2
    readings = model.read(rows, 4.0)
    for reading in readings:
        assert np.isfinite([reading.tilt_deg, *reading.pelvis_trunks]).all()
        assert reading.sd_deg > 0
        assert 0 <= reading.loose_probability <= 1
    first, second, third = readings
    assert second == third != first
    assert model.read(rows[:1], 4.0) == [first]
    assert model.sha256 == expected_sha256(CONTOUR_MODEL)


# -- running a network


@pytest.fixture
def two_inputs(folder: Path) -> Network:
    """A network that answers ``2 * wide + narrow``."""
    onnx = pytest.importorskip("onnx")
    helper, number = onnx.helper, onnx.TensorProto.FLOAT
    inputs = [
        helper.make_tensor_value_info(name, number, [1, size])
        for name, size in (("wide", 3), ("narrow", 1))
    ]
    outputs = [helper.make_tensor_value_info("sum", number, [1, 3])]
    nodes = [
        helper.make_node("Add", ["wide", "wide"], ["twice"]),
        helper.make_node("Add", ["twice", "narrow"], ["sum"]),
    ]
    graph = helper.make_graph(nodes, "two inputs", inputs, outputs)
    opset = helper.make_opsetid("", 13)
    ship(folder, helper.make_model(graph, opset_imports=[opset], ir_version=8).SerializeToString())
    return Network("small.onnx")


def ship(folder: Path, network: bytes) -> None:
    (folder / "small.onnx").write_bytes(network)
    (folder / CHECKSUMS).write_text(f"{hashlib.sha256(network).hexdigest()}  small.onnx\n", "ascii")


def test_a_network_is_run_with_inputs_by_name_and_any_number_of_rows(two_inputs: Network) -> None:
    rng = np.random.default_rng(3)
    for count in (1, 5, 2):
        wide = rng.normal(size=(count, 3)).astype(np.float32)
        narrow = rng.normal(size=(count, 1)).astype(np.float32)
        told = 2 * wide + narrow
        for inputs in (
            {"wide": wide, "narrow": narrow},
            {"narrow": narrow, "wide": wide},
        ):
            answers = two_inputs.run(inputs)
            assert answers.dtype == np.float32
            np.testing.assert_allclose(answers, told, rtol=1e-5)


def test_answers_stay_as_they_were_told(two_inputs: Network) -> None:
    """OpenCV may write the next answer where the last one was."""
    one = {"wide": np.array([[1, 1, 1]], np.float32), "narrow": np.array([[0]], np.float32)}
    first = two_inputs.run(one)
    two_inputs.run({name: 7 * value for name, value in one.items()})
    np.testing.assert_array_equal(first, [[2, 2, 2]])


def test_calls_from_many_threads_get_their_own_answers(two_inputs: Network) -> None:
    def answer(number: int) -> bool:
        wide = np.full((1, 3), number, np.float32)
        told = two_inputs.run({"wide": wide, "narrow": np.array([[number]], np.float32)})
        return bool((told == 3 * number).all())

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(answer, range(300)))


def test_a_network_with_one_input_needs_no_name() -> None:
    network = Network(BELT_MODEL)
    shape = CHANNELS, patch.ROWS, patch.COLUMNS
    looks = np.random.default_rng(1).uniform(0, 255, (3, *shape)).astype(np.float32)
    together = network.run(looks)
    assert len(together) == 3
    for one, answer in zip(looks, together, strict=True):
        np.testing.assert_allclose(network.run(one[None])[0], answer, atol=1e-4)


def test_what_is_made_once_is_the_same_for_all_threads() -> None:
    made: list[object] = []

    @once
    def slow() -> object:
        time.sleep(0.02)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: slow(), range(8)))) == 1
    assert len(made) == 1


# -- the pose bundle


def test_the_bundle_holds_both_networks_unpacked_and_aligned() -> None:
    path = FOLDER / POSE_BUNDLE
    data = path.read_bytes()
    with zipfile.ZipFile(path) as bundle:
        assert bundle.namelist() == NETWORKS
        assert bundle.testzip() is None
        for info in bundle.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            name_size, extra_size = struct.unpack_from("<HH", data, info.header_offset + 26)
            start = info.header_offset + 30 + name_size + extra_size
            assert start % 4 == 0
            assert data[start + 4 : start + 8] == b"TFL3"
            assert data[start : start + info.file_size] == bundle.read(info)


@pytest.mark.parametrize(
    ("name", "mean", "std"), [(NETWORKS[0], 127.5, 127.5), (NETWORKS[1], 0, 255)]
)
def test_the_bundle_states_how_pictures_are_normalised(name: str, mean: float, std: float) -> None:
    with zipfile.ZipFile(FOLDER / POSE_BUNDLE) as bundle:
        assert normalisation(bundle.read(name)) == [(mean, std)]


def normalisation(network: bytes) -> list[tuple[float, float]]:
    """Return (mean, standard deviation) of each normalisation that a network states."""
    schema = build_pose_bundle._load_schema("schema_py_generated")
    meta = build_pose_bundle._load_schema("metadata_schema_py_generated")
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(network), 0))
    stated = []
    for entry in model.metadata or []:
        if entry.name != b"TFLITE_METADATA":
            continue
        content = bytearray(bytes(model.buffers[entry.buffer].data))
        assert content[4:8] == b"M001"
        root = meta.ModelMetadata.GetRootAsModelMetadata(content, 0)
        data = meta.ModelMetadataT.InitFromObj(root)
        (picture,) = data.subgraphMetadata[0].inputTensorMetadata
        stated += [(unit.options.mean[0], unit.options.std[0]) for unit in picture.processUnits]
    return stated


def tiny_network() -> bytes:
    """Return a TFLite file with one input, one buffer of weights and some other metadata."""
    schema = build_pose_bundle._load_schema("schema_py_generated")
    tensor = schema.TensorT()
    tensor.name, tensor.shape, tensor.buffer = "image", [1, 8, 8, 3], 1
    graph = schema.SubGraphT()
    graph.tensors, graph.inputs, graph.outputs = [tensor], [0], [0]
    empty, weights = schema.BufferT(), schema.BufferT()
    weights.data = [1, 2, 3, 4]
    other = schema.MetadataT()
    other.name, other.buffer = "other", 1
    model = schema.ModelT()
    model.version, model.description = 3, "tiny"
    model.subgraphs, model.buffers, model.metadata = [graph], [empty, weights], [other]
    builder = flatbuffers.Builder(256)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def test_normalisation_is_added_once_and_nothing_else_touched() -> None:
    before = tiny_network()
    assert normalisation(before) == []
    once = build_pose_bundle.add_normalisation(before, 127.5, 64.0)
    twice = build_pose_bundle.add_normalisation(once, 0.0, 255.0)
    assert normalisation(once) == [(127.5, 64.0)]
    assert normalisation(twice) == [(0.0, 255.0)]
    schema = build_pose_bundle._load_schema("schema_py_generated")
    for network in (once, twice):
        model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(network), 0))
        assert list(model.buffers[1].data) == [1, 2, 3, 4]
        assert list(model.subgraphs[0].tensors[0].shape) == [1, 8, 8, 3]
        assert [entry.name for entry in model.metadata] == [b"other", b"TFLITE_METADATA"]


def test_a_bundle_of_tiny_networks_is_the_same_each_time(tmp_path: Path) -> None:
    wheel = tmp_path / "mediapipe.whl"
    with zipfile.ZipFile(wheel, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, _, _ in build_pose_bundle.NETWORKS.values():
            archive.writestr(path, tiny_network())
    out = tmp_path / "one.task", tmp_path / "two.task"
    first, second = (build_pose_bundle.build_bundle(wheel, path) for path in out)
    assert first == second == hashlib.sha256(out[0].read_bytes()).hexdigest()
    with zipfile.ZipFile(out[0]) as bundle:
        assert bundle.namelist() == NETWORKS
        assert normalisation(bundle.read(NETWORKS[1])) == [(0.0, 255.0)]


@pytest.mark.skipif(
    not WHEEL, reason="BELTLINE_MEDIAPIPE_0_10_21_WHEEL names no mediapipe 0.10.21 wheel"
)
def test_the_shipped_bundle_can_be_rebuilt(tmp_path: Path) -> None:
    checksum = build_pose_bundle.build_bundle(Path(WHEEL), tmp_path / POSE_BUNDLE)
    assert checksum == expected_sha256(POSE_BUNDLE)
