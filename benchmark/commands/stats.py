"""`radbench stats`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.commands.arguments import OutputOption
from benchmark.commands.report import write_report
from benchmark.commands.stats_options import (
    Adjust,
    Contrasts,
    DecisionRange,
    Draws,
    Groups,
    Level,
    Margin,
    NetBenefitAt,
    PartialAuc,
    Prevalence,
    Recalibrate,
    RiskCategories,
    Threshold,
    TrainingSet,
    contrasts_of,
    numbers_of,
    partial_auc_of,
    range_of,
    threshold_of,
)
from benchmark.commands.survival import columns_of, write_survival

if TYPE_CHECKING:
    from benchmark.prediction_file import Columns


def stats(
    predictions: Annotated[Path, typer.Argument(help="CSV of cases, truth and probabilities.", metavar="FILE")],
    output: OutputOption = None,
    case: Annotated[str, typer.Option(help="Column of case ids; several, with commas, name a case together.")] = "case",
    truth: Annotated[str, typer.Option(help="Column of the outcome.")] = "truth",
    positive: Annotated[str | None, typer.Option(help="The positive class. Default: 1.")] = None,
    negative: Annotated[
        str | None, typer.Option(help="Several classes: what --positive is contrasted with; commas join classes.")
    ] = None,
    ordinal: Annotated[bool, typer.Option(help="Several classes: they are in their order.")] = False,
    model: Annotated[str | None, typer.Option(help="Long table: column that names the model.")] = None,
    score: Annotated[str | None, typer.Option(help="Long table: column of the probabilities.")] = None,
    label: Annotated[str | None, typer.Option("--class", help="Long table: column of the class.")] = None,
    fold: Annotated[str, typer.Option(help="Column of the fold, if it was cross-validation.")] = "fold",
    repeat: Annotated[str, typer.Option(help="Column of the repeat.")] = "repeat",
    patient: Annotated[str, typer.Option(help="Column of the patient who owns the case.")] = "patient",
    set_: Annotated[str, typer.Option("--set", help="Column of the held-out set.")] = "set",
    test: Annotated[list[str] | None, typer.Option(help="A further test by name; may be repeated.")] = None,
    reference: Annotated[str | None, typer.Option(help="The model that the others are compared with.")] = None,
    training_set: TrainingSet = None,
    threshold: Threshold = "0.5",
    level: Level = 0.95,
    margin: Margin = 0.05,
    adjust: Adjust = "holm",
    contrast: Contrasts = None,
    risk_categories: RiskCategories = None,
    partial_auc: PartialAuc = None,
    decision_range: DecisionRange = None,
    net_benefit_at: NetBenefitAt = None,
    prevalence: Prevalence = None,
    recalibrate: Recalibrate = None,
    groups: Groups = 10,
    draws: Draws = 2000,
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
    from benchmark.prediction_file import Columns

    asked = {
        "level": level, "reference": reference, "threshold": threshold_of(threshold, training_set=training_set),
        "adjust": adjust, "margin": margin, "tests": test, "contrasts": contrasts_of(contrast),
        "risk_categories": numbers_of(risk_categories, "risk-categories"), "partial_auc": partial_auc_of(partial_auc),
        "decision_range": range_of(decision_range, "decision-range"),
        "net_benefit_at": numbers_of(net_benefit_at, "net-benefit-at"), "prevalence": prevalence,
        "recalibrate": recalibrate, "groups": groups, "draws": draws,
    }  # fmt: skip
    named = Columns(tuple(case.split(",")), truth, fold, repeat, patient, set_, model, score, label, training_set)
    sides = _contrast(positive, negative)
    page = _write(predictions, named, None if negative else positive, asked, sides, ordinal, output)
    typer.echo(f"Report: {page}")


def _write(
    file: Path,
    columns: Columns,
    positive: str | None,
    asked: Mapping[str, Any],
    sides: dict[str, list[str]] | None,
    ordinal: bool,
    output: Path | None,
) -> Path:
    """The results folder of a file of predictions; its page."""
    from benchmark.folder import RUN, write_json, write_table
    from benchmark.prediction_file import read_sets
    from benchmark.statistics.settings import settings_of

    tables, described = read_sets(file, columns, positive=positive)
    described["statistics"] = {name: value for name, value in asked.items() if value not in (None, [], {})}
    if len(described["classes"]) > 2:
        told = {"ordinal": ordinal, "contrast": sides}
        described["statistics"] |= {name: value for name, value in told.items() if value}
    settings_of(described["statistics"])  # refused before anything is written
    folder = output or Path("results") / described["experiment"]
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        write_table(table, folder / f"{name}.parquet")
    write_json(described, folder / RUN)
    return write_report(folder, tables, described)


def _contrast(positive: str | None, negative: str | None) -> dict[str, list[str]] | None:
    """The two sides of a contrast of classes; None if none is asked for."""
    if positive is None and negative is None:
        return None
    sides = {"positive": positive, "negative": negative}
    return {side: labels.split(",") if labels else [] for side, labels in sides.items()}
