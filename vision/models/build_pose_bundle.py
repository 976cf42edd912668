"""Rebuild ``pose_landmarker_full.task`` from a published MediaPipe wheel.

MediaPipe 1.2 reads only Tasks bundles and its wheel ships none. The two networks
themselves were last published inside the 0.10.21 wheel, under Apache-2.0. This script
takes them out, writes the input normalisation that the Tasks loader insists on, and
stores both in an aligned, uncompressed zip::

    pip download --no-deps mediapipe==0.10.21
    python -m vision.models.build_pose_bundle mediapipe-0.10.21-*.whl

The result is the same to the byte each time, so the SHA-256 that
:mod:`vision.model_files` checks can be reproduced by anyone.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import struct
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import flatbuffers

if TYPE_CHECKING:
    from types import ModuleType

BUNDLE = Path(__file__).with_name("pose_landmarker_full.task")
#: Name in the bundle -> (path in the wheel, mean, standard deviation of the input).
#: The detector expects -1..1, the landmark network 0..1 (MediaPipe's pose graphs).
NETWORKS = {
    "pose_detector.tflite": (
        "mediapipe/modules/pose_detection/pose_detection.tflite",
        127.5,
        127.5,
    ),
    "pose_landmarks_detector.tflite": (
        "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
        0.0,
        255.0,
    ),
}
_ALIGNMENT = 4
_EARLIEST_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_LOCAL_HEADER_BYTES = 30
#: Written into the zip, which would otherwise name the system it was built on.
_UNIX = 3


def _load_schema(name: str) -> ModuleType:
    """Load one generated flatbuffers schema by its file.

    Importing it through ``mediapipe.tasks`` fails: 1.2's metadata package asks for
    ``mediapipe.tasks.cc``, which the wheel does not contain.
    """
    package = importlib.util.find_spec("mediapipe")
    if package is None or not package.submodule_search_locations:
        raise SystemExit("mediapipe is not installed: pip install mediapipe")
    path = Path(package.submodule_search_locations[0]) / "tasks" / "metadata" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise SystemExit(f"cannot read the flatbuffers schema {path}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _normalisation_metadata(meta: Any, mean: float, std: float) -> bytes:
    """Return a TFLite metadata buffer stating how the input picture is normalised."""
    options = meta.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = meta.ProcessUnitT()
    unit.optionsType = meta.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    colours = meta.ImagePropertiesT()
    colours.colorSpace = meta.ColorSpaceType.RGB
    content = meta.ContentT()
    content.contentPropertiesType = meta.ContentProperties.ImageProperties
    content.contentProperties = colours
    picture = meta.TensorMetadataT()
    picture.name = "image"
    picture.content = content
    picture.processUnits = [unit]
    subgraph = meta.SubGraphMetadataT()
    subgraph.inputTensorMetadata = [picture]
    model = meta.ModelMetadataT()
    model.name = "Beltline pose bundle"
    model.subgraphMetadata = [subgraph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def add_normalisation(network: bytes, mean: float, std: float) -> bytes:
    """Return the TFLite network with normalisation metadata, its weights untouched."""
    schema = _load_schema("schema_py_generated")
    meta = _load_schema("metadata_schema_py_generated")
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAsModel(bytearray(network), 0))
    buffer = schema.BufferT()
    buffer.data = list(_normalisation_metadata(meta, mean, std))
    entry = schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [m for m in model.metadata or [] if m.name != b"TFLITE_METADATA"]
    model.metadata.append(entry)
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def build_bundle(wheel: Path, out: Path = BUNDLE) -> str:
    """Write the bundle and return its SHA-256.

    Parameters
    ----------
    wheel
        The published ``mediapipe-0.10.21`` wheel (any platform).
    out
        Where the ``.task`` file goes.
    """
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as bundle:
        for name, (path, mean, std) in NETWORKS.items():
            info = zipfile.ZipInfo(name, _EARLIEST_ZIP_DATE)
            info.create_system = _UNIX
            start = bundle.fp.tell() + _LOCAL_HEADER_BYTES + len(name)  # type: ignore[union-attr]
            # MediaPipe maps the networks into memory where they lie, hence the padding:
            # an extra field of its own kind, at least four bytes long.
            padding = (-start) % _ALIGNMENT
            info.extra = struct.pack("<HH", 0xD935, padding) + b"\0" * padding
            bundle.writestr(info, add_normalisation(source.read(path), mean, std))
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    """Command line: the wheel in, the bundle and its SHA-256 out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--out", type=Path, default=BUNDLE)
    arguments = parser.parse_args()
    print(build_bundle(arguments.wheel, arguments.out), arguments.out)


if __name__ == "__main__":
    main()
