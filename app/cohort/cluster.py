"""Dask's part: workers on this machine or elsewhere, ready to measure as this program does."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from app.cohort import CohortError
from app.cohort.worker import get_ready, other_version
from app.errors import missing_library
from app.system.cores import core_count
from vision._version import __version__
from vision.model_files import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: A worker with its models takes 0.6 GB; the largest picture that is read takes the rest.
_WORKER_BYTES = 1_500_000_000
_CONNECT_S = 10
#: A scheduler with a great many tasks may take a while to say anything.
_ANSWER_S = 60
#: Loading the models takes a machine that has much to do longer than anything else.
_READY_S = 600
_SCRATCH_PREFIX, _OLD_S = "beltline-cohort-", 86_400
#: Above all that is ever logged.
_SILENT = logging.CRITICAL + 1
#: What our own scheduler and workers are told. External ones have settings of their own.
_SETTINGS = {
    # A busy machine takes its time to start a worker anew; meanwhile Dask is not to give it up.
    "distributed.deploy.lost-worker-timeout": "1 hour",
    "distributed.comm.timeouts.connect": f"{_CONNECT_S}s",
    # No chunk waits behind another in a worker; all wait with the scheduler, for whoever is free.
    "distributed.scheduler.worker-saturation": 1.0,
    # Workers hold nothing that could be written to a disk, so waiting for room would never end:
    # one that takes too much is ended, and what it was at is found like any other killer.
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": 0.95,
    # Dask keeps what every process did in each of the last thousand seconds: memory that grows for
    # the first quarter of an hour, for a page that hardly anybody opens.
    "distributed.worker.profile.enabled": False,
    # Nor is it to keep the last thousand messages to each worker, each with a chunk in it.
    "distributed.admin.low-level-log-length": 10,
}
#: Of workers, in place of Dask's: that would have the C library give back memory at once, which
#: every picture then asks for anew. Without it a careful look costs a sixth less.
_ENVIRONMENT = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), 1)


@dataclass(frozen=True, slots=True)
class Workers:
    """Whoever measures.

    Attributes
    ----------
    client
        Dask's.
    own
        How many were started for this run alone; 0 for those of a running cluster.
    dashboard
        Address of Dask's pages, or empty.
    """

    client: Any
    own: int
    dashboard: str

    def count(self) -> int:
        """Return how many there are now.

        Raises
        ------
        OSError
            If the scheduler does not say.
        """
        found = self.client.sync(self.client.scheduler.ncores, callback_timeout=_ANSWER_S)
        return len(found)

    def mend(self) -> None:
        """Start anew those of our own that Dask gives up: who ends as soon as they have begun."""
        cluster = self.client.cluster
        for name, nanny in list(cluster.workers.items()):
            if not nanny.is_alive():
                del cluster.workers[name]
                cluster.loop.add_callback(nanny.close)
        cluster.scale(self.own)

    def mark_at(self, place: list[str]) -> int | None:
        """Return the mark that was left with the scheduler there; None where there is none.

        Raises
        ------
        OSError
            If the scheduler does not say.
        """
        ask = self.client.scheduler.get_metadata
        mark: int | None = self.client.sync(
            ask, keys=place, default=None, callback_timeout=_ANSWER_S
        )
        return mark

    def forget_marks(self, place: list[str]) -> None:
        """Take away all marks below there.

        Raises
        ------
        OSError
            If the scheduler does not say.
        """
        tell = self.client.scheduler.set_metadata
        self.client.sync(tell, keys=place, value=None, callback_timeout=_ANSWER_S)

    def results(self) -> Any:
        """Return what gives futures that are added to it, as they are done."""
        from distributed import as_completed

        return as_completed(loop=self.client.loop)

    def is_there(self) -> bool:
        """Tell whether the scheduler is."""
        return str(self.client.status) == "running"


@contextmanager
def connected(scheduler: str | None, workers: int | None) -> Iterator[Workers]:
    """Give workers that are ready to measure, and let them go in the end.

    Parameters
    ----------
    scheduler
        Address of a running Dask scheduler; None for workers on this machine.
    workers
        How many of them; None for as many as there are cores, and room for in memory.

    Raises
    ------
    CohortError
        If the scheduler does not answer, or has another version of Beltline.
    BrokenInstallation
        If nothing can be measured on this machine.
    """
    import dask
    import distributed  # noqa: F401  (brings its settings, which it must do outside the next block)

    with ExitStack() as stack:
        stack.enter_context(dask.config.set(_SETTINGS))
        stack.enter_context(_unheard())
        try:
            found = _ready_workers(stack, scheduler, workers)
        except (OSError, RuntimeError) as error:
            raise _not_begun(scheduler, error) from error
        yield found


def _ready_workers(stack: ExitStack, scheduler: str | None, workers: int | None) -> Workers:
    own = _share(workers) if scheduler is None else 0
    if scheduler is None:
        client = _client_of_own_workers(stack, own)
    else:
        client = _client_of(stack, scheduler)
        _compare_versions(client)
    _make_ready(client, is_ours=own > 0)
    has_pages = "dashboard" in client.scheduler_info(0)["services"]
    return Workers(client, own, client.dashboard_link if has_pages else "")


def _not_begun(scheduler: str | None, error: Exception) -> CohortError:
    if scheduler is not None and isinstance(error, TimeoutError):
        return CohortError(
            f"The scheduler '{scheduler}', or one of its workers, has stopped answering.",
            "See that they run; then start the same command again.",
        )
    if scheduler is not None:
        return scheduler_gone()
    why = " ".join(str(error).split()) or type(error).__name__
    return CohortError(
        f"The workers on this machine could not be started ({why}).",
        "Start again, or take fewer with --workers.",
    )


def scheduler_gone() -> CohortError:
    """Return what to say of a scheduler that answered before, and does no more."""
    return CohortError(
        "The scheduler has gone away. What was measured is kept.",
        "When it is there again, start the same command, and it goes on from there.",
    )


def _client_of_own_workers(stack: ExitStack, count: int) -> Any:
    import dask
    from distributed import Client, LocalCluster
    from distributed.security import Security
    from distributed.system import MEMORY_LIMIT

    folder = stack.enter_context(_scratch_folder())
    settings = {"temporary-directory": folder, "distributed.nanny.pre-spawn-environ": _ENVIRONMENT}
    stack.enter_context(dask.config.set(settings))
    stack.enter_context(_temporary_files_in(folder))
    with _terminal_not_heard():
        cluster = stack.enter_context(
            LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                memory_limit=max(_WORKER_BYTES, MEMORY_LIMIT // count),
                # Nobody else on the network is to reach any of it.
                host="127.0.0.1",
                # A scheduler does whatever it is told, and on loopback other users reach it, too:
                # keys that are made now, and are nowhere but in these processes, keep them out.
                security=Security.temporary(),
                dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )
        )
        stack.callback(_end_at_once, cluster)
        return stack.enter_context(Client(cluster))


def _end_at_once(cluster: Any) -> None:
    """End workers in the midst of their work, which Dask would wait for."""
    pids = set()
    for nanny in cluster.workers.values():
        nanny.auto_restart = False
        pids.add(nanny.pid)
    for child in multiprocessing.active_children():
        if child.pid in pids:
            child.kill()


def _share(workers: int | None) -> int:
    """Return how many workers share this machine: as many as wanted, or one for each core.

    A photograph costs a core as much time with two threads as with one (0.06 s at a quick look,
    0.8 s at a careful one), and parts of it keep one core only. So on two cores two processes
    measured 13 to 19 photographs a second where one with two threads, in the same minutes,
    measured 12.7.
    """
    from distributed.system import MEMORY_LIMIT

    return workers or max(1, min(core_count(), MEMORY_LIMIT // _WORKER_BYTES))


def _scratch_folder() -> TemporaryDirectory[str]:
    """Return a folder for the workers' locks, which is gone afterwards.

    Dask would take the current folder at worst; so would Python.
    """
    from platformdirs import user_cache_dir

    def in_memory() -> str:
        return os.environ.get("XDG_RUNTIME_DIR", "/dev/shm")

    for place in (tempfile.gettempdir, user_cache_dir, in_memory):
        with suppress(OSError):
            folder = Path(place())
            if folder != Path.cwd():
                folder.mkdir(parents=True, exist_ok=True)
                _clear_old(folder)
                return TemporaryDirectory(
                    prefix=_SCRATCH_PREFIX, dir=folder, ignore_cleanup_errors=True
                )
    raise CohortError(
        "There is no folder for temporary files that this user may write to.",
        "Name one in the environment variable TMPDIR.",
    )


def _clear_old(folder: Path) -> None:
    """Remove what a run that was killed outright has left: an empty folder, of another day."""
    for old in folder.glob(f"{_SCRATCH_PREFIX}*"):
        with suppress(OSError):
            if time.time() - old.stat().st_mtime > _OLD_S:
                old.rmdir()


@contextmanager
def _temporary_files_in(folder: str) -> Iterator[None]:
    """Put temporary files there, also those of processes that are started: TLS writes its keys."""
    before, named = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = folder
    try:
        yield
    finally:
        tempfile.tempdir = before
        if named is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = named


@contextmanager
def _terminal_not_heard() -> Iterator[None]:
    """Start what does not hear the terminal: Ctrl-C is this program's, which ends its workers.

    Threads, and processes that they start, take the mask of whoever started them.
    """
    if sys.platform == "win32":
        yield
        return
    # Python's own helper makes the thread hear again that starts it.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep what Dask logs of workers that come and go off the screen; here it is told otherwise."""
    names = [
        name
        for name in logging.Logger.manager.loggerDict
        if name.partition(".")[0] in ("bokeh", "distributed", "tornado")
    ]
    loggers = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(_SILENT)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _client_of(stack: ExitStack, scheduler: str) -> Any:
    from distributed import Client
    from distributed.versions import VersionMismatchWarning

    try:
        asyncio.run(_knock(scheduler))
        with warnings.catch_warnings():
            # Versions are compared below, and told in a sentence.
            warnings.simplefilter("ignore", VersionMismatchWarning)
            return stack.enter_context(Client(scheduler, timeout=_CONNECT_S))
    # What is no scheduler, or one of another age of Dask, may answer anything.
    except (OSError, ValueError, TypeError, ImportError, RuntimeError) as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise CohortError(
            f"The scheduler '{scheduler}' does not answer ({why}).",
            "Check its address, and that it runs.",
        ) from error


