"""Processes that work on one thing each, and give the results back in order.

A pool of the standard library's ends as a whole when one of its processes does, and waits for
ever for one that ended while it wrote. Here each process has a pipe of its own, so that it is
known which of them ended, and over what. What they do leaves no trace until its result is back,
so they are simply killed when nobody waits any more.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
import warnings
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import QueueHandler
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from app.errors import BrokenInstallation, libraries_needed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from types import TracebackType

_Job = TypeVar("_Job")
_JobIn = TypeVar("_JobIn", contravariant=True)
_Result = TypeVar("_Result")
_ResultOut = TypeVar("_ResultOut", covariant=True)

#: So many results a process wait for their turn at most: they hold pictures.
_AHEAD = 6
#: Over what a process ended so many times, it is given up.
_LIVES = 2
#: One process that ended may have been unlucky; after so many there is one fewer.
_RESCUES = 3
#: How long a process that has nothing to do may take to leave.
_LEAVING_S = 1.0
#: So that memory that runs out ends one of these, and nothing else that is open.
_OOM_SCORE = "500"
#: One core each is enough for their threads.
_ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


class Work(Protocol[_JobIn, _ResultOut]):
    """What is done in each process. It travels there, as jobs and results do."""

    def prepare(self) -> None:
        """Load what takes long, before the first job."""

    def do(self, job: _JobIn, /) -> _ResultOut:
        """Return what comes of a job, and write nothing anywhere."""


@dataclass(frozen=True, slots=True)
class Done(Generic[_Result]):
    """What came of a job.

    Attributes
    ----------
    result
        None where the process ended over it, each time.
    exit_code
        How it ended then: minus the signal's number, or its status.
    """

    result: _Result | None
    exit_code: int | None = None


@dataclass(frozen=True, slots=True)
class _Message:
    """What a process says: that it is ready (no result, no error), or what came of its job."""

    result: Any = None
    error: Exception | None = None
    records: tuple[logging.LogRecord, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task(Generic[_Job]):
    """A job, its place in the order, and how many processes have ended over it."""

    number: int
    job: _Job
    deaths: int = 0


@dataclass(slots=True, eq=False)
class _Worker(Generic[_Job]):
    """A process, our end of its pipe, and what it is working at."""

    process: BaseProcess
    pipe: Connection
    task: _Task[_Job] | None = None
    is_ready: bool = False


class PhotoWorkers(Generic[_Job, _Result]):
    """Several processes that do the same; a context that ends them all.

    Parameters
    ----------
    count
        How many there are at most.
    work
        What they do.
    """

    def __init__(self, count: int, work: Work[_Job, _Result]) -> None:
        self._work = work
        self._most = count
        self._workers: list[_Worker[_Job]] = []
        self._waiting: deque[_Task[_Job]] = deque()
        #: What ended a process, perhaps only because all of them together needed too much.
        self._suspects: deque[_Task[_Job]] = deque()
        self._done: dict[int, Done[_Result] | Exception] = {}
        #: How many jobs were done alone after a process had ended over them.
        self._rescued = 0

    def __enter__(self) -> PhotoWorkers[_Job, _Result]:
        """Start nothing yet."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End every process: in good order where all is done, else at once."""
        workers, self._workers = self._workers, []
        if error is not None:
            for one in workers:
                one.process.kill()
        _end(*workers)

    def results(self, jobs: Sequence[_Job]) -> Iterator[Done[_Result]]:
        """Do all jobs, and give what came of each in their order, as soon as its turn is.

        Where no process can be started or gets ready, this one does what is left.

        Raises
        ------
        Exception
            What the work raised, when its turn is.
        """
        self._waiting.extend(_Task(number, job) for number, job in enumerate(jobs))
        for number in range(len(jobs)):
            while number not in self._done:
                self._go_on(number + _AHEAD * self._most)
            done = self._done.pop(number)
            if isinstance(done, Exception):
                raise done
            yield done

    def _go_on(self, end: int) -> None:
        """Hand out tasks below a number, and wait until something has come of one."""
        if self._most == 0:
            self._do_here()
            return
        while len(self._workers) < min(self._most, self._left()):
            if not self._start():
                return
        self._hand_out(end)
        pipes = [one.pipe for one in self._workers]
        for pipe in connection.wait(pipes):
            self._hear(next(one for one in self._workers if one.pipe is pipe))
        # Before anybody looks at a result.
        self._hand_out(end)

    def _left(self) -> int:
        at_work = sum(one.task is not None for one in self._workers)
        return len(self._waiting) + len(self._suspects) + at_work

    def _start(self) -> bool:
        """Start one more process; tell whether that went well."""
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        try:
            with warnings.catch_warnings():
                # A closed terminal ends Python's own helper as well, which it then tells of.
                warnings.simplefilter("ignore")
                process.start()
        except OSError:  # no more processes, or no memory
            ours.close()
            self._most = len(self._workers)
            return False
        finally:
            theirs.close()
        self._workers.append(_Worker(process, ours))
        with suppress(OSError):  # it has ended already, which is seen when it is listened to
            ours.send(self._work)
        return True

    def _hand_out(self, end: int) -> None:
        idle = [one for one in self._workers if one.is_ready and one.task is None]
        at_work = [one.task for one in self._workers if one.task is not None]
        if self._suspects or any(task.deaths for task in at_work):
            # With all of the memory for itself.
            if idle and not at_work:
                self._give(idle[0], self._suspects.popleft())
            return
        for one in idle:
            if self._waiting and self._waiting[0].number < end:
                self._give(one, self._waiting.popleft())

    def _give(self, one: _Worker[_Job], task: _Task[_Job]) -> None:
        one.task = task
        with suppress(OSError):
            one.pipe.send(task.job)

    def _hear(self, one: _Worker[_Job]) -> None:
        try:
            said: _Message = one.pipe.recv()
        except (EOFError, OSError):
            self._bury(one)
            return
        for record in said.records:
            logging.getLogger(record.name).handle(record)
        task, one.task = one.task, None
        if task is None:
            one.is_ready = True
            if said.error is not None:
                raise said.error
            return
        self._done[task.number] = said.error or Done(said.result)
        if task.deaths:
            self._rescued += 1
            if self._rescued % _RESCUES == 0 and self._most > 1:
                # Alone they could be done: so many together need more memory than there is.
                self._most -= 1
                self._workers.remove(one)
                _end(one)

    def _bury(self, one: _Worker[_Job]) -> None:
        """Take leave of a process that has ended, and see to what it was working at."""
        self._workers.remove(one)
        one.pipe.close()
        one.process.join()
        exit_code = one.process.exitcode
        one.process.close()
        task = one.task
        if task is None:
            if not one.is_ready:
                self._most -= 1
        elif task.deaths + 1 < _LIVES:
            self._suspects.append(_Task(task.number, task.job, task.deaths + 1))
        else:
            self._done[task.number] = Done(None, exit_code)

    def _do_here(self) -> None:
        task = self._suspects.popleft() if self._suspects else self._waiting.popleft()
        try:
            self._done[task.number] = Done(self._work.do(task.job))
        except Exception as error:
            self._done[task.number] = error


