"""The files for clusters: that they can be read, name real options, and on loopback work."""

import csv
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml  # type: ignore[import-untyped]

from app.cli.research.cohort import cohort_app
from benchmarks.shared import ROOT, SAMPLES

DEPLOY = ROOT / "deploy"
#: The pages on clusters; the one on packages is about no server.
PAGES = sorted(set(DEPLOY.rglob("README.md")) - {DEPLOY / "desktop" / "README.md"})
KUBERNETES = DEPLOY / "kubernetes"


def _documents(name: str) -> dict[str, Any]:
    found = list(yaml.safe_load_all((KUBERNETES / name).read_text("utf-8")))
    return {document["kind"]: document for document in found}


def _options(*command: str) -> set[str]:
    """Return the options that a command of Dask's has."""
    told = subprocess.run(
        [sys.executable, "-m", "dask", *command, "--help"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return set(re.findall(r"--[a-z][a-z-]+", told.stdout))


@pytest.fixture(scope="module")
def known() -> dict[str, set[str]]:
    measure = typer.main.get_command(cohort_app).commands["measure"]  # type: ignore[attr-defined]
    of_beltline = {name for parameter in measure.params for name in parameter.opts}
    return {
        "dask scheduler": _options("scheduler"),
        "dask worker": _options("worker"),
        "beltline cohort measure": of_beltline,
    }


def _commands(text: str) -> list[str]:
    """Return the commands in a text, each on one line."""
    return re.sub(r"\\\n\s*", "", text).splitlines()


def test_commands_name_real_options(known: dict[str, set[str]]) -> None:
    looked_at = 0
    texts = [path.read_text("utf-8") for path in (*PAGES, DEPLOY / "loopback.sh")]
    for line in _commands("\n".join(texts)):
        for command, options in known.items():
            if command in line and not line.startswith(("|", "-", "#")):
                # `code` ends a command in a sentence.
                told = line.partition(command)[2].split("`")[0]
                wanted = set(re.findall(r"(?<!\S)--[a-z][a-z-]+", told))
                assert wanted <= options, line
                looked_at += 1
    assert looked_at >= 5


def test_arguments_in_the_cluster_are_real(known: dict[str, set[str]]) -> None:
    spec = _documents("cluster.yaml")["DaskCluster"]["spec"]
    for part in ("worker", "scheduler"):
        (container,) = spec[part]["spec"]["containers"]
        assert container["args"][:2] == ["dask", part]
        options = {word for word in container["args"] if word.startswith("--")}
        assert options <= known[f"dask {part}"]


def test_parts_of_the_cluster_fit_one_another(known: dict[str, set[str]]) -> None:
    cluster, job = _documents("cluster.yaml"), _documents("measure.yaml")["Job"]
    name = cluster["DaskCluster"]["metadata"]["name"]
    service = cluster["DaskCluster"]["spec"]["scheduler"]["service"]
    assert service["type"] == "ClusterIP"
    assert service["selector"]["dask.org/cluster-name"] == name
    (container,) = job["spec"]["template"]["spec"]["containers"]
    shell, flag, command = container["command"]
    assert (shell, flag) == ("sh", "-c")
    assert f"tcp://{name}-scheduler:{service['ports'][0]['port']}" in command
    assert set(re.findall(r"--[a-z]+", command)) <= known["beltline cohort measure"]
    images = [container["image"]] + [
        one["image"]
        for part in ("worker", "scheduler")
        for one in cluster["DaskCluster"]["spec"][part]["spec"]["containers"]
    ]
    assert len(set(images)) == 1
    policy = cluster["NetworkPolicy"]["spec"]
    assert policy["podSelector"]["matchLabels"] == {"dask.org/cluster-name": name}
    let_in = [
        selector["matchLabels"] for one in policy["ingress"][0]["from"] for selector in one.values()
    ]
    assert job["spec"]["template"]["metadata"]["labels"] in let_in


def test_image_copies_what_there_is() -> None:
    lines = (KUBERNETES / "Dockerfile").read_text("utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") for name in line.split()[1:-1]]
    assert {"app", "vision", "pyproject.toml", "constraints.txt"} <= set(copied)
    assert all((ROOT / name).exists() for name in copied)
    assert any(line.startswith("USER ") for line in lines)


def test_pages_say_that_dask_has_no_password() -> None:
    for page in PAGES:
        assert "no password" in page.read_text("utf-8")


def test_links_of_the_pages_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page}: {target}"


@pytest.mark.skipif(shutil.which("sh") is None, reason="a shell of POSIX's is needed")
def test_shell_understands_the_script() -> None:
    subprocess.run(["sh", "-n", DEPLOY / "loopback.sh"], check=True)
    told = subprocess.run(["sh", DEPLOY / "loopback.sh"], capture_output=True, text=True)
    assert told.returncode == 2
    assert told.stderr.startswith("usage: ")


def test_script_for_slurm_is_python() -> None:
    text = (DEPLOY / "slurm" / "measure.py").read_text("utf-8")
    compile(text, "measure.py", "exec")
    page = (DEPLOY / "slurm" / "README.md").read_text("utf-8")
    used = {
        option
        for line in _commands(page)
        if line.startswith("python deploy/slurm/measure.py")
        for option in re.findall(r"(?<!\S)--[a-z]+", line.split(" -- ")[0])
    }
    assert used
    assert all(f'"{option}"' in text for option in used)


@pytest.mark.skipif(find_spec("dask_jobqueue") is None, reason="dask-jobqueue is no part of this")
def test_job_starts_a_worker_for_each_core() -> None:
    told = subprocess.run(
        [sys.executable, DEPLOY / "slurm" / "measure.py", "--show", "--cores", "8"],
        check=True, capture_output=True, text=True, cwd=ROOT,
    ).stdout  # fmt: skip
    assert "#SBATCH --cpus-per-task=8\n" in told
    assert "#SBATCH --mem=16G\n" in told
    assert "--nthreads 1 " in told
    assert "--nworkers 8 " in told
    assert "--lifetime 230m " in told


@pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX's is needed")
@pytest.mark.timeout(200)  # three programs start, and the models are loaded twice
@pytest.mark.xdist_group("dask")
def test_loopback_measures_a_folder(tmp_path: Path) -> None:
    photographs = tmp_path / "photographs"
    photographs.mkdir()
    for name in ("man_average_right_tilt8.jpg", "woman_frontal.jpg"):
        shutil.copy(SAMPLES / name, photographs)
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "BELTLINE": f"{sys.executable} -m app",
    }
    out = tmp_path / "results"
    command = ["sh", f"{DEPLOY}/loopback.sh", str(photographs), "--out", str(out), "--quick"]
    with subprocess.Popen(
        command, env=environment, text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as done:  # fmt: skip
        try:
            told, noted = done.communicate(timeout=150)
        finally:
            # What the script started goes with it, whatever happened.
            with suppress(ProcessLookupError):
                os.killpg(done.pid, signal.SIGKILL)
    assert done.returncode == 3, noted
    assert "The scheduler listens at tcp://127.0.0.1:" in noted
    assert "1 measured, 1 refused, 0 unreadable." in told
    table = tmp_path / "table.csv"
    subprocess.run(
        [sys.executable, "-m", "app", "cohort", "merge", out, "--out", table],
        env=environment, check=True, capture_output=True,
    )  # fmt: skip
    with table.open(encoding="utf-8", newline="") as file:
        states = {Path(row["path"]).name: row["status"] for row in csv.DictReader(file)}
    assert states == {
        "man_average_right_tilt8.jpg": "measured",
        "woman_frontal.jpg": "rejected",
    }