async def _knock(scheduler: str) -> None:
    """See whether a scheduler answers; a client waits for the first word without end."""
    from distributed.comm.core import connect
    from distributed.security import Security

    keys = Security().get_connection_args("client")
    comm = await asyncio.wait_for(connect(scheduler, timeout=_CONNECT_S, **keys), _CONNECT_S)
    await comm.close()


def _compare_versions(client: Any) -> None:
    """Raise CohortError if the scheduler or a worker would not measure as this program does."""
    scheduler, patience = client.scheduler, {"callback_timeout": _ANSWER_S}
    own = ".".join(map(str, sys.version_info[:2]))
    nodes = {"The scheduler": client.sync(scheduler.versions, packages=[], **patience)}
    ask_all = {"msg": {"op": "versions", "packages": []}, "on_error": "ignore"}
    told = client.sync(scheduler.broadcast, **ask_all, **patience)
    nodes |= {f"The worker {name}": one for name, one in told.items()}
    for who, node in nodes.items():
        if _python_of(node) != own:
            raise CohortError(
                f"{who} has Python {_python_of(node)}, and this program runs on {own}.",
                "Install the same version of Python and Beltline everywhere, then start again.",
            )
    ask = _question()
    answers = {"The scheduler": client.run_on_scheduler(ask, **patience)}
    answers |= {f"The worker {name}": one for name, one in client.run(ask, **patience).items()}
    for who, (version, missing) in answers.items():
        if missing:
            raise CohortError(
                f"{who} lacks {missing}, and this program is Beltline {__version__}.",
                "Install that version with its extra 'cohort' everywhere, then start again.",
            )
        if version != __version__:
            raise other_version(who, version, __version__)


