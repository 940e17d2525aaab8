"""`radbench run`."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.commands.arguments import ExperimentArgument, OutputOption, WorkersOption
from benchmark.commands.prepared import check_tests_fit, echo_plan
from benchmark.commands.report import report_folder
from benchmark.errors import DataError

if TYPE_CHECKING:
    from benchmark.experiment import Experiment


def run(
    experiment: ExperimentArgument,
    output: OutputOption = None,
    workers: WorkersOption = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed models again.")] = False,
    report: Annotated[bool, typer.Option(help="Write tables, figures and the report at the end.")] = True,
) -> None:
    """Run an experiment and report it. A rerun does only what is missing."""
    from benchmark.experiment import read_experiment

    asked = read_experiment(experiment)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a batch system's stop is a Ctrl-C
    for name, one in asked.by_outcome().items():
        folder = (output or Path("results") / asked.name) / name
        count = workers or asked.workers or os.cpu_count() or 1
        _conduct(one, folder, workers=count, retry_failed=retry_failed, report=report)


def _conduct(asked: Experiment, folder: Path, *, workers: int, retry_failed: bool, report: bool) -> None:
    from benchmark.conduct import conduct, prepare
    from benchmark.progress import progress

    prepared = prepare(asked)
    check_tests_fit(prepared)
    echo_plan(prepared)
    try:
        with progress(prepared.n_models) as advance:
            waist = conduct(prepared, folder, workers=workers, retry_failed=retry_failed, on_done=advance)
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What is finished is in {folder}; run the same command to go on.", err=True)
        raise typer.Exit(130) from None
    _echo_failures(len(waist.failures), folder)
    if report:
        if not len(waist.predictions):
            raise DataError(f"no recipe could be fitted on every fold: see {folder / 'failures.csv'}")
        typer.echo(f"Report: {report_folder(folder)}")


def _echo_failures(count: int, folder: Path) -> None:
    if count:
        typer.secho(f"{count} models failed; the reasons are in {folder / 'failures.csv'}", fg="yellow", err=True)
