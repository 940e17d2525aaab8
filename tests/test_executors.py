"""Tasks run in order of what follows from them, and a dying worker costs only what it was doing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmark.executors import Job, run_tasks

FOLDER: list[Path] = []


def start(folder: Path) -> None:
    FOLDER[:] = [folder]


def work(task: str) -> None:
    (FOLDER[0] / task).touch()
    if task == "deadly" or (task == "deadly once" and not (FOLDER[0] / "died").exists()):
        (FOLDER[0] / "died").touch()
        os._exit(1)
    if task == "wrong":
        raise ValueError("a defect of the harness")


@pytest.mark.parametrize("workers", [1, 2])
def test_what_follows_runs_next(tmp_path: Path, workers: int) -> None:
    order: list[str] = []

    def then(task: str, death: str) -> list[str]:
        assert death == ""
        order.append(task)
        return [f"{task}{number}" for number in range(2)] if len(task) == 1 else []

    run_tasks(Job(work, start, (tmp_path,), then), ["a", "b"], workers=workers)
    assert sorted(order) == ["a", "a0", "a1", "b", "b0", "b1"]
    assert {path.name for path in tmp_path.iterdir()} == set(order)
    if workers == 1:
        assert order == ["a", "a0", "a1", "b", "b0", "b1"]


def test_a_task_that_kills_its_worker_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    told: dict[str, str] = {}

    def then(task: str, death: str) -> list[str]:
        told[task] = death
        return []

    run_tasks(Job(work, start, (tmp_path,), then), ["a", "deadly", "b", "deadly once", "c"], workers=2)
    assert told.pop("deadly") == "the worker process died (killed, or out of memory)"
    assert told == {"a": "", "b": "", "deadly once": "", "c": ""}


def test_a_defect_stops_the_run(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a defect of the harness"):
        run_tasks(Job(work, start, (tmp_path,), lambda task, death: []), ["a", "wrong"], workers=2)
