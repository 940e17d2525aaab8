"""`radbench report`, and the report that other commands end with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.errors import DataError

if TYPE_CHECKING:
    import pandas as pd


def report(
    folder: Annotated[Path, typer.Argument(help="A results folder.", metavar="FOLDER")],
) -> None:
    """Redo statistics, tables, figures and the report of a run, without refitting."""
    typer.echo(f"Report: {report_folder(folder)}")


def report_folder(folder: Path) -> Path:
    from benchmark.folder import read_waist

    tables, described = read_waist(folder)
    if not len(tables["predictions"]):
        raise DataError(f"{folder}: there are no predictions of a complete recipe to report")
    return write_report(folder, tables, described)


def write_report(folder: Path, tables: dict[str, pd.DataFrame], described: dict[str, Any]) -> Path:
    """Statistics of the tables at the waist, and the report."""
    from benchmark.folder import read_audit
    from benchmark.report import write

    return write(folder, results_of(tables, described), {**described, **read_audit(folder)})


def results_of(tables: dict[str, pd.DataFrame], described: dict[str, Any]) -> dict[str, pd.DataFrame]:
    """The tidy results of the tables at the waist. A table that is not there has no rows."""
    import pandas as pd
    from threadpoolctl import threadpool_limits

    from benchmark.predictions import (
        ATTRIBUTIONS,
        COEFFICIENTS,
        CORRELATIONS,
        DESCRIBED_CASES,
        FAILURES,
        FUSIONS,
        NOMOGRAMS,
        PROJECTIONS,
        SCORES,
        SELECTIONS,
        TIMINGS,
        TRAINING_PREDICTIONS,
        TRIALS,
        VALUES,
        classes_of,
        score_column,
    )
    from benchmark.statistics.analysis import analyse
    from benchmark.statistics.cohort_description import describe_cohort

    scores = [score_column(label) for label in classes_of(tables["predictions"])]
    columns = {"training_predictions": [*TRAINING_PREDICTIONS, *scores], "selections": SELECTIONS,
               "failures": FAILURES, "fusions": FUSIONS, "correlations": CORRELATIONS,
               "coefficients": COEFFICIENTS, "attributions": ATTRIBUTIONS, "scores": SCORES, "nomograms": NOMOGRAMS,
               "timings": TIMINGS, "trials": TRIALS, "cases": DESCRIBED_CASES, "values": VALUES,
               "projections": PROJECTIONS}  # fmt: skip
    told = {name: tables.get(name, pd.DataFrame(columns=known)) for name, known in columns.items()}
    with threadpool_limits(1):  # small matrices: more threads only wait for one another
        results = analyse(
            described,
            tables["predictions"],
            told["training_predictions"],
            told["selections"],
            told["failures"],
            told["fusions"],
            told["correlations"],
            explanations={name: told[name] for name in ("coefficients", "attributions", "scores", "nomograms")},
            follow_up=tables.get("follow_up"),
            subgroups=tables.get("subgroups"),
        )
        results |= describe_cohort(described, told["cases"], told["values"], told["projections"])
    return results | {name: told[name] for name in ("failures", "timings", "trials", "attributions")}
