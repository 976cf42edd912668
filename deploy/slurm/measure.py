r"""Measure a folder on a SLURM cluster: jobs of workers by dask-jobqueue, then Beltline itself.

Start it where jobs may be submitted, or as a small job of its own, and leave it running::

    python deploy/slurm/measure.py --jobs 8 --queue normal --account LAB \
        -- /shared/photographs --out /shared/results

What comes after ``--`` goes to ``beltline cohort measure``. ``--show`` prints the job's text
and submits nothing.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

import dask
from dask_jobqueue import SLURMCluster
from distributed import Client

#: One thread a worker, and room for a photograph of 50 megapixels in each.
_MEMORY_OF_A_WORKER_GIB = 2
#: Why each, says the page above this folder.
_PROLOGUE = (
    "export OMP_NUM_THREADS=1",
    "export DASK_DISTRIBUTED__WORKER__MEMORY__PAUSE=False",
    "export DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED=False",
    "export DASK_DISTRIBUTED__ADMIN__LOW_LEVEL_LOG_LENGTH=10",
    "export MALLOC_TRIM_THRESHOLD_=67108864 MALLOC_MMAP_THRESHOLD_=33554432",
)
#: Workers end by themselves before the job does, so that nothing is lost with it.
_SPARE_MIN = 10


def main() -> int:
    """Submit the jobs, measure, and take the jobs away again; return Beltline's status."""
    wanted = _parser().parse_args()
    # Chunks wait with the scheduler, so that a worker that ends takes only one with it.
    dask.config.set(
        {
            "distributed.scheduler.worker-saturation": 1.0,
            "distributed.worker.profile.enabled": False,
            "distributed.admin.low-level-log-length": 10,
        }
    )
    hours, minutes = divmod(wanted.minutes, 60)
    with SLURMCluster(
        queue=wanted.queue,
        account=wanted.account,
        cores=wanted.cores,
        processes=wanted.cores,
        memory=f"{_MEMORY_OF_A_WORKER_GIB * wanted.cores}GiB",
        walltime=f"{hours:02d}:{minutes:02d}:00",
        interface=wanted.interface,
        job_extra_directives=wanted.directive,
        job_script_prologue=[*_PROLOGUE, *wanted.prologue],
        worker_extra_args=[
            *("--lifetime", f"{wanted.minutes - _SPARE_MIN}m"),
            *("--lifetime-stagger", f"{_SPARE_MIN // 2}m"),
        ],
        log_directory=wanted.logs,
        scheduler_options={"interface": wanted.interface, "dashboard_address": ":0"},
    ) as cluster:
        if wanted.show:
            print(cluster.job_script(), end="")
            return 0
        # As many all the time: a job that ends is submitted anew for as long as there is work.
        cluster.adapt(minimum_jobs=wanted.jobs, maximum_jobs=wanted.jobs)
        with Client(cluster) as client:
            # The queue may take hours; the first job tells how many cores there are to share among.
            client.wait_for_workers(wanted.cores)
        command = [sys.executable, "-m", "app", "cohort", "measure", *wanted.measure]
        return subprocess.run(
            [*command, "--scheduler", cluster.scheduler_address], check=False
        ).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--jobs", type=int, default=4, help="how many, each with a node's workers")
    add("--cores", type=int, default=16, help="of a job, and workers in it")
    add("--minutes", type=int, default=240, help="how long a job may last")
    add("--queue", help="partition")
    add("--account", help="who pays")
    add("--interface", help="network between the nodes, such as ib0")
    add("--directive", action="append", default=[], help="one more #SBATCH line, repeatable")
    add("--prologue", action="append", default=[], help="a line before the workers, repeatable")
    add("--logs", help="a folder for what jobs print")
    add("--show", action="store_true", help="print the job's text, submit nothing")
    add("measure", nargs="*", help="what beltline cohort measure gets")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
