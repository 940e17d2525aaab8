"""The command line. The only module that knows both halves; everything heavy is imported where it is used."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.errors import BenchmarkError, ConfigError, DataError, unknown

if TYPE_CHECKING:
    import pandas as pd

    from benchmark.conduct import Prepared

app = typer.Typer(
    name="radbench",
    help="Benchmark radiomics models: do handcrafted, deep or clinical features, or a fusion of them, predict the "
    "outcome best on your cohort, and is the difference real?",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ExperimentArgument = Annotated[Path, typer.Argument(help="The experiment's YAML file.", metavar="EXPERIMENT")]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Results folder. Default: results/NAME.", metavar="FOLDER")
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Worker processes. Default: the machine's cores.")
]


def main() -> None:
    """Run the command; a user's mistake is one line on standard error and exit code 2, never a traceback."""
    try:
        app()
    except BenchmarkError as error:
        typer.secho("radbench: ", fg="red", bold=True, nl=False, err=True)
        typer.echo(str(error), err=True)
        sys.exit(2)
    except KeyboardInterrupt:
        typer.echo("radbench: interrupted", err=True)
        sys.exit(130)


@app.command()
def check(experiment: ExperimentArgument) -> None:
    """Look for mistakes in an experiment and its tables, without fitting anything."""
    from benchmark.checks import check_cohort, finding_of
    from benchmark.conduct import prepare
    from benchmark.experiment import read_experiment

    try:
        prepared = prepare(read_experiment(experiment))
    except DataError as error:  # what keeps the tables from being read or put together has a code too
        if not hasattr(error, "code"):
            raise
        typer.echo(str(finding_of(error)))
        raise typer.Exit(1) from None
    _check_tests(prepared)
    folds = max([design.folds for design in prepared.experiment.designs if design.kind == "kfold"], default=2)
    findings = check_cohort(prepared.cohort, folds=folds)
    for finding in findings:
        typer.echo(str(finding))
    _echo_plan(prepared)
    _echo_power(prepared)
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    typer.echo(f"{experiment}: {errors} errors, {warnings} warnings")
    if errors:
        raise typer.Exit(1)


@app.command()
def run(
    experiment: ExperimentArgument,
    output: OutputOption = None,
    workers: WorkersOption = None,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try failed models again.")] = False,
    report: Annotated[bool, typer.Option(help="Write tables, figures and the report at the end.")] = True,
) -> None:
    """Run an experiment and report it. A rerun does only what is missing."""
    from benchmark.conduct import conduct, prepare
    from benchmark.experiment import read_experiment
    from benchmark.progress import progress

    asked = read_experiment(experiment)
    prepared = prepare(asked)
    _check_tests(prepared)
    folder = output or Path("results") / asked.name
    _echo_plan(prepared)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a batch system's stop is a Ctrl-C
    try:
        with progress(prepared.n_models) as advance:
            waist = conduct(
                prepared,
                folder,
                workers=workers or asked.workers or os.cpu_count() or 1,
                retry_failed=retry_failed,
                on_done=advance,
            )
    except KeyboardInterrupt:
        typer.echo(f"Interrupted. What is finished is in {folder}; run the same command to go on.", err=True)
        raise typer.Exit(130) from None
    _echo_failures(len(waist.failures), folder)
    if report:
        if not len(waist.predictions):
            raise DataError(f"no recipe could be fitted on every fold: see {folder / 'failures.csv'}")
        typer.echo(f"Report: {_report(folder)}")


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A results folder.", metavar="FOLDER")],
) -> None:
    """Redo statistics, tables, figures and the report of a run, without refitting."""
    typer.echo(f"Report: {_report(folder)}")


@app.command()
def stats(
    predictions: Annotated[Path, typer.Argument(help="CSV of cases, truth and probabilities.", metavar="FILE")],
    output: OutputOption = None,
    case: Annotated[str, typer.Option(help="Column of case ids; several, with commas, name a case together.")] = "case",
    truth: Annotated[str, typer.Option(help="Column of the outcome.")] = "truth",
    positive: Annotated[str | None, typer.Option(help="The positive class. Default: 1.")] = None,
    model: Annotated[str | None, typer.Option(help="Long table: column that names the model.")] = None,
    score: Annotated[str | None, typer.Option(help="Long table: column of the probabilities.")] = None,
    fold: Annotated[str, typer.Option(help="Column of the fold, if it was cross-validation.")] = "fold",
    repeat: Annotated[str, typer.Option(help="Column of the repeat.")] = "repeat",
    patient: Annotated[str, typer.Option(help="Column of the patient who owns the case.")] = "patient",
    set_: Annotated[str, typer.Option("--set", help="Column of the held-out set.")] = "set",
    test: Annotated[list[str] | None, typer.Option(help="A further test by name; may be repeated.")] = None,
    reference: Annotated[str | None, typer.Option(help="The model that the others are compared with.")] = None,
    threshold: Annotated[float, typer.Option(min=0.0, max=1.0, help="Probability that counts as positive.")] = 0.5,
) -> None:
    """Statistics, tables and figures of predictions made elsewhere: one column of probabilities per model."""
    from benchmark.prediction_file import Columns, read_predictions

    named = Columns(tuple(case.split(",")), truth, fold, repeat, patient, set_, model, score)
    table, described = read_predictions(predictions, named, positive=positive)
    described["statistics"] = {"threshold": {"value": threshold}, "reference": reference, "tests": test or []}
    folder = output or Path("results") / described["experiment"]
    folder.mkdir(parents=True, exist_ok=True)
    typer.echo(f"Report: {_write_report(folder, {'predictions': table}, described)}")


