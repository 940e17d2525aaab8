"""`radbench compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from benchmark.commands.arguments import OutputOption


def compare(
    folders: Annotated[
        list[Path], typer.Argument(help="Results folders of different cohorts, by run or stats.", metavar="FOLDER...")
    ],
    output: OutputOption = None,
    classifier: Annotated[str | None, typer.Option(help="The classifier. Default: chosen inside.")] = None,
    preprocessing: Annotated[str | None, typer.Option(help="The preprocessing. Default: chosen inside.")] = None,
    design: Annotated[str | None, typer.Option(help="Name or kind of the design. Default: the first.")] = None,
    role: Annotated[str | None, typer.Option(help="The held-out role. Default: out-of-fold, test, external.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the page.")] = None,
    level: Annotated[float, typer.Option(min=0.5, max=0.999, help="Level of the intervals.")] = 0.95,
    adjust: Annotated[str, typer.Option(help="Adjustment of p values.")] = "holm",
    margin: Annotated[float, typer.Option(min=0.001, max=0.5, help="Difference in AUC that is too small.")] = 0.05,
    limits: Annotated[Path | None, typer.Option(help="A text file: what limits this comparison, a line each.")] = None,
    keep_reports: Annotated[
        bool,
        typer.Option("--keep-reports", help="Keep the report of each cohort, without patients, beside it."),
    ] = False,
) -> None:
    """Compare families of features over several cohorts: what one adds to another, on average and in a new cohort."""
    from threadpoolctl import threadpool_limits

    from benchmark.comparison import Choice
    from benchmark.comparison import compare as make
    from benchmark.comparison_report import write
    from benchmark.folder import RUN, write_json
    from benchmark.kept_reports import keep
    from benchmark.provenance import provenance
    from benchmark.statistics.settings import settings_of

    settings = settings_of({"level": level, "adjust": adjust, "margin": margin})
    with threadpool_limits(1):
        results, about = make(folders, Choice(classifier, preprocessing, design, role), settings)
    folder = output or Path("results") / "compare"
    folder.mkdir(parents=True, exist_ok=True)
    files = [one / name for one in folders for name in (RUN, "predictions.parquet")]
    told = provenance(files)
    for entry, file in zip(told["files"], files, strict=True):
        entry["file"] = f"{file.parent.name}/{file.name}"
    write_json(told, folder / "provenance.json")
    page = write(
        folder,
        results,
        about,
        title=title,
        version=told["versions"].get("radbench", ""),
        date=told["written"][:10],
        limits=_lines(limits),
        kept=keep(dict(zip(about["cohorts"], folders, strict=True)), folder) if keep_reports else {},
    )
    typer.echo(f"Report: {page}")


def _lines(file: Path | None) -> list[str]:
    from benchmark.errors import DataError

    if file is None:
        return []
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeError) as error:
        raise DataError(f"{file}: cannot be read as text ({error})") from None
