"""`radbench published`: the published pipelines, what each asks for, and how one is run."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from benchmark.commands.arguments import OutputOption, WorkersOption
from benchmark.errors import BenchmarkError, ConfigError

if TYPE_CHECKING:
    import pandas as pd

    from benchmark.published.catalogue import Pipeline

ALL = "all"
DATA, LOG = "data", "log.txt"

published = typer.Typer(help="Published pipelines as experiments: list them, or run one on tables of your own.")


@published.callback(invoke_without_command=True)
def list_published(
    context: typer.Context,
    matrix: Annotated[bool, typer.Option(help="Also what each of them asks for.")] = True,
) -> None:
    """List the published pipelines with what each asks for, and what has been run."""
    if context.invoked_subcommand is not None:
        return
    from benchmark.published.capabilities import matrix as capabilities
    from benchmark.published.catalogue import pipelines

    known = pipelines()
    _print_pipelines(known)
    if matrix:
        _print_matrix(capabilities(known))


@published.command("run")
def run_published(
    study: Annotated[str, typer.Argument(help="Its code or name, or all.", metavar="STUDY")],
    data: Annotated[
        Path | None, typer.Option(help="A YAML with the cohort of your own tables. Default: a simulated cohort.")
    ] = None,
    small: Annotated[bool, typer.Option("--small", help="On few simulated cases, features and trials.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of a simulated cohort.")] = 1,
    output: OutputOption = None,
    workers: WorkersOption = None,
) -> None:
    """Run a published pipeline on tables of your own, or on a simulated cohort of the shape of its study."""
    from benchmark.published.catalogue import pick, pipelines
    from benchmark.published.ran import RESULTS

    known = pipelines()
    if data is not None and (small or study == ALL):
        raise ConfigError(f"--data is for one study at its own size, not with {'--small' if small else ALL}")
    if study == ALL:
        _run_all(known, output or RESULTS, small=small, seed=seed, workers=workers or os.cpu_count() or 1)
        return
    pipeline = pick(study, known)
    folder = output or RESULTS / pipeline.name
    _conduct(_written(pipeline, folder, data, small=small, seed=seed), folder, workers, is_audit=pipeline.is_audit)


def _written(pipeline: Pipeline, folder: Path, data: Path | None, *, small: bool, seed: int) -> Path:
    """The file that is run: with the user's tables, or with simulated ones beside it."""
    from benchmark.published.own_tables import with_own_tables
    from benchmark.published.simulated import EXPERIMENT, write_experiment, write_simulated

    if data is None:
        return write_simulated(pipeline, folder / DATA, small=small, seed=seed)
    return write_experiment(with_own_tables(pipeline, data), folder / DATA / EXPERIMENT)


def _conduct(path: Path, folder: Path, workers: int | None, *, is_audit: bool) -> None:
    from benchmark.commands.harmonization import harmonization
    from benchmark.commands.run import run

    if is_audit:
        harmonization(path, folder)
    else:
        run(path, folder, workers)


def _run_all(known: list[Pipeline], folder: Path, *, small: bool, seed: int, workers: int) -> None:
    """Every pipeline on its simulated cohort, one per process; a failure is told at the end."""
    from concurrent.futures import ProcessPoolExecutor, as_completed

    failed = 0
    with ProcessPoolExecutor(workers) as pool:
        work = {pool.submit(_one_of_all, one, folder / one.name, small, seed): one for one in known}
        for done in as_completed(work):
            pipeline, broken = work[done], done.exception()
            seconds, mistake = done.result() if broken is None else (0.0, f"{type(broken).__name__}: {broken}")
            failed += bool(mistake)
            typer.echo(f"{pipeline.study.code:<4} {pipeline.name:<34} {seconds:5.0f} s  {mistake or 'done'}")
    if failed:
        raise ConfigError(f"{failed} of {len(known)} published pipelines did not run")
    typer.echo(f"Reports: {folder}/STUDY/report.html")


def _one_of_all(pipeline: Pipeline, folder: Path, small: bool, seed: int) -> tuple[float, str]:
    """How long it took, and what went wrong. What a run prints goes into a file beside its results."""
    from contextlib import redirect_stderr, redirect_stdout
    from time import monotonic

    from benchmark.published.ran import failures

    start, mistake = monotonic(), ""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / LOG).open("w", encoding="utf-8") as log, redirect_stdout(log), redirect_stderr(log):
        try:
            path = _written(pipeline, folder, None, small=small, seed=seed)
            _conduct(path, folder, 1, is_audit=pipeline.is_audit)
            mistake = failures(folder)
        except BenchmarkError as error:
            mistake = str(error)
    return monotonic() - start, mistake


def _print_pipelines(known: list[Pipeline]) -> None:
    from rich.console import Console
    from rich.table import Table

    from benchmark.published.ran import ran

    table = Table("Code", "Study", "Blocks", "Run on", title="Published pipelines", title_justify="left")
    for one in known:
        table.add_row(one.study.code, one.name, ", ".join(one.asked.cohort.blocks), ran(one) or "-")
    Console().print(table)


def _print_matrix(marks: pd.DataFrame) -> None:
    """A row per capability and a column per study, its code written downwards."""
    codes = [f"{code[0]}{code[1:]:>2}" for code in marks.columns]
    gap = ["" if code[0] == before[0] else " " for code, before in zip(codes[1:], codes, strict=False)]
    spaced = ["", *gap]
    for place in range(3):
        typer.echo("".join(space + code[place] for space, code in zip(spaced, codes, strict=True)))
    for group, part in marks.groupby(level="group", sort=False):
        typer.secho(str(group), bold=True)
        for capability, row in part.droplevel("group").iterrows():
            line = "".join(space + ("x" if mark else "·") for space, mark in zip(spaced, row, strict=True))
            typer.echo(f"{line}  {capability}")