@app.command("list")
def list_entries(
    menu: Annotated[str | None, typer.Argument(help="steps, classifiers, splits, metrics, formats or checks.")] = None,
) -> None:
    """List what an experiment may name."""
    from benchmark.catalogue import MENUS, entries

    if menu is not None and menu not in MENUS:
        raise ConfigError(unknown("menu", menu, MENUS))
    for name in MENUS if menu is None else [menu]:
        typer.secho(name, bold=True)
        for entry, words in entries(name):
            typer.echo(f"  {entry:<24} {words}")


@app.command()
def schema() -> None:
    """Print the JSON schema of an experiment file, for editors."""
    import json

    from benchmark.schema import experiment_schema

    typer.echo(json.dumps(experiment_schema(), indent=2))


@app.command()
def simulate(
    folder: Annotated[Path, typer.Argument(help="Where the tables and the experiment go.", metavar="FOLDER")],
    cases: Annotated[int, typer.Option(min=40, help="Cases.")] = 240,
    centres: Annotated[int, typer.Option(min=1, help="Centres, each with its own scanner.")] = 3,
    hrf: Annotated[int, typer.Option(min=4, help="Handcrafted features.")] = 120,
    drf: Annotated[int, typer.Option(min=4, help="Deep features.")] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the cohort.")] = 1,
) -> None:
    """Make a multi-centre cohort of known truth (HRF, DRF, clinical, two readers) and an experiment on it."""
    from benchmark.readers.simulated import simulate as make
    from benchmark.readers.simulated import write

    path = write(make(n_cases=cases, n_centres=centres, n_hrf=hrf, n_drf=drf, seed=seed), folder)
    typer.echo(f"Experiment: {path}")


def _report(folder: Path) -> Path:
    from benchmark.folder import read_waist

    tables, described = read_waist(folder)
    if not len(tables["predictions"]):
        raise DataError(f"{folder}: there are no predictions of a complete recipe to report")
    return _write_report(folder, tables, described)


def _write_report(folder: Path, tables: dict[str, pd.DataFrame], described: dict[str, Any]) -> Path:
    """Statistics of the tables at the waist, and the report. A table that is not there has no rows."""
    import pandas as pd
    from threadpoolctl import threadpool_limits

    from benchmark.predictions import (
        FAILURES,
        SELECTIONS,
        TIMINGS,
        TRAINING_PREDICTIONS,
        TRIALS,
        classes_of,
        score_column,
    )
    from benchmark.report import write
    from benchmark.statistics.analysis import analyse

    scores = [score_column(label) for label in classes_of(tables["predictions"])]
    columns = {"training_predictions": [*TRAINING_PREDICTIONS, *scores], "selections": SELECTIONS,
               "failures": FAILURES, "timings": TIMINGS, "trials": TRIALS}  # fmt: skip
    told = {name: tables.get(name, pd.DataFrame(columns=known)) for name, known in columns.items()}
    with threadpool_limits(1):  # small matrices: more threads only wait for one another
        results = analyse(
            described, tables["predictions"], told["training_predictions"], told["selections"], told["failures"]
        )
    results |= {name: told[name] for name in ("failures", "timings", "trials")}
    return write(folder, results, described)


def _echo_plan(prepared: Prepared) -> None:
    from benchmark.predictions import label_of

    cohort, plan = prepared.cohort, prepared.plan
    counts = ", ".join(f"{label}: {count}" for label, count in cohort.outcome.value_counts().sort_index().items())
    typer.echo(f"Cohort {cohort.name}: {len(cohort.cases)} cases ({counts})")
    for dropped in cohort.dropped:
        first = f" (first: {dropped.examples[0]})" if dropped.examples else ""
        typer.echo(f"  left out of {dropped.where}: {dropped.count} {dropped.what}{first}: {dropped.reason}")
    for skip in plan.skipped:
        recipe = label_of(skip["feature_set"], skip["preprocessing"], skip["classifier"])
        typer.echo(f"  skipped: {recipe}: {skip['reason']}")
    typer.echo(
        f"{len(prepared.splits)} splits x {len(prepared.sets)} feature sets x "
        f"{len(prepared.experiment.preprocessings)} preprocessings x {len(prepared.experiment.classifiers)} "
        f"classifiers = {prepared.n_models} tuned models"
    )


def _check_tests(prepared: Prepared) -> None:
    """A test that does not fit the design is refused before any work."""
    from benchmark.statistics.further_tests import check_tests

    asked = prepared.experiment
    designs = {one.name: {"kind": one.kind, "repeats": one.repeats, "folds": one.folds} for one in asked.designs}
    try:
        check_tests(asked.statistics.tests, designs)
    except ConfigError as error:
        raise asked.file.locate(error) from None


def _echo_power(prepared: Prepared) -> None:
    """The smallest gain in AUC that the planned design can show, before anything is run."""
    import math

    from benchmark.statistics.power import Plan, smallest_difference

    for design in prepared.experiment.designs:
        tested = {case for split in prepared.splits if split.design == design.name for case in split.test}
        of_patient = prepared.cohort.codes[sorted(tested)].groupby(prepared.cohort.patient).max()
        counts = of_patient.value_counts()
        if min(counts.get(0, 0), counts.get(1, 0)) < 2:
            continue
        gain = smallest_difference(Plan(int(counts[1]), int(counts[0]), auc=0.7))
        shown = "none up to an AUC of 1" if math.isnan(gain) else f"{gain:.3f}"
        typer.echo(
            f"{design.name}: smallest gain over an AUC of 0.70 that is shown with power 0.80: {shown} "
            f"({counts[1]} patients with the event, {counts[0]} without, scores correlated by 0.5)"
        )


def _echo_failures(count: int, folder: Path) -> None:
    if count:
        typer.secho(f"{count} models failed; the reasons are in {folder / 'failures.csv'}", fg="yellow", err=True)
