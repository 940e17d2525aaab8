"""Where units of work run: in this process, or in local worker processes behind a ``concurrent.futures`` executor.

The harness places the parallelism: one thread per worker, so that the same work gives the same numbers anywhere.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from threadpoolctl import threadpool_limits

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS", "LOKY_MAX_CPU_COUNT")

Done = tuple[int, str]
"""The number of a unit, and why its worker died (empty if it did not)."""


def run_units(
    work: Callable[[int], None], units: Sequence[int], *, workers: int, start: Callable[..., None], args: tuple[Any, ...]
) -> Iterator[Done]:
    """Run ``work(unit)`` for each unit and tell each as it is done. ``start(*args)`` prepares each process first.

    A worker that dies (killed by the system, out of memory) takes down what ran at the time; those units are tried
    again one by one, and the one that kills its worker again is told with the reason.
    """
    if workers == 1:
        yield from _run_here(work, units, start, args)
        return
    waiting = list(units)
    suspects: list[int] = []
    while waiting or suspects:
        alone = not waiting
        batch, waiting, suspects = (suspects[:1], [], suspects[1:]) if alone else (waiting, [], suspects)
        finished: set[int] = set()
        try:
            for unit in _run_pool(work, batch, 1 if alone else workers, start, args):
                finished.add(unit)
                yield unit, ""
        except _WorkerDied as death:
            if alone:
                yield batch[0], "the worker process died (killed, or out of memory)"
            else:
                suspects += death.running
                waiting = [unit for unit in batch if unit not in finished and unit not in death.running]


class _WorkerDied(Exception):
    def __init__(self, running: list[int]) -> None:
        super().__init__("a worker process died")
        self.running = running


def _run_here(work: Callable[[int], None], units: Sequence[int], start: Callable[..., None], args: Any) -> Iterator[Done]:
    with threadpool_limits(1):
        start(*args)
        for unit in units:
            work(unit)
            yield unit, ""


def _run_pool(
    work: Callable[[int], None], units: Sequence[int], workers: int, start: Callable[..., None], args: tuple[Any, ...]
) -> Iterator[int]:
    """Each unit as it is done. Only as many units as workers are handed out at a time, so that a death has few suspects."""
    # A fresh interpreter per worker: forking a process that has used OpenMP threads can hang
    context = multiprocessing.get_context("spawn")
    queue = list(reversed(units))
    running: dict[Future[None], int] = {}
    with _single_threaded():
        pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_start_worker, initargs=(start, args))
        try:
            while queue or running:
                while queue and len(running) < workers:
                    unit = queue.pop()
                    running[pool.submit(work, unit)] = unit
                done, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    future.result()
                    yield running.pop(future)
        except BrokenProcessPool as error:
            raise _WorkerDied(list(running.values())) from error
        except BaseException:
            _stop(pool)
            raise
        pool.shutdown()


def _start_worker(start: Callable[..., None], args: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    start(*args)
    threadpool_limits(1)


def _stop(pool: ProcessPoolExecutor) -> None:
    pool.shutdown(wait=False, cancel_futures=True)
    for child in multiprocessing.active_children():
        child.terminate()


class _single_threaded:
    """Workers start with one thread per library: their environment says so before they import anything."""

    def __enter__(self) -> None:
        self.before = {name: os.environ.get(name) for name in THREADS}
        os.environ.update(dict.fromkeys(THREADS, "1"))

    def __exit__(self, *_: object) -> None:
        for name, value in self.before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