def _end(*workers: _Worker[Any]) -> None:
    for one in workers:
        if one.task is not None or not one.is_ready:
            one.process.kill()
        one.pipe.close()
    until_s = time.monotonic() + _LEAVING_S
    for one in workers:
        one.process.join(max(0.0, until_s - time.monotonic()))
        one.process.kill()
        one.process.join()
        one.process.close()


class _Notes(QueueHandler):
    """Keeps what is logged, ready to travel."""

    def __init__(self) -> None:
        super().__init__(None)  # type: ignore[arg-type]
        self.records: list[logging.LogRecord] = []

    def enqueue(self, record: logging.LogRecord) -> None:
        """Keep one record."""
        self.records.append(record)

    def take(self) -> tuple[logging.LogRecord, ...]:
        """Return what was logged since the last time."""
        records, self.records = tuple(self.records), []
        return records


def _serve(pipe: Connection) -> None:
    """Do jobs until there are no more; where a process begins."""
    _settle_in()
    notes = _Notes()
    logging.getLogger().addHandler(notes)
    try:
        try:
            with libraries_needed():
                work: Work[Any, Any] = pipe.recv()
                work.prepare()
        except BrokenInstallation as error:
            pipe.send(_Message(error=error))
            return
        pipe.send(_Message(records=notes.take()))
        while True:
            job = pipe.recv()
            try:
                message = _Message(work.do(job), None, notes.take())
            except Exception as error:
                message = _Message(None, error, notes.take())
            pipe.send(message)
    except (EOFError, OSError):  # nobody waits any more
        return


def _settle_in() -> None:
    """Be no trouble: no words, no threads beyond the core, and gone when the parent is."""
    import signal

    # The parent hears it, and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    for name in _ONE_THREAD:
        os.environ[name] = "1"
    if sys.platform == "linux":
        with suppress(OSError):
            Path("/proc/self/oom_score_adj").write_text(_OOM_SCORE)
    threading.Thread(target=_leave_with_parent, name="parent", daemon=True).start()


def _leave_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
