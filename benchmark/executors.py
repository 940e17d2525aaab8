"""Where tasks run: in this process, or in local worker processes behind a ``concurrent.futures`` executor.

The harness places the parallelism: one thread per worker, so that the same work gives the same numbers anywhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from threadpoolctl import threadpool_limits

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LOKY_MAX_CPU_COUNT")

T = TypeVar("T")


@dataclass(frozen=True)
class Job(Generic[T]):
    """What to run: ``work(task)`` in a process prepared by ``start(*args)``; all three importable by their names.

    ``then(task, death)`` is told in this process that a task is done, ``death`` being why its worker died (empty if it
    did not), and gives the tasks that follow from it, to be run next.
    """

    work: Callable[[T], None]
    start: Callable[..., None]
    args: tuple[Any, ...]
    then: Callable[[T, str], Sequence[T]]


def run_tasks(job: Job[T], tasks: Sequence[T], *, workers: int) -> None:
    """Run the tasks and all that follow from them.

    A worker that dies (killed by the system, out of memory) takes down what ran at the time; those tasks are tried
    again one by one, and the one that kills its worker again is told with the reason.
    """
    if workers == 1:
        _run_here(job, tasks)
        return
    queue, suspects = deque(tasks), deque[T]()
    while queue or suspects:
        alone = bool(suspects)
        pool = _Pool(job, deque([suspects.popleft()]) if alone else queue, limit=1 if alone else workers)
        try:
            pool.run(keep_following=not alone)
        except BrokenProcessPool:
            running = list(pool.running.values())
            if alone:
                queue.extendleft(reversed(job.then(running[0], "the worker process died (killed, or out of memory)")))
            else:
                suspects.extend(running)
            continue
        queue.extendleft(reversed(pool.following))


def _run_here(job: Job[T], tasks: Sequence[T]) -> None:
    queue = deque(tasks)
    with threadpool_limits(1):
        job.start(*job.args)
        while queue:
            task = queue.popleft()
            job.work(task)
            queue.extendleft(reversed(job.then(task, "")))


@dataclass
class _Pool(Generic[T]):
    """One life of a pool of worker processes. Only as many tasks as workers are handed out at a time, so that a death
    has few suspects and what follows from a task runs next."""

    job: Job[T]
    queue: deque[T]
    limit: int
    running: dict[Future[None], T] = field(default_factory=dict)
    following: list[T] = field(default_factory=list)

    def run(self, *, keep_following: bool) -> None:
        # A fresh interpreter per worker: forking a process that has used OpenMP threads can hang
        context = multiprocessing.get_context("spawn")
        with _one_thread_each():
            pool = ProcessPoolExecutor(
                self.limit, mp_context=context, initializer=_start_worker, initargs=(self.job.start, self.job.args)
            )
            try:
                while self.queue or self.running:
                    self._hand_out(pool)
                    for task in self._finished():
                        follow = self.job.then(task, "")
                        if keep_following:
                            self.queue.extendleft(reversed(follow))
                        else:
                            self.following.extend(follow)
            except BrokenProcessPool:
                raise
            except BaseException:
                _stop(pool)
                raise
            pool.shutdown()

    def _hand_out(self, pool: ProcessPoolExecutor) -> None:
        while self.queue and len(self.running) < self.limit:
            task = self.queue.popleft()
            try:
                self.running[pool.submit(self.job.work, task)] = task
            except BrokenProcessPool:
                self.queue.appendleft(task)
                raise

    def _finished(self) -> Iterator[T]:
        done, _ = wait(self.running, return_when=FIRST_COMPLETED)
        for future in done:
            future.result()
            yield self.running.pop(future)


def _start_worker(start: Callable[..., None], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    start(*args)
    threadpool_limits(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    children = multiprocessing.active_children()
    pool.shutdown(wait=False, cancel_futures=True)
    for child in children:
        child.terminate()


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Workers start with one thread per library: their environment says so before they import anything."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
