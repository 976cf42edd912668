import math
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from app.cohort.measuring import Chunk, CohortOptions
from app.cohort.rows import arrow_schema
from benchmarks.cohort import app
from benchmarks.cohort.dataset import _go_on, _merge, _write
from benchmarks.cohort.made_up import made_up_photos, made_up_rows, make_photographs, sample_row
from benchmarks.cohort.memory import again_and_again, print_growth
from benchmarks.cohort.paper import Paper
from benchmarks.shared import ROOT
from vision.image.frame import load_frame

_SCALE = ROOT / "docs" / "SCALE.md"


def _run(*arguments: str) -> str:
    done = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


@pytest.fixture(scope="module")
def photographs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return make_photographs(tmp_path_factory.mktemp("made"), 32)


def test_no_two_photographs_are_alike(photographs: list[Path]) -> None:
    assert len({path.read_bytes() for path in photographs}) == 32
    assert load_frame(photographs[-1]).width_px > 300


def test_photographs_that_are_there_stay(photographs: list[Path]) -> None:
    first = photographs[0].stat().st_mtime_ns
    assert make_photographs(photographs[0].parent, 2) == photographs[:2]
    assert photographs[0].stat().st_mtime_ns == first


def test_one_photograph_of_many_sessions_is_many(photographs: list[Path]) -> None:
    options = CohortOptions().measured_by()
    photos = again_and_again(photographs[:3], 10)
    assert len({photo.path for photo in photos}) == 3
    assert len({photo.fingerprint(options) for photo in photos}) == 10


def test_made_up_rows_are_rows() -> None:
    photos, options = made_up_photos(5), CohortOptions()
    rows = made_up_rows(Chunk(tuple(photos), options), sample_row())
    table = pa.Table.from_pylist(rows, schema=arrow_schema())
    measured_by = options.measured_by()
    assert table["fingerprint"].to_pylist() == [one.fingerprint(measured_by) for one in photos]
    assert len(set(table["tilt_deg"].to_pylist())) == 5


@pytest.mark.parametrize(("last_mb", "told"), [(419.0, "met"), (421.0, "MISSED")])
def test_growth_begins_after_warming_up(
    last_mb: float, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    after = [(done, last_mb if done > 8000 else 400.0) for done in range(2100, 10_001, 100)]
    print_growth([(100, 100.0), (1900, 300.0), *after], 10_000)
    assert (
        f"Growth after warming up {last_mb - 400:+.1f} MB, at most 20: {told}."
        in capsys.readouterr().out
    )


def test_few_photographs_tell_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    print_growth([(100, 100.0), (150, 300.0), (200, 301.0)], 200)
    assert "Too few photographs to count." in capsys.readouterr().out


def _paper(**changed: float) -> Paper:
    values = {
        "photos": 10_000_000, "cores": 64, "per_second": 2.0, "share": 0.95, "photo_mb": 3.0,
        "row_bytes": 250.0, "core_hour": 0.05, "storage": 0.023, "gets": 0.0004, "puts": 0.005,
        "egress": 0.09,
    }  # fmt: skip
    return Paper(**values | changed)  # type: ignore[arg-type]


def test_paper_is_worked_out_right() -> None:
    paper = _paper()
    assert paper.hours == pytest.approx(10_000_000 / (64 * 2.0 * 0.95) / 3600)
    assert paper.chunks == 78_125
    assert math.isclose(paper.photos_gb, 30_000)
    assert paper.rows_gb == pytest.approx(2.5)
    assert any("2,700" in line for line in paper.lines())
    assert _paper(cores=128).hours == pytest.approx(paper.hours / 2)


def test_page_on_scale_holds_what_the_command_prints() -> None:
    text = _SCALE.read_text("utf-8")
    pieces = text.split("<!-- computed: ")[1:]
    assert pieces
    for piece in pieces:
        command, _, rest = piece.partition(" -->\n")
        table = rest.partition("\n<!-- end -->")[0]
        words = command.split()
        assert words[:4] == ["python", "-m", "benchmarks", "cohort"]
        assert _run(*words[4:]).strip() == table.strip()


@pytest.mark.timeout(180)  # a scheduler and a worker start
@pytest.mark.xdist_group("dask")
def test_chunks_without_work_are_counted_on_a_real_cluster() -> None:
    told = _run("chunks", "--count", "40", "--workers", "1")
    assert "40 chunks without work" in told
    assert "Last tenth beside the second" in told


def test_rows_are_written_known_and_merged(tmp_path: Path) -> None:
    place = str(tmp_path / "rows")
    _, _, small_bytes = _write(place, made_up_photos(200))
    assert 100 < small_bytes < 2000
    # All are known, so no worker is started.
    assert _go_on(place, 200).seconds < 20
    out = tmp_path / "table.parquet"
    assert _merge(place, str(out)).peak_mb > 50
    assert pq.read_metadata(out).num_rows == 200