def _python_of(about: Any) -> str:
    return ".".join(about["host"]["python"].split(".")[:2])


def _question() -> Callable[[], tuple[str, str]]:
    """Return a function that Dask sends whole, so that it runs where no Beltline is, too."""

    def ask() -> tuple[str, str]:
        """Return the version of Beltline that is there, and what it lacks."""
        from importlib import import_module
        from importlib.util import find_spec

        wanted = {"Beltline": "vision", "fsspec": "fsspec", "MediaPipe": "mediapipe"}
        lacks = [name for name, module in wanted.items() if find_spec(module) is None]
        if "Beltline" in lacks:
            return "", "Beltline"
        return import_module("vision._version").__version__, " and ".join(lacks)

    return ask


def cannot_measure(error: BaseException, who: str) -> Exception:
    """Return what to say where nothing at all can be measured.

    Parameters
    ----------
    error
        What came of it.
    who
        Which worker; empty for those of this machine.
    """
    if isinstance(error, ModelError | CohortError):
        return error
    if not who and isinstance(error, ImportError | OSError):
        return missing_library(error)
    why = " ".join(str(error).split()) or type(error).__name__
    return CohortError(
        f"{who or 'A worker'} cannot measure ({why}).",
        "Install Beltline there with its extra: pip install 'beltline[cohort]'.",
    )


def _make_ready(client: Any, *, is_ours: bool) -> None:
    """Load the models in all workers at once; those that come later do it themselves."""
    from distributed.comm.core import CommClosedError

    answers = client.run(get_ready, on_error="return", callback_timeout=_READY_S)
    for who, answer in answers.items():
        # One that has just gone away is no fault of the installation's.
        if isinstance(answer, Exception) and not isinstance(answer, CommClosedError):
            raise cannot_measure(answer, "" if is_ours else f"The worker {who}") from answer
