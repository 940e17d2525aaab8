"""LA109: the tables of a finished run against its splits: who was predicted, and what was fitted on whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from benchmark.audit.finding import Finding, examples, judged, not_checked
from benchmark.audit.subject import Subject
from benchmark.errors import DataError
from benchmark.folder import read_waist
from benchmark.predictions import APPARENT
from benchmark.splits import splits_table
from benchmark.steps.seen import hash_of

SPLITS, FITS = "splits.csv", "fits.csv"
READ = ("predictions", "training_predictions")
PLACE = ["design", "repeat", "fold"]
Found = list[tuple[str, str]]
Place = tuple[str, ...]


def records(subject: Subject) -> Iterator[Finding]:
    """LA109."""
    folder = subject.folder
    if folder is None or not (folder / SPLITS).exists() or not (folder / "run.json").exists():
        yield not_checked("LA109", "the experiment has not been run")
        return
    try:
        waist, _ = read_waist(folder)
    except DataError as error:
        yield Finding("LA109", "WARNING", folder.name, str(error))
        return
    splits = pd.read_csv(folder / SPLITS, dtype={"fold": str, "case": str})
    splits, predictions, training = (
        table[table["fold"] != APPARENT] for table in (splits, *(waist[name] for name in READ))
    )
    tested = _cases(splits[splits["side"] == "test"])
    found = _patients(splits, subject) + _odd(tested, predictions, training)
    fits = folder / FITS
    found += _fits(fits, splits, subject) if fits.exists() else []
    kept = f", {len(pd.read_csv(fits))} fits" if fits.exists() else "; it keeps no record of its fits"
    told = f"{len(splits.groupby(PLACE))} splits, {len(predictions)} predictions{kept}"
    planned = splits_table(list(subject.splits)).astype({"case": str, "fold": str})
    same = planned[[*PLACE, "case", "side"]].equals(splits[[*PLACE, "case", "side"]])
    if not found and not same:
        message = "the run was split otherwise than the experiment is now: run it again"
        yield Finding("LA109", "WARNING", SPLITS, message)
        return
    yield judged("LA109", "LEAK", found, told)


def _patients(splits: pd.DataFrame, subject: Subject) -> Found:
    """Cases or patients on both sides of a split of the file."""
    owner = subject.cohort.patient.rename(str)
    told = splits.assign(patient=splits["case"].map(owner).fillna(splits["case"]))
    found = []
    for place, part in told.groupby(PLACE, sort=False):
        both = set(part.loc[part["side"] == "train", "patient"]) & set(part.loc[part["side"] == "test", "patient"])
        found += [(f"{SPLITS}, {_words(place)}", f"{examples(sorted(both))} patients on both sides")] if both else []
    return found


def _odd(tested: Mapping[Place, set[str]], predictions: pd.DataFrame, training: pd.DataFrame) -> Found:
    """Predictions of cases that are not tested in their split, and training predictions of cases that are."""
    found: Found = []
    for name, table in zip(READ, (predictions, training), strict=True):
        for place, cases in _cases(table).items():
            here = tested.get(place, set())
            odd = sorted(cases - here if name == "predictions" else cases & here)
            if odd:
                words = "not tested" if name == "predictions" else "tested"
                found.append((f"{name}, {_words(place)}", f"{examples(odd)} cases are {words} in the split"))
    return found


def _fits(path: Path, splits: pd.DataFrame, subject: Subject) -> Found:
    """Fits whose rows are not those of their outer or inner training side that have the blocks of the feature set;
    more rows than that are resampled ones."""
    train = splits[splits["side"] == "train"]
    found = []
    sides = dict(list(train.groupby(PLACE)))
    row: Any
    fits = pd.read_csv(path, dtype={"fold": str, "cases": str})
    known = {item.name: set(subject.cohort.cases_with(item.blocks)) for item in subject.prepared.sets}
    for row in fits[fits["fold"] != APPARENT].itertuples(index=False):
        here = sides[row.design, row.repeat, row.fold]
        here = here[here["case"].isin(known[row.feature_set])] if subject.cohort.partial else here
        cases = here["case"] if row.inner_fold == 0 else here.loc[here["inner_fold"] != row.inner_fold, "case"]
        if row.n_cases <= len(cases) and hash_of(cases) != row.cases:
            where = f"{FITS}, {_words((row.design, row.repeat, row.fold))}, inner fold {row.inner_fold}"
            message = f"{row.step} was fitted on {row.n_cases} cases that are not the {len(cases)} of its split"
            found.append((where, message))
    return found


def _cases(table: pd.DataFrame) -> dict[Place, set[str]]:
    return {
        tuple(map(str, place)): set(part["case"].astype(str)) for place, part in table.groupby(PLACE, observed=True)
    }


def _words(place: Any) -> str:
    design, repeat, fold = place
    return f"{design}, repeat {repeat}, fold {fold}"
