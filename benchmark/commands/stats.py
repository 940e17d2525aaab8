"""`radbench stats`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.commands.arguments import OutputOption
from benchmark.commands.report import write_report
from benchmark.commands.survival import columns_of, write_survival


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
    time: Annotated[str | None, typer.Option(help="Survival: column of the time to the event or to censoring.")] = None,
    event: Annotated[str | None, typer.Option(help="Survival: column of the event, 1, or censoring, 0.")] = None,
    tau: Annotated[float | None, typer.Option(help="Survival: time up to which events count for Uno's C.")] = None,
) -> None:
    """Statistics, tables and figures of predictions made elsewhere: one column of probabilities per model, or with a
    time and an event one column of risk scores per model."""
    if time is not None or event is not None:
        columns = columns_of(time, event, case, patient, set_)
        page = write_survival(predictions, columns, output, reference=reference, tau=tau)
        typer.echo(f"Report: {page}")
        return
    from benchmark.folder import RUN, write_json, write_table
    from benchmark.prediction_file import Columns, read_predictions

    named = Columns(tuple(case.split(",")), truth, fold, repeat, patient, set_, model, score)
    table, described = read_predictions(predictions, named, positive=positive)
    described["statistics"] = {"threshold": {"value": threshold}, "reference": reference, "tests": test or []}
    folder = output or Path("results") / described["experiment"]
    folder.mkdir(parents=True, exist_ok=True)
    write_table(table, folder / "predictions.parquet")
    write_json(described, folder / RUN)
    typer.echo(f"Report: {write_report(folder, {'predictions': table}, described)}")
