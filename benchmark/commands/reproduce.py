"""`radbench reproduce`."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from benchmark.commands.arguments import OutputOption, WorkersOption
from benchmark.errors import ConfigError, DataError, unknown

if TYPE_CHECKING:
    import pandas as pd

    from benchmark.conduct import Prepared
    from benchmark.packs.judged import Judged
    from benchmark.packs.pack import Pack

    Analysed = dict[str, tuple[dict[str, Any], dict[str, pd.DataFrame]]]

DataOption = Annotated[
    Path | None, typer.Option("--data", help="Folder of the tables. Default: RADBENCH_DATA.", metavar="FOLDER")
]


def reproduce(
    pack: Annotated[str | None, typer.Argument(help="A pack's name or YAML. None: list them.", metavar="PACK")] = None,
    output: OutputOption = None,
    workers: WorkersOption = None,
    data: DataOption = None,
    only_predictions: Annotated[
        bool,
        typer.Option("--only-predictions", help="Only what follows from published predictions: nothing is fitted."),
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit code 1 if a number is not reproduced that should be.")
    ] = False,
) -> None:
    """Compute published numbers again from the same tables, and give a verdict on each."""
    from benchmark.packs.pack import find_pack, read_pack
    from benchmark.packs.verdict import contradicted

    if data is not None:
        _set_data(data)
    if pack is None:
        _list()
        return
    told = read_pack(find_pack(pack))
    _check_data(told, only_predictions=only_predictions)
    folder = output or Path("results") / told.name
    analysed = _of_predictions(told, folder)
    if not only_predictions:
        analysed |= _of_experiments(told, folder, workers=workers)
    found = _write(told, folder, analysed)
    if strict and contradicted(found.verdicts):
        raise typer.Exit(1)


def _set_data(data: Path) -> None:
    """For this process and its workers."""
    from benchmark.readers.files import VARIABLE

    if not data.is_dir():
        raise DataError(f"--data {data}: no such folder. Expected the folder of the tables")
    os.environ[VARIABLE] = str(data.resolve())


def _list() -> None:
    from rich.console import Console
    from rich.table import Table

    from benchmark.packs.pack import FOLDER, read_pack, shelf

    packs = shelf()
    if not packs:
        typer.echo(f"No packs in {FOLDER} here. Give the path of a YAML")
        return
    table = Table("Pack", "Title", "Source", "Licence of the tables", "Tables", box=None, pad_edge=False)
    for name, path in packs.items():
        told = read_pack(path)
        source = ", ".join(str(part) for part in (told.told.source.authors, told.told.source.year) if part)
        state = "not found" if _missing(told, only_predictions=False) else "found"
        table.add_row(name, told.told.title, source, told.told.source.licence, state)
    Console().print(table)


def _missing(pack: Pack, *, only_predictions: bool) -> str:
    """What is said of the first table that is not found; empty if all are."""
    from benchmark.experiment import read_experiment
    from benchmark.readers.files import find_file
    from benchmark.readers.load import files_of

    try:
        for predictions in pack.told.predictions.values():
            for name in predictions.files:
                find_file(name, pack.folder)
        for path in () if only_predictions else pack.experiments.values():
            asked = read_experiment(path)
            files_of(asked.cohort, asked.file.path.parent)
    except ConfigError as error:
        if "no file" not in str(error):
            raise
        return str(error)
    return ""


def _check_data(pack: Pack, *, only_predictions: bool) -> None:
    missing = _missing(pack, only_predictions=only_predictions)
    if missing:
        origin = f" They come from {pack.told.source.data}." if pack.told.source.data else ""
        raise DataError(
            f"{pack.file.path}: {missing} The tables of a pack are no part of radbench.{origin} Set RADBENCH_DATA to "
            "the folder that holds them, or name it by --data"
        )


def _of_predictions(pack: Pack, folder: Path) -> Analysed:
    """The published predictions: at the waist of a results folder of their own, and their results."""
    from benchmark.commands.report import results_of
    from benchmark.folder import RUN, write_json, write_table
    from benchmark.packs.judged import found_in
    from benchmark.packs.made_elsewhere import predictions_of
    from benchmark.readers.files import find_file

    analysed: Analysed = {}
    for name, told in pack.told.predictions.items():
        try:
            tables, described = predictions_of(told, partial(find_file, folder=pack.folder))
        except ConfigError as error:
            raise pack.file.locate(ConfigError(str(error), path=("predictions", name, *error.path))) from None
        described["statistics"] = {"draws": pack.told.draws}
        (folder / name).mkdir(parents=True, exist_ok=True)
        write_table(tables["predictions"], folder / name / "predictions.parquet")
        write_json(described, folder / name / RUN)
        made = described | {"kind": "published predictions", "file": told.file}
        analysed[name] = made, results_of(tables, described)
        found_in(pack, {name: analysed[name][1]})  # a wrong address is told before anything is fitted
    return analysed


def _of_experiments(pack: Pack, folder: Path, *, workers: int | None) -> Analysed:
    """The experiments, run as far as they are not yet, and their results."""
    from benchmark.commands.report import results_of
    from benchmark.conduct import conduct, prepare
    from benchmark.experiment import read_experiment
    from benchmark.folder import read_waist
    from benchmark.progress import progress

    ready = {}
    for name, path in pack.experiments.items():
        asked = read_experiment(path)
        if asked.outcomes:
            raise ConfigError(f"{path}: has several outcomes. A pack needs an experiment of one")
        ready[name] = prepare(asked)
        _check_names(pack, name, ready[name])
    analysed: Analysed = {}
    for name, prepared in ready.items():
        typer.echo(f"{name}: {prepared.n_models} tuned models", err=True)
        with progress(prepared.n_models) as advance:
            conduct(prepared, folder / name, workers=workers or prepared.experiment.workers or os.cpu_count() or 1,
                    on_done=advance)  # fmt: skip
        tables, described = read_waist(folder / name)
        if not len(tables["predictions"]):
            raise DataError(f"no recipe could be fitted on every fold: see {folder / name / 'failures.csv'}")
        made = described | {"kind": "own models", "file": str(pack.told.experiments[name])}
        analysed[name] = made, results_of(tables, described)
    return analysed


def _check_names(pack: Pack, name: str, prepared: Prepared) -> None:
    """``ConfigError`` for a feature set that the experiment does not have, before anything is fitted."""
    asked = prepared.experiment
    known = [*(one.name for one in prepared.sets), *(one.name for one in asked.fusions), *asked.imported]
    for place, told in enumerate(pack.told.numbers):
        said = told.ours.feature_set if told.ours and told.ours.of == name else None
        if said is not None and said not in known:
            path = ("numbers", place, "ours", "feature_set")
            raise pack.file.locate(ConfigError(unknown("feature set", said, known), path=path))


def _write(pack: Pack, folder: Path, analysed: Analysed) -> Judged:
    from benchmark.folder import write_json
    from benchmark.packs.judged import judged
    from benchmark.packs.report import as_json, write
    from benchmark.provenance import provenance

    found = judged(pack, {name: results for name, (_, results) in analysed.items()})
    folder.mkdir(parents=True, exist_ok=True)
    write_json(as_json(pack, found), folder / "verdict.json")
    write_json(provenance(_files(pack)), folder / "provenance.json")
    page = write(folder, pack, found, {name: described for name, (described, _) in analysed.items()})
    _print(pack, found)
    typer.echo(f"Report: {page}")
    return found


def _files(pack: Pack) -> list[Path]:
    from benchmark.readers.files import find_file

    names = dict.fromkeys(name for told in pack.told.predictions.values() for name in told.files)
    return [pack.file.path, *(find_file(name, pack.folder) for name in names), *pack.experiments.values()]


def _print(pack: Pack, found: Judged) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    from benchmark.tables.packs.numbers import HEADER, cells

    kept = [place for place, heading in enumerate(HEADER) if heading != "Difference"]
    whole = {place: len("(0.700–0.800)") for place in kept if HEADER[place].startswith("Ours")}
    columns = [Column(HEADER[place], overflow="fold", min_width=whole.get(place)) for place in kept]
    table = Table(*columns, box=None, pad_edge=False)
    for row in found.numbers.to_dict("records"):
        texts = cells(row)
        table.add_row(*(texts[place] for place in kept))
    console = Console()
    console.print(table)
    console.print(f"\n{pack.told.title}: [bold]{found.verdict.verdict}[/bold] ({found.verdict.why})", highlight=False)
